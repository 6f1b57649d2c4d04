// Calls of functions in C (extern fn). What they give back is looked at before anything works with it.
#ifndef WEIR_CALL_H
#define WEIR_CALL_H

#include "weir_ctx.h"

struct weir_extern {
    const char *name, *file; // as the program has them
};

// Around each call: if it crashes, the process says of which function at which record before the signal ends it (crash.c).
void weir_call_begin(struct weir_ctx *w, const struct weir_extern *of);
static inline void weir_call_end(struct weir_ctx *w)
{
    w->running = NULL;
}

// weir_alloc of weir_extern.h.
void *weir_extern_alloc(struct weir_ctx *w, size_t size);

// What a pure function gives for constants is computed once in the life of the process. *KEPT is NULL until it is there.
const void *weir_once(const void **kept);
// Keeps VALUE, of SIZE and with what EXTRA and KEEP (struct weir_store's; NULL: it has no parts) say of its parts. Where the record is bad nothing
// is kept, and VALUE given back.
const void *weir_once_keep(struct weir_ctx *w, const void **kept, const void *value, size_t size,
                           size_t (*extra)(const void *value), void (*keep)(void *to, const void *from));

// V, or what is harmless where the record is bad. OPTIONAL: it may be null.
struct weir_str weir_checked_text(struct weir_ctx *w, const struct weir_extern *of, struct weir_str v, bool optional);
struct weir_str weir_checked_bytes(struct weir_ctx *w, const struct weir_extern *of, struct weir_str v, bool optional);
struct weir_dec weir_checked_dec(struct weir_ctx *w, const struct weir_extern *of, struct weir_dec v, int precision);
struct weir_opt_dec weir_checked_opt_dec(struct weir_ctx *w, const struct weir_extern *of, struct weir_opt_dec v,
                                         int precision);
struct weir_list weir_checked_list(struct weir_ctx *w, const struct weir_extern *of, struct weir_list v, size_t size,
                                   bool optional);
// Strings (TEXT) or bytes that are the elements of a weir_checked_list; NULLS: they may be null.
struct weir_list weir_checked_strings(struct weir_ctx *w, const struct weir_extern *of, struct weir_list v, bool text,
                                      bool nulls);

#endif
