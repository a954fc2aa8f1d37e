#include "CTextLMICU.h"
#include "buffer.h"

#include <unicode/uset.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

struct tlm_icu_set {
  USet *icu;
};

// The scalars in front of a UTF-16 offset.
static int64_t scalars_before(const UChar *units, int32_t offset) {
  int64_t scalars = 0;
  for (int32_t at = 0; at < offset; scalars++) U16_FWD_1_UNSAFE(units, at);
  return scalars;
}

static int32_t parse(const UChar *units, int32_t count, USet *set, int64_t *badOffset) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t end = uset_applyPattern(set, units, count, 0, &status);
  if (end > count) end = count;
  // What follows a whole pattern is as wrong as a pattern that breaks off.
  if (U_SUCCESS(status) && end < count) status = U_MALFORMED_SET;
  if (U_FAILURE(status)) *badOffset = scalars_before(units, end);
  return status;
}

int32_t tlm_icu_set_open(const uint8_t *pattern, int64_t count, int64_t *badOffset, tlm_icu_set **set) {
  *set = NULL;
  *badOffset = 0;
  if (count > TLM_ICU_LONGEST_PATTERN) return U_BUFFER_OVERFLOW_ERROR;
  buffer units = {NULL, 0};
  int32_t status = reserve(&units, count + 1, sizeof(UChar));
  if (status > 0) return status;
  UErrorCode error = U_ZERO_ERROR;
  int32_t length = 0;
  u_strFromUTF8(units.items, (int32_t)units.capacity, &length, (const char *)pattern, (int32_t)count, &error);
  status = error;
  tlm_icu_set *opened = NULL;
  if (status <= 0) {
    opened = calloc(1, sizeof *opened);
    if (opened != NULL) opened->icu = uset_openEmpty();
    if (opened == NULL || opened->icu == NULL) status = U_MEMORY_ALLOCATION_ERROR;
  }
  if (status <= 0) status = parse(units.items, length, opened->icu, badOffset);
  free(units.items);
  if (status > 0) {
    tlm_icu_set_close(opened);
    return status;
  }
  *set = opened;
  return status;
}

void tlm_icu_set_close(tlm_icu_set *set) {
  if (set == NULL) return;
  uset_close(set->icu);
  free(set);
}

bool tlm_icu_set_range(const tlm_icu_set *set, int32_t index, uint32_t *first, uint32_t *last) {
  UErrorCode status = U_ZERO_ERROR;
  UChar32 start = 0, end = 0;
  if (index >= uset_getItemCount(set->icu)) return false;
  // A string, which comes behind all ranges, answers with its length.
  int32_t length = uset_getItem(set->icu, index, &start, &end, NULL, 0, &status);
  if (length != 0) return false;
  *first = (uint32_t)start;
  *last = (uint32_t)end;
  return true;
}

bool tlm_icu_set_has_strings(const tlm_icu_set *set) {
  return uset_getRangeCount(set->icu) < uset_getItemCount(set->icu);
}
