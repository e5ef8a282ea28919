/** Paints all heatmaps of the page with one WebGL context, since browsers keep only a few alive. */

import { LRUCache } from "lru-cache";
import type { Cells } from "../decode/cells";
import { COLOR_COUNT } from "./color_maps";
import { FRAGMENT_SHADER, MAX_GATES, ORDER_WIDTH, VERTEX_SHADER } from "./shaders";
import { type Sheet, sheetsOf } from "./sheets";
import { decades, type Span } from "./span";
import { type TileGrid, tileGrid, tilesOf } from "./tiles";

const MAX_TEXTURE_BYTES = 256 * 2 ** 20;
const MAX_ORDERS = 64;

/** Stands for an order where there is none. */
const AS_STORED = Uint32Array.of(0);

/** A colour as three shares of 1: red, green, blue. */
export type Ink = readonly [number, number, number];

/** In which order rows and columns stand: the stored number of each place; null as they are stored. */
export interface Order {
  rows: Uint32Array<ArrayBuffer> | null;
  /** Of one gate: the same in all of them. */
  columns: Uint32Array<ArrayBuffer> | null;
}

/** How a matrix is painted. */
export interface Picture {
  cells: Cells;
  /** What is taken from them: of the same size. */
  minus?: Cells;
  order?: Order;
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
  inks: Inks;
}

/** The colours of what the colours of a map are not for. */
export interface Inks {
  nan: Ink;
  infinity: Ink;
  /** Past the negative end of the colours, and past the positive one. */
  below: Ink;
  above: Ink;
}

/** The texture units of all that the shader reads. */
const UNITS = { bits: 0, minus: 1, rowOrder: 2, columnOrder: 3, colors: 4 } as const;

interface TiledTexture {
  texture: WebGLTexture;
  grid: TileGrid;
}

/** A picture, and the canvas that it is for. */
interface Wanted {
  target: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  picture: Picture;
}

/** The one painter of the page. */
export class Painter {
  readonly #canvas = document.createElement("canvas");
  readonly #gl: WebGL2RenderingContext;
  readonly #largestTile: number;
  readonly #uniforms = new Map<string, WebGLUniformLocation | null>();
  readonly #textures: LRUCache<Cells, TiledTexture>;
  readonly #orders: LRUCache<Uint32Array<ArrayBuffer>, WebGLTexture>;
  readonly #waiting = new Map<HTMLCanvasElement, Picture>();
  /** The texture of each unit. */
  readonly #bound = new Map<number, WebGLTexture | null>();
  #program: WebGLProgram | null = null;
  #colors: WebGLTexture | null = null;
  #uploadedColors: Uint8Array | null = null;
  #setInks: Inks | null = null;
  readonly #limits = new Float32Array(MAX_GATES);
  readonly #decades = new Float32Array(MAX_GATES);

