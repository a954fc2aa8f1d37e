// Steps of external memories, one row of the batch each: what they share, and the neural Turing machine; part of
// kernels_body.h. A memory is [W, N], element w of all slots side by side, so that vectors go over slots.

// Beyond this a head's numbers saturate; without it addressing that has become sharp stays so for ever.
static const float interface_limit = 20;

static float limited(float x) { return x > interface_limit ? interface_limit : x < -interface_limit ? -interface_limit : x; }
static bool is_limited(float x) { return x > interface_limit || x < -interface_limit; }
static float soft_plus_of(float x) { return (x > 0 ? x : 0) + log1pf(expf(x > 0 ? -x : x)); }
static float logistic_of(float x) { return 1 / (1 + expf(-x)); }

static float norm_of(ptrdiff_t count, float epsilon, const float *x) { return sqrtf(dot_loop(count, x, x) + epsilon); }

// norms[N] of the slots, sqrt(sum of squares + epsilon).
static void slot_norms(ptrdiff_t W, ptrdiff_t N, float epsilon, const float *memory, float *norms) {
  EACH_VECTOR(N, {
    vector sum = splat(epsilon);
    for (ptrdiff_t w = 0; w < W; w++) {
      vector v = load_some(memory + w * N + u, n);
      sum += v * v;
    }
    store_some(norms + u, __builtin_elementwise_sqrt(sum), n);
  });
}

// weights = softmax(strength cosine), cosine = key M / (norm key_norm + floor).
static void address_by_content(ptrdiff_t W, ptrdiff_t N, const float *memory, const float *norms, const float *key,
                               float key_norm, float strength, float floor, float *cosine, float *weights) {
  EACH_VECTOR(N, {
    vector sum = {};
    for (ptrdiff_t w = 0; w < W; w++) sum += load_some(memory + w * N + u, n) * key[w];
    vector c = sum / (load_or(norms + u, n, 1) * key_norm + floor);
    store_some(cosine + u, c, n);
    store_some(weights + u, c * strength, n);
  });
  softmax_loop(N, weights, NULL, weights);
}

// Given d = the gradient of the weights, which becomes that of the products key M: adds the norms' to dnorms, and the
// key's, which leaves out the products' part, to dkey_norm; returns the strength's.
static float content_gradient(ptrdiff_t N, const float *norms, float key_norm, float strength, float floor,
                              const float *cosine, const float *weights, float *d, float *dnorms, float *dkey_norm) {
  softmax_backward_loop(N, weights, d, d);
  float dstrength = dot_loop(N, d, cosine);
  vector of_key = {};
  EACH_VECTOR(N, {
    vector norm = load_or(norms + u, n, 1);
    vector dproduct = load_some(d + u, n) * strength / (norm * key_norm + floor);
    vector dscale = -dproduct * load_some(cosine + u, n);
    store_some(dnorms + u, load_some(dnorms + u, n) + dscale * key_norm, n);
    of_key += first_lanes(dscale * norm, n);
    store_some(d + u, dproduct, n);
  });
  *dkey_norm += lane_sum(of_key);
  return dstrength;
}

// MARK: Neural Turing machine

static ptrdiff_t ntm_head_size(const tlm_ntm *m, ptrdiff_t head) {
  return m->width + 3 + m->shifts + (head < m->read_heads ? 0 : 2 * m->width);
}

// Where the numbers of a head are in the interface.
struct ntm_head {
  ptrdiff_t key, strength, gate, shift, sharpness, erase, add;
};
static struct ntm_head ntm_head_at(const tlm_ntm *m, ptrdiff_t head) {
  ptrdiff_t writers = head > m->read_heads ? head - m->read_heads : 0;
  ptrdiff_t start = (head - writers) * ntm_head_size(m, 0) + writers * ntm_head_size(m, m->read_heads);
  ptrdiff_t end = start + m->width + 3 + m->shifts;
  return (struct ntm_head){start, start + m->width, start + m->width + 1, start + m->width + 2, end - 1, end,
                           end + m->width};
}

