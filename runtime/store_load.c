// What the disk has of a store comes to memory, in slices: before its task goes live or, of rows that only their keys find, beside live work.
#include <stdlib.h>

#include "memory.h"
#include "store.h"

// Where it goes on.
struct load {
    int64_t segment;
    struct weir_str at; // own memory; p NULL: at the beginning of the segment
    int64_t until;      // monotonic ms: the slice
    bool paused, full;  // the slice is over, behind a row; the disk has more than memory may hold
};

bool store_loads_live(const struct store *s)
{
    return s->what->kind == WEIR_STORE_ROWS && !s->what->history;
}

void store_load_begin(struct store *s, struct disk_mark mark)
{
    s->load = memory_new(sizeof *s->load);
    *s->load = (struct load){.segment = store_first_segment(s, mark.time)};
    s->k->loading++;
}

void store_load_end(struct store *s)
{
    if (!s->load)
        return;
    free((char *)s->load->at.p);
    free(s->load);
    s->load = NULL;
    s->k->loading--;
}

// ---- rows ----

// What is in memory is as new as the disk or newer, gone or not; of a segment that is not there retention keeps nothing.
static bool put_missing(struct store *s, const struct disk_row *saved)
{
    struct weir_str key = saved->key;
    int64_t start = 0, end;
    weir_ctx_reset(&s->k->w);
    if (s->interval && !store_split_key(s, saved->key, &key, &start, &end))
        return false;
    struct segment *g = segments_find(&s->segments, saved->segment);
    uint32_t hash = table_hash(s->seed, key, start);
    if (!g || table_find(&g->table, s->key_at, hash, key, start))
        return true;
    return row_decode(s, row_new(s, g, hash, key, start), saved->value, saved->timestamp);
}

static bool put(struct store *s, const struct disk_row *row)
{
    return store_loads_live(s) ? put_missing(s, row) : store_restore(s, row->key, row->value, row->timestamp, true);
}

static void pause_at(struct load *l, const struct disk_row *row)
{
    l->segment = row->segment;
    l->at = (struct weir_str){memory_text(row->key.p, row->key.n), row->key.n};
}

static bool take_row(void *arg, const struct disk_row *row)
{
    struct store *s = arg;
    struct load *l = s->load;
    if (WEIR_UNLIKELY(l->paused)) {
        pause_at(l, row);
        return false;
    }
    l->full = s->k->memory > commit_memory(s->k) && !s->due;
    if (l->full || !put(s, row))
        return false;
    l->paused = commit_clock() >= l->until;
    return true;
}

enum disk_loaded store_load(struct store *s, int64_t until, struct broker_error *error)
{
    struct load *l = s->load;
    struct weir_str at = l->at;
    l->at = WEIR_NULL_STR;
    l->until = until;
    l->paused = false;
    enum disk_loaded loaded =
        disk_load(s->task->disk, s->index, l->segment, at.p ? at : WEIR_STR(""), take_row, s, error);
    free((char *)at.p);
    if (loaded == DISK_LOADED && !l->at.p && !s->k->w.bad) {
        if (!l->full)
            store_set_complete(s);
        store_load_end(s);
    }
    return loaded;
}

// ---- beside live work ----

static struct store *next_to_load(const struct worker *k)
{
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));) {
        for (int i = 0; i < k->program->store_count; i++) {
            if (t->stores[i] && t->stores[i]->load)
                return t->stores[i];
        }
    }
    return NULL;
}

bool store_load_waits(const struct worker *k)
{
    return k->loading && next_to_load(k);
}

static bool load_live(struct store *s, int64_t until)
{
    struct worker *k = s->k;
    struct broker_error error = {""};
    enum disk_loaded loaded = store_load(s, until, &error);
    if (loaded != DISK_LOADED)
        store_disk_failed(s, error.text);
    else if (k->w.bad)
        store_disk_failed(s, k->w.bad);
    return k->exit == RUNTIME_DONE;
}

bool store_load_live(struct worker *k)
{
    int64_t until = commit_clock() + k->slice_ms;
    struct store *s;
    bool good = true;
    do
        good = !(s = next_to_load(k)) || load_live(s, until);
    while (good && s && commit_clock() < until);
    k->turn_ends = commit_clock() + k->slice_ms;
    return good;
}
