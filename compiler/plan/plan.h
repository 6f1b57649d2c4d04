// How it runs: which function each stage is fused into, what is decoded, which values are kept. The emitter writes the plan down and decides nothing.
#ifndef WEIR_PLAN_PLAN_H
#define WEIR_PLAN_PLAN_H

#include "plan/topology.h"

// Which parts of a value are read. A tree along the type: record fields, through optionals and list elements.
struct uses {
    bool used;  // read at all
    bool whole; // as a whole (encoded, compared, passed to a function): everything below is used
    struct uses **
        fields; // RECORD: by field; UNION: by case; LIST, MAP, OPTIONAL: [0] their element. NULL where nothing below is used
};

// Where records come in: a source, or the far side of a repartition topic.
struct plan_source {
    int index;
    const char *name;    // of the source or repartition; C-safe, unique
    struct stage *stage; // SOURCE or REPARTITION
    const struct serde *key, *value;
    const struct uses *value_uses; // what of the value is decoded; !used: only checked
    bool key_decoded;              // else its bytes pass as they are
    int subtopology;
    struct plan_function *function;
};

struct plan_sink {
    int index;
    const char *name;    // C-safe, unique
    struct stage *stage; // SINK or REPARTITION (its near side)
    const struct serde *key, *value;
    struct plan_source
        *raw_key;  // not NULL: the key's bytes are those of the record that came in (there, or at a like source)
    bool internal; // a repartition topic
};

// One C function: a root and all that is fused below it, in the order of the program. Called per record by the runtime (source),
// or by the functions of its inputs (a merge: written once, called from each).
struct plan_function {
    int index;
    const char *name;
    struct stage *root;         // SOURCE, REPARTITION or MERGE
    struct plan_source *source; // NULL for a merge
    VEC(struct var *) params;   // of a merge: what its stages read of what came before (key, value, lets)
    bool sees_tombstones;       // the tombstone path below the root does something (reaches a sink, log or tap)
    bool needs_key;             // a stage below reads or re-encodes the key
};

// A named flow that a test looks at (only with plan_options.tests).
struct plan_tap {
    int index;
    struct stage *stage;
};

// What must be generated for a type.
struct plan_type {
    const struct type *type;
    bool defined;                   // its struct is needed
    bool decoded_whole;             // a decoder of all its fields
    bool encoded, compared, hashed; // JSON encoder; order and equality; hash
    bool csv_decoded, csv_encoded;
};

// Pruning rewrites the program's expressions: an item of a TEXPR_RECORD that nobody reads becomes NULL (its member stays zero).
struct plan {
    struct topology *topology;
    struct program *program;
    VEC(struct plan_source *) sources;
    VEC(struct plan_sink *) sinks;
    VEC(struct plan_function *) functions; // callees before callers
    VEC(struct plan_tap) taps;
    VEC(struct plan_type) types;        // needed types, elements before what holds them
    const bool *var_used;               // by var id: a let, or a map's value, that nobody reads is not computed
    const struct uses *const *var_uses; // by var id: what is read of it; NULL: nothing
    struct plan_function *const
        *function_of; // by stage id: the function its code is in (a MERGE, and the far side of a REPARTITION:
                      // the one it is the root of). NULL: dead, nothing below it does anything
    bool tests;       // tests and taps are emitted
};

struct plan_options {
    bool tests; // for `weir test`: plan taps and tests
};

struct plan *plan_build(struct arena *arena, struct topology *topology, struct plan_options options);
void plan_dump(struct writer *out, const struct plan *plan);

#endif
