#include "CTextLMICU.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

// ICU's positions have 32 bits; longer texts are broken in windows of at most this many bytes.
enum { LONGEST_WINDOW = 1 << 30 };

struct tlm_icu_breaker {
  UBreakIterator *icu;
  UText text;
  int32_t longest;  // scalars of a piece, at most; 0 for no limit
  const uint8_t *bytes;
  int64_t count;
  int64_t window, windowEnd;  // what ICU sees of the bytes
  int64_t at;                 // the end of the piece given last
  int64_t boundary;           // ICU's boundary behind `at`, or `at` when it has to be asked
};

static int32_t break_type(int32_t kind) {
  switch (kind) {
    case TLM_ICU_CHARACTERS: return UBRK_CHARACTER;
    case TLM_ICU_WORDS: return UBRK_WORD;
    case TLM_ICU_SENTENCES: return UBRK_SENTENCE;
    default: return -1;
  }
}

int32_t tlm_icu_breaker_open(
    int32_t kind, const char *locale, int32_t longest, tlm_icu_breaker **breaker) {
  *breaker = NULL;
  int32_t type = break_type(kind);
  if (type < 0) return U_ILLEGAL_ARGUMENT_ERROR;
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *icu = ubrk_open((UBreakIteratorType)type, locale, NULL, 0, &status);
  if (U_FAILURE(status)) return status;
  tlm_icu_breaker *opened = calloc(1, sizeof *opened);
  if (opened == NULL) {
    ubrk_close(icu);
    return U_MEMORY_ALLOCATION_ERROR;
  }
  opened->icu = icu;
  opened->text = (UText)UTEXT_INITIALIZER;
  opened->longest = longest;
  *breaker = opened;
  return U_ZERO_ERROR;
}

void tlm_icu_breaker_close(tlm_icu_breaker *breaker) {
  if (breaker == NULL) return;
  ubrk_close(breaker->icu);
  utext_close(&breaker->text);
  free(breaker);
}

// Shows ICU the next window: all that is left or, of more than it can number, up to the last line feed in it.
static int32_t next_window(tlm_icu_breaker *b) {
  int64_t end = b->count;
  if (end - b->at > LONGEST_WINDOW) {
    int64_t longest = b->at + LONGEST_WINDOW;
    end = longest;
    while (end > b->at && b->bytes[end - 1] != '\n') end--;
    if (end == b->at) {
      end = longest;
      U8_SET_CP_START_UNSAFE(b->bytes, end);
    }
  }
  UErrorCode status = U_ZERO_ERROR;
  b->window = b->at;
  b->windowEnd = end;
  utext_openUTF8(&b->text, (const char *)b->bytes + b->window, end - b->window, &status);
  ubrk_setUText(b->icu, &b->text, &status);
  return status;
}

void tlm_icu_breaker_set_text(tlm_icu_breaker *breaker, const uint8_t *text, int64_t count) {
  breaker->bytes = text;
  breaker->count = count;
  breaker->window = breaker->windowEnd = 0;
  breaker->at = breaker->boundary = 0;
}

// The end of the piece from `at` to `boundary`, or of the most of it that is allowed.
static int64_t piece_end(const tlm_icu_breaker *b) {
  if (b->longest == 0 || b->boundary - b->at <= b->longest) return b->boundary;
  int64_t end = b->at;
  for (int32_t i = 0; i < b->longest && end < b->boundary; i++) U8_FWD_1_UNSAFE(b->bytes, end);
  return end;
}

int32_t tlm_icu_breaker_next(
    tlm_icu_breaker *b, intptr_t *ends, int64_t capacity, int64_t *made) {
  int64_t n = 0;
  while (n < capacity && b->at < b->count) {
    if (b->at == b->windowEnd) {
      int32_t status = next_window(b);
      if (status > 0) return status;
    }
    if (b->at == b->boundary) {
      int32_t next = ubrk_next(b->icu);
      b->boundary = next == UBRK_DONE ? b->windowEnd : b->window + next;
    }
    b->at = piece_end(b);
    ends[n++] = b->at;
  }
  *made = n;
  return U_ZERO_ERROR;
}

int64_t tlm_icu_decode(const uint8_t *text, int64_t count, uint32_t *scalars) {
  int64_t at = 0, made = 0;
  while (at < count) {
    UChar32 c;
    U8_NEXT_UNSAFE(text, at, c);
    scalars[made++] = (uint32_t)c;
  }
  return made;
}
