// Element-wise and row-wise loops: each splits its range over the threads and calls the current instruction set's loop.
#include <math.h>
#include <string.h>

#include "kernels.h"

// Fewer elements than this are done before a second thread would have started.
enum { worth_splitting = 1 << 14, cache_line = 16 };

struct loop_work {
  const struct kernels *kernels;
  const float *a, *b;
  float *y;
  float factor;
  uint64_t key;
};

#define SHARE(name, call)                                                    \
  static void name(void *context, ptrdiff_t begin, ptrdiff_t end) {          \
    const struct loop_work *w = context;                                     \
    ptrdiff_t n = end - begin;                                               \
    call;                                                                    \
  }
SHARE(add_share, w->kernels->add(n, w->a + begin, w->b + begin, w->y + begin))
SHARE(multiply_share, w->kernels->multiply(n, w->a + begin, w->b + begin, w->y + begin))
SHARE(scale_share, w->kernels->scale(n, w->factor, w->a + begin, w->y + begin))
SHARE(interpolate_share, w->kernels->interpolate(n, w->factor, w->a + begin, w->b + begin, w->y + begin))
SHARE(tanh_share, w->kernels->tanh(n, w->a + begin, w->y + begin))
SHARE(sigmoid_share, w->kernels->sigmoid(n, w->a + begin, w->y + begin))
SHARE(exp_share, w->kernels->exp(n, w->a + begin, w->y + begin))
SHARE(log_share, w->kernels->log(n, w->a + begin, w->y + begin))
SHARE(softplus_share, w->kernels->softplus(n, w->a + begin, w->y + begin))
SHARE(sqrt_share, w->kernels->sqrt(n, w->a + begin, w->y + begin))
SHARE(reciprocal_share, w->kernels->reciprocal(n, w->a + begin, w->y + begin))
SHARE(dropout_share, (void)n; w->kernels->dropout(begin, end, w->factor, w->key, w->a, w->y))

static void run(ptrdiff_t count, void (*share)(void *, ptrdiff_t, ptrdiff_t), struct loop_work work) {
  work.kernels = tlm_current_kernels();
  tlm_parallel_range(count, cache_line, worth_splitting, share, &work);
}

void tlm_add(ptrdiff_t count, const float *a, const float *b, float *sum) {
  run(count, add_share, (struct loop_work){.a = a, .b = b, .y = sum});
}
void tlm_multiply(ptrdiff_t count, const float *a, const float *b, float *product) {
  run(count, multiply_share, (struct loop_work){.a = a, .b = b, .y = product});
}
void tlm_scale(ptrdiff_t count, float factor, const float *x, float *y) {
  run(count, scale_share, (struct loop_work){.a = x, .y = y, .factor = factor});
}
void tlm_interpolate(ptrdiff_t count, float weight, const float *a, const float *b, float *y) {
  run(count, interpolate_share, (struct loop_work){.a = a, .b = b, .y = y, .factor = weight});
}
void tlm_interpolate_plain(ptrdiff_t count, float weight, const float *a, const float *b, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = a[i] + weight * (b[i] - a[i]);
}
void tlm_tanh(ptrdiff_t count, const float *x, float *y) {
  run(count, tanh_share, (struct loop_work){.a = x, .y = y});
}
void tlm_tanh_plain(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = tanhf(x[i]);
}
void tlm_sigmoid(ptrdiff_t count, const float *x, float *y) {
  run(count, sigmoid_share, (struct loop_work){.a = x, .y = y});
}
void tlm_sigmoid_plain(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = 1 / (1 + expf(-x[i]));
}
void tlm_exp(ptrdiff_t count, const float *x, float *y) {
  run(count, exp_share, (struct loop_work){.a = x, .y = y});
}
void tlm_exp_plain(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = expf(x[i]);
}
void tlm_log(ptrdiff_t count, const float *x, float *y) {
  run(count, log_share, (struct loop_work){.a = x, .y = y});
}
void tlm_log_plain(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = logf(x[i]);
}
void tlm_softplus(ptrdiff_t count, const float *x, float *y) {
  run(count, softplus_share, (struct loop_work){.a = x, .y = y});
}
void tlm_softplus_plain(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = fmaxf(x[i], 0) + log1pf(expf(-fabsf(x[i])));
}
void tlm_sqrt(ptrdiff_t count, const float *x, float *y) {
  run(count, sqrt_share, (struct loop_work){.a = x, .y = y});
}
void tlm_sqrt_plain(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = sqrtf(x[i]);
}
void tlm_reciprocal(ptrdiff_t count, const float *x, float *y) {
  run(count, reciprocal_share, (struct loop_work){.a = x, .y = y});
}
void tlm_reciprocal_plain(ptrdiff_t count, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = 1 / x[i];
}
void tlm_dropout(ptrdiff_t count, float rate, uint64_t key, const float *x, float *y) {
  run(count, dropout_share, (struct loop_work){.a = x, .y = y, .factor = rate, .key = key});
}
void tlm_dropout_plain(ptrdiff_t count, float rate, uint64_t key, const float *x, float *y) {
  uint32_t threshold = (uint32_t)(rate * 16777216.0f);
  for (ptrdiff_t i = 0; i < count; i++) {
    bool keep = (dropout_hash(key, (uint32_t)i, (uint32_t)((uint64_t)i >> 32)) >> 8) >= threshold;
    y[i] = keep ? x[i] * (1.0f / (1.0f - rate)) : 0;
  }
}

