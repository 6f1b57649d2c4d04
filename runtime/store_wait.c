// Records of a stream that wait for the rows of a versioned table (KIP-923), in order of time, key, and as they came. They are held back as changes are
// (store_buffer.c).
#include "store_held.h"

#include "store.h"
#include "weir_wire.h"

enum { SEQUENCE = 4, LAST_SEQUENCE = 0x7FFFFFFF };

static struct weir_str row_key_of(struct weir_ctx *w, struct weir_str key, int64_t timestamp, uint32_t sequence)
{
    size_t size = WAIT_PREFIX + key.n + SEQUENCE;
    char *p = weir_alloc(w, size);
    p[0] = 0;
    weir_put_i64be(p + 1, timestamp);
    if (key.n)
        memcpy(p + WAIT_PREFIX, key.p, key.n);
    weir_put_i32be(p + WAIT_PREFIX + key.n, (int32_t)sequence);
    return (struct weir_str){p, size};
}

// Numbers begin anew with each run, as in Kafka Streams, where a record then takes the place of one of the same key, time and number.
static struct weir_str new_key(struct store *s, struct weir_str key, int64_t timestamp)
{
    struct weir_str row_key;
    struct row *row;
    do {
        s->sequence = (s->sequence + 1) & LAST_SEQUENCE;
        row_key = row_key_of(&s->k->w, key, timestamp, s->sequence);
        row = table_find(&store_segment(s, 0)->table, s->key_at, table_hash(s->seed, row_key, 0), row_key, 0);
    } while (row && row->flags & ROW_HELD);
    return row_key;
}

bool weir_wait(struct weir_ctx *w, int store, struct weir_str key, const void *value, int64_t timestamp)
{
    struct store *s = store_of(w, store);
    struct weir_change record = {.key = key, .value = value, .timestamp = timestamp};
    if (w->bad)
        return true;
    if (!key.p || timestamp < 0 || timestamp < s->newest - s->what->wait)
        return false;
    if (timestamp > s->newest)
        store_advance(s, s->time, timestamp);
    buffer_put(s, new_key(s, key, timestamp), &record, timestamp);
    buffer_evict(s, s->newest - s->what->wait);
    return true;
}

bool wait_split_key(struct store *s, struct weir_str key, struct weir_str *inner, int64_t *timestamp)
{
    int64_t time = key.n < WAIT_PREFIX + SEQUENCE ? -1 : weir_get_i64be(key.p + 1);
    if (time < 0) {
        weir_fail(&s->k->w, WEIR_BAD_DECODE, "a key of %zu bytes that is not that of a record that waits", key.n);
        return false;
    }
    *inner = (struct weir_str){key.p + WAIT_PREFIX, key.n - WAIT_PREFIX - SEQUENCE};
    *timestamp = time;
    if (time > s->newest)
        s->newest = time;
    return true;
}
