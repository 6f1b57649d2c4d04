#include "exec/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

const char *spawn_find(struct arena *arena, const char *name)
{
    if (strchr(name, '/') != NULL)
        return access(name, X_OK) == 0 ? arena_strdup(arena, name) : NULL;
    const char *path = getenv("PATH");
    for (const char *p = path != NULL ? path : "/usr/bin:/bin"; *p != '\0';) {
        size_t n = strcspn(p, ":");
        const char *candidate = arena_printf(arena, "%.*s/%s", (int)n, p, name);
        if (n > 0 && access(candidate, X_OK) == 0)
            return candidate;
        p += n + (p[n] == ':');
    }
    return NULL;
}

struct child {
    pid_t pid;
    int input, errors; // our ends of its pipes
};

// The environment, but for the language of messages, which are read: LC_ALL is C. malloc'd; NULL: no memory.
static char **plain_environment(void)
{
    static char plain[] = "LC_ALL=C";
    size_t count = 0, kept = 0;
    while (environ[count] != NULL)
        count++;
    char **all = malloc((count + 2) * sizeof *all);
    for (size_t i = 0; all != NULL && i < count; i++)
        if (strncmp(environ[i], "LC_ALL=", 7) != 0 && strncmp(environ[i], "LANGUAGE=", 9) != 0)
            all[kept++] = environ[i];
    if (all != NULL) {
        all[kept++] = plain;
        all[kept] = NULL;
    }
    return all;
}

static int start(struct child *child, char *const *argv)
{
    int in[2], err[2];
    if (pipe2(in, O_CLOEXEC) != 0)
        return errno;
    if (pipe2(err, O_CLOEXEC) != 0) {
        int why = errno;
        close(in[0]);
        close(in[1]);
        return why;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    char **environment = plain_environment();
    int why = environment != NULL ? posix_spawn(&child->pid, argv[0], &actions, NULL, argv, environment) : ENOMEM;
    free(environment);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(err[1]);
    child->input = in[1];
    child->errors = err[0];
    if (why != 0) {
        close(in[1]);
        close(err[0]);
    }
    return why;
}

static void close_input(struct child *child)
{
    if (child->input >= 0)
        close(child->input);
    child->input = -1;
}

// Feeds INPUT and gathers what comes on standard error (at most SIZE - 1 bytes) until the child closes it or CANCEL can be read.
static void converse(struct child *child, const char *input, size_t length, char *errors, size_t size, int cancel)
{
    size_t sent = 0, got = 0;
    fcntl(child->input, F_SETFL, O_NONBLOCK);
    for (bool open = true; open;) {
        // poll passes over descriptors below 0.
        struct pollfd fds[3] = {{child->errors, POLLIN, 0}, {child->input, POLLOUT, 0}, {cancel, POLLIN, 0}};
        if (poll(fds, 3, -1) < 0 && errno != EINTR)
            break;
        if (fds[2].revents != 0) {
            kill(child->pid, SIGKILL);
            break;
        }
        if (child->input >= 0 && fds[1].revents != 0) {
            ssize_t n = write(child->input, input + sent, length - sent);
            sent += n > 0 ? (size_t)n : 0;
            if ((n < 0 && errno != EAGAIN) || sent == length)
                close_input(child);
        }
        if (fds[0].revents != 0) {
            char rest[512];
            bool room = got < size - 1;
            ssize_t n = read(child->errors, room ? errors + got : rest, room ? size - 1 - got : sizeof rest);
            open = n > 0 || (n < 0 && errno == EINTR);
            got += room && n > 0 ? (size_t)n : 0;
        }
    }
    errors[got] = '\0';
    close_input(child);
    close(child->errors);
}

const char *spawn_run(struct arena *arena, char *const *argv, const char *input, size_t length, int cancel)
{
    struct child child;
    int why = start(&child, argv);
    if (why != 0)
        return arena_printf(arena, "can't run %s: %s", argv[0], strerror(why));
    char errors[4096];
    converse(&child, input, length, errors, sizeof errors, cancel);
    int status;
    while (waitpid(child.pid, &status, 0) < 0)
        if (errno != EINTR)
            return arena_printf(arena, "can't wait for %s: %s", argv[0], strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return NULL;
    if (WIFSIGNALED(status))
        return arena_printf(arena, "%s was killed by signal %d\n%s", argv[0], WTERMSIG(status), errors);
    return arena_printf(arena, "%s failed with exit code %d\n%s", argv[0], WEXITSTATUS(status), errors);
}
