#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LINES = 300, WIDTH = 240 };

struct sim sim;
static char lines[LINES][WIDTH]; // a ring
static unsigned told;

// splitmix64
uint64_t sim_random(void)
{
    uint64_t z = sim.state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint32_t sim_below(uint32_t n)
{
    return (uint32_t)((sim_random() >> 32) * n >> 32);
}

bool sim_chance(uint32_t percent)
{
    return sim_below(100) < percent;
}

void sim_tell(const char *format, ...)
{
    char *line = lines[told++ % LINES];
    int n = snprintf(line, WIDTH, "%7lld ms  ", (long long)sim.now);
    va_list args;
    va_start(args, format);
    vsnprintf(line + n, WIDTH - (size_t)n, format, args);
    va_end(args);
    if (sim.told_at_once)
        printf("%s\n", line);
}

// The run is played again to tell what happened: it costs nothing while all goes well.
static void play_again(void)
{
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)sim.seed);
    fflush(NULL);
    setenv("SIMULATION_SEED", seed, 1);
    execl("/proc/self/exe", "simulation", "--again", (char *)NULL);
}

const char *sim_shown(char to[SIM_SHOWN], const char *bytes, size_t n)
{
    size_t at = 0;
    if (!bytes)
        return "null";
    for (size_t i = 0; i < n && at + 5 < SIM_SHOWN; i++)
        at += (size_t)sprintf(to + at, bytes[i] >= ' ' && bytes[i] < 127 ? "%c" : "\\%02x", (unsigned char)bytes[i]);
    to[at] = 0;
    return to;
}

void sim_fail(const char *format, ...)
{
    if (!sim.traced)
        play_again();
    for (unsigned i = told > LINES ? told - LINES : 0; i < told && !sim.told_at_once; i++)
        printf("%s\n", lines[i % LINES]);
    printf("seed %llu failed: ", (unsigned long long)sim.seed);
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    fflush(NULL);
    _exit(1);
}
