#include "verify.h"
#include "verify_programs.h"

extern const struct weir_program sim_echo, sim_lowest, sim_sums, sim_windows, sim_brief, sim_closed, sim_regrouped,
    sim_sessions, sim_picky, sim_pairs, sim_outer, sim_alone, sim_lookups, sim_journal;

const struct sim_program sim_programs[] = {
    {.program = &sim_echo, .verify = verify_echo, .stateless = true},
    {.program = &sim_lowest, .verify = verify_lowest},
    {.program = &sim_sums, .verify = verify_sums},
    {.program = &sim_windows, .verify = verify_windows},
    {.program = &sim_brief, .verify = verify_windows, .only_exactly_once = true},
    {.program = &sim_closed, .verify = verify_closed},
    {.program = &sim_regrouped, .verify = verify_regrouped},
    {.program = &sim_sessions, .verify = verify_sessions},
    {.program = &sim_picky, .verify = verify_picky, .only_exactly_once = true, .uncached = true},
    {.program = &sim_pairs, .verify = verify_pairs, .two_inputs = true},
    {.program = &sim_outer, .verify = verify_outer, .two_inputs = true, .many_keys = true, .last_ones = true},
    {.program = &sim_alone, .verify = verify_alone, .two_inputs = true, .many_keys = true, .last_ones = true},
    {.program = &sim_lookups, .verify = verify_lookups, .two_inputs = true, .tombstones = true},
    {.program = &sim_journal, .verify = verify_journal},
};
const int sim_program_count = sizeof sim_programs / sizeof *sim_programs;
