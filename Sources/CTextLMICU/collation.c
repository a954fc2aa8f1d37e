#include "CTextLMICU.h"

#include <unicode/ucol.h>

int32_t tlm_icu_collator_open(const char *locale, void **collator) {
  UErrorCode status = U_ZERO_ERROR;
  UCollator *opened = ucol_open(locale, &status);
  *collator = U_FAILURE(status) ? NULL : opened;
  return status;
}

void tlm_icu_collator_close(void *collator) {
  if (collator != NULL) ucol_close(collator);
}

int32_t tlm_icu_collator_compare(
    const void *collator, const uint8_t *left, int64_t leftCount, const uint8_t *right, int64_t rightCount,
    int32_t *order) {
  UErrorCode status = U_ZERO_ERROR;
  *order = ucol_strcollUTF8(
      collator, (const char *)left, (int32_t)leftCount, (const char *)right, (int32_t)rightCount, &status);
  return status;
}
