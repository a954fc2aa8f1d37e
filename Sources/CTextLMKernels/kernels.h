// What the C files of this target share; not visible to Swift.
#ifndef TEXTLM_KERNELS_H
#define TEXTLM_KERNELS_H

#include "CTextLMKernels.h"

#pragma GCC visibility push(hidden)

// One step of one row of tlm_scan_forward, and of tlm_scan_backward, with their names.
struct scan_row {
  ptrdiff_t H;
  const float *parameters, *skip, *before;
  float *gates, *state, *h;
};
struct scan_gradient_row {
  ptrdiff_t H;
  const float *parameters, *skip, *before, *dh;
  float *gates, *dstate, *dskip, *dparameters;
};

// The loops that differ by instruction set. kernels_body.h is compiled once per set with another vector width.
struct kernels {
  int width;      // floats in a vector
  int rows;       // most rows of a tile of the matrix product
  int columns;    // columns of a tile, and of a panel of packed weights: two vectors
  // c[rows, columns] = a (+ c, or + bias): a packed [k][rows], b packed [k][columns]; live columns are written.
  void (*tile)(int rows, ptrdiff_t k, const float *a, const float *b, float *c, ptrdiff_t ldc, int live,
               bool accumulate, const float *bias);
  // The same product of operands where they lie: element (i, p) of the left one is a[i * a_row + p * a_step], row p of the
  // right one begins at b + p * b_step.
  void (*direct_tile)(int rows, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_step, const float *b,
                      ptrdiff_t b_step, float *c, ptrdiff_t ldc, int live, bool accumulate, const float *bias);
  // The same product of operands in 16-bit integers (int16_body.h): a [steps][rows], b [steps][columns], each entry the pair of
  // numbers of two steps of k, low half first; times the scales of the rows and of the columns.
  void (*tile_int16)(int rows, ptrdiff_t steps, const int32_t *a, const int32_t *b, const float *row_scales,
                     const float *column_scales, float *c, ptrdiff_t ldc, int live, bool accumulate, const float *bias);
  // Rounds x[k] to integers q[k] times the scale that is returned; q has room for an even number.
  float (*quantize_row)(ptrdiff_t k, const float *x, int16_t *q);
  // Rounds the columns of x[k, n], each with its scale, to pairs q[(k + 1) / 2, n].
  void (*quantize_columns)(ptrdiff_t k, ptrdiff_t n, const float *x, ptrdiff_t ldx, int32_t *q, ptrdiff_t ldq,
                           float *scales);
  // y[panels * columns] for one row: x [k], panels packed one after another with `stride` floats between them.
  void (*row_times_panels)(ptrdiff_t k, const float *x, const float *panels, ptrdiff_t stride, int count, float *y);
  void (*lstm_forward_row)(ptrdiff_t H, const float *table_row, const float *c_before, float *gates, float *c, float *h);
  void (*lstm_backward_row)(ptrdiff_t H, const float *gates, const float *c, const float *c_before, const float *dh,
                            const float *dh_later, float *dc, float *da);
  // The rows of layer normalization and of lstm_variant.c (normalization_body.h).
  float (*normalize_row)(ptrdiff_t width, float epsilon, const float *x, float *normal);
  void (*normalize_backward_row)(ptrdiff_t width, const float *gain, const float *dy, const float *normal, float scale,
                                 float *dx);
  void (*lstm_variant_forward_row)(ptrdiff_t H, const tlm_lstm_variant *variant, uint64_t first, const float *h_before,
                                   const float *c_before, float *gates, float *normal, float *scales, float *c, float *h);
  void (*lstm_variant_backward_row)(ptrdiff_t H, const tlm_lstm_variant *variant, uint64_t first, const float *c_before,
                                    const float *dh, float *gates, float *normal, const float *scales, float *dh_later,
                                    float *dc, float *gains, float *work);
  // The rows of gru.c, gru_before.c, mogrifier.c and elman.c (recurrent_body.h).
  void (*gru_forward_row)(ptrdiff_t H, const float *input, const float *h_before, float *gates, const float *recurrent,
                          float *h);
  void (*gru_backward_row)(ptrdiff_t H, const float *h_before, const float *dh, float *gates, float *recurrent,
                           float *dh_later);
  void (*gru_before_forward_row)(ptrdiff_t H, const float *h_before, float *gates, float *h);
  void (*gru_before_backward_row)(ptrdiff_t H, const float *h_before, const float *dh, float *gates, float *dh_later);
  void (*gru_before_reset_row)(ptrdiff_t H, const float *h_before, const float *dreset, float *gates, float *dh_later);
  void (*mogrifier_forward_row)(ptrdiff_t count, const float *old, float *scales, float *values);
  void (*mogrifier_backward_row)(ptrdiff_t count, const float *old, float *scales, float *gradient);
  void (*elman_forward_row)(ptrdiff_t H, tlm_nonlinearity nonlinearity, const float *table_row, float *h);
  void (*elman_backward_row)(ptrdiff_t H, tlm_nonlinearity nonlinearity, const float *h, const float *dh,
                             const float *dh_later, float *da);
  // The rows of slstm.c and scan.c (scan_body.h).
  void (*slstm_forward_row)(ptrdiff_t H, const float *m_before, float *gates, float *weights, float *m, float *h);
  void (*slstm_backward_row)(ptrdiff_t H, const float *m_before, const float *dh, const float *dh_later, float *gates,
                             float *dm, float *dweights);
  void (*scan_forward_row)(tlm_scan scan, const struct scan_row *row);
  void (*scan_backward_row)(tlm_scan scan, const struct scan_gradient_row *row);
  void (*add)(ptrdiff_t n, const float *a, const float *b, float *y);
  void (*multiply)(ptrdiff_t n, const float *a, const float *b, float *y);
  void (*multiply_add)(ptrdiff_t n, const float *a, const float *b, float *sum);  // sum += a b
  void (*scale)(ptrdiff_t n, float factor, const float *x, float *y);
  void (*interpolate)(ptrdiff_t n, float weight, const float *a, const float *b, float *y);
  void (*tanh)(ptrdiff_t n, const float *x, float *y);
  void (*sigmoid)(ptrdiff_t n, const float *x, float *y);
  void (*exp)(ptrdiff_t n, const float *x, float *y);
  void (*log)(ptrdiff_t n, const float *x, float *y);
  void (*softplus)(ptrdiff_t n, const float *x, float *y);
  void (*sqrt)(ptrdiff_t n, const float *x, float *y);
  void (*reciprocal)(ptrdiff_t n, const float *x, float *y);
  // y[n] = a op b, where an operand whose stride is 0 is one number for all.
  void (*combine_row)(tlm_combination op, ptrdiff_t n, const float *a, ptrdiff_t a_stride, const float *b,
                      ptrdiff_t b_stride, float *y);
  float (*sum_row)(ptrdiff_t n, const float *x);
  // Steps of external memories, one row each (memory_body.h, dnc_body.h, lrua_body.h).
  void (*ntm_forward_row)(const tlm_ntm *m, const float *raw, const float *logits, const float *memory, float *reads,
                          float *new_logits, float *new_memory, float *trace, float *work);
  void (*ntm_backward_row)(const tlm_ntm *m, const float *raw, const float *memory, const float *trace,
                           const float *dreads, const float *dnew_logits, const float *dnew_memory, float *draw,
                           float *dlogits, float *dmemory, float *work);
  void (*dnc_forward_row)(const tlm_dnc *m, const float *raw, const tlm_dnc_state *before, float *reads,
                          const tlm_dnc_state *after, float *trace);
  void (*dnc_backward_row)(const tlm_dnc *m, const float *raw, const tlm_dnc_state *before, const tlm_dnc_state *after,
                           const float *trace, const float *dreads, const tlm_dnc_state *dafter, float *draw,
                           const tlm_dnc_state *dbefore, float *work);
  void (*lrua_forward_row)(const tlm_lrua *m, const float *keys, const float *gates, const float *strengths,
                           const float *memory, const float *reading, const float *usage, float *reads,
                           float *new_memory, float *new_reading, float *new_usage, float *writing, float *trace);
  void (*lrua_backward_row)(const tlm_lrua *m, const float *keys, const float *gates, const float *strengths,
                            const float *reading, const float *new_memory, const float *new_reading,
                            const float *writing, const float *trace, const float *dreads, const float *dnew_memory,
                            const float *dnew_reading, const float *dnew_usage, const float *dwriting, float *dkeys,
                            float *dgates, float *dstrengths, float *dmemory, float *dreading, float *dusage,
                            float *work);
  void (*round_to_bfloat16)(ptrdiff_t n, const float *x, float *y);
  void (*dropout)(ptrdiff_t begin, ptrdiff_t end, float rate, uint64_t key, const float *x, float *y);
  // Activation functions, rows of softmax (returns ln sum e^x, y may be x) and of rms normalization (activation_body.h).
  void (*activate)(tlm_activation function, ptrdiff_t n, const float *x, float *y);
  void (*activate_backward)(tlm_activation function, ptrdiff_t n, const float *x, const float *dy, float *dx);
  float (*softmax)(ptrdiff_t width, const float *x, const float *mask, float *y);
  void (*softmax_double)(ptrdiff_t width, const float *x, double *y);
  void (*softmax_backward)(ptrdiff_t width, const float *y, const float *dy, float *dx);
  float (*rms_row)(ptrdiff_t width, float epsilon, const float *x, float *normal);
  void (*rms_backward_row)(ptrdiff_t width, const float *gain, const float *dy, const float *normal, float scale, float *dx);
  void (*turn)(ptrdiff_t width, const float *cosines, const float *sines, float by_cosine, float by_sine, const float *x,
               float *y);
  // One query against `count` keys and values that lie `stride` apart; scores has room for `count` (activation_body.h).
  void (*attend)(ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, const float *query, const float *keys,
                 const float *values, float *scores, float *y);
  // Vectors, for windows.c (window_body.h).
  float (*dot)(ptrdiff_t n, const float *a, const float *b);
  void (*add_scaled)(ptrdiff_t n, float factor, const float *x, float *y);
  float (*additive_score)(ptrdiff_t n, const float *q, const float *k, const float *factors);
  void (*additive_score_backward)(ptrdiff_t n, float dscore, const float *q, const float *k, const float *factors,
                                  float *dq, float *dk, float *dfactors);
  // A row of groups of S elements: y = W[g] x by weight [S][width], and sums [S][width] += dy[g] x[g]^T (blocks.c).
  void (*block_row)(ptrdiff_t width, int S, const float *weight, const float *x, float *y);
  void (*add_block_products)(ptrdiff_t width, int S, const float *dy, const float *x, float *sums);
  float (*softmax_cross_entropy)(ptrdiff_t V, const float *logits, int32_t target, float scale, float *gradient);
  double (*sum_of_squares)(ptrdiff_t n, const float *x);
  void (*adam)(ptrdiff_t n, const tlm_update *update, const tlm_adam_settings *settings, const float *gradient,
               const float *theta, const float *m, const float *v, float *theta_out, float *m_out, float *v_out);
  void (*sgd)(ptrdiff_t n, const tlm_update *update, const tlm_sgd_settings *settings, const float *gradient,
              const float *theta, const float *b, float *theta_out, float *b_out);
  void (*rmsprop)(ptrdiff_t n, const tlm_update *update, const tlm_rmsprop_settings *settings, const float *gradient,
                  const float *theta, const float *v, const float *a, const float *b, float *theta_out, float *v_out,
                  float *a_out, float *b_out);
  float (*peak)(long iterations);
};

