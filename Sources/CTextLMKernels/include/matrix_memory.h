// The matrix memory of xLSTM. Part of CTextLMKernels.h.
#ifndef TEXTLM_MATRIX_MEMORY_H
#define TEXTLM_MATRIX_MEMORY_H

// MARK: Matrix memory over a whole sequence (matrix_memory.c)

/// T steps of B rows and N heads of width W, each head by itself, s being the logistic function, k divided by sqrt(W):
///   C = s(f) C' + e^i k v^T,  n = s(f) n' + e^i k,  h = q^T C / max(|q^T n|, 1)
/// C and n are held divided by e^m, the sum of all weights: m = ln(s(f) e^m' + e^i).
typedef struct tlm_matrix_memory {
  ptrdiff_t T, B, heads, width;
  const float *queries, *keys, *values;              // [T,B,N W]
  const float *input_gates, *forget_gates;           // i and f [T,B,N], before activation
  const float *memory, *normalizer, *logarithm;      // C e^-m [B,N,W,W], n e^-m [B,N,W], m [B,N] before the first step
} tlm_matrix_memory;
/// The state after the last step, or its gradient.
typedef struct tlm_matrix_memory_state {
  float *memory, *normalizer, *logarithm;
} tlm_matrix_memory_state;
/// Gradients of everything that a memory is given, of the same shapes.
typedef struct tlm_matrix_memory_gradients {
  float *queries, *keys, *values, *input_gates, *forget_gates;
  tlm_matrix_memory_state before;
} tlm_matrix_memory_gradients;

/// Floats that forward keeps for backward.
ptrdiff_t tlm_matrix_memory_kept_size(ptrdiff_t T, ptrdiff_t B, ptrdiff_t heads, ptrdiff_t width);
/// Out: h [T,B,N W]; the state after; kept, or NULL where no gradient is wanted.
void tlm_matrix_memory_forward(
  const tlm_matrix_memory *memory, float *h, const tlm_matrix_memory_state *after, float *kept);
void tlm_matrix_memory_forward_plain(
  const tlm_matrix_memory *memory, float *h, const tlm_matrix_memory_state *after);
/// h and kept as forward left them; dh [T,B,N W]; dafter, members of which are NULL for zero, is the gradient of the state
/// after.
void tlm_matrix_memory_backward(
  const tlm_matrix_memory *memory, const float *h, const float *kept, const float *dh,
  const tlm_matrix_memory_state *dafter, const tlm_matrix_memory_gradients *gradients);
void tlm_matrix_memory_backward_plain(
  const tlm_matrix_memory *memory, const float *dh, const tlm_matrix_memory_state *dafter,
  const tlm_matrix_memory_gradients *gradients);

#endif
