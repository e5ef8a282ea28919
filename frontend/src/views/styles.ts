/** All style sheets, as one text: what is shared comes first. */

import app from "./app.css?inline";
import compare from "./compare/compare.css?inline";
import findings from "./findings/findings.css?inline";
import glance from "./glance/glance.css?inline";
import header from "./header/header.css?inline";
import heatmaps from "./heatmaps/heatmaps.css?inline";
import help from "./help/help.css?inline";
import histograms from "./histograms/histograms.css?inline";
import notices from "./notices/notices.css?inline";
import base from "./parts/base.css?inline";
import charts from "./parts/charts.css?inline";
import saturation from "./saturation/saturation.css?inline";
import sidebar from "./sidebar/sidebar.css?inline";
import spectrum from "./spectrum/spectrum.css?inline";
import units from "./units/units.css?inline";
import weightGradient from "./weight_gradient/weight_gradient.css?inline";

export const STYLES = [
  base,
  charts,
  header,
  sidebar,
  glance,
  compare,
  findings,
  notices,
  help,
  heatmaps,
  histograms,
  saturation,
  units,
  spectrum,
  weightGradient,
  app,
].join("\n");
