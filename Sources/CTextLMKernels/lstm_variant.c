// LSTM over a whole sequence with layer normalization inside (Ba, Kiros and Hinton 2016; per gate as Cooijmans et al. 2017
// place theirs) and zoneout (Krueger et al. 2017, whose h~ is of the cell before zoneout). The batch is split over the
// threads as in lstm.c.
#include <math.h>
#include <string.h>

#include "kernels.h"

// MARK: Forward

struct forward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *recurrent;
  const tlm_lstm_variant *variant;
  const float *h0, *c0;
  const bool *restarts;
  float *gates, *normal, *scales, *c, *h;
};

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct forward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  const float *h_before = w->h0 + begin * H, *c_before = w->c0 + begin * H;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    h_before = tlm_state_before(scratch_hidden, restarts, rows, H, h_before);
    c_before = tlm_state_before(scratch_cells, restarts, rows, H, c_before);
    tlm_matmul_packed_serial(w->recurrent, rows, h_before, H, NULL, w->normal + first * 4 * H, 4 * H, false);
    for (ptrdiff_t b = 0; b < rows; b++) {
      ptrdiff_t row = first + b;
      kernels->lstm_variant_forward_row(H, w->variant, (uint64_t)(row * H), h_before + b * H, c_before + b * H,
                                        w->gates + row * 4 * H, w->normal + row * 4 * H, w->scales + row * 4,
                                        w->c + row * H, w->h + row * H);
    }
    h_before = w->h + first * H;
    c_before = w->c + first * H;
  }
}

void tlm_lstm_variant_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const tlm_lstm_variant *variant, const float *h0,
  const float *c0, const bool *restarts, float *gates, float *normal, float *scales, float *c, float *h) {
  struct forward_work work = {T, B, H, recurrent, variant, h0, c0, restarts, gates, normal, scales, c, h};
  tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *recurrent;
  const tlm_lstm_variant *variant;
  const float *c, *c0, *dh, *scales;
  const bool *restarts;
  float *gates, *normal, *gains, *dh0, *dc0;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  float *work = tlm_thread_scratch(scratch_units, (size_t)(2 * H) * sizeof(float));
  // dh0 and dc0 carry the gradient of the state from step to step and end as the initial state's.
  float *dh_later = w->dh0 + begin * H, *dc = w->dc0 + begin * H;
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    const float *c_before = tlm_state_before(
      scratch_cells, restarts, rows, H, t > 0 ? w->c + (first - w->B) * H : w->c0 + begin * H);
    for (ptrdiff_t b = 0; b < rows; b++) {
      ptrdiff_t row = first + b;
      kernels->lstm_variant_backward_row(H, w->variant, (uint64_t)(row * H), c_before + b * H, w->dh + row * H,
                                         w->gates + row * 4 * H, w->normal + row * 4 * H, w->scales + row * 4,
                                         dh_later + b * H, dc + b * H, w->gains + (begin + b) * 6 * H, work);
    }
    tlm_matmul_packed_serial(w->recurrent, rows, w->normal + first * 4 * H, 4 * H, NULL, dh_later, H, true);
    tlm_clear_restarted(restarts, rows, H, dh_later);
    tlm_clear_restarted(restarts, rows, H, dc);
  }
}

static void start(ptrdiff_t B, ptrdiff_t H, const float *dh_last, const float *dc_last, float *gains, float *dh0,
                  float *dc0) {
  size_t bytes = (size_t)(B * H) * sizeof(float);
  memset(gains, 0, 6 * bytes);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
  if (dc_last) memcpy(dc0, dc_last, bytes); else memset(dc0, 0, bytes);
}

void tlm_lstm_variant_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const tlm_lstm_variant *variant, const float *c,
  const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last, float *gates,
  float *normal, const float *scales, float *gains, float *dh0, float *dc0) {
  start(B, H, dh_last, dc_last, gains, dh0, dc0);
  struct backward_work work = {T, B, H, recurrent, variant, c, c0, dh, scales, restarts, gates, normal, gains, dh0, dc0};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}
