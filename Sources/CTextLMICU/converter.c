#include "CTextLMICU.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

struct tlm_icu_converter {
  UConverter *icu;
  UChar *units;
  int32_t *unitOffsets;
  uint8_t *text;
  int32_t *offsets;
  int32_t capacity;  // of units and unitOffsets; text has room for three bytes a unit
};

int32_t tlm_icu_converter_open(const char *name, tlm_icu_converter **converter) {
  *converter = NULL;
  if (name[0] == 0) return U_FILE_ACCESS_ERROR;  // ICU would take the system's default
  UErrorCode status = U_ZERO_ERROR;
  UConverter *icu = ucnv_open(name, &status);
  if (U_FAILURE(status)) return status;
  // Stop at wrong bytes: what to do about them is the caller's decision.
  ucnv_setToUCallBack(icu, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
  tlm_icu_converter *opened = U_FAILURE(status) ? NULL : calloc(1, sizeof *opened);
  if (opened == NULL) {
    ucnv_close(icu);
    return U_FAILURE(status) ? status : U_MEMORY_ALLOCATION_ERROR;
  }
  opened->icu = icu;
  *converter = opened;
  return U_ZERO_ERROR;
}

void tlm_icu_converter_close(tlm_icu_converter *converter) {
  if (converter == NULL) return;
  ucnv_close(converter->icu);
  free(converter->units);
  free(converter->unitOffsets);
  free(converter->text);
  free(converter->offsets);
  free(converter);
}

void tlm_icu_converter_name(const tlm_icu_converter *converter, char name[TLM_ICU_NAME_CAPACITY]) {
  UErrorCode status = U_ZERO_ERROR;
  const char *internal = ucnv_getName(converter->icu, &status);
  const char *standard = internal ? ucnv_getStandardName(internal, "MIME", &status) : NULL;
  if (standard == NULL) standard = internal ? internal : "";
  strncpy(name, standard, TLM_ICU_NAME_CAPACITY - 1);
  name[TLM_ICU_NAME_CAPACITY - 1] = 0;
}

// Room for `capacity` units and the text that they make.
static int32_t reserve(tlm_icu_converter *c, int32_t capacity) {
  if (capacity <= c->capacity) return U_ZERO_ERROR;
  UChar *units = realloc(c->units, (size_t)capacity * sizeof *units);
  if (units != NULL) c->units = units;
  int32_t *unitOffsets = realloc(c->unitOffsets, (size_t)capacity * sizeof *unitOffsets);
  if (unitOffsets != NULL) c->unitOffsets = unitOffsets;
  uint8_t *text = realloc(c->text, (size_t)capacity * 3);
  if (text != NULL) c->text = text;
  int32_t *offsets = realloc(c->offsets, (size_t)capacity * sizeof *offsets);
  if (offsets != NULL) c->offsets = offsets;
  if (units == NULL || unitOffsets == NULL || text == NULL || offsets == NULL) return U_MEMORY_ALLOCATION_ERROR;
  c->capacity = capacity;
  return U_ZERO_ERROR;
}

// Scalars of the units as UTF-8, each with the offset of its first byte in the input. What has no offset of its own
// began in bytes given earlier (-pending) or belongs to the scalar before it.
static void encode(tlm_icu_converter *c, int32_t unitCount, int32_t pendingBefore, tlm_icu_converted *result) {
  int32_t made = 0, scalars = 0, last = -pendingBefore;
  for (int32_t at = 0; at < unitCount;) {
    int32_t offset = c->unitOffsets[at];
    UChar32 scalar;
    U16_NEXT(c->units, at, unitCount, scalar);
    if (U_IS_SURROGATE(scalar)) scalar = 0xFFFD;
    if (offset >= 0 && offset > last) last = offset;
    c->offsets[scalars++] = last;
    U8_APPEND_UNSAFE(c->text, made, scalar);
  }
  result->text = c->text;
  result->count = made;
  result->offsets = c->offsets;
  result->scalarCount = scalars;
}

int32_t tlm_icu_converter_next(
    tlm_icu_converter *c, const uint8_t *bytes, int32_t count, bool isLast, tlm_icu_converted *result) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t pendingBefore = ucnv_toUCountPending(c->icu, &status);
  if (pendingBefore < 0 || U_FAILURE(status)) pendingBefore = 0;
  status = reserve(c, count + count / 2 + 256);
  if (U_FAILURE(status)) return status;

  const char *source = (const char *)bytes, *end = source + count;
  int32_t unitCount = 0;
  for (;;) {
    UChar *target = c->units + unitCount;
    int32_t base = (int32_t)(source - (const char *)bytes);
    status = U_ZERO_ERROR;
    ucnv_toUnicode(c->icu, &target, c->units + c->capacity, &source, end, c->unitOffsets + unitCount, isLast, &status);
    int32_t after = (int32_t)(target - c->units);
    // ICU counts from where this call began.
    for (int32_t i = unitCount; i < after; i++) {
      if (c->unitOffsets[i] >= 0) c->unitOffsets[i] += base;
    }
    unitCount = after;
    if (status != U_BUFFER_OVERFLOW_ERROR) break;
    status = reserve(c, c->capacity * 2);
    if (U_FAILURE(status)) return status;
  }

  char invalid[32];
  int8_t invalidCount = 0;
  bool isInvalid = status == U_INVALID_CHAR_FOUND || status == U_ILLEGAL_CHAR_FOUND || status == U_TRUNCATED_CHAR_FOUND ||
    status == U_ILLEGAL_ESCAPE_SEQUENCE || status == U_UNSUPPORTED_ESCAPE_SEQUENCE;
  if (isInvalid) {
    UErrorCode ignored = U_ZERO_ERROR;
    invalidCount = sizeof invalid;
    ucnv_getInvalidChars(c->icu, invalid, &invalidCount, &ignored);
    if (U_FAILURE(ignored) || invalidCount < 1) invalidCount = 1;
    if (status == U_TRUNCATED_CHAR_FOUND) ucnv_resetToUnicode(c->icu);
  } else if (U_FAILURE(status)) {
    return status;
  }
  encode(c, unitCount, pendingBefore, result);
  status = U_ZERO_ERROR;
  int32_t pending = isInvalid ? 0 : ucnv_toUCountPending(c->icu, &status);
  result->consumed = (int32_t)(source - (const char *)bytes);
  result->pending = pending > 0 && U_SUCCESS(status) ? pending : 0;
  result->invalidCount = invalidCount;
  return U_ZERO_ERROR;
}
