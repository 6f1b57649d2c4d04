#include "file_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_log_compact.h"
#include "file_log_line.h"
#include "folders.h"
#include "memory.h"
#include "write_all.h"

enum { BUFFERED = 1 << 20 };

void file_logs_init(struct file_logs *l, const struct weir_program *program, const struct settings *settings)
{
    *l = (struct file_logs){.settings = settings, .program = program};
    l->all = memory_new((size_t)program->store_count * sizeof *l->all);
    for (int s = 0; s < program->store_count; s++) {
        struct file_log *log = &l->all[s];
        log->fd = -1;
        if (!broker_has_changelog(&program->stores[s]))
            continue;
        log->topic = memory_format("%s-%s-changelog", settings->app, program->stores[s].name);
        log->path = memory_format("%s/%s.jsonl", settings->local, log->topic);
        log->history = program->stores[s].history;
        log->retention = program->stores[s].kind == WEIR_STORE_SIDE ? program->stores[s].retention : 0;
    }
    weir_ctx_init(&l->scratch);
}

static void close_file(struct file_log *log)
{
    if (log->fd >= 0)
        close(log->fd);
    log->fd = -1;
    log->base = log->floor = log->compacted = log->size = 0;
}

void file_logs_free(struct file_logs *l)
{
    for (int s = 0; l->all && s < l->program->store_count; s++) {
        close_file(&l->all[s]);
        free(l->all[s].topic);
        free(l->all[s].path);
        free(l->all[s].text);
    }
    free(l->all);
    weir_ctx_free(&l->scratch);
    *l = (struct file_logs){0};
}

static bool fail(const struct file_log *log, struct broker_error *error)
{
    snprintf(error->text, sizeof error->text, "%s: %s", log->path, strerror(errno));
    return false;
}

bool file_logs_remove(struct file_logs *l, struct broker_error *error)
{
    for (int s = 0; s < l->program->store_count; s++) {
        struct file_log *log = &l->all[s];
        close_file(log);
        if (log->path && unlink(log->path) < 0 && errno != ENOENT)
            return fail(log, error);
    }
    return true;
}

// ---- opening ----

static bool open_file(struct file_log *log, int flags, struct broker_error *error)
{
    struct stat status;
    log->fd = open(log->path, O_RDWR | O_APPEND | O_CLOEXEC | flags, 0666);
    if (log->fd < 0)
        return errno == ENOENT || fail(log, error);
    if (fstat(log->fd, &status) < 0)
        return fail(log, error);
    log->size = status.st_size;
    file_log_read_head(log);
    return true;
}

bool file_logs_open(struct file_logs *l, int store, int64_t end, bool *holds, struct broker_error *error)
{
    struct file_log *log = &l->all[store];
    *holds = true;
    if (!log->path)
        return true;
    if (!open_file(log, 0, error))
        return false;
    int64_t size = end ? end - log->base : 0;
    *holds = log->size >= size;
    if (log->size > size && ftruncate(log->fd, size) < 0)
        return fail(log, error);
    if (log->size > size)
        log->size = size;
    return !*holds || file_log_compact(log, error);
}

// ---- writing ----

static bool flush(struct file_log *log, struct broker_error *error)
{
    if (log->n && log->fd < 0) {
        folders_make(log->path);
        if (!open_file(log, O_CREAT, error))
            return false;
    }
    if (!write_all(log->fd, log->text, log->n))
        return fail(log, error);
    log->size += (int64_t)log->n;
    log->n = 0;
    return true;
}

enum broker_status file_logs_put(struct file_logs *l, int store, int32_t partition, struct weir_str key,
                                 struct weir_str value, int64_t timestamp, struct broker_error *error)
{
    struct file_log *log = &l->all[store];
    struct weir_buf line;
    weir_ctx_reset(&l->scratch);
    weir_buf_init(&l->scratch, &line, 512);
    if (!file_log_line_put(&line, &l->program->stores[store], partition, key, value, timestamp)) {
        snprintf(error->text, sizeof error->text, "%s", l->scratch.bad);
        return BROKER_REFUSED;
    }
    struct weir_str text = weir_buf_str(&line);
    if (log->n + text.n > log->room) {
        log->room = (log->n + text.n) * 2;
        log->text = memory_resize(log->text, log->room);
    }
    memcpy(log->text + log->n, text.p, text.n);
    log->n += text.n;
    return log->n < BUFFERED || flush(log, error) ? BROKER_OK : BROKER_FATAL;
}

bool file_logs_flush(struct file_logs *l, struct broker_error *error)
{
    for (int s = 0; s < l->program->store_count; s++) {
        if (!flush(&l->all[s], error))
            return false;
    }
    return true;
}

int64_t file_logs_end(const struct file_logs *l, int store)
{
    const struct file_log *log = &l->all[store];
    return log->base + log->size + (int64_t)log->n;
}

// ---- restoring ----

struct restoring {
    struct file_logs *logs;
    const struct weir_store *store;
    const struct file_log *file;
    struct broker_log *log;
};

// One line, which ends at offset END. False: the reader has had enough, or the line is no record (the scratch's bad).
static bool restore_line(const struct restoring *r, struct weir_str text, int64_t end)
{
    struct weir_ctx *w = &r->logs->scratch;
    struct weir_str key, value;
    int64_t timestamp;
    if (text.n == 0 || file_log_is_head(text) || file_log_line_partition(text) != r->log->partition)
        return true;
    weir_ctx_reset(w);
    return file_log_line_read(w, r->store, text, &key, &value, &timestamp) &&
           r->log->fn(r->log->arg, key, value, timestamp, end - (int64_t)text.n - 1, r->file->base + r->file->size);
}

// The first line at or behind AT: compaction moves lines, but never back behind where their offsets point.
static size_t first_line(struct weir_str text, int64_t at)
{
    if (at <= 0 || text.p[at - 1] == '\n')
        return at < 0 ? 0 : (size_t)at;
    const char *newline = memchr(text.p + at, '\n', text.n - (size_t)at);
    return newline ? (size_t)(newline - text.p) + 1 : text.n;
}

static enum broker_status restore_text(const struct restoring *r, struct weir_str text, int64_t begin,
                                       struct broker_error *error)
{
    size_t at = first_line(text, begin);
    struct weir_str line;
    while (file_log_line_next(text, &at, &line)) {
        if (!restore_line(r, line, r->file->base + (int64_t)at)) {
            snprintf(error->text, sizeof error->text, "%s, byte %zu: %s", r->file->path, at - line.n - 1,
                     r->logs->scratch.bad ? r->logs->scratch.bad : "");
            return r->logs->scratch.bad ? BROKER_FATAL : BROKER_OK;
        }
    }
    r->log->from = r->file->base + (int64_t)at;
    return BROKER_OK;
}

enum broker_status file_logs_restore(struct file_logs *l, struct broker_log *log, struct broker_error *error)
{
    struct file_log *file = &l->all[log->store];
    struct restoring r = {l, &l->program->stores[log->store], file, log};
    int64_t begin = log->from ? log->from - file->base : 0;
    if (log->from && (log->from < file->floor || begin > file->size))
        return BROKER_REFUSED;
    weir_ctx_reset(&l->scratch);
    if (file->n && !flush(file, error))
        return BROKER_FATAL;
    if (begin >= file->size)
        return BROKER_OK;
    size_t size = (size_t)file->size;
    char *text = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file->fd, 0);
    if (text == MAP_FAILED) {
        fail(file, error);
        return BROKER_FATAL;
    }
    enum broker_status status = restore_text(&r, (struct weir_str){text, size}, begin, error);
    munmap(text, size);
    return status;
}
