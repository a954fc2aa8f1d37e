// Recurrences without products: every unit goes its own way through the steps, so that all products are over whole
// sequences. The batch is split over the threads as in lstm.c.
#include <math.h>
#include <string.h>

#include "kernels.h"

// Numbers for each unit of a recurrence: gates, tensors of state, parameters.
struct sizes {
  ptrdiff_t gates, states, parameters;
};

static struct sizes sizes_of(tlm_scan scan) {
  switch (scan) {
    case TLM_MIN_GRU: return (struct sizes){2, 1, 0};
    case TLM_MIN_LSTM: return (struct sizes){3, 1, 0};
    case TLM_QRNN: return (struct sizes){3, 1, 0};
    case TLM_SRU: return (struct sizes){3, 1, 2};
    case TLM_WKV: return (struct sizes){2, 2, 2};
  }
  return (struct sizes){0, 0, 0};
}

float tlm_scan_start(tlm_scan scan, ptrdiff_t tensor) { return scan == TLM_WKV && tensor == 1 ? -1e30f : 0; }

// The state before a step for `rows` rows. Where some row restarts, a copy in scratch with the initial state in its place.
static const float *state_before(tlm_scan scan, const bool *restarts, ptrdiff_t rows, ptrdiff_t H, const float *state) {
  if (!restarts || !memchr(restarts, true, (size_t)rows)) return state;
  ptrdiff_t states = sizes_of(scan).states;
  float *copy = tlm_thread_scratch(scratch_cells, (size_t)(rows * states * H) * sizeof(float));
  for (ptrdiff_t i = 0; i < rows * states * H; i++)
    copy[i] = restarts[i / (states * H)] ? tlm_scan_start(scan, i / H % states) : state[i];
  return copy;
}

// MARK: Forward

struct forward_work {
  tlm_scan scan;
  ptrdiff_t T, B, H;
  const float *parameters, *skip, *state0;
  const bool *restarts;
  float *gates, *state, *h;
};

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct forward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  struct sizes sizes = sizes_of(w->scan);
  ptrdiff_t H = w->H, rows = end - begin, width = sizes.states * H;
  const float *before = w->state0 + begin * width;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin;
    before = state_before(w->scan, w->restarts ? w->restarts + first : NULL, rows, H, before);
    for (ptrdiff_t row = first; row < first + rows; row++) {
      struct scan_row one = {H, w->parameters, w->skip ? w->skip + row * H : NULL, before + (row - first) * width,
                             w->gates + row * sizes.gates * H, w->state + row * width, w->h ? w->h + row * H : NULL};
      kernels->scan_forward_row(w->scan, &one);
    }
    before = w->state + first * width;
  }
}

void tlm_scan_forward(
  tlm_scan scan, ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *parameters, const float *skip, const float *state0,
  const bool *restarts, float *gates, float *state, float *h) {
  struct forward_work work = {scan, T, B, H, parameters, skip, state0, restarts, gates, state, h};
  tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  tlm_scan scan;
  ptrdiff_t T, B, H;
  const float *parameters, *skip, *state, *state0, *dh;
  const bool *restarts;
  float *gates, *dstate0, *dskip, *dparameters;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  struct sizes sizes = sizes_of(w->scan);
  ptrdiff_t H = w->H, rows = end - begin, width = sizes.states * H;
  // dstate0 carries the gradient of the state from step to step and ends as the initial state's.
  float *dstate = w->dstate0 + begin * width;
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    const float *before = state_before(
      w->scan, restarts, rows, H, t > 0 ? w->state + (first - w->B) * width : w->state0 + begin * width);
    for (ptrdiff_t b = 0; b < rows; b++) {
      ptrdiff_t row = first + b;
      struct scan_gradient_row one = {
        H, w->parameters, w->skip ? w->skip + row * H : NULL, before + b * width, w->dh + row * H,
        w->gates + row * sizes.gates * H, dstate + b * width, w->dskip ? w->dskip + row * H : NULL,
        w->dparameters ? w->dparameters + (begin + b) * sizes.parameters * H : NULL};
      kernels->scan_backward_row(w->scan, &one);
    }
    tlm_clear_restarted(restarts, rows, width, dstate);
  }
}

static void start(tlm_scan scan, ptrdiff_t B, ptrdiff_t H, const float *dstate_last, float *dstate0, float *dparameters) {
  struct sizes sizes = sizes_of(scan);
  size_t bytes = (size_t)(B * sizes.states * H) * sizeof(float);
  if (dstate_last) memcpy(dstate0, dstate_last, bytes); else memset(dstate0, 0, bytes);
  if (dparameters) memset(dparameters, 0, (size_t)(B * sizes.parameters * H) * sizeof(float));
}

void tlm_scan_backward(
  tlm_scan scan, ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *parameters, const float *skip, const float *state,
  const float *state0, const bool *restarts, const float *dh, const float *dstate_last, float *gates, float *dstate0,
  float *dskip, float *dparameters) {
  start(scan, B, H, dstate_last, dstate0, dparameters);
  struct backward_work work = {scan, T,  B,        H,     parameters, skip,  state,
                               state0, dh, restarts, gates, dstate0,    dskip, dparameters};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}
