// The matrix memory of xLSTM (Beck et al. 2024). Each row and head is one part of a parallel region and goes through the
// steps in chunks: with b the sum of ln s(f) since the chunk's begin and g = i - b, what step s adds weighs e^(g_s - G_t)
// for step t, in units of the greatest weight G_t so far, so that a chunk is a few products of what lies in a cache. The
// units cancel from h.
//
// Weights are computed anew for gradients, but those of the exponents need no pass over weights: e^g_s multiplies k_s
// wherever it is, so that the gradient of g_s is k_s dk_s; and adding one number to all exponents up to a step's changes
// nothing but the 1 in the divisors and the m after, so that the gradient of ln s(f) sums up what is after it.
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "packing.h"

// Steps of a chunk: whole tiles of a product, and few enough that products between steps cost no more than those with the
// state. And the number of steps by which memory is asked for ahead.
enum { chunk_length = 48, steps_ahead = 6 };

// What is divided by at least, where e^-m is nothing.
static const float least_divisor = 1e-37f;

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static ptrdiff_t rounded_up(ptrdiff_t x, ptrdiff_t unit) { return (x + unit - 1) / unit * unit; }

// A chunk of one head of one row. Rows are as long as whole panels of a product's tile: row_size for those of a head's
// width, across_size for those of steps; what is behind the numbers that they hold is read but changes nothing.
struct head {
  const tlm_matrix_memory *m;
  ptrdiff_t part, row_size, across_size;
  ptrdiff_t begin, count;                      // the chunk's steps
  float *queries, *keys, *values;              // [count, row_size]; keys are divided by sqrt(W)
  float *keys_across, *values_across;          // the same transposed, [W, across_size]
  float *scores, *weights, *dscores;           // [count, across_size]
  float *memory, *memory_across, *normalizer;  // the state at the chunk's begin, [W, row_size] and [row_size]
  float logarithm;
  float *dmemory, *dmemory_across, *dnormalizer;
  float *sums, *dqueries, *dkeys, *dvalues;    // [count, row_size]; sums are q^T C and their gradients
  float *gains, *greatest;                     // g, G
  float *of_state, *one;                       // what the state before the chunk, and 1, weigh in a step's units
  float *at_end, state_at_end;                 // what each step and the state before weigh for the state after
  float *inputs, *forgets;                     // i, -f
  float *divisors, *ddivisors;                 // q^T n
  float *dsums;                                // gradient of b by the 1 in the divisor
  float logarithm_after;
};

static ptrdiff_t chunks_of(ptrdiff_t T) { return (T + chunk_length - 1) / chunk_length; }
static ptrdiff_t state_size(ptrdiff_t width) { return width * width + width + 1; }

// What is kept of a part: the states after its chunks, and q^T n of each step in the step's units.
static ptrdiff_t kept_of_part(ptrdiff_t T, ptrdiff_t width) { return chunks_of(T) * state_size(width) + T; }

ptrdiff_t tlm_matrix_memory_kept_size(ptrdiff_t T, ptrdiff_t B, ptrdiff_t heads, ptrdiff_t width) {
  return B * heads * kept_of_part(T, width);
}

// Where the head's part of step t lies in tensors [T,B,N W]; gates have a width of 1.
static ptrdiff_t place(const tlm_matrix_memory *m, ptrdiff_t part, ptrdiff_t t, ptrdiff_t width) {
  return (t * m->B * m->heads + part) * width;
}

static float *take(float **next, ptrdiff_t count) {
  float *taken = *next;
  *next += rounded_up(count, 16);
  return taken;
}

