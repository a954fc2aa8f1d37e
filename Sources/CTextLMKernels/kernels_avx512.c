// The loops for x86-64 processors with AVX-512.
#if defined(__x86_64__)
#define NAME(x) x##_avx512
#define ADD_PRODUCTS_OF_PAIRS(sum, x, y) ((sum) + (bits)__builtin_ia32_pmaddwd512((halves)(x), (halves)(y)))
#include "avx512.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), apply_to = function)
#include "kernels_body.h"
#pragma clang attribute pop
#endif
