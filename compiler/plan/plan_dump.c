// `weir emit --stage plan`: functions, what is decoded, keys, types.
#include "base/writer.h"
#include "plan/label.h"
#include "plan/plan.h"
#include "plan/store_show.h"
#include "plan/uses.h"
#include "types/dump.h"

struct dump {
    struct writer *out;
    struct arena *arena;
    const struct plan *plan;
};

// ---- what is read of a value ----

static void put_uses(struct writer *out, const struct type *t, const struct uses *u);

static void put_parts(struct writer *out, const struct type *t, const struct uses *u)
{
    bool first = true;
    writer_puts(out, "{ ");
    for (int i = 0; i < t->fields.count; i++) {
        const struct uses *part = uses_part(u, i);
        if (!part)
            continue;
        writer_printf(out, "%s%s", first ? "" : ", ", t->fields.items[i].name);
        first = false;
        if (!part->whole && uses_part_count(t->fields.items[i].type)) {
            writer_puts(out, " ");
            put_uses(out, t->fields.items[i].type, part);
        }
    }
    writer_puts(out, first ? "}" : " }");
}

static void put_uses(struct writer *out, const struct type *t, const struct uses *u)
{
    if (u->whole) {
        writer_puts(out, "all");
    } else if (t->kind == TYPE_RECORD || t->kind == TYPE_UNION) {
        put_parts(out, t, u);
    } else {
        const struct uses *part = uses_part_count(t) ? uses_part(u, 0) : NULL;
        writer_puts(out, t->kind == TYPE_LIST ? "[" : t->kind == TYPE_MAP ? "{" : "");
        if (part)
            put_uses(out, t->element, part);
        else if (t->kind == TYPE_OPTIONAL)
            writer_puts(out, "whether null");
        writer_puts(out, t->kind == TYPE_LIST ? "]" : t->kind == TYPE_MAP ? "}" : "");
    }
}

// ---- sources and sinks ----

static void put_source(struct dump *d, const struct plan_source *s)
{
    writer_printf(d->out, "source %d %s, sub-topology %d\n", s->index, s->name, s->subtopology);
    d->out->indent++;
    if (s->stage->kind == STAGE_REPARTITION)
        writer_printf(d->out, "internal topic %s\n", s->stage->repartition->topic);
    writer_printf(d->out, "key   %s: %s\n", serde_show(d->arena, s->key), s->key_decoded ? "decoded" : "not read");
    writer_printf(d->out, "value %s: ", serde_show(d->arena, s->value));
    if (s->value_uses->used)
        put_uses(d->out, s->value->type, s->value_uses);
    else
        writer_puts(d->out, "only checked");
    writer_puts(d->out, "\n");
    d->out->indent--;
}

static void put_sink(struct dump *d, const struct plan_sink *s)
{
    writer_printf(d->out, "sink %d %s\n", s->index, s->name);
    d->out->indent++;
    if (s->internal)
        writer_printf(d->out, "internal topic %s\n", s->stage->repartition->topic);
    writer_printf(d->out, "key   %s%s\n", serde_show(d->arena, s->key), s->raw_key ? ": the bytes that came in" : "");
    writer_printf(d->out, "value %s\n", serde_show(d->arena, s->value));
    d->out->indent--;
}

// ---- stores ----

static void put_expr(struct dump *d, const char *what, const struct texpr *e)
{
    if (!e)
        return;
    writer_printf(d->out, "%-5s ", what);
    texpr_show(d->out, e);
    writer_puts(d->out, "\n");
}

static void put_fold(struct dump *d, const struct plan_fold *fold)
{
    put_expr(d, "init", fold->init);
    put_expr(d, "first", fold->first);
    for (int i = 0; i < fold->add.count; i++)
        put_expr(d, "add", fold->add.items[i]);
    for (int i = 0; i < fold->undo.count; i++)
        put_expr(d, "undo", fold->undo.items[i]);
    put_expr(d, "merge", fold->merge);
    put_expr(d, "value", fold->value);
}

static void put_store(struct dump *d, const struct plan_store *s)
{
    writer_printf(d->out, "store %d %s, sub-topology %d%s\n", s->index, s->name, s->subtopology,
                  s->memory ? ", in memory" : "");
    d->out->indent++;
    writer_printf(d->out, "%s\n", store_rows(d->arena, s));
    writer_printf(d->out, "%s\n", store_memory(d->arena, s));
    writer_printf(d->out, "changelog %s\n", store_changelog(d->arena, d->plan->program, s));
    writer_printf(d->out, "key   %s", serde_show(d->arena, s->key));
    bool raw = true;
    for (int i = 0; i < s->raw_keys.count; i++)
        raw &= s->raw_keys.items[i];
    writer_puts(d->out, raw ? ": the bytes that came in\n" : "\n");
    writer_printf(d->out, "value %s\n", serde_show(d->arena, s->value));
    if (s->fold)
        put_fold(d, s->fold);
    d->out->indent--;
}

// ---- functions ----

static const struct plan_sink *sink_at(const struct plan *plan, const struct stage *stage)
{
    for (int i = 0; i < plan->sinks.count; i++)
        if (plan->sinks.items[i]->stage == stage)
            return plan->sinks.items[i];
    return NULL;
}

static void put_line(struct dump *d, const struct stage *stage)
{
    const struct plan_sink *sink = sink_at(d->plan, stage);
    const struct var *result = stage_result(stage);
    if (sink)
        writer_printf(d->out, "send to sink %d %s", sink->index, sink->name);
    else
        writer_puts(d->out, stage_label(d->arena, d->plan->topology, stage, 0));
    if (result && !d->plan->var_used[result->id])
        writer_puts(d->out, "    (not read: not computed)");
    for (int i = 0; i < d->plan->taps.count; i++)
        if (d->plan->taps.items[i].stage == stage)
            writer_printf(d->out, "    (tap %d)", i);
    writer_puts(d->out, "\n");
}

