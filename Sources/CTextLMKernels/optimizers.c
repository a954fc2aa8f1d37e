// Optimizer steps over the threads, and their plain twins.
#include <math.h>

#include "kernels.h"

// Fewer elements than this are done before a second thread would have started.
enum { worth_splitting = 1 << 14, cache_line = 16 };

// Buffers that a rule does not use are NULL, and stay so.
static const float *from(const float *buffer, ptrdiff_t begin) { return buffer ? buffer + begin : NULL; }
static float *into(float *buffer, ptrdiff_t begin) { return buffer ? buffer + begin : NULL; }

struct adam_work {
  const struct kernels *kernels;
  tlm_update update;
  tlm_adam_settings settings;
  const float *gradient, *theta, *m, *v;
  float *theta_out, *m_out, *v_out;
};

static void adam_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct adam_work *w = context;
  w->kernels->adam(end - begin, &w->update, &w->settings, w->gradient + begin, w->theta + begin, w->m + begin,
                   w->v + begin, w->theta_out + begin, w->m_out + begin, w->v_out + begin);
}

void tlm_adam(
  ptrdiff_t count, tlm_update update, tlm_adam_settings settings, const float *gradient, const float *theta,
  const float *m, const float *v, float *theta_out, float *m_out, float *v_out) {
  struct adam_work work = {tlm_current_kernels(), update, settings, gradient, theta, m, v, theta_out, m_out, v_out};
  tlm_parallel_range(count, cache_line, worth_splitting, adam_share, &work);
}

struct sgd_work {
  const struct kernels *kernels;
  tlm_update update;
  tlm_sgd_settings settings;
  const float *gradient, *theta, *b;
  float *theta_out, *b_out;
};

static void sgd_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct sgd_work *w = context;
  w->kernels->sgd(end - begin, &w->update, &w->settings, w->gradient + begin, w->theta + begin, from(w->b, begin),
                  w->theta_out + begin, into(w->b_out, begin));
}

void tlm_sgd(
  ptrdiff_t count, tlm_update update, tlm_sgd_settings settings, const float *gradient, const float *theta,
  const float *b, float *theta_out, float *b_out) {
  struct sgd_work work = {tlm_current_kernels(), update, settings, gradient, theta, b, theta_out, b_out};
  tlm_parallel_range(count, cache_line, worth_splitting, sgd_share, &work);
}

struct rmsprop_work {
  const struct kernels *kernels;
  tlm_update update;
  tlm_rmsprop_settings settings;
  const float *gradient, *theta, *v, *a, *b;
  float *theta_out, *v_out, *a_out, *b_out;
};

static void rmsprop_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct rmsprop_work *w = context;
  w->kernels->rmsprop(end - begin, &w->update, &w->settings, w->gradient + begin, w->theta + begin, w->v + begin,
                      from(w->a, begin), from(w->b, begin), w->theta_out + begin, w->v_out + begin,
                      into(w->a_out, begin), into(w->b_out, begin));
}

void tlm_rmsprop(
  ptrdiff_t count, tlm_update update, tlm_rmsprop_settings settings, const float *gradient, const float *theta,
  const float *v, const float *a, const float *b, float *theta_out, float *v_out, float *a_out, float *b_out) {
  struct rmsprop_work work = {tlm_current_kernels(), update, settings, gradient, theta, v, a, b,
                              theta_out, v_out, a_out, b_out};
  tlm_parallel_range(count, cache_line, worth_splitting, rmsprop_share, &work);
}

// MARK: Plain twins

static double plain_gradient(const tlm_update *u, double gradient, double theta) {
  double g = gradient > u->gradient_limit ? u->gradient_limit : gradient;
  g = g < -u->gradient_limit ? -u->gradient_limit : g;
  return g * u->gradient_scale + (u->l2 != 0 ? theta * u->l2 : 0);
}

static double plain_step(const tlm_update *u, double theta, double step) {
  double next = theta * (1 - (double)u->learning_rate * u->weight_decay) - step;
  double threshold = (double)u->learning_rate * u->l1;
  if (threshold == 0) return next;
  return next > threshold ? next - threshold : next < -threshold ? next + threshold : next * 0;
}

void tlm_adam_plain(
  ptrdiff_t count, tlm_update update, tlm_adam_settings s, const float *gradient, const float *theta, const float *m,
  const float *v, float *theta_out, float *m_out, float *v_out) {
  for (ptrdiff_t i = 0; i < count; i++) {
    double g = plain_gradient(&update, gradient[i], theta[i]);
    double mean = s.beta1 * (double)m[i] + (1 - (double)s.beta1) * g;
    double square = s.beta2 * (double)v[i] + (1 - (double)s.beta2) * g * g;
    double step = update.learning_rate * (mean / s.correction1) / (sqrt(square / s.correction2) + s.epsilon);
    theta_out[i] = (float)plain_step(&update, theta[i], step);
    m_out[i] = (float)mean;
    v_out[i] = (float)square;
  }
}

void tlm_sgd_plain(
  ptrdiff_t count, tlm_update update, tlm_sgd_settings s, const float *gradient, const float *theta, const float *b,
  float *theta_out, float *b_out) {
  for (ptrdiff_t i = 0; i < count; i++) {
    double g = plain_gradient(&update, gradient[i], theta[i]), direction = g;
    if (b) {
      double buffer = (double)b[i] * s.keep + g * s.take;
      direction = s.nesterov ? g + buffer * s.momentum : buffer;
      b_out[i] = (float)buffer;
    }
    theta_out[i] = (float)plain_step(&update, theta[i], direction * update.learning_rate);
  }
}

void tlm_rmsprop_plain(
  ptrdiff_t count, tlm_update update, tlm_rmsprop_settings s, const float *gradient, const float *theta, const float *v,
  const float *a, const float *b, float *theta_out, float *v_out, float *a_out, float *b_out) {
  for (ptrdiff_t i = 0; i < count; i++) {
    double g = plain_gradient(&update, gradient[i], theta[i]);
    double square = s.decay * (double)v[i] + (1 - (double)s.decay) * g * g, spread = square;
    if (a) {
      double mean = s.decay * (double)a[i] + (1 - (double)s.decay) * g;
      a_out[i] = (float)mean;
      spread = fmax(square - mean * mean, 0);
    }
    double direction = g / (sqrt(spread) + s.epsilon);
    if (b) {
      direction += (double)b[i] * s.momentum;
      b_out[i] = (float)direction;
    }
    v_out[i] = (float)square;
    theta_out[i] = (float)plain_step(&update, theta[i], direction * update.learning_rate);
  }
}
