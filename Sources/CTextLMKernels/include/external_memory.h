// One step of an external memory for a batch of rows. Part of CTextLMKernels.h.
#ifndef CTEXTLMKERNELS_EXTERNAL_MEMORY_H
#define CTEXTLMKERNELS_EXTERNAL_MEMORY_H

// MARK: Cells without their products (external_memory.c)

/// One step of LSTM cells. gates [B,4H]: on entry pre-activations, out activated i, f, g, o. c_before, c, h [B,H].
void tlm_lstm_cell_forward(ptrdiff_t B, ptrdiff_t H, const float *c_before, float *gates, float *c, float *h);
/// dh, dc_later [B,H]: gradients of h and c, or NULL for zero. Out: da [B,4H] of the pre-activations, dc [B,H] of c_before.
void tlm_lstm_cell_backward(
  ptrdiff_t B, ptrdiff_t H, const float *gates, const float *c, const float *c_before, const float *dh,
  const float *dc_later, float *da, float *dc);

// MARK: Neural Turing machine (external_memory.c, memory_body.h)

/// The memory of a row is [W, N]: element w of all N slots side by side. Of each head the interface holds, in this order,
/// key (W), strength, gate, shift (S, odd: from -(S - 1) / 2 on) and sharpness before their functions, of a write head also
/// erase (W) and add (W); first all read heads, then all write heads. Weightings are kept as logarithms: any numbers z stand
/// for softmax(z), which is what a step begins with. Reads are of the memory before the step.
typedef struct tlm_ntm {
  ptrdiff_t slots, width, read_heads, write_heads, shifts;
} tlm_ntm;
/// Numbers of a row's interface, and of what the forward step keeps for the backward one.
ptrdiff_t tlm_ntm_interface_size(const tlm_ntm *m);
ptrdiff_t tlm_ntm_trace_size(const tlm_ntm *m);
/// interface [B,P], logits [B,heads,N], memory [B,W,N]. Out: reads [B,R,W], new_logits, new_memory, trace.
void tlm_ntm_forward(
  const tlm_ntm *m, ptrdiff_t B, const float *interface, const float *logits, const float *memory, float *reads,
  float *new_logits, float *new_memory, float *trace);
/// dreads, dnew_logits, dnew_memory may be NULL for zero. Out: dinterface, dlogits, dmemory.
void tlm_ntm_backward(
  const tlm_ntm *m, ptrdiff_t B, const float *interface, const float *memory, const float *trace, const float *dreads,
  const float *dnew_logits, const float *dnew_memory, float *dinterface, float *dlogits, float *dmemory);

// MARK: Differentiable neural computer (external_memory.c, dnc_body.h)

/// Memory as above, one write head. The interface holds, before their functions, read keys (R W), read strengths (R), write
/// key (W), write strength, erase (W), write vector (W), free gates (R), allocation gate, write gate, and for each read head
/// its modes backward, content, forward (3 R). States of a row, one after the other: memory [W,N], usage [N],
/// precedence [N], links [N,N], read weightings [R,N], write weighting [N].
typedef struct tlm_dnc {
  ptrdiff_t slots, width, read_heads;
  bool stops_usage;  // whether no gradient goes from usage to the write weighting before
} tlm_dnc;
ptrdiff_t tlm_dnc_interface_size(const tlm_dnc *m);
ptrdiff_t tlm_dnc_trace_size(const tlm_dnc *m);
/// The states of tlm_dnc, each [B, ..].
typedef struct tlm_dnc_state {
  float *memory, *usage, *precedence, *links, *reading, *writing;
} tlm_dnc_state;
/// Out: reads [B,R,W] of the memory after the step, after, trace.
void tlm_dnc_forward(
  const tlm_dnc *m, ptrdiff_t B, const float *interface, tlm_dnc_state before, float *reads, tlm_dnc_state after,
  float *trace);
/// Gradients dreads and of `after` may be NULL for zero. Out: dinterface, and dbefore.
void tlm_dnc_backward(
  const tlm_dnc *m, ptrdiff_t B, const float *interface, tlm_dnc_state before, tlm_dnc_state after, const float *trace,
  const float *dreads, tlm_dnc_state dafter, float *dinterface, tlm_dnc_state dbefore);

// MARK: Least-recently-used access (external_memory.c, lrua_body.h)

/// Memory as above, R heads that read and write. keys [B,R,W] as they are compared and written, gates [B,R] before their
/// logistic function, strengths [B,R] as they are. usage_decay: what of the usage stays a step.
typedef struct tlm_lrua {
  ptrdiff_t slots, width, heads;
  float usage_decay;
} tlm_lrua;
ptrdiff_t tlm_lrua_trace_size(const tlm_lrua *m);
/// memory [B,W,N], reading [B,R,N], usage [B,N]. Out: reads [B,R,W] of the memory after the step, new states, writing
/// [B,R,N], trace.
void tlm_lrua_forward(
  const tlm_lrua *m, ptrdiff_t B, const float *keys, const float *gates, const float *strengths, const float *memory,
  const float *reading, const float *usage, float *reads, float *new_memory, float *new_reading, float *new_usage,
  float *writing, float *trace);
/// Gradients of results may be NULL for zero. Out: those of all operands.
void tlm_lrua_backward(
  const tlm_lrua *m, ptrdiff_t B, const float *keys, const float *gates, const float *strengths, const float *reading,
  const float *new_memory, const float *new_reading, const float *writing, const float *trace, const float *dreads,
  const float *dnew_memory, const float *dnew_reading, const float *dnew_usage, const float *dwriting, float *dkeys,
  float *dgates, float *dstrengths, float *dmemory, float *dreading, float *dusage);

#endif
