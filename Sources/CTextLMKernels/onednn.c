// oneDNN's products and LSTM behind plain functions. Primitives are costly to create, so they are kept in a cache by shape,
// format and thread count. Versions 2 and 3 of the library differ in how descriptors are made; `layout.h` hides that.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "layout.h"

// MARK: Engine, stream, version

static dnnl_engine_t cpu;
static pthread_once_t cpu_once = PTHREAD_ONCE_INIT;

static void open_cpu(void) {
  // Strict arithmetic whatever ONEDNN_DEFAULT_FPMATH_MODE says: --precision decides here.
  dnnl_set_default_fpmath_mode(dnnl_fpmath_mode_strict);
  if (dnnl_engine_create(&cpu, dnnl_cpu, 0) != dnnl_success) cpu = NULL;
}

static dnnl_engine_t engine(void) {
  pthread_once(&cpu_once, open_cpu);
  return cpu;
}

// One stream a thread: executing is then safe from every thread.
static dnnl_stream_t stream(void) {
  static _Thread_local dnnl_stream_t opened;
  if (!opened && engine() && dnnl_stream_create(&opened, cpu, dnnl_stream_default_flags) != dnnl_success) opened = NULL;
  return opened;
}

void tlm_onednn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version->major;
  *minor = version->minor;
  *patch = version->patch;
}

// MARK: Cache

enum kind { kind_matmul, kind_lstm_forward, kind_lstm_backward };

struct key {
  int kind, precision, threads, flags;
  dnnl_dim_t sizes[5];
};

struct entry {
  struct entry *next;
  struct key key;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
};

static struct entry *cache;
static int cached;
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

int tlm_onednn_cached_primitives(void) {
  pthread_mutex_lock(&cache_lock);
  int count = cached;
  pthread_mutex_unlock(&cache_lock);
  return count;
}

typedef dnnl_status_t (*describe)(const struct key *key, const void *hint, dnnl_primitive_desc_t *description);

