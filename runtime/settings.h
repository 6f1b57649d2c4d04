// What holds for a run: the command line over the environment over the program over the defaults.
#ifndef WEIR_RT_SETTINGS_H
#define WEIR_RT_SETTINGS_H

#include "runtime.h"

enum bad_policy { BAD_FAIL, BAD_SKIP, BAD_DEAD_LETTER };

struct settings {
    const char *app;
    const struct weir_options *options;
    bool kafka;        // topics on a broker; else files
    const char *local; // folder of the topics as files
    const char *state_dir;
    bool
        transient; // topics as files, one of them named: all are read from their beginning, and state ends with the run
    int threads;
    bool exactly_once;
    int64_t commit_ms;
    bool commit_said;      // else, under exactly_once, it goes by how long commits take
    int64_t cache;         // bytes of changes that may wait for the commit, of all workers
    int64_t memory_bytes;  // of state that may be in memory, of all workers
    int64_t max_task_idle; // ms: how long a task waits for an input that is read to its end; -1: for none
    int standby;           // copies of each task's state on other instances
    int64_t state_cleanup; // ms after which state on disk that nobody uses goes
    const char *instance;  // name of the process in the group, NULL: none
    bool log_json;         // messages and statistics
    const char *http;      // where to answer: HOST:PORT, :PORT or PORT; NULL: nowhere
    int http_port;         // that it answers on; 0: not yet, or nowhere
    enum bad_policy bad_policy;
    const char *dead_letter;         // topic
    bool retry;                      // a task that fails is tried again; else the run ends
    struct weir_setting *properties; // librdkafka's, the program's first: of two with one name the later holds
    int property_count;
    char **memory; // strings of its own, freed with it
    size_t memory_count;
};

// RUNTIME_DONE, or what is wrong is on stderr.
int settings_resolve(struct settings *s, const struct weir_program *program, const struct weir_options *options);
// What the program alone says, for its tests.
int settings_of_program(struct settings *s, const struct weir_program *program);
// settings_files.c: part of settings_resolve.
int settings_check_files(const struct settings *s, const struct weir_program *program,
                         const struct weir_options *options);
void settings_free(struct settings *s);
// The value that holds of a librdkafka property, or NULL.
const char *settings_property(const struct settings *s, const char *name);

#endif
