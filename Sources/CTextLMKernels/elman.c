// Elman's recurrent network over a whole sequence (Elman 1990; PyTorch's nn.RNN). The batch is split over the threads as in
// lstm.c.
#include <math.h>
#include <string.h>

#include "kernels.h"

// MARK: Forward

struct forward_work {
  ptrdiff_t T, B, H;
  tlm_nonlinearity nonlinearity;
  const tlm_packed *weight;
  const int32_t *tokens;
  const float *table, *h0;
  const bool *restarts;
  float *h;
};

static void forward(const struct forward_work *w, ptrdiff_t begin, ptrdiff_t end, tlm_packed_product multiply) {
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  const float *h_before = w->h0 + begin * H;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin;
    float *h = w->h + first * H;
    h_before = tlm_state_before(scratch_hidden, w->restarts ? w->restarts + first : NULL, rows, H, h_before);
    multiply(w->weight, rows, h_before, H, NULL, h, H, w->tokens == NULL);
    for (ptrdiff_t b = 0; b < rows; b++) {
      const float *table_row = w->tokens ? w->table + (ptrdiff_t)w->tokens[first + b] * H : NULL;
      kernels->elman_forward_row(H, w->nonlinearity, table_row, h + b * H);
    }
    h_before = h;
  }
}

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  forward(context, begin, end, tlm_matmul_packed_serial);
}

void tlm_elman_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, tlm_nonlinearity nonlinearity, const tlm_packed *weight, const int32_t *tokens,
  const float *table, const float *h0, const bool *restarts, float *h) {
  struct forward_work work = {T, B, H, nonlinearity, weight, tokens, table, h0, restarts, h};
  if (B < tlm_rows_worth_splitting)
    forward(&work, 0, B, tlm_matmul_packed);
  else
    tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  ptrdiff_t T, B, H;
  tlm_nonlinearity nonlinearity;
  const tlm_packed *weight;
  const float *h, *dh;
  const bool *restarts;
  float *da, *dh0;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  // dh0 carries the gradient of the state from step to step and ends as the initial state's.
  float *dh_later = w->dh0 + begin * H;
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin;
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->elman_backward_row(H, w->nonlinearity, w->h + (first + b) * H, w->dh + (first + b) * H, dh_later + b * H,
                                  w->da + (first + b) * H);
    tlm_matmul_packed_serial(w->weight, rows, w->da + first * H, H, NULL, dh_later, H, false);
    tlm_clear_restarted(w->restarts ? w->restarts + first : NULL, rows, H, dh_later);
  }
}

static void start_state_gradient(ptrdiff_t count, const float *dh_last, float *dh0) {
  size_t bytes = (size_t)count * sizeof(float);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
}

void tlm_elman_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, tlm_nonlinearity nonlinearity, const tlm_packed *weight, const float *h,
  const bool *restarts, const float *dh, const float *dh_last, float *da, float *dh0) {
  start_state_gradient(B * H, dh_last, dh0);
  struct backward_work work = {T, B, H, nonlinearity, weight, h, dh, restarts, da, dh0};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}

// MARK: Plain twins

void tlm_elman_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, tlm_nonlinearity nonlinearity, const float *weight_hh, const int32_t *tokens,
  const float *table, const float *h0, const bool *restarts, float *h) {
  for (ptrdiff_t t = 0; t < T; t++)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      bool starts = restarts && restarts[row];
      const float *h_before = t > 0 ? h + (row - B) * H : h0 + b * H;
      for (ptrdiff_t u = 0; u < H; u++) {
        double sum = tokens ? table[tokens[row] * H + u] : h[row * H + u];
        for (ptrdiff_t p = 0; p < H && !starts; p++) sum += (double)weight_hh[u * H + p] * h_before[p];
        h[row * H + u] = nonlinearity == TLM_ELMAN_TANH ? tanhf((float)sum) : sum < 0 ? 0 : (float)sum;
      }
    }
}

void tlm_elman_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, tlm_nonlinearity nonlinearity, const float *weight_hh, const float *h,
  const bool *restarts, const float *dh, const float *dh_last, float *da, float *dh0) {
  start_state_gradient(B * H, dh_last, dh0);
  for (ptrdiff_t t = T - 1; t >= 0; t--)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      for (ptrdiff_t u = 0; u < H; u++) {
        float out = h[row * H + u], slope = nonlinearity == TLM_ELMAN_TANH ? 1 - out * out : out > 0 ? 1 : 0;
        da[row * H + u] = (dh[row * H + u] + dh0[b * H + u]) * slope;
      }
      for (ptrdiff_t p = 0; p < H; p++) {
        double sum = 0;
        for (ptrdiff_t u = 0; u < H; u++) sum += (double)weight_hh[u * H + p] * da[row * H + u];
        dh0[b * H + p] = restarts && restarts[row] ? 0 : (float)sum;
      }
    }
}
