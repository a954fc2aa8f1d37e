// Multiplicative LSTM over a whole sequence (Krause et al. 2016): an LSTM that sees m = (W_mx x) (W_mh h') instead of h'. The
// batch is split over the threads as in lstm.c.
#include <math.h>
#include <string.h>

#include "kernels.h"

// MARK: Forward

struct forward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *inner, *recurrent;
  const int32_t *tokens;
  const float *table, *factor, *h0, *c0;
  const bool *restarts;
  float *gates, *products, *mixed, *c, *h;
};

static void forward(const struct forward_work *w, ptrdiff_t begin, ptrdiff_t end, tlm_packed_product multiply) {
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  const float *h_before = w->h0 + begin * H, *c_before = w->c0 + begin * H;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin, at = first * H;
    float *gates = w->gates + 4 * at;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    h_before = tlm_state_before(scratch_hidden, restarts, rows, H, h_before);
    c_before = tlm_state_before(scratch_cells, restarts, rows, H, c_before);
    multiply(w->inner, rows, h_before, H, NULL, w->products + at, H, false);
    kernels->multiply(rows * H, w->factor + at, w->products + at, w->mixed + at);
    multiply(w->recurrent, rows, w->mixed + at, H, NULL, gates, 4 * H, w->tokens == NULL);
    for (ptrdiff_t b = 0; b < rows; b++) {
      const float *table_row = w->tokens ? w->table + (ptrdiff_t)w->tokens[first + b] * 4 * H : NULL;
      kernels->lstm_forward_row(H, table_row, c_before + b * H, gates + b * 4 * H, w->c + at + b * H, w->h + at + b * H);
    }
    h_before = w->h + at;
    c_before = w->c + at;
  }
}

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  forward(context, begin, end, tlm_matmul_packed_serial);
}

void tlm_multiplicative_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *inner, const tlm_packed *recurrent, const int32_t *tokens,
  const float *table, const float *factor, const float *h0, const float *c0, const bool *restarts, float *gates,
  float *products, float *mixed, float *c, float *h) {
  struct forward_work work = {T, B, H, inner, recurrent, tokens, table, factor, h0, c0, restarts, gates, products, mixed, c,
                              h};
  if (B < tlm_rows_worth_splitting)
    forward(&work, 0, B, tlm_matmul_packed);
  else
    tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *inner, *recurrent;
  const float *factor, *c, *c0, *dh;
  const bool *restarts;
  float *gates, *products, *dfactor, *dh0, *dc0;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  // dh0 and dc0 carry the gradient of the state from step to step and end as the initial state's.
  float *dh_later = w->dh0 + begin * H, *dc = w->dc0 + begin * H;
  float *dmixed = tlm_thread_scratch(scratch_units, (size_t)(rows * H) * sizeof(float));
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin, at = first * H;
    float *gates = w->gates + 4 * at;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    const float *c_before = tlm_state_before(
      scratch_cells, restarts, rows, H, t > 0 ? w->c + at - w->B * H : w->c0 + begin * H);
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->lstm_backward_row(H, gates + b * 4 * H, w->c + at + b * H, c_before + b * H, w->dh + at + b * H,
                                 dh_later + b * H, dc + b * H, gates + b * 4 * H);
    tlm_matmul_packed_serial(w->recurrent, rows, gates, 4 * H, NULL, dmixed, H, false);
    kernels->multiply(rows * H, dmixed, w->products + at, w->dfactor + at);
    kernels->multiply(rows * H, dmixed, w->factor + at, w->products + at);
    tlm_matmul_packed_serial(w->inner, rows, w->products + at, H, NULL, dh_later, H, false);
    tlm_clear_restarted(restarts, rows, H, dh_later);
    tlm_clear_restarted(restarts, rows, H, dc);
  }
}

static void start_state_gradients(ptrdiff_t count, const float *dh_last, const float *dc_last, float *dh0, float *dc0) {
  size_t bytes = (size_t)count * sizeof(float);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
  if (dc_last) memcpy(dc0, dc_last, bytes); else memset(dc0, 0, bytes);
}

void tlm_multiplicative_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *inner, const tlm_packed *recurrent, const float *factor,
  const float *c, const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last,
  float *gates, float *products, float *dfactor, float *dh0, float *dc0) {
  start_state_gradients(B * H, dh_last, dc_last, dh0, dc0);
  struct backward_work work = {T, B, H, inner, recurrent, factor, c, c0, dh, restarts, gates, products, dfactor, dh0, dc0};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}

// MARK: Plain twins: one step at a time through the LSTM's, on what it sees instead of h'

static void plain_product(ptrdiff_t B, ptrdiff_t rows, ptrdiff_t columns, bool transposed, const float *weight,
                          const float *x, float *y) {
  for (ptrdiff_t b = 0; b < B; b++)
    for (ptrdiff_t j = 0; j < rows; j++) {
      double sum = 0;
      for (ptrdiff_t p = 0; p < columns; p++)
        sum += (double)weight[transposed ? p * rows + j : j * columns + p] * x[b * columns + p];
      y[b * rows + j] = (float)sum;
    }
}

void tlm_multiplicative_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_inner, const float *weight_hh, const int32_t *tokens,
  const float *table, const float *factor, const float *h0, const float *c0, const bool *restarts, float *gates,
  float *products, float *mixed, float *c, float *h) {
  float before[B * H], cells[B * H];
  for (ptrdiff_t t = 0; t < T; t++) {
    ptrdiff_t at = t * B * H;
    for (ptrdiff_t i = 0; i < B * H; i++) {
      bool starts = restarts && restarts[t * B + i / H];
      before[i] = starts ? 0 : t > 0 ? h[at - B * H + i] : h0[i];
      cells[i] = starts ? 0 : t > 0 ? c[at - B * H + i] : c0[i];
    }
    plain_product(B, H, H, false, weight_inner, before, products + at);
    for (ptrdiff_t i = 0; i < B * H; i++) mixed[at + i] = factor[at + i] * products[at + i];
    tlm_lstm_forward_plain(1, B, H, weight_hh, tokens ? tokens + t * B : NULL, table, mixed + at, cells, NULL,
                           gates + 4 * at, c + at, h + at);
  }
}

void tlm_multiplicative_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_inner, const float *weight_hh, const float *factor,
  const float *c, const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last,
  float *gates, float *products, float *dfactor, float *dh0, float *dc0) {
  float cells[B * H], dmixed[B * H], dcells[B * H];
  start_state_gradients(B * H, dh_last, dc_last, dh0, dc0);
  for (ptrdiff_t t = T - 1; t >= 0; t--) {
    ptrdiff_t at = t * B * H;
    for (ptrdiff_t i = 0; i < B * H; i++)
      cells[i] = restarts && restarts[t * B + i / H] ? 0 : t > 0 ? c[at - B * H + i] : c0[i];
    tlm_lstm_backward_plain(1, B, H, weight_hh, gates + 4 * at, c + at, cells, NULL, dh + at, dh0, dc0, gates + 4 * at,
                            dmixed, dcells);
    for (ptrdiff_t i = 0; i < B * H; i++) {
      dfactor[at + i] = dmixed[i] * products[at + i];
      products[at + i] = dmixed[i] * factor[at + i];
    }
    plain_product(B, H, H, true, weight_inner, products + at, dh0);
    for (ptrdiff_t i = 0; i < B * H; i++) {
      bool starts = restarts && restarts[t * B + i / H];
      dc0[i] = starts ? 0 : dcells[i];
      if (starts) dh0[i] = 0;
    }
  }
}
