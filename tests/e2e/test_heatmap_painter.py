"""The shader against NumPy: every pixel of matrices, differences and orders, in one texture and in many."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page

Array = npt.NDArray[Any]

FRONTEND = Path(__file__).parents[2] / "frontend"
LIMIT = 2.0
SPECIAL = {"nan": (255, 0, 255), "infinity": (0, 255, 255), "below": (0, 0, 255), "above": (0, 255, 0)}

BUILD = """
import { build } from "vite";
const [entry, outDir] = process.argv.slice(1);
const lib = { entry, formats: ["es"], fileName: () => "painter.js" };
await build({ configFile: false, logLevel: "error", build: { outDir, lib } });
"""

PAINT = """async (all) => {
  const painter = new Painter(() => {}, all[0].largestTile);
  const canvases = all.map(({ bits, minus, rows, columns, order, gates, size, view, limit, special }) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: size[0], height: size[1] });
    const cells = (list) => new Cells(rows, columns, Uint16Array.from(list));
    const ink = (color) => color.map((one) => one / 255);
    // The red of a colour tells its place in the map.
    const color = (place) => [place, 128, 128, 255];
    const colors = Uint8Array.from(Array.from({ length: 256 }, (_, place) => color(place)).flat());
    const list = (own) => own && Uint32Array.from(own);
    painter.paint(canvas, {
      cells: cells(bits),
      ...(minus && { minus: cells(minus) }),
      order: { rows: list(order.rows), columns: list(order.columns) },
      view: { left: view[0], top: view[1], width: view[2], height: view[3] },
      spans: Array.from({ length: gates }, () => ({ low: 0.1, high: limit })),
      isLog: false,
      isSequential: false,
      colors,
      inks: Object.fromEntries(Object.entries(special).map(([name, color]) => [name, ink(color)])),
    });
    return canvas;
  });
  // They are painted in the next microtask.
  await null;
  return canvases.map((one) => [...one.getContext("2d").getImageData(0, 0, one.width, one.height).data]);
}"""


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The painter alone, as a module."""
    folder = tmp_path_factory.mktemp("painter")
    command = ["node", "--input-type=module", "-e", BUILD, "test/painter_page.ts", str(folder)]
    subprocess.run(command, cwd=FRONTEND, check=True)
    return (folder / "painter.js").read_text()


@pytest.fixture
def painting(fresh_page: Page, painter: str) -> Page:
    fresh_page.add_script_tag(content=painter, type="module")
    fresh_page.wait_for_function("'Painter' in window")
    return fresh_page


def bfloat16(values: Array) -> Array:
    return values.astype(ml_dtypes.bfloat16)


def bits_of(values: Array) -> list[int]:
    return [int(one) for one in bfloat16(values).view(np.uint16).ravel()]


def wanted(values: Array, size: tuple[int, int], **facts: Any) -> dict[str, Any]:
    """What the page is asked to paint."""
    rows, columns = values.shape
    standard = {
        "bits": bits_of(values),
        "minus": None,
        "rows": rows,
        "columns": columns,
        "order": {"rows": None, "columns": None},
        "gates": 1,
        "size": size,
        "view": (0, 0, columns, rows),
        "limit": LIMIT,
        "largestTile": 4096,
        "special": SPECIAL,
    }
    return {**standard, **facts}


def painted_together(page: Page, all_wanted: list[dict[str, Any]]) -> list[Array]:
    """The pictures that one painter makes in one go, of shape (height, width, 4)."""
    found = page.evaluate(PAINT, json.loads(json.dumps(all_wanted)))
    return [
        np.array(picture, np.uint8).reshape(one["size"][1], one["size"][0], 4)
        for picture, one in zip(found, all_wanted, strict=True)
    ]


def painted(page: Page, values: Array, size: tuple[int, int], **facts: Any) -> Array:
    """The picture, of shape (height, width, 4)."""
    return painted_together(page, [wanted(values, size, **facts)])[0]


def assert_shows(picture: Array, values: Array) -> None:
    """Each pixel of a picture as large as its matrix has the colour of its number."""
    expected = [
        ("nan", np.isnan(values)),
        ("infinity", np.isinf(values)),
        ("below", np.isfinite(values) & (values < -LIMIT * 1.01)),
        ("above", np.isfinite(values) & (values > LIMIT * 1.01)),
    ]
    for name, where in expected:
        assert (picture[where][:, :3] == SPECIAL[name]).all(), name
    inside = np.isfinite(values) & (np.abs(values) <= LIMIT)
    places = (values[inside] / LIMIT * 0.5 + 0.5) * 255
    assert np.abs(picture[inside][:, 0] - places).max() <= 1
    assert (picture[inside][:, 1:3] == 128).all()


