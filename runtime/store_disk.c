#include "store_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "disk_layout.h"
#include "folders.h"
#include "log.h"
#include "memory.h"
#include "worker.h"

char *disk_app_path(const struct settings *settings)
{
    return memory_format("%s/%s", settings->state_dir, settings->app);
}

// ---- the life of it ----

static void forget_all(struct disk *d)
{
    d->next_id = 1;
    for (int s = 0; s < d->program->store_count; s++)
        d->stores[s] = (struct disk_store){.mark = {0, -1}};
}

// By name, as they lie on disk; a program has few.
static void order_stores(struct disk *d)
{
    for (int s = 0; s < d->program->store_count; s++) {
        int at = s;
        for (; at > 0 && strcmp(d->program->stores[d->by_name[at - 1]].name, d->program->stores[s].name) > 0; at--)
            d->by_name[at] = d->by_name[at - 1];
        d->by_name[at] = s;
    }
}

struct disk *disk_new(struct disk_shared *shared, const struct settings *settings, const struct weir_program *program,
                      int subtopology, int32_t partition)
{
    struct disk *d = memory_new(sizeof *d);
    char *app = disk_app_path(settings);
    *d = (struct disk){.shared = shared, .settings = settings, .program = program, .subtopology = subtopology};
    d->path = memory_format("%s/%d_%d", app, subtopology, (int)partition);
    d->stores = memory_new((size_t)program->store_count * sizeof *d->stores);
    d->by_name = memory_new((size_t)program->store_count * sizeof *d->by_name);
    d->saved_at = commit_clock();
    order_stores(d);
    forget_all(d);
    free(app);
    return d;
}

void disk_swap(struct disk *d, const struct weir_program *program)
{
    d->program = program;
}

void disk_free(struct disk *d)
{
    rocks_close(d->db);
    if (d->db)
        utimensat(AT_FDCWD, d->path, NULL, 0); // for disk_clean
    free(d->path);
    free(d->stores);
    free(d->by_name);
    disk_forget_runs(d);
    free(d->key.p);
    free(d->end.p);
    free(d->value.p);
    free(d);
}

bool disk_is_kept(const struct disk *d, int store)
{
    const struct weir_store *s = &d->program->stores[store];
    return s->subtopology == d->subtopology && !s->memory;
}

struct disk_mark disk_mark(const struct disk *d, int store)
{
    return d->stores[store].mark;
}

// ---- opening ----

void disk_throw_away(struct disk *d, struct broker_error *error)
{
    rocks_close(d->db);
    d->db = NULL;
    forget_all(d);
    bool gone = folders_remove(d->path);
    log_warning(d->settings->app, "the state on disk cannot be used and is restored from the changelogs: %s",
                error->text);
    if (!gone)
        log_error(d->settings->app, "%s: %s", d->path, strerror(errno));
}

static int store_named(const struct disk *d, struct weir_str name)
{
    for (int s = 0; s < d->program->store_count; s++) {
        const char *known = d->program->stores[s].name;
        if (disk_is_kept(d, s) && strlen(known) == name.n && memcmp(known, name.p, name.n) == 0)
            return s;
    }
    return -1;
}

// The metadata of a store. One that the program has no longer, or has otherwise, goes.
static bool take_meta(void *arg, struct weir_str key, struct weir_str value)
{
    struct disk *d = arg;
    struct weir_str name = {key.p + DISK_ID, key.n - DISK_ID};
    if (name.n == 0 || value.n != DISK_META)
        return true; // the format
    int s = store_named(d, name);
    const struct weir_store *store = s < 0 ? NULL : &d->program->stores[s];
    uint32_t id = (uint32_t)weir_get_i32be(value.p);
    if (id >= d->next_id)
        d->next_id = id + 1;
    if (store && (enum weir_store_kind)value.p[4] == store->kind &&
        (uint64_t)weir_get_i64be(value.p + 5) == store->fingerprint) {
        d->stores[s].id = id;
        d->stores[s].mark = (struct disk_mark){weir_get_i64be(value.p + 13), weir_get_i64be(value.p + 21)};
        return true;
    }
    if (store)
        log_warning(d->settings->app, "%s: store %s is of another version of the program: %s", d->path, store->name,
                    store->no_changelog ? "it has no changelog, and begins empty"
                                        : "it is restored from its changelog");
    else
        log_warning(d->settings->app, "%s: the program has no store %.*s any more: its state on disk is removed",
                    d->path, (int)name.n, name.p);
    d->gone = memory_grow(d->gone, d->gone_count, sizeof *d->gone);
    d->gone[d->gone_count++] = (struct disk_gone){id, memory_text(name.p, name.n)};
    return true;
}

static void remove_gone(struct disk *d)
{
    for (size_t i = 0; i < d->gone_count; i++) {
        struct weir_str first;
        rocks_delete(d->db, disk_meta_key(&d->key, d->gone[i].name));
        first = disk_id_key(&d->key, d->gone[i].id);
        rocks_delete_range(d->db, first, disk_behind(&d->end, first));
    }
}

static void free_gone(struct disk *d)
{
    for (size_t i = 0; i < d->gone_count; i++)
        free(d->gone[i].name);
    free(d->gone);
    d->gone = NULL;
    d->gone_count = 0;
}

