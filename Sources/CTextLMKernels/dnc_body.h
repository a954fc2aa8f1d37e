// A step of the differentiable neural computer for one row of the batch; part of kernels_body.h, after memory_body.h.

static const float dnc_floor = 1e-6f;

// Where numbers are in the interface.
struct dnc_interface {
  ptrdiff_t read_keys, read_strengths, write_key, write_strength, erase, vector, free, allocation, write, modes;
};
static struct dnc_interface dnc_interface_of(const tlm_dnc *m) {
  ptrdiff_t W = m->width, R = m->read_heads, key = R * W + R, gates = key + 3 * W + 1;
  return (struct dnc_interface){0,     R * W,     key,           key + W,       key + W + 1, key + 2 * W + 1,
                                gates, gates + R, gates + R + 1, gates + R + 2};
}

// What a row's trace holds, in this order.
struct dnc_trace {
  float *interface;                          // [P], after the functions
  float *norms_before, *norms_after;         // [N] of the memory
  float *order;                              // [N], slots from least to most used
  float *allocation, *content, *cosine;      // [N] of the write head
  float *heads;                              // for each read head [4][N]: content, cosine, forward, backward
};
static struct dnc_trace dnc_trace_at(const tlm_dnc *m, float *trace) {
  ptrdiff_t N = m->slots;
  float *p = trace + tlm_dnc_interface_size(m);
  return (struct dnc_trace){trace, p, p + N, p + 2 * N, p + 3 * N, p + 4 * N, p + 5 * N, p + 6 * N};
}

static void dnc_activate(const tlm_dnc *m, const float *raw, float *x) {
  struct dnc_interface at = dnc_interface_of(m);
  ptrdiff_t W = m->width, R = m->read_heads;
  memcpy(x, raw, (size_t)tlm_dnc_interface_size(m) * sizeof(float));
  for (ptrdiff_t r = 0; r < R; r++) x[at.read_strengths + r] = 1 + soft_plus_of(limited(raw[at.read_strengths + r]));
  x[at.write_strength] = 1 + soft_plus_of(limited(raw[at.write_strength]));
  sigmoid_loop(W, raw + at.erase, x + at.erase);
  sigmoid_loop(R + 2, raw + at.free, x + at.free);  // the gates follow each other
  for (ptrdiff_t r = 0; r < R; r++) softmax_loop(3, raw + at.modes + 3 * r, NULL, x + at.modes + 3 * r);
}

// Whether slot i goes before slot j > i, given that their usages are the same. While nothing was written, the first does.
// Later such slots differ by less than float32 tells: what the allocation leaves over falls off from slot to slot, so the
// one behind has got less.
static bool is_first_of_equals(float usage) { return usage <= 0; }

// The least used slots first; what they are given is what the less used ones leave.
static void dnc_allocate(ptrdiff_t N, const float *usage, float *order, float *allocation) {
  for (ptrdiff_t i = 0; i < N; i++) {
    ptrdiff_t j = i;
    for (; j > 0; j--) {
      float other = usage[(ptrdiff_t)order[j - 1]];
      if (other < usage[i] || (other == usage[i] && is_first_of_equals(usage[i])) || isnan(other)) break;
      order[j] = order[j - 1];
    }
    order[j] = (float)i;
  }
  float left = 1;
  for (ptrdiff_t j = 0; j < N; j++) {
    ptrdiff_t slot = (ptrdiff_t)order[j];
    float used = dnc_floor + (1 - dnc_floor) * usage[slot];
    allocation[slot] = (1 - used) * left;
    left *= used;
  }
}

