import fc from "fast-check";
import { expect, test } from "vitest";
import {
  MAX_SCALE,
  movedBy,
  showing,
  WHOLE,
  type Zoom,
  zoomedAt,
  zoomedToBox,
} from "../src/state/zoom";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const place = fc.record({ x: share, y: share });
const factor = fc.double({ min: 0.1, max: 10, noNaN: true });
const zoomed = fc
  .tuple(fc.array(fc.tuple(factor, place), { maxLength: 4 }))
  .map(([all]) => all.reduce((zoom: Zoom, [by, at]) => zoomedAt(zoom, by, at), WHOLE));

function expectInside({ scale, x, y }: Zoom): void {
  expect(scale).toBeGreaterThanOrEqual(1);
  expect(scale).toBeLessThanOrEqual(MAX_SCALE);
  for (const from of [x, y]) {
    expect(from).toBeGreaterThanOrEqual(0);
    expect(from + 1 / scale).toBeLessThanOrEqual(1 + 1e-9);
  }
}

test("no part reaches past the matrix", () => {
  fc.assert(
    fc.property(zoomed, factor, place, place, (zoom, by, one, other) => {
      expectInside(zoomedAt(zoom, by, one));
      expectInside(movedBy(zoom, one));
      expectInside(zoomedToBox(zoom, one, other));
      expectInside(showing(zoom, one));
    }),
  );
});

test("what was at a place stays there while it is zoomed in", () => {
  fc.assert(
    fc.property(zoomed, fc.double({ min: 1, max: 4, noNaN: true }), place, (zoom, by, at) => {
      const found = zoomedAt(zoom, by, at);
      expect(found.x + at.x / found.scale).toBeCloseTo(zoom.x + at.x / zoom.scale, 9);
      expect(found.y + at.y / found.scale).toBeCloseTo(zoom.y + at.y / zoom.scale, 9);
    }),
  );
});

test("a box is seen as a whole, and fills one side", () => {
  fc.assert(
    fc.property(zoomed, place, place, (zoom, one, other) => {
      const found = zoomedToBox(zoom, one, other);
      const size = Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y)) / zoom.scale;
      expect(1 / found.scale).toBeGreaterThanOrEqual(Math.min(size, 1) - 1e-9);
      for (const corner of [one, other]) {
        const x = zoom.x + corner.x / zoom.scale;
        expect(x).toBeGreaterThanOrEqual(found.x - 1e-9);
        expect(x).toBeLessThanOrEqual(found.x + 1 / found.scale + 1e-9);
      }
    }),
  );
  expect(zoomedToBox(WHOLE, { x: 0.5, y: 0.5 }, { x: 0.75, y: 0.6 }).scale).toBeCloseTo(4);
});

test("a place that is seen already moves nothing; another one is brought in from its side", () => {
  const zoom = { scale: 4, x: 0.5, y: 0.5 };
  expect(showing(zoom, { x: 0.6, y: 0.7 })).toEqual(zoom);
  expect(showing(zoom, { x: 0.9, y: 0.1 })).toEqual({ scale: 4, x: 0.65, y: 0.1 });
});
