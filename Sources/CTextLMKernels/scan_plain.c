// The plain twin of scan.c: the equations as they are written, with libm.
#include <math.h>
#include <string.h>

#include "kernels.h"

static float plain_sigmoid(float x) { return 1 / (1 + expf(-x)); }
static float positive_part(float x) { return x >= 0 ? x + 0.5f : plain_sigmoid(x); }
static float positive_part_slope(float y) { return y >= 0.5f ? 1 : y * (1 - y); }

// One unit: numbers of its gates, state, parameters and gradients lie H apart.
struct unit {
  ptrdiff_t H;
  const float *parameters;
  float skip;
  const float *before;   // of the state, next to each other
  float *gates;
};

static float forward_unit(tlm_scan scan, const struct unit *w, float *state) {
  ptrdiff_t H = w->H;
  float *a = w->gates, before = w->before[0];
  switch (scan) {
    case TLM_MIN_GRU:
      a[0] = plain_sigmoid(a[0]);
      a[H] = positive_part(a[H]);
      return state[0] = (1 - a[0]) * before + a[0] * a[H];
    case TLM_MIN_LSTM:
      a[0] = plain_sigmoid(a[0]);
      a[H] = plain_sigmoid(a[H]);
      a[2 * H] = positive_part(a[2 * H]);
      return state[0] = (a[0] * before + a[H] * a[2 * H]) / (a[0] + a[H]);
    case TLM_QRNN:
      a[0] = tanhf(a[0]);
      a[H] = plain_sigmoid(a[H]);
      a[2 * H] = plain_sigmoid(a[2 * H]);
      state[0] = a[H] * a[0] + (1 - a[H]) * before;
      return a[2 * H] * state[0];
    case TLM_SRU:
      a[H] = plain_sigmoid(a[H] + w->parameters[0] * before);
      a[2 * H] = plain_sigmoid(a[2 * H] + w->parameters[H] * before);
      state[0] = a[H] * before + (1 - a[H]) * a[0];
      return a[2 * H] * state[0] + (1 - a[2 * H]) * w->skip;
    case TLM_WKV: {
      float k = a[0], v = a[H], weight = w->before[1], now = plain_sigmoid(w->parameters[H] + k - weight);
      float decayed = weight + w->parameters[0], share = plain_sigmoid(k - decayed);
      state[0] = (1 - share) * before + share * v;
      state[1] = fmaxf(k, decayed) + log1pf(expf(-fabsf(k - decayed)));
      return (1 - now) * before + now * v;
    }
  }
  return 0;
}

// Gradients of what forward_unit returned (dh) and of the state it left; the latter becomes that of the state before.
static void backward_unit(tlm_scan scan, const struct unit *w, float dh, float *dstate, float *dskip, float *dparameters) {
  ptrdiff_t H = w->H;
  float *a = w->gates, before = w->before[0], d = dstate[0] + dh;
  switch (scan) {
    case TLM_MIN_GRU: {
      float z = a[0], g = a[H];
      a[0] = d * (g - before) * z * (1 - z);
      a[H] = d * z * positive_part_slope(g);
      dstate[0] = d * (1 - z);
      return;
    }
    case TLM_MIN_LSTM: {
      float f = a[0], i = a[H], g = a[2 * H], sum = f + i;
      a[0] = -d * (g - before) * i / (sum * sum) * f * (1 - f);
      a[H] = d * (g - before) * f / (sum * sum) * i * (1 - i);
      a[2 * H] = d * i / sum * positive_part_slope(g);
      dstate[0] = d * f / sum;
      return;
    }
    case TLM_QRNN: {
      float z = a[0], i = a[H], o = a[2 * H], cell = i * z + (1 - i) * before, dcell = dstate[0] + dh * o;
      a[0] = dcell * i * (1 - z * z);
      a[H] = dcell * (z - before) * i * (1 - i);
      a[2 * H] = dh * cell * o * (1 - o);
      dstate[0] = dcell * (1 - i);
      return;
    }
    case TLM_SRU: {
      float value = a[0], f = a[H], r = a[2 * H], cell = f * before + (1 - f) * value, dcell = dstate[0] + dh * r;
      float df = dcell * (before - value) * f * (1 - f), dr = dh * (cell - w->skip) * r * (1 - r);
      a[0] = dcell * (1 - f);
      a[H] = df;
      a[2 * H] = dr;
      *dskip = dh * (1 - r);
      dparameters[0] += df * before;
      dparameters[H] += dr * before;
      dstate[0] = dcell * f + df * w->parameters[0] + dr * w->parameters[H];
      return;
    }
    case TLM_WKV: {
      float k = a[0], v = a[H], weight = w->before[1], dmean = dstate[0], dweight = dstate[1];
      float now = plain_sigmoid(w->parameters[H] + k - weight), share = plain_sigmoid(k - weight - w->parameters[0]);
      float dnow = dh * (v - before) * now * (1 - now), dshare = dmean * (v - before) * share * (1 - share);
      a[0] = dnow + dshare + dweight * share;
      a[H] = dh * now + dmean * share;
      dparameters[0] += dweight * (1 - share) - dshare;
      dparameters[H] += dnow;
      dstate[0] = dh * (1 - now) + dmean * (1 - share);
      dstate[1] = dweight * (1 - share) - dshare - dnow;
      return;
    }
  }
}

