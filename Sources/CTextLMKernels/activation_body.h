// Activation functions, rows of softmax and rows of root-mean-square normalization; part of kernels_body.h.

INLINE vector load_or(const float *p, ptrdiff_t n, float other) {
  return n >= LANES ? load(p) : choose(first_places(n), load_some(p, n), splat(other));
}

// The part of a normal variable's distribution below x, and its density: Phi = (1 + erf(x / sqrt 2)) / 2. Abramowitz and
// Stegun, "Handbook of Mathematical Functions", 7.1.26, which is within 1.5e-7.
INLINE vector normal_part(vector x, vector *density) {
  vector size = choose(x < (vector){}, -x, x) * 0.70710678118654752f;
  vector falling = exponential(-size * size);
  vector t = 1.0f / (size * 0.3275911f + 1.0f);
  vector p = t * 1.061405429f + -1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t + -0.284496736f;
  p = p * t + 0.254829592f;
  vector beyond = p * t * falling * 0.5f;
  *density = falling * 0.39894228040143268f;
  return choose(x < (vector){}, beyond, 1.0f - beyond);
}

INLINE vector gelu(vector x) {
  vector density;
  return x * normal_part(x, &density);
}
INLINE vector gelu_slope(vector x) {
  vector density, part = normal_part(x, &density);
  return part + x * density;
}
INLINE vector silu_slope(vector x) {
  vector s = logistic(x);
  return s * (1.0f + x * (1.0f - s));
}
// A NaN stays one.
INLINE vector relu(vector x) { return at_least(x, 0.0f); }
INLINE vector relu_slope(vector x) { return choose(x > (vector){}, splat(1.0f), (vector){}); }

#define FORWARD(expression) EACH_VECTOR(count, { vector v = load_some(x + u, n); store_some(y + u, expression, n); })
static void activate_loop(tlm_activation function, ptrdiff_t count, const float *x, float *y) {
  switch (function) {
    case TLM_RELU: FORWARD(relu(v)); return;
    case TLM_SILU: FORWARD(v * logistic(v)); return;
    case TLM_GELU: FORWARD(gelu(v)); return;
  }
}

#define BACKWARD(slope)                                             \
  EACH_VECTOR(count, {                                              \
    vector v = load_some(x + u, n);                                 \
    store_some(dx + u, load_some(dy + u, n) * (slope), n);          \
  })
static void activate_backward_loop(tlm_activation function, ptrdiff_t count, const float *x, const float *dy, float *dx) {
  switch (function) {
    case TLM_RELU: BACKWARD(relu_slope(v)); return;
    case TLM_SILU: BACKWARD(silu_slope(v)); return;
    case TLM_GELU: BACKWARD(gelu_slope(v)); return;
  }
}

INLINE float lane_top(vector v) {
  float top = v[0];
  for (int lane = 1; lane < LANES; lane++) top = v[lane] > top ? v[lane] : top;
  return top;
}

// e^(x - top), exactly zero where float32 has no normal number for it.
INLINE vector relative_exponential(vector x, float top) {
  vector below = x - top;
  return choose(below < splat(-87.0f), (vector){}, exponential(below));
}

static float softmax_loop(ptrdiff_t width, const float *x, const float *mask, float *y) {
  vector tops = splat(-INFINITY);
  EACH_VECTOR(width, {
    vector v = load_or(x + u, n, -INFINITY);
    if (mask) v += load_some(mask + u, n);
    tops = choose(v > tops, v, tops);
  });
  float top = lane_top(tops);
  if (top == -INFINITY) top = 0;  // nothing to choose from: every e^(x - top) is zero
  vector sums = {};
  EACH_VECTOR(width, {
    vector v = load_some(x + u, n);
    if (mask) v += load_some(mask + u, n);
    vector e = relative_exponential(v, top);
    sums += first_lanes(e, n);
    store_some(y + u, e, n);
  });
  float total = lane_sum(sums);
  if (total == 0) return -INFINITY;
  scale_loop(width, 1.0f / total, y, y);
  return top + logf(total);
}

typedef double wide __attribute__((vector_size(LANES * 4)));
typedef int64_t wide_integers __attribute__((vector_size(LANES * 4)));
typedef double loose_wide __attribute__((vector_size(LANES * 4), aligned(8)));
typedef float loose_half __attribute__((vector_size(LANES * 2), aligned(4)));
enum { wide_lanes = LANES / 2 };

