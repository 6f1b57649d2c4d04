// What the files that emit joins of a stream share: emit_join.c and emit_join_lookup.c.
#ifndef WEIR_EMIT_EMIT_JOIN_H
#define WEIR_EMIT_EMIT_JOIN_H

#include "emit/emitter.h"

static inline const char *store_name(const struct body *b, const struct plan_store *store)
{
    return b->e->store_names[store->index];
}

// ---- emit_join_lookup.c ----

struct joined_key {
    const char *bytes; // C text, as tight as a name
    bool may_be_null;
};
// The key of the record at FROM. RAW: its bytes are those that came in.
struct joined_key joined_key_of(struct body *b, const struct stage *from, bool raw, const struct serde *serde);
// A pointer to the value of the record at FROM, which has one.
const char *joined_value(struct body *b, const struct stage *from);
// A record from FROM, with a row of the table; and the same of one that has a value.
void emit_join_lookup(struct body *b, const struct stage *from, const struct stage *stage);
void emit_join_row(struct body *b, const struct stage *stage);

#endif
