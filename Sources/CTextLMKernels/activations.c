// Activation functions and softmax of rows, split over the threads, and their plain twins.
#include <math.h>

#include "kernels.h"

// Fewer elements than this are done before a second thread would have started.
enum { worth_splitting = 1 << 13, cache_line = 16 };

// MARK: Activation functions

struct activation_work {
  tlm_activation function;
  const float *x, *dy;
  float *result;
};

static void activate_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct activation_work *w = context;
  tlm_current_kernels()->activate(w->function, end - begin, w->x + begin, w->result + begin);
}

void tlm_activate(tlm_activation function, ptrdiff_t count, const float *x, float *y) {
  struct activation_work work = {function, x, NULL, y};
  tlm_parallel_range(count, cache_line, worth_splitting, activate_share, &work);
}

static void activate_backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct activation_work *w = context;
  tlm_current_kernels()->activate_backward(w->function, end - begin, w->x + begin, w->dy + begin, w->result + begin);
}

void tlm_activate_backward(tlm_activation function, ptrdiff_t count, const float *x, const float *dy, float *dx) {
  struct activation_work work = {function, x, dy, dx};
  tlm_parallel_range(count, cache_line, worth_splitting, activate_backward_share, &work);
}

static double normal_part(double x) { return 0.5 * erfc(-x * sqrt(0.5)); }

void tlm_activate_plain(tlm_activation function, ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) switch (function) {
      case TLM_RELU: y[i] = x[i] > 0 ? x[i] : 0; break;
      case TLM_SILU: y[i] = (float)(x[i] / (1 + exp(-(double)x[i]))); break;
      case TLM_GELU: y[i] = (float)(x[i] * normal_part(x[i])); break;
    }
}

static double slope(tlm_activation function, double x) {
  double s = 1 / (1 + exp(-x));
  switch (function) {
    case TLM_RELU: return x > 0;
    case TLM_SILU: return s * (1 + x * (1 - s));
    case TLM_GELU: return normal_part(x) + x * exp(-x * x / 2) / sqrt(2 * acos(-1));
  }
  return 0;
}

void tlm_activate_backward_plain(tlm_activation function, ptrdiff_t count, const float *x, const float *dy, float *dx) {
  for (ptrdiff_t i = 0; i < count; i++) dx[i] = (float)(dy[i] * slope(function, x[i]));
}

// MARK: Softmax

struct softmax_work {
  ptrdiff_t width, mask_rows;
  const float *x, *mask, *dy;
  float *result;
};

static void softmax_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct softmax_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t r = begin; r < end; r++)
    kernels->softmax(w->width, w->x + r * w->width, w->mask ? w->mask + r % w->mask_rows * w->width : NULL,
                     w->result + r * w->width);
}

void tlm_softmax(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *mask, ptrdiff_t mask_rows, float *y) {
  struct softmax_work work = {width, mask_rows, x, mask, NULL, y};
  tlm_parallel_range(rows, 1, worth_splitting / (width + 1), softmax_share, &work);
}

void tlm_softmax_double(ptrdiff_t width, const float *x, double *y) { tlm_current_kernels()->softmax_double(width, x, y); }

static void softmax_backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct softmax_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t r = begin; r < end; r++)
    kernels->softmax_backward(w->width, w->x + r * w->width, w->dy + r * w->width, w->result + r * w->width);
}

void tlm_softmax_backward(ptrdiff_t rows, ptrdiff_t width, const float *y, const float *dy, float *dx) {
  struct softmax_work work = {width, 1, y, NULL, dy, dx};
  tlm_parallel_range(rows, 1, worth_splitting / (width + 1), softmax_backward_share, &work);
}

void tlm_softmax_plain(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *mask, ptrdiff_t mask_rows, float *y) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *row = x + r * width, *added = mask ? mask + r % mask_rows * width : NULL;
    double top = -INFINITY, total = 0;
    for (ptrdiff_t j = 0; j < width; j++) top = fmax(top, (double)row[j] + (added ? added[j] : 0));
    for (ptrdiff_t j = 0; j < width && top > -INFINITY; j++) total += exp((double)row[j] + (added ? added[j] : 0) - top);
    for (ptrdiff_t j = 0; j < width; j++)
      y[r * width + j] = total > 0 ? (float)(exp((double)row[j] + (added ? added[j] : 0) - top) / total) : 0;
  }
}

void tlm_softmax_double_plain(ptrdiff_t width, const float *x, double *y) {
  double top = -INFINITY, total = 0;
  for (ptrdiff_t j = 0; j < width; j++) top = fmax(top, x[j]);
  for (ptrdiff_t j = 0; j < width; j++) total += exp(x[j] - top);
  for (ptrdiff_t j = 0; j < width; j++) y[j] = exp(x[j] - top) / total;
}

void tlm_softmax_backward_plain(ptrdiff_t rows, ptrdiff_t width, const float *y, const float *dy, float *dx) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    double mean = 0;
    for (ptrdiff_t j = r * width; j < (r + 1) * width; j++) mean += (double)y[j] * dy[j];
    for (ptrdiff_t j = r * width; j < (r + 1) * width; j++) dx[j] = (float)(y[j] * (dy[j] - mean));
  }
}
