// `weir emit --stage topology`: sub-topologies, what leads where, and every topic.
#include <string.h>

#include "base/writer.h"
#include "plan/label.h"
#include "plan/store_show.h"

struct dump {
    struct writer *out;
    struct arena *arena;
    const struct topology *topology;
};

static void put_links(struct dump *d, const struct stage *stage, bool far_side)
{
    writer_puts(d->out, "    ");
    for (int i = 0; !far_side && i < stage->inputs.count; i++)
        writer_printf(d->out, "%s#%d", i ? ", " : "<- ", stage->inputs.items[i]->id);
    for (int i = 0; i < stage->outputs.count; i++)
        writer_printf(d->out, "%s#%d",
                      i                                  ? ", "
                      : !far_side && stage->inputs.count ? "  -> "
                                                         : "-> ",
                      stage->outputs.items[i]->id);
    writer_puts(d->out, stage->outputs.count || (!far_side && stage->inputs.count) ? "\n" : "nothing\n");
}

static void put_source(struct dump *d, const struct stage *stage)
{
    const struct flow_source *source = stage->source;
    writer_printf(d->out, "#%d source %s from", stage->id, source->name);
    for (int i = 0; i < source->topics.count; i++)
        writer_printf(d->out, source->topics.items[i].pattern ? "%s/%s/" : "%s\"%s\"", i ? ", " : " ",
                      source->topics.items[i].text);
    writer_printf(d->out, " %s\n", serdes_label(d->arena, source->key, source->value));
    put_links(d, stage, true);
}

static void put_join_stores(struct dump *d, const struct join *join)
{
    struct join_stores s = topology_join_stores(d->arena, join);
    const char *names[] = {s.left, s.right, s.parked, s.waiting};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i])
            writer_printf(d->out, "    store %s\n", names[i]);
}

static void put_block_stores(struct dump *d, const struct process *process)
{
    for (int i = 0; i < process->stores.count; i++) {
        const struct block_store *store = process->stores.items[i];
        writer_printf(d->out, "    store %s%s\n", store->topic_name, store->shared ? ", shared" : "");
    }
}

static void put_stage(struct dump *d, const struct stage *stage)
{
    if (stage->kind == STAGE_SOURCE) {
        put_source(d, stage);
        return;
    }
    writer_printf(d->out, "#%d %s\n", stage->id, stage_label(d->arena, d->topology, stage, 0));
    put_links(d, stage, false);
    if (stage->flow)
        writer_printf(d->out, "    named %s\n", stage->flow);
    if (stage->join)
        put_join_stores(d, stage->join);
    else if (stage->process)
        put_block_stores(d, stage->process);
    else if (topology_store_name(stage))
        writer_printf(d->out, "    store %s\n", topology_store_name(stage));
    if (stage->sink)
        writer_printf(d->out, "    as %s\n", serdes_label(d->arena, stage->sink->key, stage->sink->value));
}

// The far side of a repartition, where its records come in again.
static void put_entry(struct dump *d, const struct stage *stage)
{
    writer_printf(d->out, "#%d from internal \"%s\" %s\n", stage->id, stage->repartition->topic,
                  serdes_label(d->arena, stage->repartition->key, stage->repartition->value));
    put_links(d, stage, true);
    if (stage->flow)
        writer_printf(d->out, "    named %s\n", stage->flow);
}

static void put_exit(struct dump *d, const struct stage *stage)
{
    writer_printf(d->out, "#%d %s\n", stage->id, stage_label(d->arena, d->topology, stage, 0));
    writer_printf(d->out, "    <- #%d  -> \"%s\"\n", stage->inputs.items[0]->id, stage->repartition->topic);
    if (stage->repartition->partitions)
        writer_printf(d->out, "    partitions %d\n", stage->repartition->partitions);
}

static void put_subtopology(struct dump *d, const struct subtopology *sub)
{
    writer_printf(d->out, "\nsub-topology %d\n", sub->id);
    d->out->indent++;
    for (int i = 0; i < sub->stages.count; i++) {
        if (sub->stages.items[i]->kind == STAGE_REPARTITION)
            put_entry(d, sub->stages.items[i]);
        else
            put_stage(d, sub->stages.items[i]);
    }
    const struct program *program = d->topology->program;
    for (int i = 0; i < program->stages.count; i++) {
        const struct stage *stage = program->stages.items[i];
        if (stage->kind == STAGE_REPARTITION && d->topology->subtopology_of[stage->inputs.items[0]->id] == sub->id)
            put_exit(d, stage);
    }
    d->out->indent--;
}

static void internal_topics(struct dump *d, const struct stage *stage, struct topic_list *topics)
{
    if (stage->kind == STAGE_REPARTITION)
        vec_push(d->arena, topics, repartition_topic(d->arena, d->topology->program, stage));
    else
        changelog_topics(d->arena, d->topology->program, stage, topics);
}

static void put_internal_topics(struct dump *d)
{
    const struct program *program = d->topology->program;
    struct topic_list topics = {0};
    for (int i = 0; i < program->stages.count; i++)
        internal_topics(d, program->stages.items[i], &topics);
    for (int i = 0; i < topics.count; i++)
        writer_printf(d->out, "%s    %s\n", i ? "" : "\ninternal topics\n", topics.items[i]);
}

static const char *topic_of(struct dump *d, const struct stage *member)
{
    if (member->repartition)
        return arena_printf(d->arena, "\"%s\"", member->repartition->topic);
    return member->source->name;
}

static void put_copartitions(struct dump *d)
{
    const struct program *program = d->topology->program;
    for (int i = 0; i < program->copartitions.count; i++) {
        const struct copartition *together = &program->copartitions.items[i];
        writer_puts(d->out, i ? "    " : "\nco-partitioned\n    ");
        for (int k = 0; k < together->members.count; k++)
            writer_printf(d->out, "%s%s", k ? ", " : "", topic_of(d, together->members.items[k]));
        writer_printf(d->out, ": #%d\n", together->join->id);
    }
}

void topology_dump(struct writer *out, const struct topology *topology)
{
    struct dump d = {.out = out, .arena = arena_new(), .topology = topology};
    writer_printf(out, "app %s\n", topology->program->app);
    for (int i = 0; i < topology->subtopologies.count; i++)
        put_subtopology(&d, &topology->subtopologies.items[i]);
    put_internal_topics(&d);
    put_copartitions(&d);
    arena_free(d.arena);
}
