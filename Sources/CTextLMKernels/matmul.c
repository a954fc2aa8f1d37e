// Matrix products: operands are packed into the order in which a register tile reads them (Goto and van de Geijn, "Anatomy
// of high-performance matrix multiplication", 2008). Every element of the result is summed over k in one fixed order, in
// blocks, whatever the tiles and threads: results do not depend on either.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "packing.h"

// Rows of a tile for m rows: as equal as can be, so that none is left nearly empty.
static ptrdiff_t tile_rows(const struct kernels *kernels, ptrdiff_t m) {
  ptrdiff_t tiles = (m + kernels->rows - 1) / kernels->rows;
  return (m + tiles - 1) / tiles;
}

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

// A block of each operand: the right one packed, the left one too, or in float32 where it lies.
struct blocks {
  const struct kernels *kernels;
  tlm_precision precision;
  ptrdiff_t tile;                  // rows of a tile of the left one
  ptrdiff_t m, n, steps;
  const float *left, *right;
  ptrdiff_t left_row;              // from one row of a left one that is not packed to the next; 0 where it is
  ptrdiff_t stride;                // entries from one panel of the right one to the next
  const float *row_scales, *column_scales;  // with TLM_INT16
};

// c += left times right, or c = that (+ bias).
static void multiply_blocks(const struct blocks *b, const float *bias, float *c, ptrdiff_t ldc, bool accumulate) {
  const struct kernels *kernels = b->kernels;
  const float *right = b->right;
  for (ptrdiff_t j = 0; j < b->n; j += kernels->columns, right += b->stride) {
    int live = (int)smaller(b->n - j, kernels->columns);
    const float *panel_bias = bias ? bias + j : NULL;
    for (ptrdiff_t i = 0; i < b->m; i += b->tile) {
      int rows = (int)smaller(b->m - i, b->tile);
      const float *left = b->left + i * b->steps;
      float *out = c + i * ldc + j;
      if (b->left_row) {
        kernels->direct_tile(rows, b->steps, b->left + i * b->left_row, b->left_row, 1, right, kernels->columns, out, ldc,
                             live, accumulate, panel_bias);
      } else if (b->precision == TLM_INT16) {
        kernels->tile_int16(rows, b->steps, (const int32_t *)left, (const int32_t *)right, b->row_scales + i,
                            b->column_scales + j, out, ldc, live, accumulate, panel_bias);
      } else {
        kernels->tile(rows, b->steps, left, right, out, ldc, live, accumulate, panel_bias);
      }
    }
  }
}

// MARK: Packed right operand

struct tlm_packed {
  tlm_precision precision;
  tlm_isa isa;
  ptrdiff_t k, n;
  float *panels;                   // [panel][steps][columns]
  float *scales;                   // [block of k][n], with TLM_INT16
  size_t panel_bytes, scale_bytes;
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
  const tlm_packed *packed = w->packed;
  ptrdiff_t k = packed->k, columns = w->kernels->columns, steps = tlm_steps(packed->precision, k);
  ptrdiff_t k_block = tlm_k_block(packed->precision);
  for (ptrdiff_t p = 0; p < k; p += k_block) {
    const float *b = w->transpose ? w->b + begin * w->ldb + p : w->b + p * w->ldb + begin;
    tlm_pack_right(w->kernels, packed->precision, w->transpose, smaller(k - p, k_block), end - begin, b, w->ldb,
                   packed->panels + begin * steps + tlm_steps(packed->precision, p) * columns, columns * steps,
                   packed->scales ? packed->scales + p / k_block * packed->n + begin : NULL);
  }
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
  packed->panel_bytes = (size_t)(panels * columns * tlm_steps(precision, k)) * sizeof(float);
  packed->panels = tlm_allocate(packed->panel_bytes);
  bool is_complete = packed->panels != NULL;
  if (precision == TLM_INT16) {
    ptrdiff_t k_block = tlm_k_block(precision);
    packed->scale_bytes = (size_t)((k + k_block - 1) / k_block * n) * sizeof(float);
    packed->scales = tlm_allocate(packed->scale_bytes);
    is_complete = is_complete && packed->scales;
  }
  if (!is_complete) {
    tlm_packed_destroy(packed);
    return NULL;
  }
  struct pack_work work = {kernels, packed, transpose_b, b, ldb};
  tlm_parallel_range(n, columns, (1 << 16) / (k + 1), pack_share, &work);
  return packed;
}

