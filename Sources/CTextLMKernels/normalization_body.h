// Layer normalization and the rows of the LSTM that has it inside, with zoneout; part of kernels_body.h.

INLINE float lane_sum(vector v) {
  float total = 0;
  for (int lane = 0; lane < LANES; lane++) total += v[lane];
  return total;
}
// v with zeros after its first n lanes.
INLINE vector first_lanes(vector v, ptrdiff_t n) {
  return n >= LANES ? v : choose(first_places(n), v, (vector){});
}

// normal = (x - mean) / sqrt(variance + epsilon), which may be x itself; returns 1 / sqrt(variance + epsilon).
static float normalize_row_loop(ptrdiff_t width, float epsilon, const float *x, float *normal) {
  vector sum = {}, squares = {};
  EACH_VECTOR(width, { sum += load_some(x + u, n); });
  float mean = lane_sum(sum) / (float)width;
  EACH_VECTOR(width, {
    vector centred = first_lanes(load_some(x + u, n) - mean, n);
    squares += centred * centred;
  });
  float scale = 1.0f / sqrtf(lane_sum(squares) / (float)width + epsilon);
  EACH_VECTOR(width, { store_some(normal + u, (load_some(x + u, n) - mean) * scale, n); });
  return scale;
}

// dx = scale (d - mean d - normal mean(d normal)) with d = dy gain, or dy where gain is NULL. dx may be dy or normal.
static void normalize_backward_row_loop(ptrdiff_t width, const float *gain, const float *dy, const float *normal,
                                        float scale, float *dx) {
  vector sum = {}, products = {};
  EACH_VECTOR(width, {
    vector d = load_some(dy + u, n);
    if (gain) d *= load_some(gain + u, n);
    sum += d;
    products += d * load_some(normal + u, n);
  });
  float mean = lane_sum(sum) / (float)width, product = lane_sum(products) / (float)width;
  EACH_VECTOR(width, {
    vector d = load_some(dy + u, n);
    if (gain) d *= load_some(gain + u, n);
    store_some(dx + u, (d - mean - load_some(normal + u, n) * product) * scale, n);
  });
}

// The part of a unit's old state that zoneout keeps: 1 or 0 by the mask, or what that is on average.
INLINE vector zone(const tlm_lstm_variant *o, float rate, uint64_t key, uint64_t i) {
  if (!o->is_sampled) return splat(rate);
  uint32_t threshold = (uint32_t)(rate * 16777216.0f);
  integers keep = (integers)((dropout_bits(key, i) >> 8) < threshold);
  return choose(keep, splat(1.0f), (vector){});
}

// gates hold the input's part and normal the recurrence's, W_hh h; `first` is the row's place among all units of masks.
static void lstm_variant_forward_row_loop(ptrdiff_t H, const tlm_lstm_variant *o, uint64_t first, const float *h_before,
                                          const float *c_before, float *gates, float *normal, float *scales, float *c,
                                          float *h) {
  for (int gate = 0; gate < 4; gate++) {
    float *a = gates + gate * H, *q = normal + gate * H;
    if (o->recurrent_gain) scales[gate] = normalize_row_loop(H, o->epsilon, q, q);
    EACH_VECTOR(H, {
      vector part = load_some(q + u, n);
      if (o->recurrent_gain) part *= load_some(o->recurrent_gain + gate * H + u, n);
      vector v = load_some(a + u, n) + part;
      store_some(a + u, gate == 2 ? hyperbolic_tangent(v) : logistic(v), n);
    });
  }
  const float *input = gates, *forget = gates + H, *candidate = gates + 2 * H, *output = gates + 3 * H;
  EACH_VECTOR(H, {
    vector cell = load_some(forget + u, n) * load_some(c_before + u, n)
                  + load_some(input + u, n) * load_some(candidate + u, n);
    store_some(c + u, cell, n);
  });
  // h holds the normalized cell until its own value takes the place.
  if (o->cell_gain) normalize_row_loop(H, o->epsilon, c, h);
  EACH_VECTOR(H, {
    vector cell = load_some(c + u, n), seen = cell;
    if (o->cell_gain)
      seen = load_some(h + u, n) * load_some(o->cell_gain + u, n) + load_some(o->cell_bias + u, n);
    vector hidden = load_some(output + u, n) * hyperbolic_tangent(seen);
    vector kept = zone(o, o->zoneout_hidden, o->hidden_key, first + (uint64_t)u);
    store_some(h + u, kept * load_some(h_before + u, n) + (1.0f - kept) * hidden, n);
    kept = zone(o, o->zoneout_cell, o->cell_key, first + (uint64_t)u);
    store_some(c + u, kept * load_some(c_before + u, n) + (1.0f - kept) * cell, n);
  });
}

