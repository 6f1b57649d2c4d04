// Co-partitioning: whether records of one key, from several topics, come to the same task.
#include "types/dump.h"
#include "types/flow_check.h"

bool partitioner_reads_value(const struct partitioner *p)
{
    return p->fn && p->fn->params.count == 3;
}

// ---- how a flow is partitioned: as the topics that it comes from ----

typedef VEC(const struct stage *) origins;

static bool is_origin(const struct stage *stage)
{
    return stage->kind == STAGE_REPARTITION || (stage->kind == STAGE_SOURCE && !stage->source->global);
}

static void find_origins(struct arena *arena, const struct stage *stage, bool *seen, origins *found)
{
    if (seen[stage->id])
        return;
    seen[stage->id] = true;
    if (is_origin(stage))
        vec_push(arena, found, stage);
    for (int i = 0; stage->kind != STAGE_REPARTITION && i < stage->inputs.count; i++)
        find_origins(arena, stage->inputs.items[i], seen, found);
}

static origins origins_of(struct checker *c, const struct stage *stage)
{
    origins found = {0};
    find_origins(c->arena, stage, arena_alloc(c->arena, (size_t)c->program->stages.count + 1), &found);
    return found;
}

static const struct serde *key_of(const struct stage *origin)
{
    return origin->source ? origin->source->key : origin->repartition->key;
}

static const struct partitioner *partitioner_of(const struct stage *origin)
{
    return origin->source ? &origin->source->partitioner : &origin->repartition->partitioner;
}

static int partitions_of(const struct stage *origin)
{
    return origin->source ? origin->source->partitions : origin->repartition->partitions;
}

struct repartition partitioned_like(struct checker *c, const struct stage *stage)
{
    struct repartition like = {0};
    origins found = origins_of(c, stage);
    for (int i = 0; i < found.count; i++) {
        like.partitions = like.partitions ? like.partitions : partitions_of(found.items[i]);
        like.partitioner = *partitioner_of(found.items[i]);
    }
    // One that looks at the value knows no other values.
    if (partitioner_reads_value(&like.partitioner))
        like.partitioner = (struct partitioner){0};
    return like;
}

// ---- two of them ----

struct meeting {
    const struct partitioned *a, *b;
    const struct stage *from_a, *from_b;
};

static bool reads_values(const struct stage *origin)
{
    return partitioner_reads_value(partitioner_of(origin));
}

// Why records of one key may not meet; NULL: they do, as far as the program says.
static const char *difference(struct checker *c, const struct meeting *m)
{
    const struct serde *a = serde_windowed(c, key_of(m->from_a), AST_NOT_WINDOWED, 0);
    const struct serde *b = serde_windowed(c, key_of(m->from_b), AST_NOT_WINDOWED, 0);
    int n = partitions_of(m->from_a), k = partitions_of(m->from_b);
    if (!serde_equal(a, b))
        return "equal keys are not the same bytes";
    if (partitioner_of(m->from_a)->fn != partitioner_of(m->from_b)->fn)
        return "their partitioners differ";
    if (reads_values(m->from_a))
        return "the partitioner places records by their values";
    return n && k && n != k ? "their numbers of partitions differ" : NULL;
}

// "key string, murmur2, 3 partitions"
static const char *describe(struct checker *c, const struct stage *origin)
{
    const char *text =
        arena_printf(c->arena, "key %s, %s", serde_show(c->arena, key_of(origin)), partitioner_of(origin)->name);
    int count = partitions_of(origin);
    return count ? arena_printf(c->arena, "%s, %d partition%s", text, count, count == 1 ? "" : "s") : text;
}

static void relate(struct checker *c, struct diag *d, const struct stage *origin)
{
    const char *how = describe(c, origin);
    if (origin->source)
        diag_related(c->bag, d, origin->source->span, "`%s` is read here: %s", origin->source->name, how);
    else
        diag_related(c->bag, d, origin->span, "repartitioned here: %s", how);
}

// The stage that makes a flow like ORIGIN.
static const char *repartition_like(struct checker *c, const struct stage *origin)
{
    int count = partitions_of(origin);
    const struct partitioner *by = partitioner_of(origin);
    return arena_printf(c->arena, "repartition%s by key %s%s", count ? arena_printf(c->arena, " %d", count) : "",
                        serde_show(c->arena, serde_windowed(c, key_of(origin), AST_NOT_WINDOWED, 0)),
                        by->fn && !reads_values(origin) ? arena_printf(c->arena, " partitioner %s", by->name) : "");
}

static void help_repartition(struct checker *c, struct diag *d, const struct meeting *m)
{
    bool second = m->a->at->out.kind == FLOW_TABLE;
    const struct partitioned *side = second ? m->b : m->a;
    const char *stage = repartition_like(c, second ? m->from_a : m->from_b);
    if (m->a == m->b)
        diag_help(c->bag, d, "bring them to one another before they are merged: `%s`", stage);
    else if (side->at->out.kind == FLOW_TABLE)
        diag_help(c->bag, d, "bring one to the other: `%s | as stream | %s | as table`", side->name, stage);
    else
        diag_help(c->bag, d, "`%s | %s` brings one to the other", side->name, stage);
}

static void report(struct checker *c, const struct meeting *m, const char *why, const struct partitioned *table)
{
    struct diag *d =
        m->a == m->b
            ? diag_error(c->bag, m->b->span, "the parts of `%s` are not co-partitioned: %s", m->a->name, why)
            : diag_error(c->bag, m->b->span, "`%s` and `%s` are not co-partitioned: %s", m->a->name, m->b->name, why);
    relate(c, d, m->from_a);
    relate(c, d, m->from_b);
    help_repartition(c, d, m);
    if (table && m->a != m->b)
        diag_help(c->bag, d, "or make `%s` a `global table`: each instance then has all of it", table->name);
}

// ---- the proof ----

bool prove_copartition(struct checker *c, const struct partitioned *inputs, int count, const struct partitioned *table)
{
    origins first = origins_of(c, inputs[0].at);
    for (int i = 0; i < count; i++) {
        origins found = origins_of(c, inputs[i].at);
        for (int k = 0; k < found.count; k++) {
            struct meeting m = {&inputs[0], &inputs[i], first.items[0], found.items[k]};
            const char *why = found.items[k] == first.items[0] ? NULL : difference(c, &m);
            if (!why)
                continue;
            report(c, &m, why, table);
            return false;
        }
    }
    return true;
}

// One topic has as many partitions as it has.
static bool may_differ(const struct copartition *together)
{
    const struct flow_source *source = together->members.items[0]->source;
    return together->members.count > 1 || (source && (source->topics.count > 1 || source->topics.items[0].pattern));
}

void add_copartition_of(struct checker *c, const struct stage *const *stages, int count)
{
    struct copartition together = {.join = stages[0]};
    bool *seen = arena_alloc(c->arena, (size_t)c->program->stages.count + 1);
    origins found = {0};
    for (int s = 0; s < count; s++)
        for (int i = 0; i < stages[s]->inputs.count; i++)
            find_origins(c->arena, stages[s]->inputs.items[i], seen, &found);
    for (int i = 0; i < found.count; i++)
        vec_push(c->arena, &together.members, found.items[i]);
    if (found.count > 0 && may_differ(&together))
        vec_push(c->arena, &c->program->copartitions, together);
}

void add_copartition(struct checker *c, const struct stage *join)
{
    add_copartition_of(c, &join, 1);
}
