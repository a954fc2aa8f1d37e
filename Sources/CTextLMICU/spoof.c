#include "CTextLMICU.h"

#include <unicode/uspoof.h>

int32_t tlm_icu_spoof_open(void **checker) {
  UErrorCode status = U_ZERO_ERROR;
  USpoofChecker *opened = uspoof_open(&status);
  *checker = U_FAILURE(status) ? NULL : opened;
  return status;
}

void tlm_icu_spoof_close(void *checker) {
  if (checker != NULL) uspoof_close(checker);
}

int32_t tlm_icu_spoof_skeleton(
    const void *checker, const uint8_t *text, int64_t count, uint8_t *skeleton, int64_t capacity,
    int64_t *made) {
  UErrorCode status = U_ZERO_ERROR;
  *made = uspoof_getSkeletonUTF8(
      checker, 0, (const char *)text, (int32_t)count, (char *)skeleton, (int32_t)capacity, &status);
  return status;
}
