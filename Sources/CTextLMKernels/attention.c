// Causal self-attention over a window (Vaswani et al. 2017), with rotary positions (Su et al. 2021) if wanted. Each row and
// head is one part of a parallel region: its keys and values, those of the ring first, are laid out densely, and queries go
// in blocks against the keys that any of the block may see. Weights are computed anew for gradients instead of being kept,
// so that memory is proportional to T.
#include <math.h>
#include <string.h>

#include "kernels.h"

enum { query_block = 48 };

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

// One head of one row: `past` steps of the ring and T new ones, [past + T, width] each.
struct head {
  const tlm_attention *a;
  ptrdiff_t row, head, past;
  int64_t position;
  float *queries, *keys, *values;  // queries [T, width] are turned and divided by sqrt(width)
  float *scores, *dscores;         // [query_block, past + T]
  float *dqueries, *dkeys, *dvalues;
};

static ptrdiff_t past_of(const tlm_attention *a, int64_t position) {
  return (ptrdiff_t)(a->is_blocked ? position % a->context : position < a->context - 1 ? position : a->context - 1);
}

// The first step that the query of step t sees, as an index of the dense keys.
static ptrdiff_t first_seen(const struct head *h, ptrdiff_t t) {
  const tlm_attention *a = h->a;
  int64_t position = h->position + t;
  int64_t first = a->is_blocked ? position / a->context * a->context : position - a->context + 1;
  int64_t index = first - (h->position - h->past);
  return index < 0 ? 0 : (ptrdiff_t)index;
}

// A query or key of step t times `factor`, turned by the step's angles, or back.
static void turn_step(const struct kernels *kernels, const struct head *h, ptrdiff_t t, bool back, float factor,
                      const float *x, float *y) {
  const tlm_attention *a = h->a;
  if (!a->cosines) {
    kernels->scale(a->width, factor, x, y);
    return;
  }
  ptrdiff_t half = a->width / 2, place = (t * a->B + h->row) * half;
  kernels->turn(a->width, a->cosines + place, a->sines + place, factor, back ? -factor : factor, x, y);
}

static const float *projected_step(const struct head *h, const float *projected, ptrdiff_t t) {
  return projected + (t * h->a->B + h->row) * 3 * h->a->heads * h->a->width + h->head * h->a->width;
}

// The place in a ring of the step at a position.
static ptrdiff_t ring_place(const struct head *h, int64_t position) {
  const tlm_attention *a = h->a;
  return ((h->row * a->context + (ptrdiff_t)(position % a->context)) * a->heads + h->head) * a->width;
}

static float *laid_out(struct head *h, const tlm_attention *a, ptrdiff_t part, bool backward) {
  ptrdiff_t row = part / a->heads;
  *h = (struct head){.a = a, .row = row, .head = part % a->heads, .position = a->positions[row]};
  h->past = past_of(a, h->position);
  ptrdiff_t all = (h->past + a->T) * a->width, queries = a->T * a->width, scores = query_block * (h->past + a->T);
  ptrdiff_t once = queries + 2 * all + scores;
  float *memory = tlm_thread_scratch(scratch_attention, (size_t)(backward ? 2 * once : once) * sizeof(float));
  h->queries = memory;
  h->keys = h->queries + queries;
  h->values = h->keys + all;
  h->scores = h->values + all;
  h->dqueries = h->scores + scores;
  h->dkeys = h->dqueries + queries;
  h->dvalues = h->dkeys + all;
  h->dscores = h->dvalues + all;
  return memory;
}

