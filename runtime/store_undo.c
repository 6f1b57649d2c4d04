#include "store_undo.h"

#include "memory.h"
#include "store.h"

struct undo *undo_push(struct undo_log *log)
{
    if (WEIR_UNLIKELY(log->count == log->room)) {
        log->room = log->room ? log->room * 2 : 16;
        log->all = memory_resize(log->all, log->room * sizeof *log->all);
    }
    return &log->all[log->count++];
}

void undo_count(struct undo_log *log, size_t *count)
{
    *undo_push(log) = (struct undo){.kind = UNDO_COUNT, .count = count, .timestamp = (int64_t)*count};
}

// ---- the record went through ----

// It became pending by U, which keeps the value before then.
static bool keeps_value(const struct undo *u)
{
    return !(u->flags & ROW_PENDING) && u->row->flags & ROW_PENDING && store_keeps_before(u->store);
}

// Rows that came to nothing, each once.
static void drop_nothing(struct undo_log *log)
{
    for (size_t i = 0; i < log->count; i++) {
        struct undo *u = &log->all[i];
        if (!u->row || !row_is_nothing(u->row) || u->row->flags & ROW_GOES)
            u->row = NULL;
        else
            u->row->flags |= ROW_GOES;
    }
    for (size_t i = 0; i < log->count; i++) {
        if (log->all[i].row)
            store_drop_row(log->all[i].store, log->all[i].row);
    }
}

void store_settle(struct worker *k)
{
    struct undo_log *log = &k->undo;
    bool nothing = false;
    for (size_t i = 0; i < log->count; i++) {
        const struct undo *u = &log->all[i];
        if (u->kind == UNDO_HELD)
            held_settle(u->store, u);
        if (u->kind == UNDO_SET && u->store->what->extra && !keeps_value(u))
            row_free_value(u->store, u->row, u->value);
        if (u->row)
            nothing |= row_is_nothing(u->row);
    }
    if (WEIR_UNLIKELY(nothing))
        drop_nothing(log);
    log->count = 0;
}

// ---- it is bad ----

static void undo_set(const struct undo *u)
{
    struct store *s = u->store;
    struct row *row = u->row;
    store_unlist(s, row, row->flags & ~u->flags);
    row->flags = u->flags;
    row->head.timestamp = u->timestamp;
    if (s->what->extra) {
        row_free_value(s, row, row->head.value);
        row->head.value = u->value;
    } else {
        row->head.value = u->value ? memcpy((char *)row + s->value_at, u->value, s->value_size) : NULL;
    }
}

void store_undo_to(struct worker *k, size_t count)
{
    struct undo_log *log = &k->undo;
    while (log->count > count) {
        const struct undo *u = &log->all[--log->count];
        switch (u->kind) {
        case UNDO_MADE: store_drop_row(u->store, u->row); break;
        case UNDO_SET: undo_set(u); break;
        case UNDO_HELD: held_undo(u->store, u); break;
        case UNDO_COUNT: *u->count = (size_t)u->timestamp; break;
        case UNDO_INPUT: u->store->times[u->flags] = u->timestamp; break;
        case UNDO_TIME:
            u->store->time = u->timestamp;
            u->store->newest = u->newest;
            break;
        }
    }
}

void store_undo(struct worker *k)
{
    store_undo_to(k, 0);
}
