// Unicode for textlm, on top of ICU.
//
// ICU's own headers stay out of this one: they rename functions by macro, and their enumerations clash with the
// second ICU inside Foundation. So everything here is an opaque handle or a plain integer, and a status is ICU's
// UErrorCode as a number: above zero a failure, zero or below (a warning) a success.
//
// Every function may be called from any thread; a handle belongs to one thread at a time.
#ifndef CTEXTLMICU_H
#define CTEXTLMICU_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { TLM_ICU_VERSION_CAPACITY = 20, TLM_ICU_NAME_CAPACITY = 64 };

/// Writes the version of the ICU library in use, such as "72.1", with its final NUL.
void tlm_icu_version(char text[TLM_ICU_VERSION_CAPACITY]);

/// Writes the version of the Unicode tables in that library, such as "15.0", with its final NUL.
void tlm_icu_unicode_version(char text[TLM_ICU_VERSION_CAPACITY]);

/// ICU's name of a status, such as "U_FILE_ACCESS_ERROR". The text lives as long as the process.
const char *tlm_icu_status_name(int32_t status);

// Properties of one scalar; `scalar` may be any number, one that is not a scalar has no property.

/// True for general category Cc: C0 controls, DEL and C1 controls.
bool tlm_icu_is_control(uint32_t scalar);

/// True for the property Bidi_Control: embeddings, overrides, isolates and direction marks.
bool tlm_icu_is_bidi_control(uint32_t scalar);

/// True for the property White_Space.
bool tlm_icu_is_white_space(uint32_t scalar);

// Normalization.

enum {
  TLM_ICU_NFC = 0,
  TLM_ICU_NFD = 1,
  TLM_ICU_NFKC = 2,
  TLM_ICU_NFKC_CASEFOLD = 3,
};

typedef struct tlm_icu_normalizer tlm_icu_normalizer;

/// Opens a normalizer for one of the forms above. Fails when ICU's data for the form cannot be loaded.
int32_t tlm_icu_normalizer_open(int32_t form, tlm_icu_normalizer **normalizer);

/// Closes a normalizer; NULL is allowed.
void tlm_icu_normalizer_close(tlm_icu_normalizer *normalizer);

typedef struct {
  /// Bytes of the input that this piece covers.
  int64_t consumed;
  /// The normalized piece, UTF-8. Equal to the address of the input when nothing changed; otherwise it lives in
  /// the handle until the next call.
  const uint8_t *bytes;
  int64_t count;
} tlm_icu_piece;

/// Normalizes the first piece of `text`, `count > 0` bytes of *valid* UTF-8.
///
/// A piece is text that is normalized already, or up to some ten thousand scalars that may not be, and ends where the
/// text can be cut without changing the result, so that
/// the pieces, one after another, are the normalization of the whole text, whatever its length. A stretch of
/// 2^24 scalars without such a place (16 million combining marks on one letter) is cut there all the same, to
/// bound memory and to stay inside ICU's 32-bit lengths. The time is linear in `consumed`, for marks in any order.
int32_t tlm_icu_normalizer_next(
    tlm_icu_normalizer *normalizer, const uint8_t *text, int64_t count, tlm_icu_piece *piece);

/// The bytes of the first segment of `text`, `count > 0` bytes of *valid* UTF-8: up to the next place where the text can
/// be cut without changing the result.
int64_t tlm_icu_normalizer_segment(
    const tlm_icu_normalizer *normalizer, const uint8_t *text, int64_t count);

// Preparation: case, transliteration and sets of scalars. A locale is a BCP 47 tag, such as "tr"; "" is the root.

enum {
  /// Bytes of a text that a call takes at most: whatever it becomes, ICU's 32-bit lengths hold it.
  TLM_ICU_LONGEST_TEXT = 1 << 26,
  /// Bytes of a pattern or of rules.
  TLM_ICU_LONGEST_PATTERN = 1 << 20,
};

/// Bytes of the input that became other bytes of the output. Between edits both are the same, byte for byte, or
/// at least scalar for scalar of equal length.
typedef struct {
  int64_t input, inputCount, output, outputCount;
} tlm_icu_edit;

/// A text made of another. It lives in the handle until the next call.
typedef struct {
  /// UTF-8.
  const uint8_t *bytes;
  int64_t count;
  /// In order; NULL when none were asked for.
  const tlm_icu_edit *edits;
  int64_t editCount;
} tlm_icu_result;

