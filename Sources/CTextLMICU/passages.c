#include "CTextLMICU.h"

#include <unicode/ubrk.h>
#include <unicode/unorm2.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

typedef struct {
  const UNormalizer2 *forms[4];
} all_forms;

static all_forms open_forms(UErrorCode *status) {
  return (all_forms){{
    unorm2_getNFCInstance(status), unorm2_getNFDInstance(status), unorm2_getNFKCInstance(status),
    unorm2_getNFKCCasefoldInstance(status),
  }};
}

static bool starts_anew(const all_forms *all, UChar32 scalar) {
  for (int i = 0; i < 4; i++) {
    if (!unorm2_hasBoundaryBefore(all->forms[i], scalar)) return false;
  }
  return true;
}

int32_t tlm_icu_passage_cut(const uint8_t *text, int64_t count, int64_t from, int64_t *place) {
  *place = -1;
  while (from < count && U8_IS_TRAIL(text[from])) from++;
  if (from <= 0 || from >= count) return U_ZERO_ERROR;
  // Between two ASCII characters there is always a border, but not inside CR LF.
  if (text[from] < 0x80 && text[from] != '\n' && text[from - 1] < 0x80) {
    *place = from;
    return U_ZERO_ERROR;
  }
  UErrorCode status = U_ZERO_ERROR;
  all_forms forms = open_forms(&status);
  UText input = UTEXT_INITIALIZER;
  utext_openUTF8(&input, (const char *)text, count, &status);
  UBreakIterator *graphemes = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
  if (U_SUCCESS(status)) ubrk_setUText(graphemes, &input, &status);
  if (U_SUCCESS(status)) {
    int32_t at = ubrk_isBoundary(graphemes, (int32_t)from) ? (int32_t)from : ubrk_following(graphemes, (int32_t)from);
    for (; at != UBRK_DONE && at < count; at = ubrk_next(graphemes)) {
      UChar32 scalar;
      int64_t next = at;
      U8_NEXT_UNSAFE(text, next, scalar);
      if (!starts_anew(&forms, scalar)) continue;
      *place = at;
      break;
    }
  }
  if (graphemes != NULL) ubrk_close(graphemes);
  utext_close(&input);
  return status;
}