  /**
   * @param onRestored - Called when the browser had taken the context away and gave it back: all has to be
   * painted again.
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
    this.#textures = new LRUCache<Cells, TiledTexture>({
      maxSize: MAX_TEXTURE_BYTES,
      sizeCalculation: (_, cells) => Math.max(1, cells.byteLength),
      dispose: ({ texture }) => gl.deleteTexture(texture),
    });
    this.#orders = new LRUCache<Uint32Array<ArrayBuffer>, WebGLTexture>({
      max: MAX_ORDERS,
      dispose: (texture) => gl.deleteTexture(texture),
    });
    this.#canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.#canvas.addEventListener("webglcontextrestored", () => {
      this.#textures.clear();
      this.#orders.clear();
      this.#prepare();
      onRestored();
    });
    this.#prepare();
  }

  /**
   * Paints a picture over all of a canvas, whose `width` and `height` are in the screen's own pixels.
   *
   * It does so in the next microtask, with all others that are wanted by then: what takes time is to copy
   * from the painter's canvas each time that it has changed.
   *
   * @throws {RangeError} if what is taken from the cells is of another size.
   */
  paint(target: HTMLCanvasElement, picture: Picture): void {
    const { cells, minus } = picture;
    if (minus && (minus.rows !== cells.rows || minus.columns !== cells.columns)) {
      throw new RangeError("a matrix can only be taken from one of its own size");
    }
    if (this.#waiting.size === 0) {
      queueMicrotask(() => this.#paintWaiting());
    }
    this.#waiting.set(target, picture);
  }

  #paintWaiting(): void {
    const wanted = [...this.#waiting].flatMap(([target, picture]): Wanted[] => {
      const context = target.getContext("2d");
      return context && target.width && target.height ? [{ target, context, picture }] : [];
    });
    this.#waiting.clear();
    if (!this.#gl.isContextLost()) {
      for (const sheet of sheetsOf(wanted, ({ target }) => target)) {
        this.#paintSheet(sheet);
      }
    }
  }

  #paintSheet({ placed, width, height }: Sheet<Wanted>): void {
    const canvas = this.#canvas;
    // It only ever grows, so that pictures of different sizes don't make it again each time.
    if (canvas.width < width || canvas.height < height) {
      canvas.width = Math.max(canvas.width, width);
      canvas.height = Math.max(canvas.height, height);
    }
    this.#gl.useProgram(this.#program);
    for (const { item, bottom } of placed) {
      this.#render(item, bottom);
    }
    for (const { item, bottom } of placed) {
      const { width: across, height: down } = item.target;
      const top = canvas.height - bottom - down;
      item.context.globalCompositeOperation = "copy";
      item.context.drawImage(canvas, 0, top, across, down, 0, 0, across, down);
    }
  }

  #render({ target: { width, height }, picture }: Wanted, bottom: number): void {
    const gl = this.#gl;
    // All pixels are painted anew, the see-through ones too: there is nothing to clear.
    gl.viewport(0, bottom, width, height);
    this.#setCells(picture);
    this.#setOrder(picture);
    this.#setColors(picture);
    const { view } = picture;
    gl.uniform4f(this.#uniform("u_view"), view.left, view.top, view.width, view.height);
    gl.uniform3f(this.#uniform("u_canvas"), width, height, bottom);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  #setCells({ cells, minus }: Picture): void {
    const gl = this.#gl;
    const { texture, grid } = this.#textureOf(cells);
    const taken = this.#textureOf(minus ?? cells).texture;
    // Only now: whatever is uploaded is bound as well.
    this.#use(UNITS.bits, gl.TEXTURE_2D_ARRAY, texture);
    this.#use(UNITS.minus, gl.TEXTURE_2D_ARRAY, taken);
    gl.uniform1i(this.#uniform("u_is_difference"), Number(minus !== undefined));
    gl.uniform2i(this.#uniform("u_size"), cells.columns, cells.rows);
    gl.uniform3i(this.#uniform("u_grid"), grid.columns, grid.rows, grid.across);
    gl.uniform2i(this.#uniform("u_shift"), cells.shift, (minus ?? cells).shift);
  }

  #setOrder({ order }: Picture): void {
    const gl = this.#gl;
    const { rows = null, columns = null } = order ?? {};
    const rowOrder = this.#orderTexture(rows ?? AS_STORED);
    const columnOrder = this.#orderTexture(columns ?? AS_STORED);
    this.#use(UNITS.rowOrder, gl.TEXTURE_2D, rowOrder);
    this.#use(UNITS.columnOrder, gl.TEXTURE_2D, columnOrder);
    gl.uniform2i(this.#uniform("u_is_ordered"), Number(columns !== null), Number(rows !== null));
  }

  #setColors({ colors, inks, spans, isLog, isSequential }: Picture): void {
    const gl = this.#gl;
    if (colors !== this.#uploadedColors) {
      this.#bind(UNITS.colors, gl.TEXTURE_2D, this.#colors);
      const { RGBA, UNSIGNED_BYTE } = gl;
      gl.texImage2D(gl.TEXTURE_2D, 0, RGBA, COLOR_COUNT, 1, 0, RGBA, UNSIGNED_BYTE, colors);
      this.#uploadedColors = colors;
    }
    for (let gate = 0; gate < MAX_GATES; gate += 1) {
      const span = spans[gate];
      this.#limits[gate] = span?.high ?? 1;
      this.#decades[gate] = isLog && span ? decades(span) : 0;
    }
    gl.uniform1i(this.#uniform("u_gates"), spans.length);
    gl.uniform1fv(this.#uniform("u_limits[0]"), this.#limits);
    gl.uniform1fv(this.#uniform("u_decades[0]"), this.#decades);
    gl.uniform1i(this.#uniform("u_sequential"), Number(isSequential));
    if (inks !== this.#setInks) {
      for (const [name, ink] of Object.entries(inks)) {
        gl.uniform3fv(this.#uniform(`u_${name}`), ink);
      }
      this.#setInks = inks;
    }
  }

  /** Makes a texture that of a unit, and the unit the active one. */
  #bind(unit: number, target: GLenum, texture: WebGLTexture | null): void {
    this.#gl.activeTexture(this.#gl.TEXTURE0 + unit);
    this.#gl.bindTexture(target, texture);
    this.#bound.set(unit, texture);
  }

  /** The same, where the unit need not be active: most pictures share most textures. */
  #use(unit: number, target: GLenum, texture: WebGLTexture | null): void {
    if (this.#bound.get(unit) !== texture) {
      this.#bind(unit, target, texture);
    }
  }

  #textureOf(cells: Cells): TiledTexture {
    const known = this.#textures.get(cells);
    if (known) {
      return known;
    }
    const grid = tileGrid(cells.rows, cells.columns, this.#largestTile);
    const found = { grid, texture: this.#upload(cells, grid) };
    this.#textures.set(cells, found);
    return found;
  }

  /** A layer a tile, so that one pixel can look at cells of several. */
  #upload(cells: Cells, grid: TileGrid): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    this.#bind(UNITS.bits, gl.TEXTURE_2D_ARRAY, texture);
    setNearest(gl, gl.TEXTURE_2D_ARRAY);
    const [format, type] =
      cells.bits instanceof Uint16Array
        ? [gl.R16UI, gl.UNSIGNED_SHORT]
        : [gl.R32UI, gl.UNSIGNED_INT];
    const layers = grid.across * grid.down;
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, format, grid.columns, grid.rows, layers);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, cells.columns);
    for (const [layer, tile] of tilesOf(grid, cells.rows, cells.columns).entries()) {
      const { column, row, columns, rows } = tile;
      const place = [0, 0, 0, layer, columns, rows, 1] as const;
      // Where the tile begins in the matrix: told as an offset, since some browsers check skipped pixels too strictly.
      const start = row * cells.columns + column;
      const bits = cells.bits;
      gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, ...place, gl.RED_INTEGER, type, bits, start);
    }
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
    return texture;
  }

  #orderTexture(order: Uint32Array<ArrayBuffer>): WebGLTexture {
    const known = this.#orders.get(order);
    if (known) {
      return known;
    }
    const gl = this.#gl;
    const texture = gl.createTexture();
    this.#bind(UNITS.rowOrder, gl.TEXTURE_2D, texture);
    setNearest(gl, gl.TEXTURE_2D);
    const height = Math.ceil(order.length / ORDER_WIDTH);
    const filled = new Uint32Array(ORDER_WIDTH * height);
    filled.set(order);
    const { R32UI, RED_INTEGER, UNSIGNED_INT } = gl;
    gl.texImage2D(
      gl.TEXTURE_2D,
      0,
      R32UI,
      ORDER_WIDTH,
      height,
      0,
      RED_INTEGER,
      UNSIGNED_INT,
      filled,
    );
    this.#orders.set(order, texture);
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
    this.#bound.clear();
    this.#colors = gl.createTexture();
    this.#uploadedColors = null;
    this.#setInks = null;
    this.#bind(UNITS.colors, gl.TEXTURE_2D, this.#colors);
    setNearest(gl, gl.TEXTURE_2D);
    gl.useProgram(program);
    gl.uniform1i(this.#uniform("u_bits"), UNITS.bits);
    gl.uniform1i(this.#uniform("u_minus"), UNITS.minus);
    gl.uniform1i(this.#uniform("u_row_order"), UNITS.rowOrder);
    gl.uniform1i(this.#uniform("u_column_order"), UNITS.columnOrder);
    gl.uniform1i(this.#uniform("u_colors"), UNITS.colors);
  }

  #uniform(name: string): WebGLUniformLocation | null {
    if (!this.#uniforms.has(name) && this.#program) {
      this.#uniforms.set(name, this.#gl.getUniformLocation(this.#program, name));
    }
    return this.#uniforms.get(name) ?? null;
  }
}

/** Numbers can't be mixed with those beside them. */
function setNearest(gl: WebGL2RenderingContext, target: GLenum): void {
  gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}
