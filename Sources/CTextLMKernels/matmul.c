// Matrix products: operands are packed into the order in which a register tile reads them (Goto and van de Geijn, "Anatomy
// of high-performance matrix multiplication", 2008). Every element of the result is summed over k in one fixed order, in
// blocks of k_block, whatever the tiles and threads: results do not depend on either.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

enum {
  k_block = 256,        // a panel's block of k rows (16 or 32 KiB) stays in the first-level cache
  m_block = 96,         // rows of a packed block of the left operand: with k_block at most 96 KiB, second-level cache
  n_block = 512,        // columns of a right operand packed on the fly
  most_rows = 12, most_columns = 32,
};

// MARK: Packing

typedef float four __attribute__((vector_size(16)));
typedef float loose_four __attribute__((vector_size(16), aligned(4)));

// Copies rows r ..< r + 4 of columns p ..< p + 4 to their places in a packed tile: a four by four transpose.
static inline void transpose_four(const float *a, ptrdiff_t lda, ptrdiff_t rows, float *out) {
  four x0 = *(const loose_four *)a, x1 = *(const loose_four *)(a + lda);
  four x2 = *(const loose_four *)(a + 2 * lda), x3 = *(const loose_four *)(a + 3 * lda);
  four y0 = __builtin_shufflevector(x0, x1, 0, 4, 1, 5), y1 = __builtin_shufflevector(x2, x3, 0, 4, 1, 5);
  four y2 = __builtin_shufflevector(x0, x1, 2, 6, 3, 7), y3 = __builtin_shufflevector(x2, x3, 2, 6, 3, 7);
  *(loose_four *)out = __builtin_shufflevector(y0, y1, 0, 1, 4, 5);
  *(loose_four *)(out + rows) = __builtin_shufflevector(y0, y1, 2, 3, 6, 7);
  *(loose_four *)(out + 2 * rows) = __builtin_shufflevector(y2, y3, 0, 1, 4, 5);
  *(loose_four *)(out + 3 * rows) = __builtin_shufflevector(y2, y3, 2, 3, 6, 7);
}

