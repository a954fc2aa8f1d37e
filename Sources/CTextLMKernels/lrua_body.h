// A step of least-recently-used access for one row of the batch; part of kernels_body.h, after memory_body.h.

static const float lrua_floor = 1e-6f;

// What a row's trace holds, in this order.
struct lrua_trace {
  float *slots;    // [R], the slot that each head finds least used, the least used of all first
  float *squares;  // [N], of the memory after the step
  float *cosines;  // [R, N]
};
static struct lrua_trace lrua_trace_at(const tlm_lrua *m, float *trace) {
  return (struct lrua_trace){trace, trace + m->heads, trace + m->heads + m->slots};
}

// The least used slot that is not among the first `count` of `slots`; of equals the first.
static ptrdiff_t least_used(ptrdiff_t N, const float *usage, ptrdiff_t count, const float *slots) {
  ptrdiff_t least = -1;
  for (ptrdiff_t i = 0; i < N; i++) {
    bool is_taken = false;
    for (ptrdiff_t r = 0; r < count; r++) is_taken |= (ptrdiff_t)slots[r] == i;
    if (!is_taken && (least < 0 || usage[i] < usage[least])) least = i;
  }
  return least;
}

static void lrua_forward_row_loop(const tlm_lrua *m, const float *keys, const float *gates, const float *strengths,
                                  const float *memory, const float *reading, const float *usage, float *reads,
                                  float *new_memory, float *new_reading, float *new_usage, float *writing,
                                  float *row_trace) {
  ptrdiff_t N = m->slots, W = m->width, R = m->heads;
  struct lrua_trace trace = lrua_trace_at(m, row_trace);
  scale_loop(N, m->usage_decay, usage, new_usage);
  for (ptrdiff_t r = 0; r < R; r++) {
    ptrdiff_t slot = least_used(N, usage, r, trace.slots);
    trace.slots[r] = (float)slot;
    float gate = logistic_of(gates[r]);
    scale_loop(N, gate, reading + r * N, writing + r * N);
    writing[r * N + slot] += 1 - gate;
    add_loop(N, new_usage, writing + r * N, new_usage);
  }
  for (ptrdiff_t w = 0; w < W; w++) {
    float *elements = new_memory + w * N;
    memcpy(elements, memory + w * N, (size_t)N * sizeof(float));
    elements[(ptrdiff_t)trace.slots[0]] = 0;
    for (ptrdiff_t r = 0; r < R; r++) add_scaled_loop(N, keys[r * W + w], writing + r * N, elements);
  }
  EACH_VECTOR(N, {
    vector sum = {};
    for (ptrdiff_t w = 0; w < W; w++) sum += load_some(new_memory + w * N + u, n) * load_some(new_memory + w * N + u, n);
    store_some(trace.squares + u, sum, n);
  });
  for (ptrdiff_t r = 0; r < R; r++) {
    const float *key = keys + r * W;
    float square = dot_loop(W, key, key), *cosine = trace.cosines + r * N, *weights = new_reading + r * N;
    EACH_VECTOR(N, {
      vector product = {};
      for (ptrdiff_t w = 0; w < W; w++) product += load_some(new_memory + w * N + u, n) * key[w];
      vector c = product / __builtin_elementwise_sqrt(load_some(trace.squares + u, n) * square + lrua_floor);
      store_some(cosine + u, c, n);
      store_some(weights + u, c * strengths[r], n);
    });
    softmax_loop(N, weights, NULL, weights);
    add_loop(N, new_usage, weights, new_usage);
    for (ptrdiff_t w = 0; w < W; w++) reads[r * W + w] = dot_loop(N, new_memory + w * N, weights);
  }
}

