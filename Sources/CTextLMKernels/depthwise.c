// Causal convolution of each channel by itself: y[t] = bias + sum over j of weight[j] x[t - (K - 1 - j)].
#include <string.h>

#include "kernels.h"

struct work {
  ptrdiff_t T, B, D, K;
  const float *x, *past, *weight, *bias;
  const bool *restarts;
  float *y;
  const float *dy;
  float *dx, *dpast, *dparameters;
};

// Row b at step t, which before the first step is in the past [B, K - 1, D].
static ptrdiff_t place(const struct work *w, ptrdiff_t t, ptrdiff_t b) {
  return (t >= 0 ? t * w->B + b : b * (w->K - 1) + w->K - 1 + t) * w->D;
}

// The earliest of the K steps up to t that row b sees: none from before it began anew.
static ptrdiff_t earliest(const struct work *w, ptrdiff_t t, ptrdiff_t b) {
  ptrdiff_t first = t;
  while (first > t - (w->K - 1) && !(w->restarts && first >= 0 && w->restarts[first * w->B + b])) first--;
  return first;
}

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t row = begin; row < end; row++) {
    ptrdiff_t t = row / w->B, b = row % w->B;
    float *y = w->y + row * w->D;
    memcpy(y, w->bias, (size_t)w->D * sizeof(float));
    for (ptrdiff_t from = earliest(w, t, b); from <= t; from++)
      kernels->multiply_add(w->D, w->weight + (w->K - 1 - (t - from)) * w->D,
                            (from >= 0 ? w->x : w->past) + place(w, from, b), y);
  }
}

void tlm_depthwise_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t K, const float *x, const float *past, const float *weight,
  const float *bias, const bool *restarts, float *y) {
  struct work work = {.T = T, .B = B, .D = D, .K = K, .x = x, .past = past, .weight = weight, .bias = bias,
                      .restarts = restarts, .y = y};
  tlm_parallel_range(T * B, 1, (1 << 14) / (K * D + 1), forward_rows, &work);
}

// Rows of the batch: what is before the first step and the parameters' gradients belong to a row.
static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t D = w->D, K = w->K;
  for (ptrdiff_t b = begin; b < end; b++) {
    float *dparameters = w->dparameters + b * (K + 1) * D;
    for (ptrdiff_t t = 0; t < w->T; t++) {
      const float *dy = w->dy + (t * w->B + b) * D;
      kernels->add(D, dy, dparameters + K * D, dparameters + K * D);
      for (ptrdiff_t from = earliest(w, t, b); from <= t; from++) {
        ptrdiff_t j = K - 1 - (t - from), at = place(w, from, b);
        kernels->multiply_add(D, w->weight + j * D, dy, (from >= 0 ? w->dx : w->dpast) + at);
        kernels->multiply_add(D, (from >= 0 ? w->x : w->past) + at, dy, dparameters + j * D);
      }
    }
  }
}

void tlm_depthwise_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t K, const float *x, const float *past, const float *weight,
  const bool *restarts, const float *dy, float *dx, float *dpast, float *dparameters) {
  memset(dx, 0, (size_t)(T * B * D) * sizeof(float));
  memset(dpast, 0, (size_t)(B * (K - 1) * D) * sizeof(float));
  memset(dparameters, 0, (size_t)(B * (K + 1) * D) * sizeof(float));
  struct work work = {.T = T, .B = B, .D = D, .K = K, .x = x, .past = past, .weight = weight, .restarts = restarts,
                      .dy = dy, .dx = dx, .dpast = dpast, .dparameters = dparameters};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}

// MARK: Plain twins

// Whether row b sees at step t what it was given at step `from`.
static bool sees(ptrdiff_t B, ptrdiff_t t, ptrdiff_t from, ptrdiff_t b, const bool *restarts) {
  for (ptrdiff_t s = from < 0 ? 0 : from + 1; restarts && s <= t; s++)
    if (restarts[s * B + b]) return false;
  return true;
}

void tlm_depthwise_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t K, const float *x, const float *past, const float *weight,
  const float *bias, const bool *restarts, float *y) {
  struct work w = {.T = T, .B = B, .D = D, .K = K};
  for (ptrdiff_t i = 0; i < T * B * D; i++) {
    ptrdiff_t t = i / D / B, b = i / D % B, d = i % D;
    double sum = bias[d];
    for (ptrdiff_t j = 0; j < K; j++) {
      ptrdiff_t from = t - (K - 1 - j);
      if (sees(B, t, from, b, restarts)) sum += (double)weight[j * D + d] * (from >= 0 ? x : past)[place(&w, from, b) + d];
    }
    y[i] = (float)sum;
  }
}

void tlm_depthwise_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t K, const float *x, const float *past, const float *weight,
  const bool *restarts, const float *dy, float *dx, float *dpast, float *dparameters) {
  struct work w = {.T = T, .B = B, .D = D, .K = K};
  for (ptrdiff_t b = 0; b < B; b++)
    for (ptrdiff_t d = 0; d < D; d++) {
      for (ptrdiff_t s = 1 - K; s < T; s++) {
        double sum = 0;
        for (ptrdiff_t j = 0; j < K; j++) {
          ptrdiff_t t = s + K - 1 - j;
          if (t >= 0 && t < T && sees(B, t, s, b, restarts)) sum += (double)weight[j * D + d] * dy[(t * B + b) * D + d];
        }
        (s >= 0 ? dx : dpast)[place(&w, s, b) + d] = (float)sum;
      }
      for (ptrdiff_t j = 0; j <= K; j++) {
        double sum = 0;
        for (ptrdiff_t t = 0; t < T; t++) {
          ptrdiff_t from = t - (K - 1 - j);
          if (j < K && !sees(B, t, from, b, restarts)) continue;
          sum += dy[(t * B + b) * D + d] * (j == K ? 1.0 : (from >= 0 ? x : past)[place(&w, from, b) + d]);
        }
        dparameters[(b * (K + 1) + j) * D + d] = (float)sum;
      }
    }
}
