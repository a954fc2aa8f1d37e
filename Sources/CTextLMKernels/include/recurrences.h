// Recurrent layers beside the LSTM: the part of CTextLMKernels.h, which includes this file and explains the letters.
#ifndef TEXTLM_RECURRENCES_H
#define TEXTLM_RECURRENCES_H

// MARK: Gated recurrent units and Elman's network over a whole sequence (gru.c, elman.c)

/// Forward over T steps, gates in PyTorch's order r, z, n: n = tanh(a_n + r q_n), h = (1 - z) n + z h', where a is the
/// input's part of the pre-activations, W_ih x and its bias, and q = W_hh h' and its bias. On entry gates [T,B,3H] hold a;
/// or, when tokens [T,B] is not NULL, a is row tokens[t,b] of table [V,3H]. weight = packed W_hh transposed, op(b) [H,3H],
/// bias [3H]; h0 and restarts as for tlm_lstm_forward. Out: gates = activated r, z, n; recurrent [T,B,3H] = q; h [T,B,H].
void tlm_gru_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *weight, const float *bias, const int32_t *tokens,
  const float *table, const float *h0, const bool *restarts, float *gates, float *recurrent, float *h);
/// The plain twin; weight_hh [3H,H] unpacked.
void tlm_gru_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *bias, const int32_t *tokens,
  const float *table, const float *h0, const bool *restarts, float *gates, float *recurrent, float *h);
/// Backward. gates, recurrent and h as forward left them, weight = packed W_hh as it is, dh [T,B,H], dh_last [B,H] or NULL.
/// Out: gates = gradient of a, recurrent = gradient of q, dh0 [B,H] (never NULL).
void tlm_gru_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *weight, const float *h, const float *h0, const bool *restarts,
  const float *dh, const float *dh_last, float *gates, float *recurrent, float *dh0);
void tlm_gru_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *h, const float *h0, const bool *restarts,
  const float *dh, const float *dh_last, float *gates, float *recurrent, float *dh0);

/// The same with the reset gate in front of the recurrent product: n = tanh(a_n + W_hn (r h')). a holds both biases.
/// gate_weight = packed rows r, z of W_hh, transposed, op(b) [H,2H]; new_weight = its rows n likewise [H,H]. Out: gates;
/// reset [T,B,H] = r h'; h.
void tlm_gru_before_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *gate_weight, const tlm_packed *new_weight,
  const int32_t *tokens, const float *table, const float *h0, const bool *restarts, float *gates, float *reset, float *h);
void tlm_gru_before_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const int32_t *tokens, const float *table, const float *h0,
  const bool *restarts, float *gates, float *reset, float *h);
/// Backward; the weights are packed as they are. Out: gates = gradient of the pre-activations; dh0.
void tlm_gru_before_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *gate_weight, const tlm_packed *new_weight, const float *h,
  const float *h0, const bool *restarts, const float *dh, const float *dh_last, float *gates, float *dh0);
void tlm_gru_before_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *h, const float *h0, const bool *restarts,
  const float *dh, const float *dh_last, float *gates, float *dh0);

/// f of h = f(..); TLM_ELMAN_RELU is max(x, 0).
typedef enum tlm_nonlinearity { TLM_ELMAN_TANH = 0, TLM_ELMAN_RELU = 1 } tlm_nonlinearity;
/// h = f(a + W_hh h'). On entry h [T,B,H] holds a, W_ih x and both biases; or tokens and table [V,H] as above. The
/// rest as above; out: h.
void tlm_elman_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, tlm_nonlinearity nonlinearity, const tlm_packed *weight, const int32_t *tokens,
  const float *table, const float *h0, const bool *restarts, float *h);
void tlm_elman_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, tlm_nonlinearity nonlinearity, const float *weight_hh, const int32_t *tokens,
  const float *table, const float *h0, const bool *restarts, float *h);
/// Out: da [T,B,H], gradient of the pre-activations, and dh0.
void tlm_elman_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, tlm_nonlinearity nonlinearity, const tlm_packed *weight, const float *h,
  const bool *restarts, const float *dh, const float *dh_last, float *da, float *dh0);
void tlm_elman_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, tlm_nonlinearity nonlinearity, const float *weight_hh, const float *h,
  const bool *restarts, const float *dh, const float *dh_last, float *da, float *dh0);

// MARK: Multiplicative LSTM over a whole sequence (multiplicative.c)

/// Forward: tlm_lstm_forward with W_hh m in the place of W_hh h', m = factor (W_mh h'), factor [T,B,H] = W_mx x. inner = packed
/// W_mh transposed, op(b) [H,H]. Out besides: products [T,B,H] = W_mh h', mixed [T,B,H] = m.
void tlm_multiplicative_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *inner, const tlm_packed *recurrent, const int32_t *tokens,
  const float *table, const float *factor, const float *h0, const float *c0, const bool *restarts, float *gates,
  float *products, float *mixed, float *c, float *h);
