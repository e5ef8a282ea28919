/** Whether the mean over the probe's batch is looked at, or one of its samples. */

import { choosePlane, plane, planes } from "../../state/planes";
import { Segments } from "../parts/segments";

export function PlaneChoice() {
  const all = planes.value;
  return all.length < 2 ? null : (
    <Segments
      label="What of the batch"
      name="plane"
      options={all.map((name) => [name, name])}
      value={plane.value}
      onChoose={choosePlane}
    />
  );
}
