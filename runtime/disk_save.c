// Rows from memory to disk: sorted, as one table.
#include <stdlib.h>

#include "disk_layout.h"
#include "memory.h"
#include "weir_ops.h"
#include "worker.h"

enum {
    REPLAYED_AT_MOST = 1000000, // records after a crash
    HELD_AT_MOST = 64 << 20,    // bytes in memory that only a save can free
    EVERY_MS = 30000,           // if it is worth it
};

bool disk_due(const struct disk *d, size_t logged, size_t bytes, bool closing)
{
    if (logged < DISK_WORTH_IT || closing)
        return logged >= DISK_WORTH_IT;
    return logged >= REPLAYED_AT_MOST || bytes >= HELD_AT_MOST || commit_clock() - d->saved_at >= EVERY_MS;
}

// ---- what is to be saved ----

// Of the first eight bytes: keys in this order are in order, but for equal ones.
static uint64_t order_of(struct weir_str key)
{
    char first[8] = {0};
    if (key.n)
        memcpy(first, key.p, key.n < sizeof first ? key.n : sizeof first);
    return (uint64_t)weir_get_i64be(first);
}

void disk_add(struct disk *d, int store, int64_t segment, struct weir_str key, void *row)
{
    d->added = memory_grow(d->added, d->added_count, sizeof *d->added);
    d->added[d->added_count++] =
        (struct disk_added){.order = order_of(key), .segment = segment, .key = key, .row = row, .store = store};
}

void disk_drop(struct disk *d, int store, int64_t before)
{
    if (before > d->stores[store].drop)
        d->stores[store].drop = before;
}

void disk_set_mark(struct disk *d, int store, struct disk_mark mark)
{
    d->stores[store].mark = mark;
}

// ---- the table ----

static int by_key(const void *a, const void *b)
{
    const struct disk_added *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return weir_cmp_str(x->key, y->key);
}

static void sort_added(struct disk *d)
{
    for (int s = 0; s < d->program->store_count; s++) {
        if (disk_is_kept(d, s) && !d->stores[s].id)
            d->stores[s].id = d->next_id++;
    }
    for (size_t i = 0; i < d->added_count; i++)
        d->added[i].id = d->stores[d->added[i].store].id;
    if (d->added_count)
        qsort(d->added, d->added_count, sizeof *d->added, by_key);
}

static void put_meta(struct disk *d)
{
    char meta[DISK_META];
    rocks_put(d->db, disk_id_key(&d->key, 0), WEIR_STR(DISK_FORMAT));
    for (int i = 0; i < d->program->store_count; i++) {
        int s = d->by_name[i];
        const struct weir_store *store = &d->program->stores[s];
        const struct disk_store *known = &d->stores[s];
        if (!disk_is_kept(d, s))
            continue;
        weir_put_i32be(meta, (int32_t)known->id);
        meta[4] = (char)store->kind;
        weir_put_i64be(meta + 5, (int64_t)store->fingerprint);
        weir_put_i64be(meta + 13, known->mark.offset);
        weir_put_i64be(meta + 21, known->mark.time);
        rocks_put(d->db, disk_meta_key(&d->key, store->name), (struct weir_str){meta, sizeof meta});
    }
}

static void put_rows(struct disk *d, disk_value_fn *value_of, void *arg)
{
    for (size_t i = 0; i < d->added_count; i++) {
        const struct disk_added *a = &d->added[i];
        struct weir_str key = disk_row_key(&d->key, a->id, a->segment, a->key), value;
        int64_t timestamp;
        if (value_of(arg, a->store, a->row, &timestamp, &value))
            rocks_put(d->db, key, disk_row_value(&d->value, timestamp, value));
        else
            rocks_delete(d->db, key);
    }
}

static void put_drops(struct disk *d)
{
    for (int s = 0; s < d->program->store_count; s++) {
        struct disk_store *known = &d->stores[s];
        if (!disk_is_kept(d, s) || known->drop <= known->dropped)
            continue;
        struct weir_str from = disk_id_key(&d->key, known->id);
        rocks_delete_range(d->db, from, disk_row_key(&d->end, known->id, known->drop, WEIR_STR("")));
        known->dropped = known->drop;
    }
}

static bool write_table(struct disk *d, disk_value_fn *value_of, void *arg, struct broker_error *error)
{
    if (!d->db && !disk_open_or_make(d, error))
        return false;
    sort_added(d);
    rocks_begin(d->db);
    put_meta(d);
    put_rows(d, value_of, arg);
    put_drops(d);
    return rocks_commit(d->db, error) == ROCKS_OK;
}

bool disk_save(struct disk *d, disk_value_fn *value_of, void *arg, struct broker_error *error)
{
    bool good = (!d->db && d->added_count == 0) || write_table(d, value_of, arg, error);
    free(d->added);
    d->added = NULL;
    d->added_count = 0;
    d->saved_at = commit_clock();
    return good;
}

bool disk_forget(struct disk *d, int store, struct broker_error *error)
{
    struct disk_store *known = &d->stores[store];
    known->mark = (struct disk_mark){0, -1};
    if (!known->id)
        return true;
    struct weir_str first = disk_id_key(&d->value, known->id);
    rocks_begin(d->db);
    put_meta(d);
    rocks_delete_range(d->db, first, disk_behind(&d->end, first));
    return rocks_commit(d->db, error) == ROCKS_OK;
}
