#include "file_offsets.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folders.h"
#include "log.h"
#include "memory.h"

enum { CHECKED = 256 }; // bytes before a position

static char *path_of(const struct settings *settings, const char *suffix)
{
    return memory_format("%s/%s/offsets%s", settings->state_dir, settings->app, suffix);
}

// Of the bytes before END; 0: cannot be read.
static uint64_t check_of(int fd, int64_t end)
{
    char text[CHECKED];
    size_t n = end < CHECKED ? (size_t)end : CHECKED;
    uint64_t hash = UINT64_C(14695981039346656037);
    if (pread(fd, text, n, end - (int64_t)n) != (ssize_t)n)
        return 0;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return hash;
}

static bool has_position(const struct file_input *in)
{
    return in->fd >= 0 && !in->pipe && !in->named;
}

static bool is_about(const char *line, const struct file_input *in)
{
    size_t n = strlen(in->topic);
    return has_position(in) && strncmp(line, in->topic, n) == 0 && line[n] == ' ';
}

static bool is_written(const char *line, const struct file_outputs *outputs)
{
    char path[PATH_MAX];
    size_t n = strcspn(line, "\n");
    for (size_t i = 0; i < outputs->count; i++) {
        if (realpath(file_outputs_path(outputs, i), path) && strlen(path) <= n &&
            memcmp(line + n - strlen(path), path, strlen(path)) == 0)
            return true;
    }
    return false;
}

// What a line that begins with MARK is about: the end of a changelog, by its topic; the size of an output, by its path.
enum { END_OF_LOG = '=', SIZE_OF_OUTPUT = '>' };

// The number that LINE says of NAME, or -1: it is about something else.
static int64_t number_of(const char *line, char mark, const char *name)
{
    int64_t number;
    int at;
    size_t n = strlen(name);
    return line[0] == mark && sscanf(line + 1, " %" SCNd64 " %n", &number, &at) == 1 &&
                   strncmp(line + 1 + at, name, n) == 0 && line[1 + at + n] == '\n'
               ? number
               : -1;
}

static bool is_logged(const char *line, const struct file_logs *logs)
{
    for (int s = 0; s < logs->program->store_count; s++) {
        if (logs->all[s].topic && number_of(line, END_OF_LOG, logs->all[s].topic) >= 0)
            return true;
    }
    return false;
}

// What was said of topics that this run neither reads nor writes stays.
static void copy_others(FILE *to, const char *path, const struct file_input *inputs, const struct file_outputs *outputs,
                        const struct file_logs *logs)
{
    FILE *from = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    while (from && getline(&line, &room, from) >= 0) {
        const struct file_input *in = inputs;
        while (in && !is_about(line, in))
            in = in->next;
        if (!in && !(line[0] == '>' && is_written(line, outputs)) && !is_logged(line, logs) &&
            !file_times_is_about(logs->program, line))
            fputs(line, to);
    }
    free(line);
    if (from)
        fclose(from);
}

static void write_positions(FILE *to, const struct file_input *in)
{
    for (int i = 0; i < in->lane_count && has_position(in); i++) {
        struct file_position at = file_lane_position(in, &in->lanes[i]);
        fprintf(to, "%s %d %" PRId64 " %" PRId64 " %" PRIx64 "\n", in->topic, (int)in->lanes[i].partition, at.end,
                at.number, check_of(in->fd, at.end));
    }
}

static void write_sizes(FILE *to, const struct file_outputs *outputs)
{
    char path[PATH_MAX];
    struct stat status;
    for (size_t i = 0; i < outputs->count; i++) {
        if (realpath(file_outputs_path(outputs, i), path) && stat(path, &status) == 0 && S_ISREG(status.st_mode))
            fprintf(to, "> %" PRId64 " %s\n", (int64_t)status.st_size, path);
    }
}

static void write_log_ends(FILE *to, const struct file_logs *logs)
{
    for (int s = 0; s < logs->program->store_count; s++) {
        if (logs->all[s].topic && file_logs_end(logs, s) > 0)
            fprintf(to, "= %" PRId64 " %s\n", file_logs_end(logs, s), logs->all[s].topic);
    }
}

bool file_offsets_wanted(const struct file_input *inputs)
{
    while (inputs && !has_position(inputs))
        inputs = inputs->next;
    return inputs != NULL;
}

