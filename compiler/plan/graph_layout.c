// A layered drawing after Sugiyama: nodes get layers, edges that span several get a place in each, the order within a layer is settled
// by the neighbours' positions, and the y of each place is as near to its neighbours' as the places above and below allow.
#include "plan/graph_layout.h"

#include <string.h>

#include "base/utf8.h"

enum {
    MARGIN = 20,
    COLUMN_GAP = 64,
    ROW_GAP = 20,
    BAND_PADDING = 16,
    BAND_LABEL = 18,
    BAND_GAP = 28,
    BAND_MIN_WIDTH = 120,
    SWEEPS = 12
};

struct builder {
    struct arena *arena;
    const struct graph *graph;
    struct layout *layout;
    VEC(int) * layers; // by band and rank: places from top to bottom
    double *key;       // by place: what a layer is sorted by
};

// ---- sizes ----

static double text_width(const char *text)
{
    int count = 0;
    size_t len = strlen(text);
    for (size_t i = 0; i < len; count++) {
        uint32_t code;
        size_t n = utf8_decode(text + i, len - i, &code);
        i += n ? n : 1;
    }
    return count * (GRAPH_CHAR_WIDTH_100 / 100.0);
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static void measure(struct place *place, const struct graph_node *node)
{
    double width = node->title ? text_width(node->title) * 1.04 : 0;
    int rows = (node->title ? 1 : 0) + (node->detail ? 1 : 0) + node->lines.count;
    if (node->detail)
        width = larger(width, text_width(node->detail));
    for (int i = 0; i < node->lines.count; i++)
        width = larger(width, text_width(node->lines.items[i]));
    place->width = larger(width, 40) + 2 * GRAPH_PADDING;
    place->height = rows * GRAPH_LINE_HEIGHT + GRAPH_PADDING + (node->kind == GRAPH_TOPIC ? 14 : 0);
}

// ---- layers ----

static int rank_of(const struct builder *b, int node)
{
    return b->layout->places.items[node].rank;
}

static bool raise_rank(struct builder *b, int node, int rank)
{
    if (rank_of(b, node) >= rank)
        return false;
    b->layout->places.items[node].rank = rank;
    return true;
}

static bool is_box_of(const struct builder *b, int node, int sub)
{
    return b->graph->nodes.items[node].kind == GRAPH_BOX && b->graph->nodes.items[node].subtopology == sub;
}

// Boxes stand behind what leads to them, and all boxes of a sub-topology behind each topic that it reads.
static void rank_boxes(struct builder *b, int sub)
{
    int first = 1;
    for (int i = 0; i < b->graph->edges.count; i++) {
        const struct graph_edge *e = &b->graph->edges.items[i];
        if (is_box_of(b, e->to, sub) && b->graph->nodes.items[e->from].kind == GRAPH_TOPIC &&
            rank_of(b, e->from) + 1 > first)
            first = rank_of(b, e->from) + 1;
    }
    for (int i = 0; i < b->graph->nodes.count; i++)
        if (is_box_of(b, i, sub))
            raise_rank(b, i, first);
    // Each box is made before what it leads to, so edges within a sub-topology never form a cycle.
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < b->graph->edges.count; i++) {
            const struct graph_edge *e = &b->graph->edges.items[i];
            if (is_box_of(b, e->from, sub) && is_box_of(b, e->to, sub))
                moved |= raise_rank(b, e->to, rank_of(b, e->from) + 1);
        }
    }
}

// Topics that it writes stand behind all boxes; those that only it reads, right before the first.
static void rank_topics(struct builder *b, int sub)
{
    int first = -1, last = 0;
    for (int i = 0; i < b->graph->nodes.count; i++) {
        if (!is_box_of(b, i, sub))
            continue;
        first = first < 0 || rank_of(b, i) < first ? rank_of(b, i) : first;
        last = rank_of(b, i) > last ? rank_of(b, i) : last;
    }
    for (int i = 0; i < b->graph->nodes.count; i++) {
        const struct graph_node *node = &b->graph->nodes.items[i];
        if (node->kind == GRAPH_TOPIC && node->subtopology == sub)
            raise_rank(b, i, node->written ? last + 1 : first - 1);
    }
}

static void add_places(struct builder *b)
{
    for (int i = 0; i < b->graph->nodes.count; i++) {
        struct place place = {.node = i, .band = b->graph->nodes.items[i].band};
        measure(&place, &b->graph->nodes.items[i]);
        vec_push(b->arena, &b->layout->places, place);
    }
    for (int sub = 0; sub < b->layout->band_count; sub++) {
        rank_boxes(b, sub);
        rank_topics(b, sub);
    }
    for (int i = 0; i < b->layout->places.count; i++)
        if (rank_of(b, i) + 1 > b->layout->rank_count)
            b->layout->rank_count = rank_of(b, i) + 1;
}

