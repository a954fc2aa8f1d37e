// Reordering of a tensor's axes.
#include <string.h>

#include "kernels.h"

struct permute_work {
  int rank;
  ptrdiff_t sizes[tlm_most_axes];    // of the result
  ptrdiff_t strides[tlm_most_axes];  // in the source, along each axis of the result
  const float *x;
  float *y;
};

// Rows of the result, the last axis being a row: where each begins in the source is counted up digit by digit.
static void permute_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct permute_work *w = context;
  int last = w->rank - 1;
  ptrdiff_t width = w->sizes[last], step = w->strides[last];
  ptrdiff_t digits[tlm_most_axes] = {0}, from = 0;
  ptrdiff_t rest = begin;
  for (int axis = last - 1; axis >= 0; axis--) {
    digits[axis] = rest % w->sizes[axis];
    rest /= w->sizes[axis];
    from += digits[axis] * w->strides[axis];
  }
  for (ptrdiff_t row = begin; row < end; row++) {
    float *to = w->y + row * width;
    const float *source = w->x + from;
    if (step == 1) {
      memcpy(to, source, (size_t)width * sizeof(float));
    } else {
      for (ptrdiff_t i = 0; i < width; i++) to[i] = source[i * step];
    }
    for (int axis = last - 1; axis >= 0; axis--) {
      from += w->strides[axis];
      if (++digits[axis] < w->sizes[axis]) break;
      from -= digits[axis] * w->strides[axis];
      digits[axis] = 0;
    }
  }
}

void tlm_permute(int rank, const ptrdiff_t *sizes, const int *axes, const float *x, float *y) {
  struct permute_work work = {.rank = rank, .x = x, .y = y};
  ptrdiff_t strides[tlm_most_axes], rows = 1;
  strides[rank - 1] = 1;
  for (int axis = rank - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * sizes[axis + 1];
  for (int axis = 0; axis < rank; axis++) {
    work.sizes[axis] = sizes[axes[axis]];
    work.strides[axis] = strides[axes[axis]];
    if (axis < rank - 1) rows *= work.sizes[axis];
  }
  if (work.sizes[rank - 1] == 0) return;
  tlm_parallel_range(rows, 1, (1 << 15) / work.sizes[rank - 1], permute_share, &work);
}
