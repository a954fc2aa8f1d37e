// Packing: operands of matrix products in the order in which a register tile reads them. In every precision an entry of a
// packed operand has 32 bits: a float, or the pair of 16-bit integers of two steps of k.
#include <string.h>

#include "kernels.h"
#include "packing.h"

typedef float four __attribute__((vector_size(16)));
typedef float loose_four __attribute__((vector_size(16), aligned(4)));

// Four rows of four columns, turned: a four by four transpose.
static inline void transpose_four(const float *a, ptrdiff_t lda, float *out, ptrdiff_t ldo) {
  four x0 = *(const loose_four *)a, x1 = *(const loose_four *)(a + lda);
  four x2 = *(const loose_four *)(a + 2 * lda), x3 = *(const loose_four *)(a + 3 * lda);
  four y0 = __builtin_shufflevector(x0, x1, 0, 4, 1, 5), y1 = __builtin_shufflevector(x2, x3, 0, 4, 1, 5);
  four y2 = __builtin_shufflevector(x0, x1, 2, 6, 3, 7), y3 = __builtin_shufflevector(x2, x3, 2, 6, 3, 7);
  *(loose_four *)out = __builtin_shufflevector(y0, y1, 0, 1, 4, 5);
  *(loose_four *)(out + ldo) = __builtin_shufflevector(y0, y1, 2, 3, 6, 7);
  *(loose_four *)(out + 2 * ldo) = __builtin_shufflevector(y2, y3, 0, 1, 4, 5);
  *(loose_four *)(out + 3 * ldo) = __builtin_shufflevector(y2, y3, 2, 3, 6, 7);
}

// Groups of four rows; the last group overlaps the one before.
void tlm_transpose(ptrdiff_t rows, ptrdiff_t k, const float *a, ptrdiff_t lda, float *out, ptrdiff_t ldo) {
  ptrdiff_t p = 0;
  if (rows >= 4)
    for (; p + 4 <= k; p += 4)
      for (ptrdiff_t r = 0; r < rows; r += 4) {
        ptrdiff_t first = r + 4 <= rows ? r : rows - 4;
        transpose_four(a + first * lda + p, lda, out + p * ldo + first, ldo);
      }
  for (; p < k; p++)
    for (ptrdiff_t r = 0; r < rows; r++) out[p * ldo + r] = a[r * lda + p];
}

typedef float loose_eight __attribute__((vector_size(32), aligned(4)));

// One step of k of a stored transposed, cut into tiles of `rows`, which lie `stride` apart in the packed block. Unless it is
// the last step, up to eight rows are copied at once: what goes too far lands where the next step of the tile will be.
static void pack_step(ptrdiff_t tiles, ptrdiff_t rows, const float *from, float *out, ptrdiff_t stride, bool is_last) {
  for (ptrdiff_t i = 0; i < tiles; i++, from += rows, out += stride) {
    if (rows <= 8 && rows >= 4 && !is_last) {
      *(loose_eight *)out = *(const loose_eight *)from;
    } else {
      memcpy(out, from, (size_t)rows * sizeof(float));
    }
  }
}

// The left operand's block in tiles: tile after tile, [steps][rows of the tile].
static void pack_tiles(bool transpose, ptrdiff_t tile, ptrdiff_t m, ptrdiff_t steps, const float *a, ptrdiff_t lda,
                       float *packed) {
  ptrdiff_t whole = m / tile, rest = m - whole * tile;
  if (transpose) {
    for (ptrdiff_t p = 0; p < steps; p++) {
      // Reading past a tile's rows stays within the next row of a; only the last row has no next.
      bool is_last = p == steps - 1;
      pack_step(whole, tile, a + p * lda, packed + p * tile, tile * steps, is_last);
      if (rest) pack_step(1, rest, a + p * lda + whole * tile, packed + whole * tile * steps + p * rest, 0, is_last);
    }
  } else {
    for (ptrdiff_t i = 0; i < m; i += tile) {
      ptrdiff_t rows = m - i < tile ? m - i : tile;
      tlm_transpose(rows, steps, a + i * lda, lda, packed + i * steps, rows);
    }
  }
}

