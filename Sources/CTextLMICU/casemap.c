#include "CTextLMICU.h"
#include "buffer.h"

#include <string.h>
#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/utf8.h>

struct tlm_icu_casemap {
  UCaseMap *icu;
  bool folds;
  buffer mapped;  // the mapped text, lent to the caller
  buffer alone;   // one sequence, mapped on its own
  buffer edits;
};

// Whether a language is one that ICU knows, so that a slip of the pen is no silent root locale.
static bool is_language(const char *language) {
  if (language[0] == '\0' || strcmp(language, "und") == 0) return true;
  for (const char *const *known = uloc_getISOLanguages(); *known != NULL; known++) {
    if (strcmp(*known, language) == 0) return true;
  }
  return false;
}

int32_t tlm_icu_locale_check(const char *tag) {
  char locale[ULOC_FULLNAME_CAPACITY], language[ULOC_LANG_CAPACITY];
  int32_t parsed = 0;
  UErrorCode status = U_ZERO_ERROR;
  uloc_forLanguageTag(tag, locale, (int32_t)sizeof locale, &parsed, &status);
  if (U_FAILURE(status)) return status;
  if ((size_t)parsed != strlen(tag)) return U_ILLEGAL_ARGUMENT_ERROR;
  uloc_getLanguage(locale, language, (int32_t)sizeof language, &status);
  if (U_FAILURE(status)) return status;
  return is_language(language) ? U_ZERO_ERROR : U_ILLEGAL_ARGUMENT_ERROR;
}

int32_t tlm_icu_casemap_open(int32_t mapping, const char *tag, tlm_icu_casemap **map) {
  *map = NULL;
  int32_t bad = tlm_icu_locale_check(tag);
  if (bad > 0) return bad;
  char locale[ULOC_FULLNAME_CAPACITY], language[ULOC_LANG_CAPACITY];
  UErrorCode status = U_ZERO_ERROR;
  uloc_forLanguageTag(tag, locale, (int32_t)sizeof locale, NULL, &status);
  uloc_getLanguage(locale, language, (int32_t)sizeof language, &status);
  if (U_FAILURE(status)) return status;
  bool isTurkic = strcmp(language, "tr") == 0 || strcmp(language, "az") == 0;
  tlm_icu_casemap *opened = calloc(1, sizeof *opened);
  if (opened == NULL) return U_MEMORY_ALLOCATION_ERROR;
  opened->folds = mapping == TLM_ICU_CASE_FOLD;
  opened->icu = ucasemap_open(
      locale, isTurkic ? U_FOLD_CASE_EXCLUDE_SPECIAL_I : U_FOLD_CASE_DEFAULT, &status);
  if (U_FAILURE(status)) {
    free(opened);
    return status;
  }
  *map = opened;
  return U_ZERO_ERROR;
}

void tlm_icu_casemap_close(tlm_icu_casemap *map) {
  if (map == NULL) return;
  ucasemap_close(map->icu);
  free(map->mapped.items);
  free(map->alone.items);
  free(map->edits.items);
  free(map);
}

static int32_t map_once(
    const tlm_icu_casemap *map, const uint8_t *text, int32_t count, buffer *into, UErrorCode *status) {
  int32_t capacity = (int32_t)into->capacity;
  *status = U_ZERO_ERROR;
  return map->folds
      ? ucasemap_utf8FoldCase(map->icu, into->items, capacity, (const char *)text, count, status)
      : ucasemap_utf8ToLower(map->icu, into->items, capacity, (const char *)text, count, status);
}

static int32_t map_into(
    const tlm_icu_casemap *map, const uint8_t *text, int64_t count, buffer *into, int64_t *length) {
  if (count > TLM_ICU_LONGEST_TEXT) return U_INDEX_OUTOFBOUNDS_ERROR;
  int32_t room = reserve(into, count + 64, 1);
  if (room > 0) return room;
  UErrorCode status;
  int32_t needed = map_once(map, text, (int32_t)count, into, &status);
  if (status == U_BUFFER_OVERFLOW_ERROR) {
    room = reserve(into, (int64_t)needed + 1, 1);
    if (room > 0) return room;
    needed = map_once(map, text, (int32_t)count, into, &status);
  }
  *length = needed;
  return status;
}

int32_t tlm_icu_casemap_apply(
    tlm_icu_casemap *map, const uint8_t *text, int64_t count, tlm_icu_result *result) {
  int64_t length = 0;
  int32_t status = map_into(map, text, count, &map->mapped, &length);
  if (status > 0) return status;
  *result = (tlm_icu_result){map->mapped.items, length, NULL, 0};
  return U_ZERO_ERROR;
}

// The end of a scalar with the combining marks behind it. What a mapping makes of a scalar depends on its
// neighbours only for the final sigma, whose two forms are equally long, and for marks behind an i or a j.
static int64_t sequence_end(const uint8_t *text, int64_t at, int64_t count) {
  UChar32 c;
  U8_NEXT_UNSAFE(text, at, c);
  while (at < count && text[at] >= 0xCC) {  // no mark is below U+0300
    int64_t next = at;
    U8_NEXT_UNSAFE(text, next, c);
    if (u_getCombiningClass(c) == 0) break;
    at = next;
  }
  return at;
}

// Whether scalars begin at the same places of both texts, so that an offset means the same in both.
static bool is_aligned(const uint8_t *left, int64_t leftCount, const uint8_t *right, int64_t rightCount) {
  if (leftCount != rightCount) return false;
  for (int64_t i = 0; i < leftCount; i++) {
    if (U8_IS_TRAIL(left[i]) != U8_IS_TRAIL(right[i])) return false;
  }
  return true;
}

int32_t tlm_icu_casemap_apply_with_edits(
    tlm_icu_casemap *map, const uint8_t *text, int64_t count, tlm_icu_result *result) {
  int32_t status = tlm_icu_casemap_apply(map, text, count, result);
  if (status > 0) return status;
  int64_t made = 0, editCount = 0;
  for (int64_t at = 0; at < count;) {
    int64_t end = sequence_end(text, at, count), length = 0;
    status = map_into(map, text + at, end - at, &map->alone, &length);
    if (status > 0) return status;
    if (!is_aligned(text + at, end - at, map->alone.items, length)) {
      status = reserve(&map->edits, editCount + 1, sizeof(tlm_icu_edit));
      if (status > 0) return status;
      tlm_icu_edit *edits = map->edits.items;
      edits[editCount++] = (tlm_icu_edit){at, end - at, made, length};
    }
    at = end;
    made += length;
  }
  if (made != result->count) return U_INTERNAL_PROGRAM_ERROR;
  result->edits = map->edits.items;
  result->editCount = editCount;
  return U_ZERO_ERROR;
}
