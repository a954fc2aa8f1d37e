// Layer normalization of rows (Ba, Kiros and Hinton 2016), split over the threads, and its plain twin.
#include <math.h>
#include <string.h>

#include "kernels.h"

struct norm_work {
  ptrdiff_t groups, width;
  float epsilon;
  const float *x, *gain, *bias;
  float *normal, *scales, *y;
};

// Fewer elements than this are done before a second thread would have started. Threads write no two parts of a cache line.
enum { worth_splitting = 1 << 14, cache_line = 16 };

static void forward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct norm_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t part = begin; part < end; part++) {
    ptrdiff_t start = part * w->width, column = part % w->groups * w->width;
    float *y = w->y + start;
    w->scales[part] = kernels->normalize_row(w->width, w->epsilon, w->x + start, w->normal + start);
    kernels->multiply(w->width, w->normal + start, w->gain + column, y);
    kernels->add(w->width, y, w->bias + column, y);
  }
}

void tlm_layer_norm(
  ptrdiff_t rows, ptrdiff_t groups, ptrdiff_t width, float epsilon, const float *x, const float *gain, const float *bias,
  float *normal, float *scales, float *y) {
  struct norm_work work = {groups, width, epsilon, x, gain, bias, normal, scales, y};
  tlm_parallel_range(rows * groups, 1, worth_splitting / (width + 1), forward_share, &work);
}

struct norm_backward_work {
  ptrdiff_t groups, width;
  const float *dy, *gain, *normal, *scales;
  float *dx;
};

static void backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct norm_backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t part = begin; part < end; part++) {
    ptrdiff_t start = part * w->width;
    kernels->normalize_backward_row(w->width, w->gain + part % w->groups * w->width, w->dy + start, w->normal + start,
                                    w->scales[part], w->dx + start);
  }
}

void tlm_layer_norm_backward(
  ptrdiff_t rows, ptrdiff_t groups, ptrdiff_t width, const float *dy, const float *gain, const float *normal,
  const float *scales, float *dx) {
  struct norm_backward_work work = {groups, width, dy, gain, normal, scales, dx};
  tlm_parallel_range(rows * groups, 1, worth_splitting / (width + 1), backward_share, &work);
}

struct norm_parameter_work {
  ptrdiff_t rows, width;
  const float *dy, *normal;
  float *dgain, *dbias;
};

static void parameters_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct norm_parameter_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  ptrdiff_t count = end - begin;
  memset(w->dgain + begin, 0, (size_t)count * sizeof(float));
  memset(w->dbias + begin, 0, (size_t)count * sizeof(float));
  for (ptrdiff_t start = begin; start < w->rows * w->width; start += w->width) {
    kernels->multiply_add(count, w->dy + start, w->normal + start, w->dgain + begin);
    kernels->add(count, w->dbias + begin, w->dy + start, w->dbias + begin);
  }
}

void tlm_layer_norm_parameters_backward(
  ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *normal, float *dgain, float *dbias) {
  struct norm_parameter_work work = {rows, width, dy, normal, dgain, dbias};
  tlm_parallel_range(width, cache_line, worth_splitting / (rows + 1), parameters_share, &work);
}

// MARK: By the root of the mean square alone

static void rms_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct norm_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t start = begin * w->width; begin < end; begin++, start += w->width) {
    w->scales[begin] = kernels->rms_row(w->width, w->epsilon, w->x + start, w->normal + start);
    kernels->multiply(w->width, w->normal + start, w->gain, w->y + start);
  }
}

void tlm_rms_norm(
  ptrdiff_t rows, ptrdiff_t width, float epsilon, const float *x, const float *gain, float *normal, float *scales,
  float *y) {
  struct norm_work work = {1, width, epsilon, x, gain, NULL, normal, scales, y};
  tlm_parallel_range(rows, 1, worth_splitting / (width + 1), rms_share, &work);
}

static void rms_backward_share(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const struct norm_backward_work *w = context;
  const struct kernels *kernels = tlm_current_kernels();
  for (ptrdiff_t start = begin * w->width; begin < end; begin++, start += w->width)
    kernels->rms_backward_row(w->width, w->gain, w->dy + start, w->normal + start, w->scales[begin], w->dx + start);
}