static void gather(const struct kernels *kernels, struct head *h, const float *projected, const float *keys, const float *values) {
  const tlm_attention *a = h->a;
  ptrdiff_t width = a->width, D = a->heads * width;
  size_t bytes = (size_t)width * sizeof(float);
  for (ptrdiff_t j = 0; j < h->past; j++) {
    ptrdiff_t place = ring_place(h, h->position - h->past + j);
    memcpy(h->keys + j * width, keys + place, bytes);
    memcpy(h->values + j * width, values + place, bytes);
  }
  float scale = 1 / sqrtf((float)width);
  for (ptrdiff_t t = 0; t < a->T; t++) {
    const float *from = projected_step(h, projected, t);
    turn_step(kernels, h, t, false, scale, from, h->queries + t * width);
    turn_step(kernels, h, t, false, 1, from + D, h->keys + (h->past + t) * width);
    memcpy(h->values + (h->past + t) * width, from + 2 * D, bytes);
  }
}

// Dropout of a query's weights over keys 0 ..< count; the same for dropping weights and gradients.
static void drop(const struct kernels *kernels, const struct head *h, ptrdiff_t t, ptrdiff_t count, const float *x,
                 float *y) {
  const tlm_attention *a = h->a;
  uint64_t query = (uint64_t)((h->row * a->heads + h->head) * a->T + t + 1);
  kernels->dropout(0, count, a->dropout_rate, a->dropout_key + query * 0x9E3779B97F4A7C15u, x, y);
}

struct block {
  ptrdiff_t begin, count;  // queries
  ptrdiff_t first, keys;   // keys that some of them see
};

static struct block block_at(const struct head *h, ptrdiff_t begin) {
  struct block b = {.begin = begin, .count = smaller(query_block, h->a->T - begin), .first = first_seen(h, begin)};
  b.keys = h->past + begin + b.count - b.first;
  return b;
}

// Weights of a block's queries over its keys, zeros where a query sees nothing.
static void weigh(const struct kernels *kernels, const struct head *h, struct block b, float *weights) {
  ptrdiff_t width = h->a->width;
  tlm_matmul_serial(false, true, b.count, b.keys, width, h->queries + b.begin * width, width, h->keys + b.first * width,
                    width, weights, b.keys, false);
  for (ptrdiff_t i = 0; i < b.count; i++) {
    float *row = weights + i * b.keys;
    ptrdiff_t low = first_seen(h, b.begin + i) - b.first, high = h->past + b.begin + i + 1 - b.first;
    memset(row, 0, (size_t)low * sizeof(float));
    kernels->softmax(high - low, row + low, NULL, row + low);
    memset(row + high, 0, (size_t)(b.keys - high) * sizeof(float));
  }
}

struct forward_work {
  const tlm_attention *a;
  const float *projected;
  float *keys, *values, *y;
};

// The last steps, as many as fit, into the ring.
static void keep(const struct head *h, float *keys, float *values) {
  ptrdiff_t width = h->a->width, T = h->a->T;
  for (ptrdiff_t t = T > h->a->context ? T - h->a->context : 0; t < T; t++) {
    ptrdiff_t place = ring_place(h, h->position + t), from = (h->past + t) * width;
    memcpy(keys + place, h->keys + from, (size_t)width * sizeof(float));
    memcpy(values + place, h->values + from, (size_t)width * sizeof(float));
  }
}

// A single step needs no copy of what it sees: the ring's first places, in whichever order they lie.
static void forward_step(const struct kernels *kernels, const struct forward_work *w, ptrdiff_t part) {
  const tlm_attention *a = w->a;
  struct head h = {.a = a, .row = part / a->heads, .head = part % a->heads};
  h.position = a->positions[h.row];
  ptrdiff_t width = a->width, D = a->heads * width, seen = past_of(a, h.position) + 1;
  float *query = tlm_thread_scratch(scratch_attention, (size_t)(width + a->context) * sizeof(float));
  const float *from = projected_step(&h, w->projected, 0);
  ptrdiff_t place = ring_place(&h, h.position), start = ring_place(&h, 0);
  float scale = 1 / sqrtf((float)width);
  turn_step(kernels, &h, 0, false, scale, from, query);
  turn_step(kernels, &h, 0, false, 1, from + D, w->keys + place);
  memcpy(w->values + place, from + 2 * D, (size_t)width * sizeof(float));
  kernels->attend(seen, width, D, query, w->keys + start, w->values + start, query + width,
                  w->y + h.row * D + h.head * width);
}

