// Who observes time: each store, of a windowed cogroup each of its inputs, and timers of stream time (the first of a task for all of it: as if they were
// inputs of one store more). They are numbered through the program, and have names that stay the same: the store's, for the further inputs of a cogroup
// with `/INPUT` behind it; the timer's, with its sub-topology behind it.
#ifndef WEIR_RT_OBSERVERS_H
#define WEIR_RT_OBSERVERS_H

#include "weir_program.h"

enum { OBSERVER_NAME = 280 }; // room: a topic's name and a number

static inline int observers_of(const struct weir_store *store)
{
    return store->inputs > 0 ? store->inputs : 1;
}

// The number of INPUT of STORE.
static inline int observer_number(const struct weir_program *p, int store, int input)
{
    int number = input;
    for (int s = 0; s < store; s++)
        number += observers_of(&p->stores[s]);
    return number;
}

static inline int observer_count(const struct weir_program *p)
{
    return observer_number(p, p->store_count, p->timer_count);
}

static inline int observer_subtopology(const struct weir_program *p, int store, int input)
{
    return store < p->store_count ? p->stores[store].subtopology : p->timers[input].subtopology;
}

void observer_name(const struct weir_program *p, int number, char name[OBSERVER_NAME]);
// The number of the one of that NAME; -1: P has none.
int observer_find(const struct weir_program *p, struct weir_str name);

#endif