void tlm_packed_destroy(tlm_packed *packed) {
  if (!packed) return;
  if (packed->onednn) tlm_onednn_weights_destroy(packed->onednn);
  tlm_release(packed->panels, packed->panel_bytes);
  tlm_release(packed->scales, packed->scale_bytes);
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
    for (ptrdiff_t p = 0; p < k || p == 0; p += k_steps) {
      kernels->row_times_panels(smaller(k - p, k_steps), x + p, packed->panels + j * k + p * columns, columns * k, panels,
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
  if (m == 1 && packed->precision != TLM_INT16) {
    multiply_row(packed, kernels, n_begin, n_end, a, bias, c, accumulate);
    return;
  }
  ptrdiff_t k = packed->k, tile = tile_rows(kernels, m < m_block ? m : m_block), block = m_block / tile * tile;
  ptrdiff_t columns = kernels->columns, steps = tlm_steps(packed->precision, k);
  ptrdiff_t k_block = tlm_k_block(packed->precision);
  float *left = tlm_thread_scratch(scratch_blocks, (size_t)(block * (k_steps + 1)) * sizeof(float));
  float *row_scales = left + block * k_steps;
  struct blocks blocks = {.kernels = kernels, .precision = packed->precision, .tile = tile, .n = n_end - n_begin,
                          .left = left, .row_scales = row_scales, .stride = columns * steps};
  for (ptrdiff_t i = 0; i < m; i += block) {
    blocks.m = smaller(m - i, block);
    for (ptrdiff_t p = 0; p < k || p == 0; p += k_block) {
      ptrdiff_t depth = smaller(k - p, k_block);
      if (packed->precision == TLM_FLOAT32) {
        blocks.left = a + i * lda + p;
        blocks.left_row = lda;
      } else {
        tlm_pack_left(kernels, packed->precision, false, tile, blocks.m, depth, a + i * lda + p, lda, left, row_scales);
      }
      blocks.steps = tlm_steps(packed->precision, depth);
      blocks.right = packed->panels + n_begin * steps + tlm_steps(packed->precision, p) * columns;
      blocks.column_scales = packed->scales ? packed->scales + p / k_block * packed->n + n_begin : NULL;
      multiply_blocks(&blocks, p == 0 && bias ? bias + n_begin : NULL, c + i * ldc + n_begin, ldc, accumulate || p > 0);
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
  ptrdiff_t widest = n_block + most_columns, k_block = tlm_k_block(w->precision);
  float *left = tlm_thread_scratch(scratch_blocks, (size_t)((block + widest) * (k_steps + 1)) * sizeof(float));
  float *right = left + block * k_steps, *row_scales = right + widest * k_steps, *column_scales = row_scales + block;
  const float *a = w->transpose_a ? w->a + begin : w->a + begin * w->lda;
  float *c = w->c + begin * w->ldc;
  struct blocks blocks = {.kernels = kernels, .precision = w->precision, .tile = tile, .left = left, .right = right,
                          .row_scales = row_scales, .column_scales = column_scales};
  for (ptrdiff_t j = 0; j < w->n; j += n_block) {
    blocks.n = smaller(w->n - j, n_block);
    for (ptrdiff_t p = 0; p < w->k || p == 0; p += k_block) {
      ptrdiff_t k = smaller(w->k - p, k_block);
      blocks.steps = tlm_steps(w->precision, k);
      blocks.stride = kernels->columns * blocks.steps;
      tlm_pack_right(kernels, w->precision, w->transpose_b, k, blocks.n,
                     w->transpose_b ? w->b + j * w->ldb + p : w->b + p * w->ldb + j, w->ldb, right, blocks.stride,
                     column_scales);
      for (ptrdiff_t i = 0; i < m; i += block) {
        blocks.m = smaller(m - i, block);
        tlm_pack_left(kernels, w->precision, w->transpose_a, tile, blocks.m, k,
                      w->transpose_a ? a + p * w->lda + i : a + i * w->lda + p, w->lda, left, row_scales);
        multiply_blocks(&blocks, NULL, c + i * w->ldc + j, w->ldc, w->accumulate || p > 0);
      }
    }
  }
}

static void matmul_columns_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  struct matmul_work part = *(const struct matmul_work *)context;
  part.b += part.transpose_b ? begin * part.ldb : begin;
  part.c += begin;
  part.n = end - begin;
  matmul_share(&part, 0, part.m);
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
  const struct kernels *kernels = tlm_current_kernels();
  // The longer side is shared out: every thread packs the other operand whole.
  if (n > m)
    tlm_parallel_range(n, kernels->columns, (1 << 18) / (m * k + 1), matmul_columns_share, &work);
  else
    tlm_parallel_range(m, kernels->rows, (1 << 18) / (n * k + 1), matmul_share, &work);
}

// MARK: Many products

struct batch_work {
  struct matmul_work each;
  ptrdiff_t step_a, step_b, step_c;
};

static void share_batch(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct batch_work *w = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    struct matmul_work one = w->each;
    one.a += i * w->step_a;
    one.b += i * w->step_b;
    one.c += i * w->step_c;
    matmul_share(&one, 0, one.m);
  }
}

void tlm_matmul_batch(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t count, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, const float *b, float *c) {
  if (m <= 0 || n <= 0) return;
  struct matmul_work each = {precision, transpose_a, transpose_b, m, n, k, a, b, transpose_a ? m : k, transpose_b ? k : n,
                             n, c, false};
  struct batch_work work = {each, m * k, k * n, m * n};
  if (count == 1) {
    tlm_parallel_range(m, tlm_current_kernels()->rows, (1 << 18) / (n * k + 1), matmul_share, &work.each);
  } else {
    tlm_parallel_range(count, 1, (1 << 16) / (m * n * k + 1), share_batch, &work);
  }
}

void tlm_matmul_serial(bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a,
                       ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate) {
  if (m <= 0 || n <= 0) return;
  struct matmul_work work = {TLM_FLOAT32, transpose_a, transpose_b, m, n, k, a, b, lda, ldb, ldc, c, accumulate};
  matmul_share(&work, 0, m);
}

void tlm_matmul_near(const struct kernels *kernels, bool transpose_a, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                     const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc,
                     bool accumulate) {
  if (m <= 0) return;
  ptrdiff_t tile = tile_rows(kernels, m), row = transpose_a ? 1 : lda, step = transpose_a ? lda : 1;
  for (ptrdiff_t j = 0; j < n; j += kernels->columns)
    for (ptrdiff_t i = 0; i < m; i += tile)
      kernels->direct_tile((int)smaller(m - i, tile), k, a + i * row, row, step, b + j, ldb, c + i * ldc + j, ldc,
                           (int)smaller(n - j, kernels->columns), accumulate, NULL);
}

// MARK: Plain twin

struct operand_view {
  const float *values;
  ptrdiff_t row, step;  // distances from row to row and along k
};

// Element (i, p) of an operand in a precision. With TLM_INT16 it is rounded to the scale of its row's block along k.
static double element(tlm_precision precision, struct operand_view view, ptrdiff_t i, ptrdiff_t p, ptrdiff_t k) {
  const float *row = view.values + i * view.row;
  float x = row[p * view.step];
  if (precision == TLM_BFLOAT16) tlm_kernels_plain.round_to_bfloat16(1, &x, &x);
  if (precision != TLM_INT16) return x;
  double squares = 0, largest = 0;
  ptrdiff_t k_block = tlm_k_block(precision);
  for (ptrdiff_t q = p / k_block * k_block; q < k && q < (p / k_block + 1) * k_block; q++) {
    double v = row[q * view.step];
    squares += v * v;
    largest = fabs(v) > largest ? fabs(v) : largest;
  }
  double by_norm = sqrt(squares) / 46300, by_size = largest / 32760, scale = by_norm > by_size ? by_norm : by_size;
  return scale == 0 ? 0 : scale * nearbyint(x / scale);
}

void tlm_matmul_plain(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate) {
  struct operand_view left = {a, transpose_a ? 1 : lda, transpose_a ? lda : 1};
  struct operand_view right = {b, transpose_b ? ldb : 1, transpose_b ? 1 : ldb};
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      double sum = accumulate ? c[i * ldc + j] : 0;
      for (ptrdiff_t p = 0; p < k; p++) sum += element(precision, left, i, p, k) * element(precision, right, j, p, k);
      c[i * ldc + j] = (float)sum;
    }
}