// Where everything lies in the thread's memory; for gradients there is more of it.
static void lay_out(const struct kernels *kernels, struct head *h, const tlm_matrix_memory *m, bool backward) {
  *h = (struct head){.m = m, .row_size = rounded_up(m->width, kernels->columns)};
  ptrdiff_t steps = smaller(m->T, chunk_length), W = m->width;
  h->across_size = rounded_up(steps, kernels->columns);
  ptrdiff_t rows = steps * h->row_size, across = W * h->across_size, square = steps * h->across_size;
  ptrdiff_t state = W * h->row_size, line = rounded_up(steps, 16), wide = rounded_up(h->row_size, 16);
  ptrdiff_t all = 7 * rows + 2 * across + 3 * square + 4 * state + 2 * wide + 10 * line + 32 * 16;
  float *next = tlm_thread_scratch(scratch_matrix_memory, (size_t)all * sizeof(float));
  memset(next, 0, (size_t)all * sizeof(float));  // of numbers behind the rows, denormal ones would cost time
  float **lines[] = {&h->gains, &h->greatest, &h->of_state, &h->one, &h->at_end, &h->inputs, &h->forgets, &h->divisors,
                     &h->ddivisors, &h->dsums};
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) *lines[i] = take(&next, line);
  h->queries = take(&next, rows);
  h->keys = take(&next, rows);
  h->values = take(&next, rows);
  h->sums = take(&next, rows);
  h->keys_across = take(&next, across);
  h->scores = take(&next, square);
  h->weights = take(&next, square);
  h->memory = take(&next, state);
  h->normalizer = take(&next, wide);
  if (!backward) return;
  h->dqueries = take(&next, rows);
  h->dkeys = take(&next, rows);
  h->dvalues = take(&next, rows);
  h->values_across = take(&next, across);
  h->dscores = take(&next, square);
  h->memory_across = take(&next, state);
  h->dmemory = take(&next, state);
  h->dmemory_across = take(&next, state);
  h->dnormalizer = take(&next, wide);
}

// Between a dense matrix [W, W] and rows of row_size.
static void copy_in(const struct head *h, const float *from, float *to) {
  size_t bytes = (size_t)h->m->width * sizeof(float);
  for (ptrdiff_t i = 0; i < h->m->width; i++) memcpy(to + i * h->row_size, from + i * h->m->width, bytes);
}

static void copy_out(const struct head *h, const float *from, float *to) {
  size_t bytes = (size_t)h->m->width * sizeof(float);
  for (ptrdiff_t i = 0; i < h->m->width; i++) memcpy(to + i * h->m->width, from + i * h->row_size, bytes);
}

static void put_state(struct head *h, const float *memory, const float *normalizer, float logarithm) {
  copy_in(h, memory, h->memory);
  memcpy(h->normalizer, normalizer, (size_t)h->m->width * sizeof(float));
  h->logarithm = logarithm;
}

static void begin_state(struct head *h) {
  ptrdiff_t W = h->m->width;
  put_state(h, h->m->memory + h->part * W * W, h->m->normalizer + h->part * W, h->m->logarithm[h->part]);
}

// Asks for a row of a head's width at `from` ahead of its use: rows of one head lie pages apart.
static void ask_for(const struct head *h, const float *from) {
  for (ptrdiff_t i = 0; i < h->m->width; i += 16) __builtin_prefetch(from + i);
}

// Queries, keys, values and gates of the steps from `begin` on.
static void gather(const struct kernels *kernels, struct head *h, ptrdiff_t begin) {
  const tlm_matrix_memory *m = h->m;
  h->begin = begin;
  h->count = smaller(chunk_length, m->T - begin);
  float scale = 1 / sqrtf((float)m->width);
  size_t bytes = (size_t)m->width * sizeof(float);
  for (ptrdiff_t t = 0; t < h->count; t++) {
    ptrdiff_t from = place(m, h->part, begin + t, m->width), to = t * h->row_size;
    if (begin + t + steps_ahead < m->T) {
      ptrdiff_t ahead = place(m, h->part, begin + t + steps_ahead, m->width);
      ask_for(h, m->queries + ahead);
      ask_for(h, m->keys + ahead);
      ask_for(h, m->values + ahead);
    }
    memcpy(h->queries + to, m->queries + from, bytes);
    kernels->scale(m->width, scale, m->keys + from, h->keys + to);
    memcpy(h->values + to, m->values + from, bytes);
    h->inputs[t] = m->input_gates[place(m, h->part, begin + t, 1)];
    h->forgets[t] = -m->forget_gates[place(m, h->part, begin + t, 1)];
  }
  tlm_transpose(h->count, m->width, h->keys, h->row_size, h->keys_across, h->across_size);
}

