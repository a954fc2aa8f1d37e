// LSTM over a whole sequence (equations: PyTorch's nn.LSTM; backward: Graves 2012, chapter 4). The batch is split over
// the threads: rows never meet, so a thread carries its own through all steps without waiting for another.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

// MARK: Forward

struct forward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *recurrent;
  const int32_t *tokens;
  const float *table, *h0, *c0;
  const bool *restarts;
  float *gates, *c, *h;
};

const float *tlm_state_before(enum scratch_purpose purpose, const bool *restarts, ptrdiff_t rows, ptrdiff_t H,
                              const float *state) {
  if (!restarts || !memchr(restarts, true, (size_t)rows)) return state;
  float *copy = tlm_thread_scratch(purpose, (size_t)(rows * H) * sizeof(float));
  for (ptrdiff_t b = 0; b < rows; b++)
    if (restarts[b])
      memset(copy + b * H, 0, (size_t)H * sizeof(float));
    else
      memcpy(copy + b * H, state + b * H, (size_t)H * sizeof(float));
  return copy;
}

void tlm_clear_restarted(const bool *restarts, ptrdiff_t rows, ptrdiff_t H, float *gradient) {
  for (ptrdiff_t b = 0; restarts && b < rows; b++)
    if (restarts[b]) memset(gradient + b * H, 0, (size_t)H * sizeof(float));
}

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct forward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  const float *h_before = w->h0 + begin * H, *c_before = w->c0 + begin * H;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin;
    float *gates = w->gates + first * 4 * H, *c = w->c + first * H, *h = w->h + first * H;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    h_before = tlm_state_before(scratch_hidden, restarts, rows, H, h_before);
    c_before = tlm_state_before(scratch_cells, restarts, rows, H, c_before);
    tlm_matmul_packed_serial(w->recurrent, rows, h_before, H, NULL, gates, 4 * H, w->tokens == NULL);
    for (ptrdiff_t b = 0; b < rows; b++) {
      const float *table_row = w->tokens ? w->table + (ptrdiff_t)w->tokens[first + b] * 4 * H : NULL;
      kernels->lstm_forward_row(H, table_row, c_before + b * H, gates + b * 4 * H, c + b * H, h + b * H);
    }
    h_before = h;
    c_before = c;
  }
}

static void forward_steps(const struct forward_work *w) {
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, B = w->B;
  const float *h_before = w->h0, *c_before = w->c0;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    float *gates = w->gates + t * B * 4 * H, *c = w->c + t * B * H, *h = w->h + t * B * H;
    const bool *restarts = w->restarts ? w->restarts + t * B : NULL;
    h_before = tlm_state_before(scratch_hidden, restarts, B, H, h_before);
    c_before = tlm_state_before(scratch_cells, restarts, B, H, c_before);
    tlm_matmul_packed(w->recurrent, B, h_before, H, NULL, gates, 4 * H, w->tokens == NULL);
    for (ptrdiff_t b = 0; b < B; b++) {
      const float *table_row = w->tokens ? w->table + (ptrdiff_t)w->tokens[t * B + b] * 4 * H : NULL;
      kernels->lstm_forward_row(H, table_row, c_before + b * H, gates + b * 4 * H, c + b * H, h + b * H);
    }
    h_before = h;
    c_before = c;
  }
}

void tlm_lstm_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const int32_t *tokens, const float *table,
  const float *h0, const float *c0, const bool *restarts, float *gates, float *c, float *h) {
  struct forward_work work = {T, B, H, recurrent, tokens, table, h0, c0, restarts, gates, c, h};
  if (B < tlm_rows_worth_splitting)
    forward_steps(&work);
  else
    tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *recurrent;
  const float *gates, *c, *c0, *dh;
  const bool *restarts;
  float *da, *dh0, *dc0;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H;
  // dh0 and dc0 carry the gradient of the state from step to step and end as the initial state's.
  float *dh_later = w->dh0 + begin * H, *dc = w->dc0 + begin * H;
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    const float *c_before = tlm_state_before(
      scratch_cells, restarts, end - begin, H, t > 0 ? w->c + (first - w->B) * H : w->c0 + begin * H);
    for (ptrdiff_t b = 0; b < end - begin; b++)
      kernels->lstm_backward_row(H, w->gates + (first + b) * 4 * H, w->c + (first + b) * H, c_before + b * H,
                                 w->dh + (first + b) * H, dh_later + b * H, dc + b * H, w->da + (first + b) * 4 * H);
    tlm_matmul_packed_serial(w->recurrent, end - begin, w->da + first * 4 * H, 4 * H, NULL, dh_later, H, false);
    tlm_clear_restarted(restarts, end - begin, H, dh_later);
    tlm_clear_restarted(restarts, end - begin, H, dc);
  }
}

