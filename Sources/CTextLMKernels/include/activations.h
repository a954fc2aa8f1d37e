// Activation functions, softmax, root-mean-square normalization, products of many small matrices, and reordering of axes.
// Part of CTextLMKernels.h; each kernel has a _plain twin with the same signature where it computes anything.
#ifndef CTEXTLMKERNELS_ACTIVATIONS_H
#define CTEXTLMKERNELS_ACTIVATIONS_H

// MARK: Activation functions (activations.c)

/// max(x, 0); x / (1 + e^-x); x Phi(x), Phi being the part of a standard normal variable's distribution below x.
typedef enum tlm_activation { TLM_RELU = 0, TLM_SILU = 1, TLM_GELU = 2 } tlm_activation;

void tlm_activate(tlm_activation function, ptrdiff_t count, const float *x, float *y);
void tlm_activate_plain(tlm_activation function, ptrdiff_t count, const float *x, float *y);
/// dx = dy f'(x); dx may be dy.
void tlm_activate_backward(tlm_activation function, ptrdiff_t count, const float *x, const float *dy, float *dx);
void tlm_activate_backward_plain(tlm_activation function, ptrdiff_t count, const float *x, const float *dy, float *dx);

// MARK: Softmax of rows (activations.c)

/// y = softmax(x), [width], in Double, the same bits with every instruction set. Requires an x above -INFINITY.
void tlm_softmax_double(ptrdiff_t width, const float *x, double *y);
void tlm_softmax_double_plain(ptrdiff_t width, const float *x, double *y);

/// y[r] = softmax(x[r] + mask[r % mask_rows]) for rows x [rows, width]; mask NULL for none. A mask may hold -INFINITY, and a
/// row of nothing else gives zeros.
void tlm_softmax(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *mask, ptrdiff_t mask_rows, float *y);
void tlm_softmax_plain(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *mask, ptrdiff_t mask_rows, float *y);
/// dx = y (dy - sum(dy y)); dx may be dy.
void tlm_softmax_backward(ptrdiff_t rows, ptrdiff_t width, const float *y, const float *dy, float *dx);
void tlm_softmax_backward_plain(ptrdiff_t rows, ptrdiff_t width, const float *y, const float *dy, float *dx);

// MARK: Root-mean-square normalization (normalization.c)

/// normal = x scale with scale = 1 / sqrt(mean x^2 + epsilon); y = normal gain. x, normal, y [rows, width]; scales [rows].
void tlm_rms_norm(
  ptrdiff_t rows, ptrdiff_t width, float epsilon, const float *x, const float *gain, float *normal, float *scales, float *y);
void tlm_rms_norm_plain(
  ptrdiff_t rows, ptrdiff_t width, float epsilon, const float *x, const float *gain, float *normal, float *scales, float *y);
/// dx = scale (d - normal mean(d normal)) with d = dy gain.
void tlm_rms_norm_backward(
  ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *gain, const float *normal, const float *scales, float *dx);
void tlm_rms_norm_backward_plain(
  ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *gain, const float *normal, const float *scales, float *dx);

// MARK: Many products (matmul.c)

/// tlm_matmul of `count` pairs of dense matrices one after another in memory: c[i] = op(a[i]) op(b[i]).
void tlm_matmul_batch(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t count, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, const float *b, float *c);

// MARK: Groups of neighbouring elements (blocks.c)

/// y = W[g] x for each group g of S neighbouring elements, S being 2 or 4: x, y [rows,D], weight [S,D/S,S] with entry
/// [i][g][j] = W[g][j][i].
void tlm_block_linear(ptrdiff_t rows, ptrdiff_t D, int S, const float *weight, const float *x, float *y);
void tlm_block_linear_plain(ptrdiff_t rows, ptrdiff_t D, int S, const float *weight, const float *x, float *y);
/// Out: dweight [S,D/S,S], entry [j][g][i] being the gradient of W[g][j][i]. In that order W itself makes tlm_block_linear
/// of dy the gradient of x.
void tlm_block_linear_gradient(ptrdiff_t rows, ptrdiff_t D, int S, const float *x, const float *dy, float *dweight);
void tlm_block_linear_gradient_plain(ptrdiff_t rows, ptrdiff_t D, int S, const float *x, const float *dy, float *dweight);

// MARK: Axes (axes.c)

enum { tlm_most_axes = 8 };
/// y[i_axes[0], i_axes[1], ..] = x[i_0, i_1, ..]: axis `axes[j]` of x, which has sizes [rank], becomes axis j of y.
void tlm_permute(int rank, const ptrdiff_t *sizes, const int *axes, const float *x, float *y);

#endif
