// State on disk: RocksDB's place is taken by tables in memory, unless the run wants the real one. Either outlives its instance, as it was at the last save.
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "disk_layout.h"

struct sim_disk {
    bool real;     // RocksDB
    bool always;   // each commit saves
    uint32_t full; // percent of the saves that find the disk full
    uint32_t due;  // percent of the commits that save
    bool failed;   // one did
};
extern struct sim_disk sim_disk;

// What happened to the databases below FOLDER while no process had them open: they are as they were a save or two ago, or gone.
void sim_disk_age(const char *folder);
void sim_disk_lose(const char *folder);
// Forgets all databases.
void sim_disk_free(void);

// Calls FN for the rows with keys from FROM on, in order. False: there is no database at PATH, or it is a real one.
typedef void sim_disk_row_fn(void *arg, struct weir_str key, struct weir_str value);
bool sim_disk_read(const char *path, sim_disk_row_fn *fn, void *arg);

#endif
