// Numeric kernels of textlm: plain C functions over float32 buffers.
//
// Conventions. Matrices are row-major and dense unless a leading dimension ("ld") is given. Letters: T time, B batch,
// V vocabulary, H hidden, D width. Sequence tensors are time-major [T, B, D]. LSTM gates are in PyTorch's order
// i, f, g, o along a [.., 4H] axis. Nothing here allocates results: the caller owns every buffer. No function depends on
// the number of threads: the same inputs give the same bits whatever tlm_set_threads says.
#ifndef CTEXTLMKERNELS_H
#define CTEXTLMKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Runtime (runtime.c, threads.c)

/// Instruction sets that the kernels are compiled for, weakest first.
typedef enum tlm_isa { TLM_ISA_PLAIN = 0, TLM_ISA_AVX2 = 1, TLM_ISA_AVX512 = 2, TLM_ISA_AVX512_VNNI = 3 } tlm_isa;

/// Number format of the operands of matrix products; results are always float32, and so are sums but for blocks of
/// TLM_INT16, which are exact integers.
/// With TLM_INT16 operands are rounded to 16-bit integers times one scale for every 512 elements along k of a row of the
/// left operand or a column of the right one; the scale is chosen such that no sum of products leaves 32 bits.
typedef enum tlm_precision { TLM_FLOAT32 = 0, TLM_BFLOAT16 = 1, TLM_INT16 = 2 } tlm_precision;

/// The strongest instruction set of this processor, held down by tlm_limit_isa.
tlm_isa tlm_current_isa(void);
/// Holds our kernels (not oneDNN's, which ONEDNN_MAX_CPU_ISA governs) down to `strongest`.
void tlm_limit_isa(tlm_isa strongest);
/// Whether this processor multiplies bfloat16 in hardware; elsewhere operands are rounded and multiplied as float32.
bool tlm_has_bfloat16(void);
/// Threads used by every kernel, oneDNN included; from 1 to 1024, others become the nearest.
void tlm_set_threads(int count);
int tlm_threads(void);
/// Processors that this process may run on, at least 1.
int tlm_processors(void);
/// Runs body(context, part) for part in 0 ..< parts on the caller's thread and on workers that are made when first needed
/// and kept; returns when all are done. Which thread runs a part is decided as it goes, so what a part computes may depend
/// on its number alone; a thread kept busy by something else claims none, and the others do its parts. Within a body it
/// runs all its parts on the caller's thread, and so it does while another thread's call has the workers. Waiting threads
/// watch for some tens of microseconds, then sleep. Not for use after fork.
void tlm_parallel(int parts, void (*body)(void *context, int part), void *context);
/// The same for one contiguous range of 0 ..< count a thread, each a multiple of `multiple` long; below `smallest` elements
/// it stays on the caller's thread.
void tlm_parallel_range(ptrdiff_t count, ptrdiff_t multiple, ptrdiff_t smallest,
                        void (*body)(void *context, ptrdiff_t begin, ptrdiff_t end), void *context);
/// Version of the oneDNN library in use, for example 2.6.3; three integers.
void tlm_onednn_version(int *major, int *minor, int *patch);
/// Measured float32 multiply-add peak of all threads together, in GFLOP/s; takes about 0.2 s.
double tlm_measure_peak_gflops(void);

/// 64-byte aligned memory from a pool that keeps freed blocks for the next request of the same size; NULL when out of memory.
void *tlm_allocate(size_t bytes);
/// Gives memory of tlm_allocate back; `bytes` as asked for.
void tlm_release(void *memory, size_t bytes);

// MARK: Matrix products (matmul.c)

/// c[m, n] = op(a) op(b) (+ c when accumulate), op(a) = a[m, k] or, transposed, the transpose of a[k, m]; likewise b.
/// ld: elements between the starts of consecutive stored rows.
void tlm_matmul(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate);
/// The plain twin of tlm_matmul: three loops, sums in double.
void tlm_matmul_plain(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate);

