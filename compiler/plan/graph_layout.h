// Where the nodes of a drawing go: layers from left to right, a band for each sub-topology.
#ifndef WEIR_PLAN_GRAPH_LAYOUT_H
#define WEIR_PLAN_GRAPH_LAYOUT_H

#include "plan/graph.h"

// A node, or a place where an edge passes a layer that it has no node in.
struct place {
    int node; // index, or -1: an edge passes
    int rank; // layer, from 0
    int band;
    double x, y; // top left
    double width, height;
    VEC(int) before, after; // places that edges lead from and to
};

// An edge as the places that it goes through.
struct route {
    VEC(int) places;
};

struct band {
    double left, top, right, bottom; // around the boxes of a sub-topology
};

struct layout {
    VEC(struct place) places; // those of the nodes first, in their order
    VEC(struct route) routes; // one for each edge
    struct band *bands;       // by sub-topology
    int rank_count, band_count;
    double width, height;
};

enum { GRAPH_CHAR_WIDTH_100 = 722, GRAPH_LINE_HEIGHT = 18, GRAPH_PADDING = 12 };

struct layout *layout_build(const struct graph *graph);

#endif
