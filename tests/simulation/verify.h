// What must come of the input, computed anew from the logs of the cluster as a reader of committed records sees them.
#ifndef SIM_VERIFY_H
#define SIM_VERIFY_H

#include "weir_program.h"

struct promise {
    bool exactly_once;
    bool cached; // of the changes between two commits only the last goes on
};

struct sim_program {
    const struct weir_program *program;
    void (*verify)(const struct promise *promise);
    bool stateless;
    bool only_exactly_once; // at least once promises nothing that could be verified
    bool uncached;
    bool two_inputs; // "others" besides "numbers"
    bool tombstones; // among them
    bool many_keys;  // rather more than numbers of one
    bool last_ones;  // in the end the number SIM_LAST comes to each partition, a day later: what waits for time goes on
};
enum { SIM_LAST = 1000000 };
// programs.c
extern const struct sim_program sim_programs[];
extern const int sim_program_count;

// verify_state.c: all state on disk is what its changelogs say; the instance of STATE_DIR has saved all of it.
void verify_state(const struct weir_program *program, const char *state_dir);

#endif
