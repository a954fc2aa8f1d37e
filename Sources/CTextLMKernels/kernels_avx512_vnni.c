// The loops for x86-64 processors with AVX-512 and its instructions for neural networks (VNNI): one multiplies pairs of 16-bit
// integers and adds their products to a sum, where AVX-512 alone takes two.
#if defined(__x86_64__)
#define NAME(x) x##_avx512_vnni
#define ADD_PRODUCTS_OF_PAIRS(sum, x, y) (bits)_mm512_dpwssd_epi32((__m512i)(sum), (__m512i)(x), (__m512i)(y))
#include "avx512.h"
#pragma clang attribute push(__attribute__((target("avx512vnni,avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), apply_to = function)
#include "kernels_body.h"
#pragma clang attribute pop
#endif
