#include "CTextLMICU.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

int32_t tlm_icu_character_name(uint32_t scalar, char *name, int32_t capacity) {
  UErrorCode status = U_ZERO_ERROR;
  u_charName((UChar32)scalar, U_EXTENDED_CHAR_NAME, name, capacity, &status);
  return status;
}

const char *tlm_icu_script_name(uint32_t scalar) {
  UErrorCode status = U_ZERO_ERROR;
  UScriptCode script = uscript_getScript((UChar32)scalar, &status);
  const char *name = U_FAILURE(status) ? NULL : uscript_getName(script);
  return name == NULL ? "Unknown" : name;
}

int32_t tlm_icu_character_kind(uint32_t scalar) {
  switch (u_charType((UChar32)scalar)) {
    case U_UNASSIGNED: return TLM_ICU_UNASSIGNED;
    case U_PRIVATE_USE_CHAR: return TLM_ICU_PRIVATE_USE;
    case U_CONTROL_CHAR: return TLM_ICU_CONTROL;
    default: return TLM_ICU_ORDINARY;
  }
}