void tlm_narrow_to_bfloat16(ptrdiff_t n, const float *x, uint16_t *y) {
  const struct kernels *kernels = tlm_current_kernels();
  enum { block = 256 };
  float rounded[block];
  for (ptrdiff_t i = 0; i < n; i += block) {
    ptrdiff_t count = n - i < block ? n - i : block;
    kernels->round_to_bfloat16(count, x + i, rounded);
    for (ptrdiff_t j = 0; j < count; j++) {
      uint32_t bits;
      memcpy(&bits, rounded + j, sizeof bits);
      y[i + j] = (uint16_t)(bits >> 16);
    }
  }
}

// MARK: Rows

struct rows_work {
  ptrdiff_t rows, width;
  const int32_t *indices;
  const float *from;
  float *to;
  bool accumulate;
};

static void gather_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct rows_work *w = context;
  for (ptrdiff_t r = begin; r < end; r++)
    memcpy(w->to + r * w->width, w->from + w->indices[r] * w->width, (size_t)w->width * sizeof(float));
}

void tlm_gather_rows(ptrdiff_t rows, ptrdiff_t width, const int32_t *indices, const float *table, float *out) {
  struct rows_work work = {.rows = rows, .width = width, .indices = indices, .from = table, .to = out};
  tlm_parallel_range(rows, 1, worth_splitting / (width + 1), gather_share, &work);
}

struct sums_work {
  ptrdiff_t rows, width, count;
  const int32_t *indices;
  const float *const *tables;
  float *to;
};

static void gather_sums_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct sums_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t r = begin; r < end; r++) {
    float *row = w->to + r * w->width;
    memcpy(row, w->tables[0] + w->indices[r] * w->width, (size_t)w->width * sizeof(float));
    for (ptrdiff_t k = 1; k < w->count; k++)
      kernels->add(w->width, row, w->tables[k] + w->indices[k * w->rows + r] * w->width, row);
  }
}

void tlm_gather_row_sums(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t count, const int32_t *indices,
                         const float *const *tables, float *out) {
  struct sums_work work = {rows, width, count, indices, tables, out};
  tlm_parallel_range(rows, 1, worth_splitting / (count * width + 1), gather_sums_share, &work);
}

// Each thread owns a range of columns and walks all rows in order: no two threads write one element.
static void scatter_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct rows_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t r = 0; r < w->rows; r++) {
    float *row = w->to + w->indices[r] * w->width + begin;
    kernels->add(end - begin, row, w->from + r * w->width + begin, row);
  }
}

void tlm_scatter_add_rows(
  ptrdiff_t rows, ptrdiff_t width, const int32_t *indices, const float *values, float *table) {
  struct rows_work work = {.rows = rows, .width = width, .indices = indices, .from = values, .to = table};
  tlm_parallel_range(width, cache_line, worth_splitting / (rows + 1), scatter_share, &work);
}

