#include "store_rocksdb.h"

#include <pthread.h>
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "weir_ops.h"

enum {
    BLOOM_BITS = 10,
    UNUSED_MEMTABLE = 64 << 10, // bytes: nothing is written through it
    READ_AHEAD = 2 << 20,       // bytes, of a scan in bulk
    LOG_ERRORS = 3,             // of RocksDB's levels
};

struct disk_shared {
    size_t cache_bytes;
    pthread_mutex_t lock; // of the rest, which is made with the first database
    rocksdb_cache_t *cache;
    rocksdb_options_t *options;
    rocksdb_readoptions_t *read, *read_bulk;
    rocksdb_envoptions_t *env;
    rocksdb_ingestexternalfileoptions_t *take_in;
};

struct rocks {
    struct disk_shared *shared;
    rocksdb_t *db;
    rocksdb_pinnableslice_t *pinned; // what rocks_get returned last
    rocksdb_sstfilewriter_t *table;  // between begin and commit
    char *path, *table_path, *table_error;
};

// ---- what all share ----

struct disk_shared *disk_shared_new(int64_t cache_bytes)
{
    struct disk_shared *shared = memory_new(sizeof *shared);
    shared->cache_bytes = (size_t)cache_bytes;
    pthread_mutex_init(&shared->lock, NULL);
    return shared;
}

static rocksdb_block_based_table_options_t *new_table_options(rocksdb_cache_t *cache)
{
    rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
    rocksdb_block_based_options_set_block_cache(table, cache);
    rocksdb_block_based_options_set_filter_policy(table, rocksdb_filterpolicy_create_bloom_full(BLOOM_BITS));
    // In a small cache a table's one filter would be read anew for every row that is looked for.
    rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 0);
    rocksdb_block_based_options_set_format_version(table, 5);
    return table;
}

static rocksdb_options_t *new_options(rocksdb_cache_t *cache)
{
    rocksdb_options_t *o = rocksdb_options_create();
    rocksdb_block_based_table_options_t *table = new_table_options(cache);
    rocksdb_options_set_create_if_missing(o, 1);
    rocksdb_options_set_paranoid_checks(o, 1);
    rocksdb_options_set_block_based_table_factory(o, table);
    rocksdb_options_set_compression(o, rocksdb_no_compression);
    rocksdb_options_set_write_buffer_size(o, UNUSED_MEMTABLE);
    rocksdb_options_set_max_background_jobs(o, 2);
    rocksdb_options_set_info_log_level(o, LOG_ERRORS);
    rocksdb_options_set_keep_log_file_num(o, 1);
    rocksdb_options_set_stats_dump_period_sec(o, 0);
    rocksdb_options_set_stats_persist_period_sec(o, 0);
    rocksdb_block_based_options_destroy(table);
    return o;
}

static void make_shared(struct disk_shared *shared)
{
    pthread_mutex_lock(&shared->lock);
    if (!shared->options) {
        shared->cache = rocksdb_cache_create_lru(shared->cache_bytes);
        shared->options = new_options(shared->cache);
        shared->read = rocksdb_readoptions_create();
        shared->read_bulk = rocksdb_readoptions_create();
        rocksdb_readoptions_set_fill_cache(shared->read_bulk, 0);
        rocksdb_readoptions_set_readahead_size(shared->read_bulk, READ_AHEAD);
        shared->env = rocksdb_envoptions_create();
        shared->take_in = rocksdb_ingestexternalfileoptions_create();
        rocksdb_ingestexternalfileoptions_set_move_files(shared->take_in, 1);
    }
    pthread_mutex_unlock(&shared->lock);
}

