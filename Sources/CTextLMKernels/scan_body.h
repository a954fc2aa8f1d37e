// The rows of recurrences without products (scan.c); part of kernels_body.h.

// ln(1 + e^-x) for x >= 0: 2 artanh(y / (2 + y)) with y = e^-x, by its series, about 2 ulp.
INLINE vector log_one_plus_exp_minus(vector x) {
  vector y = exponential(-x), t = y / (y + 2.0f), s = t * t;
  vector p = splat(1.0f / 13);
  p = p * s + 1.0f / 11;
  p = p * s + 1.0f / 9;
  p = p * s + 1.0f / 7;
  p = p * s + 1.0f / 5;
  p = p * s + 1.0f / 3;
  p = p * s + 1.0f;
  return 2.0f * t * p;
}
INLINE vector absolute(vector x) { return (vector)((bits)x & 0x7FFFFFFFu); }
INLINE vector larger(vector x, vector y) { return choose(x > y, x, y); }

// The candidate of minimal recurrent units: positive, so that it has a logarithm.
INLINE vector positive_part(vector x) { return choose(x >= (vector){}, x + 0.5f, logistic(x)); }
INLINE vector positive_part_slope(vector y) { return choose(y >= splat(0.5f), splat(1.0f), y * (1.0f - y)); }

static void min_gru_forward(const struct scan_row *w) {
  float *update = w->gates, *candidate = w->gates + w->H;
  EACH_VECTOR(w->H, {
    vector z = logistic(load_some(update + u, n)), g = positive_part(load_some(candidate + u, n));
    vector before = load_some(w->before + u, n);
    store_some(update + u, z, n);
    store_some(candidate + u, g, n);
    store_some(w->state + u, before + z * (g - before), n);
  });
}
static void min_gru_backward(const struct scan_gradient_row *w) {
  float *update = w->gates, *candidate = w->gates + w->H;
  EACH_VECTOR(w->H, {
    vector z = load_some(update + u, n), g = load_some(candidate + u, n);
    vector d = load_some(w->dstate + u, n) + load_some(w->dh + u, n);
    store_some(update + u, d * (g - load_some(w->before + u, n)) * z * (1.0f - z), n);
    store_some(candidate + u, d * z * positive_part_slope(g), n);
    store_some(w->dstate + u, d * (1.0f - z), n);
  });
}

static void min_lstm_forward(const struct scan_row *w) {
  float *forget = w->gates, *input = forget + w->H, *candidate = input + w->H;
  EACH_VECTOR(w->H, {
    vector f = logistic(load_some(forget + u, n)), i = logistic(load_some(input + u, n));
    vector g = positive_part(load_some(candidate + u, n)), before = load_some(w->before + u, n);
    store_some(forget + u, f, n);
    store_some(input + u, i, n);
    store_some(candidate + u, g, n);
    store_some(w->state + u, before + i / (f + i) * (g - before), n);
  });
}
static void min_lstm_backward(const struct scan_gradient_row *w) {
  float *forget = w->gates, *input = forget + w->H, *candidate = input + w->H;
  EACH_VECTOR(w->H, {
    vector f = load_some(forget + u, n), i = load_some(input + u, n), g = load_some(candidate + u, n);
    vector share = i / (f + i), d = load_some(w->dstate + u, n) + load_some(w->dh + u, n);
    vector dshare = d * (g - load_some(w->before + u, n)) * share * (1.0f - share);
    store_some(forget + u, -dshare * (1.0f - f), n);
    store_some(input + u, dshare * (1.0f - i), n);
    store_some(candidate + u, d * share * positive_part_slope(g), n);
    store_some(w->dstate + u, d * (1.0f - share), n);
  });
}

