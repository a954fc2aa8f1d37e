// One step of LSTM cells and of external memories, the rows of the batch split over the threads.
#include <string.h>

#include "kernels.h"

// Fewer floats of state than this are gone through before a second thread would have started.
enum { worth_splitting = 1 << 12 };

static ptrdiff_t fewest_rows(ptrdiff_t row_size) { return worth_splitting / (row_size + 1) + 1; }

// MARK: LSTM cells

struct cell_work {
  ptrdiff_t H;
  const float *c_before;
  float *gates, *c, *h;
};

static void cell_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct cell_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t b = begin; b < end; b++)
    kernels->lstm_forward_row(w->H, NULL, w->c_before + b * w->H, w->gates + b * 4 * w->H, w->c + b * w->H,
                              w->h + b * w->H);
}

void tlm_lstm_cell_forward(ptrdiff_t B, ptrdiff_t H, const float *c_before, float *gates, float *c, float *h) {
  struct cell_work work = {H, c_before, gates, c, h};
  tlm_parallel_range(B, 1, fewest_rows(4 * H), cell_rows, &work);
}

struct cell_gradient_work {
  ptrdiff_t H;
  const float *gates, *c, *c_before, *dh;
  float *da, *dc, *zeros;
};

static void cell_gradient_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct cell_gradient_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t H = w->H;
  for (ptrdiff_t b = begin; b < end; b++)
    kernels->lstm_backward_row(H, w->gates + b * 4 * H, w->c + b * H, w->c_before + b * H,
                               w->dh ? w->dh + b * H : w->zeros, w->zeros, w->dc + b * H, w->da + b * 4 * H);
}

void tlm_lstm_cell_backward(
  ptrdiff_t B, ptrdiff_t H, const float *gates, const float *c, const float *c_before, const float *dh,
  const float *dc_later, float *da, float *dc) {
  size_t bytes = (size_t)(B * H) * sizeof(float);
  if (dc_later) memcpy(dc, dc_later, bytes); else memset(dc, 0, bytes);
  float *zeros = tlm_thread_scratch(scratch_units, (size_t)H * sizeof(float));
  memset(zeros, 0, (size_t)H * sizeof(float));
  struct cell_gradient_work work = {H, gates, c, c_before, dh, da, dc, zeros};
  tlm_parallel_range(B, 1, fewest_rows(4 * H), cell_gradient_rows, &work);
}

// MARK: Neural Turing machine

ptrdiff_t tlm_ntm_interface_size(const tlm_ntm *m) {
  ptrdiff_t head = m->width + 3 + m->shifts;
  return (m->read_heads + m->write_heads) * head + m->write_heads * 2 * m->width;
}

ptrdiff_t tlm_ntm_trace_size(const tlm_ntm *m) {
  return tlm_ntm_interface_size(m) + (1 + 5 * (m->read_heads + m->write_heads)) * m->slots;
}

struct ntm_work {
  const tlm_ntm *m;
  const float *interface, *logits, *memory;
  float *reads, *new_logits, *new_memory, *trace;
};

static void ntm_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct ntm_work *w = context;
  const tlm_ntm *m = w->m;
  ptrdiff_t P = tlm_ntm_interface_size(m), K = tlm_ntm_trace_size(m), WN = m->width * m->slots;
  ptrdiff_t L = (m->read_heads + m->write_heads) * m->slots, RW = m->read_heads * m->width;
  float *scratch = tlm_thread_scratch(scratch_memory, (size_t)(m->slots + m->shifts) * sizeof(float));
  for (ptrdiff_t b = begin; b < end; b++)
    tlm_current_kernels()->ntm_forward_row(m, w->interface + b * P, w->logits + b * L, w->memory + b * WN,
                                           w->reads + b * RW, w->new_logits + b * L, w->new_memory + b * WN,
                                           w->trace + b * K, scratch);
}

void tlm_ntm_forward(
  const tlm_ntm *m, ptrdiff_t B, const float *interface, const float *logits, const float *memory, float *reads,
  float *new_logits, float *new_memory, float *trace) {
  struct ntm_work work = {m, interface, logits, memory, reads, new_logits, new_memory, trace};
  tlm_parallel_range(B, 1, fewest_rows(m->width * m->slots), ntm_rows, &work);
}

struct ntm_gradient_work {
  const tlm_ntm *m;
  const float *interface, *memory, *trace, *dreads, *dnew_logits, *dnew_memory;
  float *dinterface, *dlogits, *dmemory;
};

// The row's part, or NULL for none.
static const float *row(const float *x, ptrdiff_t offset) { return x ? x + offset : NULL; }