// e^x for x <= 0, about 1 ulp, and 0 below -708: as `exponential`, in Double. Nothing is fused, so that every instruction
// set gives the same bits.
INLINE wide wide_exponential(wide x) {
#pragma clang fp contract(off)
  // 1 / 12!, 1 / 11!, ..
  const double coefficients[] = {1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
                                 1.0 / 5040,      1.0 / 720,      1.0 / 120,     1.0 / 24,     1.0 / 6,
                                 0.5,             1,              1};
  const double shift = 6755399441055744.0;  // 1.5 * 2^52
  wide shifted = x * 1.44269504088896340736 + shift;
  wide power = shifted - shift;
  wide r = x - power * 0.693147180369123816490;
  r = r - power * 1.90821492927058770002e-10;
  wide p = coefficients[0] - (wide){};
  UNROLL for (size_t i = 1; i < sizeof coefficients / sizeof *coefficients; i++) p = p * r + coefficients[i];
  wide_integers result = (wide_integers)p + ((wide_integers)shifted << 52), is_number = x == x;
  result &= ~(x < -708.0);
  return (wide)((result & is_number) | ((wide_integers)x & ~is_number));
}

static void softmax_double_loop(ptrdiff_t width, const float *x, double *y) {
  vector tops = splat(-INFINITY);
  EACH_VECTOR(width, {
    vector v = load_or(x + u, n, -INFINITY);
    tops = choose(v > tops, v, tops);
  });
  double top = (double)lane_top(tops), total = 0;
  ptrdiff_t i = 0;
  for (; i + wide_lanes <= width; i += wide_lanes)
    *(loose_wide *)(y + i) = wide_exponential(__builtin_convertvector(*(const loose_half *)(x + i), wide) - top);
  for (; i < width; i++) y[i] = wide_exponential((double)x[i] - top - (wide){})[0];
  for (i = 0; i < width; i++) total += y[i];
  for (i = 0; i < width; i++) y[i] /= total;
}

static void softmax_backward_loop(ptrdiff_t width, const float *y, const float *dy, float *dx) {
  vector products = {};
  EACH_VECTOR(width, { products += load_some(y + u, n) * load_some(dy + u, n); });
  float mean = lane_sum(products);
  EACH_VECTOR(width, { store_some(dx + u, load_some(y + u, n) * (load_some(dy + u, n) - mean), n); });
}

// normal = x / sqrt(mean x^2 + epsilon); returns 1 / sqrt(..).
static float rms_row_loop(ptrdiff_t width, float epsilon, const float *x, float *normal) {
  vector squares = {};
  EACH_VECTOR(width, {
    vector v = load_some(x + u, n);
    squares += v * v;
  });
  float scale = 1.0f / sqrtf(lane_sum(squares) / (float)width + epsilon);
  scale_loop(width, scale, x, normal);
  return scale;
}

// dx = scale (d - normal mean(d normal)) with d = dy gain.
static void rms_backward_row_loop(ptrdiff_t width, const float *gain, const float *dy, const float *normal, float scale,
                                  float *dx) {
  vector products = {};
  EACH_VECTOR(width, { products += load_some(dy + u, n) * load_some(gain + u, n) * load_some(normal + u, n); });
  float mean = lane_sum(products) / (float)width;
  EACH_VECTOR(width, {
    vector d = load_some(dy + u, n) * load_some(gain + u, n);
    store_some(dx + u, (d - load_some(normal + u, n) * mean) * scale, n);
  });
}

static void attend_loop(ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, const float *query, const float *keys,
                        const float *values, float *scores, float *y) {
  for (ptrdiff_t j = 0; j < count; j++) {
    const float *key = keys + j * stride;
    vector sum = {};
    EACH_VECTOR(width, { sum += load_some(query + u, n) * load_some(key + u, n); });
    scores[j] = lane_sum(sum);
  }
  softmax_loop(count, scores, NULL, scores);
  EACH_VECTOR(width, {
    vector sum = {};
    for (ptrdiff_t j = 0; j < count; j++) sum += load_some(values + j * stride + u, n) * scores[j];
    store_some(y + u, sum, n);
  });
}

// y = the pairs x[i], x[i + width / 2] turned by angles, cosines and sines being multiplied by a factor each; what is left
// over of an odd width is multiplied only. y may be x.
static void turn_loop(ptrdiff_t width, const float *cosines, const float *sines, float by_cosine, float by_sine,
                      const float *x, float *y) {
  ptrdiff_t half = width / 2;
  if (width % 2) y[width - 1] = x[width - 1] * by_cosine;
  EACH_VECTOR(half, {
    vector c = load_some(cosines + u, n) * by_cosine, s = load_some(sines + u, n) * by_sine;
    vector first = load_some(x + u, n), second = load_some(x + half + u, n);
    store_some(y + u, first * c - second * s, n);
    store_some(y + half + u, second * c + first * s, n);
  });
}