/// Fails unless `tag` is well formed and names a language that ICU knows.
int32_t tlm_icu_locale_check(const char *tag);

enum {
  TLM_ICU_CASE_FOLD = 0,
  TLM_ICU_CASE_LOWER = 1,
};

typedef struct tlm_icu_casemap tlm_icu_casemap;

/// Opens a mapping of case in a locale: Turkish and Azeri fold and lower I to a dotless i.
int32_t tlm_icu_casemap_open(int32_t mapping, const char *tag, tlm_icu_casemap **map);

/// Closes a mapping; NULL is allowed.
void tlm_icu_casemap_close(tlm_icu_casemap *map);

/// Maps `count` bytes of *valid* UTF-8.
int32_t tlm_icu_casemap_apply(
    tlm_icu_casemap *map, const uint8_t *text, int64_t count, tlm_icu_result *result);

/// The same with the edits, one for each scalar with its marks whose length changed.
int32_t tlm_icu_casemap_apply_with_edits(
    tlm_icu_casemap *map, const uint8_t *text, int64_t count, tlm_icu_result *result);

typedef struct tlm_icu_transliterator tlm_icu_transliterator;

/// Where rules cannot be read: a line from 1 and a UTF-16 offset in it from 0, or -1 where ICU does not say.
typedef struct {
  int32_t line, offset;
} tlm_icu_rule_error;

/// Opens a transliterator: ICU identifiers such as "Any-Latin; Latin-ASCII" or, when `isRules`, rules.
int32_t tlm_icu_transliterator_open(
    const uint8_t *rules, int64_t count, bool isRules, tlm_icu_rule_error *problem,
    tlm_icu_transliterator **transliterator);

/// Closes a transliterator; NULL is allowed.
void tlm_icu_transliterator_close(tlm_icu_transliterator *transliterator);

/// Transliterates `count` bytes of *valid* UTF-8, and gives the edits.
///
/// Fails with U_BUFFER_OVERFLOW_ERROR when the text would become more than 128 times as long. A surrogate by itself,
/// which rules can make, becomes U+FFFD.
int32_t tlm_icu_transliterator_apply(
    tlm_icu_transliterator *transliterator, const uint8_t *text, int64_t count, tlm_icu_result *result);

typedef struct tlm_icu_set tlm_icu_set;

/// Opens the set of scalars that a pattern such as "[[:Latin:][:P:]]" describes. On failure `badOffset` is the scalar
/// of the pattern at which ICU gave up.
int32_t tlm_icu_set_open(const uint8_t *pattern, int64_t count, int64_t *badOffset, tlm_icu_set **set);

/// Closes a set; NULL is allowed.
void tlm_icu_set_close(tlm_icu_set *set);

/// The range of that index, first and last scalar included; false when there are no more.
bool tlm_icu_set_range(const tlm_icu_set *set, int32_t index, uint32_t *first, uint32_t *last);

/// Whether the pattern holds a sequence of scalars, such as "{ch}".
bool tlm_icu_set_has_strings(const tlm_icu_set *set);

// Bytes in any encoding to UTF-8.

typedef struct tlm_icu_converter tlm_icu_converter;

/// Opens a converter by any name or alias that ICU knows. Fails when there is none.
int32_t tlm_icu_converter_open(const char *name, tlm_icu_converter **converter);

/// Closes a converter; NULL is allowed.
void tlm_icu_converter_close(tlm_icu_converter *converter);

/// Writes the encoding's name, the one used in MIME where there is one.
void tlm_icu_converter_name(const tlm_icu_converter *converter, char name[TLM_ICU_NAME_CAPACITY]);

typedef struct {
  /// Bytes of the input that were taken.
  int32_t consumed;
  /// How many of the last of them are the beginning of a character that has not ended.
  int32_t pending;
  /// How many of the last of them are no character; 0 when all of the input was taken.
  int32_t invalidCount;
  /// The text before the invalid bytes, valid UTF-8, in the handle until the next call.
  const uint8_t *text;
  int64_t count;
  /// Where each of its scalars begins in the input; below 0 in bytes that were pending.
  const int32_t *offsets;
  int32_t scalarCount;
} tlm_icu_converted;

/// Converts the next bytes, up to the end or behind the first that are no character.
int32_t tlm_icu_converter_next(
    tlm_icu_converter *converter, const uint8_t *bytes, int32_t count, bool isLast, tlm_icu_converted *result);

