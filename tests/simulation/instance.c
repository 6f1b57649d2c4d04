#include "instance.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "restore.h"
#include "sim.h"
#include "sim_disk.h"

enum { STACK = 1 << 20 };

static ucontext_t scheduler;
static struct instance *current; // NULL: the scheduler

// ---- points ----

void sim_point(const char *what)
{
    struct instance *in = current;
    if (!in)
        return;
    in->where = what;
    current = NULL;
    swapcontext(&in->context, &scheduler);
}

void sim_point_often(const char *what)
{
    if (sim_chance(12))
        sim_point(what);
}

void instance_step(struct instance *in)
{
    current = in;
    swapcontext(&scheduler, &in->context);
}

// ---- what it does ----

static char *disk_path(const struct instance *in, int store, int32_t partition)
{
    return memory_format("%s/%s/%d_%d", in->state_dir, in->program->app, in->program->stores[store].subtopology,
                         (int)partition);
}

struct expected {
    const struct weir_store *store;
    int64_t offset;
};

static void take_meta(void *arg, struct weir_str key, struct weir_str value)
{
    struct expected *e = arg;
    if (weir_get_i32be(key.p) == 0 && value.n == DISK_META && key.n == DISK_ID + strlen(e->store->name) &&
        memcmp(key.p + DISK_ID, e->store->name, key.n - DISK_ID) == 0)
        e->offset = weir_get_i64be(value.p + 13);
}

// A store is restored from where its disk is, or from where it was when it was kept, and from nowhere else.
static void on_restore(void *arg, const struct broker_log *log, int64_t from, int64_t end)
{
    struct instance *in = arg;
    const struct restoring *r = log->arg;
    if (r->task->ends)
        return;
    struct expected e = {&in->program->stores[log->store], 0};
    char *path = disk_path(in, log->store, log->partition);
    if (sim_disk_read(path, take_meta, &e) && from != e.offset)
        sim_fail("store %s, partition %d, is restored from %d to %d, but its disk is as of %d", e.store->name,
                 (int)log->partition, (int)from, (int)end, (int)e.offset);
    free(path);
}

static void run(void)
{
    struct instance *in = current;
    struct broker_error error;
    enum broker_status status = in->broker->base.ops->start(&in->broker->base, &error);
    worker_listen(&in->k);
    while (status == BROKER_OK && !in->stop)
        status = worker_step(&in->k, 100);
    if (in->k.exit != RUNTIME_FAILED)
        commit_last(&in->k);
    in->state = INSTANCE_ENDED;
    sim_point("the end");
}

// ---- its life ----

void instance_init(struct instance *in, int id, const struct weir_program *program, const struct settings *settings,
                   struct disk_shared *disks, const char *folder, bool named)
{
    *in = (struct instance){
        .id = id, .program = program, .settings = settings, .disks = disks, .producer = named ? id : -1};
    in->state_dir = memory_format("%s/%d", folder, id);
    in->stack = memory_resize(NULL, STACK);
}

void instance_start(struct instance *in)
{
    sim_trace("instance %d starts", in->id);
    in->own = *in->settings;
    in->own.state_dir = in->state_dir;
    in->counters = counters_new(in->program);
    in->broker = sim_broker_new(in->program, in->settings->exactly_once, in->producer, on_restore, in);
    in->broker->tasks_fail = in->settings->retry;
    in->stop = false;
    in->asleep = 0;
    worker_init(&in->k, in->program, &in->own, &in->broker->base, 0, in->counters);
    in->k.disks = in->disks;
    in->k.slice_ms = sim_below(2) ? 50 : 0;
    sim_copies_start(in);
    in->state = INSTANCE_RUNS;
    getcontext(&in->context);
    in->context.uc_stack.ss_sp = in->stack;
    in->context.uc_stack.ss_size = STACK;
    makecontext(&in->context, run, 0);
}

static void put_down(struct instance *in, bool killed)
{
    worker_free(&in->k);
    sim_copies_stop(in, !killed);
    counters_free(in->counters);
    in->state = INSTANCE_DOWN;
}

void instance_kill(struct instance *in)
{
    sim_trace("instance %d is killed at: %s", in->id, in->where);
    put_down(in, true);
    sim_broker_drop(in->broker);
}

void instance_end(struct instance *in)
{
    put_down(in, false);
    in->broker->base.ops->close(&in->broker->base);
}

void instance_free(struct instance *in)
{
    if (in->state != INSTANCE_DOWN)
        instance_kill(in);
    free(in->stack);
    free(in->state_dir);
}
