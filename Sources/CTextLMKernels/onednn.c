// oneDNN's products and LSTM behind plain functions. Primitives are costly to create, so they are kept in a cache by shape,
// format and thread count. Versions 2 and 3 of the library differ in how descriptors are made; `layout.h` hides that.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "onednn_cache.h"

// MARK: Threads
// oneDNN computes with an OpenMP runtime of its own. Which library that is (libgomp, libiomp5) depends on how oneDNN was
// built, so its entry is looked up at run time; a build without OpenMP has none.

static void (*set_openmp_threads)(int);
static pthread_once_t openmp_once = PTHREAD_ONCE_INIT;

static void find_openmp(void) { set_openmp_threads = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads"); }

// Threads that oneDNN uses when this thread calls it, told to OpenMP: within a parallel region of ours, one. The setting
// belongs to the calling thread, and Swift tasks move between threads, so it is told before every use.
static int settle_threads(void) {
  pthread_once(&openmp_once, find_openmp);
  int count = tlm_in_parallel() ? 1 : tlm_threads();
  if (set_openmp_threads) set_openmp_threads(count);
  return count;
}

// MARK: Engine, stream, version

static dnnl_engine_t cpu;
static pthread_once_t cpu_once = PTHREAD_ONCE_INIT;

static void open_cpu(void) {
  // Strict arithmetic whatever ONEDNN_DEFAULT_FPMATH_MODE says: --precision decides here.
  dnnl_set_default_fpmath_mode(dnnl_fpmath_mode_strict);
  if (dnnl_engine_create(&cpu, dnnl_cpu, 0) != dnnl_success) cpu = NULL;
}

dnnl_engine_t tlm_engine(void) {
  pthread_once(&cpu_once, open_cpu);
  return cpu;
}

// One stream a thread: executing is then safe from every thread. Whoever asks for it is about to execute.
static dnnl_stream_t stream(void) {
  settle_threads();
  static _Thread_local dnnl_stream_t opened;
  if (!opened && tlm_engine() && dnnl_stream_create(&opened, cpu, dnnl_stream_default_flags) != dnnl_success) opened = NULL;
  return opened;
}

void tlm_onednn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version->major;
  *minor = version->minor;
  *patch = version->patch;
}

// MARK: Cache

static struct entry *cache;
static int cached;
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

int tlm_onednn_cached_primitives(void) {
  pthread_mutex_lock(&cache_lock);
  int count = cached;
  pthread_mutex_unlock(&cache_lock);
  return count;
}

const struct entry *tlm_find_or_make(const struct key *key, describe make, const void *hint) {
  pthread_mutex_lock(&cache_lock);
  struct entry *found = cache;
  while (found && memcmp(&found->key, key, sizeof *key) != 0) found = found->next;
  if (!found && tlm_engine() && (found = calloc(1, sizeof *found))) {
    found->key = *key;
    if (make(key, hint, &found->description) == dnnl_success
        && dnnl_primitive_create(&found->primitive, found->description) == dnnl_success) {
      found->next = cache;
      cache = found;
      cached++;
    } else {
      if (found->description) dnnl_primitive_desc_destroy(found->description);
      free(found);
      found = NULL;
    }
  }
  pthread_mutex_unlock(&cache_lock);
  return found;
}

struct key tlm_make_key(enum kind kind, tlm_precision precision, int flags) {
  struct key key;
  memset(&key, 0, sizeof key);  // padding too: keys are compared by bytes
  key.kind = (int)kind;
  key.precision = (int)precision;
  key.flags = flags;
  key.threads = settle_threads();
  return key;
}

// MARK: Memory