static void put_below(struct dump *d, const struct stage *stage);

// Where the way goes on in another function; NULL: it does not.
static const char *where_on(struct dump *d, const struct stage *stage)
{
    const struct plan_store *store = d->plan->store_of[stage->id];
    const struct plan_function *changed = d->plan->changed_of[stage->id];
    if (plan_root_has_params(stage) || plan_join_is_root(stage))
        return arena_printf(d->arena, "call %s", d->plan->function_of[stage->id]->name);
    if (store && stage->kind != STAGE_PREV)
        return arena_printf(d->arena, "into store %d %s", store->index, store->name);
    return changed ? arena_printf(d->arena, "call %s", changed->name) : NULL;
}

// The store that a look-up finds rows in, as they are or made into others.
static void put_lookup(struct dump *d, const struct stage *join)
{
    const struct stage *table = join->inputs.items[1];
    const char *how = d->plan->store_of[table->id] ? "find a row in" : "find a row, made of one in";
    while (!d->plan->store_of[table->id] && table->inputs.count > 0)
        table = table->inputs.items[0];
    const struct plan_store *store = d->plan->store_of[table->id];
    if (join->join->kind == AST_JOIN_LEFT && !d->plan->var_used[join->join->right->id])
        writer_puts(d->out, "what it finds is not read: not looked up\n");
    else if (store)
        writer_printf(d->out, "%s store %d %s\n", how, store->index, store->name);
}

static void put_stage(struct dump *d, const struct stage *stage)
{
    const char *on = where_on(d, stage);
    bool implied = (stage->kind == STAGE_LET || stage->kind == STAGE_MAP) && stage_is_implied(stage);
    if (!plan_root_has_params(stage) && stage->kind != STAGE_SOURCE && !implied)
        put_line(d, stage);
    if (!on && plan_is_join(stage, JOIN_LOOKUP))
        put_lookup(d, stage);
    if (on)
        writer_printf(d->out, "%s\n", on);
    else if (stage->kind != STAGE_REPARTITION)
        put_below(d, stage);
}

// A lone stage stands below the one before it, several to the right.
static void put_below(struct dump *d, const struct stage *stage)
{
    int live = 0;
    for (int i = 0; i < stage->outputs.count; i++)
        live += d->plan->function_of[stage->outputs.items[i]->id] && plan_hears(stage, stage->outputs.items[i]);
    for (int i = 0; i < stage->outputs.count; i++) {
        const struct stage *next = stage->outputs.items[i];
        if (!d->plan->function_of[next->id] || !plan_hears(stage, next))
            continue;
        d->out->indent += live > 1;
        put_stage(d, next);
        d->out->indent -= live > 1;
    }
}

static void put_function(struct dump *d, const struct plan_function *f)
{
    writer_printf(d->out, "function %s", f->name);
    for (int i = 0; i < f->params.count; i++)
        writer_printf(d->out, "%s%s: %s%s", i ? ", " : "(", f->params.items[i]->name,
                      type_show(d->arena, f->params.items[i]->type), i + 1 == f->params.count ? ")" : "");
    if (f->source)
        writer_printf(d->out, " of source %d", f->source->index);
    if (plan_join_is_root(f->root))
        writer_puts(d->out, f->root->join->form == JOIN_STREAMS ? " of both sides" : " of records that have waited");
    if (f->timer)
        writer_printf(d->out, " of a timer, every %lld ms of %s", (long long)f->timer->every,
                      f->timer->wall ? "the wall clock" : "stream time");
    if (f->table)
        writer_printf(d->out, " of a change%s", d->plan->wants_old[f->root->id] ? " and the value before" : "");
    writer_puts(d->out, f->needs_key ? ", reads the key" : "");
    writer_puts(d->out, f->sees_tombstones ? ", lets tombstones through\n" : "\n");
    d->out->indent++;
    if (plan_is_join(f->root, JOIN_LOOKUP))
        put_lookup(d, f->root);
    if (f->root->kind == STAGE_SOURCE && !f->table)
        put_stage(d, f->root);
    else if (!f->timer || f->root->outputs.count > 0)
        put_below(d, f->root);
    d->out->indent--;
}

static void put_type(struct dump *d, const struct plan_type *t)
{
    writer_printf(d->out, "type %s:%s%s%s%s%s%s%s\n", type_show(d->arena, t->type), t->defined ? " defined" : "",
                  t->decoded_whole ? " decoded" : "", t->encoded ? " encoded" : "", t->compared ? " compared" : "",
                  t->hashed ? " hashed" : "", t->csv_decoded ? " from-csv" : "", t->csv_encoded ? " to-csv" : "");
}

void plan_dump(struct writer *out, const struct plan *plan)
{
    struct dump d = {.out = out, .arena = arena_new(), .plan = plan};
    for (int i = 0; i < plan->sources.count; i++)
        put_source(&d, plan->sources.items[i]);
    for (int i = 0; i < plan->sinks.count; i++)
        put_sink(&d, plan->sinks.items[i]);
    for (int i = 0; i < plan->stores.count; i++)
        put_store(&d, plan->stores.items[i]);
    for (int i = 0; i < plan->functions.count; i++)
        put_function(&d, plan->functions.items[i]);
    for (int i = 0; i < plan->types.count; i++)
        put_type(&d, &plan->types.items[i]);
    arena_free(d.arena);
}