// What a row's trace holds, in this order.
struct ntm_trace {
  float *interface;  // [P], after the functions
  float *norms;      // [N]
  float *heads;      // for each head [5][N]: weighting before, by content, shifted, sharpened; cosine
};
static struct ntm_trace ntm_trace_at(const tlm_ntm *m, float *trace) {
  float *norms = trace + tlm_ntm_interface_size(m);
  return (struct ntm_trace){trace, norms, norms + m->slots};
}

static const float ntm_norm_floor = 1e-12f, ntm_cosine_floor = 1e-8f, ntm_weight_floor = 1e-16f;

static void ntm_activate(const tlm_ntm *m, ptrdiff_t head, const float *raw, float *x) {
  struct ntm_head at = ntm_head_at(m, head);
  tanh_loop(m->width, raw + at.key, x + at.key);
  x[at.strength] = soft_plus_of(limited(raw[at.strength]));
  x[at.gate] = logistic_of(limited(raw[at.gate]));
  softmax_loop(m->shifts, raw + at.shift, NULL, x + at.shift);
  x[at.sharpness] = 1 + soft_plus_of(limited(raw[at.sharpness]));
  if (head < m->read_heads) return;
  sigmoid_loop(m->width, raw + at.erase, x + at.erase);
  tanh_loop(m->width, raw + at.add, x + at.add);
}

// y[i] for i in 0 ..< N + S - 1 = x[(i - (S - 1) / 2) mod N]: a ring with its ends repeated.
static void wrap(ptrdiff_t N, ptrdiff_t S, const float *x, float *y) {
  ptrdiff_t half = (S - 1) / 2;
  memcpy(y + half, x, (size_t)N * sizeof(float));
  for (ptrdiff_t i = 1; i <= half; i++) {
    y[half - i] = x[((-i) % N + N) % N];
    y[half + N - 1 + i] = x[(i - 1) % N];
  }
}

static void ntm_address(const tlm_ntm *m, struct ntm_head at, const float *x, const float *norms, const float *memory,
                        const float *logits, float *kept, float *new_logits, float *ring) {
  ptrdiff_t N = m->slots, S = m->shifts;
  float *before = kept, *content = kept + N, *shifted = kept + 2 * N, *weights = kept + 3 * N, *cosine = kept + 4 * N;
  softmax_loop(N, logits, NULL, before);
  address_by_content(m->width, N, memory, norms, x + at.key, norm_of(m->width, ntm_norm_floor, x + at.key), x[at.strength],
                     ntm_cosine_floor, cosine, content);
  interpolate_loop(N, x[at.gate], before, content, weights);
  wrap(N, S, weights, ring);
  const float *shift = x + at.shift;
  float sharpness = x[at.sharpness];
  EACH_VECTOR(N, {
    vector sum = {};
    for (ptrdiff_t j = 0; j < S; j++) sum += load_some(ring + u + S - 1 - j, n) * shift[j];
    store_some(shifted + u, sum, n);
    store_some(new_logits + u, logarithm(sum + ntm_weight_floor) * sharpness, n);
  });
  float total = softmax_loop(N, new_logits, NULL, weights);
  EACH_VECTOR(N, { store_some(new_logits + u, load_some(new_logits + u, n) - total, n); });
}

static void ntm_forward_row_loop(const tlm_ntm *m, const float *raw, const float *logits, const float *memory, float *reads,
                                 float *new_logits, float *new_memory, float *row_trace, float *work) {
  ptrdiff_t N = m->slots, W = m->width, R = m->read_heads, heads = R + m->write_heads;
  struct ntm_trace trace = ntm_trace_at(m, row_trace);
  const float *x = trace.interface;
  slot_norms(W, N, ntm_norm_floor, memory, trace.norms);
  for (ptrdiff_t head = 0; head < heads; head++) {
    ntm_activate(m, head, raw, trace.interface);
    ntm_address(m, ntm_head_at(m, head), x, trace.norms, memory, logits + head * N, trace.heads + head * 5 * N,
                new_logits + head * N, work);
  }
  for (ptrdiff_t w = 0; w < W; w++) {
    const float *elements = memory + w * N;
    for (ptrdiff_t head = 0; head < R; head++) reads[head * W + w] = dot_loop(N, trace.heads + (head * 5 + 3) * N, elements);
    EACH_VECTOR(N, {
      vector kept = load_some(elements + u, n);
      vector added = {};
      for (ptrdiff_t head = R; head < heads; head++) {
        struct ntm_head at = ntm_head_at(m, head);
        vector weight = load_some(trace.heads + (head * 5 + 3) * N + u, n);
        kept *= 1.0f - weight * x[at.erase + w];
        added += weight * x[at.add + w];
      }
      store_some(new_memory + w * N + u, kept + added, n);
    });
  }
}

