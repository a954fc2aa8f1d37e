#include "CTextLMICU.h"
#include "replaceable.h"

#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>
#include <unicode/utrans.h>

// A line may grow so many times, beside some room for a short one: the longest transliteration that people use, of
// characters into their names, stays below.
enum { LARGEST_GROWTH = 128, SMALLEST_ROOM = 1024, LARGEST_ROOM = 1 << 24 };

struct tlm_icu_transliterator {
  UTransliterator *icu;
  replaceable text;
  buffer limits, bytes, edits;
};

static int32_t open_units(
    const UChar *units, int32_t count, bool isRules, UParseError *problem, UTransliterator **icu) {
  static const UChar ruleID[] = u"textlm";
  UErrorCode status = U_ZERO_ERROR;
  *icu = isRules
      ? utrans_openU(ruleID, 6, UTRANS_FORWARD, units, count, problem, &status)
      : utrans_openU(units, count, UTRANS_FORWARD, NULL, 0, problem, &status);
  return status;
}

int32_t tlm_icu_transliterator_open(
    const uint8_t *rules, int64_t count, bool isRules, tlm_icu_rule_error *problem,
    tlm_icu_transliterator **transliterator) {
  *transliterator = NULL;
  *problem = (tlm_icu_rule_error){-1, -1};
  if (count > TLM_ICU_LONGEST_PATTERN) return U_BUFFER_OVERFLOW_ERROR;
  buffer units = {NULL, 0};
  int32_t status = reserve(&units, count + 1, sizeof(UChar));
  if (status > 0) return status;
  UErrorCode error = U_ZERO_ERROR;
  int32_t length = 0;
  u_strFromUTF8(units.items, (int32_t)units.capacity, &length, (const char *)rules, (int32_t)count, &error);
  tlm_icu_transliterator *opened = calloc(1, sizeof *opened);
  status = error > 0 ? error : opened == NULL ? U_MEMORY_ALLOCATION_ERROR : U_ZERO_ERROR;
  UParseError where = {-1, -1, {0}, {0}};
  if (status <= 0) status = open_units(units.items, length, isRules, &where, &opened->icu);
  free(units.items);
  if (status > 0) {
    problem->line = where.line;
    problem->offset = where.offset;
    tlm_icu_transliterator_close(opened);
    return status;
  }
  *transliterator = opened;
  return U_ZERO_ERROR;
}

void tlm_icu_transliterator_close(tlm_icu_transliterator *transliterator) {
  if (transliterator == NULL) return;
  if (transliterator->icu != NULL) utrans_close(transliterator->icu);
  replaceable_free(&transliterator->text);
  free(transliterator->limits.items);
  free(transliterator->bytes.items);
  free(transliterator->edits.items);
  free(transliterator);
}

static int64_t room_for(int64_t count) {
  int64_t room = LARGEST_GROWTH * count + SMALLEST_ROOM;
  if (room > LARGEST_ROOM) room = LARGEST_ROOM;
  return room < 4 * count ? 4 * count : room;
}

static int32_t fill(replaceable *text, const uint8_t *bytes, int64_t count) {
  int32_t status = replaceable_reset(text, count, room_for(count));
  if (status > 0) return status;
  for (int64_t at = 0; at < count;) {
    int64_t start = at;
    UChar32 c;
    U8_NEXT_UNSAFE(bytes, at, c);
    replaceable_append(text, c, (int32_t)start, (int32_t)at);
  }
  return U_ZERO_ERROR;
}

// For each unit, the smallest start of a source from it on; the count of the source behind the last.
static int32_t find_limits(tlm_icu_transliterator *t, int32_t length, int64_t count) {
  int32_t status = reserve(&t->limits, (int64_t)length + 1, sizeof(int32_t));
  if (status > 0) return status;
  int32_t *limits = t->limits.items;
  limits[length] = (int32_t)count;
  for (int32_t i = length - 1; i >= 0; i--) {
    const source_unit *unit = replaceable_unit(&t->text, i);
    limits[i] = unit->start >= 0 && unit->start < limits[i + 1] ? unit->start : limits[i + 1];
  }
  return U_ZERO_ERROR;
}

static int32_t add_edit(tlm_icu_transliterator *t, const uint8_t *text, tlm_icu_edit edit, int64_t *count) {
  const uint8_t *bytes = t->bytes.items;
  bool isSame = edit.inputCount == edit.outputCount
      && memcmp(text + edit.input, bytes + edit.output, (size_t)edit.inputCount) == 0;
  if (isSame) return U_ZERO_ERROR;
  int32_t status = reserve(&t->edits, *count + 1, sizeof(tlm_icu_edit));
  if (status > 0) return status;
  ((tlm_icu_edit *)t->edits.items)[(*count)++] = edit;
  return U_ZERO_ERROR;
}

// Encodes the result, and finds the smallest blocks of it that come from blocks of the source in the same order.
static int32_t collect(
    tlm_icu_transliterator *t, const uint8_t *text, int64_t count, tlm_icu_result *result) {
  int32_t length = replaceable_length(&t->text);
  int32_t status = find_limits(t, length, count);
  if (status <= 0) status = reserve(&t->bytes, 3 * (int64_t)length + 1, 1);
  if (status > 0) return status;
  const int32_t *limits = t->limits.items;
  uint8_t *bytes = t->bytes.items;
  int64_t made = 0, editCount = 0;
  int32_t last = 0;  // the largest end of a source so far
  tlm_icu_edit block = {0, 0, 0, 0};
  for (int32_t i = 0; i < length;) {
    const source_unit *unit = replaceable_unit(&t->text, i);
    if (i > 0 && unit->start >= 0 && last <= limits[i]) {
      block.inputCount = limits[i] - block.input;
      block.outputCount = made - block.output;
      status = add_edit(t, text, block, &editCount);
      if (status > 0) return status;
      block = (tlm_icu_edit){limits[i], 0, made, 0};
    }
    int32_t next = i;
    UChar32 c = replaceable_next(&t->text, &next);
    for (; i < next; i++) {
      unit = replaceable_unit(&t->text, i);
      if (unit->end > last) last = unit->end;
    }
    U8_APPEND_UNSAFE(bytes, made, c);
  }
  block.inputCount = count - block.input;
  block.outputCount = made - block.output;
  status = add_edit(t, text, block, &editCount);
  if (status > 0) return status;
  *result = (tlm_icu_result){bytes, made, t->edits.items, editCount};
  return U_ZERO_ERROR;
}

int32_t tlm_icu_transliterator_apply(
    tlm_icu_transliterator *t, const uint8_t *text, int64_t count, tlm_icu_result *result) {
  if (count > TLM_ICU_LONGEST_TEXT) return U_INDEX_OUTOFBOUNDS_ERROR;
  int32_t status = fill(&t->text, text, count);
  if (status > 0) return status;
  UErrorCode error = U_ZERO_ERROR;
  int32_t limit = replaceable_length(&t->text);
  utrans_trans(t->icu, (UReplaceable *)&t->text, &replaceable_callbacks, 0, &limit, &error);
  if (U_FAILURE(error)) return error;
  if (t->text.status > 0) return t->text.status;
  return collect(t, text, count, result);
}