// The entry for a key, made on first use. Entries live as long as the process: the shapes of a run are few.
static const struct entry *find_or_make(const struct key *key, describe make, const void *hint) {
  pthread_mutex_lock(&cache_lock);
  struct entry *found = cache;
  while (found && memcmp(&found->key, key, sizeof *key) != 0) found = found->next;
  if (!found && engine() && (found = calloc(1, sizeof *found))) {
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

static struct key make_key(enum kind kind, tlm_precision precision, int flags) {
  struct key key;
  memset(&key, 0, sizeof key);  // padding too: keys are compared by bytes
  key.kind = (int)kind;
  key.precision = (int)precision;
  key.flags = flags;
  // Within a parallel region a primitive runs on its caller's thread alone, and is made for that.
  key.threads = in_parallel() ? 1 : tlm_threads();
  return key;
}

// MARK: Memory

static dnnl_data_type_t operand_type(int precision) {
  return precision == TLM_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
}

static bool reorder(dnnl_memory_t from, dnnl_memory_t to, layout from_layout, layout to_layout) {
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
  if (dnnl_reorder_primitive_desc_create(&description, from_layout, engine(), to_layout, engine(), NULL) != dnnl_success)
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

// A tensor of ours seen by oneDNN: a dense float32 buffer and, where the primitive wants another layout or type, a copy.
struct operand {
  dnnl_memory_t ours, wanted;
  dnnl_dim_t dims[5], strides[5];
  int rank;
  void *copy;
  size_t copy_bytes;
};

static bool open_operand(struct operand *operand, int rank, const dnnl_dim_t *dims, const dnnl_dim_t *strides,
                         const float *buffer, layout wanted) {
  *operand = (struct operand){.rank = rank};
  struct description mine;
  if (!describe_strided(&mine, rank, dims, dnnl_f32, strides)) return false;
  bool ok = dnnl_memory_create(&operand->ours, layout_of(&mine), engine(), (void *)buffer) == dnnl_success;
  memcpy(operand->dims, dims, (size_t)rank * sizeof *dims);
  memcpy(operand->strides, strides, (size_t)rank * sizeof *strides);
  if (ok && !dnnl_memory_desc_equal(layout_of(&mine), wanted)) {
    operand->copy_bytes = dnnl_memory_desc_get_size(wanted);
    operand->copy = tlm_allocate(operand->copy_bytes);
    ok = operand->copy && dnnl_memory_create(&operand->wanted, wanted, engine(), operand->copy) == dnnl_success;
  }
  forget(&mine);
  return ok;
}

// Weights outlive the buffer they were made from: gives an operand a copy of its own even where none is wanted.
static bool keep_copy(struct operand *operand, layout wanted) {
  if (operand->wanted) return true;
  operand->copy_bytes = dnnl_memory_desc_get_size(wanted);
  operand->copy = tlm_allocate(operand->copy_bytes);
  return operand->copy && dnnl_memory_create(&operand->wanted, wanted, engine(), operand->copy) == dnnl_success;
}

static dnnl_memory_t used(const struct operand *operand) { return operand->wanted ? operand->wanted : operand->ours; }

static bool move_operand(struct operand *operand, layout wanted, bool inward) {
  if (!operand->wanted) return true;
  struct description mine;
  if (!describe_strided(&mine, operand->rank, operand->dims, dnnl_f32, operand->strides)) return false;
  bool ok = inward ? reorder(operand->ours, operand->wanted, layout_of(&mine), wanted)
                   : reorder(operand->wanted, operand->ours, wanted, layout_of(&mine));
  forget(&mine);
  return ok;
}

static void close_operand(struct operand *operand) {
  if (operand->ours) dnnl_memory_destroy(operand->ours);
  if (operand->wanted) dnnl_memory_destroy(operand->wanted);
  tlm_release(operand->copy, operand->copy_bytes);
  *operand = (struct operand){0};
}

static bool execute(const struct entry *entry, int count, const dnnl_exec_arg_t *arguments) {
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
  if (status == dnnl_success) status = matmul_description(result, engine(), &a, &b, &c, attributes);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  forget(&a);
  forget(&b);
  forget(&c);
  return status;
}

bool tlm_onednn_matmul(
  tlm_precision precision, bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
  const float *a, const float *b, float *c, bool accumulate) {
  struct key key = make_key(kind_matmul, precision,
                            (transpose_a ? flag_transpose_a : 0) | (transpose_b ? flag_transpose_b : 0)
                              | (accumulate ? flag_accumulate : 0));
  key.sizes[0] = m, key.sizes[1] = n, key.sizes[2] = k, key.sizes[3] = n;
  const struct entry *entry = find_or_make(&key, describe_matmul, NULL);
  if (!entry) return false;
  layout a_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_src_md, 0);
  layout b_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_weights_md, 0);
  layout c_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_dst_md, 0);
  dnnl_dim_t a_dims[] = {m, k}, b_dims[] = {k, n}, c_dims[] = {m, n}, c_strides[] = {n, 1};
  dnnl_dim_t a_strides[] = {transpose_a ? 1 : k, transpose_a ? m : 1};
  dnnl_dim_t b_strides[] = {transpose_b ? 1 : n, transpose_b ? k : 1};
  struct operand left = {0}, right = {0}, result = {0};
  bool ok = open_operand(&left, 2, a_dims, a_strides, a, a_layout)
            && open_operand(&right, 2, b_dims, b_strides, b, b_layout)
            && open_operand(&result, 2, c_dims, c_strides, c, c_layout)
            && move_operand(&left, a_layout, true) && move_operand(&right, b_layout, true);
  if (ok) {
    dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, used(&left)}, {DNNL_ARG_WEIGHTS, used(&right)}, {DNNL_ARG_DST, used(&result)}};
    ok = execute(entry, 3, arguments);
  }
  close_operand(&left);
  close_operand(&right);
  close_operand(&result);
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
  struct key key = make_key(kind_matmul, precision, flag_packed | (accumulate ? flag_accumulate : 0));
  key.sizes[0] = m, key.sizes[1] = n, key.sizes[2] = k, key.sizes[3] = ldc;
  return find_or_make(&key, describe_matmul, NULL);
}

// Rows for which the library chooses the weights' layout; for other row counts it may want another one, and the weights are
// then moved at each product.
enum { typical_rows = 32 };

struct onednn_weights *onednn_weights_create(tlm_precision precision, bool transpose_b, ptrdiff_t k, ptrdiff_t n,
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
  if (open_operand(&weights->operand, 2, dims, strides, b, wanted) && keep_copy(&weights->operand, wanted)
      && move_operand(&weights->operand, wanted, true))
    return weights;
  onednn_weights_destroy(weights);
  return NULL;
}

void onednn_weights_destroy(struct onednn_weights *weights) {
  if (!weights) return;
  close_operand(&weights->operand);
  free(weights);
}

