// Processor blocks: declared once, checked for each use.
#include <string.h>

#include "types/process_check.h"
#include "types/resolve.h"

// ---- declarations ----

static void declare(struct checker *c, const struct ast_decl *decl)
{
    struct declared_process *block = arena_new_of(c->arena, struct declared_process);
    block->decl = decl;
    block->in_key = decl->in_key ? resolve_type(c, decl->in_key) : NULL;
    block->in_value = resolve_type(c, decl->in_value);
    block->out_key = decl->result_key ? resolve_type(c, decl->result_key) : NULL;
    block->out_value = decl->result ? resolve_type(c, decl->result) : NULL;
    const struct declared_process *first = name_map_add(&c->process_scope->by_name, decl->name.text, block);
    for (int i = 0; i < decl->stores.count; i++)
        if (decl->stores.items[i].shared && decl->stores.items[i].name.text)
            name_map_add(&c->process_scope->said_shared, decl->stores.items[i].name.text, &decl->stores.items[i]);
    if (!first)
        return;
    struct diag *d = diag_error(c->bag, decl->name.span, "the block `%s` is declared twice", decl->name.text);
    diag_related(c->bag, d, first->decl->name.span, "first here");
}

void declare_processes(struct checker *c, struct ast_file *const *files, int count)
{
    c->process_scope = arena_new_of(c->arena, struct process_scope);
    struct process_scope *scope = c->process_scope;
    name_map_init(&scope->by_name, c->arena);
    name_map_init(&scope->said_shared, c->arena);
    name_map_init(&scope->shared, c->arena);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < files[i]->decls.count; k++) {
            const struct ast_decl *decl = files[i]->decls.items[k];
            if (decl->kind == AST_DECL_PROCESS && decl->name.text)
                declare(c, decl);
        }
    for (int i = 0; i < scope->by_name.entries.count; i++) {
        const struct declared_process *block = scope->by_name.entries.items[i].value;
        check_who_shares(c, block->decl);
    }
}

const struct type *process_takes(struct checker *c, const char *name)
{
    const struct declared_process *block = name_map_get(&c->process_scope->by_name, name);
    return block && block->in_value->kind != TYPE_ERROR ? block->in_value : NULL;
}

static struct declared_process *find_process(struct checker *c, struct name name)
{
    struct declared_process *block = name_map_get(&c->process_scope->by_name, name.text);
    if (block)
        return block;
    struct diag *d = diag_error(c->bag, name.span, "there is no processor block `%s`", name.text);
    const char *near = name_map_nearest(&c->process_scope->by_name, name.text);
    d->missing = true;
    if (near)
        diag_help(c->bag, d, "did you mean `%s`?", near);
    else
        diag_help(c->bag, d, "declare it: `process %s(T) -> T { on record { ... } }`", name.text);
    return NULL;
}

// ---- what a handler sees ----

// The names of the flow's `let`s are not those of the block.
static const struct shape *record_of(struct checker *c, const struct stage *at)
{
    struct shape *record = arena_new_of(c->arena, struct shape);
    *record = at->out;
    record->lets.items = NULL;
    record->lets.count = record->lets.capacity = 0;
    record->known = NULL;
    if (!type_is_optional(known_type(c, at, record->key)))
        narrow_not_null(c, record->key, &record->known);
    if (!type_is_optional(known_type(c, at, record->value)))
        narrow_not_null(c, record->value, &record->known);
    return record;
}

static void check_record_handler(struct block_check *b, const struct process_input *input, int index)
{
    struct handler handler = {.input = index, .span = b->block->decl->name.span};
    b->handler = input->handler;
    if (input->handler) {
        b->record = record_of(b->c, input->at);
        struct env env = shape_env(b->record), inside = env_inside(&env);
        handler.span = input->handler->span;
        check_statements(b, &inside, input->handler->body.items, input->handler->body.count, &handler.body);
    }
    vec_push(b->c->arena, &b->process->handlers, handler);
}

static void check_timer(struct block_check *b, const struct ast_process_handler *ast)
{
    struct checker *c = b->c;
    struct handler handler = {.input = -1, .span = ast->span, .every = ast->every, .wall = ast->wall};
    struct env env = {0};
    if (ast->every < 1)
        diag_error(c->bag, ast->span, "a timer fires every millisecond at most");
    else
        flow_check_longest(c, ast->every, ast->span, "this is");
    b->handler = ast;
    b->record = NULL;
    handler.timestamp = metadata_of(c, VAR_TIMESTAMP);
    vec_push(c->arena, &env.vars, handler.timestamp);
    struct env inside = env_inside(&env);
    check_statements(b, &inside, ast->body.items, ast->body.count, &handler.body);
    vec_push(c->arena, &b->process->handlers, handler);
}

bool in_timer(const struct checker *c)
{
    return c->block && !c->block->record;
}

// ---- one use ----