static void forward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct forward_work *w = context;
  const tlm_attention *a = w->a;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t width = a->width, D = a->heads * width;
  for (ptrdiff_t part = begin; part < end; part++) {
    if (a->T == 1 && a->dropout_rate == 0) {
      forward_step(kernels, w, part);
      continue;
    }
    struct head h;
    laid_out(&h, a, part, false);
    gather(kernels, &h, w->projected, w->keys, w->values);
    for (ptrdiff_t t = 0; t < a->T; t += query_block) {
      struct block b = block_at(&h, t);
      weigh(kernels, &h, b, h.scores);
      if (a->dropout_rate > 0)
        for (ptrdiff_t i = 0; i < b.count; i++)
          drop(kernels, &h, t + i, b.keys, h.scores + i * b.keys, h.scores + i * b.keys);
      tlm_matmul_serial(false, false, b.count, width, b.keys, h.scores, b.keys, h.values + b.first * width, width,
                        w->y + (t * a->B + h.row) * D + h.head * width, a->B * D, false);
    }
    keep(&h, w->keys, w->values);
  }
}

static void run(const tlm_attention *a, void (*share)(void *, ptrdiff_t, ptrdiff_t), void *work) {
  ptrdiff_t each = a->T * (a->T + a->context) * a->width;
  tlm_parallel_range(a->B * a->heads, 1, (1 << 16) / (each + 1), share, work);
}

void tlm_attention_forward(const tlm_attention *attention, const float *projected, float *keys, float *values, float *y) {
  struct forward_work work = {attention, projected, keys, values, y};
  run(attention, forward_share, &work);
}

// MARK: What is looked at

struct weights_work {
  const tlm_attention *a;
  const float *projected, *keys, *values;
  float *weights;
};

static void weights_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct weights_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t T = w->a->T;
  for (ptrdiff_t part = begin; part < end; part++) {
    struct head h;
    laid_out(&h, w->a, part, false);
    gather(kernels, &h, w->projected, w->keys, w->values);
    for (ptrdiff_t t = 0; t < T; t += query_block) {
      struct block b = block_at(&h, t);
      weigh(kernels, &h, b, h.scores);
      for (ptrdiff_t i = 0; i < b.count; i++) {
        float *row = w->weights + (part * T + t + i) * T;
        for (ptrdiff_t j = 0; j < T; j++) {
          ptrdiff_t key = h.past + j - b.first;
          row[j] = key >= 0 && key < b.keys ? h.scores[i * b.keys + key] : 0;
        }
      }
    }
  }
}

void tlm_attention_weights(
  const tlm_attention *attention, const float *projected, const float *keys, const float *values, float *weights) {
  struct weights_work work = {attention, projected, keys, values, weights};
  run(attention, weights_share, &work);
}

// MARK: Backward

struct backward_work {
  const tlm_attention *a;
  const float *projected, *keys, *values, *dy, *dkeys_after, *dvalues_after;
  float *dprojected, *dkeys, *dvalues;
};