// The left operand, dense and in the product's number format.
static void *dense_left(const struct onednn_weights *weights, ptrdiff_t m, const float *a, ptrdiff_t lda) {
  ptrdiff_t k = weights->k;
  if (weights->precision == TLM_BFLOAT16) {
    uint16_t *narrow = thread_scratch(scratch_narrow, (size_t)(m * k) * sizeof(uint16_t));
    for (ptrdiff_t i = 0; i < m; i++) narrow_to_bfloat16(k, a + i * lda, narrow + i * k);
    return narrow;
  }
  if (lda == k) return (void *)a;
  float *dense = thread_scratch(scratch_narrow, (size_t)(m * k) * sizeof(float));
  for (ptrdiff_t i = 0; i < m; i++) memcpy(dense + i * k, a + i * lda, (size_t)k * sizeof(float));
  return dense;
}

bool onednn_weights_multiply(const struct onednn_weights *weights, ptrdiff_t m, const float *a, ptrdiff_t lda,
                             const float *bias, float *c, ptrdiff_t ldc, bool accumulate) {
  const struct entry *entry = packed_entry(weights->precision, m, weights->n, weights->k, ldc, accumulate);
  if (!entry || !stream()) return false;
  layout a_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_src_md, 0);
  layout b_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_weights_md, 0);
  layout c_layout = dnnl_primitive_desc_query_md(entry->description, dnnl_query_dst_md, 0);
  dnnl_memory_t left = NULL, other = NULL, result = NULL, right = used(&weights->operand);
  bool ok = dnnl_memory_create(&left, a_layout, engine(), dense_left(weights, m, a, lda)) == dnnl_success
            && dnnl_memory_create(&result, c_layout, engine(), c) == dnnl_success;
  void *copy = NULL;
  size_t copy_bytes = 0;
  layout stored = memory_layout(right);
  if (ok && !dnnl_memory_desc_equal(stored, b_layout)) {
    copy_bytes = dnnl_memory_desc_get_size(b_layout);
    copy = tlm_allocate(copy_bytes);
    ok = copy && dnnl_memory_create(&other, b_layout, engine(), copy) == dnnl_success
         && reorder(right, other, stored, b_layout);
    right = other;
  }
  if (ok) {
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, left}, {DNNL_ARG_WEIGHTS, right}, {DNNL_ARG_DST, result}};
    ok = execute(entry, 3, arguments);
  }
  if (ok && bias)
    for (ptrdiff_t i = 0; i < m; i++) current_kernels()->add(weights->n, c + i * ldc, bias, c + i * ldc);
  if (left) dnnl_memory_destroy(left);
  if (other) dnnl_memory_destroy(other);
  if (result) dnnl_memory_destroy(result);
  tlm_release(copy, copy_bytes);
  return ok;
}

// MARK: LSTM

// Tensors of an LSTM in the order of this table; each has the shape and strides of PyTorch's buffer.
enum lstm_tensor { x_, h0_, c0_, w_layer_, w_iter_, bias_, y_, h_, c_, lstm_tensors };

struct lstm_shape {
  int rank;
  dnnl_dim_t dims[5], strides[5];
};

static struct lstm_shape lstm_shape(enum lstm_tensor tensor, const dnnl_dim_t *sizes) {
  dnnl_dim_t T = sizes[0], B = sizes[1], D = sizes[2], H = sizes[3];
  switch (tensor) {
    case x_: return (struct lstm_shape){3, {T, B, D}, {B * D, D, 1}};
    case y_: return (struct lstm_shape){3, {T, B, H}, {B * H, H, 1}};
    case w_layer_: return (struct lstm_shape){5, {1, 1, D, 4, H}, {4 * H * D, 4 * H * D, 1, H * D, D}};
    case w_iter_: return (struct lstm_shape){5, {1, 1, H, 4, H}, {4 * H * H, 4 * H * H, 1, H * H, H}};
    case bias_: return (struct lstm_shape){4, {1, 1, 4, H}, {4 * H, 4 * H, H, 1}};
    default: return (struct lstm_shape){4, {1, 1, B, H}, {B * H, B * H, H, 1}};
  }
}

static bool describe_lstm_tensors(const struct key *key, struct description *all, bool gradients) {
  for (int i = 0; i < lstm_tensors; i++) {
    struct lstm_shape shape = lstm_shape((enum lstm_tensor)i, key->sizes);
    bool narrow = !gradients && i != bias_ && i != c0_ && i != c_;
    dnnl_data_type_t type = narrow ? operand_type(key->precision) : dnnl_f32;
    bool free_layout = i == w_layer_ || i == w_iter_;
    if (!(free_layout ? describe_any(&all[i], shape.rank, shape.dims, type)
                      : describe_strided(&all[i], shape.rank, shape.dims, type, shape.strides)))
      return false;
  }
  return true;
}

