#include "plan/graph.h"

#include <string.h>

#include "plan/label.h"
#include "plan/store_show.h"

enum { LINE_MAX = 56 };

struct model {
    struct graph *graph;
    int *box_of; // by stage id: the box that its records leave
};

static struct graph_node *node_at(struct model *m, int i)
{
    return &m->graph->nodes.items[i];
}

static int add_node(struct model *m, struct graph_node node)
{
    node.band = node.subtopology;
    vec_push(m->graph->arena, &m->graph->nodes, node);
    return m->graph->nodes.count - 1;
}

static void add_edge(struct model *m, int from, int to)
{
    for (int i = 0; i < m->graph->edges.count; i++)
        if (m->graph->edges.items[i].from == from && m->graph->edges.items[i].to == to)
            return;
    struct graph_edge edge = {from, to};
    vec_push(m->graph->arena, &m->graph->edges, edge);
}

static const char *label(struct model *m, const struct stage *stage)
{
    return stage_label(m->graph->arena, m->graph->plan->topology, stage, LINE_MAX);
}

// ---- topics ----

// A topic is drawn once, so that a chain of flows is seen as one; but behind what reads it, it is drawn again: no arrow points back.
static int find_topic(struct model *m, const char *title, int sub, bool writes)
{
    for (int i = 0; i < m->graph->nodes.count; i++) {
        const struct graph_node *node = node_at(m, i);
        if (node->kind != GRAPH_TOPIC || strcmp(node->title, title) != 0)
            continue;
        if (node->written ? writes || node->subtopology < sub : !writes && node->subtopology == sub)
            return i;
    }
    return -1;
}

static int topic_node(struct model *m, const char *title, int sub, bool writes)
{
    int found = find_topic(m, title, sub, writes);
    if (found >= 0)
        return found;
    return add_node(m, (struct graph_node){.kind = GRAPH_TOPIC, .subtopology = sub, .title = title, .written = writes});
}

static int sub_of(const struct model *m, const struct stage *stage)
{
    return m->graph->plan->topology->subtopology_of[stage->id];
}

// ---- boxes ----

static int new_box(struct model *m, int sub)
{
    return add_node(m, (struct graph_node){.kind = GRAPH_BOX, .subtopology = sub, .open = true});
}

// The box of the stage's only input, if the stage is its only output; else one of its own.
static int box_behind(struct model *m, const struct stage *stage, int sub)
{
    const struct stage *in = stage->inputs.items[0];
    int box = m->box_of[in->id];
    if (stage->inputs.count == 1 && in->outputs.count == 1 && node_at(m, box)->open)
        return box;
    int own = new_box(m, sub);
    for (int i = 0; i < stage->inputs.count; i++)
        add_edge(m, m->box_of[stage->inputs.items[i]->id], own);
    return own;
}

static void add_line(struct model *m, int box, const char *line)
{
    vec_push(m->graph->arena, &node_at(m, box)->lines, line);
}

static void add_stores(struct model *m, const struct stage *stage, int box)
{
    for (int i = 0; i < m->graph->plan->stores.count; i++) {
        const struct plan_store *store = m->graph->plan->stores.items[i];
        if (store->stage == stage)
            add_line(m, box, arena_printf(m->graph->arena, "[%s]", store_short(m->graph->arena, store)));
    }
}

static void close_box(struct model *m, int box, const char *flow)
{
    node_at(m, box)->title = flow;
    node_at(m, box)->open = false;
}

static void add_source(struct model *m, const struct stage *stage)
{
    const struct flow_source *source = stage->source;
    int sub = sub_of(m, stage), box = new_box(m, sub);
    close_box(m, box, source->name);
    node_at(m, box)->detail = serdes_label(m->graph->arena, source->key, source->value);
    for (int i = 0; i < source->topics.count; i++) {
        const struct ast_topic *topic = &source->topics.items[i];
        int node = topic_node(m, topic->pattern ? arena_printf(m->graph->arena, "/%s/", topic->text) : topic->text, sub,
                              false);
        node_at(m, node)->chosen = topic->pattern;
        add_edge(m, node, box);
    }
    add_stores(m, stage, box);
    m->box_of[stage->id] = box;
}

static void add_sink(struct model *m, const struct stage *stage)
{
    const char *title = stage->sink->topic ? stage->sink->topic : label(m, stage);
    int topic = topic_node(m, title, sub_of(m, stage), true);
    node_at(m, topic)->chosen = stage->sink->topic == NULL;
    add_edge(m, m->box_of[stage->inputs.items[0]->id], topic);
}

static void add_repartition(struct model *m, const struct stage *stage)
{
    int near = box_behind(m, stage, sub_of(m, stage->inputs.items[0]));
    int topic = topic_node(m, stage->repartition->topic, node_at(m, near)->subtopology, true);
    node_at(m, topic)->internal = true;
    add_line(m, near, label(m, stage));
    node_at(m, near)->open = false;
    add_edge(m, near, topic);
    int far = new_box(m, sub_of(m, stage));
    if (stage->flow)
        close_box(m, far, stage->flow);
    node_at(m, topic)->band = node_at(m, far)->subtopology;
    add_edge(m, topic, far);
    m->box_of[stage->id] = far;
}

// The box of a branch has its name above the condition.
static const char *line_of(struct model *m, const struct stage *stage)
{
    const char *text = label(m, stage), *colon = strstr(text, ": ");
    return stage->kind == STAGE_BRANCH && stage->flow && colon ? colon + 2 : text;
}

static void add_stage(struct model *m, const struct stage *stage)
{
    int box = box_behind(m, stage, sub_of(m, stage));
    if (!stage_is_implied(stage))
        add_line(m, box, line_of(m, stage));
    add_stores(m, stage, box);
    if (stage->flow)
        close_box(m, box, stage->flow);
    m->box_of[stage->id] = box;
}

struct graph *graph_build(struct arena *arena, const struct plan *plan)
{
    struct graph *graph = arena_new_of(arena, struct graph);
    const struct program *program = plan->program;
    struct model m = {graph, arena_alloc(arena, sizeof *m.box_of * ((size_t)program->stages.count + 1))};
    graph->arena = arena;
    graph->plan = plan;
    for (int i = 0; i < program->stages.count; i++) {
        const struct stage *stage = program->stages.items[i];
        switch (stage->kind) {
        case STAGE_SOURCE: add_source(&m, stage); break;
        case STAGE_SINK: add_sink(&m, stage); break;
        case STAGE_REPARTITION: add_repartition(&m, stage); break;
        default: add_stage(&m, stage); break;
        }
    }
    for (int i = 0; i < graph->nodes.count; i++)
        if (!graph->nodes.items[i].title && graph->nodes.items[i].lines.count == 0)
            graph->nodes.items[i].detail = "as they come";
    return graph;
}

void graph_draw(struct writer *out, const struct plan *plan, enum graph_format format)
{
    struct arena *arena = arena_new();
    switch (format) {
    case GRAPH_TEXT: graph_draw_text(out, arena, plan); break;
    case GRAPH_DOT: graph_draw_dot(out, graph_build(arena, plan)); break;
    case GRAPH_MERMAID: graph_draw_mermaid(out, graph_build(arena, plan)); break;
    case GRAPH_SVG: graph_draw_svg(out, graph_build(arena, plan)); break;
    }
    arena_free(arena);
}
