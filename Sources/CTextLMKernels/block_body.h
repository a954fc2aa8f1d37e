// Linear maps of groups of neighbouring elements, for blocks.c; part of kernels_body.h. A vector holds whole groups of 2 or
// of 4 elements.

// Element i of each group, for all of the group.
INLINE vector spread(vector x, const int S, const int i) {
  vector y;
  UNROLL for (int lane = 0; lane < LANES; lane++) y[lane] = x[lane / S * S + i];
  return y;
}

INLINE void block_row_of(ptrdiff_t width, const int S, const float *weight, const float *x, float *y) {
  EACH_VECTOR(width, {
    vector v = load_some(x + u, n), sum = {};
    UNROLL for (int i = 0; i < S; i++) sum += spread(v, S, i) * load_some(weight + i * width + u, n);
    store_some(y + u, sum, n);
  });
}

static void block_row_loop(ptrdiff_t width, int S, const float *weight, const float *x, float *y) {
  if (S == 2) block_row_of(width, 2, weight, x, y);
  else block_row_of(width, 4, weight, x, y);
}

INLINE void block_products_of(ptrdiff_t width, const int S, const float *dy, const float *x, float *sums) {
  EACH_VECTOR(width, {
    vector v = load_some(x + u, n), d = load_some(dy + u, n);
    UNROLL for (int j = 0; j < S; j++) {
      float *sum = sums + j * width + u;
      store_some(sum, load_some(sum, n) + spread(d, S, j) * v, n);
    }
  });
}

static void add_block_products_loop(ptrdiff_t width, int S, const float *dy, const float *x, float *sums) {
  if (S == 2) block_products_of(width, 2, dy, x, sums);
  else block_products_of(width, 4, dy, x, sums);
}