void tlm_rms_norm_backward(
  ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *gain, const float *normal, const float *scales,
  float *dx) {
  struct norm_backward_work work = {1, width, dy, gain, normal, scales, dx};
  tlm_parallel_range(rows, 1, worth_splitting / (width + 1), rms_backward_share, &work);
}

// MARK: Plain twins

void tlm_rms_norm_plain(
  ptrdiff_t rows, ptrdiff_t width, float epsilon, const float *x, const float *gain, float *normal, float *scales,
  float *y) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    double squares = 0;
    for (ptrdiff_t j = r * width; j < (r + 1) * width; j++) squares += (double)x[j] * x[j];
    scales[r] = (float)(1 / sqrt(squares / (double)width + epsilon));
    for (ptrdiff_t j = 0; j < width; j++) {
      normal[r * width + j] = x[r * width + j] * scales[r];
      y[r * width + j] = normal[r * width + j] * gain[j];
    }
  }
}

void tlm_rms_norm_backward_plain(
  ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *gain, const float *normal, const float *scales,
  float *dx) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    double product = 0;
    for (ptrdiff_t j = 0; j < width; j++) product += (double)dy[r * width + j] * gain[j] * normal[r * width + j];
    product /= (double)width;
    for (ptrdiff_t j = 0; j < width; j++) {
      ptrdiff_t i = r * width + j;
      dx[i] = (float)(scales[r] * ((double)dy[i] * gain[j] - normal[i] * product));
    }
  }
}

float tlm_plain_normalize(ptrdiff_t width, float epsilon, const float *x, float *normal) {
  double mean = 0, square = 0;
  for (ptrdiff_t j = 0; j < width; j++) mean += x[j];
  mean /= (double)width;
  for (ptrdiff_t j = 0; j < width; j++) square += (x[j] - mean) * (x[j] - mean);
  double scale = 1 / sqrt(square / (double)width + epsilon);
  for (ptrdiff_t j = 0; j < width; j++) normal[j] = (float)((x[j] - mean) * scale);
  return (float)scale;
}

void tlm_plain_normalize_backward(ptrdiff_t width, const float *gain, const float *dy, const float *normal, float scale,
                                  float *dx) {
  double mean = 0, product = 0;
  for (ptrdiff_t j = 0; j < width; j++) {
    mean += (double)dy[j] * gain[j];
    product += (double)dy[j] * gain[j] * normal[j];
  }
  mean /= (double)width;
  product /= (double)width;
  for (ptrdiff_t j = 0; j < width; j++) dx[j] = (float)(scale * ((double)dy[j] * gain[j] - mean - normal[j] * product));
}

void tlm_layer_norm_plain(
  ptrdiff_t rows, ptrdiff_t groups, ptrdiff_t width, float epsilon, const float *x, const float *gain, const float *bias,
  float *normal, float *scales, float *y) {
  for (ptrdiff_t part = 0; part < rows * groups; part++) {
    ptrdiff_t start = part * width, column = part % groups * width;
    scales[part] = tlm_plain_normalize(width, epsilon, x + start, normal + start);
    for (ptrdiff_t j = 0; j < width; j++) y[start + j] = normal[start + j] * gain[column + j] + bias[column + j];
  }
}

void tlm_layer_norm_backward_plain(
  ptrdiff_t rows, ptrdiff_t groups, ptrdiff_t width, const float *dy, const float *gain, const float *normal,
  const float *scales, float *dx) {
  for (ptrdiff_t part = 0; part < rows * groups; part++) {
    ptrdiff_t start = part * width;
    tlm_plain_normalize_backward(width, gain + part % groups * width, dy + start, normal + start, scales[part],
                                 dx + start);
  }
}

void tlm_layer_norm_parameters_backward_plain(
  ptrdiff_t rows, ptrdiff_t width, const float *dy, const float *normal, float *dgain, float *dbias) {
  for (ptrdiff_t j = 0; j < width; j++) {
    double gain = 0, bias = 0;
    for (ptrdiff_t i = j; i < rows * width; i += width) {
      gain += (double)dy[i] * normal[i];
      bias += dy[i];
    }
    dgain[j] = (float)gain;
    dbias[j] = (float)bias;
  }
}
