// Worker threads, from the broker's start to their ends, and the change from one program to the next between two of their batches.
#include "runtime_state.h"

#include <errno.h>
#include <unistd.h>

#include "globals.h"
#include "http.h"
#include "log.h"
#include "program_swap.h"
#include "standby.h"

enum { POLL_MS = 1000 };

// ---- calling each other ----

void runtime_ring(struct runtime *rt)
{
    uint64_t one = 1;
    if (write(rt->event_fd, &one, sizeof one) < 0)
        log_error(rt->program->app, "eventfd: %s", strerror(errno));
}

// With the lock: everyone comes out of what they do and looks.
static void call_workers(struct runtime *rt)
{
    atomic_store(&rt->attention, true);
    pthread_cond_broadcast(&rt->changed);
    if (rt->broker)
        rt->broker->ops->wake(rt->broker);
}

void runtime_stop_locked(struct runtime *rt)
{
    rt->stop = true;
    if (rt->broker)
        atomic_store(&rt->broker->stopping, true);
    call_workers(rt);
}

// ---- swapping programs ----

bool runtime_swap(struct runtime *rt, const struct weir_program *program)
{
    pthread_mutex_lock(&rt->lock);
    while (rt->next && !rt->over)
        pthread_cond_wait(&rt->changed, &rt->lock);
    if (!rt->over) {
        rt->next = program;
        call_workers(rt);
    }
    while (rt->next == program && !rt->over)
        pthread_cond_wait(&rt->changed, &rt->lock);
    bool taken = rt->program == program;
    if (rt->next == program)
        rt->next = NULL;
    pthread_mutex_unlock(&rt->lock);
    return taken;
}

// With the lock, when every worker that has not ended waits here.
static void take_next(struct runtime *rt)
{
    if (program_swappable(rt->program, rt->next)) {
        standby_pause(rt->standby);
        rt->broker->ops->swap(rt->broker, rt->next);
        globals_swap(rt->globals, rt->next);
        standby_go_on(rt->standby, rt->next);
        rt->program = rt->next;
        rt->next = NULL;
        atomic_store(&rt->attention, rt->stop);
    } else {
        rt->restart = rt->stop = true;
    }
    rt->swaps++;
    pthread_cond_broadcast(&rt->changed);
}

// Between two batches. False: the worker ends.
static bool worker_goes_on(struct worker *k)
{
    struct runtime *rt = k->rt;
    if (k->queries)
        http_turn(k);
    if (!atomic_load(&rt->attention))
        return true;
    pthread_mutex_lock(&rt->lock);
    unsigned swaps = rt->swaps;
    if (rt->next && !rt->stop) {
        rt->paused++;
        if (rt->paused == rt->running)
            take_next(rt);
        while (rt->swaps == swaps && !rt->stop)
            pthread_cond_wait(&rt->changed, &rt->lock);
        rt->paused--;
    }
    if (k->program != rt->program) {
        k->program = rt->program;
        task_swap_all(k);
    }
    bool on = !rt->stop;
    pthread_mutex_unlock(&rt->lock);
    return on;
}

// ---- workers ----

int runtime_start_result(const struct weir_program *program, enum broker_status status,
                         const struct broker_error *error)
{
    if (status == BROKER_OK || status == BROKER_END)
        return RUNTIME_DONE;
    log_error(program->app, "%s", error->text);
    return status == BROKER_REFUSED ? RUNTIME_WRONG : RUNTIME_FAILED;
}

static void *follow_globals(void *arg)
{
    struct runtime *rt = arg;
    int exit = globals_follow(rt->globals);
    pthread_mutex_lock(&rt->lock);
    if (exit > rt->exit)
        rt->exit = exit;
    if (exit != RUNTIME_DONE)
        runtime_stop_locked(rt);
    pthread_mutex_unlock(&rt->lock);
    return NULL;
}

// Global tables come first. False: they could not be read, or the run is to end.
static bool load_globals(struct worker *k)
{
    struct runtime *rt = k->rt;
    k->exit = globals_load(rt->globals);
    if (k->exit != RUNTIME_DONE || atomic_load(&rt->broker->stopping))
        return false;
    if (rt->globals && rt->broker->ops->follow)
        rt->following = pthread_create(&rt->follower, NULL, follow_globals, rt) == 0;
    standby_start(rt->standby);
    return true;
}

// Worker 0 starts the broker while the others wait. False: it did not start.
static bool start_broker(struct worker *k)
{
    struct runtime *rt = k->rt;
    struct broker_error error = {""};
    if (k->id == 0) {
        enum broker_status status = rt->broker->ops->start(rt->broker, &error);
        k->exit = runtime_start_result(rt->program, status, &error);
        bool started = status == BROKER_OK && load_globals(k);
        pthread_mutex_lock(&rt->lock);
        rt->started = true;
        if (!started)
            runtime_stop_locked(rt);
        pthread_cond_broadcast(&rt->changed);
        pthread_mutex_unlock(&rt->lock);
        return started;
    }
    pthread_mutex_lock(&rt->lock);
    while (!rt->started)
        pthread_cond_wait(&rt->changed, &rt->lock);
    bool good = !rt->stop;
    pthread_mutex_unlock(&rt->lock);
    return good;
}

static void worker_ends(struct worker *k, enum broker_status status)
{
    struct runtime *rt = k->rt;
    pthread_mutex_lock(&rt->lock);
    if (k->exit > rt->exit)
        rt->exit = k->exit;
    rt->running--;
    if (status == BROKER_FATAL)
        runtime_stop_locked(rt);
    if (rt->next && !rt->stop && rt->running > 0 && rt->paused == rt->running)
        take_next(rt);
    bool last = rt->running == 0;
    pthread_mutex_unlock(&rt->lock);
    if (last)
        runtime_ring(rt);
}

void *runtime_worker_main(void *arg)
{
    struct worker *k = arg;
    enum broker_status status = BROKER_FATAL;
    if (start_broker(k)) {
        worker_listen(k);
        if (k->queries)
            query_open(k->queries);
        status = BROKER_OK;
        while (status == BROKER_OK && worker_goes_on(k))
            status = worker_step(k, POLL_MS);
        if (k->queries)
            query_close(k->queries);
        // A bad record under `fail` ends the run too, but what went before it is done.
        if (k->exit != RUNTIME_FAILED && !commit_last(k))
            status = BROKER_FATAL;
    }
    worker_ends(k, status);
    return NULL;
}