extern const struct kernels tlm_kernels_plain;
#if defined(__x86_64__)
extern const struct kernels tlm_kernels_avx2, tlm_kernels_avx512, tlm_kernels_avx512_vnni;
#endif
const struct kernels *tlm_kernels_for(tlm_isa isa);
const struct kernels *tlm_current_kernels(void);

struct peak_work {
  long iterations;
  const struct kernels *kernels;
};
void tlm_run_peak(void *context, int part);

// tlm_matmul_packed on the caller's thread alone; for loops that already run one part a thread.
void tlm_matmul_packed_serial(const tlm_packed *packed, ptrdiff_t m, const float *a, ptrdiff_t lda, const float *bias,
                          float *c, ptrdiff_t ldc, bool accumulate);

// tlm_matmul in float32 on the caller's thread alone.
void tlm_matmul_serial(bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a,
                       ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate);

// c[m, n] = op(a)[m, k] b[k, n] (+ c) in float32 on the caller's thread, for operands that are in a cache: they are read where
// they lie. Rows of b can be read up to whole panels of columns.
void tlm_matmul_near(const struct kernels *kernels, bool transpose_a, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                     const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc,
                     bool accumulate);

// tlm_matmul_packed or its serial twin.
typedef void (*tlm_packed_product)(const tlm_packed *packed, ptrdiff_t m, const float *a, ptrdiff_t lda, const float *bias,
                                   float *c, ptrdiff_t ldc, bool accumulate);

