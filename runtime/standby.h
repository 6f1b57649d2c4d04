// Copies of the state of other instances' tasks, kept on disk and up to date, so that a task that comes from there begins at once; and the end of state on
// disk that nobody has had a use for. On a thread of its own, for all workers of a process.
#ifndef WEIR_RT_STANDBY_H
#define WEIR_RT_STANDBY_H

#include "worker.h"

struct standby;

// NULL: there is nothing to do, as there are no other instances, or nothing is on disk. All others take that, too. What is given here outlives it.
struct standby *standby_new(const struct weir_program *program, const struct settings *settings, struct broker *broker,
                            struct disk_shared *disks);
// The broker has started.
void standby_start(struct standby *s);
// Saves the copies; before the broker closes.
void standby_stop(struct standby *s);
void standby_free(struct standby *s);

// A worker is to open the disk of a task: when this returns, nobody else has it. Saves and closes the copy, if there is one.
void standby_hand_over(struct standby *s, int subtopology, int32_t partition);
// It has closed it.
void standby_take_back(struct standby *s, int subtopology, int32_t partition);

// Around a change of programs: nothing of the old one is used any more.
void standby_pause(struct standby *s);
void standby_go_on(struct standby *s, const struct weir_program *program);

#endif