// The read heads: adds to dmemory, of the memory after, and sets dkeys and dstrengths; d is scratch.
static void lrua_read_gradient(const tlm_lrua *m, const float *keys, const float *strengths, const float *new_memory,
                               const float *new_reading, struct lrua_trace trace, const float *dreads,
                               const float *dnew_reading, const float *dnew_usage, float *dmemory, float *dkeys,
                               float *dstrengths, float *d, float *dsquares) {
  ptrdiff_t N = m->slots, W = m->width;
  memset(dsquares, 0, (size_t)N * sizeof(float));
  for (ptrdiff_t r = 0; r < m->heads; r++) {
    const float *key = keys + r * W, *cosine = trace.cosines + r * N, *weights = new_reading + r * N;
    copy_or_zero(N, dnew_reading ? dnew_reading + r * N : NULL, d);
    if (dnew_usage) add_loop(N, d, dnew_usage, d);
    for (ptrdiff_t w = 0; dreads && w < W; w++) {
      add_scaled_loop(N, dreads[r * W + w], new_memory + w * N, d);
      add_scaled_loop(N, dreads[r * W + w], weights, dmemory + w * N);
    }
    softmax_backward_loop(N, weights, d, d);
    dstrengths[r] = dot_loop(N, d, cosine);
    float square = dot_loop(W, key, key);
    vector of_square = {};
    EACH_VECTOR(N, {
      vector squares = load_some(trace.squares + u, n);
      vector whole = squares * square + lrua_floor;
      vector dcosine = load_some(d + u, n) * strengths[r];
      vector dwhole = dcosine * load_some(cosine + u, n) / whole * -0.5f;
      of_square += first_lanes(dwhole * squares, n);
      store_some(dsquares + u, load_some(dsquares + u, n) + dwhole * square, n);
      store_some(d + u, dcosine / __builtin_elementwise_sqrt(whole), n);
    });
    float dsquare = lane_sum(of_square);
    for (ptrdiff_t w = 0; w < W; w++) {
      dkeys[r * W + w] = dot_loop(N, d, new_memory + w * N) + 2 * dsquare * key[w];
      add_scaled_loop(N, key[w], d, dmemory + w * N);
    }
  }
  for (ptrdiff_t w = 0; w < W; w++)
    EACH_VECTOR(N, {
      float *place = dmemory + w * N + u;
      vector of_square = load_some(dsquares + u, n) * load_some(new_memory + w * N + u, n);
      store_some(place, load_some(place, n) + of_square * 2.0f, n);
    });
}

static void lrua_backward_row_loop(const tlm_lrua *m, const float *keys, const float *gates, const float *strengths,
                                   const float *reading, const float *new_memory, const float *new_reading,
                                   const float *writing, const float *row_trace, const float *dreads,
                                   const float *dnew_memory, const float *dnew_reading, const float *dnew_usage,
                                   const float *dwriting, float *dkeys, float *dgates, float *dstrengths, float *dmemory,
                                   float *dreading, float *dusage, float *work) {
  ptrdiff_t N = m->slots, W = m->width, R = m->heads;
  struct lrua_trace trace = lrua_trace_at(m, (float *)row_trace);
  float *d = work, *rest = work + N;
  copy_or_zero(W * N, dnew_memory, dmemory);
  lrua_read_gradient(m, keys, strengths, new_memory, new_reading, trace, dreads, dnew_reading, dnew_usage, dmemory, dkeys,
                     dstrengths, d, rest);
  for (ptrdiff_t r = 0; r < R; r++) {
    copy_or_zero(N, dwriting ? dwriting + r * N : NULL, d);
    if (dnew_usage) add_loop(N, d, dnew_usage, d);
    for (ptrdiff_t w = 0; w < W; w++) {
      add_scaled_loop(N, keys[r * W + w], dmemory + w * N, d);
      dkeys[r * W + w] += dot_loop(N, dmemory + w * N, writing + r * N);
    }
    float gate = logistic_of(gates[r]);
    float of_gate = dot_loop(N, d, reading + r * N) - d[(ptrdiff_t)trace.slots[r]];
    dgates[r] = of_gate * gate * (1 - gate);
    scale_loop(N, gate, d, dreading + r * N);
  }
  for (ptrdiff_t w = 0; w < W; w++) dmemory[w * N + (ptrdiff_t)trace.slots[0]] = 0;
  if (dnew_usage) scale_loop(N, m->usage_decay, dnew_usage, dusage);
  else memset(dusage, 0, (size_t)N * sizeof(float));
}
