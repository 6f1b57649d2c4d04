#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "folders.h"
#include "instance.h"
#include "partition.h"
#include "sim.h"
#include "sim_disk.h"
#include "verify.h"
#include "weir_wire.h"

enum { INSTANCES = 3, STEPS = 400000 };

struct run {
    const struct sim_program *what;
    struct promise promise;
    struct weir_options weir_options;
    struct settings settings;
    struct instance instances[INSTANCES];
    int instance_count;
    int inputs; // records that are still to come, of each topic
    int64_t event_time;
    int kills, rebalances, stops, zombies; // that may still happen
    const char *favourite;                 // point: there instances are killed most
    int kinds_of_keys;
    bool copies; // instances keep copies of others' tasks
    int first;   // of the instances that are to run, in the end
};

struct run_totals run_totals;
static struct run run;

// ---- the input ----

static void put(const char *topic, int kind, int64_t number)
{
    char key[16], value[8];
    int n = snprintf(key, sizeof key, "k%d", kind);
    // Near in time, and sometimes late.
    int64_t time = run.event_time - (sim_chance(20) ? sim_below(12000) : 0);
    struct weir_record r = {.key = {key, (size_t)n}, .value = {value, 8}, .timestamp = time > 0 ? time : 0};
    weir_put_i64be(value, number);
    if (run.what->tombstones && sim_chance(10))
        r.value = WEIR_NULL_STR;
    cluster_append(cluster_log(topic, partition_of_key(r.key, cluster.partitions)), &r, NULL);
}

static void produce(void)
{
    if (run.inputs == 0)
        return;
    run.event_time += sim_below(3) ? sim_below(400) : sim_below(4000);
    put("numbers", (int)sim_below((uint32_t)run.kinds_of_keys), run.inputs);
    if (run.what->two_inputs)
        put("others", (int)sim_below((uint32_t)run.kinds_of_keys), run.inputs);
    run.inputs--;
}

// Much later, to each partition.
static void put_last_ones(void)
{
    char bytes[8];
    weir_put_i64be(bytes, SIM_LAST);
    for (int32_t p = 0; p < cluster.partitions; p++) {
        struct weir_record r = {.key = WEIR_STR("last"), .value = {bytes, 8}, .timestamp = run.event_time + 100000000};
        cluster_append(cluster_log("numbers", p), &r, NULL);
    }
}

// ---- instances ----

static bool is_member(const struct instance *in)
{
    return in->broker->member >= 0 && cluster.members[in->broker->member].there;
}

static void kill_instance(struct instance *in)
{
    if (in->broker->member >= 0)
        cluster.members[in->broker->member].dead = true;
    instance_kill(in);
    run_totals.kills++;
    if (sim_chance(10))
        sim_disk_lose(in->state_dir);
    else if (sim_chance(20))
        sim_disk_age(in->state_dir);
}

// It ended by itself: it was told to, or the disk was full.
static void look_at_end(struct instance *in)
{
    if (in->state != INSTANCE_ENDED)
        return;
    sim_trace("instance %d has ended: %d", in->id, in->k.exit);
    if (in->k.exit != RUNTIME_DONE && !sim_disk.failed)
        sim_fail("instance %d ended by itself", in->id);
    if (in->k.exit == RUNTIME_DONE && !in->stop)
        sim_fail("instance %d ended, and nobody had told it to", in->id);
    instance_end(in);
}

static void step(struct instance *in)
{
    if (in->state != INSTANCE_RUNS || (in->asleep && in->asleep--))
        return;
    run_totals.points++;
    instance_step(in);
    if (strcmp(in->where, "poll") != 0)
        sim_trace("instance %d: %s", in->id, in->where);
    look_at_end(in);
}

static struct instance *any(void)
{
    return &run.instances[sim_below((uint32_t)run.instance_count)];
}

// The group has not heard of it for too long, and it does not know yet. At least once promises nothing for state then: what it still writes to changelogs
// comes between what the next owner writes.
static void lose_touch(struct instance *in)
{
    if (in->state != INSTANCE_RUNS || !is_member(in) || (!run.what->stateless && !run.promise.exactly_once))
        return;
    sim_trace("group: member %d is given up", in->broker->member);
    cluster_leave(in->broker->member);
    in->asleep = sim_below(2) ? 0 : sim_below(200);
    run.zombies--;
}

