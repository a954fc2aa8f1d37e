// The loops that differ by instruction set, written once with the compiler's vector types. A file that includes this one
// has defined LANES (floats in a vector), TILE_ROWS (rows of a product's tile), NAME(x) (the suffix of its symbols), where the
// processor has them LOAD_FIRST(p, n) and STORE_FIRST(p, v, n) (of the first n < LANES elements, the others being zero),
// ADD_PRODUCTS_OF_PAIRS(sum, x, y) (of vectors of pairs of 16-bit integers: sum plus low times low plus high times high, in 32
// bits), and opened the pragma that names its instruction set.

#include <math.h>
#include <string.h>

#include "kernels.h"

typedef float vector __attribute__((vector_size(LANES * 4)));
typedef int32_t integers __attribute__((vector_size(LANES * 4)));
typedef uint32_t bits __attribute__((vector_size(LANES * 4)));
typedef float loose __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int32_t loose_integers __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int16_t halves __attribute__((vector_size(LANES * 4)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE vector load(const float *p) { return *(const loose *)p; }
INLINE void store(float *p, vector v) { *(loose *)p = v; }
INLINE vector splat(float x) { return x - (vector){}; }

// All ones in the first n lanes.
INLINE integers first_places(ptrdiff_t n) {
  integers lanes;
  UNROLL for (int i = 0; i < LANES; i++) lanes[i] = i;
  return lanes < (integers){} + (int32_t)n;
}
// The last, partial vector of a row: `n` live elements, the rest zero.
INLINE vector load_some(const float *p, ptrdiff_t n) {
  if (n >= LANES) return load(p);
#ifdef LOAD_FIRST
  return LOAD_FIRST(p, n);
#else
  float lanes[LANES] = {0};
  for (ptrdiff_t i = 0; i < n; i++) lanes[i] = p[i];
  return load(lanes);
#endif
}
INLINE void store_some(float *p, vector v, ptrdiff_t n) {
  if (n >= LANES) {
    store(p, v);
    return;
  }
#ifdef STORE_FIRST
  STORE_FIRST(p, v, n);
#else
  float lanes[LANES];
  store(lanes, v);
  for (ptrdiff_t i = 0; i < n; i++) p[i] = lanes[i];
#endif
}
INLINE vector choose(integers mask, vector yes, vector no) {
  return (vector)(((integers)yes & mask) | ((integers)no & ~mask));
}
// Both let NaN pass: a diverged run must not look healthy.
INLINE vector at_most(vector x, float limit) { return choose(x > splat(limit), splat(limit), x); }
INLINE vector at_least(vector x, float limit) { return choose(x < splat(limit), splat(limit), x); }

// MARK: Transcendental functions

// e^x, about 2 ulp on [-87, 88], clamped there: x = n ln 2 + r with |r| <= ln 2 / 2, Taylor's polynomial for e^r, and n
// added to the exponent's bits. Adding 1.5 * 2^23 leaves n in the low bits of the mantissa.
INLINE vector exponential(vector x) {
  x = at_most(at_least(x, -87.0f), 88.0f);
  const float shift = 12582912.0f;
  vector shifted = x * 1.44269504088896341f + shift;
  vector n = shifted - shift;
  vector r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vector p = splat(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return (vector)((integers)p + ((integers)shifted << 23));
}

// tanh x as an odd rational function of degree 13 over 6, about 4 ulp; the coefficients are the widely used minimax fit
// for single precision on [-7.9, 7.9]; beyond, the value at the end is kept, 2e-7 short of +-1.
INLINE vector hyperbolic_tangent(vector x) {
  x = at_most(at_least(x, -7.90531110763549805f), 7.90531110763549805f);
  vector s = x * x;
  vector p = s * -2.76076847742355e-16f + 2.00018790482477e-13f;
  p = p * s + -8.60467152213735e-11f;
  p = p * s + 5.12229709037114e-08f;
  p = p * s + 1.48572235717979e-05f;
  p = p * s + 6.37261928875436e-04f;
  p = p * s + 4.89352455891786e-03f;
  vector q = s * 1.19825839466702e-06f + 1.18534705686654e-04f;
  q = q * s + 2.26843463243900e-03f;
  q = q * s + 4.89352518554385e-03f;
  return x * p / q;
}

INLINE vector logistic(vector x) { return hyperbolic_tangent(x * 0.5f) * 0.5f + 0.5f; }

#define ELEMENTWISE(name, expression)                                   \
  static void name(ptrdiff_t n, const float *x, float *y) {             \
    for (ptrdiff_t i = 0; i < n; i += LANES) {                          \
      vector v = load_some(x + i, n - i);                               \
      store_some(y + i, expression, n - i);                             \
    }                                                                   \
  }
ELEMENTWISE(tanh_loop, hyperbolic_tangent(v))
ELEMENTWISE(sigmoid_loop, logistic(v))

#include "functions_body.h"

static void add_loop(ptrdiff_t n, const float *a, const float *b, float *y) {
  for (ptrdiff_t i = 0; i < n; i += LANES)
    store_some(y + i, load_some(a + i, n - i) + load_some(b + i, n - i), n - i);
}
static void multiply_loop(ptrdiff_t n, const float *a, const float *b, float *y) {
  for (ptrdiff_t i = 0; i < n; i += LANES)
    store_some(y + i, load_some(a + i, n - i) * load_some(b + i, n - i), n - i);
}
static void multiply_add_loop(ptrdiff_t n, const float *a, const float *b, float *sum) {
  for (ptrdiff_t i = 0; i < n; i += LANES)
    store_some(sum + i, load_some(sum + i, n - i) + load_some(a + i, n - i) * load_some(b + i, n - i), n - i);
}
static void scale_loop(ptrdiff_t n, float factor, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < n; i += LANES) store_some(y + i, load_some(x + i, n - i) * factor, n - i);
}
static void interpolate_loop(ptrdiff_t n, float weight, const float *a, const float *b, float *y) {
  for (ptrdiff_t i = 0; i < n; i += LANES) {
    vector from = load_some(a + i, n - i);
    store_some(y + i, from + (load_some(b + i, n - i) - from) * weight, n - i);
  }
}

// Round to nearest even on the upper 16 bits; a NaN keeps its sign and gets a quiet payload that survives the cut.
INLINE vector to_bfloat16(vector v) {
  bits b = (bits)v;
  bits even = (b >> 16) & 1;
  bits result = (b + 0x7FFF + even) & 0xFFFF0000u;
  return choose(v == v, (vector)result, (vector)((b & 0xFFFF0000u) | 0x00400000u));
}
ELEMENTWISE(round_to_bfloat16_loop, to_bfloat16(v))

// MARK: Matrix product

// The sums of a tile into the live columns of c (+ c, or + bias).
INLINE void write_tile(const int rows, vector sum[TILE_ROWS][2], float *c, ptrdiff_t ldc, int live, bool accumulate,
                       const float *bias) {
  UNROLL for (int i = 0; i < rows; i++) {
    float *row = c + i * ldc;
    UNROLL for (int half = 0; half < 2; half++) {
      ptrdiff_t left = live - half * LANES;
      if (left <= 0) break;
      vector v = sum[i][half];
      if (accumulate) v += load_some(row + half * LANES, left);
      if (bias) v += load_some(bias + half * LANES, left);
      store_some(row + half * LANES, v, left);
    }
  }
}

// c = a b (+ c, or + bias): element (i, p) of the left operand is a[i * a_row + p * a_step], and row p of the
// right one begins at b + p * b_step.
INLINE void tile_of(const int rows, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_step, const float *b,
                    ptrdiff_t b_step, float *c, ptrdiff_t ldc, int live, bool accumulate, const float *bias) {
  vector sum[TILE_ROWS][2];
  UNROLL for (int i = 0; i < rows; i++) sum[i][0] = sum[i][1] = (vector){};
  for (ptrdiff_t p = 0; p < k; p++) {
    vector b0 = load(b), b1 = load(b + LANES);
    UNROLL for (int i = 0; i < rows; i++) {
      vector x = splat(a[i * a_row]);
      sum[i][0] += x * b0;
      sum[i][1] += x * b1;
    }
    a += a_step;
    b += b_step;
  }
  write_tile(rows, sum, c, ldc, live, accumulate, bias);
}

#if TILE_ROWS == 4
#define EVERY_TILE(x) x(1) x(2) x(3) x(4)
#elif TILE_ROWS == 6
#define EVERY_TILE(x) x(1) x(2) x(3) x(4) x(5) x(6)
#elif TILE_ROWS == 12
#define EVERY_TILE(x) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8) x(9) x(10) x(11) x(12)
#endif

// Of a packed operand the distances are known to the compiler, which has no register left to count them in.
#define TILE_CASE(r) case r: tile_of(r, k, a, 1, r, b, 2 * LANES, c, ldc, live, accumulate, bias); return;
static void tile_loop(int rows, ptrdiff_t k, const float *a, const float *b, float *c, ptrdiff_t ldc, int live,
                      bool accumulate, const float *bias) {
  switch (rows) {
    EVERY_TILE(TILE_CASE)
  }
}

#define DIRECT_CASE(r) \
  case r: tile_of(r, k, a, a_row, a_step, b, b_step, c, ldc, live, accumulate, bias); return;
static void direct_tile_loop(int rows, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_step, const float *b,
                             ptrdiff_t b_step, float *c, ptrdiff_t ldc, int live, bool accumulate, const float *bias) {
  switch (rows) {
    EVERY_TILE(DIRECT_CASE)
  }
}

#include "int16_body.h"

// One row against up to four panels at a time: eight independent sums hide the latency of the multiply-add.
INLINE void row_times(const int count, ptrdiff_t k, const float *x, const float *panels, ptrdiff_t stride, float *y) {
  vector sum[4][2];
  UNROLL for (int j = 0; j < count; j++) sum[j][0] = sum[j][1] = (vector){};
  for (ptrdiff_t p = 0; p < k; p++) {
    vector v = splat(x[p]);
    UNROLL for (int j = 0; j < count; j++) {
      const float *b = panels + j * stride + p * 2 * LANES;
      sum[j][0] += v * load(b);
      sum[j][1] += v * load(b + LANES);
    }
  }
  UNROLL for (int j = 0; j < count; j++) {
    store(y + j * 2 * LANES, sum[j][0]);
    store(y + j * 2 * LANES + LANES, sum[j][1]);
  }
}
static void row_times_panels_loop(ptrdiff_t k, const float *x, const float *panels, ptrdiff_t stride, int count,
                                  float *y) {
  switch (count) {
    case 1: row_times(1, k, x, panels, stride, y); return;
    case 2: row_times(2, k, x, panels, stride, y); return;
    case 3: row_times(3, k, x, panels, stride, y); return;
    case 4: row_times(4, k, x, panels, stride, y); return;
  }
}

// MARK: LSTM cell, one row of the batch

// Gate by gate and not unit by unit: the coefficients of one function fill most of the registers.
#define EACH_VECTOR(count, ...)                      \
  do {                                               \
    ptrdiff_t u = 0;                                 \
    for (; u + LANES <= (count); u += LANES) {       \
      const ptrdiff_t n = LANES;                     \
      __VA_ARGS__                                    \
    }                                                \
    if (u < (count)) {                               \
      const ptrdiff_t n = (count) - u;               \
      __VA_ARGS__                                    \
    }                                                \
  } while (0)

static void lstm_forward_row_loop(ptrdiff_t H, const float *table_row, const float *c_before, float *gates, float *c,
                                  float *h) {
  if (table_row) add_loop(4 * H, table_row, gates, gates);
  float *candidate = gates + 2 * H, *output = gates + 3 * H;
  EACH_VECTOR(2 * H, store_some(gates + u, logistic(load_some(gates + u, n)), n););
  EACH_VECTOR(H, store_some(candidate + u, hyperbolic_tangent(load_some(candidate + u, n)), n););
  EACH_VECTOR(H, store_some(output + u, logistic(load_some(output + u, n)), n););
  EACH_VECTOR(H, {
    vector cell = load_some(gates + H + u, n) * load_some(c_before + u, n)
                  + load_some(gates + u, n) * load_some(candidate + u, n);
    store_some(c + u, cell, n);
    store_some(h + u, load_some(output + u, n) * hyperbolic_tangent(cell), n);
  });
}

// dc holds the gradient of this step's cell from later steps, and leaves as the gradient of the cell before.
INLINE void lstm_backward_units(ptrdiff_t n, ptrdiff_t H, const float *gates, const float *c, const float *c_before,
                                const float *dh, const float *dh_later, float *dc, float *da) {
  vector i = load_some(gates, n), f = load_some(gates + H, n);
  vector g = load_some(gates + 2 * H, n), o = load_some(gates + 3 * H, n);
  vector tc = hyperbolic_tangent(load_some(c, n));
  vector up = load_some(dh, n) + load_some(dh_later, n);
  vector cell = load_some(dc, n) + up * o * (1.0f - tc * tc);
  store_some(da, cell * g * i * (1.0f - i), n);
  store_some(da + H, cell * load_some(c_before, n) * f * (1.0f - f), n);
  store_some(da + 2 * H, cell * i * (1.0f - g * g), n);
  store_some(da + 3 * H, up * tc * o * (1.0f - o), n);
  store_some(dc, cell * f, n);
}

static void lstm_backward_row_loop(ptrdiff_t H, const float *gates, const float *c, const float *c_before,
                                   const float *dh, const float *dh_later, float *dc, float *da) {
  ptrdiff_t u = 0;
  for (; u + LANES <= H; u += LANES)
    lstm_backward_units(LANES, H, gates + u, c + u, c_before + u, dh + u, dh_later + u, dc + u, da + u);
  if (u < H) lstm_backward_units(H - u, H, gates + u, c + u, c_before + u, dh + u, dh_later + u, dc + u, da + u);
}

// MARK: Losses, regularization, optimizers

static float softmax_cross_entropy_loop(ptrdiff_t V, const float *logits, int32_t target, float scale,
                                        float *gradient) {
  vector top = splat(-INFINITY);
  ptrdiff_t j = 0;
  for (; j + LANES <= V; j += LANES) {
    vector v = load(logits + j);
    top = choose(v > top, v, top);
  }
  float largest = -INFINITY;
  for (int lane = 0; lane < LANES; lane++) largest = top[lane] > largest ? top[lane] : largest;
  for (; j < V; j++) largest = logits[j] > largest ? logits[j] : largest;
  float target_logit = logits[target];
  vector sums = {};
  double total = 0;
  for (j = 0; j < V; j += LANES) {
    ptrdiff_t n = V - j;
    vector e = exponential(load_some(logits + j, n) - largest);
    if (n < LANES) {
      float lanes[LANES];
      store(lanes, e);
      for (ptrdiff_t lane = 0; lane < n; lane++) total += lanes[lane];
    } else {
      sums += e;
    }
    if (gradient) store_some(gradient + j, e, n);
  }
  for (int lane = 0; lane < LANES; lane++) total += sums[lane];
  if (gradient) {
    float share = scale / (float)total;
    scale_loop(V, share, gradient, gradient);
    gradient[target] -= scale;
  }
  return (float)(log(total) - ((double)target_logit - (double)largest));
}

// dropout_hash of LANES consecutive elements; i is a multiple of LANES, so that the upper half of the index is one number.
INLINE bits dropout_bits(uint64_t key, uint64_t i) {
  bits low;
  UNROLL for (int lane = 0; lane < LANES; lane++) low[lane] = (uint32_t)i + (uint32_t)lane;
  bits x = low * 0x9E3779B1u + (uint32_t)key;
  x ^= (uint32_t)(i >> 32) * 0x85EBCA77u + (uint32_t)(key >> 32);
  x ^= x >> 16;
  x *= 0x7FEB352Du;
  x ^= x >> 15;
  x *= 0x846CA68Bu;
  x ^= x >> 16;
  return x;
}

static void dropout_loop(ptrdiff_t begin, ptrdiff_t end, float rate, uint64_t key, const float *x, float *y) {
  uint32_t threshold = (uint32_t)(rate * 16777216.0f);
  float kept = 1.0f / (1.0f - rate);
  for (ptrdiff_t i = begin; i < end; i += LANES) {
    ptrdiff_t n = end - i;
    integers keep = (integers)((dropout_bits(key, (uint64_t)i) >> 8) >= threshold);
    store_some(y + i, choose(keep, load_some(x + i, n) * kept, (vector){}), n);
  }
}

static double sum_of_squares_loop(ptrdiff_t n, const float *x) {
  typedef double wide __attribute__((vector_size(LANES * 8)));
  wide sum = {};
  for (ptrdiff_t i = 0; i < n; i += LANES) {
    wide v = __builtin_convertvector(load_some(x + i, n - i), wide);
    sum += v * v;
  }
  double total = 0;
  for (int lane = 0; lane < LANES; lane++) total += sum[lane];
  return total;
}

#include "normalization_body.h"
#include "activation_body.h"
#include "recurrent_body.h"
#include "scan_body.h"
#include "window_body.h"
#include "block_body.h"
#include "optimizer_body.h"
#include "memory_body.h"
#include "dnc_body.h"
#include "lrua_body.h"

// MARK: Peak

#if defined(__aarch64__)
#define VECTOR_REGISTER "w"
#elif defined(__x86_64__)
#define VECTOR_REGISTER "v"
#else
#define VECTOR_REGISTER "m"
#endif

static float peak_loop(long iterations) {
  vector sum[12], x = splat(1.0001f), y = splat(-0.0001f);
  UNROLL for (int i = 0; i < 12; i++) sum[i] = splat((float)i);
  for (long r = 0; r < iterations; r++) {
    UNROLL for (int i = 0; i < 12; i++) {
      sum[i] = sum[i] * x + y;
      // Keeps the loop as written: twelve independent chains, nothing folded.
      __asm__ volatile("" : "+" VECTOR_REGISTER(sum[i]));
    }
  }
  vector total = {};
  UNROLL for (int i = 0; i < 12; i++) total += sum[i];
  return total[0];
}

const struct kernels NAME(tlm_kernels) = {
  .width = LANES,
  .rows = TILE_ROWS,
  .columns = 2 * LANES,
  .tile = tile_loop,
  .direct_tile = direct_tile_loop,
  .tile_int16 = tile_int16_loop,
  .quantize_row = quantize_row_loop,
  .quantize_columns = quantize_columns_loop,
  .row_times_panels = row_times_panels_loop,
  .lstm_forward_row = lstm_forward_row_loop,
  .lstm_backward_row = lstm_backward_row_loop,
  .normalize_row = normalize_row_loop,
  .normalize_backward_row = normalize_backward_row_loop,
  .lstm_variant_forward_row = lstm_variant_forward_row_loop,
  .lstm_variant_backward_row = lstm_variant_backward_row_loop,
  .gru_forward_row = gru_forward_row_loop,
  .gru_backward_row = gru_backward_row_loop,
  .gru_before_forward_row = gru_before_forward_row_loop,
  .gru_before_backward_row = gru_before_backward_row_loop,
  .gru_before_reset_row = gru_before_reset_row_loop,
  .mogrifier_forward_row = mogrifier_forward_row_loop,
  .mogrifier_backward_row = mogrifier_backward_row_loop,
  .elman_forward_row = elman_forward_row_loop,
  .elman_backward_row = elman_backward_row_loop,
  .slstm_forward_row = slstm_forward_row_loop,
  .slstm_backward_row = slstm_backward_row_loop,
  .scan_forward_row = scan_forward_row_loop,
  .scan_backward_row = scan_backward_row_loop,
  .add = add_loop,
  .multiply = multiply_loop,
  .multiply_add = multiply_add_loop,
  .scale = scale_loop,
  .interpolate = interpolate_loop,
  .tanh = tanh_loop,
  .sigmoid = sigmoid_loop,
  .exp = exp_loop,
  .log = log_loop,
  .softplus = softplus_loop,
  .sqrt = sqrt_loop,
  .reciprocal = reciprocal_loop,
  .combine_row = combine_row_loop,
  .sum_row = sum_row_loop,
  .ntm_forward_row = ntm_forward_row_loop,
  .ntm_backward_row = ntm_backward_row_loop,
  .dnc_forward_row = dnc_forward_row_loop,
  .dnc_backward_row = dnc_backward_row_loop,
  .lrua_forward_row = lrua_forward_row_loop,
  .lrua_backward_row = lrua_backward_row_loop,
  .round_to_bfloat16 = round_to_bfloat16_loop,
  .dropout = dropout_loop,
  .activate = activate_loop,
  .activate_backward = activate_backward_loop,
  .softmax = softmax_loop,
  .softmax_double = softmax_double_loop,
  .softmax_backward = softmax_backward_loop,
  .turn = turn_loop,
  .attend = attend_loop,
  .dot = dot_loop,
  .add_scaled = add_scaled_loop,
  .additive_score = additive_score_loop,
  .additive_score_backward = additive_score_backward_loop,
  .block_row = block_row_loop,
  .add_block_products = add_block_products_loop,
  .rms_row = rms_row_loop,
  .rms_backward_row = rms_backward_row_loop,
  .softmax_cross_entropy = softmax_cross_entropy_loop,
  .sum_of_squares = sum_of_squares_loop,
  .adam = adam_loop,
  .sgd = sgd_loop,
  .rmsprop = rmsprop_loop,
  .peak = peak_loop,
};
