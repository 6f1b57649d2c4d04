// Processor blocks: their stores, their timers, and what their handlers read.
#include "plan/plan_build.h"
#include "types/stmt_walk.h"
#include "types/texpr_walk.h"

// ---- stores ----

struct plan_store *plan_block_store(const struct plan *plan, const struct block_store *block)
{
    for (int i = 0; i < plan->stores.count; i++)
        if (plan->stores.items[i]->block == block)
            return plan->stores.items[i];
    return NULL;
}

static const struct window *window_of(struct planner *p, const struct block_store *block)
{
    if (block->kind != BLOCK_STORE_WINDOWS && block->kind != BLOCK_STORE_SESSIONS)
        return NULL;
    struct window *window = arena_new_of(p->arena, struct window);
    window->kind = block->kind == BLOCK_STORE_WINDOWS ? WINDOW_TIME : WINDOW_SESSION;
    window->size = window->every = block->size;
    window->retention = block->retention;
    window->span = block->span;
    return window;
}

// A store that blocks share is made with the first of them.
static void add_store(struct planner *p, struct stage *stage, struct block_store *block)
{
    if (plan_block_store(p->plan, block))
        return;
    bool sessions = block->kind == BLOCK_STORE_SESSIONS;
    struct plan_store *store = plan_bare_store(p, stage, sessions ? PLAN_SERIES : PLAN_ROWS, block->topic_name);
    store->block = block;
    store->key = block->key;
    store->value = block->value;
    store->window = window_of(p, block);
    store->memory = block->store == AST_STORE_MEMORY;
    store->history = block->kind == BLOCK_STORE_VERSIONS ? block->history : 0;
}

// ---- functions ----

static void add_timer(struct planner *p, struct stage *stage, const struct handler *handler)
{
    const char *name = arena_printf(p->arena, "%s_%s_%s", stage->within, stage->process->name,
                                    handler->wall ? "wall_timer" : "stream_timer");
    struct plan_function *f = plan_add_function(p, stage, name);
    f->timer = handler;
    vec_push(p->arena, &p->plan->timers, f);
}

void plan_add_process(struct planner *p, struct stage *stage)
{
    struct process *process = stage->process;
    for (int i = 0; i < process->stores.count; i++)
        add_store(p, stage, process->stores.items[i]);
    for (int i = 0; i < process->handlers.count; i++)
        if (process->handlers.items[i].input < 0)
            add_timer(p, stage, &process->handlers.items[i]);
}

// What only sends on may give its records another time.
static bool only_sends(const struct planner *p)
{
    bool only = p->plan->stores.count == 0;
    for (int i = 0; i < p->program->stages.count; i++)
        only &= p->program->stages.items[i]->kind != STAGE_PROCESS;
    return only;
}

void plan_find_clocks(struct planner *p)
{
    const int *of = p->plan->topology->subtopology_of;
    bool sends = only_sends(p);
    for (int i = 0; i < p->plan->sources.count; i++) {
        struct plan_source *source = p->plan->sources.items[i];
        const struct flow_source *from = source->stage->source;
        source->needs_time = from && !from->time && !from->time_wall && !from->global && !sends;
        for (int k = 0; k < p->plan->timers.count; k++) {
            const struct plan_function *f = p->plan->timers.items[k];
            source->tells_time |= !f->timer->wall && of[f->root->id] == source->subtopology;
        }
    }
}

struct emit_search {
    const struct stage *emit;
    bool keys; // one of the statements says a key
};

static void note_emit(void *arg, const struct tstmt *s)
{
    struct emit_search *search = arg;
    search->keys |= s->kind == TSTMT_EMIT && s->to == search->emit && s->key;
}

// The bytes of the key that came in, if nothing else is ever emitted.
static void find_key_origin(struct planner *p, struct stage *stage)
{
    const struct stage *process = stage->inputs.items[0];
    struct emit_search search = {.emit = stage};
    process_each_stmt(process->process, note_emit, &search);
    if (!search.keys && process->inputs.count == 1)
        p->key_origin[stage->out.key->id] = p->key_origin[process->inputs.items[0]->out.key->id];
}

void plan_add_emit(struct planner *p, struct stage *stage)
{
    const struct process *process = stage->inputs.items[0]->process;
    find_key_origin(p, stage);
    plan_add_root(p, stage,
                  stage->flow ? stage->flow : arena_printf(p->arena, "%s_%s_emitted", stage->within, process->name));
}

// ---- what is read ----

static void prune_stmts(struct planner *p, struct tstmt **items, int count);

// E (NULL: not said) is what VAR is. As of a stage: what nobody reads is left alone, and not emitted, unless it does something.
static struct texpr *prune_for(struct planner *p, const struct var *var, struct texpr *e)
{
    const struct uses *read = p->pruner->of_var[var->id];
    bool is_read = read && read->used;
    return e && (is_read || texpr_has_effects(e)) ? pruner_prune(p->pruner, e, is_read ? read : &uses_only) : e;
}

static void prune_emit(struct planner *p, struct tstmt *s)
{
    bool live = p->live[s->to->id];
    for (int i = 0; i < s->headers.count; i++) {
        struct texpr **header = &s->headers.items[i].value;
        if (live || texpr_has_effects(*header))
            *header = pruner_prune(p->pruner, *header, &uses_whole);
    }
    s->value = prune_for(p, s->to->out.value, s->value);
    s->key = prune_for(p, s->to->out.key, s->key);
    if (s->time && (live || texpr_has_effects(s->time)))
        s->time = pruner_prune(p->pruner, s->time, &uses_whole);
}

static void prune_stmt(struct planner *p, struct tstmt *s)
{
    prune_stmts(p, s->otherwise.items, s->otherwise.count);
    prune_stmts(p, s->body.items, s->body.count);
    if (s->kind == TSTMT_EMIT)
        prune_emit(p, s);
    else if (s->value)
        s->value = pruner_prune(p->pruner, s->value, &uses_whole);
    if (s->kind == TSTMT_LET && !s->var->changes) // what is assigned to a variable must be all that is ever read of it
        s->expr = prune_for(p, s->var, s->expr);
    else if (s->expr)
        s->expr = pruner_prune(p->pruner, s->expr, &uses_whole);
    pruner_prune_place(p->pruner, &s->place);
}

// From the last to the first: what is read of a variable is known before the statement that makes it is looked at.
static void prune_stmts(struct planner *p, struct tstmt **items, int count)
{
    for (int i = count - 1; i >= 0; i--)
        prune_stmt(p, items[i]);
}

struct key_search {
    const struct planner *p;
    bool found;
};

// A statement that emits with the record's key, which is read behind and not to be had as bytes.
static void note_record_key(void *arg, const struct tstmt *s)
{
    struct key_search *search = arg;
    if (s->kind == TSTMT_EMIT && !s->key) {
        const struct uses *read = search->p->pruner->of_var[s->to->out.key->id];
        search->found |= read && read->used;
    }
}

static bool emits_record_key(const struct planner *p, const struct stage *stage)
{
    struct key_search search = {.p = p};
    process_each_stmt(stage->process, note_record_key, &search);
    return search.found;
}

void plan_use_process(struct planner *p, struct stage *stage)
{
    struct process *process = stage->process;
    for (int i = process->handlers.count - 1; i >= 0; i--)
        prune_stmts(p, process->handlers.items[i].body.items, process->handlers.items[i].body.count);
    if (!emits_record_key(p, stage))
        return;
    for (int i = 0; i < stage->inputs.count; i++)
        if (p->live[stage->inputs.items[i]->id])
            pruner_want(p->pruner, stage->inputs.items[i]->out.key, &uses_whole);
}
