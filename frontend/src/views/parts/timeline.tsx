/** One statistic of one gate over the steps, a line or a band a run. */

import { extent } from "d3-array";
import { area, line } from "d3-shape";
import { useMemo } from "preact/hooks";
import { nearestIndex } from "../../state/steps";
import { dashesOf } from "./dashes";
import { NonfiniteMarks, type Stretch, stretchesOf } from "./nonfinite_marks";
import { RunName } from "./run_name";
import { type PlotScales, StepPlot } from "./step_plot";
import type { StepRange } from "./step_scale";
import type { TimelineLine, TimelinePoint } from "./timeline_lines";
import { timelineStatistic } from "./timeline_statistics";
import { verticalAxis } from "./vertical_axis";
import { brief, gateOf } from "./words";

const HEIGHT = 96;
const TICKS = 4;
/** More bands over each other are mud: their ends alone are drawn. */
const MOST_FILLED = 3;

interface Properties {
  gate: string;
  matrix: string;
  statistic: string;
  lines: readonly TimelineLine[];
  /** All values that the vertical axis has to reach. */
  all: readonly number[];
  /** Whether it is logarithmic. */
  isLog: boolean;
}

export function Timeline({ gate, matrix, statistic, lines, all, isLog }: Properties) {
  const axis = useMemo(() => verticalAxis(all, isLog, TICKS), [all, isLog]);
  const own = useMemo(() => endsOfSteps(lines), [lines]);
  const { label } = timelineStatistic(statistic);
  return (
    <StepPlot
      name="timeline"
      data={{
        "data-gate": gate,
        "data-statistic": statistic,
        "data-log": isLog && all.some((value) => Number.isFinite(value) && value !== 0),
      }}
      label={`${label} of the ${gateOf(gate, matrix)} over the steps`}
      height={HEIGHT}
      axis={axis}
      own={own}
      runs={lines}
      isEmpty={own === null}
      draw={(scales) => <Lines lines={lines} scales={scales} />}
      read={(step) =>
        lines.map(({ run, color, points }) => (
          <span key={run}>
            <i class="swatch" style={{ "--run": color }} />
            {reading(points, step)} {lines.length > 1 && <RunName run={run} />}
          </span>
        ))
      }
    />
  );
}

function endsOfSteps(lines: readonly TimelineLine[]): StepRange | null {
  const [first, last] = extent(lines.flatMap(({ points }) => points.map(({ step }) => step)));
  return first === undefined || last === undefined ? null : [first, last];
}

function Lines({
  lines,
  scales: { x, y },
}: {
  lines: readonly TimelineLine[];
  scales: PlotScales;
}) {
  const drawn = useMemo(
    () => drawnLines(lines, { x, y }),
    [lines, y, ...x.domain(), ...x.range(), ...y.range()],
  );
  const dashes = dashesOf(drawn.map(({ d }) => d));
  return (
    <>
      {drawn.map(({ run, color, d, filled }, number) => (
        <g key={run} style={{ "--run": color }}>
          {drawn.length <= MOST_FILLED && filled !== "" && <path class="filled" d={filled} />}
          <path
            class="outline"
            d={d}
            stroke-dasharray={dashes[number]?.pattern}
            stroke-dashoffset={dashes[number]?.offset}
          />
        </g>
      ))}
      <NonfiniteMarks lines={drawn} x={x} bottom={y.range()[0] as number} />
    </>
  );
}

interface DrawnLine {
  run: string;
  color: string;
  d: string;
  /** What a band fills; nothing where it is a line. */
  filled: string;
  stretches: Stretch[];
}

function drawnLines(lines: readonly TimelineLine[], { x, y }: PlotScales): DrawnLine[] {
  const isDrawn = ({ value, low }: TimelinePoint) => Number.isFinite(value) && Number.isFinite(low);
  const at = ({ step }: TimelinePoint) => x(step);
  const upper = line<TimelinePoint>(at, ({ value }) => y(value)).defined(isDrawn);
  const lower = line<TimelinePoint>(at, ({ low }) => y(low)).defined(isDrawn);
  const between = area<TimelinePoint>(
    at,
    ({ low }) => y(low),
    ({ value }) => y(value),
  ).defined(isDrawn);
  return lines.map(({ run, color, points }) => {
    const isBand = points.some((point) => isDrawn(point) && point.value !== point.low);
    return {
      run,
      color,
      d: (upper(points) ?? "") + (isBand ? (lower(points) ?? "") : ""),
      filled: isBand ? (between(points) ?? "") : "",
      stretches: stretchesOf(points),
    };
  });
}

/** What stands for a number that is none. */
const MARK_WORDS = { nan: "NaN", infinity: "infinity" } as const;

function reading(points: readonly TimelinePoint[], step: number): string {
  const place = nearestIndex(
    points.map((point) => point.step),
    step,
  );
  const point = points[place];
  if (!point) {
    return "none";
  }
  const { value, low, mark } = point;
  const number = value === low ? brief(value) : `${brief(low)} … ${brief(value)}`;
  const text = Number.isFinite(value) ? number : "no number";
  return mark ? `${text}, ${MARK_WORDS[mark]}` : text;
}
