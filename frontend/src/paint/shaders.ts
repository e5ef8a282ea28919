/** From bits to colours, for each pixel of a heatmap. */

/** How many gates a matrix may have. */
export const MAX_GATES = 16;

/** How many rows and how many columns of cells one pixel looks at, at most; of more, it looks at every second, third ... */
const MAX_CELLS_A_SIDE = 24;

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

uniform usampler2D u_bits;       // one tile of the matrix
uniform sampler2D u_colors;
uniform ivec4 u_tile;            // first column, first row, columns, rows of the tile
uniform ivec2 u_size;            // columns and rows of the matrix
uniform vec4 u_view;             // left, top, width, height of the part that is shown, in cells
uniform vec2 u_canvas;           // width and height of the picture, in pixels
uniform int u_shift;             // 16 where the bits are bfloat16
uniform int u_gates;
uniform float u_limits[${MAX_GATES}];   // the magnitude at the end of the colours
uniform float u_decades[${MAX_GATES}];  // over how many decades they run; 0 where they are linear
uniform bool u_sequential;
uniform vec3 u_nan;
uniform vec3 u_infinity;
out vec4 color;

const uint INFINITY = 0x7f800000u;
const float DECADE = log2(10.0);

void main() {
  // gl_FragCoord counts from the bottom.
  vec2 pixel = vec2(gl_FragCoord.x - 0.5, u_canvas.y - gl_FragCoord.y - 0.5);
  vec2 from = u_view.xy + pixel / u_canvas * u_view.zw;
  vec2 to = u_view.xy + (pixel + 1.0) / u_canvas * u_view.zw;
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
      ivec2 place = ivec2(x, y) - u_tile.xy;
      if (any(lessThan(place, ivec2(0))) || any(greaterThanEqual(place, u_tile.zw))) { continue; }
      uint bits = texelFetch(u_bits, place, 0).r << u_shift;
      // All bits set: masked, so there is nothing to paint.
      if (bits == 0xffffffffu << u_shift) { continue; }
      // Without the sign, larger bits are larger magnitudes, and NaN is above all of them.
      if (!found || (bits << 1) > (largest << 1)) { largest = bits; column = x; }
      found = true;
    }
  }
  if (!found) { discard; }

  uint magnitude = largest & 0x7fffffffu;
  if (magnitude > INFINITY) { color = vec4(u_nan, 1.0); return; }
  if (magnitude == INFINITY) { color = vec4(u_infinity, 1.0); return; }
  int gate = clamp(column * u_gates / u_size.x, 0, u_gates - 1);
  float share = uintBitsToFloat(largest) / u_limits[gate];
  float decades = u_decades[gate];
  if (decades > 0.0) {
    // The logarithm of the smallest number is no number on some machines.
    float magnitude_share = max(abs(share), 1e-37);
    share = sign(share) * max(0.0, 1.0 + log2(magnitude_share) / DECADE / decades);
  }
  float place = u_sequential ? abs(share) : share * 0.5 + 0.5;
  color = texture(u_colors, vec2(clamp(place, 0.0, 1.0) * ${255 / 256} + ${0.5 / 256}, 0.5));
}`;