static void qrnn_forward(const struct scan_row *w) {
  float *candidate = w->gates, *input = candidate + w->H, *output = input + w->H;
  EACH_VECTOR(w->H, {
    vector z = hyperbolic_tangent(load_some(candidate + u, n)), i = logistic(load_some(input + u, n));
    vector o = logistic(load_some(output + u, n)), before = load_some(w->before + u, n);
    vector cell = before + i * (z - before);
    store_some(candidate + u, z, n);
    store_some(input + u, i, n);
    store_some(output + u, o, n);
    store_some(w->state + u, cell, n);
    store_some(w->h + u, o * cell, n);
  });
}
static void qrnn_backward(const struct scan_gradient_row *w) {
  float *candidate = w->gates, *input = candidate + w->H, *output = input + w->H;
  EACH_VECTOR(w->H, {
    vector z = load_some(candidate + u, n), i = load_some(input + u, n), o = load_some(output + u, n);
    vector before = load_some(w->before + u, n), dh = load_some(w->dh + u, n);
    vector d = load_some(w->dstate + u, n) + dh * o, change = z - before;
    store_some(output + u, dh * (before + i * change) * o * (1.0f - o), n);
    store_some(input + u, d * change * i * (1.0f - i), n);
    store_some(candidate + u, d * i * (1.0f - z * z), n);
    store_some(w->dstate + u, d * (1.0f - i), n);
  });
}

static void sru_forward(const struct scan_row *w) {
  float *candidate = w->gates, *forget = candidate + w->H, *output = forget + w->H;
  const float *of_forget = w->parameters, *of_output = of_forget + w->H;
  EACH_VECTOR(w->H, {
    vector before = load_some(w->before + u, n), value = load_some(candidate + u, n);
    vector f = logistic(load_some(forget + u, n) + load_some(of_forget + u, n) * before);
    vector r = logistic(load_some(output + u, n) + load_some(of_output + u, n) * before);
    vector cell = value + f * (before - value), skip = load_some(w->skip + u, n);
    store_some(forget + u, f, n);
    store_some(output + u, r, n);
    store_some(w->state + u, cell, n);
    store_some(w->h + u, skip + r * (cell - skip), n);
  });
}
static void sru_backward(const struct scan_gradient_row *w) {
  float *candidate = w->gates, *forget = candidate + w->H, *output = forget + w->H;
  const float *of_forget = w->parameters, *of_output = of_forget + w->H;
  float *dof_forget = w->dparameters, *dof_output = dof_forget + w->H;
  EACH_VECTOR(w->H, {
    vector before = load_some(w->before + u, n), value = load_some(candidate + u, n);
    vector f = load_some(forget + u, n), r = load_some(output + u, n), dh = load_some(w->dh + u, n);
    vector cell = value + f * (before - value), d = load_some(w->dstate + u, n) + dh * r;
    vector dr = dh * (cell - load_some(w->skip + u, n)) * r * (1.0f - r);
    vector df = d * (before - value) * f * (1.0f - f);
    store_some(w->dskip + u, dh * (1.0f - r), n);
    store_some(candidate + u, d * (1.0f - f), n);
    store_some(forget + u, df, n);
    store_some(output + u, dr, n);
    store_some(dof_forget + u, load_some(dof_forget + u, n) + df * before, n);
    store_some(dof_output + u, load_some(dof_output + u, n) + dr * before, n);
    store_some(w->dstate + u, d * f + df * load_some(of_forget + u, n) + dr * load_some(of_output + u, n), n);
  });
}

// State: the mean m of the values so far and the logarithm l of the sum of their weights.
static void wkv_forward(const struct scan_row *w) {
  const float *decay = w->parameters, *bonus = decay + w->H;
  EACH_VECTOR(w->H, {
    vector k = load_some(w->gates + u, n), v = load_some(w->gates + w->H + u, n);
    vector mean = load_some(w->before + u, n), weight = load_some(w->before + w->H + u, n);
    store_some(w->h + u, mean + logistic(k + load_some(bonus + u, n) - weight) * (v - mean), n);
    vector decayed = weight + load_some(decay + u, n), ahead = k - decayed;
    store_some(w->state + u, mean + logistic(ahead) * (v - mean), n);
    store_some(w->state + w->H + u, larger(k, decayed) + log_one_plus_exp_minus(absolute(ahead)), n);
  });
}
static void wkv_backward(const struct scan_gradient_row *w) {
  const float *decay = w->parameters, *bonus = decay + w->H;
  float *ddecay = w->dparameters, *dbonus = ddecay + w->H;
  EACH_VECTOR(w->H, {
    vector k = load_some(w->gates + u, n), v = load_some(w->gates + w->H + u, n);
    vector mean = load_some(w->before + u, n), weight = load_some(w->before + w->H + u, n);
    vector dh = load_some(w->dh + u, n), dmean = load_some(w->dstate + u, n);
    vector dweight = load_some(w->dstate + w->H + u, n);
    vector now = logistic(k + load_some(bonus + u, n) - weight);
    vector share = logistic(k - weight - load_some(decay + u, n));
    vector dnow = dh * (v - mean) * now * (1.0f - now);
    vector dahead = dmean * (v - mean) * share * (1.0f - share) + dweight * share, kept = dweight - dahead;
    store_some(w->gates + u, dnow + dahead, n);
    store_some(w->gates + w->H + u, dh * now + dmean * share, n);
    store_some(ddecay + u, load_some(ddecay + u, n) + kept, n);
    store_some(dbonus + u, load_some(dbonus + u, n) + dnow, n);
    store_some(w->dstate + u, dh * (1.0f - now) + dmean * (1.0f - share), n);
    store_some(w->dstate + w->H + u, kept - dnow, n);
  });
}