// One tile of a stored row by row: [k][rows]. Groups of four rows; the last group overlaps the one before.
static void pack_tile(ptrdiff_t rows, ptrdiff_t k, const float *a, ptrdiff_t lda, float *out) {
  ptrdiff_t p = 0;
  if (rows >= 4)
    for (; p + 4 <= k; p += 4)
      for (ptrdiff_t r = 0; r < rows; r += 4) {
        ptrdiff_t first = r + 4 <= rows ? r : rows - 4;
        transpose_four(a + first * lda + p, lda, rows, out + p * rows + first);
      }
  for (; p < k; p++)
    for (ptrdiff_t r = 0; r < rows; r++) out[p * rows + r] = a[r * lda + p];
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

// The left operand's block in tiles: tile after tile, [k][rows of the tile].
static void pack_left(const struct kernels *kernels, tlm_precision precision, bool transpose, ptrdiff_t tile,
                      ptrdiff_t m, ptrdiff_t k, const float *a, ptrdiff_t lda, float *packed) {
  ptrdiff_t whole = m / tile, rest = m - whole * tile;
  if (transpose) {
    for (ptrdiff_t p = 0; p < k; p++) {
      // Reading past a tile's rows stays within the next row of a; only the last row has no next.
      bool is_last = p == k - 1;
      pack_step(whole, tile, a + p * lda, packed + p * tile, tile * k, is_last);
      if (rest) pack_step(1, rest, a + p * lda + whole * tile, packed + whole * tile * k + p * rest, 0, is_last);
    }
  } else {
    for (ptrdiff_t i = 0; i < m; i += tile)
      pack_tile(m - i < tile ? m - i : tile, k, a + i * lda, lda, packed + i * k);
  }
  if (precision == TLM_BFLOAT16) kernels->round_to_bfloat16(m * k, packed, packed);
}

// The right operand's block in panels: panel after panel, [k][columns], the last one padded with zeros.
static void pack_right(const struct kernels *kernels, tlm_precision precision, bool transpose, ptrdiff_t k, ptrdiff_t n,
                       const float *b, ptrdiff_t ldb, float *packed) {
  ptrdiff_t columns = kernels->columns;
  for (ptrdiff_t j = 0; j < n; j += columns) {
    ptrdiff_t live = n - j < columns ? n - j : columns;
    float *panel = packed + j * k;
    if (transpose) {
      if (live < columns) memset(panel, 0, (size_t)(k * columns) * sizeof(float));
      // Sixteen rows at a time keeps what is written within a few cache lines.
      for (ptrdiff_t p0 = 0; p0 < k; p0 += 16) {
        ptrdiff_t p1 = p0 + 16 < k ? p0 + 16 : k;
        for (ptrdiff_t c = 0; c < live; c++) {
          const float *row = b + (j + c) * ldb;
          for (ptrdiff_t p = p0; p < p1; p++) panel[p * columns + c] = row[p];
        }
      }
    } else {
      for (ptrdiff_t p = 0; p < k; p++) {
        memcpy(panel + p * columns, b + p * ldb + j, (size_t)live * sizeof(float));
        if (live < columns) memset(panel + p * columns + live, 0, (size_t)(columns - live) * sizeof(float));
      }
    }
    if (precision == TLM_BFLOAT16) kernels->round_to_bfloat16(k * columns, panel, panel);
  }
}

// Rows of a tile for m rows: as equal as can be, so that none is left nearly empty.
static ptrdiff_t tile_rows(const struct kernels *kernels, ptrdiff_t m) {
  ptrdiff_t tiles = (m + kernels->rows - 1) / kernels->rows;
  return (m + tiles - 1) / tiles;
}

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

// c block += packed a block times packed panels; `stride` floats from one panel to the next.
static void multiply_blocks(const struct kernels *kernels, ptrdiff_t tile, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                            const float *left, const float *right, ptrdiff_t stride, const float *bias, float *c,
                            ptrdiff_t ldc, bool accumulate) {
  for (ptrdiff_t j = 0; j < n; j += kernels->columns, right += stride) {
    int live = (int)smaller(n - j, kernels->columns);
    for (ptrdiff_t i = 0; i < m; i += tile) {
      int rows = (int)smaller(m - i, tile);
      kernels->tile(rows, k, left + i * k, right, c + i * ldc + j, ldc, live, accumulate, bias ? bias + j : NULL);
    }
  }
}

// MARK: Packed right operand

struct tlm_packed {
  tlm_precision precision;
  tlm_isa isa;
  ptrdiff_t k, n;
  float *panels;                   // [panel][k][columns]
  size_t bytes;
  struct onednn_weights *onednn;   // instead of panels, where oneDNN multiplies
};

struct pack_work {
  const struct kernels *kernels;
  const tlm_packed *packed;
  bool transpose;
  const float *b;
  ptrdiff_t ldb;
};

static void pack_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct pack_work *w = context;
  const float *b = w->transpose ? w->b + begin * w->ldb : w->b + begin;
  pack_right(w->kernels, w->packed->precision, w->transpose, w->packed->k, end - begin, b, w->ldb,
             w->packed->panels + begin * w->packed->k);
}

tlm_packed *tlm_packed_create_for_onednn(
  tlm_precision precision, bool transpose_b, ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t ldb) {
  tlm_packed *packed = calloc(1, sizeof *packed);
  if (!packed) return NULL;
  *packed = (tlm_packed){.precision = precision, .isa = tlm_current_isa(), .k = k, .n = n};
  packed->onednn = tlm_onednn_weights_create(precision, transpose_b, k, n, b, ldb);
  if (packed->onednn) return packed;
  free(packed);
  return NULL;
}

tlm_packed *tlm_packed_create(
  tlm_precision precision, bool transpose_b, ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t ldb) {
  if (precision == TLM_BFLOAT16 && tlm_has_bfloat16()) {
    tlm_packed *packed = tlm_packed_create_for_onednn(precision, transpose_b, k, n, b, ldb);
    if (packed) return packed;
  }
  tlm_packed *packed = calloc(1, sizeof *packed);
  if (!packed) return NULL;
  *packed = (tlm_packed){.precision = precision, .isa = tlm_current_isa(), .k = k, .n = n};
  const struct kernels *kernels = tlm_kernels_for(packed->isa);
  ptrdiff_t columns = kernels->columns, panels = (n + columns - 1) / columns;
  packed->bytes = (size_t)(panels * columns * k) * sizeof(float);
  packed->panels = tlm_allocate(packed->bytes);
  if (!packed->panels) {
    free(packed);
    return NULL;
  }
  struct pack_work work = {kernels, packed, transpose_b, b, ldb};
  tlm_parallel_range(n, columns, (1 << 16) / (k + 1), pack_share, &work);
  return packed;
}

