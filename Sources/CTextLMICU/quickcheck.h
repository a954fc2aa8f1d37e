// A look at text that tells whether a normalization would leave it alone, at the speed of a table.
#ifndef TLM_ICU_QUICKCHECK_H
#define TLM_ICU_QUICKCHECK_H

#include <stdint.h>
#include <unicode/unorm2.h>

/// The bytes at the start of `text`, valid UTF-8, that the form of `icu` leaves alone and can be cut off there; 0 when the
/// first of them may not be, or for a form without a table (TLM_ICU_NFKC_CASEFOLD).
int64_t tlm_icu_normalized_span(int32_t form, const UNormalizer2 *icu, const uint8_t *text, int64_t count);

#endif
