// Repartitions that the program has not written: one for all that want the same of the same flow.
#include "types/flow_check.h"
#include "types/texpr_walk.h"

static bool is_same(const struct repartition *a, const struct repartition *b)
{
    return a->form == b->form && a->partitions == b->partitions && a->null_keys == b->null_keys &&
           texpr_equal(a->by, b->by) && serde_equal(a->key, b->key) && serde_equal(a->value, b->value) &&
           a->partitioner.fn == b->partitioner.fn;
}

// What a foreign-key join sends is its own.
static struct stage *find_repartition(const struct flow_cursor *f, const struct repartition *want)
{
    bool shared = want->form == REPARTITION_RECORDS || want->form == REPARTITION_CHANGES;
    for (int i = 0; shared && i < f->c->flow_scope->brought.count; i++) {
        struct stage *stage = f->c->flow_scope->brought.items[i];
        if (stage->inputs.items[0] == f->at && stage->repartition && is_same(stage->repartition, want))
            return stage;
    }
    return NULL;
}

static void add_repartition(struct flow_cursor *f, const struct repartition *want, struct span span)
{
    struct stage *stage = flow_append_at(f, STAGE_REPARTITION, span);
    stage->repartition = arena_new_of(f->c->arena, struct repartition);
    *stage->repartition = *want;
    stage_enter_again(f->c, stage);
    vec_push(f->c->arena, &f->c->flow_scope->brought, stage);
}

static void repartition(struct flow_cursor *f, struct repartition want, struct span span)
{
    struct checker *c = f->c;
    const struct shape *in = &f->at->out;
    if (!want.key)
        want.key = want.by ? serde_of_type(c, want.by->type) : in->key_serde;
    if (!want.value)
        want.value = serde_of_value(c, in);
    if (!want.partitioner.name)
        check_partitioner(c, &want.partitioner, (struct name){0}, want.key->type, in->value->type);
    struct stage *there = find_repartition(f, &want);
    if (there)
        f->at = there;
    else
        add_repartition(f, &want, span);
}

static struct stage *find_key_by(const struct flow_cursor *f, const struct texpr *key)
{
    for (int i = 0; i < f->c->flow_scope->brought.count; i++) {
        struct stage *stage = f->c->flow_scope->brought.items[i];
        if (stage->inputs.items[0] == f->at && stage->kind == STAGE_KEY_BY && texpr_equal(stage->expr, key))
            return stage;
    }
    return NULL;
}

void flow_bring(struct flow_cursor *f, struct texpr *key, struct repartition want, struct span span)
{
    const char *within = f->within;
    // A flow's own name, where it has one, so that the topic is called the same whoever asks for it first.
    if (f->at->flow)
        f->within = f->at->flow;
    struct stage *there = key ? find_key_by(f, key) : NULL;
    if (there)
        f->at = there;
    else if (key)
        vec_push(f->c->arena, &f->c->flow_scope->brought, flow_key_by(f, key, span));
    repartition(f, want, span);
    f->within = within;
}
