// The plain twins of matrix_memory.c: the recurrence and its gradients step by step, in double.
#include <math.h>
#include <stdlib.h>

#include "kernels.h"

static ptrdiff_t state_size(ptrdiff_t width) { return width * width + width + 1; }

// Where the head's part of step t lies in tensors [T,B,N W]; gates have a width of 1.
static ptrdiff_t place(const tlm_matrix_memory *m, ptrdiff_t part, ptrdiff_t t, ptrdiff_t width) {
  return (t * m->B * m->heads + part) * width;
}

// One head's state in double, C, n and m one after the other; C and n in units of e^m.
static void step_plain(const tlm_matrix_memory *m, ptrdiff_t part, ptrdiff_t t, const double *before, double *after) {
  ptrdiff_t W = m->width, at = place(m, part, t, W), gate = place(m, part, t, 1);
  double f = m->forget_gates[gate], i = m->input_gates[gate];
  double faded = before[W * W + W] - (fmax(-f, 0) + log1p(exp(-fabs(f))));
  double logarithm = fmax(faded, i) + log1p(exp(-fabs(faded - i)));
  for (ptrdiff_t r = 0; r < W; r++) {
    double added = exp(i - logarithm) * m->keys[at + r] / sqrt((double)W);
    for (ptrdiff_t c = 0; c < W; c++)
      after[r * W + c] = exp(faded - logarithm) * before[r * W + c] + added * m->values[at + c];
    after[W * W + r] = exp(faded - logarithm) * before[W * W + r] + added;
  }
  after[W * W + W] = logarithm;
}

// The states before the first step and after each of T.
static double *states_plain(const tlm_matrix_memory *m, ptrdiff_t part) {
  ptrdiff_t W = m->width, size = state_size(W);
  double *states = malloc((size_t)((m->T + 1) * size) * sizeof(double));
  if (!states) abort();
  for (ptrdiff_t j = 0; j < W * W; j++) states[j] = m->memory[part * W * W + j];
  for (ptrdiff_t j = 0; j < W; j++) states[W * W + j] = m->normalizer[part * W + j];
  states[W * W + W] = m->logarithm[part];
  for (ptrdiff_t t = 0; t < m->T; t++) step_plain(m, part, t, states + t * size, states + (t + 1) * size);
  return states;
}

// q^T n, and the sums q^T C.
static double read_plain(const tlm_matrix_memory *m, const float *query, const double *state, double *sums) {
  ptrdiff_t W = m->width;
  double total = 0;
  for (ptrdiff_t c = 0; c < W; c++) sums[c] = 0;
  for (ptrdiff_t r = 0; r < W; r++) {
    for (ptrdiff_t c = 0; c < W; c++) sums[c] += query[r] * state[r * W + c];
    total += query[r] * state[W * W + r];
  }
  return total;
}

void tlm_matrix_memory_forward_plain(
  const tlm_matrix_memory *memory, float *h, const tlm_matrix_memory_state *after) {
  const tlm_matrix_memory *m = memory;
  ptrdiff_t W = m->width, size = state_size(W);
  for (ptrdiff_t part = 0; part < m->B * m->heads; part++) {
    double *states = states_plain(m, part), *sums = malloc((size_t)W * sizeof(double));
    if (!sums) abort();
    for (ptrdiff_t t = 0; t < m->T; t++) {
      const double *state = states + (t + 1) * size;
      double total = read_plain(m, m->queries + place(m, part, t, W), state, sums);
      double by = fmax(fabs(total), exp(-state[W * W + W]));
      for (ptrdiff_t c = 0; c < W; c++) h[place(m, part, t, W) + c] = (float)(sums[c] / by);
    }
    const double *last = states + m->T * size;
    for (ptrdiff_t j = 0; j < W * W; j++) after->memory[part * W * W + j] = (float)last[j];
    for (ptrdiff_t j = 0; j < W; j++) after->normalizer[part * W + j] = (float)last[W * W + j];
    after->logarithm[part] = (float)last[W * W + W];
    free(states);
    free(sums);
  }
}

