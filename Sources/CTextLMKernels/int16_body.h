// Matrix products in 16-bit integers: the part of kernels_body.h, and of nothing else, that rounds operands and multiplies
// them. It is compiled once for each instruction set, like everything there.

// The scale that lets x be rounded to 16-bit integers such that no sum of their products with another operand's, rounded in
// the same way, leaves 32 bits: by the inequality of Cauchy and Schwarz a sum is at most the product of the norms, and these
// are kept below 46340 = sqrt(2^31), with room for rounding. Zero for an operand of zeros (or below 1e-18, where squares
// vanish); not finite for one that is not, so that the product is not either.
INLINE float int16_scale(float squares, uint32_t largest_bits) {
  float largest;
  memcpy(&largest, &largest_bits, sizeof largest);
  if (largest < 1e-18f) return 0;
  float by_norm = sqrtf(squares) * (1 / 46300.0f), by_size = largest * (1 / 32760.0f);
  return by_norm > by_size ? by_norm : by_size;
}

INLINE bits magnitude(vector v) { return (bits)v & 0x7FFFFFFFu; }
INLINE bits greater(bits a, bits b) { return (bits)choose((integers)(a > b), (vector)a, (vector)b); }

// The nearest integer, ties to even, of |v| < 2^22: adding 1.5 * 2^23 leaves it in the low bits.
INLINE bits nearest(vector v) { return (bits)(v + 12582912.0f) - 0x4B400000u; }

static float quantize_row_loop(ptrdiff_t k, const float *x, int16_t *q) {
  typedef int16_t narrow __attribute__((vector_size(LANES * 2)));
  typedef int16_t loose_narrow __attribute__((vector_size(LANES * 2), aligned(2)));
  vector squares = {};
  bits top = {};
  for (ptrdiff_t i = 0; i < k; i += LANES) {
    vector v = load_some(x + i, k - i);
    squares += v * v;
    top = greater(magnitude(v), top);
  }
  float sum = 0;
  uint32_t largest = 0;
  for (int lane = 0; lane < LANES; lane++) {
    sum += squares[lane];
    largest = top[lane] > largest ? top[lane] : largest;
  }
  float scale = int16_scale(sum, largest), inverse = scale == 0 ? 0 : 1 / scale;
  ptrdiff_t i = 0;
  for (; i + LANES <= k; i += LANES)
    *(loose_narrow *)(q + i) = __builtin_convertvector((integers)nearest(load(x + i) * inverse), narrow);
  if (i < k) {
    bits last = nearest(load_some(x + i, k - i) * inverse);
    for (ptrdiff_t lane = 0; lane < k - i; lane++) q[i + lane] = (int16_t)last[lane];
  }
  if (k % 2) q[k] = 0;
  return scale;
}

// Of `count` vectors of columns at a time, so that a row's cache lines are used whole before the next row's.
INLINE void quantize_some_columns(const int count, ptrdiff_t k, ptrdiff_t live, const float *x, ptrdiff_t ldx, int32_t *q,
                                  ptrdiff_t ldq, float *scales) {
  vector squares[4], inverse[4];
  bits top[4];
  UNROLL for (int i = 0; i < count; i++) {
    squares[i] = (vector){};
    top[i] = (bits){};
  }
  for (ptrdiff_t p = 0; p < k; p++) {
    UNROLL for (int i = 0; i < count; i++) {
      vector v = load_some(x + p * ldx + i * LANES, live - i * LANES);
      squares[i] += v * v;
      top[i] = greater(magnitude(v), top[i]);
    }
  }
  UNROLL for (int i = 0; i < count; i++) {
    inverse[i] = (vector){};
    for (int lane = 0; lane < LANES && i * LANES + lane < live; lane++) {
      float scale = int16_scale(squares[i][lane], top[i][lane]);
      scales[i * LANES + lane] = scale;
      inverse[i][lane] = scale == 0 ? 0 : 1 / scale;
    }
  }
  for (ptrdiff_t p = 0; p + 1 < k; p += 2) {
    UNROLL for (int i = 0; i < count; i++) {
      ptrdiff_t left = live - i * LANES;
      bits low = nearest(load_some(x + p * ldx + i * LANES, left) * inverse[i]) & 0xFFFF;
      bits high = nearest(load_some(x + (p + 1) * ldx + i * LANES, left) * inverse[i]) << 16;
      store_some((float *)(q + p / 2 * ldq + i * LANES), (vector)(low | high), left);
    }
  }
  if (k % 2 == 0) return;
  UNROLL for (int i = 0; i < count; i++) {
    ptrdiff_t left = live - i * LANES;
    bits low = nearest(load_some(x + (k - 1) * ldx + i * LANES, left) * inverse[i]) & 0xFFFF;
    store_some((float *)(q + k / 2 * ldq + i * LANES), (vector)low, left);
  }
}

static void quantize_columns_loop(ptrdiff_t k, ptrdiff_t n, const float *x, ptrdiff_t ldx, int32_t *q, ptrdiff_t ldq,
                                  float *scales) {
  ptrdiff_t j = 0;
  for (; j + 4 * LANES <= n; j += 4 * LANES) quantize_some_columns(4, k, 4 * LANES, x + j, ldx, q + j, ldq, scales + j);
  for (; j < n; j += LANES) quantize_some_columns(1, k, n - j, x + j, ldx, q + j, ldq, scales + j);
}

INLINE void tile_int16_of(const int rows, ptrdiff_t steps, const int32_t *a, const int32_t *b, const float *row_scales,
                          const float *column_scales, float *c, ptrdiff_t ldc, int live, bool accumulate,
                          const float *bias) {
  bits sum[TILE_ROWS][2];
  UNROLL for (int i = 0; i < rows; i++) sum[i][0] = sum[i][1] = (bits){};
  for (ptrdiff_t p = 0; p < steps; p++) {
    integers b0 = *(const loose_integers *)b, b1 = *(const loose_integers *)(b + LANES);
    UNROLL for (int i = 0; i < rows; i++) {
      integers x = a[i] - (integers){};
      sum[i][0] = ADD_PRODUCTS_OF_PAIRS(sum[i][0], x, b0);
      sum[i][1] = ADD_PRODUCTS_OF_PAIRS(sum[i][1], x, b1);
    }
    a += rows;
    b += 2 * LANES;
  }
  UNROLL for (int i = 0; i < rows; i++) {
    float *row = c + i * ldc;
    UNROLL for (int half = 0; half < 2; half++) {
      ptrdiff_t left = live - half * LANES;
      if (left <= 0) break;
      vector v = __builtin_convertvector((integers)sum[i][half], vector);
      v *= load_some(column_scales + half * LANES, left) * row_scales[i];
      if (accumulate) v += load_some(row + half * LANES, left);
      if (bias) v += load_some(bias + half * LANES, left);
      store_some(row + half * LANES, v, left);
    }
  }
}

#define TILE_INT16_CASE(r) \
  case r: tile_int16_of(r, steps, a, b, row_scales, column_scales, c, ldc, live, accumulate, bias); return;
static void tile_int16_loop(int rows, ptrdiff_t steps, const int32_t *a, const int32_t *b, const float *row_scales,
                            const float *column_scales, float *c, ptrdiff_t ldc, int live, bool accumulate,
                            const float *bias) {
  switch (rows) {
    EVERY_TILE(TILE_INT16_CASE)
  }
}
