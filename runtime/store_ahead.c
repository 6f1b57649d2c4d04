// Rows are found at random, so that most of looking for one is waiting for memory. Of records that come next, the rows that their own keys find are asked
// for together, and are in the cache when their turn comes.
#include "store.h"

enum { MOST = 256 }; // looks of a batch

struct look {
    const struct table *table;
    uint32_t hash;
};

struct looks {
    struct look all[MOST];
    int count;
};

static int64_t own_start(const struct store *s, int64_t timestamp)
{
    bool windows = s->interval && !s->series; // a series has all of a key's in a chain
    return windows ? weir_window_first(timestamp, s->what->window_size, s->what->window_size) : 0;
}

static bool is_own(const struct weir_record *record, struct weir_str key)
{
    return record && record->topic.p && key.p == record->key.p;
}

void store_note_row(struct store *s, struct weir_str key, int64_t start)
{
    const struct weir_record *record = s->k->w.record;
    if (is_own(record, key) && start == own_start(s, record->timestamp))
        s->reach[s->k->source].own = true;
}

static int64_t shifted(int64_t time, int64_t ms)
{
    int64_t sum;
    if (__builtin_add_overflow(time, ms, &sum))
        return ms > 0 ? INT64_MAX : INT64_MIN;
    return sum;
}

void store_note_entries(struct store *s, struct weir_str key, int64_t from, int64_t to)
{
    const struct weir_record *record = s->k->w.record;
    struct reach *reach = &s->reach[s->k->source];
    if (!is_own(record, key))
        return;
    from = shifted(from, -record->timestamp);
    to = shifted(to, -record->timestamp);
    reach->from = reach->own && reach->from < from ? reach->from : from;
    reach->to = reach->own && reach->to > to ? reach->to : to;
    reach->own = true;
}

static void look_in(struct looks *looks, const struct segment *g, uint32_t hash)
{
    if (!g->table.slots || looks->count == MOST)
        return;
    looks->all[looks->count++] = (struct look){&g->table, hash};
    table_ask(&g->table, hash);
}

static void look_for(struct looks *looks, const struct store *s, const struct reach *reach,
                     const struct weir_record *record)
{
    int64_t start = own_start(s, record->timestamp), time = s->series ? record->timestamp : start;
    int64_t interval = s->interval ? s->interval : INT64_MAX;
    int64_t first = shifted(time, reach->from) / interval, last = shifted(time, reach->to) / interval;
    uint32_t hash = table_hash(s->seed, record->key, start);
    for (size_t i = 0; i < s->segments.count && s->segments.all[i]->id >= first; i++) {
        if (s->segments.all[i]->id <= last)
            look_in(looks, s->segments.all[i], hash);
    }
}

void store_ahead(struct worker *k, const struct broker_delivery *records, int count)
{
    struct looks looks;
    looks.count = 0;
    for (int i = 0; i < count; i++) {
        int source = records[i].source;
        const struct task *t = task_known(k, source, records[i].record.partition);
        for (int s = 0; t && records[i].record.key.p && s < k->program->store_count; s++) {
            const struct store *store = t->stores[s];
            if (store && store->reach[source].own)
                look_for(&looks, store, &store->reach[source], &records[i].record);
        }
    }
    for (int i = 0; i < looks.count; i++)
        table_ask_row(looks.all[i].table, looks.all[i].hash);
}