// A recurrence over fewer rows than this is not split by rows: the products inside its steps are split by columns instead.
enum { tlm_rows_worth_splitting = 8 };

// Whether the caller is one of several threads of tlm_parallel.
bool tlm_in_parallel(void);

// Memory for one thread's use until its next call, kept for the thread's life: products run thousands of times a second.
// `purpose` tells the users apart.
enum scratch_purpose { scratch_blocks, scratch_pairs, scratch_row, scratch_narrow, scratch_hidden, scratch_cells, scratch_units, scratch_memory,
                       scratch_attention, scratch_matrix_memory, scratch_purposes };
void *tlm_thread_scratch(enum scratch_purpose purpose, size_t bytes);

// The state before a step of a recurrence for `rows` rows. Where some row restarts, a copy in scratch with zeros in its place.
const float *tlm_state_before(enum scratch_purpose purpose, const bool *restarts, ptrdiff_t rows, ptrdiff_t H,
                              const float *state);

// Zeroes the state's gradient of rows that restart: nothing flows back to before.
void tlm_clear_restarted(const bool *restarts, ptrdiff_t rows, ptrdiff_t H, float *gradient);

// One row of layer normalization and its gradient in plain C; returns the scale. dx is neither dy nor normal.
float tlm_plain_normalize(ptrdiff_t width, float epsilon, const float *x, float *normal);
void tlm_plain_normalize_backward(ptrdiff_t width, const float *gain, const float *dy, const float *normal, float scale,
                                  float *dx);

