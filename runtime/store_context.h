// What a change that is held back keeps of the record that it came with, as Kafka Streams' ProcessorRecordContext has it in bytes.
#ifndef WEIR_RT_STORE_CONTEXT_H
#define WEIR_RT_STORE_CONTEXT_H

#include "weir_wire.h"

// Bytes in W's arena.
struct weir_str context_write(struct weir_ctx *w, const struct weir_record *record, int64_t timestamp);
// *RECORD gets all but key and value; its topic and headers point into BYTES. Gives the bytes behind it; p NULL: there is no context in BYTES.
struct weir_str context_read(struct weir_ctx *w, struct weir_str bytes, struct weir_record *record);

// Numbers are big-endian; a length of -1 is a null.
void wire_put_number(struct weir_buf *b, uint64_t n, int bytes);
void wire_put_sized(struct weir_buf *b, struct weir_str bytes);
// From *REST, which moves on. False: it is too short.
bool wire_take_number(struct weir_str *rest, int bytes, int64_t *n);
bool wire_take_sized(struct weir_str *rest, struct weir_str *bytes);

#endif