void tlm_packed_destroy(tlm_packed *packed) {
  if (!packed) return;
  if (packed->onednn) tlm_onednn_weights_destroy(packed->onednn);
  tlm_release(packed->panels, packed->bytes);
  free(packed);
}

// One row: no tile to fill, the panels stream past once. Sums are taken in the same blocks of k as for tiles, so that a row
// has the same result alone as among others.
static void multiply_row(const tlm_packed *packed, const struct kernels *kernels, ptrdiff_t begin, ptrdiff_t end,
                         const float *a, const float *bias, float *c, bool accumulate) {
  ptrdiff_t k = packed->k, columns = kernels->columns;
  const float *x = a;
  if (packed->precision == TLM_BFLOAT16) {
    float *rounded = tlm_thread_scratch(scratch_row, (size_t)k * sizeof(float));
    kernels->round_to_bfloat16(k, a, rounded);
    x = rounded;
  }
  float sums[4 * most_columns];
  for (ptrdiff_t j = begin; j < end; j += 4 * columns) {
    ptrdiff_t live = smaller(end - j, 4 * columns);
    int panels = (int)((live + columns - 1) / columns);
    for (ptrdiff_t p = 0; p < k || p == 0; p += k_block) {
      kernels->row_times_panels(smaller(k - p, k_block), x + p, packed->panels + j * k + p * columns, columns * k, panels,
                                sums);
      if (accumulate || p > 0) kernels->add(live, sums, c + j, sums);
      if (bias && p == 0) kernels->add(live, sums, bias + j, sums);
      memcpy(c + j, sums, (size_t)live * sizeof(float));
    }
  }
}

static void multiply_packed(const tlm_packed *packed, ptrdiff_t n_begin, ptrdiff_t n_end, ptrdiff_t m, const float *a,
                            ptrdiff_t lda, const float *bias, float *c, ptrdiff_t ldc, bool accumulate) {
  const struct kernels *kernels = tlm_kernels_for(packed->isa);
  if (m == 1) {
    multiply_row(packed, kernels, n_begin, n_end, a, bias, c, accumulate);
    return;
  }
  ptrdiff_t k = packed->k, tile = tile_rows(kernels, m < m_block ? m : m_block), block = m_block / tile * tile;
  float *left = tlm_thread_scratch(scratch_blocks, (size_t)(block * k_block) * sizeof(float));
  for (ptrdiff_t i = 0; i < m; i += block) {
    ptrdiff_t rows = smaller(m - i, block);
    for (ptrdiff_t p = 0; p < k || p == 0; p += k_block) {
      ptrdiff_t depth = smaller(k - p, k_block);
      pack_left(kernels, packed->precision, false, tile, rows, depth, a + i * lda + p, lda, left);
      multiply_blocks(kernels, tile, rows, n_end - n_begin, depth, left,
                      packed->panels + n_begin * k + p * kernels->columns, kernels->columns * k,
                      p == 0 && bias ? bias + n_begin : NULL, c + i * ldc + n_begin, ldc, accumulate || p > 0);
    }
  }
}

void tlm_matmul_packed_serial(const tlm_packed *packed, ptrdiff_t m, const float *a, ptrdiff_t lda, const float *bias,
                          float *c, ptrdiff_t ldc, bool accumulate) {
  if (packed->onednn) {
    // It has multiplied 32 rows when it was packed; that it refuses others would be a defect of the library.
    if (!tlm_onednn_weights_multiply(packed->onednn, m, a, lda, bias, c, ldc, accumulate)) abort();
    return;
  }
  multiply_packed(packed, 0, packed->n, m, a, lda, bias, c, ldc, accumulate);
}

struct packed_work {
  const tlm_packed *packed;
  ptrdiff_t m;
  const float *a;
  ptrdiff_t lda;
  const float *bias;
  float *c;
  ptrdiff_t ldc;
  bool accumulate;
};

