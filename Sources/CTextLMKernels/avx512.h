// What the instruction sets with 512-bit vectors share: the widths, and loads and stores under a mask.
#define LANES 16
#define TILE_ROWS 12
#define FIRST_BITS(n) (__mmask16)((1u << (n)) - 1)
#define LOAD_FIRST(p, n) (vector)_mm512_maskz_loadu_ps(FIRST_BITS(n), p)
#define STORE_FIRST(p, v, n) _mm512_mask_storeu_ps(p, FIRST_BITS(n), (__m512)(v))
#include <immintrin.h>
#include <math.h>
#include <string.h>
#include "kernels.h"
