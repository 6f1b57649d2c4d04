// Programs written by hand, as generated code would be, and helpers to run them on files. Included by the unit_core tests.
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "folders.h"
#include "runtime.h"

// `orders` and `payments` (string => json) go to topic `out` as they are; a value that holds "bad" fails the record, one that holds "again"
// goes through the repartition topic first, by its value as the key.
static const struct weir_serde core_json = {.name = "json"};

static inline bool core_holds(struct weir_str text, const char *word)
{
    return text.p && memmem(text.p, text.n, word, strlen(word)) != NULL;
}

static inline void core_process(struct weir_ctx *w)
{
    const struct weir_record *r = w->record;
    struct weir_out out = {.sink = 0,
                           .key = r->key,
                           .value = r->value,
                           .timestamp = r->timestamp,
                           .headers = r->headers,
                           .header_count = r->header_count};
    if (core_holds(r->value, "again")) {
        out.sink = 1;
        out.key = r->value;
    }
    weir_send(w, &out);
    if (core_holds(r->value, "bad"))
        weir_fail(w, WEIR_BAD_CONVERSION, "this is a bad value");
    if (core_holds(r->value, "clock")) {
        char *text = weir_alloc(w, 32);
        out.value = (struct weir_str){text, (size_t)snprintf(text, 32, "%lld", (long long)w->now(w->owner))};
        weir_send(w, &out);
    }
}

static inline void core_process_again(struct weir_ctx *w)
{
    const struct weir_record *r = w->record;
    struct weir_out out = {.sink = 0, .key = WEIR_STR("again"), .value = r->value, .timestamp = r->timestamp};
    if (core_holds(r->value, "worse"))
        weir_fail(w, WEIR_BAD_DIVISION, "worse on the far side");
    weir_send(w, &out);
}

static const char *const core_orders[] = {"orders"};
static const char *const core_payments[] = {"payments"};
static const char *const core_again[] = {"again"};

static const struct weir_source core_sources[] = {
    {.name = "orders",
     .topics = core_orders,
     .topic_count = 1,
     .key = &weir_serde_string,
     .value = &core_json,
     .process = core_process},
    {.name = "payments",
     .topics = core_payments,
     .topic_count = 1,
     .key = &weir_serde_string,
     .value = &core_json,
     .process = core_process},
    {.name = "again",
     .topics = core_again,
     .topic_count = 1,
     .internal = true,
     .subtopology = 1,
     .key = &core_json,
     .value = &core_json,
     .process = core_process_again},
};

static const struct weir_sink core_sinks[] = {
    {.name = "out", .topic = "out", .key = &weir_serde_string, .value = &core_json},
    {.name = "again", .topic = "again", .internal = true, .key = &core_json, .value = &core_json},
};

static const struct weir_program core_program = {
    .abi = WEIR_ABI,
    .app = "core",
    .file = "core.weir",
    .sources = core_sources,
    .source_count = 3,
    .sinks = core_sinks,
    .sink_count = 2,
};

// ---- files; the tests of a program run in a fresh folder ----

static char core_dir[64];

static inline int core_setup(void **state)
{
    (void)state;
    strcpy(core_dir, "/tmp/weir-core-XXXXXX");
    return mkdtemp(core_dir) && chdir(core_dir) == 0 && mkdir("topics", 0777) == 0 ? 0 : -1;
}

static inline int core_teardown(void **state)
{
    (void)state;
    return chdir("/") == 0 && folders_remove(core_dir) ? 0 : -1;
}

static inline void core_append(const char *path, const char *text)
{
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

// The whole text of a file, to be freed; "" if it is not there.
static inline char *core_read(const char *path)
{
    size_t n = 0;
    char *text = NULL;
    FILE *to = open_memstream(&text, &n), *f = fopen(path, "r");
    for (int c; f && (c = getc(f)) != EOF;)
        putc(c, to);
    if (f)
        fclose(f);
    fclose(to);
    return text;
}

static inline void core_expect(const char *path, const char *text)
{
    char *found = core_read(path);
    assert_string_equal(found, text);
    free(found);
}

static inline void core_expect_part(const char *path, const char *part)
{
    char *found = core_read(path);
    if (!strstr(found, part))
        fail_msg("%s lacks `%s`: %s", path, part, found);
    free(found);
}

// Waits until the file holds PART: for what another process writes.
static inline void core_await(const char *path, const char *part)
{
    for (int i = 0; i < 1000; i++) {
        char *found = core_read(path);
        bool there = strstr(found, part) != NULL;
        free(found);
        if (there)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    core_expect_part(path, part);
}

static int core_writer = -1; // the writing end of a pipe, not for the run

// A run in a process of its own, with stderr in the file `err` and standard output in `stdout`.
static inline pid_t core_start(const struct weir_program *program, const char *const *arguments)
{
    char *argv[32] = {(char *)"core"};
    int argc = 1;
    for (; *arguments; arguments++)
        argv[argc++] = (char *)*arguments;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    int err = open("err", O_WRONLY | O_CREAT | O_TRUNC, 0666), out = open("stdout", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (core_writer >= 0)
        close(core_writer);
    dup2(err, STDERR_FILENO);
    dup2(out, STDOUT_FILENO);
    int status = weir_main(program, argc, argv);
    fflush(NULL);
    _exit(status);
}

static inline int core_end(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define core_run(program, ...) core_end(core_start((program), (const char *const[]){__VA_ARGS__, NULL}))
#define core_spawn(program, ...) core_start((program), (const char *const[]){__VA_ARGS__, NULL})

#endif