/// A right operand op(b) [k, n] kept in the order the kernels read it.
typedef struct tlm_packed tlm_packed;
/// Packs op(b): b is [k, n], or [n, k] when transpose_b. NULL when out of memory.
tlm_packed *tlm_packed_create(
  tlm_precision precision, bool transpose_b, ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t ldb);
/// Packs op(b) for oneDNN's product instead of ours; NULL where the library has none of that precision on this processor.
/// tlm_packed_create does so by itself for bfloat16 where tlm_has_bfloat16().
tlm_packed *tlm_packed_create_for_onednn(
  tlm_precision precision, bool transpose_b, ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t ldb);
void tlm_packed_destroy(tlm_packed *packed);
/// c[m, n] = a[m, k] packed (+ bias[n] on each row, when not NULL) (+ c when accumulate).
void tlm_matmul_packed(
  const tlm_packed *packed, ptrdiff_t m, const float *a, ptrdiff_t lda, const float *bias, float *c, ptrdiff_t ldc,
  bool accumulate);

// MARK: LSTM over a whole sequence (lstm.c)

/// Forward over T steps. On entry gates [T,B,4H] holds the input's part of the pre-activations (W_ih x + both biases); or,
/// when tokens [T,B] is not NULL, that part is row tokens[t,b] of table [V,4H] and gates is output only.
/// recurrent = packed W_hh transposed, that is op(b) [H,4H]. h0, c0 [B,H]. restarts [T,B], or NULL for none: where true, the
/// row's state is zero before the step.
/// Out: gates = activated i, f, g, o; c, h [T,B,H].
void tlm_lstm_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const int32_t *tokens, const float *table,
  const float *h0, const float *c0, const bool *restarts, float *gates, float *c, float *h);
/// The plain twin: loops, libm; weight_hh [4H,H] unpacked.
void tlm_lstm_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const int32_t *tokens, const float *table,
  const float *h0, const float *c0, const bool *restarts, float *gates, float *c, float *h);
/// Backward. gates, c as forward left them; dh [T,B,H] from above; dh_last, dc_last [B,H] gradients of the final state, or
/// NULL for zero. recurrent = packed W_hh [4H,H] as it is. Out: da [T,B,4H] (may be the same buffer as gates), gradient of
/// the pre-activations; dh0, dc0 [B,H] (never NULL).
void tlm_lstm_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const float *gates, const float *c,
  const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last, float *da,
  float *dh0, float *dc0);
void tlm_lstm_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *gates, const float *c,
  const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last, float *da,
  float *dh0, float *dc0);

// MARK: Layer normalization, and the LSTM that has it inside, with zoneout (normalization.c, lstm_variant.c)

/// Each of `groups` parts of `width` elements of every row x [rows, groups width] by itself: normal = (x - mean) scale with
/// scale = 1 / sqrt(variance + epsilon), the variance being the mean of squares; y = normal gain + bias, gain and bias
/// [groups width]. Out: normal as x, scales [rows, groups], y as x.
void tlm_layer_norm(
  ptrdiff_t rows, ptrdiff_t groups, ptrdiff_t width, float epsilon, const float *x, const float *gain, const float *bias,
  float *normal, float *scales, float *y);
void tlm_layer_norm_plain(
  ptrdiff_t rows, ptrdiff_t groups, ptrdiff_t width, float epsilon, const float *x, const float *gain, const float *bias,
  float *normal, float *scales, float *y);
/// dx = scale (d - mean d - normal mean(d normal)) with d = dy gain, for each part.
void tlm_layer_norm_backward(
  ptrdiff_t rows, ptrdiff_t groups, ptrdiff_t width, const float *dy, const float *gain, const float *normal,
  const float *scales, float *dx);
void tlm_layer_norm_backward_plain(
  ptrdiff_t rows, ptrdiff_t groups, ptrdiff_t width, const float *dy, const float *gain, const float *normal,
  const float *scales, float *dx);
/// The gradients of gain and bias: dgain = sum of dy normal over the rows [rows, width], dbias = sum of dy.
void tlm_layer_norm_parameters_backward(
  ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *normal, float *dgain, float *dbias);
void tlm_layer_norm_parameters_backward_plain(
  ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *normal, float *dgain, float *dbias);