bool file_offsets_save(const struct settings *settings, const struct file_input *inputs,
                       const struct file_outputs *outputs, const struct file_logs *logs, const struct file_times *times)
{
    if (!file_offsets_wanted(inputs))
        return true;
    char *path = path_of(settings, ""), *fresh = path_of(settings, ".new");
    FILE *f = fopen(fresh, "we");
    if (!f && errno == ENOENT) {
        folders_make(path);
        f = fopen(fresh, "we");
    }
    if (f) {
        copy_others(f, path, inputs, outputs, logs);
        write_sizes(f, outputs);
        write_log_ends(f, logs);
        file_times_write(times, logs->program, f);
        for (const struct file_input *in = inputs; in; in = in->next)
            write_positions(f, in);
    }
    bool good = f && fclose(f) == 0 && rename(fresh, path) == 0;
    int error = errno;
    free(path);
    free(fresh);
    errno = error;
    return good;
}

enum restored { OTHER, HOLDS, CHANGED };

// One line of the offsets: whether it is about IN, and holds.
static enum restored restore_lane(struct file_input *in, const char *text)
{
    char topic[256];
    int partition;
    struct file_position at;
    uint64_t check;
    if (sscanf(text, "%255s %d %" SCNd64 " %" SCNd64 " %" SCNx64, topic, &partition, &at.end, &at.number, &check) !=
            5 ||
        strcmp(topic, in->topic) != 0 || partition < 0 || at.end < 0)
        return OTHER;
    if (check_of(in->fd, at.end) != check)
        return CHANGED;
    struct file_lane *lane = file_input_lane(in, partition);
    lane->taken = lane->done = at;
    return HOLDS;
}

static enum restored restore_lanes(struct file_input *in, FILE *f)
{
    char *line = NULL;
    size_t room = 0;
    enum restored result = OTHER;
    while (result != CHANGED && getline(&line, &room, f) >= 0) {
        enum restored one = restore_lane(in, line);
        result = one == OTHER ? result : one;
    }
    free(line);
    return result;
}

bool file_offsets_restore(const struct settings *settings, struct file_input *in)
{
    char *path = path_of(settings, "");
    FILE *f = has_position(in) ? fopen(path, "re") : NULL;
    enum restored result = f ? restore_lanes(in, f) : OTHER;
    if (f)
        fclose(f);
    free(path);
    if (result == CHANGED) {
        log_warning(settings->app, "%s is not the file that it was in the last run: it is read from its beginning",
                    in->path);
        file_input_rewind(in);
    }
    if (result != HOLDS)
        return false;
    in->parsed = in->lanes[0].done;
    for (int i = 1; i < in->lane_count; i++) {
        if (in->lanes[i].done.end < in->parsed.end)
            in->parsed = in->lanes[i].done;
    }
    lseek(in->fd, in->parsed.end, SEEK_SET);
    return true;
}

static bool is_there(char *line)
{
    int64_t size;
    int at;
    struct stat status;
    line[strcspn(line, "\n")] = 0;
    return sscanf(line, "> %" SCNd64 " %n", &size, &at) != 1 ||
           (stat(line + at, &status) == 0 && status.st_size >= size);
}

bool file_offsets_hold(const struct settings *settings)
{
    char *path = path_of(settings, ""), *line = NULL;
    FILE *f = fopen(path, "re");
    size_t room = 0;
    bool there = true;
    while (f && there && getline(&line, &room, f) >= 0)
        there = is_there(line);
    if (!there)
        log_warning(settings->app, "%s lacks what the last run wrote: all is read from the beginning",
                    strchr(line, '/'));
    if (f)
        fclose(f);
    free(line);
    free(path);
    return there;
}

// The first that a line with MARK says of NAME; -1: none does.
static int64_t find(const struct settings *settings, char mark, const char *name)
{
    char *path = path_of(settings, ""), *line = NULL;
    FILE *f = fopen(path, "re");
    size_t room = 0;
    int64_t found = -1;
    while (f && found < 0 && getline(&line, &room, f) >= 0)
        found = number_of(line, mark, name);
    if (f)
        fclose(f);
    free(line);
    free(path);
    return found;
}

int64_t file_offsets_size(const struct settings *settings, const char *output)
{
    return find(settings, SIZE_OF_OUTPUT, output);
}

int64_t file_offsets_log_end(const struct settings *settings, const char *topic)
{
    int64_t end = find(settings, END_OF_LOG, topic);
    return end < 0 ? 0 : end;
}

void file_offsets_times(const struct settings *settings, const struct weir_program *program, struct file_times *times)
{
    char *path = path_of(settings, ""), *line = NULL;
    FILE *f = fopen(path, "re");
    size_t room = 0;
    while (f && getline(&line, &room, f) >= 0)
        file_times_read(times, program, line);
    if (f)
        fclose(f);
    free(line);
    free(path);
}

void file_offsets_reset(const struct settings *settings)
{
    char *path = path_of(settings, "");
    unlink(path);
    free(path);
}
