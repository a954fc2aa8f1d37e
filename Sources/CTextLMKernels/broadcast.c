// Operands of unequal shapes: an axis of one element is repeated without being copied, and summed on the way back.
#include <string.h>

#include "kernels.h"

enum { most_axes = 8, worth_splitting = 1 << 14 };

struct walk {
  const struct kernels *kernels;
  tlm_combination op;
  int rank;
  ptrdiff_t sizes[most_axes], inner[most_axes];  // inner: elements of one entry of the axis
  ptrdiff_t a_strides[most_axes], b_strides[most_axes];
  const float *a, *b;
  float *y;
};

// Takes over the axes, neighbours made one where both operands go through them without a gap or are repeated on both.
static void set_axes(struct walk *w, int rank, const ptrdiff_t *sizes, const ptrdiff_t *a_strides,
                     const ptrdiff_t *b_strides) {
  w->rank = 0;
  for (int axis = 0; axis < rank; axis++) {
    int last = w->rank - 1;
    if (sizes[axis] == 1) continue;
    if (last >= 0 && w->a_strides[last] == a_strides[axis] * sizes[axis]
        && w->b_strides[last] == b_strides[axis] * sizes[axis]) {
      w->sizes[last] *= sizes[axis];
    } else {
      last = w->rank++;
      w->sizes[last] = sizes[axis];
    }
    w->a_strides[last] = a_strides[axis];
    w->b_strides[last] = b_strides[axis];
  }
  if (w->rank == 0) {
    w->rank = 1;
    w->sizes[0] = 1;
    w->a_strides[0] = w->b_strides[0] = 0;
  }
  ptrdiff_t inner = 1;
  for (int axis = w->rank - 1; axis >= 0; axis--) {
    w->inner[axis] = inner;
    inner *= w->sizes[axis];
  }
}

static void combine(const struct walk *w, int axis, ptrdiff_t count, const float *a, const float *b, float *y) {
  ptrdiff_t a_stride = w->a_strides[axis], b_stride = w->b_strides[axis];
  if (axis == w->rank - 1) {
    w->kernels->combine_row(w->op, count, a, a_stride, b, b_stride, y);
    return;
  }
  for (ptrdiff_t i = 0; i < count; i++)
    combine(w, axis + 1, w->sizes[axis + 1], a + i * a_stride, b + i * b_stride, y + i * w->inner[axis]);
}

static void combine_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct walk *w = context;
  combine(w, 0, end - begin, w->a + begin * w->a_strides[0], w->b + begin * w->b_strides[0],
          w->y + begin * w->inner[0]);
}

void tlm_broadcast(
  tlm_combination op, int rank, const ptrdiff_t *sizes, const ptrdiff_t *a_strides, const ptrdiff_t *b_strides,
  const float *a, const float *b, float *y) {
  struct walk work = {.kernels = tlm_current_kernels(), .op = op, .a = a, .b = b, .y = y};
  set_axes(&work, rank, sizes, a_strides, b_strides);
  ptrdiff_t multiple = work.rank == 1 ? 16 : 1;  // whole vectors, whatever the number of threads
  tlm_parallel_range(work.sizes[0], multiple, worth_splitting / (work.inner[0] + 1) + 1, combine_share, &work);
}

// x is walked as the left operand, y's strides are the right one's.
static void sum(const struct walk *w, int axis, const float *x, float *y) {
  ptrdiff_t count = w->sizes[axis], stride = w->b_strides[axis];
  if (axis == w->rank - 1) {
    if (stride == 1) w->kernels->add(count, y, x, y);
    else *y += w->kernels->sum_row(count, x);
    return;
  }
  for (ptrdiff_t i = 0; i < count; i++) sum(w, axis + 1, x + i * w->inner[axis], y + i * stride);
}

void tlm_sum_axes(
  int rank, const ptrdiff_t *sizes, const ptrdiff_t *y_strides, const float *x, ptrdiff_t y_count, float *y) {
  struct walk work = {.kernels = tlm_current_kernels()};
  ptrdiff_t x_strides[most_axes], inner = 1;
  for (int axis = rank - 1; axis >= 0; axis--) {
    x_strides[axis] = inner;
    inner *= sizes[axis];
  }
  memset(y, 0, (size_t)y_count * sizeof(float));
  if (inner == 0) return;
  set_axes(&work, rank, sizes, x_strides, y_strides);
  sum(&work, 0, x, y);
}

// MARK: Plain twins

// Offset of element `index` of the dense whole in an operand of these strides.
static ptrdiff_t offset(int rank, const ptrdiff_t *sizes, const ptrdiff_t *strides, ptrdiff_t index) {
  ptrdiff_t result = 0;
  for (int axis = rank - 1; axis >= 0; axis--) {
    result += index % sizes[axis] * strides[axis];
    index /= sizes[axis];
  }
  return result;
}

static ptrdiff_t product(int rank, const ptrdiff_t *sizes) {
  ptrdiff_t count = 1;
  for (int axis = 0; axis < rank; axis++) count *= sizes[axis];
  return count;
}

void tlm_broadcast_plain(
  tlm_combination op, int rank, const ptrdiff_t *sizes, const ptrdiff_t *a_strides, const ptrdiff_t *b_strides,
  const float *a, const float *b, float *y) {
  ptrdiff_t count = product(rank, sizes);
  for (ptrdiff_t i = 0; i < count; i++) {
    float left = a[offset(rank, sizes, a_strides, i)], right = b[offset(rank, sizes, b_strides, i)];
    y[i] = op == TLM_ADD ? left + right : op == TLM_SUBTRACT ? left - right : left * right;
  }
}

void tlm_sum_axes_plain(
  int rank, const ptrdiff_t *sizes, const ptrdiff_t *y_strides, const float *x, ptrdiff_t y_count, float *y) {
  memset(y, 0, (size_t)y_count * sizeof(float));
  ptrdiff_t count = product(rank, sizes);
  for (ptrdiff_t i = 0; i < count; i++) y[offset(rank, sizes, y_strides, i)] += x[i];
}
