#include "file_input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "memory.h"

enum {
    CHUNK = 256 << 10,
    READ_AHEAD = 64 << 20, // bytes held of one file while some partition of it has no line
    LONGEST_LINE = 256 << 20,
};

struct file_input *file_input_new(const struct file_topics *topics, const char *topic, const char *path)
{
    struct file_input *in = memory_new(sizeof *in);
    *in = (struct file_input){.topics = topics, .fd = -1};
    in->topic = memory_text(topic ? topic : "", topic ? strlen(topic) : 0);
    struct weir_str name = {in->topic, strlen(in->topic)};
    for (int s = topic ? file_topics_source(topics, name, 0) : -1; s >= 0;
         s = file_topics_source(topics, name, s + 1)) {
        in->sources = memory_grow(in->sources, (size_t)in->source_count, sizeof *in->sources);
        in->sources[in->source_count++] = s;
    }
    in->path = memory_text(path, strlen(path));
    in->standard = in->pipe = strcmp(path, "-") == 0;
    int32_t partitions = topic ? file_topics_partitions(topics, name) : 1;
    for (int32_t i = 0; i == 0 || i < partitions; i++)
        file_input_lane(in, i);
    return in;
}

static void empty(struct file_input *in)
{
    for (int i = 0; i < in->lane_count; i++) {
        while (in->lanes[i].count)
            file_lane_take(&in->lanes[i]);
    }
    while (in->chunks) {
        struct file_chunk *next = in->chunks->next;
        free(in->chunks);
        in->chunks = next;
    }
    in->last = NULL;
    in->held = 0;
}

void file_input_free(struct file_input *in)
{
    empty(in);
    for (int i = 0; i < in->lane_count; i++)
        free(in->lanes[i].entries);
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    free(in->lanes);
    free(in->sources);
    free(in->topic);
    free(in->path);
    free(in);
}

// ---- lanes ----

int file_input_next_source(const struct file_input *in, const struct file_entry *entry, int source)
{
    if (entry->broken)
        return -1;
    if (file_input_is_feed(in))
        return file_topics_source(in->topics, entry->line.topic, source + 1);
    int i = 0;
    while (i < in->source_count && in->sources[i] <= source)
        i++;
    return i < in->source_count ? in->sources[i] : -1;
}

struct file_lane *file_input_lane(struct file_input *in, int32_t partition)
{
    int at = 0;
    while (at < in->lane_count && in->lanes[at].partition < partition)
        at++;
    if (at < in->lane_count && in->lanes[at].partition == partition)
        return &in->lanes[at];
    in->lanes = memory_grow(in->lanes, (size_t)in->lane_count, sizeof *in->lanes);
    memmove(&in->lanes[at + 1], &in->lanes[at], (size_t)(in->lane_count - at) * sizeof *in->lanes);
    in->lane_count++;
    in->lanes[at] = (struct file_lane){.partition = partition};
    return &in->lanes[at];
}

struct file_position file_lane_position(const struct file_input *in, const struct file_lane *lane)
{
    bool idle = lane->count == 0 && lane->taken.end == lane->done.end;
    return idle && in->parsed.end > lane->done.end ? in->parsed : lane->done;
}

// ---- reading ----

// Room behind what was read; an unfinished line moves to the new chunk.
static bool make_room(struct file_input *in)
{
    struct file_chunk *last = in->last;
    size_t tail = last ? last->used - last->parsed : 0;
    if (last && last->size - last->used >= CHUNK / 4)
        return true;
    if (tail > LONGEST_LINE)
        return false;
    size_t size = tail * 2 > CHUNK ? tail * 2 : CHUNK;
    struct file_chunk *chunk = memory_resize(NULL, sizeof *chunk + size);
    *chunk = (struct file_chunk){.size = size, .used = tail};
    if (last) {
        memcpy(chunk->text, last->text + last->parsed, tail);
        last->used = last->parsed;
        last->next = chunk;
    } else {
        in->chunks = chunk;
    }
    in->last = chunk;
    in->held += size;
    return true;
}

// A read of a pipe would wait for its writer.
static bool would_block(const struct file_input *in)
{
    struct pollfd fd = {in->fd, POLLIN, 0};
    return in->pipe && poll(&fd, 1, 0) == 0;
}

static bool fail(struct file_input *in, struct broker_error *error, const char *why)
{
    snprintf(error->text, sizeof error->text, "%s: %s", in->standard ? "standard input" : in->path, why);
    return false;
}

