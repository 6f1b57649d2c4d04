#include "task_timer.h"

#include <stdlib.h>

#include "memory.h"
#include "store.h"

#define NEVER INT64_MAX
#define UNKNOWN INT64_MIN // with --clock record, until there is one: due at once, to be begun

// ---- when they are due ----

static const struct weir_timer *timer_of(const struct task *t, int i)
{
    const struct weir_timer *timer = &t->worker->program->timers[i];
    return timer->subtopology == t->subtopology ? timer : NULL;
}

// The first after NOW of those that are EVERY ms apart, one of which is DUE.
static int64_t next_due(int64_t due, int64_t every, int64_t now)
{
    return weir_time_after(now, every - (now - due) % every);
}

static int64_t begin_wall(const struct worker *k, const struct weir_timer *timer, int64_t now)
{
    return now < 0 && k->settings->options->clock_record ? UNKNOWN : weir_time_after(now, timer->every);
}

// The one of its kind that is due first; -1: there is none.
static int first_due(const struct task *t, bool wall)
{
    int first = -1;
    for (int i = 0; i < t->worker->program->timer_count; i++) {
        const struct weir_timer *timer = timer_of(t, i);
        if (timer && timer->wall == wall && (first < 0 || t->timers[i] < t->timers[first]))
            first = i;
    }
    return first;
}

static int64_t least_due(const struct task *t, bool wall)
{
    int first = t->timers ? first_due(t, wall) : -1;
    return first < 0 ? NEVER : t->timers[first];
}

static int first_of_stream(const struct task *t)
{
    for (int i = 0; i < t->worker->program->timer_count; i++) {
        const struct weir_timer *timer = timer_of(t, i);
        if (timer && !timer->wall)
            return i;
    }
    return -1;
}

static void begin(struct task *t)
{
    const struct worker *k = t->worker;
    t->timers = memory_new((size_t)k->program->timer_count * sizeof *t->timers);
    for (int i = 0; i < k->program->timer_count; i++) {
        const struct weir_timer *timer = timer_of(t, i);
        if (timer && timer->wall)
            t->timers[i] = begin_wall(k, timer, worker_now(t->worker));
    }
}

void task_timer_start(struct task *t)
{
    struct worker *k = t->worker;
    const struct broker_ops *ops = k->broker->ops;
    int stream = first_of_stream(t);
    t->stream_due = NEVER;
    if (k->program->timer_count == 0)
        return;
    if (!t->timers)
        begin(t);
    if (stream >= 0 && ops->stored_time)
        t->stream_time = ops->stored_time(k->broker, k->id, k->program->store_count, stream, t->partition);
    t->stream_due = least_due(t, false);
    int64_t wall = least_due(t, true);
    k->wall_due = wall < k->wall_due ? wall : k->wall_due;
}

void task_timer_keep_time(const struct task *t)
{
    const struct worker *k = t->worker;
    const struct broker_ops *ops = k->broker->ops;
    int stream = first_of_stream(t), stores = k->program->store_count;
    if (stream < 0 || !ops->store_time ||
        t->stream_time == ops->stored_time(k->broker, k->id, stores, stream, t->partition))
        return;
    ops->store_time(k->broker, k->id, stores, stream, t->partition, t->stream_time);
}

void weir_stream_time(struct weir_ctx *w, int64_t timestamp)
{
    struct task *t = w->owner;
    if (timestamp > t->stream_time)
        t->stream_time = timestamp;
    if (t->stream_time >= t->stream_due)
        t->worker->due = t;
}

// ---- firing ----

// A timer may change and send more than any record: the room for that is not kept.
static void let_go_of_room(struct worker *k)
{
    enum { KEPT = 1 << 16 };
    if (k->undo.room > KEPT) {
        free(k->undo.all);
        k->undo = (struct undo_log){0};
    }
    if (k->pending.room > KEPT) {
        free(k->pending.sends);
        k->pending = (struct send_buffer){0};
    }
}

static bool fire(struct task *t, const struct weir_timer *timer, int64_t timestamp)
{
    struct worker *k = t->worker;
    struct weir_record record = {.timestamp = timestamp, .partition = t->partition};
    bool good = true;
    weir_ctx_reset(&k->w);
    k->w.record = &record;
    k->w.owner = t;
    k->dirty = true;
    timer->fire(&k->w, timestamp);
    if (k->w.bad || !send_flush(k)) {
        k->pending.count = 0;
        store_undo(k);
        good = k->exit == RUNTIME_DONE && k->bad_timer(k, timer, &record);
        k->w.bad = NULL;
    } else {
        store_settle(k);
    }
    k->w.record = NULL;
    let_go_of_room(k);
    return good;
}

static bool is_over(const struct task *t)
{
    const struct worker *k = t->worker;
    const struct broker_ops *ops = k->broker->ops;
    return k->settings->options->exit_at_end && ops->at_end &&
           ops->at_end(k->broker, k->id, t->subtopology, t->partition);
}

static bool fire_all(struct task *t, bool wall, int64_t now)
{
    bool good = true, over = wall && is_over(t);
    for (int i; good && (i = first_due(t, wall)) >= 0 && t->timers[i] <= now && t->timers[i] != NEVER;) {
        const struct weir_timer *timer = timer_of(t, i);
        if (t->timers[i] == UNKNOWN) {
            t->timers[i] = begin_wall(t->worker, timer, now);
        } else {
            t->timers[i] = next_due(t->timers[i], timer->every, now);
            good = over || fire(t, timer, now);
        }
    }
    return good;
}

bool task_timer_fire(struct task *t)
{
    if (t->stream_time < 0 || t->stream_time < t->stream_due)
        return true;
    bool good = fire_all(t, false, t->stream_time);
    t->stream_due = least_due(t, false);
    return good;
}

bool task_timer_behind(struct worker *k)
{
    struct task *t = k->due;
    k->due = NULL;
    return task_timer_fire(t);
}

bool task_timer_is_late(struct worker *k)
{
    if (k->wall_due == NEVER)
        return false;
    int64_t now = worker_now(k);
    return now >= 0 && now >= k->wall_due;
}

// Stream time may be known from what was committed, with no record yet.
bool task_timer_look(struct worker *k)
{
    bool good = true, late = task_timer_is_late(k);
    int64_t due = NEVER, now = late ? worker_now(k) : 0;
    if (k->program->timer_count == 0)
        return true;
    for (struct task *t = NULL; good && (t = task_next(&k->tasks, t));) {
        good = task_timer_fire(t) && (!late || !t->timers || fire_all(t, true, now));
        int64_t own = least_due(t, true);
        due = own < due ? own : due;
    }
    k->wall_due = due;
    return good;
}

int task_timer_wait(struct worker *k, int most)
{
    if (k->wall_due == NEVER || k->settings->options->clock_record)
        return most;
    int64_t now = worker_now(k), left = k->wall_due > now ? k->wall_due - now : 0;
    return left < most ? (int)left : most;
}

void weir_commit(struct weir_ctx *w)
{
    struct worker *k = ((struct task *)w->owner)->worker;
    undo_count(&k->undo, &k->commits_asked);
    k->commits_asked++;
    k->look_in = 1;
}