// dusage += the gradient of the usage through the allocation; without division, so that empty slots do no harm.
static void dnc_allocation_gradient(ptrdiff_t N, const float *usage, const float *order, const float *dallocation,
                                    float *dusage, float *lefts) {
  float left = 1;
  for (ptrdiff_t j = 0; j < N; j++) {
    lefts[j] = left;
    left *= dnc_floor + (1 - dnc_floor) * usage[(ptrdiff_t)order[j]];
  }
  float dleft = 0;
  for (ptrdiff_t j = N - 1; j >= 0; j--) {
    ptrdiff_t slot = (ptrdiff_t)order[j];
    float used = dnc_floor + (1 - dnc_floor) * usage[slot], d = dallocation[slot];
    dusage[slot] += (1 - dnc_floor) * (dleft - d) * lefts[j];
    dleft = d * (1 - used) + dleft * used;
  }
}

static void dnc_link(ptrdiff_t N, const float *weights, const float *precedence, const float *links, float *new_links,
                     float *new_precedence) {
  for (ptrdiff_t i = 0; i < N; i++) {
    float weight = weights[i];
    EACH_VECTOR(N, {
      vector keep = 1.0f - weight - load_some(weights + u, n);
      store_some(new_links + i * N + u,
                 keep * load_some(links + i * N + u, n) + load_some(precedence + u, n) * weight, n);
    });
    new_links[i * N + i] = 0;
  }
  float keep = 1 - sum_row_loop(N, weights);
  EACH_VECTOR(N, {
    store_some(new_precedence + u, load_some(precedence + u, n) * keep + load_some(weights + u, n), n);
  });
}

static void dnc_forward_row_loop(const tlm_dnc *m, const float *raw, const tlm_dnc_state *before, float *reads,
                                 const tlm_dnc_state *after, float *row_trace) {
  ptrdiff_t N = m->slots, W = m->width, R = m->read_heads;
  struct dnc_interface at = dnc_interface_of(m);
  struct dnc_trace trace = dnc_trace_at(m, row_trace);
  const float *x = trace.interface;
  dnc_activate(m, raw, trace.interface);
  EACH_VECTOR(N, {
    vector kept = splat(1);
    for (ptrdiff_t r = 0; r < R; r++) kept *= 1.0f - load_some(before->reading + r * N + u, n) * x[at.free + r];
    vector used = load_some(before->usage + u, n);
    vector written = load_some(before->writing + u, n);
    store_some(after->usage + u, (used + written - used * written) * kept, n);
  });
  dnc_allocate(N, after->usage, trace.order, trace.allocation);
  slot_norms(W, N, dnc_floor, before->memory, trace.norms_before);
  const float *key = x + at.write_key;
  address_by_content(W, N, before->memory, trace.norms_before, key, norm_of(W, dnc_floor, key), x[at.write_strength],
                     dnc_floor, trace.cosine, trace.content);
  interpolate_loop(N, x[at.allocation], trace.content, trace.allocation, after->writing);
  scale_loop(N, x[at.write], after->writing, after->writing);
  for (ptrdiff_t w = 0; w < W; w++) {
    EACH_VECTOR(N, {
      vector weight = load_some(after->writing + u, n);
      vector old = load_some(before->memory + w * N + u, n);
      store_some(after->memory + w * N + u, old * (1.0f - weight * x[at.erase + w]) + weight * x[at.vector + w], n);
    });
  }
  dnc_link(N, after->writing, before->precedence, before->links, after->links, after->precedence);
  slot_norms(W, N, dnc_floor, after->memory, trace.norms_after);
  for (ptrdiff_t r = 0; r < R; r++) {
    float *content = trace.heads + r * 4 * N, *forward = content + 2 * N, *backward = content + 3 * N;
    const float *old = before->reading + r * N, *modes = x + at.modes + 3 * r;
    key = x + at.read_keys + r * W;
    address_by_content(W, N, after->memory, trace.norms_after, key, norm_of(W, dnc_floor, key), x[at.read_strengths + r],
                       dnc_floor, content + N, content);
    memset(backward, 0, (size_t)N * sizeof(float));
    for (ptrdiff_t i = 0; i < N; i++) {
      forward[i] = dot_loop(N, after->links + i * N, old);
      add_scaled_loop(N, old[i], after->links + i * N, backward);
    }
    float *weights = after->reading + r * N;
    EACH_VECTOR(N, {
      store_some(weights + u, load_some(backward + u, n) * modes[0] + load_some(content + u, n) * modes[1]
                                + load_some(forward + u, n) * modes[2], n);
    });
    for (ptrdiff_t w = 0; w < W; w++) reads[r * W + w] = dot_loop(N, after->memory + w * N, weights);
  }
}

