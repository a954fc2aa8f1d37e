// Compressed files for textlm, by the zlib that the system has.
//
// zlib is looked for when the first compressed file is opened, so that neither building nor running textlm needs it
// otherwise.
#ifndef CTEXTLMGZIP_H
#define CTEXTLMGZIP_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  TLM_GZIP_OK = 0,
  /// The member has ended; another one may follow, after `tlm_gzip_reset`.
  TLM_GZIP_END = 1,
  /// There is no zlib on this system.
  TLM_GZIP_NO_LIBRARY = 2,
  /// The bytes are not what gzip writes, or their checksum is wrong.
  TLM_GZIP_DAMAGED = 3,
  TLM_GZIP_NO_MEMORY = 4,
} tlm_gzip_status;

typedef struct tlm_gzip tlm_gzip;

/// Prepares to read the first member of a gzip file.
tlm_gzip_status tlm_gzip_open(tlm_gzip **gzip);

/// Closes it; NULL is allowed.
void tlm_gzip_close(tlm_gzip *gzip);

/// Prepares to read the next member.
tlm_gzip_status tlm_gzip_reset(tlm_gzip *gzip);

/// Takes bytes of the file until they or the room for the result are used up; says how many were taken and made.
tlm_gzip_status tlm_gzip_inflate(
    tlm_gzip *gzip, const uint8_t *bytes, uint32_t count, uint32_t *taken, uint8_t *output, uint32_t room,
    uint32_t *made);

#ifdef __cplusplus
}
#endif

#endif