// ---- the schedule ----

static void pass_time(void)
{
    sim.now += sim_chance(4) ? sim_below(400) : sim_chance(30);
}

static bool dies_here(const struct instance *in)
{
    return run.kills > 0 && in->state == INSTANCE_RUNS && !strcmp(in->where, run.favourite) && sim_chance(20);
}

static void happen(void)
{
    uint32_t what = sim_below(1000);
    struct instance *in = any();
    pass_time();
    cluster_go_on();
    if (what < 60) {
        produce();
    } else if (what < 66 && run.kills > 0 && in->state == INSTANCE_RUNS) {
        run.kills--;
        kill_instance(in);
    } else if (what < 80 && in->state == INSTANCE_DOWN) {
        instance_start(in);
    } else if (what < 90) {
        cluster_miss();
    } else if (what < 92 && run.rebalances > 0) {
        run.rebalances--;
        run_totals.rebalances++;
        cluster_rebalance();
    } else if (what < 94 && run.zombies > 0) {
        lose_touch(in);
    } else if (what < 96 && run.stops > 0 && in->state == INSTANCE_RUNS) {
        run.stops--;
        in->stop = true;
    } else if (what < 104 && run.copies && in->state == INSTANCE_RUNS) {
        sim_copies_step(in);
    } else if (what < 140 && in->state == INSTANCE_RUNS) {
        sim_chance(50) ? (void)sim_broker_deliver(in->broker) : sim_broker_commit(in->broker);
    } else {
        step(in);
        if (dies_here(in)) {
            run.kills--;
            kill_instance(in);
        }
    }
}

// ---- until all is done ----

static bool is_read(const struct cluster_log *log)
{
    int64_t end = log->count;
    while (end > 0 && !cluster_is_visible(&log->records[end - 1]))
        end--;
    return log->committed.offset >= end || end == 0;
}

// A topic that is not read to its end; NULL: there is none.
static const char *unread(void)
{
    const struct weir_program *p = run.what->program;
    for (int s = 0; s < p->source_count; s++) {
        char topic[SIM_TOPIC];
        sim_topic(topic, p, p->sources[s].topics[0], p->sources[s].internal);
        for (int32_t i = 0; i < cluster.partitions; i++) {
            const struct cluster_log *log = cluster_log(topic, i);
            if (!is_read(log))
                return log->topic;
        }
    }
    return NULL;
}

// What is left to do; NULL: nothing.
static const char *what_is_left(void)
{
    if (run.inputs || cluster.rebalancing)
        return run.inputs ? "more input" : "a rebalance";
    if (!cluster_is_at_rest())
        return "a transaction";
    for (int i = run.first; i < run.instance_count; i++) {
        const struct instance *in = &run.instances[i];
        if (in->state != INSTANCE_RUNS || !is_member(in) || cluster.members[in->broker->member].assigned)
            return "an assignment";
        if (in->k.restores)
            return "a restore";
        if (in->k.dirty || in->broker->unsent.count || in->broker->commit)
            return "a commit";
    }
    return unread();
}

static void start_all(void)
{
    for (int i = run.first; i < run.instance_count; i++) {
        if (run.instances[i].state == INSTANCE_DOWN)
            instance_start(&run.instances[i]);
    }
}

// Nothing bad happens any more.
static void settle(void)
{
    const char *left;
    int steps = 0;
    run.kills = run.rebalances = run.stops = run.zombies = 0;
    sim.faults = false;
    sim_disk.full = 0;
    while ((left = what_is_left())) {
        start_all(); // those, too, that were told to end before
        pass_time();
        cluster_go_on();
        produce();
        if (sim_chance(5))
            cluster_miss();
        step(any());
        if (++steps > STEPS)
            sim_fail("it does not come to an end: %s is left", left);
    }
}

// Timers of the wall clock tell all.
static void linger(void)
{
    int64_t until = sim.now + 3000;
    while (sim.now < until) {
        pass_time();
        cluster_go_on();
        step(any());
    }
    settle();
}

static void end(struct instance *in)
{
    int steps = 0;
    in->stop = true;
    while (in->state == INSTANCE_RUNS) {
        pass_time();
        cluster_go_on();
        step(any());
        if (++steps > STEPS)
            sim_fail("instance %d does not end", in->id);
    }
}