static void start_state_gradients(ptrdiff_t count, const float *dh_last, const float *dc_last, float *dh0, float *dc0) {
  size_t bytes = (size_t)count * sizeof(float);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
  if (dc_last) memcpy(dc0, dc_last, bytes); else memset(dc0, 0, bytes);
}

void tlm_lstm_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const float *gates, const float *c,
  const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last, float *da,
  float *dh0, float *dc0) {
  start_state_gradients(B * H, dh_last, dc_last, dh0, dc0);
  struct backward_work work = {T, B, H, recurrent, gates, c, c0, dh, restarts, da, dh0, dc0};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}

// MARK: Plain twins

static float plain_sigmoid(float x) { return 1 / (1 + expf(-x)); }

void tlm_lstm_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const int32_t *tokens, const float *table,
  const float *h0, const float *c0, const bool *restarts, float *gates, float *c, float *h) {
  for (ptrdiff_t t = 0; t < T; t++)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      bool starts = restarts && restarts[row];
      const float *h_before = t > 0 ? h + (row - B) * H : h0 + b * H, *c_before = t > 0 ? c + (row - B) * H : c0 + b * H;
      float *a = gates + row * 4 * H;
      for (ptrdiff_t j = 0; j < 4 * H; j++) {
        double sum = tokens ? table[tokens[row] * 4 * H + j] : a[j];
        for (ptrdiff_t p = 0; p < H && !starts; p++) sum += (double)weight_hh[j * H + p] * h_before[p];
        a[j] = j / H == 2 ? tanhf((float)sum) : plain_sigmoid((float)sum);
      }
      for (ptrdiff_t u = 0; u < H; u++) {
        float cell = (starts ? 0 : a[H + u] * c_before[u]) + a[u] * a[2 * H + u];
        c[row * H + u] = cell;
        h[row * H + u] = a[3 * H + u] * tanhf(cell);
      }
    }
}

void tlm_lstm_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *gates, const float *c,
  const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last, float *da,
  float *dh0, float *dc0) {
  start_state_gradients(B * H, dh_last, dc_last, dh0, dc0);
  for (ptrdiff_t t = T - 1; t >= 0; t--)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      const float *a = gates + row * 4 * H, *c_before = t > 0 ? c + (row - B) * H : c0 + b * H;
      float *d = da + row * 4 * H;
      bool starts = restarts && restarts[row];
      for (ptrdiff_t u = 0; u < H; u++) {
        float i = a[u], f = a[H + u], g = a[2 * H + u], o = a[3 * H + u], tc = tanhf(c[row * H + u]);
        float up = dh[row * H + u] + dh0[b * H + u], cell = dc0[b * H + u] + up * o * (1 - tc * tc);
        d[u] = cell * g * i * (1 - i);
        d[H + u] = starts ? 0 : cell * c_before[u] * f * (1 - f);
        d[2 * H + u] = cell * i * (1 - g * g);
        d[3 * H + u] = up * tc * o * (1 - o);
        dc0[b * H + u] = starts ? 0 : cell * f;
      }
      for (ptrdiff_t p = 0; p < H; p++) {
        double sum = 0;
        for (ptrdiff_t j = 0; j < 4 * H && !starts; j++) sum += (double)weight_hh[j * H + p] * d[j];
        dh0[b * H + p] = (float)sum;
      }
    }
}
