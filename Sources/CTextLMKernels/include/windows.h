// Reading of the steps in a window before each step: scores of keys, and sums of values. Part of CTextLMKernels.h.
#ifndef CTEXTLMKERNELS_WINDOWS_H
#define CTEXTLMKERNELS_WINDOWS_H

// MARK: Windows (windows.c)

/// T steps of B rows. Step t sees `count` places, of which place j is row t + j of keys or values [rows, B, width];
/// rows >= T + count - 1.
typedef struct tlm_window {
  ptrdiff_t T, B, count, width, rows;
} tlm_window;

/// scores [T, B, count] of queries [T, B, width]: the products q k; or, with factors [width], sum(factors tanh(q + k)).
void tlm_window_scores(
  const tlm_window *window, const float *queries, const float *keys, const float *factors, float *scores);
void tlm_window_scores_plain(
  const tlm_window *window, const float *queries, const float *keys, const float *factors, float *scores);
/// Gradients given dscores; dfactors [B, width], each row's part, or NULL as factors.
void tlm_window_scores_backward(
  const tlm_window *window, const float *queries, const float *keys, const float *factors, const float *dscores,
  float *dqueries, float *dkeys, float *dfactors);
/// y [T, B, width] = sum over the places of weights [T, B, count] times values.
void tlm_window_sums(const tlm_window *window, const float *weights, const float *values, float *y);
void tlm_window_sums_plain(const tlm_window *window, const float *weights, const float *values, float *y);
/// Gradients given dy.
void tlm_window_sums_backward(
  const tlm_window *window, const float *weights, const float *values, const float *dy, float *dweights, float *dvalues);

#endif
