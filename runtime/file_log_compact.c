#include "file_log_compact.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "file_line.h"
#include "file_log_line.h"
#include "memory.h"
#include "weir_ops.h"
#include "write_all.h"

enum {
    WORTH_IT = 1 << 20, // bytes
    TIMES = 4,          // as long as after the last time
};

#define HEAD "{\"compacted\":"
#define HEAD_FORMAT HEAD "%20lld,\"base\":%20lld,\"floor\":%20lld}\n"
enum { HEAD_SIZE = sizeof HEAD - 1 + 20 + 8 + 20 + 9 + 20 + 2 };

static void put_head(char *to, const struct file_log *log)
{
    char text[HEAD_SIZE + 1];
    snprintf(text, sizeof text, HEAD_FORMAT, (long long)log->compacted, (long long)log->base, (long long)log->floor);
    memcpy(to, text, HEAD_SIZE);
}

bool file_log_is_head(struct weir_str text)
{
    return text.n == HEAD_SIZE - 1 && memcmp(text.p, HEAD, sizeof HEAD - 1) == 0;
}

void file_log_read_head(struct file_log *log)
{
    char text[HEAD_SIZE + 1] = "";
    long long compacted, base, from;
    log->base = log->floor = log->compacted = 0;
    if (pread(log->fd, text, HEAD_SIZE, 0) == HEAD_SIZE &&
        sscanf(text, HEAD "%lld,\"base\":%lld,\"floor\":%lld}", &compacted, &base, &from) == 3 && compacted >= 0 &&
        from >= 0) {
        log->compacted = compacted;
        log->base = base;
        log->floor = from;
    }
}

// ---- which lines stay ----

// The last line of a key, so far.
struct last {
    uint64_t hash; // 0: a free place
    struct weir_str key, window;
    size_t number;
    int64_t timestamp;
    int32_t partition;
    bool gone; // it takes the row away
};

struct lasts {
    struct last *all;
    size_t mask, count;
};

static struct last *place_of(const struct lasts *t, const struct last *l)
{
    size_t at = l->hash & t->mask;
    for (; t->all[at].hash; at = (at + 1) & t->mask) {
        const struct last *other = &t->all[at];
        if (other->hash == l->hash && other->partition == l->partition && weir_eq_str(other->key, l->key) &&
            weir_eq_str(other->window, l->window))
            break;
    }
    return &t->all[at];
}

static void grow(struct lasts *t)
{
    struct lasts grown = {.mask = t->all ? t->mask * 2 + 1 : 1023, .count = t->count};
    grown.all = memory_new((grown.mask + 1) * sizeof *grown.all);
    for (size_t i = 0; t->all && i <= t->mask; i++) {
        if (t->all[i].hash)
            *place_of(&grown, &t->all[i]) = t->all[i];
    }
    free(t->all);
    *t = grown;
}

// BY_TIME: of a key's lines that counts which has the greatest time.
static void note(struct lasts *t, const struct last *l, bool by_time)
{
    if (!t->all || t->count * 2 > t->mask)
        grow(t);
    struct last *place = place_of(t, l);
    if (place->hash && by_time && place->timestamp > l->timestamp)
        return;
    t->count += !place->hash;
    *place = *l;
}

// The greatest time in each partition, so far.
struct times {
    int64_t *all;
    int32_t count;
};

static int64_t *time_of(struct times *t, int32_t partition)
{
    while (t->count <= partition) {
        t->all = memory_grow(t->all, (size_t)t->count, sizeof *t->all);
        t->all[t->count++] = INT64_MIN / 2;
    }
    return &t->all[partition];
}

// What is no record, or has no key, is of no use to anybody.
static bool read_last(struct weir_ctx *w, struct weir_str text, size_t number, struct last *l)
{
    struct file_line line;
    weir_ctx_reset(w);
    if (file_log_is_head(text) || !file_line_read(w, text, &line) || !line.key.p)
        return false;
    *l = (struct last){.key = line.key,
                       .window = line.window,
                       .number = number,
                       .timestamp = line.timestamp,
                       .partition = file_log_line_partition(text),
                       .gone = !line.value.p};
    uint64_t hash = XXH3_64bits_withSeed(l->key.p, l->key.n, (uint64_t)l->partition);
    l->hash = XXH3_64bits_withSeed(l->window.p, l->window.n, hash) | 1;
    return true;
}

struct keeping {
    const struct file_log *log;
    struct weir_ctx w;
    struct lasts lasts;
    struct times times, ends; // so far; of all
    char *kept;               // by number: whether the line stays
};

