// The loops for x86-64 processors with AVX2.
#if defined(__x86_64__)
#define LANES 8
#define TILE_ROWS 6
#define NAME(x) x##_avx2
#define ADD_PRODUCTS_OF_PAIRS(x, y) (integers)__builtin_ia32_pmaddwd256((halves)(x), (halves)(y))
#include <math.h>
#include <string.h>
#include "kernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels_body.h"
#pragma clang attribute pop
#endif
