#include "CTextLMICU.h"

#include <string.h>
#include <unicode/ucsdet.h>

int32_t tlm_icu_detect(
    const uint8_t *bytes, int32_t count, tlm_icu_encoding_match *matches, int32_t capacity, int32_t *matchCount) {
  *matchCount = 0;
  UErrorCode status = U_ZERO_ERROR;
  UCharsetDetector *detector = ucsdet_open(&status);
  if (U_FAILURE(status)) return status;
  ucsdet_setText(detector, (const char *)bytes, count, &status);
  int32_t found = 0;
  const UCharsetMatch **all = ucsdet_detectAll(detector, &found, &status);
  for (int32_t i = 0; U_SUCCESS(status) && i < found && *matchCount < capacity; i++) {
    tlm_icu_encoding_match *match = &matches[*matchCount];
    const char *name = ucsdet_getName(all[i], &status);
    match->confidence = ucsdet_getConfidence(all[i], &status);
    if (U_FAILURE(status) || name == NULL) break;
    strncpy(match->name, name, TLM_ICU_NAME_CAPACITY - 1);
    match->name[TLM_ICU_NAME_CAPACITY - 1] = 0;
    *matchCount += 1;
  }
  ucsdet_close(detector);
  return status;
}