static bool reorder(dnnl_memory_t from, dnnl_memory_t to, layout from_layout, layout to_layout) {
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
  if (dnnl_reorder_primitive_desc_create(&description, from_layout, tlm_engine(), to_layout, tlm_engine(), NULL) != dnnl_success)
    return false;
  bool ok = dnnl_primitive_create(&primitive, description) == dnnl_success;
  if (ok) {
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    ok = dnnl_primitive_execute(primitive, stream(), 2, arguments) == dnnl_success
         && dnnl_stream_wait(stream()) == dnnl_success;
    dnnl_primitive_destroy(primitive);
  }
  dnnl_primitive_desc_destroy(description);
  return ok;
}

bool tlm_open_operand(struct operand *operand, int rank, const dnnl_dim_t *dims, const dnnl_dim_t *strides,
                         const float *buffer, layout wanted) {
  *operand = (struct operand){.rank = rank};
  struct description mine;
  if (!describe_strided(&mine, rank, dims, dnnl_f32, strides)) return false;
  bool ok = dnnl_memory_create(&operand->ours, layout_of(&mine), tlm_engine(), (void *)buffer) == dnnl_success;
  memcpy(operand->dims, dims, (size_t)rank * sizeof *dims);
  memcpy(operand->strides, strides, (size_t)rank * sizeof *strides);
  if (ok && !dnnl_memory_desc_equal(layout_of(&mine), wanted)) {
    operand->copy_bytes = dnnl_memory_desc_get_size(wanted);
    operand->copy = tlm_allocate(operand->copy_bytes);
    ok = operand->copy && dnnl_memory_create(&operand->wanted, wanted, tlm_engine(), operand->copy) == dnnl_success;
  }
  forget(&mine);
  return ok;
}

// Weights outlive the buffer they were made from: gives an operand a copy of its own even where none is wanted.
static bool keep_copy(struct operand *operand, layout wanted) {
  if (operand->wanted) return true;
  operand->copy_bytes = dnnl_memory_desc_get_size(wanted);
  operand->copy = tlm_allocate(operand->copy_bytes);
  return operand->copy && dnnl_memory_create(&operand->wanted, wanted, tlm_engine(), operand->copy) == dnnl_success;
}

dnnl_memory_t tlm_operand_memory(const struct operand *operand) { return operand->wanted ? operand->wanted : operand->ours; }

bool tlm_move_operand(struct operand *operand, layout wanted, bool inward) {
  if (!operand->wanted) return true;
  struct description mine;
  if (!describe_strided(&mine, operand->rank, operand->dims, dnnl_f32, operand->strides)) return false;
  bool ok = inward ? reorder(operand->ours, operand->wanted, layout_of(&mine), wanted)
                   : reorder(operand->wanted, operand->ours, wanted, layout_of(&mine));
  forget(&mine);
  return ok;
}

void tlm_close_operand(struct operand *operand) {
  if (operand->ours) dnnl_memory_destroy(operand->ours);
  if (operand->wanted) dnnl_memory_destroy(operand->wanted);
  tlm_release(operand->copy, operand->copy_bytes);
  *operand = (struct operand){0};
}

bool tlm_execute(const struct entry *entry, int count, const dnnl_exec_arg_t *arguments) {
  return stream() && dnnl_primitive_execute(entry->primitive, stream(), count, arguments) == dnnl_success
         && dnnl_stream_wait(stream()) == dnnl_success;
}

// MARK: Products

enum { flag_transpose_a = 1, flag_transpose_b = 2, flag_accumulate = 4, flag_packed = 8 };

