// Mermaid, as GitHub shows it.
#include <string.h>

#include "plan/graph.h"

// Mermaid reads HTML and its own marks in labels: what could be either is written as an entity.
static void put_escaped(struct writer *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\"#&<>`|[]{}()\\*_~", *text))
            writer_printf(out, "#%d;", *text);
        else
            writer_put(out, text, 1);
    }
}

static void put_box(struct writer *out, const struct graph_node *node, int i)
{
    bool first = true;
    writer_printf(out, "n%d[\"", i);
    if (node->title) {
        writer_puts(out, "<b>");
        put_escaped(out, node->title);
        writer_puts(out, "</b>");
        first = false;
    }
    if (node->detail) {
        writer_puts(out, first ? "" : "<br/>");
        put_escaped(out, node->detail);
        first = false;
    }
    for (int k = 0; k < node->lines.count; k++) {
        writer_puts(out, first ? "" : "<br/>");
        put_escaped(out, node->lines.items[k]);
        first = false;
    }
    writer_puts(out, first ? " \"]\n" : "\"]\n");
}

static void put_subgraph(struct writer *out, const struct graph *graph, int sub)
{
    writer_printf(out, "subgraph s%d [\"sub-topology %d\"]\n", sub, sub);
    out->indent++;
    for (int i = 0; i < graph->nodes.count; i++)
        if (graph->nodes.items[i].kind == GRAPH_BOX && graph->nodes.items[i].subtopology == sub)
            put_box(out, &graph->nodes.items[i], i);
    out->indent--;
    writer_puts(out, "end\n");
}

void graph_draw_mermaid(struct writer *out, const struct graph *graph)
{
    writer_puts(out, "flowchart LR\n");
    out->indent++;
    for (int i = 0; i < graph->nodes.count; i++) {
        if (graph->nodes.items[i].kind != GRAPH_TOPIC)
            continue;
        writer_printf(out, "n%d[(\"", i);
        put_escaped(out, graph->nodes.items[i].title);
        writer_puts(out, "\")]\n");
    }
    for (int i = 0; i < graph->plan->topology->subtopologies.count; i++)
        put_subgraph(out, graph, i);
    for (int i = 0; i < graph->edges.count; i++)
        writer_printf(out, "n%d --> n%d\n", graph->edges.items[i].from, graph->edges.items[i].to);
    out->indent--;
}