// What steps and the state before weigh.
static void weigh_steps(const struct kernels *kernels, struct head *h) {
  kernels->softplus(h->count, h->forgets, h->one);  // -ln s(f)
  double sum = 0, greatest = h->logarithm;
  for (ptrdiff_t t = 0; t < h->count; t++) {
    sum -= h->one[t];
    double gain = h->inputs[t] - sum;
    if (gain > greatest) greatest = gain;
    h->gains[t] = (float)gain;
    h->greatest[t] = (float)greatest;
    h->of_state[t] = (float)(h->logarithm - greatest);
    h->one[t] = (float)-(sum + greatest);
  }
  kernels->exp(h->count, h->one, h->one);
  kernels->exp(h->count, h->of_state, h->of_state);
  float top = h->greatest[h->count - 1], before = h->of_state[h->count - 1];
  kernels->combine_row(TLM_SUBTRACT, h->count, h->gains, 1, &top, 0, h->at_end);
  kernels->exp(h->count, h->at_end, h->at_end);
  float total = kernels->sum_row(h->count, h->at_end) + before;
  kernels->scale(h->count, 1 / total, h->at_end, h->at_end);
  h->state_at_end = before / total;
  h->logarithm_after = (float)(log(total) + greatest + sum);
}

// Steps that are multiplied together, those of one tile: few, so that little is multiplied that is not used.
struct block {
  ptrdiff_t begin, count, end;
};

static struct block block_at(const struct kernels *kernels, const struct head *h, ptrdiff_t begin) {
  ptrdiff_t count = smaller(kernels->rows, h->count - begin);
  return (struct block){begin, count, begin + count};
}

// Weights e^(g_s - G_t) of a block's steps t, and the scores q_t k_s times them, for steps s up to the block's end; zeros
// where s is after t.
static void score(const struct kernels *kernels, const struct head *h, struct block b) {
  float *scores = h->scores + b.begin * h->across_size;
  tlm_matmul_near(kernels, false, b.count, b.end, h->m->width, h->queries + b.begin * h->row_size, h->row_size,
                  h->keys_across, h->across_size, scores, h->across_size, false);
  for (ptrdiff_t t = b.begin; t < b.end; t++) {
    float *weights = h->weights + t * h->across_size, *row = h->scores + t * h->across_size;
    kernels->combine_row(TLM_SUBTRACT, t + 1, h->gains, 1, h->greatest + t, 0, weights);
    kernels->exp(t + 1, weights, weights);
    for (ptrdiff_t s = t + 1; s < b.end; s++) weights[s] = 0;
    kernels->multiply(b.end, weights, row, row);
  }
}

static float divisor(const struct head *h, ptrdiff_t t) {
  return fmaxf(fmaxf(fabsf(h->divisors[t]), h->one[t]), least_divisor);
}

// The state after the chunk in the place of the one before; keys become their parts in it.
static void step_state(const struct kernels *kernels, struct head *h) {
  ptrdiff_t W = h->m->width, size = h->row_size;
  for (ptrdiff_t i = 0; i < W; i++) kernels->scale(W, h->state_at_end, h->memory + i * size, h->memory + i * size);
  kernels->scale(W, h->state_at_end, h->normalizer, h->normalizer);
  for (ptrdiff_t t = 0; t < h->count; t++) {
    kernels->scale(W, h->at_end[t], h->keys + t * size, h->keys + t * size);
    kernels->add(W, h->keys + t * size, h->normalizer, h->normalizer);
  }
  tlm_matmul_near(kernels, true, W, W, h->count, h->keys, size, h->values, size, h->memory, size, true);
  h->logarithm = h->logarithm_after;
}

struct forward_work {
  const tlm_matrix_memory *m;
  float *y;
  const tlm_matrix_memory_state *after;
  float *kept;
};

// One step without a chunk's products: a row of C at a time.
static void forward_step(const struct kernels *kernels, const struct forward_work *w, ptrdiff_t part) {
  const tlm_matrix_memory *m = w->m;
  ptrdiff_t W = m->width;
  const float *query = m->queries + part * W, *key = m->keys + part * W, *value = m->values + part * W;
  const float *memory = m->memory + part * W * W, *normalizer = m->normalizer + part * W;
  float *memory_after = w->after->memory + part * W * W, *normalizer_after = w->after->normalizer + part * W;
  float forget = -m->forget_gates[part], before;
  kernels->softplus(1, &forget, &before);
  before = m->logarithm[part] - before;
  float input = m->input_gates[part], top = fmaxf(before, input);
  float logarithm = top + log1pf(expf(-fabsf(before - input)));
  float fading = expf(before - logarithm), adding = expf(input - logarithm) / sqrtf((float)W), total = 0;
  float *y = w->y + part * W;
  memset(y, 0, (size_t)W * sizeof(float));
  kernels->scale(W * W, fading, memory, memory_after);
  for (ptrdiff_t i = 0; i < W; i++) {
    kernels->add_scaled(W, adding * key[i], value, memory_after + i * W);
    kernels->add_scaled(W, query[i], memory_after + i * W, y);
    normalizer_after[i] = fading * normalizer[i] + adding * key[i];
    total += query[i] * normalizer_after[i];
  }
  kernels->scale(W, 1 / fmaxf(fmaxf(fabsf(total), expf(-logarithm)), least_divisor), y, y);
  w->after->logarithm[part] = logarithm;
}

