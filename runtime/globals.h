// Global tables: one copy of each for all workers of the process, in memory. Topics as files and tests deliver their records to a worker; of topics on Kafka
// a thread of its own reads all partitions. Whoever writes keeps the readers out.
#ifndef WEIR_RT_GLOBALS_H
#define WEIR_RT_GLOBALS_H

#include "worker.h"

struct globals;

// NULL: the program has none. SETTINGS and BROKER outlive it.
struct globals *globals_new(const struct weir_program *program, const struct settings *settings, struct broker *broker,
                            struct counters *counters);
void globals_free(struct globals *g); // NULL: nothing
// PROGRAM, with the same sources and stores, takes the place of the old one.
void globals_swap(struct globals *g, const struct weir_program *program);

// Reads all that is there, before the first record of any other source. The exit code: RUNTIME_DONE, also if the run is told to end meanwhile.
int globals_load(struct globals *g);
// Reads what comes, until the run ends. The exit code.
int globals_follow(struct globals *g);
// A record that was delivered to the worker of W. False: w->bad says why it is bad.
bool globals_take(struct globals *g, struct weir_ctx *w, const struct broker_delivery *d);

// All tables, in one task, for whoever called and nobody else until the unlock. Its worker's context is the caller's, too.
struct task *globals_lock(struct globals *g);
void globals_unlock(struct globals *g);

size_t globals_memory(const struct globals *g); // bytes; NULL: none

#endif