def odd_matrix(seed: int, shape: tuple[int, int]) -> Array:
    """Numbers inside of the range and past it, NaN and infinity."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=shape).astype(np.float32)
    for place, value in enumerate((np.nan, np.inf, -np.inf, 50.0, -50.0)):
        values[generator.integers(shape[0]), generator.integers(shape[1])] = value
        values[place % shape[0], -1] = value
    return bfloat16(values).astype(np.float32)


@pytest.mark.parametrize("largest_tile", [3, 5, 4096])
def test_every_number_is_in_its_place_however_the_matrix_is_cut(painting: Page, largest_tile: int) -> None:
    for seed, shape in enumerate(((7, 12), (1, 20), (11, 4))):
        values = odd_matrix(seed, shape)
        picture = painted(painting, values, shape[::-1], largestTile=largest_tile)
        assert_shows(picture, values)


def test_pictures_that_are_painted_together_are_kept_apart(painting: Page) -> None:
    # More than one sheet of them, and one that is taller than a sheet.
    shapes = [(7, 12), (900, 5), (1, 30), (1200, 3), (2100, 2), (4, 9)]
    all_values = [odd_matrix(seed, shape) for seed, shape in enumerate(shapes)]
    pictures = painted_together(painting, [wanted(values, values.shape[::-1]) for values in all_values])
    for picture, values in zip(pictures, all_values, strict=True):
        assert_shows(picture, values)


@pytest.mark.parametrize("largest_tile", [3, 4096])
def test_a_difference_is_that_of_the_numbers_and_has_the_nan_and_infinity_of_both(
    painting: Page, largest_tile: int
) -> None:
    one, other = odd_matrix(1, (7, 12)), odd_matrix(2, (7, 12))
    # Infinity minus infinity is shown as infinity, not as a NaN that was never there.
    one[3, 3] = other[3, 3] = np.inf
    with np.errstate(invalid="ignore"):
        difference = one - other
    difference[np.isinf(one) | np.isinf(other)] = np.inf
    difference[np.isnan(one) | np.isnan(other)] = np.nan
    picture = painted(painting, one, (12, 7), minus=bits_of(other), largestTile=largest_tile)
    assert_shows(picture, difference)


def test_what_is_equal_has_no_difference(painting: Page) -> None:
    values = np.random.default_rng(0).normal(size=(6, 8)).astype(np.float32)
    picture = painted(painting, values, (8, 6), minus=bits_of(values))
    assert_shows(picture, np.zeros((6, 8)))


@pytest.mark.parametrize("largest_tile", [3, 4096])
@pytest.mark.parametrize("is_difference", [False, True])
def test_an_order_moves_rows_and_the_units_of_each_gate(
    painting: Page, largest_tile: int, is_difference: bool
) -> None:
    generator = np.random.default_rng(5)
    gates, units, rows = 3, 7, 6
    one, other = (odd_matrix(seed, (rows, gates * units)) for seed in (3, 4))
    other[~np.isfinite(other)] = 0
    one[~np.isfinite(one)] = 1
    row_order, unit_order = generator.permutation(rows), generator.permutation(units)
    columns = np.concatenate([gate * units + unit_order for gate in range(gates)])
    shown = one - other if is_difference else one
    picture = painted(
        painting,
        one,
        (gates * units, rows),
        minus=bits_of(other) if is_difference else None,
        order={"rows": row_order.tolist(), "columns": unit_order.tolist()},
        gates=gates,
        largestTile=largest_tile,
    )
    assert_shows(picture, shown[row_order][:, columns])


def test_an_order_may_be_longer_than_one_row_of_a_texture(painting: Page) -> None:
    units = 5000
    values = np.linspace(-1.9, 1.9, units, dtype=np.float32)[np.newaxis]
    order = np.random.default_rng(1).permutation(units)
    facts: dict[str, Any] = {"order": {"rows": None, "columns": order.tolist()}, "largestTile": 1024}
    for left in (0, 2040, 4900):
        picture = painted(painting, values, (100, 1), view=(left, 0, 100, 1), **facts)
        assert_shows(picture, bfloat16(values).astype(np.float32)[:, order[left : left + 100]])


@pytest.mark.parametrize("largest_tile", [3, 5, 4096])
def test_a_pixel_that_covers_cells_of_several_tiles_shows_the_largest_of_all(
    painting: Page, largest_tile: int
) -> None:
    values = bfloat16(np.random.default_rng(7).normal(size=(12, 24)) / 2).astype(np.float32)
    order = np.random.default_rng(8).permutation(24)
    picture = painted(
        painting,
        values,
        (6, 4),
        order={"rows": None, "columns": order.tolist()},
        largestTile=largest_tile,
    )
    blocks = values[:, order].reshape(4, 3, 6, 4).transpose(0, 2, 1, 3).reshape(4, 6, 12)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., np.newaxis], -1)[..., 0]
    assert_shows(picture, largest)


def test_what_is_masked_in_either_is_not_painted(painting: Page) -> None:
    values = np.ones((2, 3), np.float32)
    masked, minus = bits_of(values), bits_of(values / 2)
    masked[1], minus[5] = 0xFFFF, 0xFFFF
    alpha = painted(painting, values, (3, 2), bits=masked, minus=minus)[..., 3]
    assert alpha.tolist() == [[255, 0, 255], [255, 255, 0]]


def test_another_size_is_refused(painting: Page) -> None:
    said = painting.evaluate(
        """() => {
          const cells = (rows) => new Cells(rows, 2, new Uint16Array(2 * rows));
          const picture = { cells: cells(2), minus: cells(3) };
          try {
            new Painter(() => {}).paint(document.createElement("canvas"), picture);
          } catch (error) {
            return String(error);
          }
        }"""
    )
    assert "only be taken from one of its own size" in said
