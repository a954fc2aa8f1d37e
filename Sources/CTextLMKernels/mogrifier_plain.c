// The plain twin of mogrifier.c: one step at a time through the LSTM's, on what the rounds leave of input and state.
#include <math.h>
#include <string.h>

#include "kernels.h"

static ptrdiff_t width_of(ptrdiff_t i, ptrdiff_t D, ptrdiff_t H) { return i % 2 ? D : H; }

// Where round i's numbers for step t begin.
static ptrdiff_t place(ptrdiff_t i, ptrdiff_t t, ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H) {
  return T * B * (i / 2 * D + (i - 1) / 2 * H) + t * B * width_of(i, D, H);
}

// y[B, rows] = x[B, columns] times the transpose of weight[rows, columns] (+ bias); or, the other way, times weight, added to y.
static void product(ptrdiff_t B, ptrdiff_t rows, ptrdiff_t columns, const float *weight, const float *bias, const float *x,
                    float *y) {
  for (ptrdiff_t i = 0; i < B * rows; i++) {
    double sum = bias[i % rows];
    for (ptrdiff_t p = 0; p < columns; p++) sum += (double)weight[i % rows * columns + p] * x[i / rows * columns + p];
    y[i] = (float)sum;
  }
}
static void add_transposed_product(ptrdiff_t B, ptrdiff_t rows, ptrdiff_t columns, const float *weight, const float *d,
                                   float *y) {
  for (ptrdiff_t i = 0; i < B * columns; i++) {
    double sum = y[i];
    for (ptrdiff_t j = 0; j < rows; j++) sum += (double)weight[j * columns + i % columns] * d[i / columns * rows + j];
    y[i] = (float)sum;
  }
}

// The state before step t, zero where a row restarts.
static void state_before(ptrdiff_t t, ptrdiff_t B, ptrdiff_t H, const bool *restarts, const float *states,
                         const float *initial, float *before) {
  for (ptrdiff_t i = 0; i < B * H; i++)
    before[i] = restarts && restarts[t * B + i / H] ? 0 : t > 0 ? states[(t - 1) * B * H + i] : initial[i];
}

void tlm_mogrifier_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const tlm_mogrifier_plain *layer, const float *x, const float *h0,
  const float *c0, const bool *restarts, float *scales, float *values, float *gates, float *c, float *h) {
  float h_before[B * H], c_before[B * H];
  for (ptrdiff_t t = 0; t < T; t++) {
    state_before(t, B, H, restarts, h, h0, h_before);
    state_before(t, B, H, restarts, c, c0, c_before);
    const float *latest[2] = {h_before, x + t * B * D};
    for (ptrdiff_t i = 1; i <= layer->rounds; i++) {
      ptrdiff_t width = width_of(i, D, H), at = place(i, t, T, B, D, H);
      product(B, width, width_of(i + 1, D, H), layer->weights[i - 1], layer->biases[i - 1], latest[1 - i % 2], scales + at);
      for (ptrdiff_t j = 0; j < B * width; j++) {
        scales[at + j] = 2 / (1 + expf(-scales[at + j]));
        values[at + j] = scales[at + j] * latest[i % 2][j];
      }
      latest[i % 2] = values + at;
    }
    ptrdiff_t first = t * B * H;
    product(B, 4 * H, D, layer->weight_ih, layer->bias, latest[1], gates + 4 * first);
    tlm_lstm_forward_plain(1, B, H, layer->weight_hh, NULL, NULL, latest[0], c_before, NULL, gates + 4 * first, c + first,
                           h + first);
  }
}

void tlm_mogrifier_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const tlm_mogrifier_plain *layer, const float *x, const float *values,
  const float *h, const float *h0, const float *c, const float *c0, const bool *restarts, const float *dh,
  const float *dh_last, const float *dc_last, float *scales, float *gates, float *dx, float *dh0, float *dc0) {
  float h_before[B * H], c_before[B * H], dstate[B * H], dcell[B * H];
  size_t bytes = (size_t)(B * H) * sizeof(float);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
  if (dc_last) memcpy(dc0, dc_last, bytes); else memset(dc0, 0, bytes);
  for (ptrdiff_t t = T - 1; t >= 0; t--) {
    ptrdiff_t first = t * B * H;
    state_before(t, B, H, restarts, h, h0, h_before);
    state_before(t, B, H, restarts, c, c0, c_before);
    tlm_lstm_backward_plain(1, B, H, layer->weight_hh, gates + 4 * first, c + first, c_before, NULL, dh + first, dh0, dc0,
                            gates + 4 * first, dstate, dcell);
    float *gradients[2] = {dstate, dx + t * B * D};
    memset(gradients[1], 0, (size_t)(B * D) * sizeof(float));
    add_transposed_product(B, 4 * H, D, layer->weight_ih, gates + 4 * first, gradients[1]);
    for (ptrdiff_t i = layer->rounds; i > 0; i--) {
      ptrdiff_t width = width_of(i, D, H), at = place(i, t, T, B, D, H);
      const float *old = i > 2 ? values + place(i - 2, t, T, B, D, H) : i == 1 ? x + t * B * D : h_before;
      for (ptrdiff_t j = 0; j < B * width; j++) {
        float scale = scales[at + j], d = gradients[i % 2][j];
        scales[at + j] = d * old[j] * scale * (1 - scale / 2);
        gradients[i % 2][j] = d * scale;
      }
      add_transposed_product(B, width, width_of(i + 1, D, H), layer->weights[i - 1], scales + at, gradients[1 - i % 2]);
    }
    for (ptrdiff_t i = 0; i < B * H; i++) {
      bool starts = restarts && restarts[t * B + i / H];
      dh0[i] = starts ? 0 : dstate[i];
      dc0[i] = starts ? 0 : dcell[i];
    }
  }
}
