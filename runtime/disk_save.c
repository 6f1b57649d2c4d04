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

void disk_add(struct disk *d, int store, int64_t segment, struct weir_str key, void *row)
{
    struct disk_run *run = d->run_count ? &d->runs[d->run_count - 1] : NULL;
    if (!run || run->store != store || run->segment != segment) {
        d->runs = memory_grow(d->runs, d->run_count, sizeof *d->runs);
        run = &d->runs[d->run_count++];
        *run = (struct disk_run){.store = store, .segment = segment};
    }
    run->rows = memory_grow(run->rows, run->count, sizeof *run->rows);
    run->rows[run->count++] = (struct disk_added){key, row};
}

void disk_forget_runs(struct disk *d)
{
    for (size_t i = 0; i < d->run_count; i++)
        free(d->runs[i].rows);
    free(d->runs);
    d->runs = NULL;
    d->run_count = 0;
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

static void give_ids(struct disk *d)
{
    for (int s = 0; s < d->program->store_count; s++) {
        if (disk_is_kept(d, s) && !d->stores[s].id)
            d->stores[s].id = d->next_id++;
    }
}

static int by_place(const void *a, const void *b, void *disk)
{
    const struct disk_run *x = a, *y = b;
    const struct disk_store *stores = ((const struct disk *)disk)->stores;
    uint32_t x_id = stores[x->store].id, y_id = stores[y->store].id;
    if (x_id != y_id)
        return x_id < y_id ? -1 : 1;
    uint64_t x_segment = (uint64_t)x->segment,
             y_segment = (uint64_t)y->segment; // as their bytes: negative ones come last
    return (x_segment > y_segment) - (x_segment < y_segment);
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

static void put_run(struct disk *d, const struct disk_run *run, disk_value_fn *value_of, void *arg)
{
    enum { AHEAD = 8 };
    uint32_t id = d->stores[run->store].id;
    disk_sort(run->rows, run->count);
    for (size_t i = 0; i < run->count; i++) {
        if (i + AHEAD < run->count)
            __builtin_prefetch(run->rows[i + AHEAD].row);
        const struct disk_added *a = &run->rows[i];
        struct weir_str key = disk_row_key(&d->key, id, run->segment, a->key), value;
        int64_t timestamp;
        if (value_of(arg, run->store, a->row, &timestamp, &value))
            rocks_put(d->db, key, disk_row_value(&d->value, timestamp, value));
        else
            rocks_delete(d->db, key);
    }
}

static void put_rows(struct disk *d, disk_value_fn *value_of, void *arg)
{
    if (d->run_count)
        qsort_r(d->runs, d->run_count, sizeof *d->runs, by_place, d);
    for (size_t i = 0; i < d->run_count; i++)
        put_run(d, &d->runs[i], value_of, arg);
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
    give_ids(d);
    rocks_begin(d->db);
    put_meta(d);
    put_rows(d, value_of, arg);
    put_drops(d);
    return rocks_commit(d->db, error) == ROCKS_OK;
}

bool disk_save(struct disk *d, disk_value_fn *value_of, void *arg, struct broker_error *error)
{
    bool good = (!d->db && d->run_count == 0) || write_table(d, value_of, arg, error);
    disk_forget_runs(d);
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
