#include "file_watch.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "memory.h"

enum { BLIND_MS = 50, LONGEST_MS = 1000 };

void file_watch_init(struct file_watch *watch)
{
    watch->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    watch->blind = watch->inotify < 0;
}

void file_watch_free(struct file_watch *watch)
{
    if (watch->inotify >= 0)
        close(watch->inotify);
    close(watch->event);
}

void file_watch_beside(struct file_watch *watch, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? memory_text(path, (size_t)(slash - path) + 1) : memory_text(".", 1);
    if (inotify_add_watch(watch->inotify, folder, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0)
        watch->blind = true;
    free(folder);
}

static void drain(int fd)
{
    char text[4096];
    while (read(fd, text, sizeof text) > 0)
        continue;
}

void file_watch_wait(struct file_watch *watch, int pipe, int timeout_ms)
{
    struct pollfd fds[] = {{watch->event, POLLIN, 0}, {watch->inotify, POLLIN, 0}, {pipe, POLLIN, 0}};
    int longest = watch->blind ? BLIND_MS : LONGEST_MS;
    poll(fds, 3, timeout_ms < longest ? timeout_ms : longest);
    if (fds[0].revents)
        drain(watch->event);
    if (fds[1].revents)
        drain(watch->inotify);
}

void file_watch_wake(struct file_watch *watch)
{
    uint64_t one = 1;
    if (write(watch->event, &one, sizeof one) < 0)
        return; // full: it will wake
}
