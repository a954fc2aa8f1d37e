#include "CTextLMICU.h"
#include "buffer.h"
#include "quickcheck.h"

#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

// A piece for ICU is cut at the first allowed place after some scalars: few where most text is normalized already,
// since ICU takes its time; and twice as many for each piece that follows at once, until the cache is full.
enum { SHORTEST_PIECE_SCALARS = 32, PIECE_SCALARS = 16384 };
// ... and at the latest after this many. No scalar has a mapping longer than 18 UTF-16 units, so that the units of
// a normalized piece, below 2^24 * 18, stay inside ICU's 32-bit lengths.
enum { LONGEST_PIECE_SCALARS = 1 << 24 };
// Marks are put in order by ICU with an insertion sort, quadratic in a stretch of marks. Stretches longer than this
// (the Stream-Safe Text Format allows 30) are ordered here first, by a counting sort; ICU then finds nothing to move.
enum { LONG_STRETCH = 64 };
// The longest mapping of one scalar, in UTF-16 units (U+FDFA, 18), with room for a later Unicode.
enum { MAPPING_CAPACITY = 64 };

struct tlm_icu_normalizer {
  const UNormalizer2 *icu;  // ICU's own, shared by all threads, never closed
  int32_t form;
  int32_t pieceScalars;  // of the next piece
  buffer units, normalized, bytes, scalars, ordered;
};

static const UNormalizer2 *form_instance(int32_t form, UErrorCode *status) {
  switch (form) {
    case TLM_ICU_NFC: return unorm2_getNFCInstance(status);
    case TLM_ICU_NFD: return unorm2_getNFDInstance(status);
    case TLM_ICU_NFKC: return unorm2_getNFKCInstance(status);
    case TLM_ICU_NFKC_CASEFOLD: return unorm2_getNFKCCasefoldInstance(status);
    default: *status = U_ILLEGAL_ARGUMENT_ERROR; return NULL;
  }
}

int32_t tlm_icu_normalizer_open(int32_t form, tlm_icu_normalizer **normalizer) {
  *normalizer = NULL;
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *icu = form_instance(form, &status);
  if (U_FAILURE(status)) return status;
  tlm_icu_normalizer *opened = calloc(1, sizeof *opened);
  if (opened == NULL) return U_MEMORY_ALLOCATION_ERROR;
  opened->icu = icu;
  opened->form = form;
  opened->pieceScalars = SHORTEST_PIECE_SCALARS;
  *normalizer = opened;
  return U_ZERO_ERROR;
}

void tlm_icu_normalizer_close(tlm_icu_normalizer *normalizer) {
  if (normalizer == NULL) return;
  free(normalizer->units.items);
  free(normalizer->normalized.items);
  free(normalizer->bytes.items);
  free(normalizer->scalars.items);
  free(normalizer->ordered.items);
  free(normalizer);
}

// Decodes the first piece of `text` into `units`; gives the bytes taken and the units made.
static int32_t decode_piece(
    tlm_icu_normalizer *n, const uint8_t *text, int64_t count, int64_t *consumed, int64_t *unitCount) {
  int64_t at = 0, made = 0;
  const int64_t step = n->pieceScalars;
  for (int64_t block = 0; at < count && block < LONGEST_PIECE_SCALARS; block += step) {
    // Room for a block of scalars at once, two units each.
    int64_t scalars = count - at < step ? count - at : step;
    int32_t status = reserve(&n->units, made + 2 * scalars, sizeof(UChar));
    if (status > 0) return status;
    UChar *units = n->units.items;
    for (int64_t i = 0; i < scalars && at < count; i++) {
      if (text[at] < 0x80 && block == 0) {
        units[made++] = text[at++];
        continue;
      }
      int64_t next = at;
      UChar32 c;
      U8_NEXT_UNSAFE(text, next, c);
      if (block > 0 && unorm2_hasBoundaryBefore(n->icu, c)) goto done;
      U16_APPEND_UNSAFE(units, made, c);
      at = next;
    }
  }
done:
  *consumed = at;
  *unitCount = made;
  return U_ZERO_ERROR;
}

// Whether some stretch of scalars that a normalization may reorder is long.
static bool has_long_stretch(const tlm_icu_normalizer *n, int64_t unitCount) {
  const UChar *units = n->units.items;
  int64_t stretch = 0;
  for (int64_t at = 0; at < unitCount;) {
    UChar32 c;
    U16_NEXT_UNSAFE(units, at, c);
    // Below U+0080 every form has a boundary; asking ICU would cost more than the rest of the loop.
    stretch = c < 0x80 || unorm2_hasBoundaryBefore(n->icu, c) ? 0 : stretch + 1;
    if (stretch > LONG_STRETCH) return true;
  }
  return false;
}

// Replaces every unit by its full decomposition, as scalars.
static int32_t decompose(tlm_icu_normalizer *n, int64_t unitCount, int64_t *scalarCount) {
  const UChar *units = n->units.items;
  int64_t made = 0;
  for (int64_t at = 0; at < unitCount;) {
    UChar32 c;
    U16_NEXT_UNSAFE(units, at, c);
    int32_t status = reserve(&n->scalars, made + MAPPING_CAPACITY, sizeof(UChar32));
    if (status > 0) return status;
    UChar32 *scalars = n->scalars.items;
    UChar mapping[MAPPING_CAPACITY];
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = unorm2_getDecomposition(n->icu, c, mapping, MAPPING_CAPACITY, &error);
    if (U_FAILURE(error)) return error;
    if (length < 0) {
      scalars[made++] = c;
      continue;
    }
    for (int32_t i = 0; i < length;) {
      U16_NEXT_UNSAFE(mapping, i, scalars[made]);
      made++;
    }
  }
  *scalarCount = made;
  return U_ZERO_ERROR;
}