/// What the LSTM does beyond the equations of tlm_lstm_forward: with gains, layer normalization of each gate of W_hh h and
/// of the cell before tanh; with zoneout, a unit keeps its old c or h in part:
///   a = input's part + LN(W_hh h') gain;  c~ = f c' + i g;  h~ = o tanh(LN(c~) cell_gain + cell_bias)
///   c = z_c c' + (1 - z_c) c~;  h = z_h h' + (1 - z_h) h~
/// where z is 1 with probability zoneout and else 0, drawn for each unit, row and step by the key, if is_sampled; and the
/// probability itself if not.
typedef struct tlm_lstm_variant {
  const float *recurrent_gain;  // [4H], or NULL for no normalization of gates
  const float *cell_gain, *cell_bias;  // [H], or NULL for no normalization of the cell
  float epsilon, zoneout_cell, zoneout_hidden;
  bool is_sampled;
  uint64_t cell_key, hidden_key;
} tlm_lstm_variant;
/// Forward over T steps. gates [T,B,4H]: on entry the input's part of the pre-activations, out activated. recurrent, h0, c0
/// and restarts as for tlm_lstm_forward. Out: normal [T,B,4H] = W_hh h', normalized if so; scales [T,B,4], of
/// normalization; c, h [T,B,H].
void tlm_lstm_variant_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const tlm_lstm_variant *variant, const float *h0,
  const float *c0, const bool *restarts, float *gates, float *normal, float *scales, float *c, float *h);
/// The plain twin; weight_hh [4H,H] unpacked.
void tlm_lstm_variant_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const tlm_lstm_variant *variant, const float *h0,
  const float *c0, const bool *restarts, float *gates, float *normal, float *scales, float *c, float *h);
/// Backward. gates, normal, scales, c as forward left them, recurrent = packed W_hh as it is, dh, dh_last and dc_last as for
/// tlm_lstm_backward. Out: gates = gradient of the pre-activations; normal = gradient of W_hh h'; gains [B,6H] = each row's
/// part in the gradients of recurrent_gain [4H], cell_gain [H] and cell_bias [H], zeros where there is none; dh0, dc0.
void tlm_lstm_variant_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const tlm_lstm_variant *variant, const float *c,
  const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last, float *gates,
  float *normal, const float *scales, float *gains, float *dh0, float *dc0);
void tlm_lstm_variant_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const tlm_lstm_variant *variant, const float *c,
  const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last, float *gates,
  float *normal, const float *scales, float *gains, float *dh0, float *dc0);

#include "activations.h"
#include "attention.h"
#include "external_memory.h"
#include "windows.h"

// MARK: Fused loops (loops.c); each has a _plain twin with the same signature

/// Element by element; the result may be one of the operands.
void tlm_add(ptrdiff_t count, const float *a, const float *b, float *sum);
void tlm_multiply(ptrdiff_t count, const float *a, const float *b, float *product);
void tlm_scale(ptrdiff_t count, float factor, const float *x, float *y);
/// y = a + weight (b - a); y may be a or b.
void tlm_interpolate(ptrdiff_t count, float weight, const float *a, const float *b, float *y);
void tlm_interpolate_plain(ptrdiff_t count, float weight, const float *a, const float *b, float *y);
void tlm_tanh(ptrdiff_t count, const float *x, float *y);
void tlm_tanh_plain(ptrdiff_t count, const float *x, float *y);
void tlm_sigmoid(ptrdiff_t count, const float *x, float *y);
void tlm_sigmoid_plain(ptrdiff_t count, const float *x, float *y);
void tlm_exp(ptrdiff_t count, const float *x, float *y);
void tlm_exp_plain(ptrdiff_t count, const float *x, float *y);
/// -INFINITY at 0, not a number below.
void tlm_log(ptrdiff_t count, const float *x, float *y);
void tlm_log_plain(ptrdiff_t count, const float *x, float *y);
/// ln(1 + e^x).
void tlm_softplus(ptrdiff_t count, const float *x, float *y);
void tlm_softplus_plain(ptrdiff_t count, const float *x, float *y);
void tlm_sqrt(ptrdiff_t count, const float *x, float *y);
void tlm_sqrt_plain(ptrdiff_t count, const float *x, float *y);
void tlm_reciprocal(ptrdiff_t count, const float *x, float *y);
void tlm_reciprocal_plain(ptrdiff_t count, const float *x, float *y);