static enum rocks_status read_meta(struct disk *d, struct broker_error *error)
{
    struct weir_str format, from = disk_id_key(&d->key, 0);
    enum rocks_status status = rocks_get(d->db, from, &format, error);
    if (status != ROCKS_OK || !format.p)
        return status; // without: it was never saved
    if (format.n != strlen(DISK_FORMAT) || memcmp(format.p, DISK_FORMAT, format.n) != 0) {
        snprintf(error->text, sizeof error->text, "%s: it has the format \"%.*s\", not \"%s\"", d->path, (int)format.n,
                 format.p, DISK_FORMAT);
        return ROCKS_DAMAGED;
    }
    status = rocks_scan(d->db, from, disk_behind(&d->end, from), false, take_meta, d, error);
    if (status == ROCKS_OK && d->gone_count) {
        rocks_begin(d->db);
        remove_gone(d);
        status = rocks_commit(d->db, error);
    }
    free_gone(d);
    return status;
}

static bool make_folder(const struct disk *d, struct broker_error *error)
{
    char *inside = memory_format("%s/", d->path);
    bool made = folders_make(inside);
    if (!made)
        snprintf(error->text, sizeof error->text, "%s: %s", d->path, strerror(errno));
    free(inside);
    return made;
}

bool disk_open_or_make(struct disk *d, struct broker_error *error)
{
    enum rocks_status status = ROCKS_OK;
    for (int attempt = 0; attempt < 2 && !d->db; attempt++) { // the second with what was damaged out of the way
        if (!make_folder(d, error))
            return false;
        status = rocks_open(&d->db, d->shared, d->path, error);
        if (status == ROCKS_OK)
            status = read_meta(d, error);
        if (status == ROCKS_DAMAGED)
            disk_throw_away(d, error);
    }
    return status == ROCKS_OK;
}

bool disk_open(struct disk *d, struct broker_error *error)
{
    struct stat status;
    if (d->db || stat(d->path, &status) < 0)
        return true;
    return disk_open_or_make(d, error);
}

// ---- reading ----

// A database that is damaged is thrown away: what is in memory is not all that there was, so the task cannot go on.
static bool read_well(struct disk *d, enum rocks_status status, struct broker_error *error)
{
    if (status == ROCKS_DAMAGED) {
        disk_throw_away(d, error);
        snprintf(error->text, sizeof error->text, "%s was damaged; a new start restores it from the changelogs",
                 d->path);
    }
    return status == ROCKS_OK;
}

static bool row_of(struct weir_str key, struct weir_str value, struct disk_row *row)
{
    if (key.n < DISK_PREFIX || value.n < 8)
        return false;
    *row = (struct disk_row){.segment = weir_get_i64be(key.p + DISK_ID),
                             .key = {key.p + DISK_PREFIX, key.n - DISK_PREFIX},
                             .timestamp = weir_get_i64be(value.p),
                             .value = {value.p + 8, value.n - 8}};
    return true;
}

bool disk_get(struct disk *d, int store, int64_t segment, struct weir_str key, struct disk_row *row, bool *found,
              struct broker_error *error)
{
    uint32_t id = d->stores[store].id;
    struct weir_str value = WEIR_NULL_STR, whole;
    *found = false;
    if (!id)
        return true;
    whole = disk_row_key(&d->key, id, segment, key);
    enum rocks_status status = rocks_get(d->db, whole, &value, error);
    if (status == ROCKS_OK && value.p)
        *found = row_of(whole, value, row);
    return read_well(d, status, error);
}

struct row_reader {
    disk_row_fn *fn;
    void *arg;
};

static bool take_row(void *arg, struct weir_str key, struct weir_str value)
{
    struct row_reader *reader = arg;
    struct disk_row row;
    return !row_of(key, value, &row) || reader->fn(reader->arg, &row);
}

bool disk_scan(struct disk *d, int store, int64_t segment, struct weir_str prefix, disk_row_fn *fn, void *arg,
               struct broker_error *error)
{
    uint32_t id = d->stores[store].id;
    struct row_reader reader = {fn, arg};
    if (!id)
        return true;
    struct weir_str from = disk_row_key(&d->key, id, segment, prefix), to = disk_behind(&d->end, from);
    return read_well(d, rocks_scan(d->db, from, to, false, take_row, &reader, error), error);
}

bool disk_range(struct disk *d, int store, int64_t segment, struct weir_str from, struct weir_str to, disk_row_fn *fn,
                void *arg, struct broker_error *error)
{
    uint32_t id = d->stores[store].id;
    struct row_reader reader = {fn, arg};
    if (!id)
        return true;
    struct weir_str first = disk_row_key(&d->key, id, segment, from), end;
    if (to.p)
        end = disk_row_key(&d->end, id, segment, to);
    else
        end = disk_behind(&d->end, disk_row_key(&d->value, id, segment, WEIR_STR("")));
    return read_well(d, rocks_scan(d->db, first, end, false, take_row, &reader, error), error);
}

enum disk_loaded disk_load(struct disk *d, int store, int64_t segment, struct weir_str key, disk_row_fn *fn, void *arg,
                           struct broker_error *error)
{
    uint32_t id = d->stores[store].id;
    struct row_reader reader = {fn, arg};
    if (!id)
        return DISK_LOADED;
    struct weir_str to = disk_behind(&d->end, disk_id_key(&d->key, id));
    struct weir_str first = disk_row_key(&d->key, id, segment > 0 ? segment : 0, key);
    enum rocks_status status = rocks_scan(d->db, first, to, true, take_row, &reader, error);
    if (status == ROCKS_DAMAGED)
        disk_throw_away(d, error);
    return status == ROCKS_OK ? DISK_LOADED : status == ROCKS_DAMAGED ? DISK_LOST : DISK_FAILED;
}