static dnnl_status_t describe_lstm_forward(const struct key *key, const void *hint, dnnl_primitive_desc_t *result) {
  (void)hint;
  struct description d[lstm_tensors];
  if (!describe_lstm_tensors(key, d, false)) return dnnl_invalid_arguments;
  dnnl_status_t status = lstm_forward_description(result, engine(), &d[x_], &d[h0_], &d[c0_], &d[w_layer_], &d[w_iter_],
                                                  &d[bias_], &d[y_], &d[h_], &d[c_]);
  for (int i = 0; i < lstm_tensors; i++) forget(&d[i]);
  return status;
}

static dnnl_status_t describe_lstm_backward(const struct key *key, const void *hint, dnnl_primitive_desc_t *result) {
  struct description d[lstm_tensors], g[lstm_tensors];
  if (!describe_lstm_tensors(key, d, false) || !describe_lstm_tensors(key, g, true)) return dnnl_invalid_arguments;
  dnnl_status_t status = lstm_backward_description(
    result, engine(), &d[x_], &d[h0_], &d[c0_], &d[w_layer_], &d[w_iter_], &d[bias_], &d[y_], &d[h_], &d[c_], &g[x_],
    &g[h0_], &g[c0_], &g[w_layer_], &g[w_iter_], &g[bias_], &g[y_], &g[h_], &g[c_], hint);
  for (int i = 0; i < lstm_tensors; i++) {
    forget(&d[i]);
    forget(&g[i]);
  }
  return status;
}

// Arguments of oneDNN's primitives and the queries for their layouts, in the order of lstm_tensor.
static const int argument_ids[lstm_tensors] = {
  DNNL_ARG_SRC_LAYER, DNNL_ARG_SRC_ITER, DNNL_ARG_SRC_ITER_C, DNNL_ARG_WEIGHTS_LAYER, DNNL_ARG_WEIGHTS_ITER,
  DNNL_ARG_BIAS, DNNL_ARG_DST_LAYER, DNNL_ARG_DST_ITER, DNNL_ARG_DST_ITER_C};
static const int gradient_ids[lstm_tensors] = {
  DNNL_ARG_DIFF_SRC_LAYER, DNNL_ARG_DIFF_SRC_ITER, DNNL_ARG_DIFF_SRC_ITER_C, DNNL_ARG_DIFF_WEIGHTS_LAYER,
  DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS, DNNL_ARG_DIFF_DST_LAYER, DNNL_ARG_DIFF_DST_ITER,
  DNNL_ARG_DIFF_DST_ITER_C};

struct tlm_onednn_lstm {
  struct key key;
  const struct entry *forward;
  struct operand operands[lstm_tensors];
  dnnl_memory_t workspace;
  void *workspace_buffer;
  size_t workspace_bytes;
  float *h_last;
  size_t h_last_bytes;
};

static layout lstm_layout(const struct entry *entry, int argument) {
  return dnnl_primitive_desc_query_md(entry->description, dnnl_query_exec_arg_md, argument);
}

static bool open_lstm_operand(struct operand *operand, const struct entry *entry, int argument,
                              enum lstm_tensor tensor, const dnnl_dim_t *sizes, const float *buffer) {
  struct lstm_shape shape = lstm_shape(tensor, sizes);
  return open_operand(operand, shape.rank, shape.dims, shape.strides, buffer, lstm_layout(entry, argument));
}

static void close_lstm(tlm_onednn_lstm *session) {
  for (int i = 0; i < lstm_tensors; i++) close_operand(&session->operands[i]);
  if (session->workspace) dnnl_memory_destroy(session->workspace);
  tlm_release(session->workspace_buffer, session->workspace_bytes);
  tlm_release(session->h_last, session->h_last_bytes);
  free(session);
}

