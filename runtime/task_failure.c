#include "task_failure.h"

#include <inttypes.h>
#include <stdlib.h>

#include "log.h"
#include "memory.h"

enum { FIRST_MS = 1000, LONGEST_MS = 60000, WELL_MS = 600000 }; // WELL: after which the pause is the first again

struct failure {
    struct broker_task task;
    int64_t pause, until; // ms; monotonic ms
    bool held;            // it is K's to make then
};

struct failures {
    struct failure *all;
    size_t count;
    struct broker_task last; // the one that K's exit is about
    bool known;
};

static struct failures *failures_of(struct worker *k)
{
    if (!k->failures)
        k->failures = memory_new(sizeof *k->failures);
    return k->failures;
}

bool task_failure_is_retried(const struct worker *k)
{
    return k->settings->retry && k->settings->kafka;
}

void task_failure_note(struct worker *k, const struct task *t)
{
    if (!task_failure_is_retried(k))
        return;
    struct failures *f = failures_of(k);
    f->known = t != NULL;
    if (t)
        f->last = task_id(t);
}

// NULL: it never failed.
static struct failure *find(const struct failures *f, struct broker_task task)
{
    for (size_t i = 0; f && i < f->count; i++) {
        if (broker_same_task(f->all[i].task, task))
            return &f->all[i];
    }
    return NULL;
}

static struct failure *add(struct failures *f, struct broker_task task)
{
    f->all = memory_grow(f->all, f->count, sizeof *f->all);
    f->all[f->count] = (struct failure){.task = task};
    return &f->all[f->count++];
}

void task_failure_count(struct worker *k)
{
    int64_t held = 0;
    for (size_t i = 0; k->failures && i < k->failures->count; i++)
        held += k->failures->all[i].held;
    stats_set(&k->counters->failed, held);
}

static void set_pause(struct failure *one, int64_t now)
{
    bool well = !one->pause || now - one->until > WELL_MS;
    one->pause = well ? FIRST_MS : one->pause < LONGEST_MS / 2 ? one->pause * 2 : LONGEST_MS;
    one->until = now + one->pause;
    one->held = true;
}

bool task_failure_retries(struct worker *k)
{
    struct failures *f = k->failures;
    if (!f || !f->known)
        return false;
    struct failure *one = find(f, f->last);
    if (!one)
        one = add(f, f->last);
    f->known = false;
    set_pause(one, commit_clock());
    task_failure_count(k);
    log_about(LEVEL_WARNING, k->program->app, (struct log_about){.partition = one->task.partition},
              "task %d_%d failed; what was done since the last commit is taken back, and the task is tried again in "
              "%" PRId64 " s",
              one->task.subtopology, (int)one->task.partition, one->pause / 1000);
    stats_set(&k->counters->failures, k->counters->failures + 1);
    return true;
}

bool task_failure_holds(struct worker *k, struct broker_task task)
{
    struct failure *one = find(k->failures, task);
    if (!one)
        return false;
    one->held = commit_clock() < one->until;
    task_failure_count(k);
    return one->held;
}

void task_failure_look(struct worker *k)
{
    struct failures *f = k->failures;
    int64_t now = commit_clock();
    for (size_t i = 0; f && i < f->count && k->exit == RUNTIME_DONE; i++) {
        if (!f->all[i].held || now < f->all[i].until)
            continue;
        f->all[i].held = false;
        task_failure_count(k);
        task_make(k, f->all[i].task);
    }
}

void task_failure_drop(struct worker *k, struct broker_task task)
{
    struct failure *one = find(k->failures, task);
    if (!one)
        return;
    one->held = false;
    task_failure_count(k);
}

void task_failure_drop_all(struct worker *k)
{
    for (size_t i = 0; k->failures && i < k->failures->count; i++)
        k->failures->all[i].held = false;
}

void task_failure_free(struct worker *k)
{
    if (k->failures)
        free(k->failures->all);
    free(k->failures);
}
