/** From bits to colours, for each pixel of a heatmap. */

/** How many gates a matrix may have. */
export const MAX_GATES = 16;

/** How wide the textures are that hold orders of rows and columns: as wide as any WebGL 2 can have them. */
export const ORDER_WIDTH = 2048;

/** How many rows and how many columns of cells one pixel looks at, at most; of more, it looks at every second, third ... */
const MAX_CELLS_A_SIDE = 24;

/** How much a number of 16 bits may lie past the end that it was rounded over, and still counts as the end. */
const ROUNDING = { half: 1 / 256, whole: 1e-6 };

export const VERTEX_SHADER = `#version 300 es
void main() {
  // One triangle that covers everything.
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
precision highp usampler2DArray;

uniform usampler2DArray u_bits;  // the matrix, a layer a tile
uniform usampler2DArray u_minus; // what is taken from it, of the same size
uniform bool u_is_difference;
uniform ivec3 u_grid;            // columns and rows of a tile, and how many tiles stand side by side
uniform ivec2 u_shift;           // of both matrices: 16 where the bits are bfloat16
uniform usampler2D u_row_order;  // which stored row stands in each place
uniform usampler2D u_column_order; // which stored column of a gate does
uniform bvec2 u_is_ordered;      // whether the columns are in such an order, and the rows
uniform sampler2D u_colors;
uniform ivec2 u_size;            // columns and rows of the matrix
uniform vec4 u_view;             // left, top, width, height of the part that is shown, in cells
uniform vec3 u_canvas;           // width and height of the picture, and how far up it stands, in pixels
uniform int u_gates;
uniform float u_limits[${MAX_GATES}];   // the magnitude at the end of the colours
uniform float u_decades[${MAX_GATES}];  // over how many decades they run; 0 where they are linear
uniform bool u_sequential;
uniform vec3 u_nan;
uniform vec3 u_infinity;
uniform vec3 u_below;            // what lies past the two ends of the colours
uniform vec3 u_above;
out vec4 color;

const uint INFINITY = 0x7f800000u;
const uint NAN = 0x7fc00000u;
const uint MASKED = 0xffffffffu;
const float LARGEST = 3.4028234e38;
const float DECADE = log2(10.0);

int ordered(usampler2D order, int place) {
  return int(texelFetch(order, ivec2(place % ${ORDER_WIDTH}, place / ${ORDER_WIDTH}), 0).r);
}

// The stored cell that stands in a place of the picture.
ivec2 stored(ivec2 place) {
  if (u_is_ordered.x) {
    int columns = u_size.x / u_gates;
    int gate = place.x / columns;
    place.x = gate * columns + ordered(u_column_order, place.x - gate * columns);
  }
  if (u_is_ordered.y) { place.y = ordered(u_row_order, place.y); }
  return place;
}

uint bitsOf(usampler2DArray matrix, ivec2 cell, int shift) {
  ivec2 tile = cell / u_grid.xy;
  uint bits = texelFetch(matrix, ivec3(cell - tile * u_grid.xy, tile.y * u_grid.z + tile.x), 0).r;
  // All bits set: masked, however many there are.
  return bits == MASKED >> shift ? MASKED : bits << shift;
}

bool isNan(uint bits) { return (bits & 0x7fffffffu) > INFINITY; }
bool isInfinite(uint bits) { return (bits & 0x7fffffffu) == INFINITY; }

// The difference of two cells; NaN and infinity of either are shown as such. They are told by their bits, since
// not all machines calculate with them.
uint difference(uint one, uint other) {
  if (one == MASKED || other == MASKED) { return MASKED; }
  if (isNan(one) || isNan(other)) { return NAN; }
  if (isInfinite(one) || isInfinite(other)) { return INFINITY; }
  float found = uintBitsToFloat(one) - uintBitsToFloat(other);
  return floatBitsToUint(clamp(found, -LARGEST, LARGEST));
}

void main() {
  // gl_FragCoord counts from the bottom.
  vec2 pixel = vec2(gl_FragCoord.x - 0.5, u_canvas.y + u_canvas.z - gl_FragCoord.y - 0.5);
  vec2 from = u_view.xy + pixel / u_canvas.xy * u_view.zw;
  vec2 to = u_view.xy + (pixel + 1.0) / u_canvas.xy * u_view.zw;
  // The cells whose middle the pixel covers; where cells are larger than pixels, the one under it.
  ivec2 first = ivec2(ceil(from - 0.5));
  ivec2 last = ivec2(ceil(to - 0.5)) - 1;
  ivec2 under = ivec2(floor((from + to) * 0.5));
  if (last.x < first.x) { first.x = last.x = under.x; }
  if (last.y < first.y) { first.y = last.y = under.y; }
  first = clamp(first, ivec2(0), u_size - 1);
  last = clamp(last, first, u_size - 1);
  ivec2 stride = (last - first) / ${MAX_CELLS_A_SIDE} + 1;

  bool found = false;
  uint largest = 0u;
  int column = first.x;
  for (int y = first.y; y <= last.y; y += stride.y) {
    for (int x = first.x; x <= last.x; x += stride.x) {
      ivec2 cell = stored(ivec2(x, y));
      uint bits = bitsOf(u_bits, cell, u_shift.x);
      if (u_is_difference) { bits = difference(bits, bitsOf(u_minus, cell, u_shift.y)); }
      if (bits == MASKED) { continue; }
      // Without the sign, larger bits are larger magnitudes, and NaN is above all of them.
      if (!found || (bits << 1) > (largest << 1)) { largest = bits; column = x; }
      found = true;
    }
  }
  // Nothing but masked cells: there is nothing to paint.
  if (!found) { color = vec4(0.0); return; }

  if (isNan(largest)) { color = vec4(u_nan, 1.0); return; }
  if (isInfinite(largest)) { color = vec4(u_infinity, 1.0); return; }
  int gate = clamp(column * u_gates / u_size.x, 0, u_gates - 1);
  float share = uintBitsToFloat(largest) / u_limits[gate];
  float rounding = u_shift.x == 16 || u_shift.y == 16 ? ${ROUNDING.half} : ${ROUNDING.whole};
  if (abs(share) > 1.0 + rounding) {
    color = vec4(share < 0.0 && !u_sequential ? u_below : u_above, 1.0);
    return;
  }
  float decades = u_decades[gate];
  if (decades > 0.0) {
    // The logarithm of the smallest number is no number on some machines.
    float magnitude_share = max(abs(share), 1e-37);
    share = sign(share) * max(0.0, 1.0 + log2(magnitude_share) / DECADE / decades);
  }
  float place = u_sequential ? abs(share) : share * 0.5 + 0.5;
  color = texture(u_colors, vec2(clamp(place, 0.0, 1.0) * ${255 / 256} + ${0.5 / 256}, 0.5));
}`;
