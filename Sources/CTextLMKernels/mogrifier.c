// Mogrifier LSTM over a whole sequence (Melis, Kocisky and Blunsom 2020): before each step of an LSTM its input and its state
// scale each other in turn. The batch is split over the threads as in lstm.c.
#include <math.h>
#include <string.h>

#include "kernels.h"

// Round i, from 1 on, scales the input, of width D, when it is odd, and the state, of width H, when it is even. Its numbers
// for all steps lie behind those of the rounds before.
static ptrdiff_t width_of(ptrdiff_t i, ptrdiff_t D, ptrdiff_t H) { return i % 2 ? D : H; }
static ptrdiff_t offset_of(ptrdiff_t i, ptrdiff_t places, ptrdiff_t D, ptrdiff_t H) {
  return places * (i / 2 * D + (i - 1) / 2 * H);
}

// MARK: Forward

struct forward_work {
  ptrdiff_t T, B, D, H;
  const tlm_mogrifier *layer;
  const float *x, *h0, *c0;
  const bool *restarts;
  float *scales, *values, *gates, *c, *h;
};

static void forward(const struct forward_work *w, ptrdiff_t begin, ptrdiff_t end, tlm_packed_product multiply) {
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t D = w->D, H = w->H, rows = end - begin, places = w->T * w->B;
  const float *h_before = w->h0 + begin * H, *c_before = w->c0 + begin * H;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    h_before = tlm_state_before(scratch_hidden, restarts, rows, H, h_before);
    c_before = tlm_state_before(scratch_cells, restarts, rows, H, c_before);
    // What is scaled, input and state: the one that is not scaled in a round makes the scales.
    const float *latest[2] = {h_before, w->x + first * D};
    for (ptrdiff_t i = 1; i <= w->layer->rounds; i++) {
      ptrdiff_t width = width_of(i, D, H), at = offset_of(i, places, D, H) + first * width;
      multiply(w->layer->weights[i - 1], rows, latest[1 - i % 2], width_of(i + 1, D, H), w->layer->biases[i - 1],
               w->scales + at, width, false);
      kernels->mogrifier_forward_row(rows * width, latest[i % 2], w->scales + at, w->values + at);
      latest[i % 2] = w->values + at;
    }
    float *gates = w->gates + first * 4 * H, *c = w->c + first * H, *h = w->h + first * H;
    multiply(w->layer->input, rows, latest[1], D, w->layer->bias, gates, 4 * H, false);
    multiply(w->layer->recurrent, rows, latest[0], H, NULL, gates, 4 * H, true);
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->lstm_forward_row(H, NULL, c_before + b * H, gates + b * 4 * H, c + b * H, h + b * H);
    h_before = h;
    c_before = c;
  }
}

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  forward(context, begin, end, tlm_matmul_packed_serial);
}

void tlm_mogrifier_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const tlm_mogrifier *layer, const float *x, const float *h0,
  const float *c0, const bool *restarts, float *scales, float *values, float *gates, float *c, float *h) {
  struct forward_work work = {T, B, D, H, layer, x, h0, c0, restarts, scales, values, gates, c, h};
  if (B < tlm_rows_worth_splitting)
    forward(&work, 0, B, tlm_matmul_packed);
  else
    tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  ptrdiff_t T, B, D, H;
  const tlm_mogrifier *layer;
  const float *x, *values, *h, *h0, *c, *c0, *dh;
  const bool *restarts;
  float *scales, *gates, *dx, *dh0, *dc0;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t D = w->D, H = w->H, rows = end - begin, places = w->T * w->B;
  // dh0 and dc0 carry the gradient of the state from step to step and end as the initial state's.
  float *dh_later = w->dh0 + begin * H, *dc = w->dc0 + begin * H;
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin, before = (first - w->B) * H;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    const float *h_before = tlm_state_before(scratch_hidden, restarts, rows, H, t > 0 ? w->h + before : w->h0 + begin * H);
    const float *c_before = tlm_state_before(scratch_cells, restarts, rows, H, t > 0 ? w->c + before : w->c0 + begin * H);
    float *gates = w->gates + first * 4 * H, *dx = w->dx + first * D;
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->lstm_backward_row(H, gates + b * 4 * H, w->c + (first + b) * H, c_before + b * H, w->dh + (first + b) * H,
                                 dh_later + b * H, dc + b * H, gates + b * 4 * H);
    tlm_matmul_packed_serial(w->layer->input, rows, gates, 4 * H, NULL, dx, D, false);
    tlm_matmul_packed_serial(w->layer->recurrent, rows, gates, 4 * H, NULL, dh_later, H, false);
    float *gradients[2] = {dh_later, dx};
    for (ptrdiff_t i = w->layer->rounds; i > 0; i--) {
      ptrdiff_t width = width_of(i, D, H), at = offset_of(i, places, D, H) + first * width;
      const float *old = i > 2 ? w->values + offset_of(i - 2, places, D, H) + first * width
                               : i == 1 ? w->x + first * D : h_before;
      kernels->mogrifier_backward_row(rows * width, old, w->scales + at, gradients[i % 2]);
      tlm_matmul_packed_serial(w->layer->weights[i - 1], rows, w->scales + at, width, NULL, gradients[1 - i % 2],
                               width_of(i + 1, D, H), true);
    }
    tlm_clear_restarted(restarts, rows, H, dh_later);
    tlm_clear_restarted(restarts, rows, H, dc);
  }
}

static void start_state_gradients(ptrdiff_t count, const float *dh_last, const float *dc_last, float *dh0, float *dc0) {
  size_t bytes = (size_t)count * sizeof(float);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
  if (dc_last) memcpy(dc0, dc_last, bytes); else memset(dc0, 0, bytes);
}

void tlm_mogrifier_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const tlm_mogrifier *layer, const float *x, const float *values,
  const float *h, const float *h0, const float *c, const float *c0, const bool *restarts, const float *dh,
  const float *dh_last, const float *dc_last, float *scales, float *gates, float *dx, float *dh0, float *dc0) {
  start_state_gradients(B * H, dh_last, dc_last, dh0, dc0);
  struct backward_work work = {T, B, D, H, layer, x, values, h, h0, c, c0, dh, restarts, scales, gates, dx, dh0, dc0};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}
