// Tasks whose partitions were revoked, until the group has said whose they are now: after most rebalances they come back, and go on from what is in memory and
// from where their changelogs ended then. Whatever others have written there meanwhile is restored on top of it, as behind what a disk has.
#ifndef WEIR_RT_TASK_KEPT_H
#define WEIR_RT_TASK_KEPT_H

#include "worker.h"

// T, committed and no longer among K's tasks or restores, is kept, if it has `ends`; else it goes.
void task_kept_add(struct worker *k, struct task *t);
// TASK comes back, and is the caller's. NULL: it was not kept.
struct task *task_kept_take(struct worker *k, struct broker_task task);
// All of them go. SAVE: their disks get what they lack, as of their ends, unless K's exit is set.
void task_kept_drop_all(struct worker *k, bool save);
// As task_swap_all.
void task_kept_swap(struct worker *k);

#endif