/// rows[r, :] = table[indices[r], :]; indices must be in range.
void tlm_gather_rows(ptrdiff_t rows, ptrdiff_t width, const int32_t *indices, const float *table, float *out);
/// out[r, :] = sum over k < count of tables[k][indices[k, r], :], in order of k; indices [count, rows] must be in range.
void tlm_gather_row_sums(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t count, const int32_t *indices,
                         const float *const *tables, float *out);
/// table[indices[r], :] += rows[r, :], in order of r.
void tlm_scatter_add_rows(
  ptrdiff_t rows, ptrdiff_t width, const int32_t *indices, const float *values, float *table);
/// sums[j] = sum over rows of x[r, j] (+ sums[j] when accumulate).
void tlm_column_sums(ptrdiff_t rows, ptrdiff_t width, const float *x, float *sums, bool accumulate);

/// losses[r] = -log softmax(logits[r, :])[targets[r]]; a negative target makes row r's loss and gradient 0.
/// When gradient is not NULL: gradient[r, j] = scale (softmax - onehot); may be the same buffer as logits.
void tlm_softmax_cross_entropy(
  ptrdiff_t rows, ptrdiff_t V, const float *logits, const int32_t *targets, float scale, float *losses,
  float *gradient);
void tlm_softmax_cross_entropy_plain(
  ptrdiff_t rows, ptrdiff_t V, const float *logits, const int32_t *targets, float scale, float *losses,
  float *gradient);

/// y[i] = x[i] * (keep(i) ? 1 / (1 - rate) : 0); keep is a hash of (key, i), so that backward calls it with the same key.
void tlm_dropout(ptrdiff_t count, float rate, uint64_t key, const float *x, float *y);
void tlm_dropout_plain(ptrdiff_t count, float rate, uint64_t key, const float *x, float *y);

/// Sum of squares in double, in an order that does not depend on threads.
double tlm_sum_of_squares(ptrdiff_t count, const float *x);
/// Whether every element is finite.
bool tlm_all_finite(ptrdiff_t count, const float *x);

// MARK: Operands of unequal shapes (broadcast.c)

/// What is done with two numbers.
typedef enum tlm_combination { TLM_ADD = 0, TLM_SUBTRACT = 1, TLM_MULTIPLY = 2 } tlm_combination;
/// y = a op b over axes of these sizes, at most 8, y dense; an operand's stride along an axis it is repeated on is 0, and
/// along the last axis 0 or 1.
void tlm_broadcast(
  tlm_combination op, int rank, const ptrdiff_t *sizes, const ptrdiff_t *a_strides, const ptrdiff_t *b_strides,
  const float *a, const float *b, float *y);
void tlm_broadcast_plain(
  tlm_combination op, int rank, const ptrdiff_t *sizes, const ptrdiff_t *a_strides, const ptrdiff_t *b_strides,
  const float *a, const float *b, float *y);
/// The reverse of repeating: y[y_count] = the sums of the dense x over all axes along which y's stride is 0.
void tlm_sum_axes(
  int rank, const ptrdiff_t *sizes, const ptrdiff_t *y_strides, const float *x, ptrdiff_t y_count, float *y);
void tlm_sum_axes_plain(
  int rank, const ptrdiff_t *sizes, const ptrdiff_t *y_strides, const float *x, ptrdiff_t y_count, float *y);

// MARK: Optimizer steps (optimizers.c); each has a _plain twin with the same signature

/// What every rule does with a gradient before, and with a weight after its own part of a step. g is the gradient with
/// each element clamped to +-gradient_limit (INFINITY for none), times gradient_scale, plus l2 theta; the rule makes a step
/// of it; theta = theta (1 - lr weight_decay) - step, then nearer to 0 by lr l1, not beyond it.
/// Steps are taken out of place; inputs and outputs may also be the same buffers.
typedef struct tlm_update {
  float learning_rate, gradient_scale, gradient_limit, weight_decay, l2, l1;
} tlm_update;

