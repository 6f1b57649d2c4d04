// Tasks that failed: their state cannot be read or saved, or a record ended them. With `on_failure retry` the worker goes back to its last commit, and goes on
// with the others; a task that failed is made again after a pause, which doubles each time.
#ifndef WEIR_RT_TASK_FAILURE_H
#define WEIR_RT_TASK_FAILURE_H

#include "worker.h"

// Topics as files have no commit to go back to: there a failure ends the run.
bool task_failure_is_retried(const struct worker *k);
// T (NULL: no one task) is why K's exit is set, of which there was a message.
void task_failure_note(struct worker *k, const struct task *t);
// K's exit is set. True: the task is to be tried again, which is said; the worker goes back.
bool task_failure_retries(struct worker *k);
// Whether TASK, which is to be made, has to wait.
bool task_failure_holds(struct worker *k, struct broker_task task);
// Makes those whose pause is over.
void task_failure_look(struct worker *k);
// It is no longer K's.
void task_failure_drop(struct worker *k, struct broker_task task);
// None is, until K is told anew of what it has. The counter goes on saying how many they were, until then.
void task_failure_drop_all(struct worker *k);
// For the counter: how many wait.
void task_failure_count(struct worker *k);
void task_failure_free(struct worker *k);

#endif
