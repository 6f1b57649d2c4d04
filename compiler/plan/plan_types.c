// Which types the generated code needs, and what it does with their values.
#include "plan/plan_build.h"
#include "types/stmt_walk.h"
#include "types/texpr_walk.h"

enum need { DEFINED, DECODED, ENCODED, COMPARED, HASHED, NEED_COUNT };

struct type_needs {
    struct planner *p;
    bool *need[NEED_COUNT]; // by type id
    bool *csv_decoded, *csv_encoded, *listed;
};

static bool is_scalar(const struct type *t)
{
    return uses_part_count(t) == 0 && t->kind != TYPE_ENUM && t->kind != TYPE_RECORD;
}

static const struct type *part_of(const struct type *t, int i)
{
    return t->kind == TYPE_RECORD || t->kind == TYPE_UNION ? t->fields.items[i].type : t->element;
}

// What is done with a value is done with its parts; whatever is done, it must be defined.
static void mark(struct type_needs *n, const struct type *t, enum need need)
{
    if (!t || is_scalar(t) || n->need[need][t->id])
        return;
    n->need[need][t->id] = true;
    if (need != DEFINED)
        mark(n, t, DEFINED);
    for (int i = 0; i < uses_part_count(t); i++)
        mark(n, part_of(t, i), need);
}

// Of a value read in part, decoders of whole values are needed only for the parts that are read whole.
static void mark_decoded(struct type_needs *n, const struct type *t, const struct uses *u)
{
    if (!u || !u->used)
        return;
    mark(n, t, DEFINED);
    if (u->whole) {
        mark(n, t, DECODED);
        return;
    }
    for (int i = 0; u->fields && i < uses_part_count(t); i++)
        mark_decoded(n, part_of(t, i), u->fields[i]);
}

// Topics as files and tests hold JSON whatever the serde: csv is translated both ways.
static void mark_csv(struct type_needs *n, const struct serde *serde)
{
    if (serde->format != SERDE_CSV)
        return;
    mark(n, serde->type, DECODED);
    mark(n, serde->type, ENCODED);
    n->csv_decoded[type_plain(serde->type)->id] = true;
    n->csv_encoded[type_plain(serde->type)->id] = true;
}

static void mark_read(struct type_needs *n, const struct serde *serde)
{
    mark(n, serde->type, serde->format == SERDE_JSON ? DECODED : DEFINED);
}

static void mark_written(struct type_needs *n, const struct serde *serde)
{
    mark(n, serde->type, DEFINED);
    if (serde->format == SERDE_JSON)
        mark(n, serde->type, ENCODED);
    mark_csv(n, serde);
}

static void mark_partitioner(struct type_needs *n, const struct partitioner *partitioner, const struct serde *key,
                             const struct serde *value)
{
    if (!partitioner->fn)
        return;
    mark_read(n, key);
    if (partitioner_reads_value(partitioner))
        mark_read(n, value);
}

// ---- expressions ----

static void mark_call(struct type_needs *n, const struct texpr *e)
{
    const struct texpr *first = e->items.count ? e->items.items[0] : NULL;
    const struct texpr *last = e->items.count ? e->items.items[e->items.count - 1] : NULL;
    switch (e->builtin) {
    case BUILTIN_CONTAINS_LIST:
    case BUILTIN_INDEX_OF_LIST:
    case BUILTIN_WITHOUT:
    case BUILTIN_AGGREGATE_REMOVE:
    case BUILTIN_AGGREGATE_PLACE:
    case BUILTIN_SORT:
    case BUILTIN_MIN:
    case BUILTIN_MAX: mark(n, first->type->element, COMPARED); break;
    case BUILTIN_SORT_BY:
    case BUILTIN_MIN_BY:
    case BUILTIN_MAX_BY:
        if (last->kind == TEXPR_LAMBDA)
            mark(n, last->left->type, COMPARED);
        break;
    case BUILTIN_NULLIF:
    case BUILTIN_LEAST:
    case BUILTIN_GREATEST: mark(n, first->type, COMPARED); break;
    case BUILTIN_DISTINCT:
    case BUILTIN_UNION:
    case BUILTIN_INTERSECT:
    case BUILTIN_EXCEPT:
        mark(n, first->type->element, COMPARED);
        mark(n, first->type->element, HASHED);
        break;
    case BUILTIN_TO_JSON:
    case BUILTIN_STRING_OF_ENUM: mark(n, first->type, ENCODED); break;
    default: break;
    }
}

