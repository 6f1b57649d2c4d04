// `idle D` of sources: once all inputs of a task have been silent for D (the longest, if several say one), stream time goes on with the wall clock, until
// the next record.
// Where it has come to is looked up when something is due by it, and at the next record: silence alone changes nothing.
#ifndef WEIR_RT_TASK_IDLE_H
#define WEIR_RT_TASK_IDLE_H

#include "worker.h"

void task_idle_init(struct task *t);
// After each poll, of all tasks of K: lets go of what has become due. False: k->exit is set.
bool task_idle_look(struct worker *k);
// A record is taken, the first since the last look: silence ends.
void task_idle_end(struct task *t);

#endif
