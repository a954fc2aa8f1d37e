// The loops for x86-64 processors with AVX2.
#if defined(__x86_64__)
#define LANES 8
#define TILE_ROWS 6
#define NAME(x) x##_avx2
#define ADD_PRODUCTS_OF_PAIRS(sum, x, y) ((sum) + (bits)__builtin_ia32_pmaddwd256((halves)(x), (halves)(y)))
#define LOAD_FIRST(p, n) (vector)_mm256_maskload_ps(p, (__m256i)first_places(n))
#define STORE_FIRST(p, v, n) _mm256_maskstore_ps(p, (__m256i)first_places(n), (__m256)(v))
#include <immintrin.h>
#include <math.h>
#include <string.h>
#include "kernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels_body.h"
#pragma clang attribute pop
#endif
