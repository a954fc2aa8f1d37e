// oneDNN's LSTM layer with PyTorch's weights: an independent twin of ours, and a yardstick.
#include <stdlib.h>
#include <string.h>

#include "onednn_cache.h"

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
  dnnl_status_t status = lstm_forward_description(result, tlm_engine(), &d[x_], &d[h0_], &d[c0_], &d[w_layer_], &d[w_iter_],
                                                  &d[bias_], &d[y_], &d[h_], &d[c_]);
  for (int i = 0; i < lstm_tensors; i++) forget(&d[i]);
  return status;
}

static dnnl_status_t describe_lstm_backward(const struct key *key, const void *hint, dnnl_primitive_desc_t *result) {
  struct description d[lstm_tensors], g[lstm_tensors];
  if (!describe_lstm_tensors(key, d, false) || !describe_lstm_tensors(key, g, true)) return dnnl_invalid_arguments;
  dnnl_status_t status = lstm_backward_description(
    result, tlm_engine(), &d[x_], &d[h0_], &d[c0_], &d[w_layer_], &d[w_iter_], &d[bias_], &d[y_], &d[h_], &d[c_], &g[x_],
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
  return tlm_open_operand(operand, shape.rank, shape.dims, shape.strides, buffer, lstm_layout(entry, argument));
}

static void close_lstm(tlm_onednn_lstm *session) {
  for (int i = 0; i < lstm_tensors; i++) tlm_close_operand(&session->operands[i]);
  if (session->workspace) dnnl_memory_destroy(session->workspace);
  tlm_release(session->workspace_buffer, session->workspace_bytes);
  tlm_release(session->h_last, session->h_last_bytes);
  free(session);
}

bool tlm_onednn_lstm_forward(
  tlm_precision precision, ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const float *x,
  const float *weight_ih, const float *weight_hh, const float *bias, const float *h0, const float *c0,
  float *h, float *c_last, tlm_onednn_lstm **result) {
  struct key key = tlm_make_key(kind_lstm_forward, precision, 0);
  key.sizes[0] = T, key.sizes[1] = B, key.sizes[2] = D, key.sizes[3] = H;
  const struct entry *entry = tlm_find_or_make(&key, describe_lstm_forward, NULL);
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
            && dnnl_memory_create(&session->workspace, work, tlm_engine(), session->workspace_buffer) == dnnl_success;
  dnnl_exec_arg_t arguments[lstm_tensors + 1];
  for (int i = 0; ok && i < lstm_tensors; i++) {
    struct operand *operand = &session->operands[i];
    ok = open_lstm_operand(operand, entry, argument_ids[i], (enum lstm_tensor)i, key.sizes, buffers[i])
         && (i >= y_ || tlm_move_operand(operand, lstm_layout(entry, argument_ids[i]), true));
    arguments[i] = (dnnl_exec_arg_t){argument_ids[i], tlm_operand_memory(operand)};
  }
  arguments[lstm_tensors] = (dnnl_exec_arg_t){DNNL_ARG_WORKSPACE, session->workspace};
  ok = ok && tlm_execute(entry, lstm_tensors + 1, arguments);
  for (int i = y_; ok && i < lstm_tensors; i++)
    ok = tlm_move_operand(&session->operands[i], lstm_layout(entry, argument_ids[i]), false);
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
  const struct entry *entry = tlm_find_or_make(&key, describe_lstm_backward, session->forward->description);
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
           && tlm_move_operand(&weights[i], wanted, true);
      operand = &weights[i];
    }
    arguments[i] = (dnnl_exec_arg_t){argument_ids[i], tlm_operand_memory(operand)};
    layout wanted = lstm_layout(entry, gradient_ids[i]);
    ok = ok && open_lstm_operand(&gradients[i], entry, gradient_ids[i], (enum lstm_tensor)i, key.sizes, buffers[i])
         && (i < y_ || tlm_move_operand(&gradients[i], wanted, true));
    if (ok && i < y_) {
      // oneDNN adds to the weights' gradients: what they start from must be zero.
      void *start = NULL;
      ok = dnnl_memory_get_data_handle(tlm_operand_memory(&gradients[i]), &start) == dnnl_success;
      if (ok) memset(start, 0, dnnl_memory_desc_get_size(wanted));
    }
    arguments[lstm_tensors + i] = (dnnl_exec_arg_t){gradient_ids[i], tlm_operand_memory(&gradients[i])};
  }
  arguments[2 * lstm_tensors] = (dnnl_exec_arg_t){DNNL_ARG_WORKSPACE, session->workspace};
  ok = ok && tlm_execute(entry, 2 * lstm_tensors + 1, arguments);
  for (int i = 0; ok && i < y_; i++) ok = tlm_move_operand(&gradients[i], lstm_layout(entry, gradient_ids[i]), false);
  for (int i = 0; i < lstm_tensors; i++) {
    tlm_close_operand(&weights[i]);
    tlm_close_operand(&gradients[i]);
  }
  free(zeros);
  close_lstm(session);
  return ok;
}