void tlm_multiplicative_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_inner, const float *weight_hh, const int32_t *tokens,
  const float *table, const float *factor, const float *h0, const float *c0, const bool *restarts, float *gates,
  float *products, float *mixed, float *c, float *h);
/// Backward. inner and recurrent are packed as they are. Out: gates = gradient of the pre-activations, products = that of
/// W_mh h', dfactor [T,B,H], dh0, dc0.
void tlm_multiplicative_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *inner, const tlm_packed *recurrent, const float *factor,
  const float *c, const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last,
  float *gates, float *products, float *dfactor, float *dh0, float *dc0);
void tlm_multiplicative_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_inner, const float *weight_hh, const float *factor,
  const float *c, const float *c0, const bool *restarts, const float *dh, const float *dh_last, const float *dc_last,
  float *gates, float *products, float *dfactor, float *dh0, float *dc0);

// MARK: Mogrifier LSTM over a whole sequence (mogrifier.c)

/// An LSTM before whose steps input x and state h' scale each other: in round i = 1, 3, .. x becomes 2 s(W_i h' + b_i) x, in
/// round i = 2, 4, .. h' becomes 2 s(W_i x + b_i) h', with what the round before left. weights: packed W_i, [D,H] or [H,D],
/// transposed in the forward pass and as they are in the backward one, as are input W_ih [4H,D] and recurrent W_hh [4H,H];
/// bias [4H].
typedef struct tlm_mogrifier {
  ptrdiff_t rounds;
  const tlm_packed *const *weights;
  const float *const *biases;
  const tlm_packed *input, *recurrent;
  const float *bias;
} tlm_mogrifier;
/// Forward over T steps of x [T,B,D]; the rest as for tlm_lstm_forward. Out besides: scales, 2 s(..), and values, what they
/// made, of all rounds one after the other, [T,B,D] or [T,B,H] each.
void tlm_mogrifier_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const tlm_mogrifier *layer, const float *x, const float *h0,
  const float *c0, const bool *restarts, float *scales, float *values, float *gates, float *c, float *h);
/// Backward. Out: scales = gradients of W_i .. + b_i, gates = gradient of the pre-activations, dx [T,B,D], dh0, dc0.
void tlm_mogrifier_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const tlm_mogrifier *layer, const float *x, const float *values,
  const float *h, const float *h0, const float *c, const float *c0, const bool *restarts, const float *dh,
  const float *dh_last, const float *dc_last, float *scales, float *gates, float *dx, float *dh0, float *dc0);

/// The same with matrices unpacked, for the plain twins.
typedef struct tlm_mogrifier_plain {
  ptrdiff_t rounds;
  const float *const *weights, *const *biases;
  const float *weight_ih, *weight_hh, *bias;
} tlm_mogrifier_plain;
void tlm_mogrifier_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const tlm_mogrifier_plain *layer, const float *x, const float *h0,
  const float *c0, const bool *restarts, float *scales, float *values, float *gates, float *c, float *h);
void tlm_mogrifier_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t H, const tlm_mogrifier_plain *layer, const float *x, const float *values,
  const float *h, const float *h0, const float *c, const float *c0, const bool *restarts, const float *dh,
  const float *dh_last, const float *dc_last, float *scales, float *gates, float *dx, float *dh0, float *dc0);

// MARK: sLSTM over a whole sequence (slstm.c)

/// Forward over T steps, gates i, f, z, o, s being the logistic function:
///   m = m' + s(i - l' - ln s(f)) (tanh z - m'),  l = ln(e^i + s(f) e^l'),  h = s(o) m
/// which is the sLSTM's cell over its normalizer, and the logarithm of the normalizer. On entry gates [T,B,4H] hold W_ih x and
/// the bias, weights [B,H] l before the first step. recurrent = packed W_hh transposed, op(b) [H,4H]; h0, m0 [B,H]; where
/// restarts [T,B], NULL for none, is true, h' and m' are 0 and l' is -1e30. Out: gates = s(i - ..), s(f), tanh z, s(o); m, h
/// [T,B,H]; weights = l after the last step.
void tlm_slstm_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const float *h0, const float *m0,
  const bool *restarts, float *gates, float *m, float *weights, float *h);
void tlm_slstm_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *h0, const float *m0, const bool *restarts,
  float *gates, float *m, float *weights, float *h);
