#include "quickcheck.h"

#include "CTextLMICU.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

enum { BLOCK = 256, BLOCK_COUNT = 0x110000 / BLOCK, FORM_COUNT = 3 };
// Of a scalar that the form may change.
enum { UNSURE = 255 };

// For each form and scalar its combining class, or UNSURE: what the quick check of Unicode Standard Annex #15 asks for.
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
    bool isSure = u_getIntPropertyValue(c, properties[form]) == UNORM_YES;
    made[i] = isSure ? u_getCombiningClass(c) : UNSURE;
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

int64_t tlm_icu_normalized_span(int32_t form, const uint8_t *text, int64_t count) {
  if (form < 0 || form >= FORM_COUNT) return 0;
  int64_t at = 0, start = 0;  // the start of the last scalar that text can be cut in front of
  uint8_t last = 0;
  while (at < count) {
    if (text[at] < 0x80) {
      uint64_t eight;
      while (at + 8 <= count && (memcpy(&eight, text + at, 8), (eight & 0x8080808080808080) == 0)) at += 8;
      while (at < count && text[at] < 0x80) at++;
      start = at - 1;
      last = 0;
      continue;
    }
    int64_t next = at;
    UChar32 c;
    U8_NEXT_UNSAFE(text, next, c);
    const uint8_t *block = block_of(form, c);
    if (block == NULL) return start;  // no memory: ICU says what there is to say
    uint8_t value = block[c % BLOCK];
    if (value == 0) {
      start = at;
    } else if (value == UNSURE || value < last) {
      return start;
    }
    last = value;
    at = next;
  }
  return count;
}