static void ntm_gradient_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct ntm_gradient_work *w = context;
  const tlm_ntm *m = w->m;
  ptrdiff_t P = tlm_ntm_interface_size(m), K = tlm_ntm_trace_size(m), WN = m->width * m->slots;
  ptrdiff_t heads = m->read_heads + m->write_heads, L = heads * m->slots, RW = m->read_heads * m->width;
  float *scratch = tlm_thread_scratch(
    scratch_memory, (size_t)((heads + 4) * m->slots + heads + 2 * m->shifts) * sizeof(float));
  for (ptrdiff_t b = begin; b < end; b++)
    tlm_current_kernels()->ntm_backward_row(
      m, w->interface + b * P, w->memory + b * WN, w->trace + b * K, row(w->dreads, b * RW), row(w->dnew_logits, b * L),
      row(w->dnew_memory, b * WN), w->dinterface + b * P, w->dlogits + b * L, w->dmemory + b * WN, scratch);
}

void tlm_ntm_backward(
  const tlm_ntm *m, ptrdiff_t B, const float *interface, const float *memory, const float *trace, const float *dreads,
  const float *dnew_logits, const float *dnew_memory, float *dinterface, float *dlogits, float *dmemory) {
  struct ntm_gradient_work work = {m,           interface,  memory,  trace,  dreads, dnew_logits,
                                   dnew_memory, dinterface, dlogits, dmemory};
  tlm_parallel_range(B, 1, fewest_rows(m->width * m->slots), ntm_gradient_rows, &work);
}

// MARK: Differentiable neural computer

ptrdiff_t tlm_dnc_interface_size(const tlm_dnc *m) {
  return m->width * m->read_heads + 3 * m->width + 5 * m->read_heads + 3;
}

ptrdiff_t tlm_dnc_trace_size(const tlm_dnc *m) {
  return tlm_dnc_interface_size(m) + (6 + 4 * m->read_heads) * m->slots;
}

// The states of one row.
static tlm_dnc_state dnc_row(const tlm_dnc *m, tlm_dnc_state s, ptrdiff_t b) {
  ptrdiff_t N = m->slots;
  if (s.memory) s.memory += b * m->width * N;
  if (s.usage) s.usage += b * N;
  if (s.precedence) s.precedence += b * N;
  if (s.links) s.links += b * N * N;
  if (s.reading) s.reading += b * m->read_heads * N;
  if (s.writing) s.writing += b * N;
  return s;
}

struct dnc_work {
  const tlm_dnc *m;
  const float *interface;
  tlm_dnc_state before, after;
  float *reads, *trace;
};

static void dnc_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct dnc_work *w = context;
  const tlm_dnc *m = w->m;
  ptrdiff_t P = tlm_dnc_interface_size(m), K = tlm_dnc_trace_size(m), RW = m->read_heads * m->width;
  for (ptrdiff_t b = begin; b < end; b++) {
    tlm_dnc_state before = dnc_row(m, w->before, b), after = dnc_row(m, w->after, b);
    tlm_current_kernels()->dnc_forward_row(m, w->interface + b * P, &before, w->reads + b * RW, &after, w->trace + b * K);
  }
}

void tlm_dnc_forward(
  const tlm_dnc *m, ptrdiff_t B, const float *interface, tlm_dnc_state before, float *reads, tlm_dnc_state after,
  float *trace) {
  struct dnc_work work = {m, interface, before, after, reads, trace};
  tlm_parallel_range(B, 1, fewest_rows((m->width + m->slots) * m->slots), dnc_rows, &work);
}

struct dnc_gradient_work {
  const tlm_dnc *m;
  const float *interface, *trace, *dreads;
  tlm_dnc_state before, after, dafter, dbefore;
  float *dinterface;
};

static void dnc_gradient_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct dnc_gradient_work *w = context;
  const tlm_dnc *m = w->m;
  ptrdiff_t P = tlm_dnc_interface_size(m), K = tlm_dnc_trace_size(m), RW = m->read_heads * m->width;
  float *scratch = tlm_thread_scratch(scratch_memory, (size_t)(5 * m->slots) * sizeof(float));
  for (ptrdiff_t b = begin; b < end; b++) {
    tlm_dnc_state before = dnc_row(m, w->before, b), after = dnc_row(m, w->after, b);
    tlm_dnc_state dafter = dnc_row(m, w->dafter, b), dbefore = dnc_row(m, w->dbefore, b);
    tlm_current_kernels()->dnc_backward_row(m, w->interface + b * P, &before, &after, w->trace + b * K,
                                            row(w->dreads, b * RW), &dafter, w->dinterface + b * P, &dbefore, scratch);
  }
}