/// Backward. gates and m as forward left them, dh [T,B,H]; dh0, dm0, dweights [B,H] hold the gradients of the last state on
/// entry. recurrent is packed as it is. Out: gates = gradient of the pre-activations; dh0, dm0, dweights of the first state.
void tlm_slstm_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const tlm_packed *recurrent, const float *m, const float *m0,
  const bool *restarts, const float *dh, float *gates, float *dh0, float *dm0, float *dweights);
void tlm_slstm_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *weight_hh, const float *m, const float *m0, const bool *restarts,
  const float *dh, float *gates, float *dh0, float *dm0, float *dweights);

// MARK: Recurrences without products over a whole sequence (scan.c)

/// Element by element, s being the logistic function and g(x) = x + 0.5 for x >= 0, else s(x):
///   MIN_GRU   gates z, g:     c = (1 - s(z)) c' + s(z) g(g);  h = c
///   MIN_LSTM  gates f, i, g:  c = (s(f) c' + s(i) g(g)) / (s(f) + s(i));  h = c
///   QRNN      gates z, i, o:  c = s(i) tanh(z) + (1 - s(i)) c';  h = s(o) c
///   SRU       gates z, f, r, parameters v, w, a skip x: F = s(f + v c');  c = F c' + (1 - F) z;  R = s(r + w c');
///             h = R c + (1 - R) x
///   WKV       gates k, v, parameters w, u; state m, l: h = m' + s(k + u - l') (v - m');
///             m = m' + s(k - l' - w) (v - m');  l = ln(e^(l' + w) + e^k)
/// h of WKV is the mean of all v so far, weighted with e^k, which decays by e^w a step; l is the logarithm of the weights' sum.
typedef enum tlm_scan { TLM_MIN_GRU, TLM_MIN_LSTM, TLM_QRNN, TLM_SRU, TLM_WKV } tlm_scan;

/// Forward over T steps. gates [T,B,G,H], pre-activations on entry, are activated (WKV's stay). parameters [P,H] and
/// skip [T,B,H], or NULL where there are none. state0 [B,S,H], S being 2 for WKV and else 1; where restarts [T,B], NULL for
/// none, is true, tlm_scan_start takes its place. Out: state [T,B,S,H]; h [T,B,H], NULL where it is the state.
void tlm_scan_forward(
  tlm_scan scan, ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *parameters, const float *skip, const float *state0,
  const bool *restarts, float *gates, float *state, float *h);
void tlm_scan_forward_plain(
  tlm_scan scan, ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *parameters, const float *skip, const float *state0,
  const bool *restarts, float *gates, float *state, float *h);
/// The number that tensor 0 ..< S of the state is filled with before the first step.
float tlm_scan_start(tlm_scan scan, ptrdiff_t tensor);
/// Backward. gates and state as forward left them, dh [T,B,H], dstate_last [B,S,H] or NULL for zero. Out: gates = gradient of
/// the pre-activations; dstate0 [B,S,H]; dskip [T,B,H]; dparameters [B,P,H], each row's part; NULL where there are none.
void tlm_scan_backward(
  tlm_scan scan, ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *parameters, const float *skip, const float *state,
  const float *state0, const bool *restarts, const float *dh, const float *dstate_last, float *gates, float *dstate0,
  float *dskip, float *dparameters);
void tlm_scan_backward_plain(
  tlm_scan scan, ptrdiff_t T, ptrdiff_t B, ptrdiff_t H, const float *parameters, const float *skip, const float *state,
  const float *state0, const bool *restarts, const float *dh, const float *dstate_last, float *gates, float *dstate0,
  float *dskip, float *dparameters);

// MARK: Causal convolution of each channel by itself (depthwise.c)

/// y[t] = bias + sum over j < K of weight[j] x[t - (K - 1 - j)]; x, y [T,B,D], weight [K,D], bias [D]. What was before the
/// first step is past [B,K-1,D], the latest last. Where restarts [T,B], NULL for none, is true, a row sees nothing from before.
void tlm_depthwise_forward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t K, const float *x, const float *past, const float *weight,
  const float *bias, const bool *restarts, float *y);
void tlm_depthwise_forward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t K, const float *x, const float *past, const float *weight,
  const float *bias, const bool *restarts, float *y);
/// Out: dx, dpast; dparameters [B,K+1,D], each row's part in the gradients of weight and, last, of bias.
void tlm_depthwise_backward(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t K, const float *x, const float *past, const float *weight,
  const bool *restarts, const float *dy, float *dx, float *dpast, float *dparameters);
void tlm_depthwise_backward_plain(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t D, ptrdiff_t K, const float *x, const float *past, const float *weight,
  const bool *restarts, const float *dy, float *dx, float *dpast, float *dparameters);

#endif