// The gradient of a head's addressing: dweights of its weights becomes that of the products of its key with the memory.
static void ntm_address_gradient(const tlm_ntm *m, struct ntm_head at, const float *raw, const float *x,
                                 const float *norms, const float *kept, const float *dnew_logits, float *dweights,
                                 float *dnorms, float *draw, float *dlogits, float *dkey_norm, float *work) {
  ptrdiff_t N = m->slots, S = m->shifts;
  const float *before = kept, *content = kept + N, *shifted = kept + 2 * N, *weights = kept + 3 * N, *cosine = kept + 4 * N;
  float *ring = work, *dshifted = work + N + S, *dring = dshifted + N;
  float sharpness = x[at.sharpness], gate = x[at.gate];
  // new_logits = l - ln sum e^l with l = sharpness ln(shifted + floor); weights = e^new_logits.
  vector sums = {};
  EACH_VECTOR(N, {
    vector d = load_some(dweights + u, n) * load_some(weights + u, n);
    if (dnew_logits) d += load_some(dnew_logits + u, n);
    store_some(dweights + u, d, n);
    sums += d;
  });
  float total = lane_sum(sums);
  vector of_sharpness = {};
  EACH_VECTOR(N, {
    vector d = load_some(dweights + u, n) - load_some(weights + u, n) * total;
    vector s = load_some(shifted + u, n) + ntm_weight_floor;
    of_sharpness += first_lanes(d * logarithm(s), n);
    store_some(dshifted + u, d * sharpness / s, n);
  });
  draw[at.sharpness] = is_limited(raw[at.sharpness]) ? 0 : lane_sum(of_sharpness) * logistic_of(raw[at.sharpness]);

  interpolate_loop(N, gate, before, content, dweights);
  wrap(N, S, dweights, ring);
  wrap(N, S, dshifted, dring);
  for (ptrdiff_t j = 0; j < S; j++) draw[at.shift + j] = dot_loop(N, dshifted, ring + S - 1 - j);
  softmax_backward_loop(S, x + at.shift, draw + at.shift, draw + at.shift);
  vector of_gate = {};
  EACH_VECTOR(N, {
    vector d = {};
    for (ptrdiff_t j = 0; j < S; j++) d += load_some(dring + u + j, n) * x[at.shift + j];
    of_gate += first_lanes(d * (load_some(content + u, n) - load_some(before + u, n)), n);
    store_some(dlogits + u, d * (1.0f - gate), n);
    store_some(dweights + u, d * gate, n);
  });
  draw[at.gate] = is_limited(raw[at.gate]) ? 0 : lane_sum(of_gate) * gate * (1 - gate);
  softmax_backward_loop(N, before, dlogits, dlogits);
  float dstrength = content_gradient(N, norms, norm_of(m->width, ntm_norm_floor, x + at.key), x[at.strength],
                                     ntm_cosine_floor, cosine, content, dweights, dnorms, dkey_norm);
  draw[at.strength] = is_limited(raw[at.strength]) ? 0 : dstrength * logistic_of(raw[at.strength]);
}

