// What each program is to make of its input.
#ifndef SIM_VERIFY_PROGRAMS_H
#define SIM_VERIFY_PROGRAMS_H

#include "verify.h"

typedef void verify_fn(const struct promise *promise);
verify_fn verify_echo, verify_lowest; // verify_simple.c
verify_fn verify_sums, verify_windows, verify_closed, verify_regrouped, verify_sessions, verify_picky,
    verify_journal;                                                 // verify_journals.c
verify_fn verify_pairs, verify_outer, verify_alone, verify_lookups; // verify_joins.c

#endif