static void mark_expr(void *arg, const struct texpr *e)
{
    struct type_needs *n = arg;
    if (e->kind != TEXPR_LAMBDA)
        mark(n, e->type, DEFINED);
    for (int i = 0; i < e->vars.count; i++)
        mark(n, e->vars.items[i]->type, DEFINED);
    if (e->kind == TEXPR_COMPARE || e->kind == TEXPR_IN)
        mark(n, e->left->type, COMPARED);
    else if (e->kind == TEXPR_WIDEN && type_plain(e->type)->kind == TYPE_JSON)
        mark(n, e->left->type, ENCODED);
    else if (e->kind == TEXPR_CALL)
        mark_call(n, e);
    texpr_each_part(e, mark_expr, arg);
}

static void mark_optional_expr(struct type_needs *n, const struct texpr *e)
{
    if (e)
        mark_expr(n, e);
}

static void mark_locals(void *arg, const struct tstmt *s)
{
    struct type_needs *n = arg;
    if (s->var)
        mark(n, s->var->type, DEFINED);
    for (int i = 0; i < s->vars.count; i++)
        if (s->vars.items[i])
            mark(n, s->vars.items[i]->type, DEFINED);
}

// An expression whose result nobody reads is not emitted.
static bool is_emitted(const struct planner *p, const struct stage *stage)
{
    const struct var *result = stage_result(stage);
    return !result || p->plan->var_used[result->id];
}

// ---- stages ----

static void mark_sink(struct type_needs *n, const struct sink *sink)
{
    mark_optional_expr(n, sink->route);
    mark_optional_expr(n, sink->time);
    for (int i = 0; i < sink->headers.count; i++)
        mark_expr(n, sink->headers.items[i].value);
    mark_partitioner(n, &sink->partitioner, sink->key, sink->value);
}

static void mark_stage(struct type_needs *n, const struct stage *stage)
{
    if (is_emitted(n->p, stage))
        mark_optional_expr(n, stage->expr);
    if (stage->kind == STAGE_LOG && stage->expr)
        mark(n, stage->expr->type, ENCODED);
    if (stage->source) {
        mark_optional_expr(n, stage->source->time);
        mark_partitioner(n, &stage->source->partitioner, stage->source->key, stage->source->value);
    }
    if (stage->sink)
        mark_sink(n, stage->sink);
    if (stage->repartition) {
        mark_optional_expr(n, stage->repartition->by);
        mark_partitioner(n, &stage->repartition->partitioner, stage->repartition->key, stage->repartition->value);
    }
    if (stage->join) {
        mark_optional_expr(n, stage->join->on);
        mark(n, stage->out.value->type, DEFINED);
        mark(n, stage->join->right->type, DEFINED);
    }
    if (stage->process) {
        process_each_expr(stage->process, mark_expr, n);
        process_each_stmt(stage->process, mark_locals, n);
    }
    if (stage->kind == STAGE_EMIT) {
        mark(n, stage->out.key->type, DEFINED);
        mark(n, stage->out.value->type, DEFINED);
    }
    if (n->p->tapped[stage->id]) {
        mark(n, stage->out.key->type, ENCODED);
        mark(n, stage->out.value->type, ENCODED);
    }
}

static void mark_source(struct type_needs *n, const struct plan_source *s)
{
    if (s->value->format == SERDE_JSON)
        mark_decoded(n, s->value->type, s->value_uses);
    else if (s->value_uses->used)
        mark(n, s->value->type, DEFINED);
    mark_csv(n, s->value);
    mark_csv(n, s->key);
    if (s->key_decoded)
        mark_read(n, s->key);
}

// ---- stores ----

static void mark_exprs(struct type_needs *n, struct texpr *const *items, int count)
{
    for (int i = 0; i < count; i++)
        mark_expr(n, items[i]);
}

static void mark_fold(struct type_needs *n, const struct plan_fold *fold)
{
    mark(n, fold->state, DEFINED);
    mark_optional_expr(n, fold->init);
    mark_optional_expr(n, fold->first);
    mark_optional_expr(n, fold->merge);
    mark_optional_expr(n, fold->value);
    mark_optional_expr(n, fold->shown);
    if (fold->shown)
        mark(n, fold->shown->type, ENCODED);
    mark_exprs(n, fold->add.items, fold->add.count);
    mark_exprs(n, fold->undo.items, fold->undo.count);
}