static void link_places(struct builder *b, int from, int to)
{
    vec_push(b->arena, &b->layout->places.items[from].after, to);
    vec_push(b->arena, &b->layout->places.items[to].before, from);
}

// An edge passes the layers between its ends in the band of its far end.
static void add_route(struct builder *b, const struct graph_edge *edge)
{
    struct route route = {0};
    int at = edge->from;
    vec_push(b->arena, &route.places, at);
    for (int rank = rank_of(b, edge->from) + 1; rank < rank_of(b, edge->to); rank++) {
        struct place pass = {.node = -1, .rank = rank, .band = b->layout->places.items[edge->to].band, .height = 4};
        vec_push(b->arena, &b->layout->places, pass);
        int next = b->layout->places.count - 1;
        link_places(b, at, next);
        vec_push(b->arena, &route.places, next);
        at = next;
    }
    link_places(b, at, edge->to);
    vec_push(b->arena, &route.places, edge->to);
    vec_push(b->arena, &b->layout->routes, route);
}

static void fill_layers(struct builder *b)
{
    size_t count = (size_t)b->layout->band_count * (size_t)b->layout->rank_count;
    b->layers = arena_alloc(b->arena, sizeof *b->layers * (count + 1));
    b->key = arena_alloc(b->arena, sizeof *b->key * ((size_t)b->layout->places.count + 1));
    for (int i = 0; i < b->layout->places.count; i++) {
        const struct place *place = &b->layout->places.items[i];
        vec_push(b->arena, &b->layers[place->band * b->layout->rank_count + place->rank], i);
    }
}

// ---- order within a layer ----

static double centre(const struct builder *b, int place)
{
    return b->layout->places.items[place].y + b->layout->places.items[place].height / 2;
}

static void add_centres(const struct builder *b, const struct place *place, const int *neighbours, int neighbour_count,
                        double *sum, int *count)
{
    for (int i = 0; i < neighbour_count; i++)
        if (b->layout->places.items[neighbours[i]].band == place->band) {
            *sum += centre(b, neighbours[i]);
            (*count)++;
        }
}

// The mean of the neighbours in the same band, or the place's own centre where it has none.
static double pull(const struct builder *b, int at, bool before, bool after)
{
    const struct place *place = &b->layout->places.items[at];
    double sum = 0;
    int count = 0;
    if (before)
        add_centres(b, place, place->before.items, place->before.count, &sum, &count);
    if (after)
        add_centres(b, place, place->after.items, place->after.count, &sum, &count);
    return count ? sum / count : centre(b, at);
}

static void stack(struct builder *b, int layer)
{
    double y = 0;
    for (int i = 0; i < b->layers[layer].count; i++) {
        struct place *place = &b->layout->places.items[b->layers[layer].items[i]];
        place->y = y;
        y += place->height + ROW_GAP;
    }
}

static void order_layer(struct builder *b, int layer, bool from_left)
{
    int count = b->layers[layer].count, *items = b->layers[layer].items;
    for (int i = 0; i < count; i++)
        b->key[items[i]] = pull(b, items[i], from_left, !from_left);
    // Insertion sort: stable, so that what is equal stays in the program's order.
    for (int i = 1; i < count; i++)
        for (int k = i; k > 0 && b->key[items[k]] < b->key[items[k - 1]]; k--) {
            int other = items[k];
            items[k] = items[k - 1];
            items[k - 1] = other;
        }
    stack(b, layer);
}

static void order_band(struct builder *b, int band)
{
    int ranks = b->layout->rank_count, base = band * ranks;
    for (int r = 0; r < ranks; r++)
        stack(b, base + r);
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int r = 0; r < ranks; r++)
            order_layer(b, base + (sweep % 2 ? ranks - 1 - r : r), sweep % 2 == 0);
}

// ---- y ----

struct block {
    double sum;  // of where its places would want its top to be
    double size; // from its top to that of the next block
    int count, first;
};

static double top_of(const struct block *block)
{
    return block->sum / block->count;
}

