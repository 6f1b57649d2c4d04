// One run of a program, from its seed.
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include <stdint.h>

struct run_options {
    const char *program; // NULL: as the seed says
    const char *folder;  // for state
};

struct run_totals {
    unsigned long long points, kills, rebalances, beside, early, ahead;
};
extern struct run_totals run_totals;

// Fails the process if what comes of it is wrong.
void run_seed(uint64_t seed, const struct run_options *options);

#endif
