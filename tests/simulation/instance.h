// An instance of the program: a worker over a client of the cluster, on a stack of its own, so that it can stand still at any point, and end there.
#ifndef SIM_INSTANCE_H
#define SIM_INSTANCE_H

#include <ucontext.h>

#include "copies.h"
#include "sim_broker.h"
#include "store_rocksdb.h"
#include "worker.h"

enum instance_state { INSTANCE_DOWN, INSTANCE_RUNS, INSTANCE_ENDED };

struct instance {
    int id;
    enum instance_state state;
    const char *where; // it stands
    const struct settings *settings;
    const struct weir_program *program;
    struct disk_shared *disks;
    char *state_dir;
    struct settings own; // SETTINGS with its state folder
    struct worker k;
    struct counters *counters;
    struct sim_broker *broker;
    struct copies copies;     // of tasks of others
    struct broker_task *held; // by its worker: those that it has no copies of
    size_t held_count;
    bool handing_over; // a copy is being closed for the worker
    bool stop;         // told to end
    uint32_t asleep;   // how often it does not have its turn
    int producer;      // as of sim_broker_new
    ucontext_t context;
    char *stack;
};

// NAMED: what it had open when it was killed ends when it starts again.
void instance_init(struct instance *in, int id, const struct weir_program *program, const struct settings *settings,
                   struct disk_shared *disks, const char *folder, bool named);
void instance_free(struct instance *in);
void instance_start(struct instance *in);
// To the next point. It may have ended there by itself.
void instance_step(struct instance *in);
// It has ended: it leaves the group.
void instance_end(struct instance *in);
// Its memory is gone; its member stays in the group until it is missed.
void instance_kill(struct instance *in);

// sim_copies.c
void sim_copies_start(struct instance *in);
// SAVE: it ends by itself.
void sim_copies_stop(struct instance *in, bool save);
// One round of what keeps copies.
void sim_copies_step(struct instance *in);

#endif
