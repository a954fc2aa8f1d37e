// The loops for x86-64 processors with AVX-512.
#if defined(__x86_64__)
#define LANES 16
#define TILE_ROWS 12
#define NAME(x) x##_avx512
#define ADD_PRODUCTS_OF_PAIRS(x, y) (integers)__builtin_ia32_pmaddwd512((halves)(x), (halves)(y))
#include <math.h>
#include <string.h>
#include "kernels.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), apply_to = function)
#include "kernels_body.h"
#pragma clang attribute pop
#endif
