// Growing arrays of the handles in this target.
#ifndef CTEXTLMICU_BUFFER_H
#define CTEXTLMICU_BUFFER_H

#include <stdint.h>
#include <stdlib.h>
#include <unicode/utypes.h>

typedef struct {
  void *items;
  int64_t capacity;
} buffer;

// Makes room for `count` items, keeping what is there.
static inline int32_t reserve(buffer *b, int64_t count, size_t itemSize) {
  if (count <= b->capacity) return U_ZERO_ERROR;
  int64_t capacity = count + count / 2;
  void *items = realloc(b->items, (size_t)capacity * itemSize);
  if (items == NULL) return U_MEMORY_ALLOCATION_ERROR;
  b->items = items;
  b->capacity = capacity;
  return U_ZERO_ERROR;
}

#endif