static void column_sums_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct rows_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  if (!w->accumulate) memset(w->to + begin, 0, (size_t)(end - begin) * sizeof(float));
  for (ptrdiff_t r = 0; r < w->rows; r++)
    kernels->add(end - begin, w->to + begin, w->from + r * w->width + begin, w->to + begin);
}

void tlm_column_sums(ptrdiff_t rows, ptrdiff_t width, const float *x, float *sums, bool accumulate) {
  struct rows_work work = {.rows = rows, .width = width, .from = x, .to = sums, .accumulate = accumulate};
  tlm_parallel_range(width, cache_line, worth_splitting / (rows + 1), column_sums_share, &work);
}

// MARK: Softmax with cross-entropy

struct entropy_work {
  ptrdiff_t V;
  const float *logits;
  const int32_t *targets;
  float scale, *losses, *gradient;
};

static void entropy_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct entropy_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t r = begin; r < end; r++) {
    float *gradient = w->gradient ? w->gradient + r * w->V : NULL;
    if (w->targets[r] >= 0) {
      w->losses[r] =
        kernels->softmax_cross_entropy(w->V, w->logits + r * w->V, w->targets[r], w->scale, gradient);
    } else {
      w->losses[r] = 0;
      if (gradient) memset(gradient, 0, (size_t)w->V * sizeof(float));
    }
  }
}

void tlm_softmax_cross_entropy(
  ptrdiff_t rows, ptrdiff_t V, const float *logits, const int32_t *targets, float scale, float *losses,
  float *gradient) {
  struct entropy_work work = {V, logits, targets, scale, losses, gradient};
  tlm_parallel_range(rows, 1, worth_splitting / (V + 1), entropy_share, &work);
}

void tlm_softmax_cross_entropy_plain(
  ptrdiff_t rows, ptrdiff_t V, const float *logits, const int32_t *targets, float scale, float *losses,
  float *gradient) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *row = logits + r * V;
    double largest = -INFINITY, total = 0;
    for (ptrdiff_t j = 0; j < V; j++) largest = row[j] > largest ? row[j] : largest;
    for (ptrdiff_t j = 0; j < V; j++) total += exp(row[j] - largest);
    bool counted = targets[r] >= 0;
    losses[r] = counted ? (float)(log(total) + largest - row[targets[r]]) : 0;
    if (!gradient) continue;
    for (ptrdiff_t j = 0; j < V; j++)
      gradient[r * V + j] = counted ? (float)(scale * (exp(row[j] - largest) / total - (j == targets[r]))) : 0;
  }
}

// MARK: Sums

// Sums are taken over blocks of fixed size and the blocks added in order, so that threads do not change the result.
enum { sum_block = 1 << 14, sum_blocks_at_once = 256 };

struct sum_work {
  const struct kernels *kernels;
  ptrdiff_t count;
  const float *x;
  double partial[sum_blocks_at_once];
};

static void sum_share(void *context, int part) {
  struct sum_work *w = context;
  ptrdiff_t begin = (ptrdiff_t)part * sum_block, left = w->count - begin;
  w->partial[part] = w->kernels->sum_of_squares(left < sum_block ? left : sum_block, w->x + begin);
}

double tlm_sum_of_squares(ptrdiff_t count, const float *x) {
  double total = 0;
  while (count > 0) {
    ptrdiff_t now = count < (ptrdiff_t)sum_block * sum_blocks_at_once ? count : (ptrdiff_t)sum_block * sum_blocks_at_once;
    struct sum_work work = {.kernels = tlm_current_kernels(), .count = now, .x = x};
    int parts = (int)((now + sum_block - 1) / sum_block);
    tlm_parallel(parts, sum_share, &work);
    for (int part = 0; part < parts; part++) total += work.partial[part];
    count -= now;
    x += now;
  }
  return total;
}

bool tlm_all_finite(ptrdiff_t count, const float *x) {
  uint32_t bad = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    bad |= (bits & 0x7F800000u) == 0x7F800000u;
  }
  return bad == 0;
}
