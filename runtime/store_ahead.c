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

void store_note_own(struct store *s, struct weir_str key, int64_t start)
{
    const struct weir_record *record = s->k->w.record;
    s->own = record && record->topic.p && key.p == record->key.p && start == own_start(s, record->timestamp);
}

static void look_in(struct looks *looks, const struct segment *g, uint32_t hash)
{
    if (!g->table.slots || looks->count == MOST)
        return;
    looks->all[looks->count++] = (struct look){&g->table, hash};
    table_ask(&g->table, hash);
}

static void look_for(struct looks *looks, const struct store *s, const struct weir_record *record)
{
    int64_t start = own_start(s, record->timestamp), id = s->interval ? start / s->interval : 0;
    uint32_t hash = table_hash(s->seed, record->key, start);
    for (size_t i = 0; i < s->segments.count; i++) {
        if (s->series || s->segments.all[i]->id == id)
            look_in(looks, s->segments.all[i], hash);
    }
}

void store_ahead(struct worker *k, const struct broker_delivery *records, int count)
{
    struct looks looks;
    looks.count = 0;
    for (int i = 0; i < count; i++) {
        const struct task *t = task_known(k, records[i].source, records[i].record.partition);
        for (int s = 0; t && records[i].record.key.p && s < k->program->store_count; s++) {
            if (t->stores[s] && t->stores[s]->own)
                look_for(&looks, t->stores[s], &records[i].record);
        }
    }
    for (int i = 0; i < looks.count; i++)
        table_ask_row(looks.all[i].table, looks.all[i].hash);
}
