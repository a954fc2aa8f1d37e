#include "CTextLMGzip.h"

#include <dlfcn.h>
#include <stdlib.h>

// What zlib.h declares, as far as it is used here; the layout is part of zlib's binary interface since 1.0.
typedef struct {
  const uint8_t *next_in;
  unsigned int avail_in;
  unsigned long total_in;
  uint8_t *next_out;
  unsigned int avail_out;
  unsigned long total_out;
  const char *msg;
  void *state, *zalloc, *zfree, *opaque;
  int data_type;
  unsigned long adler, reserved;
} z_stream;

enum { Z_NO_FLUSH = 0, Z_OK = 0, Z_STREAM_END = 1, Z_MEM_ERROR = -4, Z_BUF_ERROR = -5 };
// The largest window, and 16 for the gzip format.
enum { GZIP_WINDOW_BITS = 15 + 16 };

typedef struct {
  const char *(*version)(void);
  int (*init)(z_stream *, int, const char *, int);
  int (*inflate)(z_stream *, int);
  int (*reset)(z_stream *);
  int (*end)(z_stream *);
} functions;

struct tlm_gzip {
  z_stream stream;
  functions zlib;
};

// Loaded for each file: the system counts, and finds it again at once.
static bool load(functions *zlib) {
#ifdef __APPLE__
  void *library = dlopen("libz.1.dylib", RTLD_NOW);
#else
  void *library = dlopen("libz.so.1", RTLD_NOW);
#endif
  if (library == NULL) return false;
  *(void **)&zlib->version = dlsym(library, "zlibVersion");
  *(void **)&zlib->init = dlsym(library, "inflateInit2_");
  *(void **)&zlib->inflate = dlsym(library, "inflate");
  *(void **)&zlib->reset = dlsym(library, "inflateReset");
  *(void **)&zlib->end = dlsym(library, "inflateEnd");
  return zlib->version && zlib->init && zlib->inflate && zlib->reset && zlib->end;
}

tlm_gzip_status tlm_gzip_open(tlm_gzip **gzip) {
  *gzip = NULL;
  tlm_gzip *opened = calloc(1, sizeof *opened);
  if (opened == NULL) return TLM_GZIP_NO_MEMORY;
  if (!load(&opened->zlib)) {
    free(opened);
    return TLM_GZIP_NO_LIBRARY;
  }
  int status = opened->zlib.init(
      &opened->stream, GZIP_WINDOW_BITS, opened->zlib.version(), (int)sizeof opened->stream);
  if (status != Z_OK) {
    free(opened);
    return status == Z_MEM_ERROR ? TLM_GZIP_NO_MEMORY : TLM_GZIP_NO_LIBRARY;
  }
  *gzip = opened;
  return TLM_GZIP_OK;
}

void tlm_gzip_close(tlm_gzip *gzip) {
  if (gzip == NULL) return;
  gzip->zlib.end(&gzip->stream);
  free(gzip);
}

tlm_gzip_status tlm_gzip_reset(tlm_gzip *gzip) {
  return gzip->zlib.reset(&gzip->stream) == Z_OK ? TLM_GZIP_OK : TLM_GZIP_DAMAGED;
}

tlm_gzip_status tlm_gzip_inflate(
    tlm_gzip *gzip, const uint8_t *bytes, uint32_t count, uint32_t *taken, uint8_t *output, uint32_t room,
    uint32_t *made) {
  z_stream *stream = &gzip->stream;
  stream->next_in = bytes;
  stream->avail_in = count;
  stream->next_out = output;
  stream->avail_out = room;
  int status = gzip->zlib.inflate(stream, Z_NO_FLUSH);
  *taken = count - stream->avail_in;
  *made = room - stream->avail_out;
  switch (status) {
    case Z_OK:
    case Z_BUF_ERROR: return TLM_GZIP_OK;
    case Z_STREAM_END: return TLM_GZIP_END;
    case Z_MEM_ERROR: return TLM_GZIP_NO_MEMORY;
    default: return TLM_GZIP_DAMAGED;
  }
}