static void read_chunk(const struct kernels *kernels, struct head *h, float *y) {
  const tlm_matrix_memory *m = h->m;
  ptrdiff_t W = m->width, size = h->row_size;
  tlm_matmul_near(kernels, false, h->count, W, W, h->queries, size, h->memory, size, h->sums, size, false);
  for (ptrdiff_t t = 0; t < h->count; t++) kernels->scale(W, h->of_state[t], h->sums + t * size, h->sums + t * size);
  for (ptrdiff_t begin = 0; begin < h->count; begin += kernels->rows) {
    struct block b = block_at(kernels, h, begin);
    score(kernels, h, b);
    tlm_matmul_near(kernels, false, b.count, W, b.end, h->scores + begin * h->across_size, h->across_size, h->values, size,
                    h->sums + begin * size, size, true);
  }
  for (ptrdiff_t t = 0; t < h->count; t++) {
    h->divisors[t] = kernels->sum_row(t + 1, h->scores + t * h->across_size)
                     + h->of_state[t] * kernels->dot(W, h->queries + t * size, h->normalizer);
    kernels->scale(W, 1 / divisor(h, t), h->sums + t * size, y + place(m, h->part, h->begin + t, W));
  }
}

static void forward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct forward_work *w = context;
  const tlm_matrix_memory *m = w->m;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t W = m->width;
  if (m->T == 1 && !w->kept) {
    for (ptrdiff_t part = begin; part < end; part++) forward_step(kernels, w, part);
    return;
  }
  struct head h;
  lay_out(kernels, &h, m, false);
  for (ptrdiff_t part = begin; part < end; part++) {
    h.part = part;
    begin_state(&h);
    float *kept = w->kept ? w->kept + part * kept_of_part(m->T, W) : NULL;
    float *divisors = kept ? kept + chunks_of(m->T) * state_size(W) : NULL;
    for (ptrdiff_t t = 0; t < m->T; t += chunk_length) {
      gather(kernels, &h, t);
      weigh_steps(kernels, &h);
      read_chunk(kernels, &h, w->y);
      step_state(kernels, &h);
      if (!kept) continue;
      copy_out(&h, h.memory, kept);
      memcpy(kept + W * W, h.normalizer, (size_t)W * sizeof(float));
      kept[W * W + W] = h.logarithm;
      memcpy(divisors + t, h.divisors, (size_t)h.count * sizeof(float));
      kept += state_size(W);
    }
    copy_out(&h, h.memory, w->after->memory + part * W * W);
    memcpy(w->after->normalizer + part * W, h.normalizer, (size_t)W * sizeof(float));
    w->after->logarithm[part] = h.logarithm;
  }
}

static void run(const tlm_matrix_memory *m, void (*share)(void *, ptrdiff_t, ptrdiff_t), void *work) {
  ptrdiff_t each = m->T * m->width * (m->width + smaller(m->T, chunk_length));
  tlm_parallel_range(m->B * m->heads, 1, (1 << 16) / (each + 1), share, work);
}

void tlm_matrix_memory_forward(
  const tlm_matrix_memory *memory, float *h, const tlm_matrix_memory_state *after, float *kept) {
  struct forward_work work = {memory, h, after, kept};
  run(memory, forward_share, &work);
}

// MARK: Backward

struct backward_work {
  const tlm_matrix_memory *m;
  const float *y, *kept, *dy;
  const tlm_matrix_memory_state *dafter;
  const tlm_matrix_memory_gradients *gradients;
};

// The inner product of the state and its gradient: the gradient of a logarithm of what multiplies the whole state.
static float state_product(const struct kernels *kernels, const struct head *h) {
  float product = kernels->dot(h->m->width, h->normalizer, h->dnormalizer);
  for (ptrdiff_t i = 0; i < h->m->width; i++)
    product += kernels->dot(h->m->width, h->memory + i * h->row_size, h->dmemory + i * h->row_size);
  return product;
}

