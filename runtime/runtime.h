// How tools run a program: `weir run` and `weir test` on what the JIT made, and the main of a built executable. Generated code does not see
// this.
#ifndef WEIR_RT_RUNTIME_H
#define WEIR_RT_RUNTIME_H

#include <stdio.h>

#include "weir_program.h"

enum runtime_exit {
    RUNTIME_DONE = 0,
    RUNTIME_WRONG = 1, // the program or its data
    RUNTIME_USAGE = 2,
    RUNTIME_FAILED = 3, // the environment: broker, disk
};

// ---- flags shared by `weir run` and built executables ----

// TOPIC=FILE of --in and --out.
struct options_file {
    const char *topic, *file;
};

// What the command line says, not yet what holds: settings.h merges it with the environment and the program.
struct weir_options {
    const char *command; // for messages: "weir run", "hourly-sales"
    const char *beside;  // folder of the program, for topics/ beside it; NULL: that of program->file
    const char *local, *brokers, *feed;
    struct options_file *in, *out; // FILE `-` is standard input or output
    int in_count, out_count;
    struct weir_setting *set;        // --set, in order
    struct weir_setting *properties; // -X and --config, in order: librdkafka's
    int set_count, property_count;
    bool exit_at_end, clock_record, create_topics, reset, stats;
};

void options_init(struct weir_options *o, const char *command);
void options_free(struct weir_options *o);

enum options_taken {
    OPTIONS_WRONG = -1, // explained on stderr: exit code 2
    OPTIONS_NOT_MINE,   // argv[*i] is no flag of this table; *i as it was
    OPTIONS_TAKEN,      // *i is past the flag and its value
};
enum options_taken options_take(struct weir_options *o, int argc, char **argv, int *i);

// The names ("--local", ...) for "did you mean", ended by NULL, and the help, one line a flag.
const char *const *options_names(void);
void options_help(FILE *to);
// The nearest of NAMES (ended by NULL) to a mistyped NAME, or NULL.
const char *options_nearest(const char *name, const char *const *names);

// ---- running ----

struct runtime;

// PROGRAM and OPTIONS must live until runtime_free, or PROGRAM until a runtime_swap returned. Never NULL. Blocks SIGINT, SIGTERM and SIGPIPE in
// the calling thread until runtime_free: other threads are to be made after it, so that they inherit that.
struct runtime *runtime_new(const struct weir_program *program, const struct weir_options *options);
// Runs until the end of the input, a signal (SIGTERM, SIGINT: drains and commits; a second one ends the process at once), runtime_stop or a
// failure. An enum runtime_exit; what went wrong is on stderr. The calling thread takes the signals.
int runtime_go(struct runtime *rt);
// From another thread while runtime_go runs: goes on with PROGRAM, between two batches if its sources and sinks are the same, else with its
// tasks started anew from what is committed. When it returns the old program is no longer used. False: the run is ending, PROGRAM was not
// taken.
bool runtime_swap(struct runtime *rt, const struct weir_program *program);
// From any thread: drains, commits, and lets runtime_go return.
void runtime_stop(struct runtime *rt);
void runtime_free(struct runtime *rt);

// new, go and free in one.
int runtime_run(const struct weir_program *program, const struct weir_options *options);

// Does what a run does before its first record, and no more: are topics there, with the right partition counts?
int runtime_check(const struct weir_program *program, const struct weir_options *options);

// ---- tests ----

struct test_counts {
    int passed, failed;
};

struct test_options {
    const char *const *filters; // only tests whose title contains one of these (blind to case); 0: all
    int filter_count;
    bool json; // one JSON object a line
    bool colour;
    bool verbose;               // passed tests by name, too
    struct test_counts *counts; // added to; NULL: the summary line is printed
};

// Runs the tests of PROGRAM, results on stdout: RUNTIME_DONE or RUNTIME_WRONG.
int runtime_test(const struct weir_program *program, const struct test_options *options);
// "N passed, N failed", or the same as JSON.
void runtime_test_summary(const struct test_counts *counts, const struct test_options *options);

#endif
