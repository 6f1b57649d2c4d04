#include "sim_disk.h"

#include <fcntl.h>
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "folders.h"
#include "memory.h"
#include "sim.h"
#include "sim_broker.h"
#include "weir_ops.h"

struct sim_disk sim_disk;

struct row {
    struct weir_str key, value; // own memory
};

struct rows {
    struct row *all; // in order of keys
    size_t count;
};

enum change_kind { PUT, DELETE, DELETE_RANGE };

struct change {
    enum change_kind kind;
    struct weir_str key, value; // own memory; of a range VALUE is its end
};

enum { VERSIONS = 3 };

// A database: a file beside it says that its folder is still the one it was made in.
struct table {
    struct table *next; // of all
    char *path, *mark;
    struct rows versions[VERSIONS]; // the newest first
    struct change *changes;
    size_t change_count;
};
static struct table *tables;

static struct weir_str copy(struct weir_str s)
{
    return (struct weir_str){memory_text(s.p, s.n), s.n};
}

// ---- rows ----

static void add_row(struct rows *rows, struct weir_str key, struct weir_str value)
{
    rows->all = memory_grow(rows->all, rows->count, sizeof *rows->all);
    rows->all[rows->count++] = (struct row){copy(key), copy(value)};
}

static void free_rows(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free((char *)rows->all[i].key.p);
        free((char *)rows->all[i].value.p);
    }
    free(rows->all);
    *rows = (struct rows){0};
}

