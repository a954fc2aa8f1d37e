// Causal self-attention of several heads over a window of past steps. Part of CTextLMKernels.h.
#ifndef CTEXTLMKERNELS_ATTENTION_H
#define CTEXTLMKERNELS_ATTENTION_H

// MARK: Attention (attention.c)

/// T steps of B rows; `heads` heads of `width` elements, D = heads width.
///
/// Keys and values of steps before the first are in rings [B, context, D], that of the step at position p at place
/// p mod context; row b's first step has position positions[b]. The query at position p attends to the steps
/// max(0, p - context + 1) .. p; when is_blocked, to those from the last multiple of context on. Scores are q k / sqrt(width).
/// With cosines and sines [T, B, width / 2], queries and keys are turned by these angles first (elements i and i + width / 2
/// being a pair, and the last of an odd width having none); rings hold turned keys. With dropout_rate above 0 weights are
/// dropped by the key.
typedef struct tlm_attention {
  ptrdiff_t T, B, heads, width, context;
  const int64_t *positions;  // [B], none negative
  bool is_blocked;
  const float *cosines, *sines;  // or NULL
  float dropout_rate;
  uint64_t dropout_key;
} tlm_attention;

/// projected [T, B, 3D]: queries, keys, values. Writes y [T, B, D] and the new steps into the rings.
void tlm_attention_forward(const tlm_attention *attention, const float *projected, float *keys, float *values, float *y);
void tlm_attention_forward_plain(const tlm_attention *attention, const float *projected, float *keys, float *values, float *y);
/// weights [B, heads, T, T] of each step's query over the new steps, before their dropout; projected and rings as they were
/// before forward.
void tlm_attention_weights(
  const tlm_attention *attention, const float *projected, const float *keys, const float *values, float *weights);
/// projected and rings as they were before forward; dy [T, B, D]; dkeys_after and dvalues_after are gradients of the rings
/// that forward left, or NULL for zero. Out: dprojected [T, B, 3D]; dkeys and dvalues [B, context, D], gradients of the rings
/// before.
void tlm_attention_backward(
  const tlm_attention *attention, const float *projected, const float *keys, const float *values, const float *dy,
  const float *dkeys_after, const float *dvalues_after, float *dprojected, float *dkeys, float *dvalues);

/// Cosines and sines [T, B, width / 2] of the angles p 10000^(-2 i / width) of the steps at positions p = positions[b] + t.
void tlm_rotary_angles(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t width, const int64_t *positions, float *cosines, float *sines);

#endif