// The part of the gradients that comes through what heads write into element w of all slots; dmemory is set.
static void ntm_write_gradient(const tlm_ntm *m, ptrdiff_t w, const float *x, const float *memory, const float *weights,
                               const float *dnew_memory, float *dweights, float *dmemory, float *draw) {
  ptrdiff_t N = m->slots, R = m->read_heads, heads = R + m->write_heads;
  for (ptrdiff_t head = R; head < heads; head++) draw[ntm_head_at(m, head).erase + w] = draw[ntm_head_at(m, head).add + w] = 0;
  if (!dnew_memory) {
    memset(dmemory, 0, (size_t)N * sizeof(float));
    return;
  }
  EACH_VECTOR(N, {
    vector d = load_some(dnew_memory + u, n);
    vector all = splat(1);
    for (ptrdiff_t head = R; head < heads; head++)
      all *= 1.0f - load_some(weights + head * 5 * N + u, n) * x[ntm_head_at(m, head).erase + w];
    store_some(dmemory + u, d * all, n);
    for (ptrdiff_t head = R; head < heads; head++) {
      struct ntm_head at = ntm_head_at(m, head);
      vector others = load_some(memory + u, n) * d;  // what this head's erasing takes away from
      for (ptrdiff_t other = R; other < heads; other++)
        if (other != head) others *= 1.0f - load_some(weights + other * 5 * N + u, n) * x[ntm_head_at(m, other).erase + w];
      vector weight = load_some(weights + head * 5 * N + u, n);
      draw[at.erase + w] -= lane_sum(others * weight);
      draw[at.add + w] += lane_sum(d * weight);
      float *sums = dweights + head * N + u;
      store_some(sums, load_some(sums, n) + d * x[at.add + w] - others * x[at.erase + w], n);
    }
  });
}

static void ntm_backward_row_loop(const tlm_ntm *m, const float *raw, const float *memory, const float *row_trace,
                                  const float *dreads, const float *dnew_logits, const float *dnew_memory, float *draw,
                                  float *dlogits, float *dmemory, float *work) {
  ptrdiff_t N = m->slots, W = m->width, R = m->read_heads, heads = R + m->write_heads;
  struct ntm_trace trace = ntm_trace_at(m, (float *)row_trace);
  const float *x = trace.interface, *weights = trace.heads + 3 * N;
  float *dweights = work, *dnorms = dweights + heads * N, *key_norms = dnorms + N, *rest = key_norms + heads;
  memset(dweights, 0, (size_t)((heads + 1) * N + heads) * sizeof(float));
  for (ptrdiff_t w = 0; w < W; w++) {
    ntm_write_gradient(m, w, x, memory + w * N, weights, dnew_memory ? dnew_memory + w * N : NULL, dweights,
                       dmemory + w * N, draw);
    for (ptrdiff_t head = 0; dreads && head < R; head++) {
      add_scaled_loop(N, dreads[head * W + w], memory + w * N, dweights + head * N);
      add_scaled_loop(N, dreads[head * W + w], weights + head * 5 * N, dmemory + w * N);
    }
  }
  for (ptrdiff_t head = 0; head < heads; head++)
    ntm_address_gradient(m, ntm_head_at(m, head), raw, x, trace.norms, trace.heads + head * 5 * N,
                         dnew_logits ? dnew_logits + head * N : NULL, dweights + head * N, dnorms, draw,
                         dlogits + head * N, key_norms + head, rest);
  EACH_VECTOR(N, { store_some(dnorms + u, load_some(dnorms + u, n) / load_or(trace.norms + u, n, 1), n); });
  for (ptrdiff_t head = 0; head < heads; head++) {
    struct ntm_head at = ntm_head_at(m, head);
    float share = key_norms[head] / norm_of(W, ntm_norm_floor, x + at.key);
    for (ptrdiff_t w = 0; w < W; w++) {
      float key = x[at.key + w];
      draw[at.key + w] = (dot_loop(N, dweights + head * N, memory + w * N) + share * key) * (1 - key * key);
      add_scaled_loop(N, key, dweights + head * N, dmemory + w * N);
    }
    if (head < R) continue;
    for (ptrdiff_t w = 0; w < W; w++) {
      float erase = x[at.erase + w], add = x[at.add + w];
      draw[at.erase + w] *= erase * (1 - erase);
      draw[at.add + w] *= 1 - add * add;
    }
  }
  for (ptrdiff_t w = 0; w < W; w++)
    EACH_VECTOR(N, {
      float *d = dmemory + w * N + u;
      store_some(d, load_some(d, n) + load_some(dnorms + u, n) * load_some(memory + w * N + u, n), n);
    });
}
