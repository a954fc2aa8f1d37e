// Functions of single elements, and rows of operands of unequal shapes; part of kernels_body.h.

// ln x, about 2 ulp: x = m 2^e with m in [sqrt(1/2), sqrt 2), and the polynomial of the Cephes library for ln m.
INLINE vector logarithm(vector x) {
  integers exponent = (integers)((bits)x >> 23) - 126;
  vector m = (vector)(((bits)x & 0x007FFFFFu) | 0x3F000000u);
  integers is_low = m < splat(0.707106781186547524f);
  vector e = __builtin_convertvector(exponent + is_low, vector);
  m = choose(is_low, m + m, m) - 1.0f;
  vector p = splat(7.0376836292e-2f);
  p = p * m + -1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m + -1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m + -1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m + -2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  vector s = m * m;
  vector y = m * s * p + e * -2.12194440e-4f - s * 0.5f;
  y = m + y + e * 0.693359375f;
  y = choose(x == splat(INFINITY), x, y);
  y = choose(x < splat(1.17549435e-38f), splat(-INFINITY), y);  // numbers too small for the exponent count as 0
  return choose((x >= (vector){}), y, splat(NAN));
}

// max(x, 0) + ln(1 + e), e = e^-|x|; 1 + e is rounded, which the quotient makes up for.
INLINE vector soft_plus(vector x) {
  vector size = choose(x < (vector){}, -x, x);
  vector e = exponential(-size);
  vector u = 1.0f + e;
  vector d = u - 1.0f;
  vector rest = choose(d == (vector){}, e, logarithm(u) * e / choose(d == (vector){}, splat(1), d));
  return choose(x > (vector){}, x, x - x) + rest;
}

ELEMENTWISE(exp_loop, exponential(v))
ELEMENTWISE(log_loop, logarithm(v))
ELEMENTWISE(softplus_loop, soft_plus(v))
ELEMENTWISE(sqrt_loop, __builtin_elementwise_sqrt(v))
ELEMENTWISE(reciprocal_loop, 1.0f / v)

static void combine_row_loop(tlm_combination op, ptrdiff_t n, const float *a, ptrdiff_t a_stride, const float *b,
                             ptrdiff_t b_stride, float *y) {
  for (ptrdiff_t i = 0; i < n; i += LANES) {
    vector left = a_stride ? load_some(a + i, n - i) : splat(*a);
    vector right = b_stride ? load_some(b + i, n - i) : splat(*b);
    vector result;
    switch (op) {
      case TLM_ADD: result = left + right; break;
      case TLM_SUBTRACT: result = left - right; break;
      default: result = left * right; break;
    }
    store_some(y + i, result, n - i);
  }
}

static float sum_row_loop(ptrdiff_t n, const float *x) {
  vector sum = {};
  for (ptrdiff_t i = 0; i < n; i += LANES) sum += load_some(x + i, n - i);
  float total = 0;
  for (int lane = 0; lane < LANES; lane++) total += sum[lane];
  return total;
}