void disk_shared_free(struct disk_shared *shared)
{
    if (shared->options) {
        rocksdb_ingestexternalfileoptions_destroy(shared->take_in);
        rocksdb_envoptions_destroy(shared->env);
        rocksdb_readoptions_destroy(shared->read);
        rocksdb_readoptions_destroy(shared->read_bulk);
        rocksdb_options_destroy(shared->options);
        rocksdb_cache_destroy(shared->cache);
    }
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

// ---- a database ----

// What RocksDB says of TEXT, which is freed. A file that is not there was there once: the manifest names it.
static enum rocks_status status_of(const char *path, char *text, struct broker_error *error)
{
    if (!text)
        return ROCKS_OK;
    bool held = strstr(text, "lock") && strstr(text, "LOCK");
    bool environment = strncmp(text, "IO error", 8) == 0 && !strstr(text, "No such file");
    if (held)
        snprintf(error->text, sizeof error->text, "%s: another process works on this state", path);
    else
        snprintf(error->text, sizeof error->text, "%s: %s", path, text);
    free(text);
    return environment ? ROCKS_FAILED : ROCKS_DAMAGED;
}

enum rocks_status rocks_open(struct rocks **db, struct disk_shared *shared, const char *path,
                             struct broker_error *error)
{
    char *text = NULL;
    *db = NULL;
    make_shared(shared);
    rocksdb_t *opened = rocksdb_open(shared->options, path, &text);
    enum rocks_status status = status_of(path, text, error);
    if (status != ROCKS_OK)
        return status;
    *db = memory_new(sizeof **db);
    **db = (struct rocks){.shared = shared,
                          .db = opened,
                          .path = memory_text(path, strlen(path)),
                          .table_path = memory_format("%s/saving.sst", path)};
    return ROCKS_OK;
}

static void unpin(struct rocks *db)
{
    if (db->pinned)
        rocksdb_pinnableslice_destroy(db->pinned);
    db->pinned = NULL;
}

void rocks_close(struct rocks *db)
{
    if (!db)
        return;
    unpin(db);
    rocksdb_close(db->db);
    free(db->path);
    free(db->table_path);
    free(db);
}

enum rocks_status rocks_remove(struct disk_shared *shared, const char *path, struct broker_error *error)
{
    char *text = NULL;
    make_shared(shared);
    rocksdb_destroy_db(shared->options, path, &text);
    return status_of(path, text, error);
}

enum rocks_status rocks_get(struct rocks *db, struct weir_str key, struct weir_str *value, struct broker_error *error)
{
    char *text = NULL;
    unpin(db);
    *value = WEIR_NULL_STR;
    db->pinned = rocksdb_get_pinned(db->db, db->shared->read, key.p, key.n, &text);
    if (db->pinned)
        value->p = rocksdb_pinnableslice_value(db->pinned, &value->n);
    return status_of(db->path, text, error);
}

enum rocks_status rocks_scan(struct rocks *db, struct weir_str from, struct weir_str to, bool bulk, rocks_row_fn *fn,
                             void *arg, struct broker_error *error)
{
    char *text = NULL;
    rocksdb_iterator_t *i = rocksdb_create_iterator(db->db, bulk ? db->shared->read_bulk : db->shared->read);
    for (rocksdb_iter_seek(i, from.p, from.n); rocksdb_iter_valid(i); rocksdb_iter_next(i)) {
        struct weir_str key, value;
        key.p = rocksdb_iter_key(i, &key.n);
        if (weir_cmp_str(key, to) >= 0)
            break;
        value.p = rocksdb_iter_value(i, &value.n);
        if (!fn(arg, key, value))
            break;
    }
    rocksdb_iter_get_error(i, &text);
    rocksdb_iter_destroy(i);
    return status_of(db->path, text, error);
}

// ---- a table ----

// One that was killed as it took a table in may have left that its first name: what is written there then is in a table of the database.
void rocks_begin(struct rocks *db)
{
    unlink(db->table_path);
    db->table = rocksdb_sstfilewriter_create(db->shared->env, db->shared->options);
    rocksdb_sstfilewriter_open(db->table, db->table_path, &db->table_error);
}

void rocks_put(struct rocks *db, struct weir_str key, struct weir_str value)
{
    if (!db->table_error)
        rocksdb_sstfilewriter_put(db->table, key.p, key.n, value.p, value.n, &db->table_error);
}

void rocks_delete(struct rocks *db, struct weir_str key)
{
    if (!db->table_error)
        rocksdb_sstfilewriter_delete(db->table, key.p, key.n, &db->table_error);
}

void rocks_delete_range(struct rocks *db, struct weir_str from, struct weir_str to)
{
    if (!db->table_error)
        rocksdb_sstfilewriter_delete_range(db->table, from.p, from.n, to.p, to.n, &db->table_error);
}

enum rocks_status rocks_commit(struct rocks *db, struct broker_error *error)
{
    const char *path = db->table_path;
    if (!db->table_error)
        rocksdb_sstfilewriter_finish(db->table, &db->table_error);
    rocksdb_sstfilewriter_destroy(db->table);
    db->table = NULL;
    unpin(db);
    if (!db->table_error)
        rocksdb_ingest_external_file(db->db, &path, 1, db->shared->take_in, &db->table_error);
    if (db->table_error)
        unlink(path);
    enum rocks_status status = status_of(db->path, db->table_error, error);
    db->table_error = NULL;
    return status;
}