// Gradients of q^T C into sums, of q^T n, and, into dsums, of b by the 1 in the divisor.
static void begin_gradients(const struct kernels *kernels, struct head *h, const struct backward_work *w) {
  const tlm_matrix_memory *m = h->m;
  for (ptrdiff_t t = 0; t < h->count; t++) {
    ptrdiff_t from = place(m, h->part, h->begin + t, m->width);
    if (h->begin + t + steps_ahead < m->T) {
      ptrdiff_t ahead = place(m, h->part, h->begin + t + steps_ahead, m->width);
      ask_for(h, w->dy + ahead);
      ask_for(h, w->y + ahead);
    }
    float by = divisor(h, t), product = kernels->dot(m->width, w->dy + from, w->y + from);
    bool is_more = fabsf(h->divisors[t]) > h->one[t];
    h->ddivisors[t] = is_more ? (h->divisors[t] > 0 ? -product : product) / by : 0;
    h->dsums[t] = is_more ? 0 : product;
    kernels->scale(m->width, 1 / by, w->dy + from, h->sums + t * h->row_size);
  }
}

// Gradients through the weights between the chunk's steps, added to those of queries, keys and values.
static void score_gradients(const struct kernels *kernels, struct head *h) {
  ptrdiff_t W = h->m->width, size = h->row_size, across = h->across_size;
  for (ptrdiff_t begin = 0; begin < h->count; begin += kernels->rows) {
    struct block b = block_at(kernels, h, begin);
    score(kernels, h, b);
    tlm_matmul_near(kernels, false, b.count, b.end, W, h->sums + begin * size, size, h->values_across, across,
                    h->dscores + begin * across, across, false);
    for (ptrdiff_t t = begin; t < b.end; t++) {
      float *row = h->dscores + t * across;
      kernels->combine_row(TLM_ADD, t + 1, row, 1, h->ddivisors + t, 0, row);
      kernels->multiply(b.end, h->weights + t * across, row, row);
    }
    tlm_matmul_near(kernels, false, b.count, W, b.end, h->dscores + begin * across, across, h->keys, size,
                    h->dqueries + begin * size, size, true);
  }
  for (ptrdiff_t begin = 0; begin < h->count; begin += kernels->rows) {
    struct block b = block_at(kernels, h, begin);
    ptrdiff_t from = begin * across + begin, later = h->count - begin, rows = begin * size;
    tlm_matmul_near(kernels, true, b.count, W, later, h->scores + from, across, h->sums + rows, size,
                    h->dvalues + rows, size, true);
    tlm_matmul_near(kernels, true, b.count, W, later, h->dscores + from, across, h->queries + rows, size,
                    h->dkeys + rows, size, true);
  }
}

// Gradients through the states before and after the chunk, which those of queries, keys and values begin with.
static void state_gradients(const struct kernels *kernels, struct head *h) {
  ptrdiff_t W = h->m->width, size = h->row_size;
  tlm_transpose(W, W, h->memory, size, h->memory_across, size);
  tlm_transpose(W, W, h->dmemory, size, h->dmemory_across, size);
  tlm_matmul_near(kernels, false, h->count, W, W, h->sums, size, h->memory_across, size, h->dqueries, size, false);
  tlm_matmul_near(kernels, false, h->count, W, W, h->values, size, h->dmemory_across, size, h->dkeys, size, false);
  tlm_matmul_near(kernels, false, h->count, W, W, h->keys, size, h->dmemory, size, h->dvalues, size, false);
  for (ptrdiff_t t = 0; t < h->count; t++) {
    float *dquery = h->dqueries + t * size, *dkey = h->dkeys + t * size, *dvalue = h->dvalues + t * size;
    kernels->add_scaled(W, h->ddivisors[t], h->normalizer, dquery);
    kernels->scale(W, h->of_state[t], dquery, dquery);
    kernels->add(W, h->dnormalizer, dkey, dkey);
    kernels->scale(W, h->at_end[t], dkey, dkey);
    kernels->scale(W, h->at_end[t], dvalue, dvalue);
  }
}

// The gradient of the state before in the place of that of the state after; queries become their parts in it.
static void step_state_gradient(const struct kernels *kernels, struct head *h) {
  ptrdiff_t W = h->m->width, size = h->row_size;
  for (ptrdiff_t i = 0; i < W; i++) kernels->scale(W, h->state_at_end, h->dmemory + i * size, h->dmemory + i * size);
  kernels->scale(W, h->state_at_end, h->dnormalizer, h->dnormalizer);
  for (ptrdiff_t t = 0; t < h->count; t++) {
    kernels->scale(W, h->of_state[t], h->queries + t * size, h->queries + t * size);
    kernels->add_scaled(W, h->ddivisors[t], h->queries + t * size, h->dnormalizer);
  }
  tlm_matmul_near(kernels, true, W, W, h->count, h->queries, size, h->sums, size, h->dmemory, size, true);
}

