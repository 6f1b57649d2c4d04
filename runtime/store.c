#include "store.h"

#include <stdlib.h>
#include <sys/random.h>

#include "log.h"
#include "memory.h"
#include "observers.h"

enum { SHORTEST_SEGMENT = 60000 }; // ms, as in Kafka Streams

static int64_t interval_of(const struct weir_store *what)
{
    bool rows = what->kind == WEIR_STORE_ROWS || what->kind == WEIR_STORE_SERIES;
    bool timed = what->kind == WEIR_STORE_SIDE || what->history || (rows && what->window != WEIR_NOT_WINDOWED);
    if (!timed)
        return 0;
    int64_t half = (what->history ? what->history : what->retention) / 2;
    return half > SHORTEST_SEGMENT ? half : SHORTEST_SEGMENT;
}

static uint64_t new_seed(void)
{
    uint64_t seed;
    return getrandom(&seed, sizeof seed, GRND_NONBLOCK) == (ssize_t)sizeof seed ? seed : 0;
}

struct store *store_new(struct task *t, int index)
{
    struct worker *k = t->worker;
    const struct weir_store *what = &k->program->stores[index];
    bool series = what->kind == WEIR_STORE_SERIES || what->kind == WEIR_STORE_SIDE || what->history;
    struct store *s = memory_new(sizeof *s);
    *s = (struct store){.what = what,
                        .index = index,
                        .task = t,
                        .k = k,
                        .cached = k->settings->cache > 0 && !what->history && !what->at_once,
                        .kept = broker_has_changelog(what) && k->broker->ops->log,
                        .on_disk = k->disks && !what->memory,
                        .series = series,
                        .window = what->history ? WEIR_SESSION_WINDOWS : what->window,
                        .retention = what->history ? what->history : what->retention,
                        .value_size = what->value_size,
                        .value_at = series ? sizeof(struct chain) : sizeof(struct row),
                        .interval = interval_of(what),
                        .seed = new_seed(),
                        .time = -1,
                        .segments.used = &k->memory};
    s->key_at = s->value_at + (what->extra ? 0 : weir_keep_size(what->value_size));
    s->reach = memory_new((size_t)k->program->source_count * sizeof *s->reach + 1);
    weir_ctx_init(&s->before);
    if (what->kind == WEIR_STORE_SUBSCRIPTIONS)
        subscriptions_init(s);
    if (what->kind == WEIR_STORE_BUFFER || what->kind == WEIR_STORE_WAITING || what->kind == WEIR_STORE_PARKED)
        held_init(s);
    return s;
}

void store_clear(struct store *s)
{
    store_load_end(s);
    segments_drop(&s->segments, INT64_MAX);
    s->filling = NULL;
    s->pending_count = s->logged = 0;
    s->time = -1;
    s->newest = 0;
    free(s->times);
    s->times = NULL;
    if (s->due) {
        held_free(s);
        held_init(s);
    }
}

void store_free(struct store *s)
{
    if (!s)
        return;
    if (s->due)
        held_free(s);
    store_load_end(s);
    segments_drop(&s->segments, INT64_MAX);
    free(s->reach);
    free(s->pending);
    free(s->times);
    weir_ctx_free(&s->before);
    free(s);
}

void store_swap(struct store *s)
{
    s->what = &s->k->program->stores[s->index];
}

// ---- time ----

void store_advance(struct store *s, int64_t time, int64_t newest)
{
    *undo_push(&s->k->undo) = (struct undo){.kind = UNDO_TIME, .store = s, .timestamp = s->time, .newest = s->newest};
    s->time = time;
    s->newest = newest;
}

static void make_times(struct store *s)
{
    s->times = memory_new((size_t)s->what->inputs * sizeof *s->times);
    for (int i = 0; i < s->what->inputs; i++)
        s->times[i] = s->time;
}

void weir_store_input(struct weir_ctx *w, int store, int input)
{
    struct store *s = store_of(w, store);
    if (!s->times)
        make_times(s);
    s->input = input;
}

static int64_t least_time(const struct store *s)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < s->what->inputs; i++)
        least = s->times[i] < least ? s->times[i] : least;
    return least;
}

static int64_t input_time(struct store *s, int64_t timestamp)
{
    int64_t *time = &s->times[s->input];
    if (timestamp <= *time)
        return *time;
    *undo_push(&s->k->undo) =
        (struct undo){.kind = UNDO_INPUT, .flags = (uint32_t)s->input, .store = s, .timestamp = *time};
    *time = timestamp;
    int64_t least = least_time(s);
    if (least > s->time)
        store_advance(s, least, s->newest);
    return timestamp;
}

int64_t weir_store_time(struct weir_ctx *w, int store, int64_t timestamp)
{
    struct store *s = store_of(w, store);
    if (s->times)
        return input_time(s, timestamp);
    if (timestamp > s->time)
        store_advance(s, timestamp, s->newest);
    return s->time;
}

static int64_t moved(int64_t time, int64_t ms)
{
    return time < 0 ? time : weir_time_after(time, ms);
}

