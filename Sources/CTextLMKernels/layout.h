// The part of oneDNN's C interface that changed between versions 2 and 3: memory descriptors were structures and became
// opaque pointers, and operation descriptors went away.
#ifndef TEXTLM_LAYOUT_H
#define TEXTLM_LAYOUT_H

#include <dnnl.h>
#include <stdbool.h>
#include <string.h>

struct description {
  dnnl_memory_desc_t value;
};

#if DNNL_VERSION_MAJOR >= 3

typedef const_dnnl_memory_desc_t layout;

static inline layout layout_of(const struct description *d) { return d->value; }
static inline void forget(struct description *d) { dnnl_memory_desc_destroy(d->value); }

static inline bool describe_strided(struct description *d, int rank, const dnnl_dim_t *dims, dnnl_data_type_t type,
                                    const dnnl_dim_t *strides) {
  return dnnl_memory_desc_create_with_strides(&d->value, rank, dims, type, strides) == dnnl_success;
}
static inline bool describe_any(struct description *d, int rank, const dnnl_dim_t *dims, dnnl_data_type_t type) {
  return dnnl_memory_desc_create_with_tag(&d->value, rank, dims, type, dnnl_format_tag_any) == dnnl_success;
}
static inline void append_sum(dnnl_post_ops_t after) {
  dnnl_post_ops_append_sum(after, 1.0f, 0, dnnl_data_type_undef);
}
static inline dnnl_status_t matmul_description(
  dnnl_primitive_desc_t *result, dnnl_engine_t engine, const struct description *a, const struct description *b,
  const struct description *c, dnnl_primitive_attr_t attributes) {
  return dnnl_matmul_primitive_desc_create(result, engine, a->value, b->value, NULL, c->value, attributes);
}
static inline dnnl_status_t lstm_forward_description(
  dnnl_primitive_desc_t *result, dnnl_engine_t engine, const struct description *x, const struct description *h0,
  const struct description *c0, const struct description *w_layer, const struct description *w_iter,
  const struct description *bias, const struct description *y, const struct description *h,
  const struct description *c) {
  return dnnl_lstm_forward_primitive_desc_create(
    result, engine, dnnl_forward_training, dnnl_unidirectional_left2right, x->value, h0->value, c0->value,
    w_layer->value, w_iter->value, NULL, NULL, bias->value, y->value, h->value, c->value, 0, NULL);
}
static inline dnnl_status_t lstm_backward_description(
  dnnl_primitive_desc_t *result, dnnl_engine_t engine, const struct description *x, const struct description *h0,
  const struct description *c0, const struct description *w_layer, const struct description *w_iter,
  const struct description *bias, const struct description *y, const struct description *h,
  const struct description *c, const struct description *dx, const struct description *dh0,
  const struct description *dc0, const struct description *dw_layer, const struct description *dw_iter,
  const struct description *dbias, const struct description *dy, const struct description *dh,
  const struct description *dc, const void *forward) {
  return dnnl_lstm_backward_primitive_desc_create(
    result, engine, dnnl_backward, dnnl_unidirectional_left2right, x->value, h0->value, c0->value, w_layer->value,
    w_iter->value, NULL, NULL, bias->value, y->value, h->value, c->value, dx->value, dh0->value, dc0->value,
    dw_layer->value, dw_iter->value, NULL, NULL, dbias->value, dy->value, dh->value, dc->value, 0,
    (const_dnnl_primitive_desc_t)forward, NULL);
}

#else

typedef const dnnl_memory_desc_t *layout;

static inline layout layout_of(const struct description *d) { return &d->value; }
static inline void forget(struct description *d) { memset(d, 0, sizeof *d); }

static inline bool describe_strided(struct description *d, int rank, const dnnl_dim_t *dims, dnnl_data_type_t type,
                                    const dnnl_dim_t *strides) {
  return dnnl_memory_desc_init_by_strides(&d->value, rank, dims, type, strides) == dnnl_success;
}
static inline bool describe_any(struct description *d, int rank, const dnnl_dim_t *dims, dnnl_data_type_t type) {
  return dnnl_memory_desc_init_by_tag(&d->value, rank, dims, type, dnnl_format_tag_any) == dnnl_success;
}
static inline void append_sum(dnnl_post_ops_t after) { dnnl_post_ops_append_sum(after, 1.0f); }
static inline dnnl_status_t matmul_description(
  dnnl_primitive_desc_t *result, dnnl_engine_t engine, const struct description *a, const struct description *b,
  const struct description *c, dnnl_primitive_attr_t attributes) {
  dnnl_matmul_desc_t operation;
  dnnl_status_t status = dnnl_matmul_desc_init(&operation, &a->value, &b->value, NULL, &c->value);
  return status == dnnl_success ? dnnl_primitive_desc_create(result, &operation, attributes, engine, NULL) : status;
}
static inline dnnl_status_t lstm_forward_description(
  dnnl_primitive_desc_t *result, dnnl_engine_t engine, const struct description *x, const struct description *h0,
  const struct description *c0, const struct description *w_layer, const struct description *w_iter,
  const struct description *bias, const struct description *y, const struct description *h,
  const struct description *c) {
  dnnl_rnn_desc_t operation;
  dnnl_status_t status = dnnl_lstm_forward_desc_init(
    &operation, dnnl_forward_training, dnnl_unidirectional_left2right, &x->value, &h0->value, &c0->value,
    &w_layer->value, &w_iter->value, &bias->value, &y->value, &h->value, &c->value, 0);
  return status == dnnl_success ? dnnl_primitive_desc_create(result, &operation, NULL, engine, NULL) : status;
}
static inline dnnl_status_t lstm_backward_description(
  dnnl_primitive_desc_t *result, dnnl_engine_t engine, const struct description *x, const struct description *h0,
  const struct description *c0, const struct description *w_layer, const struct description *w_iter,
  const struct description *bias, const struct description *y, const struct description *h,
  const struct description *c, const struct description *dx, const struct description *dh0,
  const struct description *dc0, const struct description *dw_layer, const struct description *dw_iter,
  const struct description *dbias, const struct description *dy, const struct description *dh,
  const struct description *dc, const void *forward) {
  dnnl_rnn_desc_t operation;
  dnnl_status_t status = dnnl_lstm_backward_desc_init(
    &operation, dnnl_backward, dnnl_unidirectional_left2right, &x->value, &h0->value, &c0->value, &w_layer->value,
    &w_iter->value, &bias->value, &y->value, &h->value, &c->value, &dx->value, &dh0->value, &dc0->value,
    &dw_layer->value, &dw_iter->value, &dbias->value, &dy->value, &dh->value, &dc->value, 0);
  return status == dnnl_success
           ? dnnl_primitive_desc_create(result, &operation, NULL, engine, (const_dnnl_primitive_desc_t)forward)
           : status;
}

#endif

static inline layout memory_layout(dnnl_memory_t memory) {
  layout result = NULL;
  dnnl_memory_get_memory_desc(memory, &result);
  return result;
}

#endif