// What later steps want of the rings goes to the new steps that are in them, and for the others to the ring before.
static void begin_gradients(const struct head *h, const struct backward_work *w) {
  const tlm_attention *a = h->a;
  size_t bytes = (size_t)a->width * sizeof(float);
  memset(h->dkeys, 0, (size_t)((h->past + a->T) * a->width) * sizeof(float));
  memset(h->dvalues, 0, (size_t)((h->past + a->T) * a->width) * sizeof(float));
  for (ptrdiff_t slot = 0; slot < a->context; slot++) {
    ptrdiff_t place = ring_place(h, slot);
    // The last new step at this slot, or a negative number.
    int64_t last = h->position + a->T - 1, t = a->T - 1 - ((last - slot) % a->context + a->context) % a->context;
    float *dkey = t >= 0 ? h->dkeys + (h->past + t) * a->width : w->dkeys + place;
    float *dvalue = t >= 0 ? h->dvalues + (h->past + t) * a->width : w->dvalues + place;
    if (t >= 0) {
      memset(w->dkeys + place, 0, bytes);
      memset(w->dvalues + place, 0, bytes);
    }
    if (w->dkeys_after) memcpy(dkey, w->dkeys_after + place, bytes);
    else memset(dkey, 0, bytes);
    if (w->dvalues_after) memcpy(dvalue, w->dvalues_after + place, bytes);
    else memset(dvalue, 0, bytes);
  }
}

static void end_gradients(const struct kernels *kernels, const struct head *h, const struct backward_work *w) {
  const tlm_attention *a = h->a;
  ptrdiff_t width = a->width, D = a->heads * width;
  for (ptrdiff_t j = 0; j < h->past; j++) {
    ptrdiff_t place = ring_place(h, h->position - h->past + j);
    kernels->add(width, w->dkeys + place, h->dkeys + j * width, w->dkeys + place);
    kernels->add(width, w->dvalues + place, h->dvalues + j * width, w->dvalues + place);
  }
  float scale = 1 / sqrtf((float)width);
  for (ptrdiff_t t = 0; t < a->T; t++) {
    float *to = w->dprojected + (projected_step(h, w->projected, t) - w->projected);
    turn_step(kernels, h, t, true, scale, h->dqueries + t * width, to);
    turn_step(kernels, h, t, true, 1, h->dkeys + (h->past + t) * width, to + D);
    memcpy(to + 2 * D, h->dvalues + (h->past + t) * width, (size_t)width * sizeof(float));
  }
}

static void backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const tlm_attention *a = w->a;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t width = a->width, D = a->heads * width;
  for (ptrdiff_t part = begin; part < end; part++) {
    struct head h;
    laid_out(&h, a, part, true);
    gather(kernels, &h, w->projected, w->keys, w->values);
    begin_gradients(&h, w);
    for (ptrdiff_t t = 0; t < a->T; t += query_block) {
      struct block b = block_at(&h, t);
      const float *dy = w->dy + (t * a->B + h.row) * D + h.head * width;
      float *keys = h.keys + b.first * width, *dkeys = h.dkeys + b.first * width, *dvalues = h.dvalues + b.first * width;
      weigh(kernels, &h, b, h.scores);
      // Gradients of the weights, through their dropout, and of the scores.
      tlm_matmul_serial(false, true, b.count, b.keys, width, dy, a->B * D, h.values + b.first * width, width, h.dscores,
                        b.keys, false);
      for (ptrdiff_t i = 0; i < b.count; i++) {
        float *weights = h.scores + i * b.keys, *dweights = h.dscores + i * b.keys;
        if (a->dropout_rate > 0) drop(kernels, &h, t + i, b.keys, dweights, dweights);
        kernels->softmax_backward(b.keys, weights, dweights, dweights);
        if (a->dropout_rate > 0) drop(kernels, &h, t + i, b.keys, weights, weights);
      }
      tlm_matmul_serial(true, false, b.keys, width, b.count, h.scores, b.keys, dy, a->B * D, dvalues, width, true);
      tlm_matmul_serial(false, false, b.count, width, b.keys, h.dscores, b.keys, keys, width, h.dqueries + t * width, width,
                        false);
      tlm_matmul_serial(true, false, b.keys, width, b.count, h.dscores, b.keys, h.queries + t * width, width, dkeys, width,
                        true);
    }
    end_gradients(kernels, &h, w);
  }
}

void tlm_attention_backward(
  const tlm_attention *attention, const float *projected, const float *keys, const float *values, const float *dy,
  const float *dkeys_after, const float *dvalues_after, float *dprojected, float *dkeys, float *dvalues) {
  struct backward_work work = {attention, projected, keys, values, dy, dkeys_after, dvalues_after, dprojected, dkeys,
                               dvalues};
  run(attention, backward_share, &work);
}

