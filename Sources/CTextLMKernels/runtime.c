// Instruction sets, processors and memory: what every kernel shares.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "kernels.h"

// MARK: Instruction sets

static tlm_isa detected_isa(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512dq"))
    return __builtin_cpu_supports("avx512vnni") ? TLM_ISA_AVX512_VNNI : TLM_ISA_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return TLM_ISA_AVX2;
#endif
  return TLM_ISA_PLAIN;
}

static _Atomic int isa_limit = TLM_ISA_AVX512_VNNI;

tlm_isa tlm_current_isa(void) {
  static _Atomic int detected = -1;
  int found = detected;
  if (found < 0) detected = found = detected_isa();
  return found < isa_limit ? found : isa_limit;
}

void tlm_limit_isa(tlm_isa strongest) { isa_limit = strongest; }

const struct kernels *tlm_kernels_for(tlm_isa isa) {
#if defined(__x86_64__)
  if (isa == TLM_ISA_AVX512_VNNI) return &tlm_kernels_avx512_vnni;
  if (isa == TLM_ISA_AVX512) return &tlm_kernels_avx512;
  if (isa == TLM_ISA_AVX2) return &tlm_kernels_avx2;
#endif
  return &tlm_kernels_plain;
}

const struct kernels *tlm_current_kernels(void) { return tlm_kernels_for(tlm_current_isa()); }

bool tlm_has_bfloat16(void) {
#if defined(__x86_64__)
  return tlm_current_isa() >= TLM_ISA_AVX512 && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

// MARK: Processors

int tlm_processors(void) {
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) > 0) return CPU_COUNT(&allowed);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}

double tlm_measure_peak_gflops(void) {
  const struct kernels *kernels = tlm_current_kernels();
  double best = 0;
  for (int round = 0; round < 3; round++) {
    long iterations = 8000000;
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    struct peak_work work = {iterations, kernels};
    tlm_parallel(tlm_threads(), tlm_run_peak, &work);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    double flops = 2.0 * 12 * kernels->width * (double)iterations * tlm_threads();
    if (flops / seconds > best) best = flops / seconds;
  }
  return best / 1e9;
}

void tlm_run_peak(void *context, int part) {
  (void)part;
  const struct peak_work *work = context;
  volatile float sink = work->kernels->peak(work->iterations);
  (void)sink;
}

// MARK: Memory
// A training step asks for the same few large buffers again and again. Returned to the system they would come back as
// untouched pages, and faulting those in costs more than many of the loops that fill them. There are eight sizes from one
// power of two to the next, so that steps of other lengths find buffers too.

enum { pool_slots = 256 };
static const size_t pool_capacity = (size_t)1 << 30, huge_page = (size_t)1 << 21;
static struct { void *memory; size_t bytes; } pool[pool_slots];
static int pool_used;
static size_t pool_bytes;
static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;

static size_t rounded(size_t bytes) {
  size_t unit = bytes >= huge_page ? huge_page : 64;
  while (unit <= bytes / 16) unit *= 2;
  return bytes > SIZE_MAX - unit ? 0 : (bytes + unit - 1) / unit * unit;
}

void *tlm_allocate(size_t bytes) {
  size_t size = rounded(bytes ? bytes : 1);
  if (size == 0) return NULL;
  pthread_mutex_lock(&pool_lock);
  for (int i = pool_used - 1; i >= 0; i--) {
    if (pool[i].bytes != size) continue;
    void *memory = pool[i].memory;
    pool[i] = pool[--pool_used];
    pool_bytes -= size;
    pthread_mutex_unlock(&pool_lock);
    return memory;
  }
  pthread_mutex_unlock(&pool_lock);
  size_t alignment = size >= huge_page ? huge_page : 64;
  void *memory = aligned_alloc(alignment, size);
#ifdef MADV_HUGEPAGE
  if (memory && alignment > 64) madvise(memory, size, MADV_HUGEPAGE);
#endif
  return memory;
}

void tlm_release(void *memory, size_t bytes) {
  if (!memory) return;
  size_t size = rounded(bytes ? bytes : 1);
  pthread_mutex_lock(&pool_lock);
  bool kept = pool_used < pool_slots && size <= pool_capacity - pool_bytes;
  if (kept) {
    pool[pool_used].memory = memory;
    pool[pool_used++].bytes = size;
    pool_bytes += size;
  }
  pthread_mutex_unlock(&pool_lock);
  if (!kept) free(memory);
}

void *tlm_thread_scratch(enum scratch_purpose purpose, size_t bytes) {
  static _Thread_local struct { void *memory; size_t capacity; } scratch[scratch_purposes];
  if (bytes > scratch[purpose].capacity) {
    free(scratch[purpose].memory);
    scratch[purpose].capacity = (bytes + 4095) / 4096 * 4096;
    scratch[purpose].memory = aligned_alloc(64, scratch[purpose].capacity);
    if (!scratch[purpose].memory) abort();
  }
  return scratch[purpose].memory;
}
