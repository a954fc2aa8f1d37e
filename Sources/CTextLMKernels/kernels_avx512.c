// The loops for x86-64 processors with AVX-512.
#if defined(__x86_64__)
#define LANES 16
#define TILE_ROWS 12
#define NAME(x) x##_avx512
#define ADD_PRODUCTS_OF_PAIRS(x, y) (integers)__builtin_ia32_pmaddwd512((halves)(x), (halves)(y))
#define FIRST_BITS(n) (__mmask16)((1u << (n)) - 1)
#define LOAD_FIRST(p, n) (vector)_mm512_maskz_loadu_ps(FIRST_BITS(n), p)
#define STORE_FIRST(p, v, n) _mm512_mask_storeu_ps(p, FIRST_BITS(n), (__m512)(v))
#include <immintrin.h>
#include <math.h>
#include <string.h>
#include "kernels.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), apply_to = function)
#include "kernels_body.h"
#pragma clang attribute pop
#endif