static size_t find_ends(struct keeping *k, struct weir_str text)
{
    struct weir_str line;
    struct last l;
    size_t count = 0;
    for (size_t at = 0; file_log_line_next(text, &at, &line); count++) {
        if (!(k->log->history || k->log->retention) || !read_last(&k->w, line, count, &l))
            continue;
        int64_t *end = time_of(&k->ends, l.partition);
        *end = l.timestamp > *end ? l.timestamp : *end;
    }
    return count;
}

// The line is of the history that the table has in the end. *USELESS: it came too late for the table's history then.
static bool is_history(struct keeping *k, const struct last *l, bool *useless)
{
    int64_t *time = time_of(&k->times, l->partition), history = k->log->history;
    *useless = l->timestamp < *time - history;
    *time = l->timestamp > *time ? l->timestamp : *time;
    return !*useless && l->timestamp >= *time_of(&k->ends, l->partition) - history;
}

static bool is_expired(struct keeping *k, const struct last *l)
{
    return k->log->retention && l->timestamp <= *time_of(&k->ends, l->partition) - k->log->retention;
}

static void look_at(struct keeping *k, const struct last *l)
{
    bool useless = is_expired(k, l);
    if (k->log->history && is_history(k, l, &useless))
        k->kept[l->number] = true;
    else if (!useless)
        note(&k->lasts, l, k->log->history > 0);
}

// What took a row away before OLD bytes was there at the last compaction already.
static char *find_kept(const struct file_log *log, struct weir_str text, size_t old)
{
    struct keeping k = {.log = log};
    struct weir_str line;
    struct last l;
    size_t number = 0, first_new = 0;
    weir_ctx_init(&k.w);
    k.kept = memory_new(find_ends(&k, text) + 1);
    for (size_t at = 0; file_log_line_next(text, &at, &line); number++) {
        if (read_last(&k.w, line, number, &l))
            look_at(&k, &l);
        first_new += at <= old;
    }
    for (size_t i = 0; k.lasts.all && i <= k.lasts.mask; i++) {
        const struct last *last = &k.lasts.all[i];
        if (last->hash)
            k.kept[last->number] = !last->gone || last->number >= first_new;
    }
    free(k.lasts.all);
    free(k.times.all);
    free(k.ends.all);
    weir_ctx_free(&k.w);
    return k.kept;
}

static char *copy_kept(struct weir_str text, const char *kept, size_t *size)
{
    char *copy = memory_resize(NULL, text.n + HEAD_SIZE);
    struct weir_str line;
    *size = HEAD_SIZE;
    for (size_t at = 0; file_log_line_next(text, &at, &line); kept++) {
        if (!*kept)
            continue;
        memcpy(copy + *size, line.p, line.n + 1);
        *size += line.n + 1;
    }
    return copy;
}

// ---- writing ----

static bool write_file(const char *path, const char *text, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good = fd >= 0 && write_all(fd, text, n) && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static bool replace(struct file_log *log, char *text, size_t n, struct broker_error *error)
{
    char *fresh = memory_format("%s.new", log->path);
    struct file_log then = *log;
    then.base = log->base + log->size - (int64_t)n;
    then.floor = log->base + log->compacted;
    then.size = then.compacted = (int64_t)n;
    put_head(text, &then);
    bool good = write_file(fresh, text, n) && rename(fresh, log->path) == 0;
    then.fd = good ? open(log->path, O_RDWR | O_APPEND | O_CLOEXEC) : -1;
    if (then.fd >= 0) {
        close(log->fd);
        *log = then;
    } else {
        snprintf(error->text, sizeof error->text, "%s: %s", log->path, strerror(errno));
        unlink(fresh);
    }
    free(fresh);
    return then.fd >= 0;
}

bool file_log_compact(struct file_log *log, struct broker_error *error)
{
    if (log->fd < 0 || log->size < WORTH_IT || log->size < TIMES * log->compacted)
        return true;
    struct weir_str text = {mmap(NULL, (size_t)log->size, PROT_READ, MAP_PRIVATE, log->fd, 0), (size_t)log->size};
    if (text.p == MAP_FAILED) {
        snprintf(error->text, sizeof error->text, "%s: %s", log->path, strerror(errno));
        return false;
    }
    size_t size;
    char *kept = find_kept(log, text, (size_t)log->compacted);
    char *copy = copy_kept(text, kept, &size);
    bool good = replace(log, copy, size, error);
    free(kept);
    free(copy);
    munmap((void *)(uintptr_t)text.p, text.n);
    return good;
}
