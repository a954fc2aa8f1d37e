// SHA-256 (FIPS 180-4) with the processor's own instructions, which are not to be had from Swift. Where there are none the
// caller has its own rounds.
#include "CTextLMKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

// CPUID leaf 7, EBX bit 29; the compiler's own test does not know the name of the extension everywhere.
#include <cpuid.h>
static bool detected_instructions(void) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1) && __builtin_cpu_supports("sse4.1");
}

// Asked once: a virtual machine leaves its guest to answer CPUID, which takes longer than hashing a few blocks.
static bool has_instructions(void) {
  static _Atomic int detected = -1;
  int found = detected;
  if (found < 0) detected = found = detected_instructions();
  return found;
}

// The state is kept as the instructions want it: words a, b, e, f in one register and c, d, g, h in the other. Four words
// of the schedule are in a register, and four rounds are two instructions.
__attribute__((target("sha,sse4.1"))) static void compress(
  uint32_t state[8], const uint32_t constants[64], const uint8_t *bytes, size_t blocks) {
  const __m128i swap = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);
  __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);
  for (; blocks > 0; blocks--, bytes += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i words[16];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) {
      if (i < 4) {
        words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * i)), swap);
      } else {
        __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(words[i - 4], words[i - 3]),
                                    _mm_alignr_epi8(words[i - 1], words[i - 2], 4));
        words[i] = _mm_sha256msg2_epu32(sum, words[i - 1]);
      }
      __m128i rounds = _mm_add_epi32(words[i], _mm_loadu_si128((const __m128i *)(constants + 4 * i)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, rounds);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(rounds, 0x0E));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  low = _mm_shuffle_epi32(abef, 0x1B);
  high = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

bool tlm_sha256_blocks(uint32_t state[8], const uint32_t constants[64], const uint8_t *bytes, size_t blocks) {
  if (tlm_current_isa() == TLM_ISA_PLAIN || !has_instructions()) return false;
  compress(state, constants, bytes, blocks);
  return true;
}
#else
bool tlm_sha256_blocks(uint32_t state[8], const uint32_t constants[64], const uint8_t *bytes, size_t blocks) {
  (void)state, (void)constants, (void)bytes, (void)blocks;
  return false;
}
#endif
