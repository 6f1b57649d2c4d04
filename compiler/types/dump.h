// Typed expressions as text, for the dumps of types and plan.
#ifndef WEIR_TYPES_DUMP_H
#define WEIR_TYPES_DUMP_H

#include "base/writer.h"
#include "types/program.h"

// One expression on one line, with every conversion visible.
void texpr_show(struct writer *out, const struct texpr *e);

// "seen[key, from..to]"
void place_show(struct writer *out, const struct store_place *place);

// What the dumps of types and program call them.
const char *window_word(enum window_kind kind);
const char *join_form_word(enum join_form form);

// What the block of a PROCESS keeps and does.
void process_dump(struct writer *out, struct arena *a, const struct stage *stage);

// "string", "json Sale", "csv(delimiter \"|\") Line?".
const char *serde_show(struct arena *arena, const struct serde *serde);

#endif