static void copy_or_zero(ptrdiff_t count, const float *x, float *y) {
  if (x) memcpy(y, x, (size_t)count * sizeof(float));
  else memset(y, 0, (size_t)count * sizeof(float));
}

// Adds a content addressing's part to the gradient of the memory and sets its key's; d is the products' gradient.
static void key_gradient(ptrdiff_t W, ptrdiff_t N, const float *memory, const float *key, const float *d, float dkey_norm,
                         float *dmemory, float *dkey) {
  float share = dkey_norm / norm_of(W, dnc_floor, key);
  for (ptrdiff_t w = 0; w < W; w++) {
    dkey[w] = dot_loop(N, d, memory + w * N) + share * key[w];
    add_scaled_loop(N, key[w], d, dmemory + w * N);
  }
}

static void norm_gradient(ptrdiff_t W, ptrdiff_t N, const float *memory, const float *norms, float *dnorms, float *dmemory) {
  EACH_VECTOR(N, { store_some(dnorms + u, load_some(dnorms + u, n) / load_or(norms + u, n, 1), n); });
  for (ptrdiff_t w = 0; w < W; w++)
    EACH_VECTOR(N, {
      float *d = dmemory + w * N + u;
      store_some(d, load_some(d, n) + load_some(dnorms + u, n) * load_some(memory + w * N + u, n), n);
    });
}

// The read heads: from the gradients of their weightings and results to those of links, memory and weightings before.
static void dnc_read_gradient(const tlm_dnc *m, const float *raw, const tlm_dnc_state *before, const tlm_dnc_state *after,
                              struct dnc_trace trace, const float *dreads, const float *dweights_after, float *dmemory,
                              float *dlinks, float *dnorms, float *draw, float *dweights_before, float *work) {
  ptrdiff_t N = m->slots, W = m->width, R = m->read_heads;
  struct dnc_interface at = dnc_interface_of(m);
  const float *x = trace.interface;
  float *d = work, *dcontent = d + N;
  for (ptrdiff_t r = 0; r < R; r++) {
    const float *content = trace.heads + r * 4 * N, *forward = content + 2 * N, *backward = content + 3 * N;
    const float *old = before->reading + r * N, *modes = x + at.modes + 3 * r;
    float *dmodes = draw + at.modes + 3 * r, *dold = dweights_before + r * N;
    copy_or_zero(N, dweights_after ? dweights_after + r * N : NULL, d);
    for (ptrdiff_t w = 0; dreads && w < W; w++) {
      add_scaled_loop(N, dreads[r * W + w], after->memory + w * N, d);
      add_scaled_loop(N, dreads[r * W + w], after->reading + r * N, dmemory + w * N);
    }
    dmodes[0] = dot_loop(N, d, backward);
    dmodes[1] = dot_loop(N, d, content);
    dmodes[2] = dot_loop(N, d, forward);
    softmax_backward_loop(3, modes, dmodes, dmodes);
    memset(dold, 0, (size_t)N * sizeof(float));
    for (ptrdiff_t i = 0; i < N; i++) {
      float *of_row = dlinks + i * N;
      const float *row = after->links + i * N;
      float of_forward = modes[2] * d[i], of_backward = modes[0] * old[i];
      add_scaled_loop(N, of_forward, old, of_row);
      add_scaled_loop(N, of_backward, d, of_row);
      add_scaled_loop(N, of_forward, row, dold);
      dold[i] += modes[0] * dot_loop(N, row, d);
    }
    scale_loop(N, modes[1], d, dcontent);
    const float *key = x + at.read_keys + r * W;
    float dkey_norm = 0, strength = x[at.read_strengths + r];
    float dstrength = content_gradient(N, trace.norms_after, norm_of(W, dnc_floor, key), strength, dnc_floor, content + N,
                                       content, dcontent, dnorms, &dkey_norm);
    float of_raw = raw[at.read_strengths + r];
    draw[at.read_strengths + r] = is_limited(of_raw) ? 0 : dstrength * logistic_of(of_raw);
    key_gradient(W, N, after->memory, key, dcontent, dkey_norm, dmemory, draw + at.read_keys + r * W);
  }
}

