/** THE table of what the address holds of the tab's state: all that a person chose, so that a link opens the same view. */

import type { Signal } from "@preact/signals";
import { effect } from "@preact/signals";
import { rankedBy } from "./changes";
import { closedCards } from "./closed_cards";
import {
  absoluteValue,
  colorMap,
  colorRange,
  colorScale,
  colorScope,
  colorSteps,
  manualLimit,
} from "./color_settings";
import { chosenStatistic, glanceOrder, glanceScope } from "./glance";
import {
  axesScope,
  binCount,
  histogramHeight,
  histogramScale,
  histogramView,
  ridgesRun,
} from "./histogram_settings";
import { wishes } from "./meetings";
import { chosenPin } from "./pinned_unit";
import { speed } from "./playback";
import { chosenReference } from "./reference";
import { showRunFacts } from "./run_facts";
import { runOrder } from "./run_order";
import {
  chosenKind,
  chosenPlace,
  chosenRuns,
  chosenStep,
  filter,
  heldSteps,
  layerFilter,
  openMatrix,
} from "./selection";
import { thresholds } from "./thresholds";
import { timelineRange, timelineScale } from "./timeline_settings";
import { heatmapOrder } from "./unit_order";
import { showBias, unitOrder } from "./unit_settings";
import { zoom } from "./zoom";

/** One thing that a person can choose. */
interface Field {
  /** Its value as text; null while it is the default. */
  write: () => string | null;
  /** Takes a value from a text, which may be anything. */
  read: (text: string) => void;
}

const FIELDS: Readonly<Record<string, Field>> = {
  filter: textField(filter),
  runs: mapField(chosenRuns),
  arranged: jsonField(runOrder),
  facts: jsonField(showRunFacts),
  layers: textField(layerFilter),
  kind: jsonField(chosenKind),
  layer: jsonField(chosenPlace),
  matrix: textField(openMatrix),
  step: jsonField(chosenStep),
  held: mapField(heldSteps),
  thresholds: mapField(thresholds),
  speed: jsonField(speed),
  pairs: jsonField(wishes),
  compare: jsonField(chosenReference),
  ranked: textField(rankedBy),
  zoom: jsonField(zoom),
  closed: setField(closedCards),
  statistic: textField(chosenStatistic),
  rows: textField(glanceOrder),
  glance: textField(glanceScope),
  colors: textField(colorMap),
  mapping: textField(colorScale),
  scope: textField(colorScope),
  range: textField(colorRange),
  steps: textField(colorSteps),
  limit: jsonField(manualLimit),
  absolute: jsonField(absoluteValue),
  bias: jsonField(showBias),
  units: textField(unitOrder),
  axes: textField(axesScope),
  scale: textField(histogramScale),
  bins: jsonField(binCount),
  timelines: textField(timelineScale),
  histograms: textField(histogramView),
  heights: textField(histogramHeight),
  ridges: jsonField(ridgesRun),
  brushed: jsonField(timelineRange),
  order: textField(heatmapOrder),
  pin: jsonField(chosenPin),
};

/** What a person chose, by the names in the address. */
export function stateInAddress(): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, { write }] of Object.entries(FIELDS)) {
    const text = write();
    if (text !== null) {
      found.set(name, text);
    }
  }
  return found;
}

/** Chooses again what an address holds; what it holds of another version, or by mistake, is passed over. */
export function restoreState(values: ReadonlyMap<string, string>): void {
  for (const [name, text] of values) {
    if (Object.hasOwn(FIELDS, name)) {
      FIELDS[name]?.read(text);
    }
  }
}

/** Calls back with what a person chose, some time after each change. */
export function onStateChange(
  callback: (values: ReadonlyMap<string, string>) => void,
  delay: number,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  effect(() => {
    const values = stateInAddress();
    clearTimeout(timer);
    if (!isFirst) {
      timer = setTimeout(() => callback(values), delay);
    }
    isFirst = false;
  });
}

function textField<T extends string>(own: Signal<T>): Field {
  const initial = own.peek();
  return {
    write: () => (own.value === initial ? null : own.value),
    read: (text) => {
      own.value = text as T;
    },
  };
}

function jsonField<T>(own: Signal<T>): Field {
  const initial = JSON.stringify(own.peek());
  const isAlike = sameShape(own.peek());
  return {
    write: () => {
      const text = JSON.stringify(own.value);
      return text === initial ? null : text;
    },
    read: (text) => {
      const value = parsed(text);
      if (value !== undefined && isAlike(value)) {
        own.value = value as T;
      }
    },
  };
}

function mapField<V>(own: Signal<ReadonlyMap<string, V>>): Field {
  return {
    write: () => (own.value.size === 0 ? null : JSON.stringify([...own.value])),
    read: (text) => {
      const value = parsed(text);
      if (Array.isArray(value) && value.every((one) => Array.isArray(one) && one.length === 2)) {
        own.value = new Map(value as [string, V][]);
      }
    },
  };
}

function setField(own: Signal<ReadonlySet<string>>): Field {
  return {
    write: () => (own.value.size === 0 ? null : JSON.stringify([...own.value])),
    read: (text) => {
      const value = parsed(text);
      if (Array.isArray(value)) {
        own.value = new Set(value.filter((one) => typeof one === "string"));
      }
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is one of the same kind as another; what was null at first may become anything. */
function sameShape(initial: unknown): (value: unknown) => boolean {
  return (value) =>
    initial === null ||
    (typeof value === typeof initial &&
      Array.isArray(value) === Array.isArray(initial) &&
      value !== null);
}
