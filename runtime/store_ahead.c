// Rows are found at random, so that most of looking for one is waiting for memory. Of records that come next, the rows that their own keys find are asked
// for together, and are in the cache when their turn comes.
#include "store.h"

enum { MOST = 64 }; // looks of a batch

struct look {
    const struct table *table;
    uint32_t hash;
};

static int64_t own_start(const struct store *s, int64_t timestamp)
{
    return s->interval ? weir_window_first(timestamp, s->what->window_size, s->what->window_size) : 0;
}

void store_note_own(struct store *s, struct weir_str key, int64_t start)
{
    const struct weir_record *record = s->k->w.record;
    s->own = record && record->topic.p && key.p == record->key.p && start == own_start(s, record->timestamp);
}

static bool look_for(const struct store *s, const struct weir_record *record, struct look *look)
{
    int64_t start = own_start(s, record->timestamp);
    const struct segment *g = segments_find(&s->segments, s->interval ? start / s->interval : 0);
    if (!record->key.p || !g || !g->table.slots)
        return false;
    *look = (struct look){&g->table, table_hash(s->seed, record->key, start)};
    table_ask(look->table, look->hash);
    return true;
}

void store_ahead(struct worker *k, const struct broker_delivery *records, int count)
{
    struct look looks[MOST];
    int n = 0;
    for (int i = 0; i < count; i++) {
        const struct task *t = task_known(k, records[i].source, records[i].record.partition);
        for (int s = 0; t && s < k->program->store_count && n < MOST; s++) {
            if (t->stores[s] && t->stores[s]->own)
                n += look_for(t->stores[s], &records[i].record, &looks[n]);
        }
    }
    for (int i = 0; i < n; i++)
        table_ask_row(looks[i].table, looks[i].hash);
}