// The rows of slstm.c. gates i, f, z, o become the new value's share of the mean, and f, z, o activated; weights, the
// logarithms of the sums of weights, move on by a step.
static void slstm_forward_row_loop(ptrdiff_t H, const float *m_before, float *gates, float *weights, float *m, float *h) {
  float *input = gates, *forget = gates + H, *candidate = gates + 2 * H, *output = gates + 3 * H;
  EACH_VECTOR(H, {
    vector i = load_some(input + u, n), f = load_some(forget + u, n), z = hyperbolic_tangent(load_some(candidate + u, n));
    vector o = logistic(load_some(output + u, n)), mean = load_some(m_before + u, n);
    // ln of the logistic function, without its bounds.
    vector log_forget = choose(f < (vector){}, f, (vector){}) - log_one_plus_exp_minus(absolute(f));
    vector kept = load_some(weights + u, n) + log_forget, share = logistic(i - kept);
    mean += share * (z - mean);
    store_some(input + u, share, n);
    store_some(forget + u, logistic(f), n);
    store_some(candidate + u, z, n);
    store_some(output + u, o, n);
    store_some(m + u, mean, n);
    store_some(h + u, o * mean, n);
    store_some(weights + u, larger(i, kept) + log_one_plus_exp_minus(absolute(i - kept)), n);
  });
}
// gates become the gradient of the pre-activations; dm and dweights hold the gradients of the step's mean and weights and
// leave as those of the step before.
static void slstm_backward_row_loop(ptrdiff_t H, const float *m_before, const float *dh, const float *dh_later, float *gates,
                                    float *dm, float *dweights) {
  float *input = gates, *forget = gates + H, *candidate = gates + 2 * H, *output = gates + 3 * H;
  EACH_VECTOR(H, {
    vector share = load_some(input + u, n), f = load_some(forget + u, n), z = load_some(candidate + u, n);
    vector o = load_some(output + u, n), before = load_some(m_before + u, n), change = z - before;
    vector up = load_some(dh + u, n) + load_some(dh_later + u, n), d = load_some(dm + u, n) + up * o;
    vector dweight = load_some(dweights + u, n);
    vector dinput = d * change * share * (1.0f - share) + dweight * share, kept = dweight - dinput;
    store_some(input + u, dinput, n);
    store_some(forget + u, kept * (1.0f - f), n);
    store_some(candidate + u, d * share * (1.0f - z * z), n);
    store_some(output + u, up * (before + share * change) * o * (1.0f - o), n);
    store_some(dm + u, d * (1.0f - share), n);
    store_some(dweights + u, kept, n);
  });
}

static void scan_forward_row_loop(tlm_scan scan, const struct scan_row *row) {
  switch (scan) {
    case TLM_MIN_GRU: min_gru_forward(row); return;
    case TLM_MIN_LSTM: min_lstm_forward(row); return;
    case TLM_QRNN: qrnn_forward(row); return;
    case TLM_SRU: sru_forward(row); return;
    case TLM_WKV: wkv_forward(row); return;
  }
}
static void scan_backward_row_loop(tlm_scan scan, const struct scan_gradient_row *row) {
  switch (scan) {
    case TLM_MIN_GRU: min_gru_backward(row); return;
    case TLM_MIN_LSTM: min_lstm_backward(row); return;
    case TLM_QRNN: qrnn_backward(row); return;
    case TLM_SRU: sru_backward(row); return;
    case TLM_WKV: wkv_backward(row); return;
  }
}
