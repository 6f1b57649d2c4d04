// Copies of the state of other instances' tasks, on disk: what comes to their changelogs is put into stores, as when a task is restored, and saved when that
// is worth it; then it leaves memory. What the disk has is not loaded.
#ifndef WEIR_RT_COPIES_H
#define WEIR_RT_COPIES_H

#include "worker.h"

struct copy;

struct copies {
    struct worker k; // whose they are; it never polls. Its exit says that something failed, which was reported
    struct counters counters;
    struct copy *all;
    size_t count;
    int64_t records, since; // read, and since when (monotonic ms), since the last copy was opened
    bool told;              // that they are up to date
};

void copies_init(struct copies *c, const struct weir_program *program, const struct settings *settings,
                 struct broker *broker, struct disk_shared *disks);
void copies_free(struct copies *c); // with none open

// Its place; COUNT: there is none.
size_t copies_find(const struct copies *c, struct broker_task task);
// If the program keeps anything for it, on disk and in a changelog. There is none yet.
void copies_open(struct copies *c, struct broker_task task);
struct broker_task copies_task(const struct copies *c, size_t at);
// Saves it, if that is worth it, and unless something failed.
void copies_close(struct copies *c, size_t at);
void copies_close_all(struct copies *c);
// What has come since; ends early when somebody calls (broker.h).
void copies_read(struct copies *c);
void copies_swap(struct copies *c, const struct weir_program *program);

#endif