/// m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; step = lr (m / correction1) / (sqrt(v / correction2) + epsilon).
typedef struct tlm_adam_settings {
  float beta1, beta2, epsilon, correction1, correction2;
} tlm_adam_settings;
void tlm_adam(
  ptrdiff_t count, tlm_update update, tlm_adam_settings settings, const float *gradient, const float *theta,
  const float *m, const float *v, float *theta_out, float *m_out, float *v_out);
void tlm_adam_plain(
  ptrdiff_t count, tlm_update update, tlm_adam_settings settings, const float *gradient, const float *theta,
  const float *m, const float *v, float *theta_out, float *m_out, float *v_out);

/// b = keep b + take g; step = lr b, or lr (g + momentum b) with nesterov. b NULL: step = lr g.
typedef struct tlm_sgd_settings {
  float keep, take, momentum;
  bool nesterov;
} tlm_sgd_settings;
void tlm_sgd(
  ptrdiff_t count, tlm_update update, tlm_sgd_settings settings, const float *gradient, const float *theta,
  const float *b, float *theta_out, float *b_out);
void tlm_sgd_plain(
  ptrdiff_t count, tlm_update update, tlm_sgd_settings settings, const float *gradient, const float *theta,
  const float *b, float *theta_out, float *b_out);

/// v = decay v + (1-decay) g^2; with a, a = decay a + (1-decay) g and a^2 is taken from v; d = g / (sqrt(v) + epsilon);
/// with b, b = momentum b + d takes d's place; step = lr d. a and b may be NULL.
typedef struct tlm_rmsprop_settings {
  float decay, epsilon, momentum;
} tlm_rmsprop_settings;
void tlm_rmsprop(
  ptrdiff_t count, tlm_update update, tlm_rmsprop_settings settings, const float *gradient, const float *theta,
  const float *v, const float *a, const float *b, float *theta_out, float *v_out, float *a_out, float *b_out);
void tlm_rmsprop_plain(
  ptrdiff_t count, tlm_update update, tlm_rmsprop_settings settings, const float *gradient, const float *theta,
  const float *v, const float *a, const float *b, float *theta_out, float *v_out, float *a_out, float *b_out);

// MARK: More recurrences

#include "matrix_memory.h"
#include "recurrences.h"

// MARK: Checksums (sha256.c)

/// Hashes whole 64-byte blocks into the state of SHA-256, given its round constants, with the processor's own instructions.
/// False, with nothing done, where it has none or kernels are held down to plain C.
bool tlm_sha256_blocks(uint32_t state[8], const uint32_t constants[64], const uint8_t *bytes, size_t blocks);

// MARK: oneDNN (onednn.c): primitives behind a cache keyed by shape and precision

/// As tlm_matmul with dense operands. Returns false where the library has no such primitive on this processor.
bool tlm_onednn_matmul(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, const float *b, float *c, bool accumulate);
/// One LSTM layer with PyTorch's weights: weight_ih [4H,D], weight_hh [4H,H], bias [4H] = both biases added, x [T,B,D].
/// Out: h [T,B,H], c_last [B,H]; workspace kept in *session for one tlm_onednn_lstm_backward, which frees it. The session
/// refers to the buffers given here: they must stay until then.
typedef struct tlm_onednn_lstm tlm_onednn_lstm;
bool tlm_onednn_lstm_forward(
  tlm_precision precision, ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const float *x,
  const float *weight_ih, const float *weight_hh, const float *bias, const float *h0, const float *c0,
  float *h, float *c_last, tlm_onednn_lstm **session);
/// Gradients of everything, given dh [T,B,H], dh_last and dc_last [B,H] or NULL. Ends and frees the session.
bool tlm_onednn_lstm_backward(
  tlm_onednn_lstm *session, const float *dh, const float *dh_last, const float *dc_last, float *dx,
  float *dweight_ih, float *dweight_hh, float *dbias, float *dh0, float *dc0);
/// Primitives held by the cache now.
int tlm_onednn_cached_primitives(void);

#ifdef __cplusplus
}
#endif
#endif
