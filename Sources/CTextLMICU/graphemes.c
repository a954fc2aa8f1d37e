#include "CTextLMICU.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/ucpmap.h>
#include <unicode/uset.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

// What a scalar does to the border of a cluster. The rules that need nothing but two neighbours, and that have been
// the same in all versions of Unicode, are applied here; whatever they leave open is asked of ICU.
typedef enum {
  OTHER,      // a border between two of these; Hangul syllables too
  CONTROL,    // borders on both sides; LF is one
  RETURN,     // CR: as a control, but before LF
  EXTENDING,  // joined to what is before it, if that is no control: Extend and SpacingMark
  JOINER,     // ZWJ: as an extending one, but ICU knows what it joins
  JAMO,       // a vowel or final consonant: what is before it decides
  STARTER,    // a border before it; what follows may be joined: leading consonants, Prepend, regional indicators
  PICTOGRAPH, // OTHER, but perhaps joined to a ZWJ before it
  CONJOINING, // OTHER, but perhaps joined to a cluster with a linker (CLDR, and rule GB9c since Unicode 15.1)
  LINKER,     // as an extending one; a virama
} grapheme_class;

enum { BLOCK = 256, BLOCK_COUNT = 0x110000 / BLOCK };

static struct {
  uint16_t blocks[BLOCK_COUNT];
  uint8_t *classes;  // blocks of BLOCK; the first one is all OTHER
  int32_t blockCount;
  int32_t status;
} table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static grapheme_class class_of_break(uint32_t value) {
  switch (value) {
    case U_GCB_CONTROL: case U_GCB_LF: return CONTROL;
    case U_GCB_CR: return RETURN;
    case U_GCB_EXTEND: case U_GCB_SPACING_MARK: return EXTENDING;
    case U_GCB_ZWJ: return JOINER;
    case U_GCB_V: case U_GCB_T: return JAMO;
    case U_GCB_OTHER: case U_GCB_LV: case U_GCB_LVT: return OTHER;
    default: return STARTER;  // and any value that a later Unicode adds: such clusters are ICU's
  }
}

static int32_t set_class(UChar32 c, grapheme_class class) {
  int32_t block = c / BLOCK;
  if (table.blocks[block] == 0) {
    uint8_t *classes = realloc(table.classes, (size_t)(table.blockCount + 1) * BLOCK);
    if (classes == NULL) return U_MEMORY_ALLOCATION_ERROR;
    memset(classes + table.blockCount * BLOCK, OTHER, BLOCK);
    table.classes = classes;
    table.blocks[block] = (uint16_t)table.blockCount++;
  }
  uint8_t *place = &table.classes[table.blocks[block] * BLOCK + c % BLOCK];
  if (*place != LINKER || class != EXTENDING) *place = class;
  return U_ZERO_ERROR;
}

static int32_t set_pictographs(void) {
  UErrorCode status = U_ZERO_ERROR;
  const USet *set = u_getBinaryPropertySet(UCHAR_EXTENDED_PICTOGRAPHIC, &status);
  if (U_FAILURE(status)) return status;
  for (int32_t i = 0; i < uset_getItemCount(set); i++) {
    UChar32 first, last;
    uset_getItem(set, i, &first, &last, NULL, 0, &status);
    for (UChar32 c = first; U_SUCCESS(status) && c <= last; c++) status = (UErrorCode)set_class(c, PICTOGRAPH);
  }
  return status;
}

// Sets the class of every scalar with a value of a property, by ICU's ranges of equal values.
static int32_t set_classes(UProperty property, grapheme_class (*class_of)(uint32_t)) {
  UErrorCode status = U_ZERO_ERROR;
  const UCPMap *map = u_getIntPropertyMap(property, &status);
  if (U_FAILURE(status)) return status;
  for (UChar32 c = 0, end; c <= UCHAR_MAX_VALUE; c = end + 1) {
    uint32_t value;
    end = ucpmap_getRange(map, c, UCPMAP_RANGE_NORMAL, 0, NULL, NULL, &value);
    if (end < 0) break;
    grapheme_class class = class_of(value);
    for (; class != OTHER && c <= end; c++) {
      int32_t failure = set_class(c, class);
      if (failure > 0) return failure;
    }
  }
  return U_ZERO_ERROR;
}

static grapheme_class class_of_syllabic(uint32_t value) {
  switch (value) {
    case U_INSC_CONSONANT: return CONJOINING;
    case U_INSC_VIRAMA: case U_INSC_INVISIBLE_STACKER: case U_INSC_PURE_KILLER: return LINKER;
    default: return OTHER;
  }
}

// Where ICU ends the first cluster of a text; negative for a failure.
static int32_t icu_end(UBreakIterator *icu, UText *holder, const uint8_t *text, int64_t count) {
  UErrorCode status = U_ZERO_ERROR;
  utext_openUTF8(holder, (const char *)text, count, &status);
  ubrk_setUText(icu, holder, &status);
  if (U_FAILURE(status)) return -status;
  int32_t end = ubrk_next(icu);
  return end == UBRK_DONE ? (int32_t)count : end;
}

