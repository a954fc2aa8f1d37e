// How matrix products cut and pack their operands (packing.c); for the files of this target that multiply.
#ifndef TEXTLM_PACKING_H
#define TEXTLM_PACKING_H

#include "kernels.h"

#pragma GCC visibility push(hidden)

enum {
  k_steps = 256,        // a panel's block of steps along k (16 or 32 KiB) stays in the first-level cache
  m_block = 96,         // rows of a packed block of the left operand: with k_steps at most 96 KiB, second-level cache
  n_block = 512,        // columns of a right operand packed on the fly
  most_rows = 12, most_columns = 32,
};

// Steps of a tile's loop over k elements: a step multiplies one of each operand, or a pair.
static inline ptrdiff_t tlm_steps(tlm_precision precision, ptrdiff_t k) {
  return precision == TLM_INT16 ? (k + 1) / 2 : k;
}

// Elements along k that are multiplied before their sum goes to the result.
static inline ptrdiff_t tlm_k_block(tlm_precision precision) { return precision == TLM_INT16 ? 2 * k_steps : k_steps; }

// A block op(a)[m, k] of the left operand, k <= tlm_k_block, in tiles of `tile` rows; with TLM_INT16 a scale for each row.
void tlm_pack_left(const struct kernels *kernels, tlm_precision precision, bool transpose, ptrdiff_t tile, ptrdiff_t m,
                   ptrdiff_t k, const float *a, ptrdiff_t lda, float *packed, float *scales);

// A block op(b)[k, n] of the right operand, k <= tlm_k_block, in panels `stride` entries apart, the last one padded with zeros;
// with TLM_INT16 a scale for each column.
void tlm_pack_right(const struct kernels *kernels, tlm_precision precision, bool transpose, ptrdiff_t k, ptrdiff_t n,
                    const float *b, ptrdiff_t ldb, float *packed, ptrdiff_t stride, float *scales);

// a[rows, k] as out[k, rows], rows of the result being ldo apart.
void tlm_transpose(ptrdiff_t rows, ptrdiff_t k, const float *a, ptrdiff_t lda, float *out, ptrdiff_t ldo);

#pragma GCC visibility pop
#endif