bool tlm_onednn_lstm_forward(
  tlm_precision precision, ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const float *x,
  const float *weight_ih, const float *weight_hh, const float *bias, const float *h0, const float *c0,
  float *h, float *c_last, tlm_onednn_lstm **result) {
  struct key key = make_key(kind_lstm_forward, precision, 0);
  key.sizes[0] = T, key.sizes[1] = B, key.sizes[2] = D, key.sizes[3] = H;
  const struct entry *entry = find_or_make(&key, describe_lstm_forward, NULL);
  tlm_onednn_lstm *session = entry ? calloc(1, sizeof *session) : NULL;
  if (!session) return false;
  session->key = key;
  session->forward = entry;
  session->h_last_bytes = (size_t)(B * H) * sizeof(float);
  session->h_last = tlm_allocate(session->h_last_bytes);
  layout work = dnnl_primitive_desc_query_md(entry->description, dnnl_query_workspace_md, 0);
  session->workspace_bytes = dnnl_memory_desc_get_size(work);
  session->workspace_buffer = tlm_allocate(session->workspace_bytes);
  const float *buffers[lstm_tensors] = {x, h0, c0, weight_ih, weight_hh, bias, h, session->h_last, c_last};
  bool ok = session->h_last && session->workspace_buffer
            && dnnl_memory_create(&session->workspace, work, engine(), session->workspace_buffer) == dnnl_success;
  dnnl_exec_arg_t arguments[lstm_tensors + 1];
  for (int i = 0; ok && i < lstm_tensors; i++) {
    struct operand *operand = &session->operands[i];
    ok = open_lstm_operand(operand, entry, argument_ids[i], (enum lstm_tensor)i, key.sizes, buffers[i])
         && (i >= y_ || move_operand(operand, lstm_layout(entry, argument_ids[i]), true));
    arguments[i] = (dnnl_exec_arg_t){argument_ids[i], used(operand)};
  }
  arguments[lstm_tensors] = (dnnl_exec_arg_t){DNNL_ARG_WORKSPACE, session->workspace};
  ok = ok && execute(entry, lstm_tensors + 1, arguments);
  for (int i = y_; ok && i < lstm_tensors; i++)
    ok = move_operand(&session->operands[i], lstm_layout(entry, argument_ids[i]), false);
  if (!ok) {
    close_lstm(session);
    return false;
  }
  *result = session;
  return true;
}

bool tlm_onednn_lstm_backward(
  tlm_onednn_lstm *session, const float *dh, const float *dh_last, const float *dc_last, float *dx,
  float *dweight_ih, float *dweight_hh, float *dbias, float *dh0, float *dc0) {
  struct key key = session->key;
  key.kind = kind_lstm_backward;
  const struct entry *entry = find_or_make(&key, describe_lstm_backward, session->forward->description);
  size_t state_floats = (size_t)(key.sizes[1] * key.sizes[3]);
  float *zeros = calloc(state_floats, sizeof(float));
  const float *buffers[lstm_tensors] = {dx, dh0, dc0, dweight_ih, dweight_hh, dbias, dh, dh_last ? dh_last : zeros,
                                        dc_last ? dc_last : zeros};
  struct operand weights[lstm_tensors] = {0}, gradients[lstm_tensors] = {0};
  dnnl_exec_arg_t arguments[2 * lstm_tensors + 1];
  bool ok = entry && zeros;
  for (int i = 0; ok && i < lstm_tensors; i++) {
    // The backward primitive wants the weights in another layout than the forward one; the rest is shared.
    const struct operand *operand = &session->operands[i];
    if (i == w_layer_ || i == w_iter_) {
      void *ours = NULL;
      layout wanted = lstm_layout(entry, argument_ids[i]);
      ok = dnnl_memory_get_data_handle(operand->ours, &ours) == dnnl_success
           && open_lstm_operand(&weights[i], entry, argument_ids[i], (enum lstm_tensor)i, key.sizes, ours)
           && move_operand(&weights[i], wanted, true);
      operand = &weights[i];
    }
    arguments[i] = (dnnl_exec_arg_t){argument_ids[i], used(operand)};
    layout wanted = lstm_layout(entry, gradient_ids[i]);
    ok = ok && open_lstm_operand(&gradients[i], entry, gradient_ids[i], (enum lstm_tensor)i, key.sizes, buffers[i])
         && (i < y_ || move_operand(&gradients[i], wanted, true));
    if (ok && i < y_) {
      // oneDNN adds to the weights' gradients: what they start from must be zero.
      void *start = NULL;
      ok = dnnl_memory_get_data_handle(used(&gradients[i]), &start) == dnnl_success;
      if (ok) memset(start, 0, dnnl_memory_desc_get_size(wanted));
    }
    arguments[lstm_tensors + i] = (dnnl_exec_arg_t){gradient_ids[i], used(&gradients[i])};
  }
  arguments[2 * lstm_tensors] = (dnnl_exec_arg_t){DNNL_ARG_WORKSPACE, session->workspace};
  ok = ok && execute(entry, 2 * lstm_tensors + 1, arguments);
  for (int i = 0; ok && i < y_; i++) ok = move_operand(&gradients[i], lstm_layout(entry, gradient_ids[i]), false);
  for (int i = 0; i < lstm_tensors; i++) {
    close_operand(&weights[i]);
    close_operand(&gradients[i]);
  }
  free(zeros);
  close_lstm(session);
  return ok;
}