// Orders scalars[0..<count], all of them marks, by combining class; equal classes keep their order.
static void order_marks(const UNormalizer2 *icu, UChar32 *scalars, int64_t count, UChar32 *scratch) {
  int64_t starts[257] = {0};
  for (int64_t i = 0; i < count; i++) starts[unorm2_getCombiningClass(icu, scalars[i]) + 1]++;
  for (int i = 0; i < 256; i++) starts[i + 1] += starts[i];
  for (int64_t i = 0; i < count; i++) scratch[i] = scalars[i];
  for (int64_t i = 0; i < count; i++) {
    scalars[starts[unorm2_getCombiningClass(icu, scratch[i])]++] = scratch[i];
  }
}

// Replaces `units` by their decomposition in canonical order: the same text to every form.
static int32_t reorder(tlm_icu_normalizer *n, int64_t *unitCount) {
  int64_t count = 0;
  int32_t status = decompose(n, *unitCount, &count);
  if (status > 0) return status;
  status = reserve(&n->ordered, count, sizeof(UChar32));
  if (status > 0) return status;
  status = reserve(&n->units, 2 * count, sizeof(UChar));
  if (status > 0) return status;
  UChar32 *scalars = n->scalars.items;
  for (int64_t at = 0; at < count;) {
    int64_t end = at;
    while (end < count && unorm2_getCombiningClass(n->icu, scalars[end]) != 0) end++;
    if (end - at > LONG_STRETCH) order_marks(n->icu, scalars + at, end - at, n->ordered.items);
    at = end + 1;
  }
  UChar *units = n->units.items;
  int64_t made = 0;
  for (int64_t i = 0; i < count; i++) U16_APPEND_UNSAFE(units, made, scalars[i]);
  *unitCount = made;
  return U_ZERO_ERROR;
}

static int32_t normalize_units(tlm_icu_normalizer *n, int64_t unitCount, int64_t *normalizedCount) {
  int32_t status = reserve(&n->normalized, unitCount + 64, sizeof(UChar));
  if (status > 0) return status;
  UErrorCode error = U_ZERO_ERROR;
  int32_t length = unorm2_normalize(
      n->icu, n->units.items, (int32_t)unitCount, n->normalized.items, (int32_t)n->normalized.capacity, &error);
  if (error == U_BUFFER_OVERFLOW_ERROR) {
    status = reserve(&n->normalized, (int64_t)length + 1, sizeof(UChar));
    if (status > 0) return status;
    error = U_ZERO_ERROR;
    length = unorm2_normalize(
        n->icu, n->units.items, (int32_t)unitCount, n->normalized.items, (int32_t)n->normalized.capacity, &error);
  }
  *normalizedCount = length;
  return error;
}

static int32_t encode(tlm_icu_normalizer *n, int64_t unitCount, int64_t *byteCount) {
  int32_t status = reserve(&n->bytes, 3 * unitCount, 1);  // a unit is at most three bytes
  if (status > 0) return status;
  const UChar *units = n->normalized.items;
  uint8_t *bytes = n->bytes.items;
  int64_t made = 0;
  for (int64_t at = 0; at < unitCount;) {
    UChar32 c;
    U16_NEXT_UNSAFE(units, at, c);
    U8_APPEND_UNSAFE(bytes, made, c);
  }
  *byteCount = made;
  return U_ZERO_ERROR;
}

int32_t tlm_icu_normalizer_next(
    tlm_icu_normalizer *n, const uint8_t *text, int64_t count, tlm_icu_piece *piece) {
  int64_t span = tlm_icu_normalized_span(n->form, n->icu, text, count);
  if (span > 0) {
    if (span > 4 * SHORTEST_PIECE_SCALARS) n->pieceScalars = SHORTEST_PIECE_SCALARS;
    *piece = (tlm_icu_piece){span, text, span};
    return U_ZERO_ERROR;
  }
  int64_t consumed = 0, unitCount = 0, byteCount = 0;
  int32_t status = decode_piece(n, text, count, &consumed, &unitCount);
  if (status > 0) return status;

  if (n->pieceScalars < PIECE_SCALARS) n->pieceScalars *= 2;

  UErrorCode error = U_ZERO_ERROR;
  int32_t good = unorm2_spanQuickCheckYes(n->icu, n->units.items, (int32_t)unitCount, &error);
  if (U_FAILURE(error)) return error;
  if (good == unitCount) {
    *piece = (tlm_icu_piece){consumed, text, consumed};
    return U_ZERO_ERROR;
  }

  if (has_long_stretch(n, unitCount)) {
    status = reorder(n, &unitCount);
    if (status > 0) return status;
  }
  status = normalize_units(n, unitCount, &unitCount);
  if (status > 0) return status;
  status = encode(n, unitCount, &byteCount);
  if (status > 0) return status;
  *piece = (tlm_icu_piece){consumed, n->bytes.items, byteCount};
  return U_ZERO_ERROR;
}

int64_t tlm_icu_normalizer_segment(const tlm_icu_normalizer *n, const uint8_t *text, int64_t count) {
  int64_t at = 0;
  UChar32 c;
  U8_NEXT_UNSAFE(text, at, c);
  while (at < count && text[at] >= 0x80) {
    int64_t next = at;
    U8_NEXT_UNSAFE(text, next, c);
    if (unorm2_hasBoundaryBefore(n->icu, c)) break;
    at = next;
  }
  return at;
}
