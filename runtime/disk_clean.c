// The folders of tasks as such, and their end.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "disk_layout.h"
#include "folders.h"
#include "log.h"
#include "memory.h"

// "0_3"
static bool is_task(const char *name)
{
    size_t subtopology = strspn(name, "0123456789");
    size_t partition = name[subtopology] == '_' ? strspn(name + subtopology + 1, "0123456789") : 0;
    return subtopology && partition && !name[subtopology + 1 + partition];
}

// False: enough.
typedef bool folder_fn(void *arg, const char *path, const char *name);

static void each_folder(const struct settings *settings, folder_fn *fn, void *arg)
{
    char *app = disk_app_path(settings);
    DIR *dir = opendir(app);
    bool on = true;
    for (struct dirent *entry; dir && on && (entry = readdir(dir));) {
        if (!is_task(entry->d_name))
            continue;
        char *path = memory_format("%s/%s", app, entry->d_name);
        on = fn(arg, path, entry->d_name);
        free(path);
    }
    if (dir)
        closedir(dir);
    free(app);
}

struct removing {
    struct broker_error *error;
    bool gone;
};

static bool remove_one(void *arg, const char *path, const char *name)
{
    struct removing *r = arg;
    (void)name;
    r->gone = folders_remove(path);
    if (!r->gone)
        snprintf(r->error->text, sizeof r->error->text, "%s: %s", path, strerror(errno));
    return r->gone;
}

bool disk_remove_all(const struct settings *settings, struct broker_error *error)
{
    struct removing r = {error, true};
    each_folder(settings, remove_one, &r);
    return r.gone;
}

struct cleaning {
    struct disk_shared *shared;
    const struct settings *settings;
    int64_t before;
    disk_in_use_fn *in_use;
    void *arg;
};

// A folder's time is that of its last file, or of when it was last closed.
static bool is_older(const char *path, int64_t before)
{
    struct stat status;
    return stat(path, &status) == 0 &&
           (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000 < before;
}

static bool clean_one(void *arg, const char *path, const char *name)
{
    const struct cleaning *c = arg;
    struct broker_error error = {""};
    char *partition;
    int subtopology = (int)strtol(name, &partition, 10);
    if (!is_older(path, c->before) || c->in_use(c->arg, subtopology, (int32_t)strtol(partition + 1, NULL, 10)) ||
        rocks_remove(c->shared, path, &error) != ROCKS_OK)
        return true;
    if (folders_remove(path))
        log_info(c->settings->app, "%s: this state on disk has not been used for long, and is removed", path);
    else
        log_warning(c->settings->app, "%s: %s", path, strerror(errno));
    return true;
}

void disk_clean(struct disk_shared *shared, const struct settings *settings, int64_t before, disk_in_use_fn *in_use,
                void *arg)
{
    struct cleaning c = {shared, settings, before, in_use, arg};
    each_folder(settings, clean_one, &c);
}
