#include "file_output.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctx.h"
#include "file_line.h"
#include "folders.h"
#include "log.h"
#include "memory.h"
#include "write_all.h"

enum { BUFFERED = 1 << 20, MOST_OPEN = 200 };

struct file_output {
    char *topic, *path; // path `-`: standard output
    int fd;             // -1: closed
    char *text;         // lines that are not written yet
    size_t n, room;
};

void file_outputs_init(struct file_outputs *o, const struct settings *settings)
{
    *o = (struct file_outputs){.settings = settings};
}

static int by_topic(const void *a, const void *b)
{
    return strcmp(((const struct file_output *)a)->topic, ((const struct file_output *)b)->topic);
}

static void close_file(struct file_outputs *o, struct file_output *f)
{
    if (f->fd > STDERR_FILENO)
        close(f->fd);
    if (f->fd >= 0)
        o->open--;
    f->fd = -1;
}

void file_outputs_free(struct file_outputs *o)
{
    for (size_t i = 0; i < o->count; i++) {
        struct file_output *f = o->all[i];
        tdelete(f, &o->by_topic, by_topic);
        close_file(o, f);
        free(f->topic);
        free(f->path);
        free(f->text);
        free(f);
    }
    free(o->all);
    *o = (struct file_outputs){0};
}

const char *file_outputs_path(const struct file_outputs *o, size_t i)
{
    return o->all[i]->path;
}

static char *path_of(const struct settings *settings, const char *topic)
{
    const struct weir_options *options = settings->options;
    for (int i = 0; i < options->out_count; i++) {
        if (strcmp(options->out[i].topic, topic) == 0)
            return memory_text(options->out[i].file, strlen(options->out[i].file));
    }
    return memory_format("%s/%s.jsonl", settings->local, topic);
}

static struct file_output *output_of(struct file_outputs *o, struct weir_str topic)
{
    if (o->recent && strlen(o->recent->topic) == topic.n && memcmp(o->recent->topic, topic.p, topic.n) == 0)
        return o->recent;
    struct file_output wanted = {.topic = memory_text(topic.p, topic.n)};
    void *found = tfind(&wanted, &o->by_topic, by_topic);
    if (found) {
        free(wanted.topic);
        return o->recent = *(struct file_output **)found;
    }
    struct file_output *f = memory_new(sizeof *f);
    *f = (struct file_output){.topic = wanted.topic, .path = path_of(o->settings, wanted.topic), .fd = -1};
    if (!tsearch(f, &o->by_topic, by_topic))
        memory_out();
    o->all = memory_grow(o->all, o->count, sizeof *o->all);
    o->all[o->count++] = f;
    return o->recent = f;
}

static bool fail(const struct file_output *f, struct broker_error *error)
{
    snprintf(error->text, sizeof error->text, "%s: %s", f->path[0] == '-' && !f->path[1] ? "standard output" : f->path,
             strerror(errno));
    return false;
}

static bool is_record(const char *text, size_t n)
{
    struct weir_ctx w;
    struct file_line line;
    weir_ctx_init(&w);
    bool good = file_line_read(&w, (struct weir_str){text, n}, &line);
    weir_ctx_free(&w);
    return good;
}

// A process that was killed while it wrote leaves half a line, which is written again; a line that only lacks its newline is kept.
static bool mend_end(const struct file_output *f)
{
    struct stat status;
    enum { TAIL = 1 << 20 };
    if (fstat(f->fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
        return true;
    off_t from = status.st_size > TAIL ? status.st_size - TAIL : 0;
    char *text = memory_resize(NULL, TAIL);
    ssize_t n = pread(f->fd, text, TAIL, from);
    const char *newline = n > 0 ? memrchr(text, '\n', (size_t)n) : NULL;
    size_t kept = newline ? (size_t)(newline - text) + 1 : 0;
    bool good = true;
    if (n > 0 && kept < (size_t)n) {
        if (is_record(text + kept, (size_t)n - kept)) {
            good = write(f->fd, "\n", 1) == 1;
        } else if (newline || from == 0) {
            log_warning("weir", "%s: half a line at its end is taken away", f->path);
            good = ftruncate(f->fd, from + (off_t)kept) == 0;
        }
    }
    free(text);
    return good;
}

static bool open_file(struct file_outputs *o, struct file_output *f)
{
    if (f->fd >= 0)
        return true;
    if (strcmp(f->path, "-") == 0) {
        f->fd = STDOUT_FILENO;
    } else {
        folders_make(f->path);
        f->fd = open(f->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
        if (f->fd < 0 && errno == EACCES)
            f->fd = open(f->path, O_WRONLY | O_APPEND | O_CLOEXEC);
        if (f->fd >= 0 && !mend_end(f))
            return false;
    }
    o->open += f->fd >= 0;
    return f->fd >= 0;
}

static bool flush(struct file_outputs *o, struct file_output *f, struct broker_error *error)
{
    if (!open_file(o, f))
        return fail(f, error);
    if (!write_all(f->fd, f->text, f->n))
        return fail(f, error);
    o->waiting -= f->n;
    f->n = 0;
    if (o->open > MOST_OPEN)
        close_file(o, f);
    return true;
}

bool file_outputs_put(struct file_outputs *o, struct weir_str topic, struct weir_str line, struct broker_error *error)
{
    struct file_output *f = output_of(o, topic);
    if (f->n + line.n > f->room) {
        f->room = (f->n + line.n) * 2;
        f->text = memory_resize(f->text, f->room);
    }
    memcpy(f->text + f->n, line.p, line.n);
    f->n += line.n;
    o->waiting += line.n;
    return o->settings->exactly_once || f->n < BUFFERED || flush(o, f, error);
}

bool file_outputs_grow(struct file_outputs *o, size_t i, int64_t *before, int64_t *after, struct broker_error *error)
{
    struct file_output *f = o->all[i];
    struct stat status;
    *before = *after = 0;
    if (f->n == 0)
        return true;
    if (!open_file(o, f) || fstat(f->fd, &status) < 0)
        return fail(f, error);
    if (S_ISREG(status.st_mode))
        *after = (*before = status.st_size) + (int64_t)f->n;
    return true;
}

bool file_outputs_flush(struct file_outputs *o, bool *wrote, struct broker_error *error)
{
    for (size_t i = 0; i < o->count; i++) {
        if (o->all[i]->n == 0)
            continue;
        *wrote = true;
        if (!flush(o, o->all[i], error))
            return false;
    }
    return true;
}