// sizes: m, n, k, row stride of c.
static dnnl_status_t describe_matmul(const struct key *key, const void *hint, dnnl_primitive_desc_t *result) {
  (void)hint;
  dnnl_dim_t m = key->sizes[0], n = key->sizes[1], k = key->sizes[2];
  dnnl_data_type_t type = operand_type(key->precision);
  dnnl_dim_t a_dims[] = {m, k}, b_dims[] = {k, n}, c_dims[] = {m, n};
  dnnl_dim_t a_strides[] = {key->flags & flag_transpose_a ? 1 : k, key->flags & flag_transpose_a ? m : 1};
  dnnl_dim_t b_strides[] = {key->flags & flag_transpose_b ? 1 : n, key->flags & flag_transpose_b ? k : 1};
  dnnl_dim_t c_strides[] = {key->sizes[3], 1};
  struct description a, b, c;
  if (!describe_strided(&a, 2, a_dims, type, a_strides) || !describe_strided(&c, 2, c_dims, dnnl_f32, c_strides)
      || !(key->flags & flag_packed ? describe_any(&b, 2, b_dims, type)
                                    : describe_strided(&b, 2, b_dims, type, b_strides)))
    return dnnl_invalid_arguments;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
  if (status == dnnl_success && key->flags & flag_accumulate) {
    dnnl_post_ops_t after;
    dnnl_post_ops_create(&after);
    append_sum(after);
    dnnl_primitive_attr_set_post_ops(attributes, after);
    dnnl_post_ops_destroy(after);
  }
  if (status == dnnl_success) status = matmul_description(result, tlm_engine(), &a, &b, &c, attributes);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  forget(&a);
  forget(&b);
  forget(&c);
  return status;
}

bool tlm_onednn_matmul(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, const float *b, float *c, bool accumulate) {
  struct key key = tlm_make_key(kind_matmul, precision,
                            (transpose_a ? flag_transpose_a : 0) | (transpose_b ? flag_transpose_b : 0)
                              | (accumulate ? flag_accumulate : 0));
  key.sizes[0] = m, key.sizes[1] = n, key.sizes[2] = k, key.sizes[3] = n;
  const struct entry *entry = tlm_find_or_make(&key, describe_matmul, NULL);
  if (!entry) return false;
  layout a_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_src_md, 0);
  layout b_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_weights_md, 0);
  layout c_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_dst_md, 0);
  dnnl_dim_t a_dims[] = {m, k}, b_dims[] = {k, n}, c_dims[] = {m, n}, c_strides[] = {n, 1};
  dnnl_dim_t a_strides[] = {transpose_a ? 1 : k, transpose_a ? m : 1};
  dnnl_dim_t b_strides[] = {transpose_b ? 1 : n, transpose_b ? k : 1};
  struct operand left = {0}, right = {0}, result = {0};
  bool ok = tlm_open_operand(&left, 2, a_dims, a_strides, a, a_layout)
            && tlm_open_operand(&right, 2, b_dims, b_strides, b, b_layout)
            && tlm_open_operand(&result, 2, c_dims, c_strides, c, c_layout)
            && tlm_move_operand(&left, a_layout, true) && tlm_move_operand(&right, b_layout, true);
  if (ok) {
    dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, tlm_operand_memory(&left)}, {DNNL_ARG_WEIGHTS, tlm_operand_memory(&right)}, {DNNL_ARG_DST, tlm_operand_memory(&result)}};
    ok = tlm_execute(entry, 3, arguments);
  }
  tlm_close_operand(&left);
  tlm_close_operand(&right);
  tlm_close_operand(&result);
  return ok;
}

// MARK: Packed weights

struct onednn_weights {
  tlm_precision precision;
  ptrdiff_t k, n;
  struct operand operand;
};

static const struct entry *packed_entry(tlm_precision precision, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, ptrdiff_t ldc,
                                        bool accumulate) {
  struct key key = tlm_make_key(kind_matmul, precision, flag_packed | (accumulate ? flag_accumulate : 0));
  key.sizes[0] = m, key.sizes[1] = n, key.sizes[2] = k, key.sizes[3] = ldc;
  return tlm_find_or_make(&key, describe_matmul, NULL);
}

// Rows for which the library chooses the weights' layout; for other row counts it may want another one, and the weights are
// then moved at each product.
enum { typical_rows = 32 };

