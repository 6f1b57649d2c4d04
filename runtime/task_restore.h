// Brings the stores of tasks that were just made to where their changelogs are: first what the disk has, then the changelogs from there on.
#ifndef WEIR_RT_TASK_RESTORE_H
#define WEIR_RT_TASK_RESTORE_H

#include "worker.h"

// Before their first records; all are of K. A task is `restored` then, or it is no longer K's, or K's exit is set, and it was reported.
void task_restore(struct worker *k, struct task **tasks, size_t count);
// The changelog of S no longer reaches back to what the disk has: all of it counts, and nothing else. False: reported, the worker's exit is set.
bool task_restore_anew(struct store *s);

#endif