// dlinks, of the links after, becomes that of the links before; adds to dweights and sets dprecedence.
static void dnc_link_gradient(ptrdiff_t N, const float *weights, const float *precedence, const float *links,
                              const float *dnew_precedence, float *dlinks, float *dweights, float *dprecedence) {
  memset(dprecedence, 0, (size_t)N * sizeof(float));
  if (dnew_precedence) {
    float keep = 1 - sum_row_loop(N, weights), lost = dot_loop(N, dnew_precedence, precedence);
    add_scaled_loop(N, keep, dnew_precedence, dprecedence);
    EACH_VECTOR(N, {
      store_some(dweights + u, load_some(dweights + u, n) + load_some(dnew_precedence + u, n) - lost, n);
    });
  }
  for (ptrdiff_t i = 0; i < N; i++) {
    float weight = weights[i];
    vector of_row = {};
    dlinks[i * N + i] = 0;
    EACH_VECTOR(N, {
      float *place = dlinks + i * N + u;
      vector d = load_some(place, n);
      vector taken = d * load_some(links + i * N + u, n);
      of_row += d * load_some(precedence + u, n) - taken;
      store_some(dweights + u, load_some(dweights + u, n) - taken, n);
      store_some(dprecedence + u, load_some(dprecedence + u, n) + d * weight, n);
      store_some(place, d * (1.0f - weight - load_some(weights + u, n)), n);
    });
    dweights[i] += lane_sum(of_row);
  }
}

// What is written: dmemory, of the memory after, becomes that of the memory before; adds to dweights.
static void dnc_write_gradient(const tlm_dnc *m, const float *x, const float *memory, const float *weights,
                               float *dmemory, float *dweights, float *draw) {
  ptrdiff_t N = m->slots;
  struct dnc_interface at = dnc_interface_of(m);
  for (ptrdiff_t w = 0; w < m->width; w++) {
    float erase = x[at.erase + w], added = x[at.vector + w];
    vector of_erase = {};
    vector of_vector = {};
    EACH_VECTOR(N, {
      float *place = dmemory + w * N + u;
      vector d = load_some(place, n);
      vector old = load_some(memory + w * N + u, n);
      vector weight = load_some(weights + u, n);
      of_erase -= d * old * weight;
      of_vector += d * weight;
      store_some(dweights + u, load_some(dweights + u, n) + d * (added - old * erase), n);
      store_some(place, d * (1.0f - weight * erase), n);
    });
    draw[at.erase + w] = lane_sum(of_erase) * erase * (1 - erase);
    draw[at.vector + w] = lane_sum(of_vector);
  }
}

