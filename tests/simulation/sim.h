// What everything in a simulation shares: one thread, one generator of random numbers, one clock. The same seed gives the same run.
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim {
    uint64_t seed, state; // of random numbers
    int64_t now;          // ms, of every clock that the runtime reads
    bool faults;          // calls answer that they went wrong
    bool traced;          // what happens is told
    bool told_at_once;    // on standard output, all of it
};
extern struct sim sim;

uint64_t sim_random(void);
uint32_t sim_below(uint32_t n); // 0 to N - 1
bool sim_chance(uint32_t percent);

// A line of the schedule; the last ones are shown when the run fails.
void sim_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define sim_trace(...)             \
    do {                           \
        if (sim.traced)            \
            sim_tell(__VA_ARGS__); \
    } while (0)
// Bytes, readable; TO has SIM_SHOWN bytes.
enum { SIM_SHOWN = 80 };
const char *sim_shown(char to[SIM_SHOWN], const char *bytes, size_t n);
// An invariant does not hold: the seed, why, and the schedule are shown, and the process ends.
void sim_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
