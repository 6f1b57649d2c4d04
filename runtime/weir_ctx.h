// What generated code works in: failure of the current record, the batch's arena, the record's metadata.
#ifndef WEIR_CTX_H
#define WEIR_CTX_H

#include "weir_value.h"

struct weir_header {
    struct weir_str name;
    struct weir_str value; // bytes; p NULL: null
};

struct weir_record {
    struct weir_str key, value; // bytes as on the wire; p NULL: null
    int64_t timestamp;          // ms
    int64_t offset;
    int32_t partition;
    struct weir_str topic;
    const struct weir_header *headers;
    size_t header_count;
};

struct weir_arena_block;
struct weir_extern;

// The end of something in the arena, and of the free memory behind it.
struct weir_grown {
    char *end, *room;
};
enum { WEIR_GROWN = 4 };

struct weir_ctx {
    const char *bad; // NULL: all is well. Else the message (arena or static); what is computed then on is thrown away
    enum weir_cause cause;
    char *next, *end; // free part of the arena's block
    struct weir_arena_block *block;
    const struct weir_record *record;
    void *owner;                                // the runtime's own (task or test)
    int64_t (*now)(void *owner);                // the wall clock in ms; NULL: the system's
    const char *placed;                         // BAD, if it begins with a place in the value (weir_json_in_field)
    int32_t depth, calls;                       // of recursive functions, for this record
    const char *stack;                          // where the outermost one of them began
    const struct weir_extern *volatile running; // the user's function that has been called; NULL: none
    struct weir_grown grown[WEIR_GROWN];        // what was made last by appending (ctx_append)
    int32_t next_grown;
};

// A recursive function begins; false: it must not, the record is bad. NAME is the program's. Each true is followed by a weir_leave.
bool weir_enter(struct weir_ctx *w, const char *name);

static inline void weir_leave(struct weir_ctx *w)
{
    w->depth--;
}

// More arena than the block has. Never NULL: out of memory ends the process with a message. Who makes a result of a size that data decide
// calls weir_fits first.
void *weir_alloc_slow(struct weir_ctx *w, size_t size);

// No value of a record may be larger than this.
#define WEIR_MAX_VALUE ((size_t)64 << 20)
// Fails the record (WEIR_BAD_LIMIT) if SIZE is over the limit.
bool weir_fits(struct weir_ctx *w, size_t size);

// Uninitialised memory until the end of the batch, aligned to 16.
static inline void *weir_alloc(struct weir_ctx *w, size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;
    if (WEIR_UNLIKELY(rounded > (size_t)(w->end - w->next) || rounded < size))
        return weir_alloc_slow(w, size);
    void *p = w->next;
    w->next += rounded;
    return p;
}

// The state of failure before a `try`, put back after it.
struct weir_try {
    const char *bad;
    enum weir_cause cause;
};

// `try`: struct weir_try saved = weir_try_begin(w); ... ; bool failed = weir_try_end(w, saved);
static inline struct weir_try weir_try_begin(struct weir_ctx *w)
{
    struct weir_try saved = {w->bad, w->cause};
    w->bad = NULL;
    return saved;
}

static inline bool weir_try_end(struct weir_ctx *w, struct weir_try saved)
{
    bool failed = w->bad != NULL;
    w->bad = saved.bad;
    w->cause = saved.cause;
    return failed;
}

#endif
