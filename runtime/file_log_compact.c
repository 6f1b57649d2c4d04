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
        base >= 0 && from >= 0) {
        log->compacted = compacted;
        log->base = base;
        log->floor = from;
    }
}

// ---- which lines stay ----

// The last line of a key, so far.
struct last {
    struct weir_str key, window;
    int32_t partition;
    const char *line; // NULL: a free place
    bool gone;        // it takes the row away
};

struct lasts {
    struct last *all;
    size_t mask, count;
};

static bool same(struct weir_str a, struct weir_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static struct last *place_of(const struct lasts *t, const struct last *l)
{
    uint64_t hash = XXH3_64bits_withSeed(l->window.p, l->window.n,
                                         XXH3_64bits_withSeed(l->key.p, l->key.n, (uint64_t)l->partition));
    size_t at = hash & t->mask;
    for (; t->all[at].line; at = (at + 1) & t->mask) {
        const struct last *other = &t->all[at];
        if (other->partition == l->partition && same(other->key, l->key) && same(other->window, l->window))
            break;
    }
    return &t->all[at];
}

static void grow(struct lasts *t)
{
    struct lasts grown = {.mask = t->all ? t->mask * 2 + 1 : 1023, .count = t->count};
    grown.all = memory_new((grown.mask + 1) * sizeof *grown.all);
    for (size_t i = 0; t->all && i <= t->mask; i++) {
        if (t->all[i].line)
            *place_of(&grown, &t->all[i]) = t->all[i];
    }
    free(t->all);
    *t = grown;
}

static void note(struct lasts *t, const struct last *l)
{
    if (!t->all || t->count * 2 > t->mask)
        grow(t);
    struct last *place = place_of(t, l);
    t->count += !place->line;
    *place = *l;
}

static bool read_last(struct weir_ctx *w, struct weir_str text, struct last *l)
{
    struct file_line line;
    weir_ctx_reset(w);
    if (file_log_is_head(text) || !file_line_read(w, text, &line) || !line.key.p)
        return false;
    *l = (struct last){line.key, line.window, file_log_line_partition(text), text.p, !line.value.p};
    return true;
}

// The next whole line of TEXT from *AT on.
static bool next_line(struct weir_str text, size_t *at, struct weir_str *line)
{
    const char *begin = text.p + *at;
    const char *newline = *at < text.n ? memchr(begin, '\n', text.n - *at) : NULL;
    if (!newline)
        return false;
    *line = (struct weir_str){begin, (size_t)(newline - begin)};
    *at += line->n + 1;
    return true;
}

static void find_lasts(struct weir_ctx *w, struct weir_str text, struct lasts *t)
{
    struct weir_str line;
    struct last l;
    for (size_t at = 0; next_line(text, &at, &line);) {
        if (read_last(w, line, &l))
            note(t, &l);
    }
}

// What took a row away before OLD was there at the last compaction already.
static char *keep_lasts(struct weir_ctx *w, struct weir_str text, const struct lasts *t, size_t old, size_t *size)
{
    char *kept = memory_resize(NULL, text.n + HEAD_SIZE);
    struct weir_str line;
    struct last l;
    *size = HEAD_SIZE;
    for (size_t at = 0; t->all && next_line(text, &at, &line);) {
        if (!read_last(w, line, &l) || place_of(t, &l)->line != line.p || (l.gone && at <= old))
            continue;
        memcpy(kept + *size, line.p, line.n + 1);
        *size += line.n + 1;
    }
    return kept;
}

// ---- writing ----

static bool write_file(const char *path, const char *text, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    size_t done = 0;
    while (fd >= 0 && done < n) {
        ssize_t more = write(fd, text + done, n - done);
        if (more < 0 && errno != EINTR)
            break;
        done += more > 0 ? (size_t)more : 0;
    }
    bool good = fd >= 0 && done == n && fsync(fd) == 0;
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
    struct weir_ctx w;
    struct lasts lasts = {0};
    size_t size;
    weir_ctx_init(&w);
    find_lasts(&w, text, &lasts);
    char *kept = keep_lasts(&w, text, &lasts, (size_t)log->compacted, &size);
    bool good = size >= (size_t)log->size || replace(log, kept, size, error);
    free(kept);
    free(lasts.all);
    weir_ctx_free(&w);
    munmap((void *)(uintptr_t)text.p, text.n);
    return good;
}
