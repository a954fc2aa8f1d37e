// A text that ICU changes in place, which remembers where each of its units comes from.
#ifndef CTEXTLMICU_REPLACEABLE_H
#define CTEXTLMICU_REPLACEABLE_H

#include "buffer.h"

#include <unicode/urep.h>

// One UTF-16 unit, and the bytes of the source that it stands for; -1 for a unit that rules put in.
typedef struct {
  int32_t start, end;
  UChar unit;
} source_unit;

// Rules are applied from left to right, so the units lie around a gap that moves along: a replacement costs its own
// length and not that of the text. Rules with segments write behind the end, copy from there and delete it again;
// what is behind the end is therefore kept apart, or the gap would run to and fro.
typedef struct {
  buffer units, tail;
  int32_t gapStart, gapEnd, tailCount;
  int64_t room;    // units that the text may have
  int32_t status;  // ICU's, above zero once the text could not grow
} replaceable;

extern const UReplaceableCallbacks replaceable_callbacks;

// Empties the text and makes room for units of `count` bytes; it may grow to `room` units.
int32_t replaceable_reset(replaceable *text, int64_t count, int64_t room);
void replaceable_free(replaceable *text);

// Adds a scalar to a text that has not been changed; there is room.
void replaceable_append(replaceable *text, UChar32 c, int32_t start, int32_t end);

int32_t replaceable_length(const replaceable *text);
const source_unit *replaceable_unit(const replaceable *text, int32_t index);

// The scalar at `*index`, which moves behind it; U+FFFD for half a surrogate pair.
UChar32 replaceable_next(const replaceable *text, int32_t *index);

#endif