// One step back: the gradient of the state after becomes that of the state before.
static void step_back_plain(const tlm_matrix_memory *m, ptrdiff_t part, ptrdiff_t t, const double *before,
                            const double *after, const float *dh, double *dstate, const tlm_matrix_memory_gradients *to) {
  ptrdiff_t W = m->width, at = place(m, part, t, W), gate = place(m, part, t, 1);
  const float *query = m->queries + at, *key = m->keys + at, *value = m->values + at;
  double *dnormalizer = dstate + W * W, logarithm = after[W * W + W], scale = 1 / sqrt((double)W);
  double *sums = malloc((size_t)W * sizeof(double));
  if (!sums) abort();
  double total = read_plain(m, query, after, sums), by = fmax(fabs(total), exp(-logarithm)), dby = 0;
  for (ptrdiff_t c = 0; c < W; c++) dby -= dh[at + c] * sums[c] / (by * by);
  bool is_more = fabs(total) > exp(-logarithm);
  double dtotal = is_more ? copysign(dby, total * dby) : 0;
  if (!is_more) dstate[W * W + W] -= dby * by;
  for (ptrdiff_t r = 0; r < W; r++) {
    double dquery = dtotal * after[W * W + r];
    for (ptrdiff_t c = 0; c < W; c++) {
      dquery += after[r * W + c] * dh[at + c] / by;
      dstate[r * W + c] += query[r] * dh[at + c] / by;
    }
    dnormalizer[r] += dtotal * query[r];
    to->queries[at + r] = (float)dquery;
  }
  // The state after is e^(faded - m) times the one before and e^(i - m) times what is added.
  double f = m->forget_gates[gate], i = m->input_gates[gate];
  double faded = before[W * W + W] - (fmax(-f, 0) + log1p(exp(-fabs(f))));
  double fading = exp(faded - logarithm), adding = exp(i - logarithm), dfaded = 0, dadded = 0;
  for (ptrdiff_t c = 0; c < W; c++) sums[c] = 0;
  for (ptrdiff_t r = 0; r < W; r++) {
    double dkey = dnormalizer[r];
    for (ptrdiff_t c = 0; c < W; c++) {
      double *d = dstate + r * W + c;
      dkey += *d * value[c];
      sums[c] += *d * key[r];
      dfaded += *d * before[r * W + c] * fading;
      *d *= fading;
    }
    dfaded += dnormalizer[r] * before[W * W + r] * fading;
    dnormalizer[r] *= fading;
    dadded += dkey * adding * scale * key[r];
    to->keys[at + r] = (float)(dkey * adding * scale);
  }
  for (ptrdiff_t c = 0; c < W; c++) to->values[at + c] = (float)(sums[c] * adding * scale);
  double dlogarithm = dstate[W * W + W] - dfaded - dadded;
  dstate[W * W + W] = dfaded + fading * dlogarithm;
  to->input_gates[gate] = (float)(dadded + adding * dlogarithm);
  to->forget_gates[gate] = (float)(dstate[W * W + W] / (1 + exp(f)));
  free(sums);
}

void tlm_matrix_memory_backward_plain(
  const tlm_matrix_memory *memory, const float *dh, const tlm_matrix_memory_state *dafter,
  const tlm_matrix_memory_gradients *gradients) {
  const tlm_matrix_memory *m = memory;
  ptrdiff_t W = m->width, size = state_size(W);
  for (ptrdiff_t part = 0; part < m->B * m->heads; part++) {
    double *states = states_plain(m, part), *dstate = malloc((size_t)size * sizeof(double));
    if (!dstate) abort();
    for (ptrdiff_t j = 0; j < W * W; j++) dstate[j] = dafter->memory ? dafter->memory[part * W * W + j] : 0;
    for (ptrdiff_t j = 0; j < W; j++) dstate[W * W + j] = dafter->normalizer ? dafter->normalizer[part * W + j] : 0;
    dstate[W * W + W] = dafter->logarithm ? dafter->logarithm[part] : 0;
    for (ptrdiff_t t = m->T - 1; t >= 0; t--)
      step_back_plain(m, part, t, states + t * size, states + (t + 1) * size, dh, dstate, gradients);
    const tlm_matrix_memory_state *to = &gradients->before;
    for (ptrdiff_t j = 0; j < W * W; j++) to->memory[part * W * W + j] = (float)dstate[j];
    for (ptrdiff_t j = 0; j < W; j++) to->normalizer[part * W + j] = (float)dstate[W * W + j];
    to->logarithm[part] = (float)dstate[W * W + W];
    free(states);
    free(dstate);
  }
}
