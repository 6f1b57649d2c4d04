// What the runtime asks of the system, answered by the simulation (the linker's --wrap): the time, random numbers, and where its messages go.
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"

int __wrap_clock_gettime(clockid_t clock, struct timespec *t);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
    (void)clock;
    *t = (struct timespec){.tv_sec = sim.now / 1000, .tv_nsec = sim.now % 1000 * 1000000};
    return 0;
}

// Of seeds of hashes: not the schedule's, which must not depend on how many stores there are.
ssize_t __wrap_getrandom(void *to, size_t n, unsigned flags);
ssize_t __wrap_getrandom(void *to, size_t n, unsigned flags)
{
    unsigned char *byte = to;
    (void)flags;
    for (size_t i = 0; i < n; i++)
        byte[i] = (unsigned char)(sim.seed * 31 + i * 17 + 1);
    return (ssize_t)n;
}

// Standard error is the schedule's.
ssize_t __real_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
    if (fd != STDERR_FILENO)
        return __real_write(fd, bytes, n);
    if (sim.traced)
        sim_tell("    %.*s", (int)(n ? n - 1 : 0), (const char *)bytes);
    return (ssize_t)n;
}
