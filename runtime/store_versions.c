// A versioned table: its rows, and the values that were replaced within its history. As Kafka Streams has it (KIP-889), a value that ended lies in the
// segment of its end, so that what history leaves behind goes as a whole; what is valid still has no end, and stays. A grave, from T to T, says that
// there was nothing from T on; it is needed where the value before is not the one that ended there, and goes with its segment as well.
//
// The changelog has what was put, with its time, and not what that makes of the values before; the disk has those, with keys as sessions have them.
#include <inttypes.h>

#include "store.h"

// From when a value is valid is its row's timestamp: also of the latest, whose start stays 0.
#define FOREVER INT64_MAX

struct row *versions_latest(struct store *s, struct weir_str key)
{
    return &series_entry(s, key, 0, FOREVER)->row;
}

// Those that end at FROM or later.
static struct series_walk walk_from(struct store *s, struct weir_str key, int64_t from)
{
    return (struct series_walk){.s = s, .key = key, .from = from > 0 ? from : 0, .to = FOREVER};
}

// ---- changing ----

static void set(struct store *s, struct row *row, const void *value, int64_t timestamp)
{
    store_set(s, row, value, timestamp);
    row->flags &= ~(uint32_t)ROW_GRAVE;
    store_note_unsaved(s, row);
}

// What was so from START to END. VALUE NULL: a grave at START.
static void add(struct store *s, struct weir_str key, const void *value, int64_t start, int64_t end)
{
    struct row *row = &series_entry(s, key, start, value ? end : start)->row;
    set(s, row, value, start);
    if (!value)
        row->flags |= ROW_GRAVE;
}

// The value is now END's, or nobody's.
static void cut(struct store *s, struct weir_str key, struct row *row, int64_t end)
{
    const void *value = row->head.value;
    int64_t start = row->head.timestamp;
    if (value && start < end)
        add(s, key, value, start, end);
    set(s, row, NULL, start);
}

// What there is around a time.
struct around {
    struct entry *at; // the last that begins no later, if it ends no earlier
    int64_t next;     // where the first that begins later does; FOREVER: none
};

static struct around look_around(struct store *s, struct weir_str key, int64_t timestamp)
{
    struct around found = {NULL, FOREVER};
    struct series_walk walk = walk_from(s, key, timestamp);
    while ((found.at = series_next(&walk)) && found.at->row.head.timestamp > timestamp)
        found.next = found.at->row.head.timestamp;
    return found;
}

// Whether it is the latest now.
static bool put(struct store *s, struct weir_str key, struct row *latest, const void *value, int64_t timestamp)
{
    struct around found = look_around(s, key, timestamp);
    if (found.at && (found.at->row.head.timestamp == timestamp || found.at->end > timestamp))
        cut(s, key, &found.at->row, timestamp);
    if (value && found.next == FOREVER)
        set(s, latest, value, timestamp);
    else
        add(s, key, value, timestamp, found.next);
    return found.next == FOREVER;
}

static bool is_expired(const struct store *s, int64_t timestamp)
{
    return timestamp < s->newest - s->retention;
}

static void log_put(struct store *s, struct weir_str key, const void *value, int64_t timestamp)
{
    struct weir_ctx *w = &s->k->w;
    if (!s->kept)
        return;
    struct weir_str bytes = value ? s->what->encode(w, value) : WEIR_NULL_STR;
    if (w->bad)
        return;
    send_log(s->k, s->index, s->task->partition, key, bytes, timestamp);
    s->logged++;
}

// What the row had, where a change can show it: putting moves it.
static const void *old_value(struct store *s, const void *value)
{
    return value && s->what->wants_old ? store_copy_for_record(&s->k->w, s->what, value) : NULL;
}

void versions_put(struct store *s, struct row *latest, const void *value, int64_t timestamp, bool log)
{
    struct weir_ctx *w = &s->k->w;
    struct weir_str key = row_key(s, latest);
    bool expired = is_expired(s, timestamp);
    const void *old = log && !expired ? old_value(s, latest->head.value) : NULL;
    if (timestamp > s->newest)
        store_advance(s, s->time, timestamp);
    bool late = !expired && !put(s, key, latest, value, timestamp);
    if (!log)
        return;
    log_put(s, key, value, timestamp);
    if (expired)
        weir_drop_late(w, s->index);
    struct weir_change change = {.key = key, .value = value, .old = old, .timestamp = timestamp, .late = late};
    if (!expired && s->what->changed && !w->bad)
        s->what->changed(w, &change);
}

void weir_version_put(struct weir_ctx *w, int store, struct weir_str key, const void *value, int64_t timestamp)
{
    struct store *s = store_of(w, store);
    if (timestamp < 0 || timestamp == FOREVER)
        weir_fail(w, WEIR_BAD_INDEX, "no version can begin at %" PRId64 " ms", timestamp);
    if (!w->bad)
        versions_put(s, versions_latest(s, key), value, timestamp, true);
}

bool versions_restore(struct store *s, struct weir_str key, struct weir_str value, int64_t timestamp)
{
    const void *decoded = value.p ? store_decode_value(&s->k->w, s->what, value) : NULL;
    if (value.p && !decoded)
        return false;
    versions_put(s, versions_latest(s, key), decoded, timestamp, false);
    store_settle(s->k);
    return true;
}

// ---- reading ----

const struct weir_row *weir_row_at(struct weir_ctx *w, int store, struct weir_str key, int64_t timestamp)
{
    struct store *s = store_of(w, store);
    struct series_walk walk = walk_from(s, key, weir_time_after(timestamp, 1));
    const struct entry *e;
    while ((e = series_next(&walk)) && e->row.head.timestamp > timestamp)
        ;
    bool good = e && e->row.head.value && (e->end == FOREVER || !is_expired(s, timestamp));
    return good ? &e->row.head : NULL;
}
