/** What the browser test of the painter puts on a page of its own: see `tests/e2e/test_heatmap_painter.py`. */

import { Cells } from "../src/decode/cells";
import { Painter } from "../src/paint/painter";

Object.assign(globalThis, { Cells, Painter });