struct onednn_weights *tlm_onednn_weights_create(tlm_precision precision, bool transpose_b, ptrdiff_t k, ptrdiff_t n,
                                             const float *b, ptrdiff_t ldb) {
  const struct entry *entry = packed_entry(precision, typical_rows, n, k, n, false);
  if (!entry) return NULL;
  struct onednn_weights *weights = calloc(1, sizeof *weights);
  if (!weights) return NULL;
  weights->precision = precision;
  weights->k = k;
  weights->n = n;
  layout wanted = dnnl_primitive_desc_query_md(entry->description, dnnl_query_weights_md, 0);
  dnnl_dim_t dims[] = {k, n}, strides[] = {transpose_b ? 1 : ldb, transpose_b ? ldb : 1};
  if (tlm_open_operand(&weights->operand, 2, dims, strides, b, wanted) && keep_copy(&weights->operand, wanted)
      && tlm_move_operand(&weights->operand, wanted, true))
    return weights;
  tlm_onednn_weights_destroy(weights);
  return NULL;
}

void tlm_onednn_weights_destroy(struct onednn_weights *weights) {
  if (!weights) return;
  tlm_close_operand(&weights->operand);
  free(weights);
}

// The left operand, dense and in the product's number format.
static void *dense_left(const struct onednn_weights *weights, ptrdiff_t m, const float *a, ptrdiff_t lda) {
  ptrdiff_t k = weights->k;
  if (weights->precision == TLM_BFLOAT16) {
    uint16_t *narrow = tlm_thread_scratch(scratch_narrow, (size_t)(m * k) * sizeof(uint16_t));
    for (ptrdiff_t i = 0; i < m; i++) tlm_narrow_to_bfloat16(k, a + i * lda, narrow + i * k);
    return narrow;
  }
  if (lda == k) return (void *)a;
  float *dense = tlm_thread_scratch(scratch_narrow, (size_t)(m * k) * sizeof(float));
  for (ptrdiff_t i = 0; i < m; i++) memcpy(dense + i * k, a + i * lda, (size_t)k * sizeof(float));
  return dense;
}

bool tlm_onednn_weights_multiply(const struct onednn_weights *weights, ptrdiff_t m, const float *a, ptrdiff_t lda,
                             const float *bias, float *c, ptrdiff_t ldc, bool accumulate) {
  const struct entry *entry = packed_entry(weights->precision, m, weights->n, weights->k, ldc, accumulate);
  if (!entry || !stream()) return false;
  layout a_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_src_md, 0);
  layout b_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_weights_md, 0);
  layout c_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_dst_md, 0);
  dnnl_memory_t left = NULL, other = NULL, result = NULL, right = tlm_operand_memory(&weights->operand);
  bool ok = dnnl_memory_create(&left, a_layout, tlm_engine(), dense_left(weights, m, a, lda)) == dnnl_success
            && dnnl_memory_create(&result, c_layout, tlm_engine(), c) == dnnl_success;
  void *copy = NULL;
  size_t copy_bytes = 0;
  layout stored = memory_layout(right);
  if (ok && !dnnl_memory_desc_equal(stored, b_layout)) {
    copy_bytes = dnnl_memory_desc_get_size(b_layout);
    copy = tlm_allocate(copy_bytes);
    ok = copy && dnnl_memory_create(&other, b_layout, tlm_engine(), copy) == dnnl_success
         && reorder(right, other, stored, b_layout);
    right = other;
  }
  if (ok) {
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, left}, {DNNL_ARG_WEIGHTS, right}, {DNNL_ARG_DST, result}};
    ok = tlm_execute(entry, 3, arguments);
  }
  if (ok && bias)
    for (ptrdiff_t i = 0; i < m; i++) tlm_current_kernels()->add(weights->n, c + i * ldc, bias, c + i * ldc);
  if (left) dnnl_memory_destroy(left);
  if (other) dnnl_memory_destroy(other);
  if (result) dnnl_memory_destroy(result);
  tlm_release(copy, copy_bytes);
  return ok;
}