// All panels of a right operand stored row by row: a row at a time, as it lies in memory.
static void pack_rows(ptrdiff_t columns, ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t ldb, float *packed,
                      ptrdiff_t stride) {
  ptrdiff_t whole = n / columns, rest = n - whole * columns;
  for (ptrdiff_t p = 0; p < k; p++, b += ldb, packed += columns) {
    float *out = packed;
    for (ptrdiff_t j = 0; j < whole; j++, out += stride) memcpy(out, b + j * columns, (size_t)columns * sizeof(float));
    if (!rest) continue;
    memcpy(out, b + whole * columns, (size_t)rest * sizeof(float));
    memset(out + rest, 0, (size_t)(columns - rest) * sizeof(float));
  }
}

// One panel of the right operand, [steps][columns], `live` columns of it; the others are zero.
static void pack_panel(bool transpose, ptrdiff_t columns, ptrdiff_t live, ptrdiff_t steps, const float *b, ptrdiff_t ldb,
                       float *panel) {
  if (transpose) {
    if (live < columns) memset(panel, 0, (size_t)(steps * columns) * sizeof(float));
    // Sixteen rows at a time keeps what is written within a few cache lines.
    for (ptrdiff_t p0 = 0; p0 < steps; p0 += 16) {
      ptrdiff_t p1 = p0 + 16 < steps ? p0 + 16 : steps;
      for (ptrdiff_t c = 0; c < live; c++) {
        const float *row = b + c * ldb;
        for (ptrdiff_t p = p0; p < p1; p++) panel[p * columns + c] = row[p];
      }
    }
  } else {
    pack_rows(columns, steps, live, b, ldb, panel, 0);
  }
}

// x[count, k] as rows of pairs, q[count][steps], with a scale each.
static void quantize_rows(const struct kernels *kernels, ptrdiff_t count, ptrdiff_t k, const float *x, ptrdiff_t ldx,
                          int32_t *q, float *scales) {
  ptrdiff_t steps = tlm_steps(TLM_INT16, k);
  for (ptrdiff_t i = 0; i < count; i++) scales[i] = kernels->quantize_row(k, x + i * ldx, (int16_t *)(q + i * steps));
}

void tlm_pack_left(const struct kernels *kernels, tlm_precision precision, bool transpose, ptrdiff_t tile, ptrdiff_t m,
                   ptrdiff_t k, const float *a, ptrdiff_t lda, float *packed, float *scales) {
  if (precision == TLM_INT16) {
    ptrdiff_t steps = tlm_steps(precision, k);
    int32_t *pairs = tlm_thread_scratch(scratch_pairs, (size_t)(m * steps) * sizeof *pairs);
    if (transpose) {
      kernels->quantize_columns(k, m, a, lda, pairs, m, scales);
    } else {
      quantize_rows(kernels, m, k, a, lda, pairs, scales);
    }
    pack_tiles(transpose, tile, m, steps, (const float *)pairs, transpose ? m : steps, packed);
    return;
  }
  pack_tiles(transpose, tile, m, k, a, lda, packed);
  if (precision == TLM_BFLOAT16) kernels->round_to_bfloat16(m * k, packed, packed);
}

void tlm_pack_right(const struct kernels *kernels, tlm_precision precision, bool transpose, ptrdiff_t k, ptrdiff_t n,
                    const float *b, ptrdiff_t ldb, float *packed, ptrdiff_t stride, float *scales) {
  ptrdiff_t columns = kernels->columns, steps = tlm_steps(precision, k);
  int32_t *pairs = NULL;
  if (precision == TLM_FLOAT32 && !transpose) {
    pack_rows(columns, k, n, b, ldb, packed, stride);
    return;
  }
  if (precision == TLM_INT16) pairs = tlm_thread_scratch(scratch_pairs, (size_t)(columns * steps) * sizeof *pairs);
  for (ptrdiff_t j = 0; j < n; j += columns, packed += stride) {
    ptrdiff_t live = n - j < columns ? n - j : columns;
    const float *from = transpose ? b + j * ldb : b + j;
    if (precision == TLM_INT16) {
      if (transpose) {
        quantize_rows(kernels, live, k, from, ldb, pairs, scales + j);
      } else {
        kernels->quantize_columns(k, live, from, ldb, pairs, live, scales + j);
      }
      pack_panel(transpose, columns, live, steps, (const float *)pairs, transpose ? steps : live, packed);
    } else {
      pack_panel(transpose, columns, live, steps, from, ldb, packed);
      if (precision == TLM_BFLOAT16) kernels->round_to_bfloat16(k * columns, packed, packed);
    }
  }
}
