#include "command/watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/path.h"

struct watch {
    const struct flags *flags;
    const char *file;
    struct running_options options;
    struct runtime *rt;
    struct running *current;
    pthread_t thread;
    int inotify, stop; // stop: an eventfd
};

// Editors replace files as often as they write them, so it is the folders that are watched.
static void watch_folders(struct watch *w, const struct source_set *sources)
{
    for (int i = 0; i < sources->files.count; i++) {
        const char *folder = path_folder(sources->arena, sources->files.items[i]->name);
        inotify_add_watch(w->inotify, folder, IN_CLOSE_WRITE | IN_MOVED_TO);
    }
}

static bool is_source(const struct watch *w, const char *saved)
{
    const struct source_set *sources = &w->current->c->sources;
    for (int i = 0; i < sources->files.count; i++) {
        if (strcmp(path_name(sources->files.items[i]->name), saved) == 0)
            return true;
    }
    return false;
}

static bool read_events(const struct watch *w)
{
    _Alignas(struct inotify_event) char buffer[4096];
    bool ours = false;
    ssize_t n = read(w->inotify, buffer, sizeof buffer);
    for (char *p = buffer; p < buffer + n;) {
        const struct inotify_event *event = (const struct inotify_event *)p;
        ours = ours || (event->len > 0 && is_source(w, event->name));
        p += sizeof *event + event->len;
    }
    return ours;
}

// The second tier of the old program may be about to swap itself in: it must be through, so that the new program has the last word.
static void take(struct watch *w, struct running *next)
{
    tier_cancel(w->current->tier);
    if (!runtime_swap(w->rt, next->loaded.program)) {
        running_free(next);
        return;
    }
    running_free(w->current);
    w->current = next;
    watch_folders(w, &next->c->sources);
    running_start_tier(next, w->options, w->rt);
    fprintf(stderr, "weir run: %s is running as saved\n", w->file);
}

static void recompile(struct watch *w)
{
    struct running *next;
    if (running_compile(w->flags, w->file, w->options, &next) != EXIT_DONE)
        fprintf(stderr, "weir run: the program before this edit goes on\n");
    else if (next->text.len == w->current->text.len &&
             memcmp(next->text.text, w->current->text.text, next->text.len) == 0 &&
             externs_equal(next->c->externs, w->current->c->externs))
        running_free(next);
    else
        take(w, next);
}

static void *watch_files(void *arg)
{
    struct watch *w = arg;
    for (;;) {
        struct pollfd fds[2] = {{w->stop, POLLIN, 0}, {w->inotify, POLLIN, 0}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (fds[0].revents != 0)
            return NULL;
        if (fds[1].revents != 0 && read_events(w))
            recompile(w);
    }
}

struct watch *watch_start(const struct flags *flags, const char *file, struct running_options options,
                          struct runtime *rt, struct running *first)
{
    struct watch *w = calloc(1, sizeof *w);
    if (w != NULL) {
        *w = (struct watch){.flags = flags, .file = file, .options = options, .rt = rt, .current = first};
        w->inotify = inotify_init1(IN_CLOEXEC);
        w->stop = eventfd(0, EFD_CLOEXEC);
        if (w->inotify >= 0 && w->stop >= 0) {
            watch_folders(w, &first->c->sources);
            if (pthread_create(&w->thread, NULL, watch_files, w) == 0)
                return w;
        }
        close(w->inotify);
        close(w->stop);
        free(w);
    }
    fprintf(stderr, "weir run: can't watch files: %s\n", strerror(errno));
    return NULL;
}

struct running *watch_stop(struct watch *w)
{
    uint64_t one = 1;
    while (write(w->stop, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    pthread_join(w->thread, NULL);
    struct running *last = w->current;
    close(w->inotify);
    close(w->stop);
    free(w);
    return last;
}
