// A run from its start to its end, on the main thread: it makes what the workers need, and waits for signals.
#include "runtime_state.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "globals.h"
#include "http.h"
#include "log.h"
#include "memory.h"
#include "standby.h"
#include "store_rocksdb.h"

enum { BLOCK_CACHE_SHARE = 8 }; // of the memory for state: what reading from disk may take of it

struct runtime *runtime_new(const struct weir_program *program, const struct weir_options *options)
{
    struct runtime *rt = memory_new(sizeof *rt);
    sigset_t signals;
    rt->program = program;
    rt->options = options;
    pthread_mutex_init(&rt->lock, NULL);
    pthread_cond_init(&rt->changed, NULL);
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGPIPE); // a closed standard output is an error of write
    pthread_sigmask(SIG_BLOCK, &signals, &rt->signals_before);
    sigdelset(&signals, SIGPIPE);
    rt->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
    rt->event_fd = eventfd(0, EFD_CLOEXEC);
    return rt;
}

void runtime_set_broker(struct runtime *rt, broker_new_fn *broker_new)
{
    rt->broker_new = broker_new;
}

void runtime_free(struct runtime *rt)
{
    close(rt->signal_fd);
    close(rt->event_fd);
    pthread_sigmask(SIG_SETMASK, &rt->signals_before, NULL);
    pthread_cond_destroy(&rt->changed);
    pthread_mutex_destroy(&rt->lock);
    free(rt);
}

void runtime_stop(struct runtime *rt)
{
    pthread_mutex_lock(&rt->lock);
    rt->quit = true;
    runtime_stop_locked(rt);
    pthread_mutex_unlock(&rt->lock);
    runtime_ring(rt);
}

// ---- the main thread ----