static void share_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct packed_work *w = context;
  tlm_matmul_packed_serial(w->packed, end - begin, w->a + begin * w->lda, w->lda, w->bias, w->c + begin * w->ldc, w->ldc,
                       w->accumulate);
}

static void share_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct packed_work *w = context;
  multiply_packed(w->packed, begin, end, w->m, w->a, w->lda, w->bias, w->c, w->ldc, w->accumulate);
}

void tlm_matmul_packed(
  const tlm_packed *packed, ptrdiff_t m, const float *a, ptrdiff_t lda, const float *bias, float *c, ptrdiff_t ldc,
  bool accumulate) {
  if (m <= 0 || packed->n <= 0) return;
  struct packed_work work = {packed, m, a, lda, bias, c, ldc, accumulate};
  const struct kernels *kernels = tlm_kernels_for(packed->isa);
  ptrdiff_t few = 4 * kernels->rows, work_per_row = packed->k * packed->n;
  if (m >= few || packed->onednn)
    tlm_parallel_range(m, kernels->rows, (1 << 18) / (work_per_row + 1), share_rows, &work);
  else
    tlm_parallel_range(packed->n, 4 * kernels->columns, (1 << 18) / (m * packed->k + 1), share_columns, &work);
}

// MARK: Both operands as they are

struct matmul_work {
  tlm_precision precision;
  bool transpose_a, transpose_b;
  ptrdiff_t m, n, k;
  const float *a, *b;
  ptrdiff_t lda, ldb, ldc;
  float *c;
  bool accumulate;
};

static void matmul_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct matmul_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t m = end - begin, tile = tile_rows(kernels, m < m_block ? m : m_block), block = m_block / tile * tile;
  float *left = tlm_thread_scratch(scratch_blocks,
                               (size_t)((block + n_block + most_columns) * k_block) * sizeof(float));
  float *right = left + block * k_block;
  const float *a = w->transpose_a ? w->a + begin : w->a + begin * w->lda;
  float *c = w->c + begin * w->ldc;
  for (ptrdiff_t j = 0; j < w->n; j += n_block) {
    ptrdiff_t n = smaller(w->n - j, n_block);
    for (ptrdiff_t p = 0; p < w->k || p == 0; p += k_block) {
      ptrdiff_t k = smaller(w->k - p, k_block);
      pack_right(kernels, w->precision, w->transpose_b, k, n,
                 w->transpose_b ? w->b + j * w->ldb + p : w->b + p * w->ldb + j, w->ldb, right);
      for (ptrdiff_t i = 0; i < m; i += block) {
        ptrdiff_t rows = smaller(m - i, block);
        pack_left(kernels, w->precision, w->transpose_a, tile, rows, k,
                  w->transpose_a ? a + p * w->lda + i : a + i * w->lda + p, w->lda, left);
        multiply_blocks(kernels, tile, rows, n, k, left, right, kernels->columns * k, NULL, c + i * w->ldc + j, w->ldc,
                        w->accumulate || p > 0);
      }
    }
  }
}

void tlm_matmul(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate) {
  if (m <= 0 || n <= 0) return;
  bool dense = lda == (transpose_a ? m : k) && ldb == (transpose_b ? k : n) && ldc == n;
  if (precision == TLM_BFLOAT16 && dense && tlm_has_bfloat16()
      && tlm_onednn_matmul(precision, transpose_a, transpose_b, m, n, k, a, b, c, accumulate))
    return;
  struct matmul_work work = {precision, transpose_a, transpose_b, m, n, k, a, b, lda, ldb, ldc, c, accumulate};
  tlm_parallel_range(m, tlm_current_kernels()->rows, (1 << 18) / (n * k + 1), matmul_share, &work);
}

void tlm_matmul_plain(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate) {
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      double sum = accumulate ? c[i * ldc + j] : 0;
      for (ptrdiff_t p = 0; p < k; p++) {
        float x = transpose_a ? a[p * lda + i] : a[i * lda + p], y = transpose_b ? b[j * ldb + p] : b[p * ldb + j];
        if (precision == TLM_BFLOAT16) {
          tlm_kernels_plain.round_to_bfloat16(1, &x, &x);
          tlm_kernels_plain.round_to_bfloat16(1, &y, &y);
        }
        sum += (double)x * y;
      }
      c[i * ldc + j] = (float)sum;
    }
}
