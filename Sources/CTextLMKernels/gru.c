// Gated recurrent units over a whole sequence (Cho et al. 2014; with the reset gate behind the recurrent product, as in
// PyTorch's nn.GRU). The batch is split over the threads as in lstm.c.
#include <math.h>
#include <string.h>

#include "kernels.h"

// MARK: Forward

struct forward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *weight;
  const float *bias;
  const int32_t *tokens;
  const float *table, *h0;
  const bool *restarts;
  float *gates, *recurrent, *h;
};

static void forward(const struct forward_work *w, ptrdiff_t begin, ptrdiff_t end, tlm_packed_product multiply) {
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  const float *h_before = w->h0 + begin * H;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin;
    h_before = tlm_state_before(scratch_hidden, w->restarts ? w->restarts + first : NULL, rows, H, h_before);
    multiply(w->weight, rows, h_before, H, w->bias, w->recurrent + first * 3 * H, 3 * H, false);
    for (ptrdiff_t row = first; row < first + rows; row++) {
      float *gates = w->gates + row * 3 * H;
      const float *input = w->tokens ? w->table + (ptrdiff_t)w->tokens[row] * 3 * H : gates;
      kernels->gru_forward_row(H, input, h_before + (row - first) * H, gates, w->recurrent + row * 3 * H, w->h + row * H);
    }
    h_before = w->h + first * H;
  }
}

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  forward(context, begin, end, tlm_matmul_packed_serial);
}

void tlm_gru_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *weight, const float *bias, const int32_t *tokens,
  const float *table, const float *h0, const bool *restarts, float *gates, float *recurrent, float *h) {
  struct forward_work work = {T, B, H, weight, bias, tokens, table, h0, restarts, gates, recurrent, h};
  if (B < tlm_rows_worth_splitting)
    forward(&work, 0, B, tlm_matmul_packed);
  else
    tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *weight;
  const float *h, *h0, *dh;
  const bool *restarts;
  float *gates, *recurrent, *dh0;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  // dh0 carries the gradient of the state from step to step and ends as the initial state's.
  float *dh_later = w->dh0 + begin * H;
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    const float *h_before = tlm_state_before(
      scratch_hidden, restarts, rows, H, t > 0 ? w->h + (first - w->B) * H : w->h0 + begin * H);
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->gru_backward_row(H, h_before + b * H, w->dh + (first + b) * H, w->gates + (first + b) * 3 * H,
                                w->recurrent + (first + b) * 3 * H, dh_later + b * H);
    tlm_matmul_packed_serial(w->weight, rows, w->recurrent + first * 3 * H, 3 * H, NULL, dh_later, H, true);
    tlm_clear_restarted(restarts, rows, H, dh_later);
  }
}

static void start_state_gradient(ptrdiff_t count, const float *dh_last, float *dh0) {
  size_t bytes = (size_t)count * sizeof(float);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
}

void tlm_gru_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *weight, const float *h, const float *h0, const bool *restarts,
  const float *dh, const float *dh_last, float *gates, float *recurrent, float *dh0) {
  start_state_gradient(B * H, dh_last, dh0);
  struct backward_work work = {T, B, H, weight, h, h0, dh, restarts, gates, recurrent, dh0};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}

// MARK: Plain twins

static float plain_sigmoid(float x) { return 1 / (1 + expf(-x)); }

// Unit u of the state of row b before step t.
static float before(ptrdiff_t t, ptrdiff_t B, ptrdiff_t H, ptrdiff_t b, ptrdiff_t u, const bool *restarts, const float *h,
                    const float *h0) {
  if (restarts && restarts[t * B + b]) return 0;
  return t > 0 ? h[((t - 1) * B + b) * H + u] : h0[b * H + u];
}

void tlm_gru_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *bias, const int32_t *tokens,
  const float *table, const float *h0, const bool *restarts, float *gates, float *recurrent, float *h) {
  for (ptrdiff_t t = 0; t < T; t++)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      float *a = gates + row * 3 * H, *q = recurrent + row * 3 * H;
      for (ptrdiff_t j = 0; j < 3 * H; j++) {
        double sum = bias[j];
        for (ptrdiff_t p = 0; p < H; p++) sum += (double)weight_hh[j * H + p] * before(t, B, H, b, p, restarts, h, h0);
        q[j] = (float)sum;
        if (tokens) a[j] = table[tokens[row] * 3 * H + j];
      }
      for (ptrdiff_t u = 0; u < H; u++) {
        float r = plain_sigmoid(a[u] + q[u]), z = plain_sigmoid(a[H + u] + q[H + u]);
        float value = tanhf(a[2 * H + u] + r * q[2 * H + u]);
        a[u] = r;
        a[H + u] = z;
        a[2 * H + u] = value;
        h[row * H + u] = (1 - z) * value + z * before(t, B, H, b, u, restarts, h, h0);
      }
    }
}

void tlm_gru_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *h, const float *h0, const bool *restarts,
  const float *dh, const float *dh_last, float *gates, float *recurrent, float *dh0) {
  start_state_gradient(B * H, dh_last, dh0);
  for (ptrdiff_t t = T - 1; t >= 0; t--)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      float *a = gates + row * 3 * H, *q = recurrent + row * 3 * H, *dh_later = dh0 + b * H;
      for (ptrdiff_t u = 0; u < H; u++) {
        float r = a[u], z = a[H + u], value = a[2 * H + u], up = dh[row * H + u] + dh_later[u];
        float dvalue = up * (1 - z) * (1 - value * value), dr = dvalue * q[2 * H + u] * r * (1 - r);
        float dz = up * (before(t, B, H, b, u, restarts, h, h0) - value) * z * (1 - z);
        a[u] = q[u] = dr;
        a[H + u] = q[H + u] = dz;
        a[2 * H + u] = dvalue;
        q[2 * H + u] = dvalue * r;
        dh_later[u] = up * z;
      }
      for (ptrdiff_t p = 0; p < H; p++) {
        double sum = dh_later[p];
        for (ptrdiff_t j = 0; j < 3 * H; j++) sum += (double)weight_hh[j * H + p] * q[j];
        dh_later[p] = restarts && restarts[row] ? 0 : (float)sum;
      }
    }
}
