#include "replaceable.h"

#include <string.h>
#include <unicode/utf16.h>

int32_t replaceable_reset(replaceable *text, int64_t count, int64_t room) {
  int32_t status = reserve(&text->units, count, sizeof(source_unit));
  if (status > 0) return status;
  text->gapStart = 0;
  text->gapEnd = (int32_t)text->units.capacity;
  text->tailCount = 0;
  text->room = room;
  text->status = U_ZERO_ERROR;
  return U_ZERO_ERROR;
}

void replaceable_free(replaceable *text) {
  free(text->units.items);
  free(text->tail.items);
}

void replaceable_append(replaceable *text, UChar32 c, int32_t start, int32_t end) {
  source_unit *units = text->units.items;
  if (c > 0xFFFF) units[text->gapStart++] = (source_unit){start, end, U16_LEAD(c)};
  units[text->gapStart++] = (source_unit){start, end, c > 0xFFFF ? U16_TRAIL(c) : (UChar)c};
}

// The units in front of the tail.
static int32_t main_length(const replaceable *text) {
  return text->gapStart + (int32_t)text->units.capacity - text->gapEnd;
}

int32_t replaceable_length(const replaceable *text) { return main_length(text) + text->tailCount; }

const source_unit *replaceable_unit(const replaceable *text, int32_t index) {
  const source_unit *units = text->units.items;
  if (index < text->gapStart) return units + index;
  int32_t front = main_length(text);
  if (index < front) return units + (index - text->gapStart + text->gapEnd);
  return (const source_unit *)text->tail.items + (index - front);
}

UChar32 replaceable_next(const replaceable *text, int32_t *index) {
  UChar32 c = replaceable_unit(text, (*index)++)->unit;
  if (!U16_IS_SURROGATE(c)) return c;
  if (U16_IS_SURROGATE_LEAD(c) && *index < replaceable_length(text)) {
    UChar trail = replaceable_unit(text, *index)->unit;
    if (U16_IS_TRAIL(trail)) {
      (*index)++;
      return U16_GET_SUPPLEMENTARY(c, trail);
    }
  }
  return 0xFFFD;
}

static void move_gap(replaceable *text, int32_t place) {
  source_unit *units = text->units.items;
  int32_t moved = place - text->gapStart;
  if (moved < 0) {
    memmove(units + text->gapEnd + moved, units + place, (size_t)-moved * sizeof *units);
  } else {
    memmove(units + text->gapStart, units + text->gapEnd, (size_t)moved * sizeof *units);
  }
  text->gapStart += moved;
  text->gapEnd += moved;
}

static bool widen_gap(replaceable *text, int32_t count) {
  if (text->gapEnd - text->gapStart >= count) return true;
  int32_t behind = (int32_t)text->units.capacity - text->gapEnd;
  int32_t status = reserve(&text->units, (int64_t)main_length(text) + count, sizeof(source_unit));
  if (status > 0) {
    text->status = status;
    return false;
  }
  source_unit *units = text->units.items;
  int32_t gapEnd = (int32_t)text->units.capacity - behind;
  memmove(units + gapEnd, units + text->gapEnd, (size_t)behind * sizeof *units);
  text->gapEnd = gapEnd;
  return true;
}

// Whether `count` more units may be put in.
static bool has_room(replaceable *text, int32_t count) {
  if (text->status > 0) return false;
  if ((int64_t)replaceable_length(text) + count <= text->room) return true;
  text->status = U_BUFFER_OVERFLOW_ERROR;
  return false;
}

// Makes place for `count` units instead of those from `start` to `limit`, all of them in front of the tail or all in
// it; NULL when there is none.
static source_unit *make_place(replaceable *text, int32_t start, int32_t limit, int32_t count) {
  int32_t front = main_length(text);
  if (start >= front) {
    int32_t from = start - front, to = limit - front;
    int32_t status = reserve(&text->tail, (int64_t)text->tailCount + count, sizeof(source_unit));
    if (status > 0) {
      text->status = status;
      return NULL;
    }
    source_unit *tail = text->tail.items;
    memmove(tail + from + count, tail + to, (size_t)(text->tailCount - to) * sizeof *tail);
    text->tailCount += count - (to - from);
    return tail + from;
  }
  move_gap(text, start);
  text->gapEnd += limit - start;
  if (!widen_gap(text, count)) return NULL;
  text->gapStart += count;
  return (source_unit *)text->units.items + start;
}

