// What a worker's state is now, for the metrics.
#ifndef WEIR_RT_FIGURES_H
#define WEIR_RT_FIGURES_H

#include "worker.h"

// By K itself, between two batches; most calls do nothing: they are taken once a second.
void figures_take(struct worker *k);

#endif
