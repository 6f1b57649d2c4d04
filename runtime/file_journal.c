#include "file_journal.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_offsets.h"
#include "folders.h"
#include "log.h"
#include "memory.h"

static char *path_of(const struct settings *settings, const char *suffix)
{
    return memory_format("%s/%s/writing%s", settings->state_dir, settings->app, suffix);
}

static bool fail(const char *path, struct broker_error *error)
{
    snprintf(error->text, sizeof error->text, "%s: %s", path, strerror(errno));
    return false;
}

static bool put_lines(FILE *f, struct file_outputs *outputs, struct broker_error *error)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < outputs->count; i++) {
        int64_t before, after;
        if (!file_outputs_grow(outputs, i, &before, &after, error))
            return false;
        if (after > before && realpath(file_outputs_path(outputs, i), path))
            fprintf(f, "%" PRId64 " %" PRId64 " %s\n", before, after, path);
    }
    return true;
}

bool file_journal_begin(const struct settings *settings, struct file_outputs *outputs, struct broker_error *error)
{
    char *path = path_of(settings, ""), *fresh = path_of(settings, ".new");
    FILE *f = NULL;
    bool good = folders_make(path) && (f = fopen(fresh, "we")) != NULL;
    if (!good)
        fail(fresh, error);
    good = good && put_lines(f, outputs, error);
    if (f && (fclose(f) != 0 || (good && rename(fresh, path) != 0)) && good)
        good = fail(path, error);
    free(path);
    free(fresh);
    return good;
}

void file_journal_end(const struct settings *settings)
{
    char *path = path_of(settings, "");
    unlink(path);
    free(path);
}

static bool undo(const struct settings *settings, char *line, struct broker_error *error)
{
    int64_t before, after;
    int at;
    struct stat status;
    line[strcspn(line, "\n")] = 0;
    if (sscanf(line, "%" SCNd64 " %" SCNd64 " %n", &before, &after, &at) != 2)
        return true;
    const char *path = line + at;
    if (file_offsets_size(settings, path) >= after || stat(path, &status) < 0 || status.st_size <= before)
        return true;
    log_info(settings->app, "%s: what the last run had not committed is taken away", path);
    return truncate(path, before) == 0 || fail(path, error);
}

bool file_journal_undo(const struct settings *settings, struct broker_error *error)
{
    char *path = path_of(settings, ""), *line = NULL;
    FILE *f = fopen(path, "re");
    size_t room = 0;
    bool good = true;
    while (f && good && getline(&line, &room, f) >= 0)
        good = undo(settings, line, error);
    if (f)
        fclose(f);
    if (f && good)
        unlink(path);
    free(line);
    free(path);
    return good;
}
