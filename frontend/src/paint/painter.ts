/** Paints all heatmaps of the page with one WebGL context, since browsers keep only a few alive. */

import { LRUCache } from "lru-cache";
import type { Cells } from "../decode/cells";
import { COLOR_COUNT } from "./color_maps";
import { FRAGMENT_SHADER, MAX_GATES, VERTEX_SHADER } from "./shaders";
import { decades, type Span } from "./span";
import { type Tile, tiles } from "./tiles";

const MAX_TEXTURE_BYTES = 256 * 2 ** 20;

/** How a matrix is painted. Colours are three shares of 1: red, green, blue. */
export interface Picture {
  cells: Cells;
  /** The part that is shown, in cells. */
  view: { left: number; top: number; width: number; height: number };
  /** The magnitudes that the colours run between, a gate each. */
  spans: readonly Span[];
  /** Whether they run over decades. */
  isLog: boolean;
  /** Whether they run from zero, whatever the sign. */
  isSequential: boolean;
  /** `COLOR_COUNT` colours, four bytes each. */
  colors: Uint8Array;
  nan: readonly [number, number, number];
  infinity: readonly [number, number, number];
}

interface TileTexture extends Tile {
  texture: WebGLTexture;
}

/** The one painter of the page. */
export class Painter {
  readonly #canvas = document.createElement("canvas");
  readonly #gl: WebGL2RenderingContext;
  readonly #largestTile: number;
  readonly #uniforms = new Map<string, WebGLUniformLocation | null>();
  readonly #textures: LRUCache<Cells, TileTexture[]>;
  #program: WebGLProgram | null = null;
  #colors: WebGLTexture | null = null;

  /**
   * @param onRestored - Called when the browser had taken the context away and gave it back: all has to be
   * painted anew.
   * @param largestTile - The largest side of a texture; that of the browser unless given.
   * @throws {Error} if the browser has no WebGL2.
   */
  constructor(onRestored: () => void, largestTile = Number.POSITIVE_INFINITY) {
    const gl = this.#canvas.getContext("webgl2", { antialias: false, preserveDrawingBuffer: true });
    if (!gl) {
      throw new Error(
        "Heatmaps need WebGL 2, which this browser doesn't have or has switched off.",
      );
    }
    this.#gl = gl;
    this.#largestTile = Math.min(largestTile, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number);
    this.#textures = new LRUCache<Cells, TileTexture[]>({
      maxSize: MAX_TEXTURE_BYTES,
      sizeCalculation: (_, cells) => Math.max(1, cells.byteLength),
      dispose: (parts) => {
        for (const { texture } of parts) {
          gl.deleteTexture(texture);
        }
      },
    });
    this.#canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.#canvas.addEventListener("webglcontextrestored", () => {
      this.#textures.clear();
      this.#prepare();
      onRestored();
    });
    this.#prepare();
  }

  /** Paints a picture over all of a canvas, whose `width` and `height` are in the screen's own pixels. */
  paint(target: HTMLCanvasElement, picture: Picture): void {
    const { width, height } = target;
    const context = target.getContext("2d");
    if (!context || !width || !height || this.#gl.isContextLost()) {
      return;
    }
    this.#render(width, height, picture);
    context.clearRect(0, 0, width, height);
    const bottom = this.#canvas.height - height;
    context.drawImage(this.#canvas, 0, bottom, width, height, 0, 0, width, height);
  }

  #render(width: number, height: number, picture: Picture): void {
    const gl = this.#gl;
    const { cells, view, spans, isLog } = picture;
    // It only ever grows, so that pictures of different sizes don't make it anew each time.
    this.#canvas.width = Math.max(this.#canvas.width, width);
    this.#canvas.height = Math.max(this.#canvas.height, height);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(this.#program);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#colors);
    const { RGBA, UNSIGNED_BYTE } = gl;
    gl.texImage2D(gl.TEXTURE_2D, 0, RGBA, COLOR_COUNT, 1, 0, RGBA, UNSIGNED_BYTE, picture.colors);
    const gates = Array.from({ length: MAX_GATES }, (_, gate) => spans[gate]);
    gl.uniform1i(this.#uniform("u_bits"), 0);
    gl.uniform1i(this.#uniform("u_colors"), 1);
    gl.uniform2i(this.#uniform("u_size"), cells.columns, cells.rows);
    gl.uniform4f(this.#uniform("u_view"), view.left, view.top, view.width, view.height);
    gl.uniform2f(this.#uniform("u_canvas"), width, height);
    gl.uniform1i(this.#uniform("u_shift"), cells.bits instanceof Uint16Array ? 16 : 0);
    gl.uniform1i(this.#uniform("u_gates"), spans.length);
    gl.uniform1fv(
      this.#uniform("u_limits[0]"),
      gates.map((span) => span?.high ?? 1),
    );
    gl.uniform1fv(
      this.#uniform("u_decades[0]"),
      gates.map((span) => (isLog && span ? decades(span) : 0)),
    );
    gl.uniform1i(this.#uniform("u_sequential"), Number(picture.isSequential));
    gl.uniform3fv(this.#uniform("u_nan"), picture.nan);
    gl.uniform3fv(this.#uniform("u_infinity"), picture.infinity);
    for (const tile of this.#tilesOf(cells)) {
      gl.activeTexture(gl.TEXTURE0);
      gl.bindTexture(gl.TEXTURE_2D, tile.texture);
      gl.uniform4i(this.#uniform("u_tile"), tile.column, tile.row, tile.columns, tile.rows);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
  }

  #tilesOf(cells: Cells): TileTexture[] {
    const known = this.#textures.get(cells);
    if (known) {
      return known;
    }
    const found = tiles(cells.rows, cells.columns, this.#largestTile).map((tile) => ({
      ...tile,
      texture: this.#upload(cells, tile),
    }));
    this.#textures.set(cells, found);
    return found;
  }

  #upload(cells: Cells, tile: Tile): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, cells.columns);
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, tile.column);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, tile.row);
    const [format, type] =
      cells.bits instanceof Uint16Array
        ? [gl.R16UI, gl.UNSIGNED_SHORT]
        : [gl.R32UI, gl.UNSIGNED_INT];
    const { columns, rows } = tile;
    gl.texImage2D(gl.TEXTURE_2D, 0, format, columns, rows, 0, gl.RED_INTEGER, type, cells.bits);
    for (const parameter of [gl.UNPACK_ROW_LENGTH, gl.UNPACK_SKIP_PIXELS, gl.UNPACK_SKIP_ROWS]) {
      gl.pixelStorei(parameter, 0);
    }
    return texture;
  }

  #prepare(): void {
    const gl = this.#gl;
    const program = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, VERTEX_SHADER],
      [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
    ] as const) {
      const shader = gl.createShader(type) as WebGLShader;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(
        `Heatmaps can't be painted by this browser: ${gl.getProgramInfoLog(program)}`,
      );
    }
    this.#program = program;
    this.#uniforms.clear();
    this.#colors = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.#colors);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  }

  #uniform(name: string): WebGLUniformLocation | null {
    if (!this.#uniforms.has(name) && this.#program) {
      this.#uniforms.set(name, this.#gl.getUniformLocation(this.#program, name));
    }
    return this.#uniforms.get(name) ?? null;
  }
}
