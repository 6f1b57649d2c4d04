// What stages are called in dumps and drawings: what the user wrote, on one line.
#ifndef WEIR_PLAN_LABEL_H
#define WEIR_PLAN_LABEL_H

#include "plan/topology.h"

// "filter amount > 100", "orders", "paid: status == \"paid\"", "to \"big\""; at most MAX characters, 0: all.
const char *stage_label(struct arena *arena, const struct topology *topology, const struct stage *stage, int max);

// A part of what the user wrote as one stage, and not the part that shows it: `group by` is a key, a repartition, and a group.
bool stage_is_implied(const struct stage *stage);

// "string => json Order"
const char *serdes_label(struct arena *arena, const struct serde *key, const struct serde *value);

#endif