void tlm_dnc_backward(
  const tlm_dnc *m, ptrdiff_t B, const float *interface, tlm_dnc_state before, tlm_dnc_state after, const float *trace,
  const float *dreads, tlm_dnc_state dafter, float *dinterface, tlm_dnc_state dbefore) {
  struct dnc_gradient_work work = {m, interface, trace, dreads, before, after, dafter, dbefore, dinterface};
  tlm_parallel_range(B, 1, fewest_rows((m->width + m->slots) * m->slots), dnc_gradient_rows, &work);
}

// MARK: Least-recently-used access

ptrdiff_t tlm_lrua_trace_size(const tlm_lrua *m) { return m->heads + (1 + m->heads) * m->slots; }

struct lrua_work {
  const tlm_lrua *m;
  const float *keys, *gates, *strengths, *memory, *reading, *usage;
  float *reads, *new_memory, *new_reading, *new_usage, *writing, *trace;
};

static void lrua_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct lrua_work *w = context;
  const tlm_lrua *m = w->m;
  ptrdiff_t N = m->slots, R = m->heads, RW = R * m->width, RN = R * N, WN = m->width * N, K = tlm_lrua_trace_size(m);
  for (ptrdiff_t b = begin; b < end; b++)
    tlm_current_kernels()->lrua_forward_row(
      m, w->keys + b * RW, w->gates + b * R, w->strengths + b * R, w->memory + b * WN, w->reading + b * RN,
      w->usage + b * N, w->reads + b * RW, w->new_memory + b * WN, w->new_reading + b * RN, w->new_usage + b * N,
      w->writing + b * RN, w->trace + b * K);
}

void tlm_lrua_forward(
  const tlm_lrua *m, ptrdiff_t B, const float *keys, const float *gates, const float *strengths, const float *memory,
  const float *reading, const float *usage, float *reads, float *new_memory, float *new_reading, float *new_usage,
  float *writing, float *trace) {
  struct lrua_work work = {m,     keys,       gates,       strengths, memory,  reading, usage,
                           reads, new_memory, new_reading, new_usage, writing, trace};
  tlm_parallel_range(B, 1, fewest_rows(m->width * m->slots), lrua_rows, &work);
}

struct lrua_gradient_work {
  const tlm_lrua *m;
  const float *keys, *gates, *strengths, *reading, *new_memory, *new_reading, *writing, *trace, *dreads, *dnew_memory,
    *dnew_reading, *dnew_usage, *dwriting;
  float *dkeys, *dgates, *dstrengths, *dmemory, *dreading, *dusage;
};

static void lrua_gradient_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct lrua_gradient_work *w = context;
  const tlm_lrua *m = w->m;
  ptrdiff_t N = m->slots, R = m->heads, RW = R * m->width, RN = R * N, WN = m->width * N, K = tlm_lrua_trace_size(m);
  float *scratch = tlm_thread_scratch(scratch_memory, (size_t)(2 * N) * sizeof(float));
  for (ptrdiff_t b = begin; b < end; b++)
    tlm_current_kernels()->lrua_backward_row(
      m, w->keys + b * RW, w->gates + b * R, w->strengths + b * R, w->reading + b * RN, w->new_memory + b * WN,
      w->new_reading + b * RN, w->writing + b * RN, w->trace + b * K, row(w->dreads, b * RW),
      row(w->dnew_memory, b * WN), row(w->dnew_reading, b * RN), row(w->dnew_usage, b * N), row(w->dwriting, b * RN),
      w->dkeys + b * RW, w->dgates + b * R, w->dstrengths + b * R, w->dmemory + b * WN, w->dreading + b * RN,
      w->dusage + b * N, scratch);
}

void tlm_lrua_backward(
  const tlm_lrua *m, ptrdiff_t B, const float *keys, const float *gates, const float *strengths, const float *reading,
  const float *new_memory, const float *new_reading, const float *writing, const float *trace, const float *dreads,
  const float *dnew_memory, const float *dnew_reading, const float *dnew_usage, const float *dwriting, float *dkeys,
  float *dgates, float *dstrengths, float *dmemory, float *dreading, float *dusage) {
  struct lrua_gradient_work work = {
    m,          keys,    gates,       strengths,    reading,    new_memory, new_reading, writing, trace,    dreads,
    dnew_memory, dnew_reading, dnew_usage, dwriting, dkeys,      dgates,     dstrengths,  dmemory, dreading, dusage};
  tlm_parallel_range(B, 1, fewest_rows(m->width * m->slots), lrua_gradient_rows, &work);
}