// Each place goes where its neighbours pull it; those that would overlap form blocks, which go where they are pulled on average.
static void settle_layer(struct builder *b, int layer, bool before, bool after)
{
    int count = b->layers[layer].count, *items = b->layers[layer].items, blocks = 0;
    struct block *stacked = arena_alloc(b->arena, sizeof *stacked * ((size_t)count + 1));
    for (int i = 0; i < count; i++) {
        const struct place *place = &b->layout->places.items[items[i]];
        double wanted = pull(b, items[i], before, after) - place->height / 2;
        stacked[blocks++] = (struct block){wanted, place->height + ROW_GAP, 1, i};
        while (blocks > 1 && top_of(&stacked[blocks - 2]) + stacked[blocks - 2].size > top_of(&stacked[blocks - 1])) {
            struct block *above = &stacked[blocks - 2], *below = &stacked[blocks - 1];
            above->sum += below->sum - above->size * below->count;
            above->size += below->size;
            above->count += below->count;
            blocks--;
        }
    }
    for (int k = 0; k < blocks; k++) {
        double y = top_of(&stacked[k]);
        for (int i = stacked[k].first; i < stacked[k].first + stacked[k].count; i++) {
            struct place *place = &b->layout->places.items[items[i]];
            place->y = y;
            y += place->height + ROW_GAP;
        }
    }
}

static void settle_band(struct builder *b, int band)
{
    int ranks = b->layout->rank_count, base = band * ranks;
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int r = 0; r < ranks; r++)
            settle_layer(b, base + (sweep % 2 ? ranks - 1 - r : r), sweep % 2 == 0 || sweep > 2,
                         sweep % 2 == 1 || sweep > 2);
}

// ---- all together ----

static void place_columns(struct builder *b)
{
    double x = MARGIN + BAND_PADDING;
    for (int rank = 0; rank < b->layout->rank_count; rank++) {
        double width = 0;
        for (int i = 0; i < b->layout->places.count; i++)
            if (b->layout->places.items[i].rank == rank)
                width = larger(width, b->layout->places.items[i].width);
        for (int i = 0; i < b->layout->places.count; i++) {
            struct place *place = &b->layout->places.items[i];
            if (place->rank != rank)
                continue;
            // Boxes begin with their column; topics and passing edges stand in its middle.
            bool box = place->node >= 0 && b->graph->nodes.items[place->node].kind == GRAPH_BOX;
            place->x = box ? x : x + (width - place->width) / 2;
        }
        x += width + COLUMN_GAP;
    }
    b->layout->width = x - COLUMN_GAP + BAND_PADDING + MARGIN;
}

static void move_band(struct builder *b, int band, double *y)
{
    double top = 0, bottom = 0;
    bool any = false;
    for (int i = 0; i < b->layout->places.count; i++) {
        const struct place *place = &b->layout->places.items[i];
        if (place->band != band)
            continue;
        top = any && top < place->y ? top : place->y;
        bottom = any && bottom > place->y + place->height ? bottom : place->y + place->height;
        any = true;
    }
    double shift = *y + BAND_LABEL + BAND_PADDING - top;
    for (int i = 0; i < b->layout->places.count; i++)
        if (b->layout->places.items[i].band == band)
            b->layout->places.items[i].y += shift;
    *y = bottom + shift + BAND_PADDING + BAND_GAP;
}

static void frame_band(struct builder *b, int band)
{
    struct band *frame = &b->layout->bands[band];
    bool any = false;
    for (int i = 0; i < b->graph->nodes.count; i++) {
        const struct place *place = &b->layout->places.items[i];
        if (!is_box_of(b, i, band))
            continue;
        double right = place->x + place->width, bottom = place->y + place->height;
        frame->left = any && frame->left < place->x ? frame->left : place->x;
        frame->top = any && frame->top < place->y ? frame->top : place->y;
        frame->right = any && frame->right > right ? frame->right : right;
        frame->bottom = any && frame->bottom > bottom ? frame->bottom : bottom;
        any = true;
    }
    frame->left -= BAND_PADDING;
    frame->top -= BAND_PADDING + BAND_LABEL;
    frame->right = larger(frame->right + BAND_PADDING, frame->left + BAND_MIN_WIDTH);
    frame->bottom += BAND_PADDING;
}

struct layout *layout_build(const struct graph *graph)
{
    struct builder b = {.arena = graph->arena, .graph = graph, .layout = arena_new_of(graph->arena, struct layout)};
    double y = MARGIN;
    b.layout->band_count = graph->plan->topology->subtopologies.count;
    b.layout->bands = arena_alloc(b.arena, sizeof *b.layout->bands * ((size_t)b.layout->band_count + 1));
    add_places(&b);
    for (int i = 0; i < graph->edges.count; i++)
        add_route(&b, &graph->edges.items[i]);
    fill_layers(&b);
    for (int band = 0; band < b.layout->band_count; band++)
        order_band(&b, band);
    for (int band = 0; band < b.layout->band_count; band++)
        settle_band(&b, band);
    place_columns(&b);
    for (int band = 0; band < b.layout->band_count; band++) {
        move_band(&b, band, &y);
        frame_band(&b, band);
    }
    b.layout->height = b.layout->band_count ? y - BAND_GAP + MARGIN : 2 * MARGIN;
    return b.layout;
}
