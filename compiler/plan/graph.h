// What a drawing of the topology shows: topics, and boxes of stages that follow one another. Dot, Mermaid and SVG write it down.
#ifndef WEIR_PLAN_GRAPH_H
#define WEIR_PLAN_GRAPH_H

#include "base/writer.h"
#include "plan/plan.h"

enum graph_node_kind { GRAPH_TOPIC, GRAPH_BOX };

struct graph_node {
    enum graph_node_kind kind;
    int subtopology;         // BOX: its own; TOPIC: the first that writes it, or else reads it
    int band;                // the sub-topology that it is drawn beside: of an internal topic the one that reads it
    const char *title;       // the topic; the flow that ends in this box, or NULL
    const char *detail;      // a source's serdes, or NULL
    VEC(const char *) lines; // stages
    bool open;               // BOX: the next stage may still join
    bool internal;           // TOPIC: of a repartition
    bool chosen;             // TOPIC: several, by pattern or by record
    bool written;            // TOPIC: by one of the sub-topologies
};

struct graph_edge {
    int from, to;
};

struct graph {
    struct arena *arena;
    const struct plan *plan;
    VEC(struct graph_node) nodes;
    VEC(struct graph_edge) edges;
};

struct graph *graph_build(struct arena *arena, const struct plan *plan);

void graph_draw_text(struct writer *out, struct arena *arena, const struct plan *plan);
void graph_draw_dot(struct writer *out, const struct graph *graph);
void graph_draw_mermaid(struct writer *out, const struct graph *graph);
void graph_draw_svg(struct writer *out, const struct graph *graph);

#endif