void store_move_time(struct store *s, int64_t ms)
{
    s->time = moved(s->time, ms);
    if (s->what->kind == WEIR_STORE_WAITING) // its time is of what waits
        s->newest = moved(s->newest, ms);
    for (int i = 0; s->times && i < s->what->inputs; i++)
        s->times[i] = moved(s->times[i], ms);
}

// A block's windows and sessions: their time is that of what was put, which may be deleted again before anything of it is kept.
static bool is_timed_by_puts(const struct store *s)
{
    bool windows = s->what->kind == WEIR_STORE_ROWS || s->what->kind == WEIR_STORE_SERIES;
    return windows && s->interval && !s->what->changed && !s->what->history;
}

void store_restore_time(struct store *s)
{
    struct broker *b = s->k->broker;
    if (!b->ops->stored_time)
        return;
    if (s->what->inputs > 0 && !s->times)
        make_times(s);
    for (int i = 0; i < observers_of(s->what); i++)
        *(s->times ? &s->times[i] : &s->time) = b->ops->stored_time(b, s->k->id, s->index, i, s->task->partition);
    if (s->times)
        s->time = least_time(s);
    if (is_timed_by_puts(s) && s->time > s->newest)
        s->newest = s->time;
}

static void keep_time(const struct store *s, int input, int64_t time)
{
    struct broker *b = s->k->broker;
    if (time >= 0 && time != b->ops->stored_time(b, s->k->id, s->index, input, s->task->partition))
        b->ops->store_time(b, s->k->id, s->index, input, s->task->partition, time);
}

void store_keep_time(const struct task *t)
{
    const struct worker *k = t->worker;
    for (int i = 0; i < k->program->store_count && k->broker->ops->store_time; i++) {
        const struct store *s = t->stores[i];
        if (s && !s->times)
            keep_time(s, 0, is_timed_by_puts(s) && s->newest > 0 ? s->newest : s->time);
        for (int input = 0; s && s->times && input < s->what->inputs; input++)
            keep_time(s, input, s->times[input]);
    }
}

int64_t store_first_segment(const struct store *s, int64_t time)
{
    if (!s->interval || time < s->retention)
        return INT64_MIN;
    return (time - s->retention) / s->interval;
}

void store_expire(struct store *s)
{
    int64_t first = store_first_segment(s, s->newest);
    if (s->filling && s->filling_in < first)
        s->filling = NULL;
    segments_drop(&s->segments, first);
}

// ---- restoring ----

void store_set_disk(struct store *s, struct disk_mark mark)
{
    if (mark.offset > 0 && mark.time > s->newest)
        s->newest = mark.time;
    if (mark.offset <= 0 || s->due)
        return;
    int64_t last = s->interval ? s->newest / s->interval : 0, first = store_first_segment(s, s->newest);
    for (int64_t id = first < 0 ? 0 : first; id <= last; id++)
        segments_make(&s->segments, id, false);
    if (s->what->history)
        segments_make(&s->segments, INT64_MAX / s->interval, false);
}

void store_set_complete(struct store *s)
{
    s->filling = NULL;
    for (size_t i = 0; i < s->segments.count; i++)
        s->segments.all[i]->complete = true;
}

bool store_split_key(struct store *s, struct weir_str key, struct weir_str *inner, int64_t *start, int64_t *end)
{
    if (s->what->kind == WEIR_STORE_SIDE)
        return side_split_key(&s->k->w, key, inner, start, end);
    return store_changelog_split(&s->k->w, s->window, s->what->window_size, key, inner, start, end);
}

static struct row *restored_row(struct store *s, struct weir_str key, bool saved)
{
    struct weir_str inner = key;
    int64_t start = 0, end = 0;
    if (s->what->kind == WEIR_STORE_SUBSCRIPTIONS)
        return subscription_row(s, key, saved);
    if (s->interval && !store_split_key(s, key, &inner, &start, &end))
        return NULL;
    int64_t time = s->window == WEIR_SESSION_WINDOWS ? end : start;
    if (time > s->newest && !s->what->history)
        s->newest = time;
    return s->series ? &series_restored(s, inner, start, end, saved)->row : store_row_to_fill(s, inner, start);
}

bool store_restore(struct store *s, struct weir_str key, struct weir_str value, int64_t timestamp, bool saved)
{
    struct weir_ctx *w = &s->k->w;
    weir_ctx_reset(w);
    if (s->due)
        return held_restore(s, key, value, saved);
    if (s->what->history && !saved)
        return versions_restore(s, key, value, timestamp);
    struct row *row = restored_row(s, key, saved);
    if (!row || w->bad)
        return false;
    const void *before = row->head.value;
    if (!value.p)
        row_give(s, row, NULL, timestamp);
    else if (!row_decode(s, row, value, timestamp))
        return false;
    row_free_value(s, row, before);
    if (s->on_disk && !saved)
        segment_note_unsaved(row_segment(s, row), row);
    store_settle(s->k);
    if (row_is_nothing(row))
        store_drop_row(s, row);
    return true;
}
