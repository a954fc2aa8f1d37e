// The plain twin of lstm_variant.c: loops in the order of the equations, libm.
#include <math.h>
#include <string.h>

#include "kernels.h"

static float plain_sigmoid(float x) { return 1 / (1 + expf(-x)); }

// The part of unit i's old state that is kept.
static float zone(const tlm_lstm_variant *variant, float rate, uint64_t key, ptrdiff_t i) {
  if (!variant->is_sampled) return rate;
  uint32_t threshold = (uint32_t)(rate * 16777216.0f);
  return (dropout_hash(key, (uint32_t)i, (uint32_t)((uint64_t)i >> 32)) >> 8) < threshold ? 1 : 0;
}

// h or c of a row before step t.
static float before(ptrdiff_t t, ptrdiff_t B, ptrdiff_t H, ptrdiff_t b, ptrdiff_t u, const bool *restarts,
                    const float *states, const float *initial) {
  if (restarts && restarts[t * B + b]) return 0;
  return t > 0 ? states[((t - 1) * B + b) * H + u] : initial[b * H + u];
}

// The cell before zoneout, normalized if so, into seen [H]; returns the scale.
static float seen_cell(ptrdiff_t t, ptrdiff_t B, ptrdiff_t H, ptrdiff_t b, const tlm_lstm_variant *variant,
                       const bool *restarts, const float *a, const float *c, const float *c0, float *cell,
                       float *normal) {
  for (ptrdiff_t u = 0; u < H; u++) cell[u] = a[H + u] * before(t, B, H, b, u, restarts, c, c0) + a[u] * a[2 * H + u];
  if (variant->cell_gain) return tlm_plain_normalize(H, variant->epsilon, cell, normal);
  memcpy(normal, cell, (size_t)H * sizeof(float));
  return 1;
}

static float tanh_of_seen(const tlm_lstm_variant *variant, const float *normal, ptrdiff_t u) {
  return tanhf(variant->cell_gain ? normal[u] * variant->cell_gain[u] + variant->cell_bias[u] : normal[u]);
}

void tlm_lstm_variant_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const tlm_lstm_variant *variant, const float *h0,
  const float *c0, const bool *restarts, float *gates, float *normal, float *scales, float *c, float *h) {
  float cell[H], seen[H];
  for (ptrdiff_t t = 0; t < T; t++)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      float *a = gates + row * 4 * H, *q = normal + row * 4 * H;
      for (ptrdiff_t j = 0; j < 4 * H; j++) {
        double sum = 0;
        for (ptrdiff_t p = 0; p < H; p++) sum += (double)weight_hh[j * H + p] * before(t, B, H, b, p, restarts, h, h0);
        q[j] = (float)sum;
      }
      for (int gate = 0; variant->recurrent_gain && gate < 4; gate++)
        scales[row * 4 + gate] = tlm_plain_normalize(H, variant->epsilon, q + gate * H, q + gate * H);
      for (ptrdiff_t j = 0; j < 4 * H; j++) {
        float sum = a[j] + q[j] * (variant->recurrent_gain ? variant->recurrent_gain[j] : 1);
        a[j] = j / H == 2 ? tanhf(sum) : plain_sigmoid(sum);
      }
      seen_cell(t, B, H, b, variant, restarts, a, c, c0, cell, seen);
      for (ptrdiff_t u = 0; u < H; u++) {
        ptrdiff_t place = row * H + u;
        float zc = zone(variant, variant->zoneout_cell, variant->cell_key, place);
        float zh = zone(variant, variant->zoneout_hidden, variant->hidden_key, place);
        c[place] = zc * before(t, B, H, b, u, restarts, c, c0) + (1 - zc) * cell[u];
        h[place] = zh * before(t, B, H, b, u, restarts, h, h0) + (1 - zh) * a[3 * H + u] * tanh_of_seen(variant, seen, u);
      }
    }
}

void tlm_lstm_variant_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const tlm_lstm_variant *variant, const float *c,
  const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last, float *gates,
  float *normal, const float *scales, float *gains, float *dh0, float *dc0) {
  float cell[H], seen[H], dseen[H], dcell[H];
  size_t bytes = (size_t)(B * H) * sizeof(float);
  memset(gains, 0, 6 * bytes);
  if (dh_last) memcpy(dh0, dh_last, bytes); else memset(dh0, 0, bytes);
  if (dc_last) memcpy(dc0, dc_last, bytes); else memset(dc0, 0, bytes);
  for (ptrdiff_t t = T - 1; t >= 0; t--)
    for (ptrdiff_t b = 0; b < B; b++) {
      ptrdiff_t row = t * B + b;
      bool starts = restarts && restarts[row];
      float *a = gates + row * 4 * H, *q = normal + row * 4 * H, *row_gains = gains + b * 6 * H;
      float *dh_later = dh0 + b * H, *dc = dc0 + b * H;
      float scale = seen_cell(t, B, H, b, variant, restarts, a, c, c0, cell, seen);
      for (ptrdiff_t u = 0; u < H; u++) {
        float zh = zone(variant, variant->zoneout_hidden, variant->hidden_key, row * H + u);
        float up = dh[row * H + u] + dh_later[u], o = a[3 * H + u], t_seen = tanh_of_seen(variant, seen, u);
        dh_later[u] = zh * up;
        a[3 * H + u] = (1 - zh) * up * t_seen * o * (1 - o);
        dseen[u] = (1 - zh) * up * o * (1 - t_seen * t_seen);
        if (variant->cell_gain) {
          row_gains[4 * H + u] += dseen[u] * seen[u];
          row_gains[5 * H + u] += dseen[u];
        }
      }
      if (variant->cell_gain)
        tlm_plain_normalize_backward(H, variant->cell_gain, dseen, seen, scale, dcell);
      else
        memcpy(dcell, dseen, sizeof dcell);
      for (ptrdiff_t u = 0; u < H; u++) {
        float zc = zone(variant, variant->zoneout_cell, variant->cell_key, row * H + u);
        float i = a[u], f = a[H + u], g = a[2 * H + u], d = dcell[u] + (1 - zc) * dc[u];
        a[u] = d * g * i * (1 - i);
        a[H + u] = d * before(t, B, H, b, u, restarts, c, c0) * f * (1 - f);
        a[2 * H + u] = d * i * (1 - g * g);
        dc[u] = starts ? 0 : zc * dc[u] + d * f;
      }
      for (int gate = 0; gate < 4; gate++) {
        float *da = a + gate * H, *dq = q + gate * H;
        if (!variant->recurrent_gain) {
          memcpy(dq, da, (size_t)H * sizeof(float));
          continue;
        }
        for (ptrdiff_t u = 0; u < H; u++) row_gains[gate * H + u] += da[u] * dq[u];
        memcpy(seen, dq, (size_t)H * sizeof(float));
        tlm_plain_normalize_backward(H, variant->recurrent_gain + gate * H, da, seen, scales[row * 4 + gate], dq);
      }
      for (ptrdiff_t p = 0; p < H; p++) {
        double sum = dh_later[p];
        for (ptrdiff_t j = 0; j < 4 * H; j++) sum += (double)weight_hh[j * H + p] * q[j];
        dh_later[p] = starts ? 0 : (float)sum;
      }
    }
}
