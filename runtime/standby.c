#include "standby.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "copies.h"
#include "log.h"
#include "memory.h"
#include "store_disk.h"

enum {
    PAUSE_MS = 500,      // between two rounds
    ASK_EVERY_MS = 3000, // whose copies to keep
    RETRY_MS = 60000,    // after a failure
    CLEAN_EVERY_MS = 60000,
    NICE = 10, // of the thread: live tasks go first
};

struct standby {
    const struct settings *settings;
    struct broker *broker;
    struct disk_shared *disks;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; // of all below; the thread has it while it works
    pthread_cond_t ended;
    bool ending;
    struct copies copies;
    struct broker_task *held; // those of workers
    size_t held_count;
    bool joined;   // the group has given this process its part
    int64_t began; // monotonic ms: when it did
    int64_t asked_at, cleaned_at, retry_at;
};

// ---- the life of it ----

struct standby *standby_new(const struct weir_program *program, const struct settings *settings, struct broker *broker,
                            struct disk_shared *disks)
{
    if (!disks || !broker->ops->copies)
        return NULL;
    struct standby *s = memory_new(sizeof *s);
    pthread_condattr_t monotonic;
    *s = (struct standby){.settings = settings, .broker = broker, .disks = disks};
    copies_init(&s->copies, program, settings, broker, disks);
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return s;
}

void standby_free(struct standby *s)
{
    if (!s)
        return;
    copies_free(&s->copies);
    free(s->held);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->ended);
    free(s);
}

// The lock, soon.
static void call(struct standby *s)
{
    atomic_fetch_add(&s->broker->calling, 1);
    pthread_mutex_lock(&s->lock);
    atomic_fetch_sub(&s->broker->calling, 1);
}

// ---- which copies ----

static bool is_among(const struct broker_task *tasks, size_t count, struct broker_task task)
{
    size_t i = 0;
    while (i < count && !broker_same_task(tasks[i], task))
        i++;
    return i < count;
}

static void arrange(struct standby *s, const struct broker_task *wanted, size_t count)
{
    struct copies *c = &s->copies;
    for (size_t i = c->count; i-- > 0;) {
        if (!is_among(wanted, count, copies_task(c, i)))
            copies_close(c, i);
    }
    for (size_t i = 0; i < count && c->k.exit == RUNTIME_DONE; i++) {
        if (copies_find(c, wanted[i]) == c->count && !is_among(s->held, s->held_count, wanted[i]))
            copies_open(c, wanted[i]);
    }
}

// The answer may take its time: nobody waits for the lock meanwhile.
static void ask(struct standby *s)
{
    struct broker_task *wanted;
    struct broker_error error;
    size_t count;
    if (commit_clock() - s->asked_at < ASK_EVERY_MS)
        return;
    pthread_mutex_unlock(&s->lock);
    bool known = s->broker->ops->copies(s->broker, s->settings->standby, &wanted, &count, &error) == BROKER_OK;
    pthread_mutex_lock(&s->lock);
    s->asked_at = commit_clock();
    if (known)
        arrange(s, wanted, count);
    free(wanted);
}

// They could not be kept: they are opened again later.
static void give_up(struct standby *s)
{
    struct worker *k = &s->copies.k;
    copies_close_all(&s->copies);
    weir_ctx_reset(&k->w);
    k->exit = RUNTIME_DONE;
    s->retry_at = commit_clock() + RETRY_MS;
}

static void keep_copies(struct standby *s)
{
    const struct worker *k = &s->copies.k;
    if (commit_clock() < s->retry_at)
        return;
    ask(s);
    if (k->exit == RUNTIME_DONE && atomic_load(&s->broker->calling) == 0)
        copies_read(&s->copies);
    if (k->exit != RUNTIME_DONE)
        give_up(s);
}

// ---- the end of state ----

static bool in_use(void *arg, int subtopology, int32_t partition)
{
    const struct standby *s = arg;
    struct broker_task task = {subtopology, partition};
    return is_among(s->held, s->held_count, task) || copies_find(&s->copies, task) < s->copies.count;
}

// Not before it has had its part of the partitions for as long: its tasks may still be on their way to it.
static void clean(struct standby *s)
{
    int64_t now = commit_clock(), delay = s->settings->state_cleanup;
    if (!s->joined) {
        s->joined = s->broker->ops->lag(s->broker, NULL, NULL) >= 0;
        s->began = now;
    }
    if (now - s->began < delay || now - s->cleaned_at < (delay < CLEAN_EVERY_MS ? delay : CLEAN_EVERY_MS))
        return;
    s->cleaned_at = now;
    disk_clean(s->disks, s->settings, s->broker->ops->now(s->broker) - delay, in_use, s);
}

// ---- the thread ----

static void pause_round(struct standby *s)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)PAUSE_MS * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_cond_timedwait(&s->ended, &s->lock, &until);
}

static void *standby_main(void *arg)
{
    struct standby *s = arg;
    setpriority(PRIO_PROCESS, 0, NICE); // of Linux: of the thread
    pthread_mutex_lock(&s->lock);
    while (!s->ending) {
        if (s->settings->standby)
            keep_copies(s);
        clean(s);
        if (!s->ending)
            pause_round(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

void standby_start(struct standby *s)
{
    if (!s)
        return;
    s->cleaned_at = commit_clock();
    s->asked_at = s->cleaned_at - ASK_EVERY_MS;
    int error = pthread_create(&s->thread, NULL, standby_main, s);
    s->started = !error;
    if (error)
        log_error(s->settings->app, "cannot start the thread for copies of state: %s", strerror(error));
}

void standby_stop(struct standby *s)
{
    if (!s)
        return;
    call(s);
    s->ending = true;
    pthread_cond_signal(&s->ended);
    pthread_mutex_unlock(&s->lock);
    if (s->started)
        pthread_join(s->thread, NULL);
    copies_close_all(&s->copies);
}

// ---- workers ----

void standby_hand_over(struct standby *s, int subtopology, int32_t partition)
{
    struct broker_task task = {subtopology, partition};
    if (!s)
        return;
    call(s);
    size_t at = copies_find(&s->copies, task);
    if (at < s->copies.count)
        copies_close(&s->copies, at);
    s->held = memory_grow(s->held, s->held_count, sizeof *s->held);
    s->held[s->held_count++] = task;
    pthread_mutex_unlock(&s->lock);
}

void standby_take_back(struct standby *s, int subtopology, int32_t partition)
{
    if (!s)
        return;
    call(s);
    for (size_t i = s->held_count; i-- > 0;) {
        if (broker_same_task(s->held[i], (struct broker_task){subtopology, partition}))
            s->held[i] = s->held[--s->held_count];
    }
    pthread_mutex_unlock(&s->lock);
}

// ---- programs ----

void standby_pause(struct standby *s)
{
    if (s)
        call(s);
}

void standby_go_on(struct standby *s, const struct weir_program *program)
{
    if (!s)
        return;
    copies_swap(&s->copies, program);
    pthread_mutex_unlock(&s->lock);
}