// The usage: from its gradient to those of the usage, the weightings and the free gates before.
static void dnc_usage_gradient(const tlm_dnc *m, const float *x, const tlm_dnc_state *before, const float *d,
                               float *dusage, float *dwriting, float *dreading, float *draw) {
  ptrdiff_t N = m->slots, R = m->read_heads;
  struct dnc_interface at = dnc_interface_of(m);
  for (ptrdiff_t r = 0; r < R; r++) draw[at.free + r] = 0;
  EACH_VECTOR(N, {
    vector kept = splat(1);
    for (ptrdiff_t r = 0; r < R; r++) kept *= 1.0f - load_some(before->reading + r * N + u, n) * x[at.free + r];
    vector used = load_some(before->usage + u, n);
    vector written = load_some(before->writing + u, n);
    vector of_usage = load_some(d + u, n);
    store_some(dusage + u, of_usage * kept * (1.0f - written), n);
    store_some(dwriting + u, m->stops_usage ? (vector){} : of_usage * kept * (1.0f - used), n);
    vector of_kept = of_usage * (used + written - used * written);
    for (ptrdiff_t r = 0; r < R; r++) {
      vector others = of_kept;
      for (ptrdiff_t other = 0; other < R; other++)
        if (other != r) others *= 1.0f - load_some(before->reading + other * N + u, n) * x[at.free + other];
      draw[at.free + r] -= lane_sum(others * load_some(before->reading + r * N + u, n));
      float *place = dreading + r * N + u;
      store_some(place, load_some(place, n) - others * x[at.free + r], n);
    }
  });
  for (ptrdiff_t r = 0; r < R; r++) draw[at.free + r] *= x[at.free + r] * (1 - x[at.free + r]);
}

static void dnc_backward_row_loop(const tlm_dnc *m, const float *raw, const tlm_dnc_state *before,
                                  const tlm_dnc_state *after, const float *row_trace, const float *dreads,
                                  const tlm_dnc_state *dafter, float *draw, const tlm_dnc_state *dbefore, float *work) {
  ptrdiff_t N = m->slots, W = m->width;
  struct dnc_interface at = dnc_interface_of(m);
  struct dnc_trace trace = dnc_trace_at(m, (float *)row_trace);
  const float *x = trace.interface;
  float *dweights = work, *dnorms = work + N, *rest = work + 2 * N;
  copy_or_zero(W * N, dafter->memory, dbefore->memory);
  copy_or_zero(N * N, dafter->links, dbefore->links);
  copy_or_zero(N, dafter->writing, dweights);
  memset(dnorms, 0, (size_t)N * sizeof(float));
  dnc_read_gradient(m, raw, before, after, trace, dreads, dafter->reading, dbefore->memory, dbefore->links, dnorms, draw,
                    dbefore->reading, rest);
  norm_gradient(W, N, after->memory, trace.norms_after, dnorms, dbefore->memory);
  dnc_link_gradient(N, after->writing, before->precedence, before->links, dafter->precedence, dbefore->links, dweights,
                    dbefore->precedence);
  dnc_write_gradient(m, x, before->memory, after->writing, dbefore->memory, dweights, draw);

  // writing = write gate (allocation gate allocation + (1 - allocation gate) content)
  float write = x[at.write], gate = x[at.allocation];
  float of_allocation = dot_loop(N, dweights, trace.allocation), of_content = dot_loop(N, dweights, trace.content);
  draw[at.write] = (gate * of_allocation + (1 - gate) * of_content) * write * (1 - write);
  draw[at.allocation] = write * (of_allocation - of_content) * gate * (1 - gate);
  float *d = rest, *dusage = rest + N, *lefts = rest + 2 * N;
  copy_or_zero(N, dafter->usage, dusage);
  scale_loop(N, write * gate, dweights, d);
  dnc_allocation_gradient(N, after->usage, trace.order, d, dusage, lefts);
  scale_loop(N, write * (1 - gate), dweights, d);
  const float *key = x + at.write_key;
  float dkey_norm = 0;
  memset(dnorms, 0, (size_t)N * sizeof(float));
  float dstrength = content_gradient(N, trace.norms_before, norm_of(W, dnc_floor, key), x[at.write_strength], dnc_floor,
                                     trace.cosine, trace.content, d, dnorms, &dkey_norm);
  draw[at.write_strength] = is_limited(raw[at.write_strength]) ? 0 : dstrength * logistic_of(raw[at.write_strength]);
  key_gradient(W, N, before->memory, key, d, dkey_norm, dbefore->memory, draw + at.write_key);
  norm_gradient(W, N, before->memory, trace.norms_before, dnorms, dbefore->memory);
  dnc_usage_gradient(m, x, before, dusage, dbefore->usage, dbefore->writing, dbefore->reading, draw);
}
