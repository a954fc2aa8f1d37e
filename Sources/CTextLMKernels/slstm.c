// The sLSTM of xLSTM over a whole sequence (Beck et al. 2024). Its cell over its normalizer is a weighted mean, m, of the
// candidates; the logarithm of the weights' sum, l, replaces normalizer and stabilizer. The batch is split over the threads as
// in lstm.c.
#include <math.h>
#include <string.h>

#include "kernels.h"

static const float no_weight = -1e30f;

// The logarithms of rows that restart become that of no weight, in place.
static void restart_weights(const bool *restarts, ptrdiff_t rows, ptrdiff_t H, float *weights) {
  for (ptrdiff_t i = 0; restarts && i < rows * H; i++)
    if (restarts[i / H]) weights[i] = no_weight;
}

// MARK: Forward

struct forward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *recurrent;
  const float *h0, *m0;
  const bool *restarts;
  float *gates, *m, *weights, *h;
};

static void forward(const struct forward_work *w, ptrdiff_t begin, ptrdiff_t end, tlm_packed_product multiply) {
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  const float *h_before = w->h0 + begin * H, *m_before = w->m0 + begin * H;
  float *weights = w->weights + begin * H;
  for (ptrdiff_t t = 0; t < w->T; t++) {
    ptrdiff_t first = t * w->B + begin, at = first * H;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    h_before = tlm_state_before(scratch_hidden, restarts, rows, H, h_before);
    m_before = tlm_state_before(scratch_cells, restarts, rows, H, m_before);
    restart_weights(restarts, rows, H, weights);
    multiply(w->recurrent, rows, h_before, H, NULL, w->gates + 4 * at, 4 * H, true);
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->slstm_forward_row(H, m_before + b * H, w->gates + 4 * at + b * 4 * H, weights + b * H, w->m + at + b * H,
                                 w->h + at + b * H);
    h_before = w->h + at;
    m_before = w->m + at;
  }
}

static void forward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  forward(context, begin, end, tlm_matmul_packed_serial);
}

void tlm_slstm_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const float *h0, const float *m0,
  const bool *restarts, float *gates, float *m, float *weights, float *h) {
  struct forward_work work = {T, B, H, recurrent, h0, m0, restarts, gates, m, weights, h};
  if (B < tlm_rows_worth_splitting)
    forward(&work, 0, B, tlm_matmul_packed);
  else
    tlm_parallel_range(B, 1, 2, forward_rows, &work);
}

// MARK: Backward

struct backward_work {
  ptrdiff_t T, B, H;
  const tlm_packed *recurrent;
  const float *m, *m0, *dh;
  const bool *restarts;
  float *gates, *dh0, *dm0, *dweights;
};

static void backward_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H, rows = end - begin;
  // These carry the gradient of the state from step to step and end as the initial state's.
  float *dh_later = w->dh0 + begin * H, *dm = w->dm0 + begin * H, *dweights = w->dweights + begin * H;
  for (ptrdiff_t t = w->T - 1; t >= 0; t--) {
    ptrdiff_t first = t * w->B + begin, at = first * H;
    const bool *restarts = w->restarts ? w->restarts + first : NULL;
    const float *m_before = tlm_state_before(
      scratch_cells, restarts, rows, H, t > 0 ? w->m + at - w->B * H : w->m0 + begin * H);
    float *gates = w->gates + 4 * at;
    for (ptrdiff_t b = 0; b < rows; b++)
      kernels->slstm_backward_row(H, m_before + b * H, w->dh + at + b * H, dh_later + b * H, gates + b * 4 * H, dm + b * H,
                                  dweights + b * H);
    tlm_matmul_packed_serial(w->recurrent, rows, gates, 4 * H, NULL, dh_later, H, false);
    tlm_clear_restarted(restarts, rows, H, dh_later);
    tlm_clear_restarted(restarts, rows, H, dm);
    tlm_clear_restarted(restarts, rows, H, dweights);
  }
}

void tlm_slstm_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const float *m, const float *m0,
  const bool *restarts, const float *dh, float *gates, float *dh0, float *dm0, float *dweights) {
  struct backward_work work = {T, B, H, recurrent, m, m0, dh, restarts, gates, dh0, dm0, dweights};
  tlm_parallel_range(B, 1, 2, backward_rows, &work);
}

// MARK: Plain twins

static float plain_sigmoid(float x) { return 1 / (1 + expf(-x)); }

void tlm_slstm_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *h0, const float *m0, const bool *restarts,
  float *gates, float *m, float *weights, float *h) {
  for (ptrdiff_t t = 0; t < T; t++)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      bool starts = restarts && restarts[row];
      const float *h_before = t > 0 ? h + (row - B) * H : h0 + b * H, *m_before = t > 0 ? m + (row - B) * H : m0 + b * H;
      float *a = gates + row * 4 * H;
      for (ptrdiff_t j = 0; j < 4 * H; j++) {
        double sum = a[j];
        for (ptrdiff_t p = 0; p < H && !starts; p++) sum += (double)weight_hh[j * H + p] * h_before[p];
        a[j] = (float)sum;
      }
      for (ptrdiff_t u = 0; u < H; u++) {
        float i = a[u], f = plain_sigmoid(a[H + u]), z = tanhf(a[2 * H + u]), o = plain_sigmoid(a[3 * H + u]);
        float kept = (starts ? no_weight : weights[b * H + u]) + logf(f), share = plain_sigmoid(i - kept);
        float mean = starts ? 0 : m_before[u];
        m[row * H + u] = mean + share * (z - mean);
        h[row * H + u] = o * m[row * H + u];
        weights[b * H + u] = fmaxf(i, kept) + log1pf(expf(-fabsf(i - kept)));
        a[u] = share;
        a[H + u] = f;
        a[2 * H + u] = z;
        a[3 * H + u] = o;
      }
    }
}

void tlm_slstm_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *m, const float *m0, const bool *restarts,
  const float *dh, float *gates, float *dh0, float *dm0, float *dweights) {
  for (ptrdiff_t t = T - 1; t >= 0; t--)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      bool starts = restarts && restarts[row];
      float *a = gates + row * 4 * H;
      for (ptrdiff_t u = 0; u < H; u++) {
        ptrdiff_t i = b * H + u;
        float share = a[u], f = a[H + u], z = a[2 * H + u], o = a[3 * H + u], up = dh[row * H + u] + dh0[i];
        float before = starts ? 0 : t > 0 ? m[(row - B) * H + u] : m0[i], mean = before + share * (z - before);
        float d = dm0[i] + up * o, dinput = d * (z - before) * share * (1 - share) + dweights[i] * share;
        float kept = dweights[i] - dinput;
        a[u] = dinput;
        a[H + u] = kept * (1 - f);
        a[2 * H + u] = d * share * (1 - z * z);
        a[3 * H + u] = up * mean * o * (1 - o);
        dm0[i] = starts ? 0 : d * (1 - share);
        dweights[i] = starts ? 0 : kept;
      }
      for (ptrdiff_t p = 0; p < H; p++) {
        double sum = 0;
        for (ptrdiff_t j = 0; j < 4 * H && !starts; j++) sum += (double)weight_hh[j * H + p] * a[j];
        dh0[b * H + p] = (float)sum;
      }
    }
}