enum { most_states = 2 };

static ptrdiff_t states_of(tlm_scan scan) { return scan == TLM_WKV ? 2 : 1; }
static ptrdiff_t gates_of(tlm_scan scan) { return scan == TLM_MIN_GRU || scan == TLM_WKV ? 2 : 3; }

// The state of unit u of row b before step t.
static void gather_state(tlm_scan scan, ptrdiff_t t, ptrdiff_t B, ptrdiff_t H, ptrdiff_t b, ptrdiff_t u,
                         const bool *restarts, const float *state, const float *state0, float *before) {
  ptrdiff_t states = states_of(scan);
  for (ptrdiff_t s = 0; s < states; s++) {
    const float *from = t > 0 ? state + ((t - 1) * B + b) * states * H : state0 + b * states * H;
    before[s] = restarts && restarts[t * B + b] ? tlm_scan_start(scan, s) : from[s * H + u];
  }
}

void tlm_scan_forward_plain(
  tlm_scan scan, ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *parameters, const float *skip, const float *state0,
  const bool *restarts, float *gates, float *state, float *h) {
  ptrdiff_t states = states_of(scan), count = gates_of(scan);
  for (ptrdiff_t i = 0; i < T * B * H; i++) {
    ptrdiff_t row = i / H, u = i % H;
    float before[most_states], after[most_states];
    gather_state(scan, row / B, B, H, row % B, u, restarts, state, state0, before);
    struct unit unit = {H, parameters ? parameters + u : NULL, skip ? skip[i] : 0, before, gates + row * count * H + u};
    float out = forward_unit(scan, &unit, after);
    if (h) h[i] = out;
    for (ptrdiff_t s = 0; s < states; s++) state[row * states * H + s * H + u] = after[s];
  }
}

void tlm_scan_backward_plain(
  tlm_scan scan, ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *parameters, const float *skip, const float *state,
  const float *state0, const bool *restarts, const float *dh, const float *dstate_last, float *gates, float *dstate0,
  float *dskip, float *dparameters) {
  ptrdiff_t states = states_of(scan), count = gates_of(scan);
  size_t bytes = (size_t)(B * states * H) * sizeof(float);
  if (dstate_last) memcpy(dstate0, dstate_last, bytes); else memset(dstate0, 0, bytes);
  if (dparameters) memset(dparameters, 0, (size_t)(B * 2 * H) * sizeof(float));
  for (ptrdiff_t i = T * B * H - 1; i >= 0; i--) {
    ptrdiff_t row = i / H, u = i % H, b = row % B;
    float before[most_states], d[most_states];
    gather_state(scan, row / B, B, H, b, u, restarts, state, state0, before);
    for (ptrdiff_t s = 0; s < states; s++) d[s] = dstate0[b * states * H + s * H + u];
    struct unit unit = {H, parameters ? parameters + u : NULL, skip ? skip[i] : 0, before, gates + row * count * H + u};
    backward_unit(scan, &unit, dh[i], d, dskip ? dskip + i : NULL, dparameters ? dparameters + b * 2 * H + u : NULL);
    for (ptrdiff_t s = 0; s < states; s++) dstate0[b * states * H + s * H + u] = restarts && restarts[row] ? 0 : d[s];
  }
}
