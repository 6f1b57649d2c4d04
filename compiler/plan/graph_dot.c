// Graphviz.
#include <string.h>

#include "plan/graph.h"

// Within a quoted label, whose lines are left-aligned.
static void put_escaped(struct writer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            writer_puts(out, "\\");
        writer_put(out, text, 1);
    }
}

static void put_topic(struct writer *out, const struct graph_node *node, int i)
{
    writer_printf(out, "n%d [shape=cylinder, style=\"filled%s\", fillcolor=\"#fff4d6\", label=\"", i,
                  node->internal || node->chosen ? ",dashed" : "");
    put_escaped(out, node->title);
    writer_puts(out, "\"];\n");
}

static void put_box(struct writer *out, const struct graph_node *node, int i)
{
    writer_printf(out, "n%d [label=\"", i);
    if (node->title) {
        put_escaped(out, node->title);
        writer_puts(out, node->lines.count || node->detail ? "\\n" : "");
    }
    if (node->detail) {
        put_escaped(out, node->detail);
        writer_puts(out, "\\l");
    }
    for (int k = 0; k < node->lines.count; k++) {
        put_escaped(out, node->lines.items[k]);
        writer_puts(out, "\\l");
    }
    writer_puts(out, "\"];\n");
}

static void put_cluster(struct writer *out, const struct graph *graph, int sub)
{
    writer_printf(out, "subgraph cluster_%d {\n", sub);
    out->indent++;
    writer_printf(
        out, "label=\"sub-topology %d\"; style=dashed; color=\"#9aa5b1\"; fontname=\"monospace\"; fontsize=10;\n", sub);
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i].kind == GRAPH_BOX && graph->nodes.items[i].subtopology == sub)
            put_box(out, &graph->nodes.items[i], i);
    out->indent--;
    writer_puts(out, "}\n");
}

void graph_draw_dot(struct writer *out, const struct graph *graph)
{
    writer_puts(out, "digraph ");
    writer_json_string(out, graph->plan->topology->program->app, strlen(graph->plan->topology->program->app));
    writer_puts(out, " {\n");
    out->indent++;
    writer_puts(out, "rankdir=LR;\n");
    writer_puts(
        out,
        "node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef4fb\", fontname=\"monospace\", fontsize=10];\n");
    writer_puts(out, "edge [color=\"#52606d\"];\n");
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i].kind == GRAPH_TOPIC)
            put_topic(out, &graph->nodes.items[i], i);
    for (int i = 0; i < graph->plan->topology->subtopologies.count; i++)
        put_cluster(out, graph, i);
    for (int i = 0; i < graph->edges.count; i++)
        writer_printf(out, "n%d -> n%d;\n", graph->edges.items[i].from, graph->edges.items[i].to);
    out->indent--;
    writer_puts(out, "}\n");
}
