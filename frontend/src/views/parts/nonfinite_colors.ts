/** The colours of NaN and infinity, wherever they are shown: the chosen map of colours has none like them. */

import { computed } from "@preact/signals";
import { nonfiniteColorsOf } from "../../paint/color_maps";
import { colorMap } from "../../state/color_settings";

export const nonfiniteColors = computed(() => nonfiniteColorsOf(colorMap.value));