static void check_handlers(struct block_check *b, const struct input_list *inputs)
{
    const struct ast_decl *decl = b->block->decl;
    b->c->block = b;
    for (int i = 0; i < inputs->count; i++)
        check_record_handler(b, &inputs->items[i], i);
    for (int i = 0; i < decl->handlers.count; i++)
        if (decl->handlers.items[i].punctuation)
            check_timer(b, &decl->handlers.items[i]);
    b->c->block = NULL;
    warn_unused_stores(b);
    if (b->block->out_value && b->targets.items[0].emits.count == 0 && b->c->bag->errors == 0) {
        struct diag *d = diag_warning(b->c->bag, decl->name.span, "`%s` never emits anything", b->process->name);
        diag_help(b->c->bag, d, "a block from which nothing goes on says so: `-> nothing`");
    }
}

static struct block_check block_check(struct checker *c, const struct declared_process *block, const struct stage *at)
{
    struct block_check b = {.c = c, .block = block, .process = arena_new_of(c->arena, struct process)};
    struct emit_target onward = {.span = block->decl->name.span, .value = block->out_value};
    onward.key = block->out_key ? block->out_key : at->out.key->type;
    vec_push(c->arena, &b.targets, onward);
    b.process->name = block->decl->name.text;
    b.process->span = block->decl->name.span;
    declare_stores(&b);
    return b;
}

// ---- whatever the use ----

// A flow of what the block says that it takes; any key where it says none.
static struct stage *any_input(struct flow_cursor *f, const struct declared_process *block)
{
    flow_break(f, block->decl->name.span);
    struct shape *out = &f->at->out;
    out->value = var_new(f->c, VAR_VALUE, "value", block->in_value, f->at->span);
    if (block->in_key) {
        out->key = var_new(f->c, VAR_KEY, "key", block->in_key, f->at->span);
        out->key_serde = serde_of_type(f->c, block->in_key);
    }
    return f->at;
}

// What is wrong in any use is reported once, and not again for each. WARN: warnings, too, for there is no use.
static bool check_alone(struct checker *c, struct declared_process *block, bool warn)
{
    if (block->tried)
        return !block->wrong;
    int stages = c->program->stages.count;
    struct diag_mark mark = diag_mark(c);
    struct flow_cursor f = {.c = c, .within = block->decl->name.text};
    struct input_list inputs = {0};
    find_process_inputs(c, block, any_input(&f, block), &inputs);
    for (int i = 0; i < inputs.count; i++)
        if (!inputs.items[i].at) {
            flow_break(&f, block->decl->name.span);
            inputs.items[i].at = f.at;
        }
    struct block_check b = block_check(c, block, inputs.items[0].at);
    check_handlers(&b, &inputs);
    c->program->stages.count = c->flow_scope->depths.count = stages;
    block->tried = true;
    block->wrong = c->bag->errors > mark.errors;
    if (!block->wrong && !warn)
        diag_reset(c, mark);
    return !block->wrong;
}

void check_all_processes(struct checker *c)
{
    c->flow_scope->current = NULL;
    check_shared_stores(c);
    for (int i = 0; i < c->process_scope->by_name.entries.count; i++) {
        struct declared_process *block = c->process_scope->by_name.entries.items[i].value;
        if (block->used || !check_alone(c, block, true) || block->decl->span.file != 0 || c->bag->errors > 0)
            continue;
        struct diag *d =
            diag_warning(c->bag, block->decl->name.span, "the block `%s` is never used", block->decl->name.text);
        diag_help(c->bag, d, "a flow uses it: `FLOW | process %s`", block->decl->name.text);
    }
}

// ---- the stage ----

static struct stage *append_process(struct flow_cursor *f, const struct ast_stage *ast, const struct input_list *inputs,
                                    struct process *process)
{
    f->at = inputs->items[0].at;
    struct stage *stage = flow_append(f, STAGE_PROCESS, ast);
    for (int i = 1; i < inputs->count; i++)
        stage_add_input(f->c, stage, inputs->items[i].at);
    stage->process = process;
    if (inputs->count > 1)
        add_copartition(f->c, stage);
    return stage;
}

// Errors that the block does not have by itself.
static void relate_use(struct checker *c, const struct ast_stage *ast, const struct stage *at, int from)
{
    for (int i = from; i < c->bag->items.count; i++)
        if (c->bag->items.items[i]->level == DIAG_ERROR)
            diag_related(c->bag, c->bag->items.items[i], ast->span, "used here, where the key is %s",
                         type_show(c->arena, at->out.key->type));
}

void check_process(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    struct declared_process *block = find_process(c, ast->names.items[0]);
    struct input_list inputs = {0};
    if (block)
        block->used = true;
    bool good = block && check_alone(c, block, false) && !stage_is_broken(f->at) && flow_check_shaped(f, ast->word) &&
                find_process_inputs(c, block, f->at, &inputs) && check_process_inputs(c, block, &inputs, ast->span) &&
                bring_process_inputs(f, block, &inputs, ast);
    if (!good) {
        flow_break(f, ast->span);
        return;
    }
    struct block_check b = block_check(c, block, inputs.items[0].at);
    int from = c->bag->items.count;
    struct stage *stage = append_process(f, ast, &inputs, b.process);
    stage->drops_tombstones = !type_is_optional(block->in_value);
    check_handlers(&b, &inputs);
    relate_use(c, ast, inputs.items[0].at, from);
    struct stage *onward = append_emits(&b, stage);
    f->at = onward ? onward : stage;
}
