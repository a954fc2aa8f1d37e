// Optimizer steps, part of kernels_body.h. Each: the gradient clamped, scaled and with its L2 term; the rule; then decay
// of the weight and the proximal step of L1. Inputs and outputs may be the same buffers.

INLINE vector prepared_gradient(const tlm_update *u, vector gradient, vector theta) {
  vector g = at_most(at_least(gradient, -u->gradient_limit), u->gradient_limit) * u->gradient_scale;
  // Asked for, since adding 0 times an infinite weight would not be nothing.
  return u->l2 != 0 ? g + theta * u->l2 : g;
}

INLINE vector stepped(const tlm_update *u, vector theta, vector step) {
  vector next = theta * (1.0f - u->learning_rate * u->weight_decay) - step;
  if (u->l1 == 0) return next;
  float threshold = u->learning_rate * u->l1;
  // next * 0 in the middle keeps a NaN.
  return choose(next > splat(threshold), next - threshold,
                choose(next < splat(-threshold), next + threshold, next * 0.0f));
}

static void adam_loop(ptrdiff_t n, const tlm_update *u, const tlm_adam_settings *s, const float *gradient,
                      const float *theta, const float *m, const float *v, float *theta_out, float *m_out, float *v_out) {
  float rate = u->learning_rate / s->correction1, root = 1.0f / s->correction2;
  for (ptrdiff_t i = 0; i < n; i += LANES) {
    ptrdiff_t left = n - i;
    vector weight = load_some(theta + i, left);
    vector g = prepared_gradient(u, load_some(gradient + i, left), weight);
    vector mean = load_some(m + i, left) * s->beta1 + g * (1.0f - s->beta1);
    vector square = load_some(v + i, left) * s->beta2 + g * g * (1.0f - s->beta2);
    vector step = mean * rate / (__builtin_elementwise_sqrt(square * root) + s->epsilon);
    store_some(theta_out + i, stepped(u, weight, step), left);
    store_some(m_out + i, mean, left);
    store_some(v_out + i, square, left);
  }
}

static void sgd_loop(ptrdiff_t n, const tlm_update *u, const tlm_sgd_settings *s, const float *gradient,
                     const float *theta, const float *b, float *theta_out, float *b_out) {
  for (ptrdiff_t i = 0; i < n; i += LANES) {
    ptrdiff_t left = n - i;
    vector weight = load_some(theta + i, left);
    vector g = prepared_gradient(u, load_some(gradient + i, left), weight), direction = g;
    if (b) {
      vector buffer = load_some(b + i, left) * s->keep + g * s->take;
      direction = s->nesterov ? g + buffer * s->momentum : buffer;
      store_some(b_out + i, buffer, left);
    }
    store_some(theta_out + i, stepped(u, weight, direction * u->learning_rate), left);
  }
}

static void rmsprop_loop(ptrdiff_t n, const tlm_update *u, const tlm_rmsprop_settings *s, const float *gradient,
                         const float *theta, const float *v, const float *a, const float *b, float *theta_out,
                         float *v_out, float *a_out, float *b_out) {
  for (ptrdiff_t i = 0; i < n; i += LANES) {
    ptrdiff_t left = n - i;
    vector weight = load_some(theta + i, left);
    vector g = prepared_gradient(u, load_some(gradient + i, left), weight);
    vector square = load_some(v + i, left) * s->decay + g * g * (1.0f - s->decay), spread = square;
    store_some(v_out + i, square, left);
    if (a) {
      vector mean = load_some(a + i, left) * s->decay + g * (1.0f - s->decay);
      store_some(a_out + i, mean, left);
      // Rounding can leave a variance of nearly 0 below it.
      spread = at_least(square - mean * mean, 0.0f);
    }
    vector direction = g / (__builtin_elementwise_sqrt(spread) + s->epsilon);
    if (b) {
      direction += load_some(b + i, left) * s->momentum;
      store_some(b_out + i, direction, left);
    }
    store_some(theta_out + i, stepped(u, weight, direction * u->learning_rate), left);
  }
}
