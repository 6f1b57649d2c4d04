// For a terminal: each source with what comes of it, as a tree. A stage that has one follower stands above it; where a flow forks, the
// branches go to the right.
#include <string.h>

#include "plan/graph.h"
#include "plan/label.h"
#include "plan/store_show.h"

struct tree {
    struct writer *out;
    struct arena *arena;
    const struct plan *plan;
    bool *drawn; // by stage id: what has several inputs is drawn where the first of its inputs leads to it
};

static void put_below(struct tree *t, const struct stage *stage, const char *margin);

static const char *internal_name(struct tree *t, const struct stage *stage)
{
    return arena_printf(t->arena, "%s-%s", t->plan->program->app, stage->repartition->topic);
}

static void put_stores_of(struct tree *t, const struct stage *stage)
{
    const char *stores = stores_of(t->arena, t->plan, stage);
    if (stores)
        writer_printf(t->out, "  %s", stores);
}

static void put_stage(struct tree *t, const struct stage *stage, const char *first, const char *margin)
{
    const char *label = stage_label(t->arena, t->plan->topology, stage, 0);
    writer_printf(t->out, "%s%s", first, label);
    if (stage->inputs.count > 1 && t->drawn[stage->id]) {
        writer_puts(t->out, "  (above)\n");
        return;
    }
    t->drawn[stage->id] = true;
    if (stage->flow && stage->kind != STAGE_BRANCH)
        writer_printf(t->out, "  = %s", stage->flow);
    if (stage->kind == STAGE_REPARTITION)
        writer_printf(t->out, "  ⇒ \"%s\"", internal_name(t, stage));
    put_stores_of(t, stage);
    writer_puts(t->out, "\n");
    if (stage->kind != STAGE_REPARTITION)
        put_below(t, stage, margin);
}

struct stages {
    VEC(const struct stage *) list;
};

// What is drawn below STAGE: instead of what is not drawn, what is below that.
static void find_below(struct tree *t, const struct stage *stage, struct stages *below)
{
    for (int i = 0; i < stage->outputs.count; i++) {
        const struct stage *next = stage->outputs.items[i];
        if (stage_is_implied(next))
            find_below(t, next, below);
        else
            vec_push(t->arena, &below->list, next);
    }
}

static void put_below(struct tree *t, const struct stage *stage, const char *margin)
{
    struct stages below = {0};
    find_below(t, stage, &below);
    for (int i = 0; i < below.list.count; i++) {
        const struct stage *next = below.list.items[i];
        bool last = i + 1 == below.list.count;
        if (below.list.count == 1)
            put_stage(t, next, margin, margin);
        else
            put_stage(t, next, arena_printf(t->arena, "%s%s ", margin, last ? "└─" : "├─"),
                      arena_printf(t->arena, "%s%s  ", margin, last ? " " : "│"));
    }
}

static void put_root(struct tree *t, const struct stage *stage)
{
    if (stage->kind == STAGE_REPARTITION) {
        writer_printf(t->out, "⇒ \"%s\"", internal_name(t, stage));
        if (stage->flow)
            writer_printf(t->out, "  = %s", stage->flow);
        writer_printf(t->out, "  (%s)\n", serdes_label(t->arena, stage->repartition->key, stage->repartition->value));
    } else {
        const struct flow_source *source = stage->source;
        writer_printf(t->out, "%s from", source->name);
        for (int i = 0; i < source->topics.count; i++)
            writer_printf(t->out, source->topics.items[i].pattern ? "%s/%s/" : "%s\"%s\"", i ? ", " : " ",
                          source->topics.items[i].text);
        writer_printf(t->out, "  (%s)", serdes_label(t->arena, source->key, source->value));
        put_stores_of(t, stage);
        writer_puts(t->out, "\n");
    }
    put_below(t, stage, "  ");
}

static void put_stores(struct tree *t)
{
    for (int i = 0; i < t->plan->stores.count; i++) {
        const struct plan_store *store = t->plan->stores.items[i];
        writer_printf(t->out, "%s  %s: %s\n", i ? "" : "\nstate\n", store->name, store_rows(t->arena, store));
        writer_printf(t->out, "    %s; changelog %s\n", store_memory(t->arena, store),
                      store_changelog(t->arena, t->plan->program, store));
    }
}

void graph_draw_text(struct writer *out, struct arena *arena, const struct plan *plan)
{
    const struct topology *topology = plan->topology;
    struct tree t = {out, arena, plan, arena_alloc(arena, (size_t)topology->program->stages.count + 1)};
    writer_printf(out, "%s\n", topology->program->app);
    for (int i = 0; i < topology->subtopologies.count; i++) {
        const struct subtopology *sub = &topology->subtopologies.items[i];
        if (topology->subtopologies.count > 1)
            writer_printf(out, "\nsub-topology %d\n", sub->id);
        for (int k = 0; k < sub->stages.count; k++) {
            const struct stage *stage = sub->stages.items[k];
            if (stage->kind != STAGE_SOURCE && stage->kind != STAGE_REPARTITION)
                continue;
            writer_puts(out, "\n");
            put_root(&t, stage);
        }
    }
    put_stores(&t);
}
