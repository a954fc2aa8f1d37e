// The rows of the gated recurrent unit and of Elman's network; part of kernels_body.h.

// gates [3H] become r, z, n of input [3H], W_ih x and its bias, and recurrent [3H], W_hh h and its bias; input may be gates.
static void gru_forward_row_loop(ptrdiff_t H, const float *input, const float *h_before, float *gates,
                                 const float *recurrent, float *h) {
  EACH_VECTOR(2 * H, store_some(gates + u, logistic(load_some(input + u, n) + load_some(recurrent + u, n)), n););
  const float *reset = gates, *update = gates + H, *new_input = input + 2 * H, *new_recurrent = recurrent + 2 * H;
  float *candidate = gates + 2 * H;
  EACH_VECTOR(H, {
    vector sum = load_some(new_input + u, n) + load_some(reset + u, n) * load_some(new_recurrent + u, n);
    vector value = hyperbolic_tangent(sum);
    store_some(candidate + u, value, n);
    store_some(h + u, value + load_some(update + u, n) * (load_some(h_before + u, n) - value), n);
  });
}

// gates become the gradient of the input's part and recurrent that of the recurrence's. dh_later holds the gradient of h from
// later steps and leaves as that of h before by the update gate alone.
INLINE void gru_backward_units(ptrdiff_t n, ptrdiff_t H, const float *h_before, const float *dh, float *gates,
                               float *recurrent, float *dh_later) {
  vector r = load_some(gates, n), z = load_some(gates + H, n), value = load_some(gates + 2 * H, n);
  vector up = load_some(dh, n) + load_some(dh_later, n);
  vector dvalue = up * (1.0f - z) * (1.0f - value * value);
  vector dr = dvalue * load_some(recurrent + 2 * H, n) * r * (1.0f - r);
  vector dz = up * (load_some(h_before, n) - value) * z * (1.0f - z);
  store_some(gates, dr, n);
  store_some(gates + H, dz, n);
  store_some(gates + 2 * H, dvalue, n);
  store_some(recurrent, dr, n);
  store_some(recurrent + H, dz, n);
  store_some(recurrent + 2 * H, dvalue * r, n);
  store_some(dh_later, up * z, n);
}
static void gru_backward_row_loop(ptrdiff_t H, const float *h_before, const float *dh, float *gates, float *recurrent,
                                  float *dh_later) {
  EACH_VECTOR(H, gru_backward_units(n, H, h_before + u, dh + u, gates + u, recurrent + u, dh_later + u););
}

// The rows of mogrifier.c: scales become 2 s(scales), values = scales old.
static void mogrifier_forward_row_loop(ptrdiff_t count, const float *old, float *scales, float *values) {
  EACH_VECTOR(count, {
    vector scale = 2.0f * logistic(load_some(scales + u, n));
    store_some(scales + u, scale, n);
    store_some(values + u, scale * load_some(old + u, n), n);
  });
}
// scales become the gradients of what they were made from, and gradient that of the old values.
static void mogrifier_backward_row_loop(ptrdiff_t count, const float *old, float *scales, float *gradient) {
  EACH_VECTOR(count, {
    vector scale = load_some(scales + u, n), d = load_some(gradient + u, n);
    store_some(scales + u, d * load_some(old + u, n) * scale * (1.0f - 0.5f * scale), n);
    store_some(gradient + u, d * scale, n);
  });
}

// The rows of gru_before.c. gates hold r, z and the pre-activation of n.
static void gru_before_forward_row_loop(ptrdiff_t H, const float *h_before, float *gates, float *h) {
  const float *update = gates + H;
  float *candidate = gates + 2 * H;
  EACH_VECTOR(H, {
    vector value = hyperbolic_tangent(load_some(candidate + u, n));
    store_some(candidate + u, value, n);
    store_some(h + u, value + load_some(update + u, n) * (load_some(h_before + u, n) - value), n);
  });
}
// z and n become the gradients of their pre-activations; dh_later as for gru_backward_row.
static void gru_before_backward_row_loop(ptrdiff_t H, const float *h_before, const float *dh, float *gates,
                                         float *dh_later) {
  float *update = gates + H, *candidate = gates + 2 * H;
  EACH_VECTOR(H, {
    vector z = load_some(update + u, n), value = load_some(candidate + u, n);
    vector up = load_some(dh + u, n) + load_some(dh_later + u, n);
    store_some(update + u, up * (load_some(h_before + u, n) - value) * z * (1.0f - z), n);
    store_some(candidate + u, up * (1.0f - z) * (1.0f - value * value), n);
    store_some(dh_later + u, up * z, n);
  });
}
// r becomes the gradient of its pre-activation, given that of r h.
static void gru_before_reset_row_loop(ptrdiff_t H, const float *h_before, const float *dreset, float *gates,
                                      float *dh_later) {
  EACH_VECTOR(H, {
    vector r = load_some(gates + u, n), d = load_some(dreset + u, n);
    store_some(dh_later + u, load_some(dh_later + u, n) + d * r, n);
    store_some(gates + u, d * load_some(h_before + u, n) * r * (1.0f - r), n);
  });
}

// h holds the pre-activation.
static void elman_forward_row_loop(ptrdiff_t H, tlm_nonlinearity nonlinearity, const float *table_row, float *h) {
  EACH_VECTOR(H, {
    vector sum = load_some(h + u, n);
    if (table_row) sum += load_some(table_row + u, n);
    store_some(h + u, nonlinearity == TLM_ELMAN_TANH ? hyperbolic_tangent(sum) : at_least(sum, 0), n);
  });
}
static void elman_backward_row_loop(ptrdiff_t H, tlm_nonlinearity nonlinearity, const float *h, const float *dh,
                                    const float *dh_later, float *da) {
  EACH_VECTOR(H, {
    vector up = load_some(dh + u, n) + load_some(dh_later + u, n), out = load_some(h + u, n);
    vector slope = nonlinearity == TLM_ELMAN_TANH ? 1.0f - out * out : choose(out > (vector){}, splat(1.0f), (vector){});
    store_some(da + u, up * slope, n);
  });
}