// Gradients to where they belong, and those of the gates. `dlogarithm` is the gradient of m after the chunk when all weights
// grow alike, C and n among them; `dtotal` that of the sum of weights by itself.
static void end_gradients(const struct kernels *kernels, struct head *h, const tlm_matrix_memory_gradients *to,
                          float dlogarithm, float dtotal) {
  const tlm_matrix_memory *m = h->m;
  float scale = 1 / sqrtf((float)m->width);
  double dsum = dlogarithm;
  kernels->sigmoid(h->count, h->forgets, h->forgets);
  for (ptrdiff_t t = h->count - 1; t >= 0; t--) {
    ptrdiff_t at = place(m, h->part, h->begin + t, m->width), gate = place(m, h->part, h->begin + t, 1);
    ptrdiff_t row = t * h->row_size;
    float dgain = kernels->dot(m->width, h->keys + row, h->dkeys + row) + h->at_end[t] * dtotal;
    dsum += h->dsums[t] - dgain;
    to->input_gates[gate] = dgain;
    to->forget_gates[gate] = (float)dsum * h->forgets[t];
    memcpy(to->queries + at, h->dqueries + row, (size_t)m->width * sizeof(float));
    kernels->scale(m->width, scale, h->dkeys + row, to->keys + at);
    memcpy(to->values + at, h->dvalues + row, (size_t)m->width * sizeof(float));
  }
}

static void backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const tlm_matrix_memory *m = w->m;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t W = m->width, chunks = chunks_of(m->T);
  struct head h;
  lay_out(kernels, &h, m, true);
  for (ptrdiff_t part = begin; part < end; part++) {
    h.part = part;
    const float *kept = w->kept + part * kept_of_part(m->T, W), *divisors = kept + chunks * state_size(W);
    if (w->dafter->memory) copy_in(&h, w->dafter->memory + part * W * W, h.dmemory);
    else memset(h.dmemory, 0, (size_t)(W * h.row_size) * sizeof(float));
    if (w->dafter->normalizer) memcpy(h.dnormalizer, w->dafter->normalizer + part * W, (size_t)W * sizeof(float));
    else memset(h.dnormalizer, 0, (size_t)W * sizeof(float));
    float dlogarithm = w->dafter->logarithm ? w->dafter->logarithm[part] : 0;
    const float *last = kept + (chunks - 1) * state_size(W);
    put_state(&h, last, last + W * W, last[W * W + W]);
    float dtotal = dlogarithm - state_product(kernels, &h);
    for (ptrdiff_t chunk = chunks - 1; chunk >= 0; chunk--) {
      const float *before = kept + (chunk - 1) * state_size(W);
      if (chunk > 0) put_state(&h, before, before + W * W, before[W * W + W]);
      else begin_state(&h);
      gather(kernels, &h, chunk * chunk_length);
      tlm_transpose(h.count, W, h.values, h.row_size, h.values_across, h.across_size);
      weigh_steps(kernels, &h);
      memcpy(h.divisors, divisors + h.begin, (size_t)h.count * sizeof(float));
      begin_gradients(kernels, &h, w);
      state_gradients(kernels, &h);
      score_gradients(kernels, &h);
      end_gradients(kernels, &h, w->gradients, dlogarithm, dtotal);
      step_state_gradient(kernels, &h);
      dtotal *= h.state_at_end;
      dlogarithm = state_product(kernels, &h) + dtotal;
    }
    const tlm_matrix_memory_state *to = &w->gradients->before;
    copy_out(&h, h.dmemory, to->memory + part * W * W);
    memcpy(to->normalizer + part * W, h.dnormalizer, (size_t)W * sizeof(float));
    to->logarithm[part] = dlogarithm;
  }
}

void tlm_matrix_memory_backward(
  const tlm_matrix_memory *memory, const float *h, const float *kept, const float *dh,
  const tlm_matrix_memory_state *dafter, const tlm_matrix_memory_gradients *gradients) {
  struct backward_work work = {memory, h, kept, dh, dafter, gradients};
  run(memory, backward_share, &work);
}
