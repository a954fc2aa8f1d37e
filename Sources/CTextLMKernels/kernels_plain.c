// The loops for any processor the compiler knows: four floats a vector, no instruction beyond the platform's baseline.
#define LANES 4
#define TILE_ROWS 4
#define NAME(x) x##_plain
// The halves are cut out by shifts; products of unsigned numbers have the same low 32 bits.
#define LOW_HALF(x) (bits)((integers)((bits)(x) << 16) >> 16)
#define HIGH_HALF(x) (bits)((x) >> 16)
#define ADD_PRODUCTS_OF_PAIRS(sum, x, y) ((sum) + LOW_HALF(x) * LOW_HALF(y) + HIGH_HALF(x) * HIGH_HALF(y))
#include "kernels_body.h"