// gates become the gradient of the pre-activations and normal that of W_hh h. dh_later holds the gradient of h from later
// steps and leaves as that of h before by zoneout alone; dc likewise of c, complete. gains [6H] get the gradients of
// recurrent_gain [4H], cell_gain and cell_bias added. work has room for 2H.
static void lstm_variant_backward_row_loop(ptrdiff_t H, const tlm_lstm_variant *o, uint64_t first, const float *c_before,
                                           const float *dh, float *gates, float *normal, const float *scales,
                                           float *dh_later, float *dc, float *gains, float *work) {
  float *input = gates, *forget = gates + H, *candidate = gates + 2 * H, *output = gates + 3 * H;
  float *cells = work, *dcells = work + H;
  EACH_VECTOR(H, {
    store_some(cells + u,
               load_some(forget + u, n) * load_some(c_before + u, n)
                 + load_some(input + u, n) * load_some(candidate + u, n),
               n);
  });
  float scale = o->cell_gain ? normalize_row_loop(H, o->epsilon, cells, cells) : 1;
  EACH_VECTOR(H, {
    vector cell = load_some(cells + u, n), seen = cell, out = load_some(output + u, n);
    if (o->cell_gain) seen = cell * load_some(o->cell_gain + u, n) + load_some(o->cell_bias + u, n);
    vector t = hyperbolic_tangent(seen);
    vector kept = zone(o, o->zoneout_hidden, o->hidden_key, first + (uint64_t)u);
    vector up = load_some(dh + u, n) + load_some(dh_later + u, n);
    store_some(dh_later + u, kept * up, n);
    up *= 1.0f - kept;
    store_some(output + u, up * t * out * (1.0f - out), n);
    vector dseen = up * out * (1.0f - t * t);
    if (o->cell_gain) {
      store_some(gains + 4 * H + u, load_some(gains + 4 * H + u, n) + dseen * cell, n);
      store_some(gains + 5 * H + u, load_some(gains + 5 * H + u, n) + dseen, n);
    }
    store_some(dcells + u, dseen, n);
  });
  if (o->cell_gain) normalize_backward_row_loop(H, o->cell_gain, dcells, cells, scale, dcells);
  EACH_VECTOR(H, {
    vector kept = zone(o, o->zoneout_cell, o->cell_key, first + (uint64_t)u), later = load_some(dc + u, n);
    vector cell = load_some(dcells + u, n) + (1.0f - kept) * later;
    vector i = load_some(input + u, n), f = load_some(forget + u, n), g = load_some(candidate + u, n);
    store_some(dc + u, kept * later + cell * f, n);
    store_some(input + u, cell * g * i * (1.0f - i), n);
    store_some(forget + u, cell * load_some(c_before + u, n) * f * (1.0f - f), n);
    store_some(candidate + u, cell * i * (1.0f - g * g), n);
  });
  for (int gate = 0; gate < 4; gate++) {
    float *da = gates + gate * H, *q = normal + gate * H;
    if (!o->recurrent_gain) {
      memcpy(q, da, (size_t)H * sizeof(float));
      continue;
    }
    float *gain = gains + gate * H;
    EACH_VECTOR(H, {
      store_some(gain + u, load_some(gain + u, n) + load_some(da + u, n) * load_some(q + u, n), n);
    });
    normalize_backward_row_loop(H, o->recurrent_gain + gate * H, da, q, scales[gate], q);
  }
}
