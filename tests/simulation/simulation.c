// Plays runs of programs over a simulated cluster: instances that take steps in any order, and end at any point; then checks what came of it.
//     simulation [--seeds N] [--first SEED] [--seconds N] [--seed SEED] [--program NAME] [--rocksdb] [--trace]
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "folders.h"
#include "memory.h"
#include "run.h"
#include "sim.h"
#include "sim_disk.h"

static void usage(void)
{
    fputs("usage: simulation [--seeds N] [--first SEED] [--seconds N] [--seed SEED] [--program NAME] [--rocksdb] "
          "[--trace]\n",
          stderr);
    exit(2);
}

static void on_crash(int signal)
{
    (void)signal;
    sim_fail("the runtime crashed");
}

struct wish {
    uint64_t first, seeds;
    time_t seconds;
    bool again; // a run that failed in another process
    struct run_options options;
};

static uint64_t number(const char *text)
{
    char *end;
    unsigned long long n = strtoull(text, &end, 10);
    if (!*text || *end)
        usage();
    return n;
}

// A failing run is played again in a new process, which learns of it from the environment.
static void take_again(struct wish *wish)
{
    const char *seed = getenv("SIMULATION_SEED"), *program = getenv("SIMULATION_PROGRAM");
    if (!seed)
        usage();
    wish->first = number(seed);
    wish->seeds = 1;
    wish->again = true;
    wish->options.program = program;
    sim_disk.real = getenv("SIMULATION_ROCKSDB") != NULL;
    sim.traced = true;
}

static struct wish read_options(int argc, char **argv)
{
    static const struct option known[] = {{"seeds", 1, NULL, 'n'}, {"first", 1, NULL, 'f'},   {"seconds", 1, NULL, 't'},
                                          {"seed", 1, NULL, 's'},  {"program", 1, NULL, 'p'}, {"rocksdb", 0, NULL, 'r'},
                                          {"again", 0, NULL, 'a'}, {"trace", 0, NULL, 'v'},   {NULL, 0, NULL, 0}};
    struct wish wish = {.first = 1, .seeds = 1000};
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'n': wish.seeds = number(optarg); break;
        case 'f': wish.first = number(optarg); break;
        case 't':
            wish.seconds = (time_t)number(optarg);
            wish.seeds = UINT64_MAX;
            break;
        case 's':
            wish.first = number(optarg);
            wish.seeds = 1;
            break;
        case 'p':
            wish.options.program = optarg;
            setenv("SIMULATION_PROGRAM", optarg, 1);
            break;
        case 'r':
            sim_disk.real = true;
            setenv("SIMULATION_ROCKSDB", "1", 1);
            break;
        case 'v': sim.traced = sim.told_at_once = true; break;
        case 'a': take_again(&wish); break;
        default: usage();
        }
    }
    return wish;
}

int main(int argc, char **argv)
{
    struct wish wish = read_options(argc, argv);
    char folder[] = "/dev/shm/weir-simulation-XXXXXX";
    time_t began = time(NULL);
    uint64_t seed = wish.first;
    signal(SIGSEGV, on_crash);
    signal(SIGABRT, on_crash);
    if (!mkdtemp(folder)) {
        perror(folder);
        return 1;
    }
    wish.options.folder = folder;
    for (; seed - wish.first < wish.seeds && (!wish.seconds || time(NULL) - began < wish.seconds); seed++)
        run_seed(seed, &wish.options);
    folders_remove(folder);
    if (wish.again) {
        printf("seed %llu failed, but not when it was played again: its run depends on more than its seed\n",
               (unsigned long long)wish.first);
        return 1;
    }
    printf("%llu seeds, %llu points passed, %llu instances killed, %llu rebalances, %llu records taken beside "
           "restores, %llu before all was loaded, %llu beside commits\n",
           (unsigned long long)(seed - wish.first), run_totals.points, run_totals.kills, run_totals.rebalances,
           run_totals.beside, run_totals.early, run_totals.ahead);
    return 0;
}
