// `every D stream|wall`: the timers of a task, when they are due, and what becomes of what they do. As Kafka Streams' punctuations: stream time is looked at
// behind each record, the wall clock after each poll; several that are due go in order of time; what was missed is made up by one call.
#ifndef WEIR_RT_TASK_TIMER_H
#define WEIR_RT_TASK_TIMER_H

#include "worker.h"

// Of a task that was just restored: its stream time is what was committed.
void task_timer_start(struct task *t);
// Fires what is due by stream time. False: k->exit is set.
bool task_timer_fire(struct task *t);
// Whether something is due by stream time MS ms from now.
static inline bool task_timer_is_due(const struct task *t, int64_t ms)
{
    return t->stream_time >= 0 && t->stream_due <= weir_time_after(t->stream_time, ms);
}
// After each poll, of all tasks of K: what is due by the wall clock, too, but with exit_at_end only as long as the task has something to read: else what
// timers send would be read while they send more, without end. False: k->exit is set.
bool task_timer_look(struct worker *k);
// Behind a record: what is due by it. False: k->exit is set.
bool task_timer_behind(struct worker *k);
// The wall clock has reached a timer.
bool task_timer_is_late(struct worker *k);
// How long to wait for records, at most MOST ms.
int task_timer_wait(struct worker *k, int most);
// The broker is to store what time it is.
void task_timer_keep_time(const struct task *t);

#endif
