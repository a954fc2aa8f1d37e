// The loops for any processor the compiler knows: four floats a vector, no instruction beyond the platform's baseline.
#define LANES 4
#define TILE_ROWS 4
#define NAME(x) x##_plain
#include "kernels_body.h"
