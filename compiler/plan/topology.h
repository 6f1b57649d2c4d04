// What runs: the graph of stages cut at repartition topics into sub-topologies, with every topic named. As Kafka Streams' Topology.describe().
#ifndef WEIR_PLAN_TOPOLOGY_H
#define WEIR_PLAN_TOPOLOGY_H

#include "base/diag.h"
#include "types/program.h"

struct writer;

// Stages that are connected without passing through a topic run in one task per partition.
struct subtopology {
    int id;                     // in order of the first source
    VEC(struct stage *) stages; // SOURCE, and REPARTITION as the place where its records come in again
};

struct topology {
    struct program *program;
    VEC(struct subtopology) subtopologies;
    const int *subtopology_of;        // by stage id; of a REPARTITION: the one it feeds (its downstream)
    const struct source_set *sources; // the program's text, for what stages are called in dumps and drawings
};

// Inserts nothing into the program's stages but names their internal topics. Flows that end nowhere are warned about by the checker.
struct topology *topology_build(struct arena *arena, struct program *program, struct diag_bag *bag);
// topology_name.c: gives repartition topics and stores their names.
void topology_name(struct arena *arena, struct program *program);
// Of the store that the stage may own; NULL: it owns none.
const char *topology_store_name(const struct stage *stage);
// Of a join of streams, or one that waits; each NULL: it has none such. As Kafka Streams names them of StreamJoined.as, Joined.as.
struct join_stores {
    const char *left, *right, *parked, *waiting;
};
struct join_stores topology_join_stores(struct arena *arena, const struct join *join);
// The named table whose rows are what the stage keeps, as they are or filtered and mapped; NULL: none.
const char *topology_named_table(const struct stage *stage);

void topology_dump(struct writer *out, const struct topology *topology);

#endif
