// What runtime.c (the main thread) and runtime_worker.c (the workers) share.
#ifndef WEIR_RT_RUNTIME_STATE_H
#define WEIR_RT_RUNTIME_STATE_H

#include <pthread.h>
#include <signal.h>

#include "runtime.h"
#include "worker.h"

struct runtime {
    const struct weir_program *program;
    const struct weir_options *options;
    struct settings settings;
    broker_new_fn *broker_new; // NULL: as the settings say
    struct broker *broker;
    struct worker *workers;
    struct disk_shared *disks; // NULL: no state is kept
    struct standby *standby;
    struct globals *globals;    // NULL: there are none
    pthread_t follower;         // reads them
    bool following;             // it was started
    struct counters **counters; // of the workers, and of global tables
    struct stats stats;
    struct http_server *http; // NULL: nobody asks
    sigset_t signals_before;
    int signal_fd, event_fd; // event: the last worker has ended, or runtime_stop was called
    atomic_bool attention;   // what the workers look at for every record: stop or swap
    pthread_mutex_t lock;    // of all below
    pthread_cond_t changed;
    bool stop, started;        // stop: the workers are to end
    bool quit, over;           // quit: and nothing comes after them; over: runtime_go is returning
    int running, paused, exit; // workers that have not ended; those that wait for a swap
    unsigned swaps;
    const struct weir_program *next; // of runtime_swap, until it is taken
    bool restart;                    // next differs too much: end, then begin with it
};

// Wakes the main thread.
void runtime_ring(struct runtime *rt);
// With the lock: the workers are to end.
void runtime_stop_locked(struct runtime *rt);
// What a start that came to STATUS means for the run. BROKER_REFUSED: the program is wrong; BROKER_END: told to stop meanwhile.
int runtime_start_result(const struct weir_program *program, enum broker_status status,
                         const struct broker_error *error);
// ARG: its struct worker.
void *runtime_worker_main(void *arg);

#endif