static void mark_block_store(struct type_needs *n, const struct plan_store *s)
{
    const struct serde *serdes[] = {s->key, s->value};
    for (int i = 0; i < 2; i++) {
        mark_written(n, serdes[i]);
        mark_read(n, serdes[i]);
    }
}

// What is kept is written to the changelog, and read from it.
static void mark_store(struct type_needs *n, const struct plan_store *s)
{
    if (s->kind == PLAN_SUBSCRIPTIONS)
        return;
    if (s->block) {
        mark_block_store(n, s);
        return;
    }
    bool viewed = n->p->viewed[s->stage->id] || plan_join_is_root(s->stage);
    mark(n, s->stage->out.value->type, DEFINED);
    mark_written(n, s->value);
    mark_read(n, s->value);
    mark_written(n, s->key);
    bool shown = s->fold && s->fold->shown;
    if ((s->changed && s->changed->needs_key) || ((viewed || shown) && n->p->plan->var_used[s->stage->out.key->id]))
        mark_read(n, s->key);
    if (s->fold)
        mark_fold(n, s->fold);
}

// The key of a change of joined tables is that of the side that changed.
static void mark_changed(struct type_needs *n, const struct plan_function *f)
{
    if (f->table && f->needs_key)
        mark_read(n, f->root->out.key_serde);
}

// What tests feed and expect is written down as JSON.
static void mark_tests(struct type_needs *n)
{
    for (int i = 0; n->p->plan->tests && i < n->p->program->tests.count; i++) {
        const struct test *test = n->p->program->tests.items[i];
        for (int k = 0; k < test->steps.count; k++) {
            const struct test_step *step = &test->steps.items[k];
            if (step->key)
                mark(n, step->key->type, ENCODED);
            if (step->value)
                mark(n, step->value->type, ENCODED);
        }
    }
}

// ---- the list ----

static void list_type(struct type_needs *n, const struct type *t)
{
    if (is_scalar(t) || n->listed[t->id])
        return;
    n->listed[t->id] = true;
    for (int i = 0; i < uses_part_count(t); i++)
        list_type(n, part_of(t, i));
    struct plan_type needed = {
        .type = t,
        .defined = n->need[DEFINED][t->id],
        .decoded_whole = n->need[DECODED][t->id],
        .encoded = n->need[ENCODED][t->id],
        .compared = n->need[COMPARED][t->id],
        .hashed = n->need[HASHED][t->id],
        .csv_decoded = n->csv_decoded[t->id],
        .csv_encoded = n->csv_encoded[t->id],
    };
    vec_push(n->p->arena, &n->p->plan->types, needed);
}

void plan_find_types(struct planner *p)
{
    struct type_needs n = {.p = p};
    size_t count = (size_t)type_count(p->program->types) + 1;
    for (int i = 0; i < NEED_COUNT; i++)
        n.need[i] = arena_alloc(p->arena, count);
    n.csv_decoded = arena_alloc(p->arena, count);
    n.csv_encoded = arena_alloc(p->arena, count);
    n.listed = arena_alloc(p->arena, count);
    for (int i = 0; i < p->plan->sources.count; i++)
        mark_source(&n, p->plan->sources.items[i]);
    for (int i = 0; i < p->plan->sinks.count; i++) {
        mark_written(&n, p->plan->sinks.items[i]->key);
        mark_written(&n, p->plan->sinks.items[i]->value);
    }
    for (int i = 0; i < p->plan->stores.count; i++)
        mark_store(&n, p->plan->stores.items[i]);
    for (int i = 0; i < p->program->stages.count; i++)
        if (p->live[i])
            mark_stage(&n, p->program->stages.items[i]);
    for (int i = 0; i < p->program->fns.count; i++) {
        for (int k = 0; k < p->program->fns.items[i]->params.count; k++)
            mark(&n, p->program->fns.items[i]->params.items[k]->type, DEFINED);
        mark_optional_expr(&n, p->program->fns.items[i]->body);
    }
    for (int i = 0; i < p->plan->functions.count; i++)
        mark_changed(&n, p->plan->functions.items[i]);
    mark_tests(&n);
    for (int id = 0; id < type_count(p->program->types); id++)
        if (n.need[DEFINED][id])
            list_type(&n, type_at(p->program->types, id));
}
