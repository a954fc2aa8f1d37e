#include "quickcheck.h"

#include "CTextLMICU.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

enum { BLOCK = 256, BLOCK_COUNT = 0x110000 / BLOCK, FORM_COUNT = 3 };
// Of a scalar that the form changes, and of one that it may compose with what is in front.
enum { CHANGING = 255, COMPOSING = 254 };

// For each form and scalar its combining class, or one of the above: what the quick check of Unicode Standard Annex #15
// asks for.
// Blocks are made when they are first needed, by whoever comes first, and stay.
static _Atomic(uint8_t *) tables[FORM_COUNT][BLOCK_COUNT];

static const UProperty properties[FORM_COUNT] = {
  [TLM_ICU_NFC] = UCHAR_NFC_QUICK_CHECK,
  [TLM_ICU_NFD] = UCHAR_NFD_QUICK_CHECK,
  [TLM_ICU_NFKC] = UCHAR_NFKC_QUICK_CHECK,
};

static const uint8_t *make_block(int32_t form, int32_t block) {
  uint8_t *made = malloc(BLOCK);
  if (made == NULL) return NULL;
  for (int i = 0; i < BLOCK; i++) {
    UChar32 c = block * BLOCK + i;
    switch (u_getIntPropertyValue(c, properties[form])) {
      case UNORM_YES: made[i] = u_getCombiningClass(c); break;
      case UNORM_MAYBE: made[i] = COMPOSING; break;
      default: made[i] = CHANGING;
    }
  }
  uint8_t *present = NULL;
  if (atomic_compare_exchange_strong(&tables[form][block], &present, made)) return made;
  free(made);
  return present;
}

static inline const uint8_t *block_of(int32_t form, UChar32 c) {
  const uint8_t *block = atomic_load_explicit(&tables[form][c / BLOCK], memory_order_acquire);
  return block != NULL ? block : make_block(form, c / BLOCK);
}

// Whether a scalar that may be composed is not, behind this last starter.
static bool stays(const UNormalizer2 *icu, UChar32 starter, UChar32 c) {
  if (unorm2_composePair(icu, starter, c) >= 0) return false;
  // Of a composed starter a mark may take the place of another: e with circumflex, and dot below.
  UChar parts[8];
  UErrorCode status = U_ZERO_ERROR;
  return unorm2_getRawDecomposition(icu, starter, parts, 8, &status) < 0 && U_SUCCESS(status);
}

int64_t tlm_icu_normalized_span(int32_t form, const UNormalizer2 *icu, const uint8_t *text, int64_t count) {
  if (form < 0 || form >= FORM_COUNT) return 0;
  int64_t at = 0, start = 0;  // the start of the last scalar that text can be cut in front of
  UChar32 starter = 0;        // the last scalar of class 0, which later ones may be composed with
  uint8_t last = 0;
  while (at < count) {
    if (text[at] < 0x80) {
      uint64_t eight;
      while (at + 8 <= count && (memcpy(&eight, text + at, 8), (eight & 0x8080808080808080) == 0)) at += 8;
      while (at < count && text[at] < 0x80) at++;
      start = at - 1;
      starter = text[start];
      last = 0;
      continue;
    }
    int64_t next = at;
    UChar32 c;
    U8_NEXT_UNSAFE(text, next, c);
    const uint8_t *block = block_of(form, c);
    if (block == NULL) return start;  // no memory: ICU says what there is to say
    uint8_t value = block[c % BLOCK];
    if (value == COMPOSING && stays(icu, starter, c)) {
      // Many vowel signs of Indic scripts are such, and stay as they are behind nearly all letters.
      value = u_getCombiningClass(c);
      if (value == 0) starter = c;
    } else if (value == 0) {
      start = at;
      starter = c;
    }
    if (value >= COMPOSING || (value != 0 && value < last)) return start;
    last = value;
    at = next;
  }
  return count;
}
