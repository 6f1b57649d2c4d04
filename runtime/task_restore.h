// Brings the stores of a task that was just made to where their changelogs are: first what the disk has, then the changelog from there on.
#ifndef WEIR_RT_TASK_RESTORE_H
#define WEIR_RT_TASK_RESTORE_H

#include "worker.h"

// Before the task's first record. False: reported, the worker's exit is set.
bool task_restore(struct task *t);

#endif
