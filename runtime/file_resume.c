#include "file_resume.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

#include "file_journal.h"
#include "file_offsets.h"
#include "folders.h"
#include "log.h"
#include "memory.h"
#include "store_disk.h"

// State has one owner.
static bool take_lock(const struct settings *settings, int *lock, struct broker_error *error)
{
    char *path = memory_format("%s/%s/lock", settings->state_dir, settings->app);
    folders_make(path);
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    bool taken = *lock >= 0 && flock(*lock, LOCK_EX | LOCK_NB) == 0;
    if (!taken)
        snprintf(error->text, sizeof error->text, "%s: %s", path,
                 errno == EWOULDBLOCK ? "another run of this app works on its state" : strerror(errno));
    free(path);
    return taken;
}

// As the last commit left them. *HOLDS: they are there.
static bool open_logs(const struct settings *settings, struct file_logs *logs, bool *holds, struct broker_error *error)
{
    *holds = true;
    for (int s = 0; *holds && s < logs->program->store_count; s++) {
        const char *topic = logs->all[s].topic;
        int64_t end = topic ? file_offsets_log_end(settings, topic) : 0;
        if (!file_logs_open(logs, s, end, holds, error))
            return false;
        if (!*holds)
            log_warning(settings->app, "%s lacks what the last run wrote: all is read from the beginning",
                        logs->all[s].path);
    }
    return true;
}

// Positions, changelogs and the state on disk are one: each without the others would be wrong.
static bool forget(const struct settings *settings, struct file_logs *logs, struct broker_error *error)
{
    file_offsets_reset(settings);
    return file_logs_remove(logs, error) && disk_remove_all(settings, error);
}

bool file_resume(const struct settings *settings, struct file_logs *logs, struct file_times *times, int *lock,
                 struct broker_error *error)
{
    bool holds = false;
    if (settings->transient)
        return true;
    if ((logs->program->store_count || settings->exactly_once) && !take_lock(settings, lock, error))
        return false;
    if (!file_journal_undo(settings, error))
        return false;
    if (!settings->options->reset && file_offsets_hold(settings) && !open_logs(settings, logs, &holds, error))
        return false;
    if (!holds)
        return forget(settings, logs, error);
    file_offsets_times(settings, logs->program, times);
    return true;
}
