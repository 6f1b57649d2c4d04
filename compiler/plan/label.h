// What stages are called in dumps and drawings: what the user wrote, on one line.
#ifndef WEIR_PLAN_LABEL_H
#define WEIR_PLAN_LABEL_H

#include "plan/topology.h"

// "filter amount > 100", "orders", "paid: status == \"paid\"", "to \"big\""; at most MAX characters, 0: all.
const char *stage_label(struct arena *arena, const struct topology *topology, const struct stage *stage, int max);

// "string => json Order"
const char *serdes_label(struct arena *arena, const struct serde *key, const struct serde *value);

#endif