// MARK: Rotary positions

static void angles_at(int64_t position, ptrdiff_t width, float *cosines, float *sines) {
  for (ptrdiff_t i = 0; i < width / 2; i++) {
    // In double: a position has up to 48 bits, of which its angle needs those below a whole turn.
    double angle = fmod((double)position * pow(10000, -2 * (double)i / (double)width), 2 * acos(-1));
    cosines[i] = (float)cos(angle);
    sines[i] = (float)sin(angle);
  }
}

void tlm_rotary_angles(
  ptrdiff_t T, ptrdiff_t B, ptrdiff_t width, const int64_t *positions, float *cosines, float *sines) {
  ptrdiff_t half = width / 2;
  size_t bytes = (size_t)half * sizeof(float);
  for (ptrdiff_t t = 0; t < T; t++)
    for (ptrdiff_t b = 0; b < B; b++) {
      float *c = cosines + (t * B + b) * half, *s = sines + (t * B + b) * half;
      // Rows at the same place, as nearly all are, have the same angles.
      if (b > 0 && positions[b] == positions[b - 1]) {
        memcpy(c, c - half, bytes);
        memcpy(s, s - half, bytes);
      } else {
        angles_at(positions[b] + t, width, c, s);
      }
    }
}

// MARK: Plain twin, for heads of up to 4096 elements

static void turn_plain(const tlm_attention *a, ptrdiff_t step, const float *x, float *y) {
  ptrdiff_t half = a->width / 2;
  for (ptrdiff_t i = 0; i < a->width; i++) {
    if (!a->cosines || i == 2 * half) {
      y[i] = x[i];
      continue;
    }
    ptrdiff_t pair = i % half;
    float c = a->cosines[step * half + pair], s = a->sines[step * half + pair];
    y[i] = i < half ? x[i] * c - x[i + half] * s : x[i] * c + x[i - half] * s;
  }
}

void tlm_attention_forward_plain(const tlm_attention *attention, const float *projected, float *keys, float *values, float *y) {
  const tlm_attention *a = attention;
  ptrdiff_t width = a->width, D = a->heads * width;
  for (ptrdiff_t row = 0; row < a->B; row++)
    for (ptrdiff_t t = 0; t < a->T; t++) {
      int64_t position = a->positions[row] + t;
      const float *step = projected + (t * a->B + row) * 3 * D;
      for (ptrdiff_t head = 0; head < a->heads; head++) {
        struct head h = {.a = a, .row = row, .head = head, .position = a->positions[row]};
        float *key = keys + ring_place(&h, position), query[4096];
        turn_plain(a, t * a->B + row, step + head * width, query);
        turn_plain(a, t * a->B + row, step + D + head * width, key);
        memcpy(values + ring_place(&h, position), step + 2 * D + head * width, (size_t)width * sizeof(float));
        int64_t first = a->is_blocked ? position / a->context * a->context : position - a->context + 1;
        double total = 0, top = -INFINITY, sums[4096] = {0};
        for (int pass = 0; pass < 2; pass++)
          for (int64_t p = first < 0 ? 0 : first; p <= position; p++) {
            const float *k = keys + ring_place(&h, p), *v = values + ring_place(&h, p);
            double score = 0;
            for (ptrdiff_t i = 0; i < width; i++) score += (double)query[i] * k[i];
            score /= sqrt((double)width);
            top = fmax(top, score);
            if (pass == 0) continue;
            total += exp(score - top);
            for (ptrdiff_t i = 0; i < width; i++) sums[i] += exp(score - top) * v[i];
          }
        for (ptrdiff_t i = 0; i < width; i++) y[(t * a->B + row) * D + head * width + i] = (float)(sums[i] / total);
      }
    }
}