typedef struct {
  char name[TLM_ICU_NAME_CAPACITY];
  /// From 0 to 100.
  int32_t confidence;
} tlm_icu_encoding_match;

/// Guesses the encoding of a text from a sample, the likeliest first. ICU looks at the first 8 KiB or so.
int32_t tlm_icu_detect(
    const uint8_t *bytes, int32_t count, tlm_icu_encoding_match *matches, int32_t capacity, int32_t *matchCount);

// Passages.

/// Finds the first place at or behind `from` where valid UTF-8 can be cut: a grapheme cluster begins there, and
/// every normalization starts anew. -1 when there is none before the last scalar's end, `count`.
int32_t tlm_icu_passage_cut(const uint8_t *text, int64_t count, int64_t from, int64_t *place);

// Boundaries in text, *valid* UTF-8.

enum {
  TLM_ICU_CHARACTERS = 0,
  TLM_ICU_WORDS = 1,
  TLM_ICU_SENTENCES = 2,
};

typedef struct tlm_icu_breaker tlm_icu_breaker;

/// Opens ICU's break iterator of a kind for a locale, a BCP 47 tag such as "th", or "root". Pieces of more than
/// `longest` scalars are cut to that; 0 leaves them whole.
int32_t tlm_icu_breaker_open(
    int32_t kind, const char *locale, int32_t longest, tlm_icu_breaker **breaker);

/// Closes a breaker; NULL is allowed.
void tlm_icu_breaker_close(tlm_icu_breaker *breaker);

/// Puts a breaker at the start of a text, which must stay where it is until the last `next`.
void tlm_icu_breaker_set_text(tlm_icu_breaker *breaker, const uint8_t *text, int64_t count);

/// Writes the ends of the next pieces as byte offsets in the text, at most `capacity`; none at the text's end.
int32_t tlm_icu_breaker_next(
    tlm_icu_breaker *breaker, intptr_t *ends, int64_t capacity, int64_t *made);

/// Makes the tables of `tlm_icu_grapheme_ends`, once; that would do it, too.
int32_t tlm_icu_graphemes_prepare(void);

/// Writes the ends of the grapheme clusters from `start`, which is 0 or the end of one, as byte offsets in the text:
/// those of ICU, of which at most the first `longest` scalars are taken and the rest begins anew.
///
/// Several times as fast as ICU, which is asked only for what needs more than a look at two scalars.
int32_t tlm_icu_grapheme_ends(
    const uint8_t *text, int64_t count, int64_t start, int32_t longest, intptr_t *ends, int64_t capacity,
    int64_t *made);

/// Writes the scalars of a text, room for `count`, and returns their number: a plain loop, to compare others with.
int64_t tlm_icu_decode(const uint8_t *text, int64_t count, uint32_t *scalars);

// What a character is called, and what it looks like.

/// Writes the name of a scalar with its final NUL, such as "LATIN SMALL LETTER A" or "<control-000A>".
int32_t tlm_icu_character_name(uint32_t scalar, char *name, int32_t capacity);

/// The name of a scalar's script, such as "Latin". The text lives as long as the process.
const char *tlm_icu_script_name(uint32_t scalar);

enum {
  TLM_ICU_ORDINARY = 0,
  TLM_ICU_CONTROL = 1,
  TLM_ICU_PRIVATE_USE = 2,
  TLM_ICU_UNASSIGNED = 3,
};

/// One of the kinds above.
int32_t tlm_icu_character_kind(uint32_t scalar);

/// Opens the order of a locale, a BCP 47 tag.
int32_t tlm_icu_collator_open(const char *locale, void **collator);

/// Closes an order; NULL is allowed.
void tlm_icu_collator_close(void *collator);

/// Below 0, 0 or above 0 as the left text comes before, with or after the right one.
int32_t tlm_icu_collator_compare(
    const void *collator, const uint8_t *left, int64_t leftCount, const uint8_t *right, int64_t rightCount,
    int32_t *order);

/// Opens ICU's checker of confusable text.
int32_t tlm_icu_spoof_open(void **checker);

/// Closes a checker; NULL is allowed.
void tlm_icu_spoof_close(void *checker);

/// Writes a text's skeleton, which texts that look alike have in common. On U_BUFFER_OVERFLOW_ERROR `made` is the room
/// that it needs.
int32_t tlm_icu_spoof_skeleton(
    const void *checker, const uint8_t *text, int64_t count, uint8_t *skeleton, int64_t capacity,
    int64_t *made);

#ifdef __cplusplus
}
#endif

#endif
