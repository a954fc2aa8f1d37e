#include "CTextLMICU.h"

#include <unicode/uchar.h>
#include <unicode/utypes.h>
#include <unicode/uversion.h>

_Static_assert(TLM_ICU_VERSION_CAPACITY >= U_MAX_VERSION_STRING_LENGTH, "room for ICU's version text");

void tlm_icu_version(char text[TLM_ICU_VERSION_CAPACITY]) {
  UVersionInfo version;
  u_getVersion(version);
  u_versionToString(version, text);
}

void tlm_icu_unicode_version(char text[TLM_ICU_VERSION_CAPACITY]) {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  u_versionToString(version, text);
}

const char *tlm_icu_status_name(int32_t status) { return u_errorName((UErrorCode)status); }

// ICU answers for any 32-bit number, but its own type is signed.
static UChar32 code_point(uint32_t scalar) { return scalar <= UCHAR_MAX_VALUE ? (UChar32)scalar : 0xFFFF; }

bool tlm_icu_is_control(uint32_t scalar) { return u_charType(code_point(scalar)) == U_CONTROL_CHAR; }

bool tlm_icu_is_bidi_control(uint32_t scalar) {
  return u_hasBinaryProperty(code_point(scalar), UCHAR_BIDI_CONTROL);
}

bool tlm_icu_is_white_space(uint32_t scalar) { return u_isUWhiteSpace(code_point(scalar)); }
