// What onednn.c offers to the other files that call oneDNN: the primitive cache, and our buffers seen as its memory.
#ifndef TEXTLM_ONEDNN_CACHE_H
#define TEXTLM_ONEDNN_CACHE_H

#include "kernels.h"
#include "layout.h"

#pragma GCC visibility push(hidden)

// MARK: Cache

enum kind { kind_matmul, kind_lstm_forward, kind_lstm_backward };

struct key {
  int kind, precision, threads, flags;
  dnnl_dim_t sizes[5];
};

struct entry {
  struct entry *next;
  struct key key;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
};

typedef dnnl_status_t (*describe)(const struct key *key, const void *hint, dnnl_primitive_desc_t *description);

// A key with sizes yet to be filled in.
struct key tlm_make_key(enum kind kind, tlm_precision precision, int flags);
// The entry for a key, made on first use; NULL where the library cannot. Entries live as long as the process: the shapes of
// a run are few.
const struct entry *tlm_find_or_make(const struct key *key, describe make, const void *hint);
bool tlm_execute(const struct entry *entry, int count, const dnnl_exec_arg_t *arguments);
dnnl_engine_t tlm_engine(void);

// MARK: Memory

// A tensor of ours seen by oneDNN: a dense float32 buffer and, where the primitive wants another layout or type, a copy.
struct operand {
  dnnl_memory_t ours, wanted;
  dnnl_dim_t dims[5], strides[5];
  int rank;
  void *copy;
  size_t copy_bytes;
};

bool tlm_open_operand(struct operand *operand, int rank, const dnnl_dim_t *dims, const dnnl_dim_t *strides,
                  const float *buffer, layout wanted);
// Copies our buffer to the primitive's layout, or back.
bool tlm_move_operand(struct operand *operand, layout wanted, bool inward);
void tlm_close_operand(struct operand *operand);
// The memory that the primitive is given.
dnnl_memory_t tlm_operand_memory(const struct operand *operand);

static inline dnnl_data_type_t operand_type(int precision) {
  return precision == TLM_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
}

#pragma GCC visibility pop
#endif