// One after the other, so that the last has all tasks, and saves them.
static void end_all(void)
{
    while (run.first < run.instance_count - 1) {
        end(&run.instances[run.first++]);
        settle();
    }
    sim_disk.always = true;
    end(&run.instances[run.first]);
}

// ---- one run ----

static const struct sim_program *choose_program(const char *name)
{
    uint32_t n = sim_below((uint32_t)sim_program_count);
    for (int i = 0; name && i < sim_program_count; i++) {
        if (strcmp(sim_programs[i].program->app, name) == 0)
            return &sim_programs[i];
    }
    if (name)
        sim_fail("no program is called %s", name);
    return &sim_programs[n];
}

static const char *choose_point(void)
{
    static const char *const points[] = {
        "commit",    "in flush", "flushed", "committed",          "save", "saved", "poll",
        "restoring", "restored", "restore", "asking for the end", "send", "log",   "waiting for the commit"};
    return points[sim_below(sizeof points / sizeof *points)];
}

static void choose_settings(void)
{
    static const int64_t caches[] = {0, 0, 600, 64 << 20}, memories[] = {6000, 256 << 20};
    run.settings = (struct settings){.app = run.what->program->app,
                                     .options = &run.weir_options,
                                     .kafka = true,
                                     .threads = 1,
                                     .exactly_once = sim_chance(65) || run.what->only_exactly_once,
                                     .commit_ms = 5 + sim_below(200),
                                     .commit_said = true,
                                     .cache = run.what->uncached ? 0 : caches[sim_below(4)],
                                     .bad_policy = BAD_DEAD_LETTER,
                                     .dead_letter = "dead",
                                     .retry = sim_below(2),
                                     .memory_bytes = memories[sim_below(2)]};
    run.promise = (struct promise){run.settings.exactly_once, run.settings.cache > 0};
    sim_disk.due = sim_below(2) ? 60 : 10;
    sim_disk.full = sim_below(4) ? 0 : 3;
    sim_disk.always = sim_disk.failed = false;
}

static void begin(uint64_t seed, const struct run_options *options, struct disk_shared *disks)
{
    run = (struct run){0};
    sim.seed = sim.state = seed;
    sim.now = 1000000;
    sim.faults = true;
    run.what = choose_program(options->program);
    cluster_start(1 + (int32_t)sim_below(3));
    choose_settings();
    run.instance_count = 1 + (int)sim_below(INSTANCES);
    run.inputs = 10 + (int)sim_below(90);
    run.kinds_of_keys = run.what->many_keys ? 40 : sim_below(3) ? 5 : 10;
    run.event_time = 100000;
    run.kills = (int)sim_below(8);
    run.rebalances = (int)sim_below(4);
    run.stops = (int)sim_below(2);
    run.zombies = (int)sim_below(3);
    run.copies = sim_below(2);
    run.favourite = choose_point();
    bool named = sim_below(2);
    for (int i = 0; i < run.instance_count; i++)
        instance_init(&run.instances[i], i, run.what->program, &run.settings, disks, options->folder, named);
    sim_trace("%s, %s: %d partitions, %d instances, cache %d, memory %d, killed mostly at: %s", run.what->program->app,
              run.promise.exactly_once ? "exactly once" : "at least once", (int)cluster.partitions, run.instance_count,
              (int)run.settings.cache, (int)run.settings.memory_bytes, run.favourite);
}

void run_seed(uint64_t seed, const struct run_options *options)
{
    struct disk_shared *disks = disk_shared_new(1 << 20);
    begin(seed, options, disks);
    for (int i = 0; i < 3000 || run.inputs > 0; i++)
        happen();
    settle();
    if (run.what->last_ones)
        put_last_ones();
    linger();
    end_all();
    run.what->verify(&run.promise);
    if (!sim_disk.real)
        verify_state(run.what->program, run.instances[run.first].state_dir);
    for (int i = 0; i < run.instance_count; i++) {
        sim_disk_lose(run.instances[i].state_dir);
        instance_free(&run.instances[i]);
    }
    sim_disk_free();
    cluster_free();
    disk_shared_free(disks);
}