static void make_table(void) {
  table.blockCount = 1;
  table.classes = calloc(BLOCK, 1);
  if (table.classes == NULL) {
    table.status = U_MEMORY_ALLOCATION_ERROR;
    return;
  }
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *icu = ubrk_open(UBRK_CHARACTER, "root", NULL, 0, &status);
  if (U_FAILURE(status)) {
    table.status = status;
    return;
  }
  // Devanagari KA, virama, SSA: one cluster where ICU joins conjuncts.
  const uint8_t conjunct[] = "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB7";
  UText holder = UTEXT_INITIALIZER;
  int32_t end = icu_end(icu, &holder, conjunct, 9);
  utext_close(&holder);
  ubrk_close(icu);
  if (end < 0) {
    table.status = -end;
    return;
  }
  if (end == 9) table.status = set_classes(UCHAR_INDIC_SYLLABIC_CATEGORY, class_of_syllabic);
  if (table.status <= 0) table.status = set_pictographs();
  if (table.status <= 0) table.status = set_classes(UCHAR_GRAPHEME_CLUSTER_BREAK, class_of_break);
}

int32_t tlm_icu_graphemes_prepare(void) {
  pthread_once(&table_once, make_table);
  return table.status;
}

static inline grapheme_class class_of(UChar32 c) {
  return (grapheme_class)table.classes[table.blocks[c / BLOCK] * BLOCK + c % BLOCK];
}

typedef enum { BREAK, JOIN, OPEN } decision;

static inline decision decide(grapheme_class before, grapheme_class after, UChar32 c, bool isLinked) {
  if (before == OTHER && after == OTHER) return BREAK;
  if (before == RETURN) return c == '\n' ? JOIN : BREAK;
  if (before == CONTROL || after == CONTROL || after == RETURN) return BREAK;
  if (after == EXTENDING || after == JOINER || after == LINKER) return JOIN;
  if (before == STARTER || before == JAMO) return OPEN;
  switch (after) {
    case STARTER: return BREAK;
    case JAMO: return OPEN;
    case CONJOINING: return isLinked ? OPEN : BREAK;
    case PICTOGRAPH: return before == JOINER ? OPEN : BREAK;
    default: return BREAK;
  }
}

// The end of the cluster at `start`, at most `longest` scalars away; -1 where ICU has to be asked.
static int64_t cluster_end(const uint8_t *text, int64_t count, int64_t start, int32_t longest) {
  int64_t at = start;
  UChar32 c;
  U8_NEXT_UNSAFE(text, at, c);
  grapheme_class before = class_of(c);
  bool isLinked = false;
  for (int32_t scalars = 1; at < count && scalars < longest; scalars++) {
    int64_t next = at;
    U8_NEXT_UNSAFE(text, next, c);
    grapheme_class after = class_of(c);
    isLinked |= after == LINKER;
    switch (decide(before, after, c, isLinked)) {
      case BREAK: return at;
      case OPEN: return -1;
      case JOIN: break;
    }
    at = next;
    before = after;
  }
  return at;
}

// ICU's part: the clusters that are left open.
typedef struct {
  UBreakIterator *icu;  // opened when the first one is met
  UText holder;
} asker;

static int32_t ask(
    asker *a, const uint8_t *text, int64_t count, int64_t start, int32_t longest, int64_t *end) {
  if (a->icu == NULL) {
    UErrorCode status = U_ZERO_ERROR;
    a->icu = ubrk_open(UBRK_CHARACTER, "root", NULL, 0, &status);
    if (U_FAILURE(status)) return status;
  }
  int64_t limit = start;
  for (int32_t i = 0; i < longest && limit < count; i++) U8_FWD_1_UNSAFE(text, limit);
  int32_t length = icu_end(a->icu, &a->holder, text + start, limit - start);
  if (length < 0) return -length;
  *end = start + length;
  return U_ZERO_ERROR;
}

// Whether all eight bytes are ASCII and no CR.
static inline bool are_plain(uint64_t eight) {
  const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
  uint64_t returns = eight ^ (ones * '\r');
  return ((eight | ((returns - ones) & ~returns)) & tops) == 0;
}

int32_t tlm_icu_grapheme_ends(
    const uint8_t *text, int64_t count, int64_t start, int32_t longest, intptr_t *ends, int64_t capacity,
    int64_t *made) {
  int32_t status = tlm_icu_graphemes_prepare();
  asker a = {NULL, UTEXT_INITIALIZER};
  int64_t at = start, n = 0;
  while (status <= 0 && at < count && n < capacity) {
    // An ASCII scalar before another one is a cluster, but for CR.
    while (at + 8 < count && n + 8 <= capacity && text[at + 8] < 0x80) {
      uint64_t eight;
      memcpy(&eight, text + at, 8);
      if (!are_plain(eight)) break;
      for (int i = 0; i < 8; i++) ends[n + i] = at + i + 1;
      n += 8;
      at += 8;
    }
    while (at + 1 < count && n < capacity && text[at] < 0x80 && text[at + 1] < 0x80 && text[at] != '\r') {
      ends[n++] = ++at;
    }
    if (at == count || n == capacity) break;
    int64_t end = cluster_end(text, count, at, longest);
    if (end < 0) status = ask(&a, text, count, at, longest, &end);
    if (status > 0) break;
    ends[n++] = at = end;
  }
  if (a.icu != NULL) ubrk_close(a.icu);
  utext_close(&a.holder);
  *made = n;
  return status;
}
