// The rows of a task that its disk does not have yet, on their way there.
#include <stdlib.h>

#include "log.h"
#include "memory.h"
#include "store.h"
#include "task_failure.h"

static bool value_of_row(void *arg, int store, void *row, int64_t *timestamp, struct weir_str *value)
{
    struct task *t = arg;
    struct weir_ctx *w = &t->worker->w;
    weir_ctx_reset(w);
    *value = row_value(t->stores[store], row);
    *timestamp = ((struct row *)row)->head.timestamp;
    return !w->bad && value->p;
}

// OFFSET: of its changelog, that the rows are as new as.
static void add_rows(struct store *s, int64_t offset, struct weir_ctx *keys)
{
    for (size_t i = 0; i < s->segments.count; i++) {
        const struct segment *g = s->segments.all[i];
        for (size_t r = 0; r < g->unsaved_count; r++)
            disk_add(s->task->disk, s->index, g->id, row_wire_key(keys, s, g->unsaved[r]), g->unsaved[r]);
    }
    if (s->interval)
        disk_drop(s->task->disk, s->index, store_first_segment(s, s->newest));
    disk_set_mark(s->task->disk, s->index, (struct disk_mark){offset, s->newest});
}

static void set_saved(struct store *s)
{
    for (size_t i = 0; i < s->segments.count; i++) {
        struct segment *g = s->segments.all[i];
        for (size_t r = 0; r < g->unsaved_count; r++) {
            g->unsaved[r]->flags &= ~(uint32_t)ROW_UNSAVED;
            if (row_is_nothing(g->unsaved[r]))
                store_drop_row(s, g->unsaved[r]);
        }
        g->unsaved_count = 0;
    }
    s->logged = 0;
}

// How new the rows in memory are, of each store. REFUSED: others may write the changelogs, and what they say then is not in memory.
static enum broker_status ask_ends(const struct task *t, int64_t *ends, struct broker_error *error)
{
    enum { SAVED = 1 }; // not 0, which says that nothing is
    const struct worker *k = t->worker;
    enum broker_status status = BROKER_OK;
    for (int i = 0; i < k->program->store_count && status == BROKER_OK; i++) {
        const struct store *s = t->stores[i];
        ends[i] = SAVED;
        if (s && !s->what->no_changelog)
            status = k->broker->ops->log_end(k->broker, k->id, i, t->partition, &ends[i], error);
    }
    return status;
}

static bool write_rows(struct task *t, const int64_t *ends, struct weir_ctx *keys, struct broker_error *error)
{
    int count = t->worker->program->store_count;
    for (int i = 0; i < count; i++) {
        if (t->stores[i] && t->stores[i]->on_disk)
            add_rows(t->stores[i], ends[i], keys);
    }
    bool good = disk_save(t->disk, value_of_row, t, error);
    for (int i = 0; i < count && good; i++) {
        if (t->stores[i] && t->stores[i]->on_disk)
            set_saved(t->stores[i]);
    }
    return good;
}

static bool save(struct task *t, struct broker_error *error)
{
    struct weir_ctx keys;
    weir_ctx_init(&keys);
    int64_t *ends = weir_alloc(&keys, (size_t)t->worker->program->store_count * sizeof *ends);
    enum broker_status status = BROKER_OK;
    if (t->ends)
        ends = t->ends;
    else
        status = ask_ends(t, ends, error);
    bool good = status == BROKER_REFUSED || (status == BROKER_OK && write_rows(t, ends, &keys, error));
    weir_ctx_free(&keys);
    return good;
}

static bool report(struct task *t, const struct broker_error *error)
{
    log_about(LEVEL_ERROR, t->worker->program->app, (struct log_about){.partition = t->partition},
              "saving the state of partition %d failed: %s", (int)t->partition, error->text);
    t->worker->exit = RUNTIME_FAILED;
    task_failure_note(t->worker, t);
    return false;
}

static bool has_stores(const struct task *t)
{
    int i = 0, count = t->worker->program->store_count;
    while (i < count && !t->stores[i])
        i++;
    return i < count;
}

void store_note_ends(struct task *t)
{
    struct broker_error error = {""};
    if (!has_stores(t))
        return;
    t->ends = memory_new((size_t)t->worker->program->store_count * sizeof *t->ends);
    enum broker_status status = ask_ends(t, t->ends, &error);
    if (status == BROKER_OK)
        return;
    free(t->ends);
    t->ends = NULL;
    if (status != BROKER_REFUSED)
        report(t, &error);
}

bool store_save_restored(struct store *s, int64_t offset)
{
    struct broker_error error = {""};
    struct weir_ctx keys;
    weir_ctx_init(&keys);
    add_rows(s, offset, &keys);
    bool good = disk_save(s->task->disk, value_of_row, s->task, &error);
    weir_ctx_free(&keys);
    if (!good)
        return report(s->task, &error);
    set_saved(s);
    return true;
}

static size_t unsaved_rows(const struct store *s)
{
    size_t count = 0;
    for (size_t g = 0; g < s->segments.count; g++)
        count += s->segments.all[g]->unsaved_count;
    return count;
}

// What would be replayed after a crash. Of a store without a changelog that would be nothing: a save is worth it.
static size_t worth(const struct store *s, size_t unsaved)
{
    return !s->what->no_changelog ? s->logged : unsaved ? DISK_WORTH_IT : 0;
}

bool store_save_is_due(const struct task *t, enum store_save when)
{
    size_t logged = 0, bytes = 0;
    if (!t->disk || when == SAVE_NOW)
        return t->disk;
    for (int i = 0; i < t->worker->program->store_count; i++) {
        const struct store *s = t->stores[i];
        size_t unsaved = s && s->on_disk ? unsaved_rows(s) : 0;
        bytes += unsaved ? unsaved * (s->key_at + s->value_size) : 0;
        logged += s && s->on_disk ? worth(s, unsaved) : 0;
    }
    return disk_due(t->disk, logged, bytes, when == SAVE_CLOSING);
}

bool store_save_task(struct task *t)
{
    struct broker_error error = {""};
    return save(t, &error) || report(t, &error);
}
