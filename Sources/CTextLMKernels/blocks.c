// A linear map of each group of S neighbouring elements by itself, S being 2 or 4, for rows of D elements. Matrices of all
// groups are in the order in which a row is read: entry [i][g S + j] is that of input i and output j of group g.
#include <string.h>

#include "kernels.h"

struct work {
  ptrdiff_t rows, D;
  int S;
  const float *weight, *x, *dy;
  float *y, *dweight;
};

// Rows whose part in a weight's gradient is summed by itself: a sum over many thousands of them stays exact enough.
enum { summed_rows = 64 };

static void map_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t row = begin; row < end; row++)
    kernels->block_row(w->D, w->S, w->weight, w->x + row * w->D, w->y + row * w->D);
}

void tlm_block_linear(ptrdiff_t rows, ptrdiff_t D, int S, const float *weight, const float *x, float *y) {
  struct work work = {.rows = rows, .D = D, .S = S, .weight = weight, .x = x, .y = y};
  tlm_parallel_range(rows, 1, (1 << 15) / (D * S + 1), map_share, &work);
}

// Columns begin ..< end, whole groups: each weight's gradient is summed by one thread, over rows in their order.
static void sum_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t width = end - begin, count = w->S * width;
  float *sums = tlm_thread_scratch(scratch_row, (size_t)count * sizeof(float));
  for (ptrdiff_t j = 0; j < w->S; j++) memset(w->dweight + j * w->D + begin, 0, (size_t)width * sizeof(float));
  for (ptrdiff_t row = 0; row < w->rows; row++) {
    if (row % summed_rows == 0) memset(sums, 0, (size_t)count * sizeof(float));
    kernels->add_block_products(width, w->S, w->dy + row * w->D + begin, w->x + row * w->D + begin, sums);
    if (row % summed_rows < summed_rows - 1 && row < w->rows - 1) continue;
    for (ptrdiff_t j = 0; j < w->S; j++) {
      float *dweight = w->dweight + j * w->D + begin;
      kernels->add(width, sums + j * width, dweight, dweight);
    }
  }
}

void tlm_block_linear_gradient(ptrdiff_t rows, ptrdiff_t D, int S, const float *x, const float *dy, float *dweight) {
  struct work work = {.rows = rows, .D = D, .S = S, .x = x, .dy = dy, .dweight = dweight};
  tlm_parallel_range(D, S, (1 << 15) / (rows * S + 1), sum_share, &work);
}

// MARK: Plain twins

void tlm_block_linear_plain(ptrdiff_t rows, ptrdiff_t D, int S, const float *weight, const float *x, float *y) {
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t column = 0; column < D; column++) {
      double sum = 0;
      for (int i = 0; i < S; i++) sum += (double)weight[i * D + column] * x[row * D + column / S * S + i];
      y[row * D + column] = (float)sum;
    }
}

void tlm_block_linear_gradient_plain(ptrdiff_t rows, ptrdiff_t D, int S, const float *x, const float *dy, float *dweight) {
  for (int j = 0; j < S; j++)
    for (ptrdiff_t column = 0; column < D; column++) {
      double sum = 0;
      for (ptrdiff_t row = 0; row < rows; row++) sum += (double)dy[row * D + column / S * S + j] * x[row * D + column];
      dweight[j * D + column] = (float)sum;
    }
}