static size_t first_from(const struct rows *rows, struct weir_str key)
{
    size_t low = 0, high = rows->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (weir_cmp_str(rows->all[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool covers(const struct change *c, struct weir_str key)
{
    return c->kind == DELETE_RANGE ? weir_cmp_str(c->key, key) <= 0 && weir_cmp_str(key, c->value) < 0
                                   : weir_cmp_str(c->key, key) == 0;
}

static int by_key(const void *a, const void *b)
{
    return weir_cmp_str(((const struct row *)a)->key, ((const struct row *)b)->key);
}

static struct rows changed(const struct table *t)
{
    struct rows made = {0};
    for (size_t i = 0; i < t->versions[0].count; i++) {
        const struct row *r = &t->versions[0].all[i];
        size_t c = 0;
        while (c < t->change_count && !covers(&t->changes[c], r->key))
            c++;
        if (c == t->change_count)
            add_row(&made, r->key, r->value);
    }
    for (size_t c = 0; c < t->change_count; c++) {
        if (t->changes[c].kind == PUT)
            add_row(&made, t->changes[c].key, t->changes[c].value);
    }
    if (made.count)
        qsort(made.all, made.count, sizeof *made.all, by_key);
    return made;
}

// ---- tables ----

static void forget_changes(struct table *t)
{
    for (size_t i = 0; i < t->change_count; i++) {
        free((char *)t->changes[i].key.p);
        free((char *)t->changes[i].value.p);
    }
    free(t->changes);
    t->changes = NULL;
    t->change_count = 0;
}

static void empty(struct table *t)
{
    for (int v = 0; v < VERSIONS; v++)
        free_rows(&t->versions[v]);
    forget_changes(t);
}

static bool is_there(const struct table *t)
{
    return access(t->mark, F_OK) == 0;
}

static struct table *find(const char *path)
{
    struct table *t = tables;
    while (t && strcmp(t->path, path) != 0)
        t = t->next;
    return t;
}

static struct table *find_or_make(const char *path)
{
    struct table *t = find(path);
    if (!t) {
        t = memory_new(sizeof *t);
        *t = (struct table){tables, memory_text(path, strlen(path)), memory_format("%s/here", path), {{0}}, NULL, 0};
        tables = t;
    }
    if (!is_there(t)) {
        empty(t);
        close(open(t->mark, O_CREAT | O_WRONLY, 0666));
    }
    return t;
}

static bool is_below(const struct table *t, const char *folder)
{
    return strncmp(t->path, folder, strlen(folder)) == 0;
}

void sim_disk_age(const char *folder)
{
    for (struct table *t = tables; t; t = t->next) {
        if (!is_below(t, folder))
            continue;
        free_rows(&t->versions[0]);
        memmove(t->versions, t->versions + 1, (VERSIONS - 1) * sizeof *t->versions);
        t->versions[VERSIONS - 1] = (struct rows){0};
    }
}

void sim_disk_lose(const char *folder)
{
    folders_remove(folder);
}

void sim_disk_free(void)
{
    for (struct table *t = tables, *next; t; t = next) {
        next = t->next;
        empty(t);
        free(t->path);
        free(t->mark);
        free(t);
    }
    tables = NULL;
}

bool sim_disk_read(const char *path, sim_disk_row_fn *fn, void *arg)
{
    const struct table *t = find(path);
    if (!t || !is_there(t))
        return false;
    for (size_t i = 0; i < t->versions[0].count; i++)
        fn(arg, t->versions[0].all[i].key, t->versions[0].all[i].value);
    return true;
}

// ---- in the place of store_rocksdb.c (the linker's --wrap) ----

#define REAL(type, name, ...)        \
    type __real_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__)

static struct table *of(struct rocks *db)
{
    return (struct table *)(void *)db;
}

static void note(struct rocks *db, enum change_kind kind, struct weir_str key, struct weir_str value)
{
    struct table *t = of(db);
    t->changes = memory_grow(t->changes, t->change_count, sizeof *t->changes);
    t->changes[t->change_count++] = (struct change){kind, copy(key), copy(value)};
}

// Whatever a process that was killed has left, RocksDB finds nothing damaged: the runtime would restore it all, and nobody would see why.
static enum rocks_status sound(enum rocks_status status, const struct broker_error *error)
{
    if (status == ROCKS_DAMAGED)
        sim_fail("state on disk is damaged: %s", error->text);
    return status;
}

REAL(enum rocks_status, rocks_open, struct rocks **db, struct disk_shared *shared, const char *path,
     struct broker_error *error)
{
    if (sim_disk.real)
        return sound(__real_rocks_open(db, shared, path, error), error);
    *db = (struct rocks *)(void *)find_or_make(path);
    return ROCKS_OK;
}

REAL(void, rocks_close, struct rocks *db)
{
    if (sim_disk.real)
        __real_rocks_close(db);
    else if (db)
        forget_changes(of(db));
}

REAL(enum rocks_status, rocks_get, struct rocks *db, struct weir_str key, struct weir_str *value,
     struct broker_error *error)
{
    if (sim_disk.real)
        return sound(__real_rocks_get(db, key, value, error), error);
    const struct rows *rows = &of(db)->versions[0];
    size_t i = first_from(rows, key);
    bool found = i < rows->count && weir_cmp_str(rows->all[i].key, key) == 0;
    *value = found ? rows->all[i].value : WEIR_NULL_STR;
    return ROCKS_OK;
}

REAL(enum rocks_status, rocks_scan, struct rocks *db, struct weir_str from, struct weir_str to, bool bulk,
     rocks_row_fn *fn, void *arg, struct broker_error *error)
{
    if (sim_disk.real)
        return sound(__real_rocks_scan(db, from, to, bulk, fn, arg, error), error);
    const struct rows *rows = &of(db)->versions[0];
    for (size_t i = first_from(rows, from); i < rows->count && weir_cmp_str(rows->all[i].key, to) < 0; i++) {
        if (!fn(arg, rows->all[i].key, rows->all[i].value))
            break;
    }
    return ROCKS_OK;
}

REAL(void, rocks_begin, struct rocks *db)
{
    if (sim_disk.real)
        __real_rocks_begin(db);
}

REAL(void, rocks_put, struct rocks *db, struct weir_str key, struct weir_str value)
{
    if (sim_disk.real)
        __real_rocks_put(db, key, value);
    else
        note(db, PUT, key, value);
}

REAL(void, rocks_delete, struct rocks *db, struct weir_str key)
{
    if (sim_disk.real)
        __real_rocks_delete(db, key);
    else
        note(db, DELETE, key, WEIR_STR(""));
}

REAL(void, rocks_delete_range, struct rocks *db, struct weir_str from, struct weir_str to)
{
    if (sim_disk.real)
        __real_rocks_delete_range(db, from, to);
    else
        note(db, DELETE_RANGE, from, to);
}

static void take_in(struct table *t)
{
    struct rows made = changed(t);
    free_rows(&t->versions[VERSIONS - 1]);
    memmove(t->versions + 1, t->versions, (VERSIONS - 1) * sizeof *t->versions);
    t->versions[0] = made;
    forget_changes(t);
}

REAL(enum rocks_status, rocks_commit, struct rocks *db, struct broker_error *error)
{
    enum rocks_status status = ROCKS_OK;
    sim_point("save");
    if (sim_chance(sim_disk.full)) {
        snprintf(error->text, sizeof error->text, "the simulated disk is full");
        sim_disk.failed = true;
        if (!sim_disk.real)
            forget_changes(of(db));
        return ROCKS_FAILED;
    }
    if (sim_disk.real)
        status = sound(__real_rocks_commit(db, error), error);
    else
        take_in(of(db));
    sim_point("saved");
    return status;
}

// RocksDB gives a table that it takes in a second name, and removes the first when all is safe: a kill may come before that.
REAL(void, rocksdb_ingest_external_file, rocksdb_t *db, const char *const *paths, const size_t count,
     const rocksdb_ingestexternalfileoptions_t *options, char **error)
{
    char *kept = memory_format("%s.kept", paths[0]);
    bool linked = link(paths[0], kept) == 0;
    __real_rocksdb_ingest_external_file(db, paths, count, options, error);
    if (!linked || *error || rename(kept, paths[0]) < 0)
        sim_fail("a table is not taken in: %s", *error ? *error : kept);
    free(kept);
    sim_point("taken in");
    unlink(paths[0]);
}

// Few records come in a simulation: what is worth a save is left to chance.
REAL(bool, disk_due, const struct disk *d, size_t logged, size_t bytes, bool closing)
{
    (void)d;
    (void)bytes;
    return sim_disk.always || (logged && sim_chance(closing ? 80 : sim_disk.due));
}