static void on_signal(struct runtime *rt)
{
    struct signalfd_siginfo info;
    if (read(rt->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
        return;
    pthread_mutex_lock(&rt->lock);
    bool second = rt->quit;
    rt->quit = true;
    runtime_stop_locked(rt);
    pthread_mutex_unlock(&rt->lock);
    if (second)
        _exit(128 + (int)info.ssi_signo);
}

// Until the last worker has ended.
static void watch(struct runtime *rt)
{
    bool shows = rt->options->stats;
    for (;;) {
        struct pollfd fds[] = {{rt->signal_fd, POLLIN, 0}, {rt->event_fd, POLLIN, 0}};
        int n = poll(fds, 2, shows ? stats_interval_ms(&rt->stats) : -1);
        if (n == 0)
            stats_show(&rt->stats, rt->broker);
        if (n > 0 && fds[0].revents)
            on_signal(rt);
        uint64_t rings;
        if (n > 0 && fds[1].revents && read(rt->event_fd, &rings, sizeof rings) < 0)
            return;
        pthread_mutex_lock(&rt->lock);
        bool ended = rt->running == 0;
        pthread_mutex_unlock(&rt->lock);
        if (ended)
            return;
    }
}

static void make_workers(struct runtime *rt)
{
    int count = rt->settings.threads;
    rt->workers = memory_new((size_t)count * sizeof *rt->workers);
    for (int i = 0; i < count; i++) {
        struct worker *k = &rt->workers[i];
        worker_init(k, rt->program, &rt->settings, rt->broker, i, rt->counters[i]);
        k->rt = rt;
        k->attention = &rt->attention;
        k->globals = rt->globals;
        k->disks = rt->disks;
        k->standby = rt->standby;
    }
}

// False: it cannot be, and that is said.
static bool start_http(struct runtime *rt)
{
    struct broker_error error = {""};
    struct http_view view = {.program = rt->program,
                             .settings = &rt->settings,
                             .broker = rt->broker,
                             .workers = rt->workers,
                             .worker_count = rt->settings.threads,
                             .counters = rt->counters,
                             .globals = rt->globals};
    rt->http = rt->settings.http ? http_start(&view, &error) : NULL;
    if (rt->settings.http && !rt->http)
        log_error(rt->program->app, "%s", error.text);
    if (rt->http)
        rt->settings.http_port = http_port(rt->http);
    return rt->http || !rt->settings.http;
}

static void start_workers(struct runtime *rt)
{
    int count = rt->settings.threads;
    rt->running = count;
    for (int i = 0; i < count; i++) {
        int error = pthread_create(&rt->workers[i].thread, NULL, runtime_worker_main, &rt->workers[i]);
        if (error) {
            log_error(rt->program->app, "cannot start thread %d: %s", i, strerror(error));
            abort(); // as without memory
        }
    }
}

static int prepare(struct settings *s, const struct weir_program *program, const struct weir_options *options)
{
    struct broker_error error = {""};
    if (program->abi != WEIR_ABI) {
        *s = (struct settings){0};
        log_error(options->command, "%s was compiled by another version of weir: compile it again", program->file);
        return RUNTIME_FAILED;
    }
    int exit = settings_resolve(s, program, options);
    log_json(s->log_json);
    if (exit != RUNTIME_DONE || !s->kafka || broker_kafka_check(s, &error))
        return exit;
    log_error(options->command, "%s", error.text);
    return RUNTIME_USAGE;
}

static void stop_following(struct runtime *rt)
{
    if (!rt->following)
        return;
    atomic_store(&rt->broker->stopping, true);
    rt->broker->ops->wake(rt->broker);
    pthread_join(rt->follower, NULL);
    rt->following = false;
}

static void run_workers(struct runtime *rt)
{
    if (!start_http(rt)) {
        rt->exit = RUNTIME_FAILED;
        return;
    }
    start_workers(rt);
    watch(rt);
    for (int i = 0; i < rt->settings.threads; i++)
        pthread_join(rt->workers[i].thread, NULL);
    stop_following(rt);
    standby_stop(rt->standby);
    if (rt->http)
        http_stop(rt->http);
}

// One program from start to end, or to one that is too different.
static int run_once(struct runtime *rt)
{
    int exit = prepare(&rt->settings, rt->program, rt->options);
    if (exit != RUNTIME_DONE) {
        settings_free(&rt->settings);
        return exit;
    }
    int count = rt->settings.threads;
    broker_new_fn *broker_new = rt->broker_new       ? rt->broker_new
                                : rt->settings.kafka ? broker_kafka_new
                                                     : broker_file_new;
    struct broker *broker = broker_new(rt->program, &rt->settings);
    rt->disks = rt->settings.transient ? NULL : disk_shared_new(rt->settings.memory_bytes / BLOCK_CACHE_SHARE);
    rt->counters = memory_new(((size_t)count + 1) * sizeof *rt->counters);
    for (int i = 0; i <= count; i++)
        rt->counters[i] = counters_new(rt->program);
    rt->standby = standby_new(rt->program, &rt->settings, broker, rt->disks);
    rt->globals = globals_new(rt->program, &rt->settings, broker, rt->counters[count]);
    stats_init(&rt->stats, rt->program, rt->counters, count + 1, rt->settings.log_json);
    pthread_mutex_lock(&rt->lock);
    rt->broker = broker;
    rt->started = false;
    rt->stop = rt->quit;
    atomic_store(&rt->attention, rt->stop || rt->next);
    pthread_mutex_unlock(&rt->lock);
    make_workers(rt);
    run_workers(rt);
    pthread_mutex_lock(&rt->lock);
    rt->broker = NULL;
    pthread_mutex_unlock(&rt->lock);
    for (int i = 0; i < count; i++)
        worker_free(&rt->workers[i]);
    broker->ops->close(broker); // behind the tasks, which let go of copies through it
    if (rt->options->stats)
        stats_total(&rt->stats);
    stats_summary(&rt->stats);
    free(rt->workers);
    standby_free(rt->standby);
    globals_free(rt->globals);
    if (rt->disks)
        disk_shared_free(rt->disks);
    stats_free(&rt->stats);
    for (int i = 0; i <= count; i++)
        counters_free(rt->counters[i]);
    free(rt->counters);
    settings_free(&rt->settings);
    return rt->exit;
}

int runtime_go(struct runtime *rt)
{
    int exit;
    bool again;
    do {
        rt->exit = RUNTIME_DONE;
        exit = run_once(rt);
        pthread_mutex_lock(&rt->lock);
        again = rt->restart && !rt->quit && exit == RUNTIME_DONE;
        if (again) {
            rt->program = rt->next;
            rt->next = NULL;
            rt->stop = rt->restart = false;
        } else {
            rt->over = true;
        }
        pthread_cond_broadcast(&rt->changed);
        pthread_mutex_unlock(&rt->lock);
    } while (again);
    return exit;
}

int runtime_run(const struct weir_program *program, const struct weir_options *options)
{
    struct runtime *rt = runtime_new(program, options);
    int exit = runtime_go(rt);
    runtime_free(rt);
    return exit;
}

int runtime_check(const struct weir_program *program, const struct weir_options *options)
{
    struct settings settings;
    struct broker_error error = {""};
    int exit = prepare(&settings, program, options);
    if (exit == RUNTIME_DONE)
        exit = runtime_start_result(program, broker_kafka_compare(program, &settings, &error), &error);
    settings_free(&settings);
    return exit;
}
