// Causal self-attention over a window (Vaswani et al. 2017), with rotary positions (Su et al. 2021) if wanted. Each row and
// head is one part of a parallel region: its keys and values, those of the ring first, are laid out as the products read
// them, and queries go in blocks against the keys that any of the block may see. Weights are computed anew for gradients
// instead of being kept, so that memory is proportional to T.
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "packing.h"

// Queries that are read together: few, so that little is multiplied that a query does not see. And the number of steps by
// which memory is asked for ahead.
enum { query_block = 24, steps_ahead = 6 };

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static ptrdiff_t rounded_up(ptrdiff_t x, ptrdiff_t unit) { return (x + unit - 1) / unit * unit; }

// One head of one row: `past` steps of the ring and T new ones. Rows are as long as whole panels of a product's tile, with
// zeros behind what they hold: row_size for those of a head's width, across_size for those of steps.
struct head {
  const tlm_attention *a;
  ptrdiff_t row, head, past, row_size, across_size;
  int64_t position;
  float *queries, *keys, *values;          // [T or past + T, row_size]; queries are turned and divided by sqrt(width)
  float *keys_across, *values_across;      // the same transposed, [width, across_size]
  float *scores, *dscores;                 // [query_block, across_size]
  float *dy, *dqueries, *dkeys, *dvalues;  // as queries, keys and values
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

// Where everything of a head lies in the thread's memory; for gradients there is more of it.
static void lay_out(const struct kernels *kernels, struct head *h, const tlm_attention *a, ptrdiff_t part, bool backward) {
  ptrdiff_t row = part / a->heads;
  *h = (struct head){.a = a, .row = row, .head = part % a->heads, .position = a->positions[row]};
  h->past = past_of(a, h->position);
  h->row_size = rounded_up(a->width, kernels->columns);
  h->across_size = rounded_up(h->past + a->T, kernels->columns) + kernels->columns;
  ptrdiff_t queries = a->T * h->row_size, all = (h->past + a->T) * h->row_size, across = a->width * h->across_size;
  ptrdiff_t scores = query_block * h->across_size, once = queries + 2 * all + across + scores;
  ptrdiff_t more = 2 * queries + 2 * all + across + scores;
  float *next = tlm_thread_scratch(scratch_attention, (size_t)(backward ? once + more : once) * sizeof(float));
  h->queries = next, next += queries;
  h->keys = next, next += all;
  h->values = next, next += all;
  h->keys_across = next, next += across;
  h->scores = next, next += scores;
  if (!backward) return;
  h->values_across = next, next += across;
  h->dscores = next, next += scores;
  h->dy = next, next += queries;
  h->dqueries = next, next += queries;
  h->dkeys = next, next += all;
  h->dvalues = next;
}

static void copy_row(const struct head *h, const float *from, float *to) {
  memcpy(to, from, (size_t)h->a->width * sizeof(float));
  memset(to + h->a->width, 0, (size_t)(h->row_size - h->a->width) * sizeof(float));
}

// [steps, row_size] as [width, across_size].
static void put_across(const struct head *h, const float *rows, float *across) {
  ptrdiff_t steps = h->past + h->a->T;
  tlm_transpose(steps, h->a->width, rows, h->row_size, across, h->across_size);
  for (ptrdiff_t i = 0; i < h->a->width; i++)
    memset(across + i * h->across_size + steps, 0, (size_t)(h->across_size - steps) * sizeof(float));
}

// Asks for a row of a head's width at `from` ahead of its use: rows of one head lie pages apart.
static void ask_for(const struct head *h, const float *from) {
  for (ptrdiff_t i = 0; i < h->a->width; i += 16) __builtin_prefetch(from + i);
}

static void gather(const struct kernels *kernels, struct head *h, const float *projected, const float *keys,
                   const float *values) {
  const tlm_attention *a = h->a;
  ptrdiff_t width = a->width, D = a->heads * width, rest = h->row_size - width;
  for (ptrdiff_t j = 0; j < h->past; j++) {
    ptrdiff_t place = ring_place(h, h->position - h->past + j);
    copy_row(h, keys + place, h->keys + j * h->row_size);
    copy_row(h, values + place, h->values + j * h->row_size);
  }
  float scale = 1 / sqrtf((float)width);
  for (ptrdiff_t t = 0; t < a->T; t++) {
    const float *from = projected_step(h, projected, t);
    if (t + steps_ahead < a->T)
      for (int part = 0; part < 3; part++) ask_for(h, projected_step(h, projected, t + steps_ahead) + part * D);
    float *query = h->queries + t * h->row_size, *key = h->keys + (h->past + t) * h->row_size;
    turn_step(kernels, h, t, false, scale, from, query);
    turn_step(kernels, h, t, false, 1, from + D, key);
    memset(query + width, 0, (size_t)rest * sizeof(float));
    memset(key + width, 0, (size_t)rest * sizeof(float));
    copy_row(h, from + 2 * D, h->values + (h->past + t) * h->row_size);
  }
  put_across(h, h->keys, h->keys_across);
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

// Weights of a block's queries over its keys, rounded up to whole vectors; zeros where a query sees nothing.
static void weigh(const struct kernels *kernels, const struct head *h, struct block b, float *weights) {
  ptrdiff_t whole = rounded_up(b.keys, kernels->width);
  tlm_matmul_near(kernels, false, b.count, b.keys, h->a->width, h->queries + b.begin * h->row_size, h->row_size,
                  h->keys_across + b.first, h->across_size, weights, h->across_size, false);
  for (ptrdiff_t i = 0; i < b.count; i++) {
    float *row = weights + i * h->across_size;
    ptrdiff_t low = first_seen(h, b.begin + i) - b.first, high = h->past + b.begin + i + 1 - b.first;
    for (ptrdiff_t j = 0; j < low; j++) row[j] = -INFINITY;
    for (ptrdiff_t j = high; j < whole; j++) row[j] = -INFINITY;
    kernels->softmax(whole, row, NULL, row);
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
    ptrdiff_t place = ring_place(h, h->position + t), from = (h->past + t) * h->row_size;
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
    lay_out(kernels, &h, a, part, false);
    gather(kernels, &h, w->projected, w->keys, w->values);
    for (ptrdiff_t t = 0; t < a->T; t += query_block) {
      struct block b = block_at(&h, t);
      weigh(kernels, &h, b, h.scores);
      if (a->dropout_rate > 0)
        for (ptrdiff_t i = 0; i < b.count; i++)
          drop(kernels, &h, t + i, b.keys, h.scores + i * h.across_size, h.scores + i * h.across_size);
      tlm_matmul_near(kernels, false, b.count, width, b.keys, h.scores, h.across_size, h.values + b.first * h.row_size, h.row_size,
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
    lay_out(kernels, &h, w->a, part, false);
    gather(kernels, &h, w->projected, w->keys, w->values);
    for (ptrdiff_t t = 0; t < T; t += query_block) {
      struct block b = block_at(&h, t);
      weigh(kernels, &h, b, h.scores);
      for (ptrdiff_t i = 0; i < b.count; i++) {
        float *row = w->weights + (part * T + t + i) * T;
        for (ptrdiff_t j = 0; j < T; j++) {
          ptrdiff_t key = h.past + j - b.first;
          row[j] = key >= 0 && key < b.keys ? h.scores[i * h.across_size + key] : 0;
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
  memset(h->dkeys, 0, (size_t)((h->past + a->T) * h->row_size) * sizeof(float));
  memset(h->dvalues, 0, (size_t)((h->past + a->T) * h->row_size) * sizeof(float));
  for (ptrdiff_t slot = 0; slot < a->context; slot++) {
    ptrdiff_t place = ring_place(h, slot);
    // The last new step at this slot, or a negative number.
    int64_t last = h->position + a->T - 1, t = a->T - 1 - ((last - slot) % a->context + a->context) % a->context;
    float *dkey = t >= 0 ? h->dkeys + (h->past + t) * h->row_size : w->dkeys + place;
    float *dvalue = t >= 0 ? h->dvalues + (h->past + t) * h->row_size : w->dvalues + place;
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
    kernels->add(width, w->dkeys + place, h->dkeys + j * h->row_size, w->dkeys + place);
    kernels->add(width, w->dvalues + place, h->dvalues + j * h->row_size, w->dvalues + place);
  }
  float scale = 1 / sqrtf((float)width);
  for (ptrdiff_t t = 0; t < a->T; t++) {
    float *to = w->dprojected + (projected_step(h, w->projected, t) - w->projected);
    turn_step(kernels, h, t, true, scale, h->dqueries + t * h->row_size, to);
    turn_step(kernels, h, t, true, 1, h->dkeys + (h->past + t) * h->row_size, to + D);
    memcpy(to + 2 * D, h->dvalues + (h->past + t) * h->row_size, (size_t)width * sizeof(float));
  }
}

static void backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct backward_work *w = context;
  const tlm_attention *a = w->a;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t width = a->width, D = a->heads * width;
  for (ptrdiff_t part = begin; part < end; part++) {
    struct head h;
    lay_out(kernels, &h, a, part, true);
    gather(kernels, &h, w->projected, w->keys, w->values);
    put_across(&h, h.values, h.values_across);
    for (ptrdiff_t t = 0; t < a->T; t++) {
      const float *dy = w->dy + (t * a->B + h.row) * D + h.head * width;
      if (t + steps_ahead < a->T) ask_for(&h, dy + steps_ahead * a->B * D);
      copy_row(&h, dy, h.dy + t * h.row_size);
    }
    begin_gradients(&h, w);
    for (ptrdiff_t t = 0; t < a->T; t += query_block) {
      struct block b = block_at(&h, t);
      ptrdiff_t whole = rounded_up(b.keys, kernels->width), keys = b.first * h.row_size, queries = t * h.row_size;
      weigh(kernels, &h, b, h.scores);
      // Gradients of the weights, through their dropout, and of the scores.
      tlm_matmul_near(kernels, false, b.count, whole, width, h.dy + queries, h.row_size, h.values_across + b.first, h.across_size,
                      h.dscores, h.across_size, false);
      for (ptrdiff_t i = 0; i < b.count; i++) {
        float *weights = h.scores + i * h.across_size, *dweights = h.dscores + i * h.across_size;
        if (a->dropout_rate > 0) drop(kernels, &h, t + i, b.keys, dweights, dweights);
        kernels->softmax_backward(whole, weights, dweights, dweights);
        if (a->dropout_rate > 0) drop(kernels, &h, t + i, b.keys, weights, weights);
      }
      tlm_matmul_near(kernels, true, b.keys, width, b.count, h.scores, h.across_size, h.dy + queries, h.row_size, h.dvalues + keys,
                      h.row_size, true);
      tlm_matmul_near(kernels, false, b.count, width, b.keys, h.dscores, h.across_size, h.keys + keys, h.row_size,
                      h.dqueries + queries, h.row_size, false);
      tlm_matmul_near(kernels, true, b.keys, width, b.count, h.dscores, h.across_size, h.queries + queries, h.row_size,
                      h.dkeys + keys, h.row_size, true);
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
