// The life of a struct weir_ctx, for whoever owns one (a task, a test).
#ifndef WEIR_RT_CTX_H
#define WEIR_RT_CTX_H

#include "weir_ctx.h"

void weir_ctx_init(struct weir_ctx *w);
// Forgets the failure and everything in the arena; the blocks stay for the next batch.
void weir_ctx_reset(struct weir_ctx *w);
void weir_ctx_free(struct weir_ctx *w);

// The USED bytes at P, and behind them room for MORE: in place if they are what was made so, and nothing was appended to them yet. Those who have P
// don't see what is behind theirs, so that it may be shared.
void *ctx_append(struct weir_ctx *w, const void *p, size_t used, size_t more);

// In the arena of W. What is null stays so.
struct weir_str ctx_copy(struct weir_ctx *w, struct weir_str s);
const struct weir_header *ctx_copy_headers(struct weir_ctx *w, const struct weir_header *headers, size_t count);

// TEXT as a short C string that is safe to show in a message: control characters replaced, cut after 60 bytes or so.
const char *ctx_excerpt(struct weir_ctx *w, struct weir_str text);

// crash.c: W is about to go.
void crash_forget(const struct weir_ctx *w);

#endif
