// Sums and products of vectors, for reading windows of steps and memories; part of kernels_body.h.

static float dot_loop(ptrdiff_t count, const float *a, const float *b) {
  vector sum = {};
  EACH_VECTOR(count, { sum += load_some(a + u, n) * load_some(b + u, n); });
  return lane_sum(sum);
}

// y += factor x
static void add_scaled_loop(ptrdiff_t count, float factor, const float *x, float *y) {
  EACH_VECTOR(count, { store_some(y + u, load_some(y + u, n) + load_some(x + u, n) * factor, n); });
}

// sum(factors tanh(q + k)); past the end of a row factors are zero.
static float additive_score_loop(ptrdiff_t count, const float *q, const float *k, const float *factors) {
  vector sum = {};
  EACH_VECTOR(count, {
    sum += load_some(factors + u, n) * hyperbolic_tangent(load_some(q + u, n) + load_some(k + u, n));
  });
  return lane_sum(sum);
}

static void additive_score_backward_loop(ptrdiff_t count, float dscore, const float *q, const float *k,
                                         const float *factors, float *dq, float *dk, float *dfactors) {
  EACH_VECTOR(count, {
    vector t = hyperbolic_tangent(load_some(q + u, n) + load_some(k + u, n));
    vector slope = load_some(factors + u, n) * (1.0f - t * t) * dscore;
    store_some(dq + u, load_some(dq + u, n) + slope, n);
    store_some(dk + u, load_some(dk + u, n) + slope, n);
    store_some(dfactors + u, load_some(dfactors + u, n) + t * dscore, n);
  });
}
