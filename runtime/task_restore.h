// Brings the stores of tasks that were just made to where their changelogs are: first what the disk has, then the changelogs from there on. In slices, between
// which the worker's other tasks go on.
#ifndef WEIR_RT_TASK_RESTORE_H
#define WEIR_RT_TASK_RESTORE_H

#include "worker.h"

// TASKS, which were just made for K, or kept, are restored together from now on. Each is taken up (task_take_up) as soon as its stores are there.
void task_restore_begin(struct worker *k, struct task **tasks, size_t count);
// A slice of each. False: the run cannot go on, it was reported and K's exit is set.
bool task_restore_step(struct worker *k);
// All that is left, at once; false as above.
bool task_restore_all(struct worker *k);
// Whether TASK is being restored; whether any task with STORE is.
bool task_restore_has(const struct worker *k, struct broker_task task);
bool task_restore_has_store(const struct worker *k, int store);
// TASK is no longer restored, if it was: it is kept (task_kept.h), if its disk was through.
void task_restore_drop(struct worker *k, struct broker_task task);
// All of them. KEEP: as above, else they are gone.
void task_restore_drop_all(struct worker *k, bool keep);
// As task_swap_all.
void task_restore_swap(struct worker *k);
// The changelog of S no longer reaches back to what the disk has: all of it counts, and nothing else. False: reported, the worker's exit is set.
bool task_restore_anew(struct store *s);

#endif
