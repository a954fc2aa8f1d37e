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

enum { TLM_ICU_VERSION_CAPACITY = 20 };

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
/// A piece is some ten thousand scalars and ends where the text can be cut without changing the result, so that
/// the pieces, one after another, are the normalization of the whole text, whatever its length. A stretch of
/// 2^24 scalars without such a place (16 million combining marks on one letter) is cut there all the same, to
/// bound memory and to stay inside ICU's 32-bit lengths. The time is linear in `consumed`, for marks in any order.
int32_t tlm_icu_normalizer_next(
    tlm_icu_normalizer *normalizer, const uint8_t *text, int64_t count, tlm_icu_piece *piece);

#ifdef __cplusplus
}
#endif

#endif
