// SVG, drawn by ourselves: it needs nothing but a browser.
#include <string.h>

#include "base/utf8.h"
#include "plan/graph_layout.h"

static void put_escaped(struct writer *out, const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len;) {
        uint32_t code;
        size_t n = utf8_decode(text + i, len - i, &code);
        if (n == 0 || (n == 1 && code < ' '))
            writer_puts(out, "\xEF\xBF\xBD");
        else if (strchr("<>&\"'", text[i]))
            writer_printf(out, "&#%d;", text[i]);
        else
            writer_put(out, text + i, n);
        i += n ? n : 1;
    }
}

static void put_text(struct writer *out, const char *style, double x, double y, const char *text)
{
    writer_printf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", style, x, y);
    put_escaped(out, text);
    writer_puts(out, "</text>\n");
}

static void put_style(struct writer *out)
{
    writer_puts(
        out,
        "<style>\n"
        "text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: "
        "#1f2933; "
        "white-space: pre; }\n"
        ".title { font-weight: bold; }\n"
        ".detail, .sub { fill: #616e7c; }\n"
        ".sub { font-size: 11px; }\n"
        ".topic text, .topic-name { text-anchor: middle; }\n"
        ".page { fill: #ffffff; }\n"
        ".band { fill: #f7f9fb; stroke: #9aa5b1; stroke-dasharray: 5 4; }\n"
        ".box { fill: #e8f1fb; stroke: #4a7fb5; }\n"
        ".cylinder { fill: #fff4d6; stroke: #b58a2c; }\n"
        ".internal { stroke-dasharray: 4 3; }\n"
        ".edge { fill: none; stroke: #52606d; stroke-width: 1.3; marker-end: url(#arrow); }\n"
        "</style>\n"
        "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
        "orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" fill=\"#52606d\"/></marker></defs>\n");
}

static void put_band(struct writer *out, const struct band *band, int sub)
{
    writer_printf(out, "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"8\"/>\n",
                  band->left, band->top, band->right - band->left, band->bottom - band->top);
    writer_printf(out, "<text class=\"sub\" x=\"%.1f\" y=\"%.1f\">sub-topology %d</text>\n", band->left + 10,
                  band->top + 16, sub);
}

static void put_box(struct writer *out, const struct place *place, const struct graph_node *node)
{
    double x = place->x + GRAPH_PADDING, y = place->y + GRAPH_PADDING / 2.0 + 13;
    writer_printf(out, "<rect class=\"box\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"5\"/>\n",
                  place->x, place->y, place->width, place->height);
    if (node->title) {
        put_text(out, "title", x, y, node->title);
        y += GRAPH_LINE_HEIGHT;
    }
    if (node->detail) {
        put_text(out, "detail", x, y, node->detail);
        y += GRAPH_LINE_HEIGHT;
    }
    for (int i = 0; i < node->lines.count; i++, y += GRAPH_LINE_HEIGHT)
        put_text(out, "line", x, y, node->lines.items[i]);
}

static void put_topic(struct writer *out, const struct place *place, const struct graph_node *node)
{
    double ry = 6, top = place->y + ry, bottom = place->y + place->height - ry, rx = place->width / 2;
    const char *style = node->internal || node->chosen ? "cylinder internal" : "cylinder";
    writer_printf(out, "<path class=\"%s\" d=\"M%.1f %.1f V%.1f A%.1f %.1f 0 0 0 %.1f %.1f V%.1f", style, place->x, top,
                  bottom, rx, ry, place->x + place->width, bottom, top);
    writer_printf(out, " A%.1f %.1f 0 0 0 %.1f %.1f A%.1f %.1f 0 0 0 %.1f %.1f\"/>\n", rx, ry, place->x, top, rx, ry,
                  place->x + place->width, top);
    put_text(out, "topic-name", place->x + rx, place->y + place->height / 2 + 8, node->title);
}

// From right side to left side, level at both ends and at each layer that it passes.
static void put_edge(struct writer *out, const struct layout *layout, const struct route *route)
{
    const struct place *at = &layout->places.items[route->places.items[0]];
    double x = at->x + at->width, y = at->y + at->height / 2;
    writer_printf(out, "<path class=\"edge\" d=\"M%.1f %.1f", x, y);
    for (int i = 1; i < route->places.count; i++) {
        const struct place *to = &layout->places.items[route->places.items[i]];
        double to_y = to->y + to->height / 2, bend = (to->x - x) / 2;
        if (bend < 20)
            bend = 20;
        writer_printf(out, " C%.1f %.1f %.1f %.1f %.1f %.1f", x + bend, y, to->x - bend, to_y, to->x, to_y);
        x = to->x + to->width;
        y = to_y;
    }
    writer_puts(out, "\"/>\n");
}

void graph_draw_svg(struct writer *out, const struct graph *graph)
{
    const struct layout *layout = layout_build(graph);
    writer_printf(
        out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">\n",
        layout->width, layout->height, layout->width, layout->height);
    writer_puts(out, "<title>");
    put_escaped(out, graph->plan->topology->program->app);
    writer_puts(out, "</title>\n");
    put_style(out);
    writer_puts(out, "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n");
    for (int i = 0; i < layout->band_count; i++)
        put_band(out, &layout->bands[i], i);
    for (int i = 0; i < layout->routes.count; i++)
        put_edge(out, layout, &layout->routes.items[i]);
    for (int i = 0; i < graph->nodes.count; i++) {
        const struct place *place = &layout->places.items[i];
        if (graph->nodes.items[i].kind == GRAPH_BOX)
            put_box(out, place, &graph->nodes.items[i]);
        else
            put_topic(out, place, &graph->nodes.items[i]);
    }
    writer_puts(out, "</svg>\n");
}
