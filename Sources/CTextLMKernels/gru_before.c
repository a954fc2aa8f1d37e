// Gated recurrent units whose reset gate is in front of the recurrent product, as Cho et al. 2014 have it: two products a
// step, the second of which waits for the first. The batch is split over the threads as in lstm.c.
#include <math.h>
#include <string.h>

#include "kernels.h"

// MARK: Forward

struct forward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *gate_weight, *new_weight;
  const int32_t *tokens;
  const float *table, *h0;
  const bool *restarts;
  float *gates, *reset, *h;
};

static void forward(const struct forward_work *w, ptrdiff_t begin, ptrdiff_t end, tlm_packed_product multiply) {
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  bool adds = w->tokens == NULL;
  const float *h_before = w->h0 + begin * H;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin;
    float *gates = w->gates + first * 3 * H, *reset = w->reset + first * H, *h = w->h + first * H;
    h_before = tlm_state_before(scratch_hidden, w->restarts ? w->restarts + first : NULL, rows, H, h_before);
    multiply(w->gate_weight, rows, h_before, H, NULL, gates, 3 * H, adds);
    for (ptrdiff_t b = 0; b < rows; b++) {
      const float *table_row = w->tokens ? w->table + (ptrdiff_t)w->tokens[first + b] * 3 * H : NULL;
      float *a = gates + b * 3 * H;
      if (table_row) kernels->add(2 * H, table_row, a, a);
      kernels->sigmoid(2 * H, a, a);
      kernels->multiply(H, a, h_before + b * H, reset + b * H);
    }
    multiply(w->new_weight, rows, reset, H, NULL, gates + 2 * H, 3 * H, adds);
    for (ptrdiff_t b = 0; b < rows; b++) {
      const float *table_row = w->tokens ? w->table + (ptrdiff_t)w->tokens[first + b] * 3 * H : NULL;
      float *a = gates + b * 3 * H;
      if (table_row) kernels->add(H, table_row + 2 * H, a + 2 * H, a + 2 * H);
      kernels->gru_before_forward_row(H, h_before + b * H, a, h + b * H);
    }
    h_before = h;
  }
}

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  forward(context, begin, end, tlm_matmul_packed_serial);
}

void tlm_gru_before_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *gate_weight, const tlm_packed *new_weight,
  const int32_t *tokens, const float *table, const float *h0, const bool *restarts, float *gates, float *reset, float *h) {
  struct forward_work work = {T, B, H, gate_weight, new_weight, tokens, table, h0, restarts, gates, reset, h};
  if (B < tlm_rows_worth_splitting)
    forward(&work, 0, B, tlm_matmul_packed);
  else
    tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *gate_weight, *new_weight;
  const float *h, *h0, *dh;
  const bool *restarts;
  float *gates, *dh0;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  // dh0 carries the gradient of the state from step to step and ends as the initial state's.
  float *dh_later = w->dh0 + begin * H, *dreset = tlm_thread_scratch(scratch_units, (size_t)(rows * H) * sizeof(float));
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin;
    float *gates = w->gates + first * 3 * H;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    const float *h_before = tlm_state_before(
      scratch_hidden, restarts, rows, H, t > 0 ? w->h + (first - w->B) * H : w->h0 + begin * H);
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->gru_before_backward_row(H, h_before + b * H, w->dh + (first + b) * H, gates + b * 3 * H, dh_later + b * H);
    tlm_matmul_packed_serial(w->new_weight, rows, gates + 2 * H, 3 * H, NULL, dreset, H, false);
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->gru_before_reset_row(H, h_before + b * H, dreset + b * H, gates + b * 3 * H, dh_later + b * H);
    tlm_matmul_packed_serial(w->gate_weight, rows, gates, 3 * H, NULL, dh_later, H, true);
    tlm_clear_restarted(restarts, rows, H, dh_later);
  }
}

static void start_state_gradient(ptrdiff_t count, const float *dh_last, float *dh0) {
  size_t bytes = (size_t)count * sizeof(float);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
}

void tlm_gru_before_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *gate_weight, const tlm_packed *new_weight, const float *h,
  const float *h0, const bool *restarts, const float *dh, const float *dh_last, float *gates, float *dh0) {
  start_state_gradient(B * H, dh_last, dh0);
  struct backward_work work = {T, B, H, gate_weight, new_weight, h, h0, dh, restarts, gates, dh0};
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

void tlm_gru_before_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const int32_t *tokens, const float *table, const float *h0,
  const bool *restarts, float *gates, float *reset, float *h) {
  for (ptrdiff_t t = 0; t < T; t++)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      float *a = gates + row * 3 * H;
      for (ptrdiff_t j = 0; j < 3 * H; j++) {
        double sum = tokens ? table[tokens[row] * 3 * H + j] : a[j];
        for (ptrdiff_t p = 0; p < H; p++) {
          float seen = j < 2 * H ? before(t, B, H, b, p, restarts, h, h0) : reset[row * H + p];
          sum += (double)weight_hh[j * H + p] * seen;
        }
        a[j] = j < 2 * H ? plain_sigmoid((float)sum) : tanhf((float)sum);
        if (j < H) reset[row * H + j] = a[j] * before(t, B, H, b, j, restarts, h, h0);
      }
      for (ptrdiff_t u = 0; u < H; u++)
        h[row * H + u] = (1 - a[H + u]) * a[2 * H + u] + a[H + u] * before(t, B, H, b, u, restarts, h, h0);
    }
}

void tlm_gru_before_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *h, const float *h0, const bool *restarts,
  const float *dh, const float *dh_last, float *gates, float *dh0) {
  start_state_gradient(B * H, dh_last, dh0);
  for (ptrdiff_t t = T - 1; t >= 0; t--)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      float *a = gates + row * 3 * H, *dh_later = dh0 + b * H;
      for (ptrdiff_t u = 0; u < H; u++) {
        float z = a[H + u], value = a[2 * H + u], up = dh[row * H + u] + dh_later[u];
        a[H + u] = up * (before(t, B, H, b, u, restarts, h, h0) - value) * z * (1 - z);
        a[2 * H + u] = up * (1 - z) * (1 - value * value);
        dh_later[u] = up * z;
      }
      for (ptrdiff_t p = 0; p < H; p++) {
        double dreset = 0;
        for (ptrdiff_t u = 0; u < H; u++) dreset += (double)weight_hh[(2 * H + u) * H + p] * a[2 * H + u];
        dh_later[p] += (float)dreset * a[p];
        a[p] = (float)dreset * before(t, B, H, b, p, restarts, h, h0) * a[p] * (1 - a[p]);
      }
      for (ptrdiff_t p = 0; p < H; p++) {
        double sum = dh_later[p];
        for (ptrdiff_t j = 0; j < 2 * H; j++) sum += (double)weight_hh[j * H + p] * a[j];
        dh_later[p] = restarts && restarts[row] ? 0 : (float)sum;
      }
    }
}
