// Reading of windows of earlier steps. Each row of the batch is one part of a parallel region, because the gradients of keys
// and values are sums over the steps that see them.
#include <math.h>
#include <string.h>

#include "kernels.h"

struct window_work {
  const tlm_window *window;
  const float *queries, *keys, *factors, *dscores;
  float *scores, *dqueries, *dkeys, *dfactors;
};

static void run(const tlm_window *w, void (*share)(void *, ptrdiff_t, ptrdiff_t), void *work) {
  tlm_parallel_range(w->B, 1, (1 << 15) / (w->T * w->count * w->width + 1), share, work);
}

static void scores_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct window_work *work = context;
  const tlm_window *w = work->window;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t b = begin; b < end; b++)
    for (ptrdiff_t t = 0; t < w->T; t++) {
      const float *query = work->queries + (t * w->B + b) * w->width;
      float *scores = work->scores + (t * w->B + b) * w->count;
      for (ptrdiff_t j = 0; j < w->count; j++) {
        const float *key = work->keys + ((t + j) * w->B + b) * w->width;
        scores[j] = work->factors ? kernels->additive_score(w->width, query, key, work->factors)
                                  : kernels->dot(w->width, query, key);
      }
    }
}

void tlm_window_scores(
  const tlm_window *window, const float *queries, const float *keys, const float *factors, float *scores) {
  struct window_work work = {.window = window, .queries = queries, .keys = keys, .factors = factors, .scores = scores};
  run(window, scores_share, &work);
}

static void clear_row(const tlm_window *w, ptrdiff_t b, float *rows) {
  for (ptrdiff_t r = 0; r < w->rows; r++) memset(rows + (r * w->B + b) * w->width, 0, (size_t)w->width * sizeof(float));
}

static void scores_backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct window_work *work = context;
  const tlm_window *w = work->window;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t b = begin; b < end; b++) {
    float *dfactors = work->dfactors ? work->dfactors + b * w->width : NULL;
    if (dfactors) memset(dfactors, 0, (size_t)w->width * sizeof(float));
    clear_row(w, b, work->dkeys);
    for (ptrdiff_t t = 0; t < w->T; t++) {
      const float *query = work->queries + (t * w->B + b) * w->width, *dscores = work->dscores + (t * w->B + b) * w->count;
      float *dquery = work->dqueries + (t * w->B + b) * w->width;
      memset(dquery, 0, (size_t)w->width * sizeof(float));
      for (ptrdiff_t j = 0; j < w->count; j++) {
        ptrdiff_t place = ((t + j) * w->B + b) * w->width;
        if (dscores[j] == 0) continue;  // as it is at every place that is masked
        if (dfactors) {
          kernels->additive_score_backward(w->width, dscores[j], query, work->keys + place, work->factors, dquery,
                                           work->dkeys + place, dfactors);
        } else {
          kernels->add_scaled(w->width, dscores[j], work->keys + place, dquery);
          kernels->add_scaled(w->width, dscores[j], query, work->dkeys + place);
        }
      }
    }
  }
}

void tlm_window_scores_backward(
  const tlm_window *window, const float *queries, const float *keys, const float *factors, const float *dscores,
  float *dqueries, float *dkeys, float *dfactors) {
  struct window_work work = {.window = window, .queries = queries, .keys = keys, .factors = factors, .dscores = dscores,
                             .dqueries = dqueries, .dkeys = dkeys, .dfactors = dfactors};
  run(window, scores_backward_share, &work);
}

struct sums_work {
  const tlm_window *window;
  const float *weights, *values, *dy;
  float *y, *dweights, *dvalues;
};

static void sums_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct sums_work *work = context;
  const tlm_window *w = work->window;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t b = begin; b < end; b++)
    for (ptrdiff_t t = 0; t < w->T; t++) {
      const float *weights = work->weights + (t * w->B + b) * w->count;
      float *y = work->y + (t * w->B + b) * w->width;
      memset(y, 0, (size_t)w->width * sizeof(float));
      for (ptrdiff_t j = 0; j < w->count; j++)
        kernels->add_scaled(w->width, weights[j], work->values + ((t + j) * w->B + b) * w->width, y);
    }
}

void tlm_window_sums(const tlm_window *window, const float *weights, const float *values, float *y) {
  struct sums_work work = {.window = window, .weights = weights, .values = values, .y = y};
  run(window, sums_share, &work);
}

static void sums_backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct sums_work *work = context;
  const tlm_window *w = work->window;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t b = begin; b < end; b++) {
    clear_row(w, b, work->dvalues);
    for (ptrdiff_t t = 0; t < w->T; t++) {
      ptrdiff_t step = t * w->B + b;
      const float *dy = work->dy + step * w->width;
      for (ptrdiff_t j = 0; j < w->count; j++) {
        ptrdiff_t place = ((t + j) * w->B + b) * w->width;
        work->dweights[step * w->count + j] = kernels->dot(w->width, dy, work->values + place);
        kernels->add_scaled(w->width, work->weights[step * w->count + j], dy, work->dvalues + place);
      }
    }
  }
}

void tlm_window_sums_backward(
  const tlm_window *window, const float *weights, const float *values, const float *dy, float *dweights, float *dvalues) {
  struct sums_work work = {.window = window, .weights = weights, .values = values, .dy = dy, .dweights = dweights,
                           .dvalues = dvalues};
  run(window, sums_backward_share, &work);
}

// MARK: Plain twins; backward has differences for its

void tlm_window_scores_plain(
  const tlm_window *window, const float *queries, const float *keys, const float *factors, float *scores) {
  const tlm_window *w = window;
  for (ptrdiff_t step = 0; step < w->T * w->B; step++)
    for (ptrdiff_t j = 0; j < w->count; j++) {
      const float *q = queries + step * w->width, *k = keys + (step + j * w->B) * w->width;
      double sum = 0;
      for (ptrdiff_t i = 0; i < w->width; i++) sum += factors ? factors[i] * tanh((double)q[i] + k[i]) : (double)q[i] * k[i];
      scores[step * w->count + j] = (float)sum;
    }
}

void tlm_window_sums_plain(const tlm_window *window, const float *weights, const float *values, float *y) {
  const tlm_window *w = window;
  for (ptrdiff_t step = 0; step < w->T * w->B; step++)
    for (ptrdiff_t i = 0; i < w->width; i++) {
      double sum = 0;
      for (ptrdiff_t j = 0; j < w->count; j++)
        sum += (double)weights[step * w->count + j] * values[(step + j * w->B) * w->width + i];
      y[step * w->width + i] = (float)sum;
    }
}