// Puts the tail in front of itself: the text as a whole stays.
static bool take_in_tail(replaceable *text) {
  move_gap(text, main_length(text));
  if (!widen_gap(text, text->tailCount)) return false;
  memcpy(
      (source_unit *)text->units.items + text->gapStart, text->tail.items,
      (size_t)text->tailCount * sizeof(source_unit));
  text->gapStart += text->tailCount;
  text->tailCount = 0;
  return true;
}

static int32_t rep_length(const UReplaceable *rep) { return replaceable_length((const replaceable *)rep); }

static UChar rep_char_at(const UReplaceable *rep, int32_t offset) {
  const replaceable *text = (const replaceable *)rep;
  if (offset < 0 || offset >= replaceable_length(text)) return 0xFFFF;
  return replaceable_unit(text, offset)->unit;
}

static UChar32 rep_char32_at(const UReplaceable *rep, int32_t offset) {
  UChar c = rep_char_at(rep, offset);
  if (U16_IS_LEAD(c)) {
    UChar trail = rep_char_at(rep, offset + 1);
    return U16_IS_TRAIL(trail) ? U16_GET_SUPPLEMENTARY(c, trail) : c;
  }
  if (U16_IS_TRAIL(c)) {
    UChar lead = rep_char_at(rep, offset - 1);
    return U16_IS_LEAD(lead) ? U16_GET_SUPPLEMENTARY(lead, c) : c;
  }
  return c;
}

static void rep_extract(UReplaceable *rep, int32_t start, int32_t limit, UChar *units) {
  for (int32_t i = start; i < limit; i++) *units++ = rep_char_at(rep, i);
}

// Rules put their output in front of what they replace and delete that afterwards: text of their own, among copies of
// what was replaced, stands for all of it.
static void claim(replaceable *text, int32_t limit, int32_t from, int32_t to) {
  for (int32_t i = limit - 1; i >= 0; i--) {
    source_unit *unit = (source_unit *)replaceable_unit(text, i);
    if (unit->start < 0) {
      unit->start = from;
      unit->end = to;
    } else if (unit->start < from || unit->end > to) {
      return;
    }
  }
}

// New units stand for all that they replace.
static void rep_replace(
    UReplaceable *rep, int32_t start, int32_t limit, const UChar *units, int32_t count) {
  replaceable *text = (replaceable *)rep;
  int32_t length = replaceable_length(text);
  if (start < 0 || start > limit || limit > length || !has_room(text, count - (limit - start))) return;
  int32_t from = -1, to = -1;
  for (int32_t i = start; i < limit; i++) {
    const source_unit *unit = replaceable_unit(text, i);
    if (unit->start >= 0 && (from < 0 || unit->start < from)) from = unit->start;
    if (unit->end > to) to = unit->end;
  }
  if (start < main_length(text) && limit > main_length(text) && !take_in_tail(text)) return;
  source_unit *place = make_place(text, start, limit, count);
  if (place == NULL) return;
  for (int32_t i = 0; i < count; i++) place[i] = (source_unit){from, to, units[i]};
  if (count == 0 && from >= 0) claim(text, start, from, to);
}

// Copied units stand for what the originals stand for.
static void rep_copy(UReplaceable *rep, int32_t start, int32_t limit, int32_t dest) {
  replaceable *text = (replaceable *)rep;
  int32_t length = replaceable_length(text), count = limit - start;
  if (start < 0 || count <= 0 || limit > length || dest < 0 || dest > length) return;
  if (!has_room(text, count)) return;
  source_unit *copied = malloc((size_t)count * sizeof *copied);
  if (copied == NULL) {
    text->status = U_MEMORY_ALLOCATION_ERROR;
    return;
  }
  for (int32_t i = 0; i < count; i++) copied[i] = *replaceable_unit(text, start + i);
  source_unit *place = make_place(text, dest, dest, count);
  if (place != NULL) memcpy(place, copied, (size_t)count * sizeof *copied);
  free(copied);
}

const UReplaceableCallbacks replaceable_callbacks = {
    rep_length, rep_char_at, rep_char32_at, rep_replace, rep_extract, rep_copy,
};