// x as bfloat16, rounded to nearest even.
void tlm_narrow_to_bfloat16(ptrdiff_t n, const float *x, uint16_t *y);

// A packed operand in oneDNN's layout (onednn.c); NULL where the library or the processor cannot do it.
struct onednn_weights;
struct onednn_weights *tlm_onednn_weights_create(tlm_precision precision, bool transpose_b, ptrdiff_t k, ptrdiff_t n,
                                             const float *b, ptrdiff_t ldb);
void tlm_onednn_weights_destroy(struct onednn_weights *weights);
bool tlm_onednn_weights_multiply(const struct onednn_weights *weights, ptrdiff_t m, const float *a, ptrdiff_t lda,
                             const float *bias, float *c, ptrdiff_t ldc, bool accumulate);

// The hash behind dropout: 32 well-mixed bits for element i under a key.
static inline uint32_t dropout_hash(uint64_t key, uint32_t low, uint32_t high) {
  uint32_t x = low * 0x9E3779B1u + (uint32_t)key;
  x ^= high * 0x85EBCA77u + (uint32_t)(key >> 32);
  x ^= x >> 16;
  x *= 0x7FEB352Du;
  x ^= x >> 15;
  x *= 0x846CA68Bu;
  x ^= x >> 16;
  return x;
}

#pragma GCC visibility pop
#endif