static bool read_more(struct file_input *in, struct broker_error *error)
{
    if (!make_room(in))
        return fail(in, error, "a line is longer than 256 MB");
    struct file_chunk *chunk = in->last;
    if (would_block(in)) {
        in->at_end = true;
        return true;
    }
    ssize_t n = read(in->fd, chunk->text + chunk->used, chunk->size - chunk->used);
    if (n < 0)
        return errno == EINTR || fail(in, error, strerror(errno));
    chunk->used += (size_t)n;
    in->at_end = n == 0;
    in->closed = n == 0 && in->pipe;
    return true;
}

static bool is_hungry(const struct file_input *in)
{
    int waiting = 0;
    for (int i = 0; i < in->lane_count; i++)
        waiting += in->lanes[i].count > 0;
    return waiting == 0 || (waiting < in->lane_count && in->held < READ_AHEAD);
}

bool file_input_fill(struct file_input *in, struct weir_ctx *scratch, bool final, int64_t now,
                     struct broker_error *error)
{
    while (in->fd >= 0 && !in->at_end && is_hungry(in)) {
        if (!read_more(in, error))
            return false;
        file_input_parse(in, scratch, in->closed || (final && in->at_end && !in->pipe), now);
        weir_ctx_reset(scratch);
    }
    return true;
}

// ---- the file ----

bool file_input_open(struct file_input *in)
{
    struct stat status;
    if (in->fd >= 0)
        return true;
    in->fd = in->standard ? STDIN_FILENO : open(in->path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0)
        return errno == ENOENT;
    if (fstat(in->fd, &status) < 0)
        return false;
    in->pipe = !S_ISREG(status.st_mode);
    in->inode = status.st_ino;
    in->size = status.st_size;
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    return in->pipe || lseek(in->fd, in->parsed.end, SEEK_SET) >= 0;
}

void file_input_rewind(struct file_input *in)
{
    empty(in);
    for (int i = 0; i < in->lane_count; i++)
        in->lanes[i].taken = in->lanes[i].done = (struct file_position){0, 0};
    in->parsed = (struct file_position){0, 0};
    in->at_end = false;
    if (in->fd >= 0 && !in->pipe)
        lseek(in->fd, 0, SEEK_SET);
}

void file_input_to_end(struct file_input *in)
{
    char text[1 << 16];
    ssize_t n;
    struct file_position at = {0, 0};
    int64_t offset = 0;
    if (in->fd < 0 || in->pipe)
        return;
    while ((n = pread(in->fd, text, sizeof text, offset)) > 0) {
        for (const char *p = text; (p = memchr(p, '\n', (size_t)(text + n - p))); at.number++)
            at.end = offset + (++p - text);
        offset += n;
    }
    in->parsed = at;
    for (int i = 0; i < in->lane_count; i++)
        in->lanes[i].taken = in->lanes[i].done = at;
    lseek(in->fd, at.end, SEEK_SET);
}

static void reopen(struct file_input *in)
{
    empty(in);
    close(in->fd);
    in->fd = -1;
    // What was parsed but not delivered is read again: the lanes know what they had.
    in->parsed = in->lanes[0].taken;
    for (int i = 1; i < in->lane_count; i++) {
        if (in->lanes[i].taken.end < in->parsed.end)
            in->parsed = in->lanes[i].taken;
    }
}

void file_input_look_again(struct file_input *in)
{
    struct stat now;
    in->at_end = in->closed;
    if (in->fd < 0 || in->pipe)
        return;
    if (stat(in->path, &now) < 0)
        return; // gone for the moment: what is open can still be read
    in->size = now.st_size;
    int64_t read_up_to = in->parsed.end + (in->last ? (int64_t)(in->last->used - in->last->parsed) : 0);
    if (now.st_size >= read_up_to && now.st_ino == in->inode)
        return;
    if (now.st_ino != in->inode)
        reopen(in);
    if (now.st_size < read_up_to) {
        log_warning(in->topics->program->app, "%s is shorter than it was: it is read from its beginning", in->path);
        file_input_rewind(in);
    }
}

void file_input_tidy(struct file_input *in)
{
    while (in->chunks && in->chunks != in->last && in->chunks->waiting == 0) {
        struct file_chunk *next = in->chunks->next;
        in->held -= in->chunks->size;
        free(in->chunks);
        in->chunks = next;
    }
    // All is delivered: the bytes of the last chunk are needed no more, but for an unfinished line.
    struct file_chunk *last = in->last;
    if (last && last == in->chunks && last->waiting == 0 && last->parsed > 0) {
        last->used -= last->parsed;
        memmove(last->text, last->text + last->parsed, last->used);
        last->parsed = 0;
    }
}
