// What comes into a processor block: the flow that it stands in, and those that it names.
#include <string.h>

#include "types/process_check.h"

static const struct ast_process_handler *find_on_record(struct checker *c, const struct ast_decl *decl)
{
    const struct ast_process_handler *found = NULL;
    for (int i = 0; i < decl->handlers.count; i++) {
        const struct ast_process_handler *handler = &decl->handlers.items[i];
        if (handler->punctuation || handler->input.text)
            continue;
        if (found) {
            struct diag *d = diag_error(c->bag, handler->span, "this block has two `on record`");
            diag_related(c->bag, d, found->span, "first here");
        }
        found = found ? found : handler;
    }
    if (!found && c->bag->errors == 0) {
        struct diag *d = diag_warning(c->bag, decl->name.span, "nothing is done with the records that come to `%s`",
                                      decl->name.text);
        diag_help(c->bag, d, "`on record { ... }` is done for each");
    }
    return found;
}

static bool comes_in(const struct input_list *inputs, const struct stage *at)
{
    for (int i = 0; i < inputs->count; i++)
        if (inputs->items[i].at == at)
            return true;
    return false;
}

static struct stage *use_input(struct checker *c, struct name name)
{
    struct stage *at = flow_use(c, name, (struct name){0});
    if (!at || stage_is_broken(at))
        return NULL;
    if (at->out.kind != FLOW_STREAM) {
        struct diag *d = diag_error(c->bag, name.span, "`%s` is a table; only streams come into a block", name.text);
        if (stage_is_global(at))
            diag_help(c->bag, d, "join it before the block");
        else
            diag_help(c->bag, d, "take its changes: `stream NAME = %s | as stream`", name.text);
        return NULL;
    }
    struct flow_cursor cursor = {.c = c, .at = at};
    return flow_check_shaped(&cursor, name.span) ? at : NULL;
}

// The flow's own records first, then those of the flows that handlers name.
bool find_process_inputs(struct checker *c, const struct declared_process *block, struct stage *at,
                         struct input_list *inputs)
{
    const struct ast_decl *decl = block->decl;
    struct process_input own = {.at = at, .handler = find_on_record(c, decl)};
    bool good = true;
    vec_push(c->arena, inputs, own);
    for (int i = 0; i < decl->handlers.count; i++) {
        const struct ast_process_handler *handler = &decl->handlers.items[i];
        if (!handler->input.text)
            continue;
        struct process_input input = {use_input(c, handler->input), handler->input, handler};
        if (input.at && comes_in(inputs, input.at)) {
            diag_error(c->bag, handler->input.span, "the records of `%s` come in already", handler->input.text);
            input.at = NULL;
        }
        good = good && input.at;
        vec_push(c->arena, inputs, input);
    }
    return good;
}

// ---- what comes in is what the block says ----

static bool fits(const struct type *want, const struct type *have)
{
    return want->kind == TYPE_ERROR || have->kind == TYPE_ERROR || type_same(want, have);
}

const struct type *known_type(struct checker *c, const struct stage *at, struct var *var)
{
    struct env env = shape_env(&at->out);
    return narrow_apply(c, &env, texpr_var(c, var, var->span))->type;
}

static bool report_input(struct checker *c, const struct declared_process *block, struct span span, const char *what,
                         const struct type *want, const struct type *have)
{
    struct diag *d =
        diag_error(c->bag, span, "this flow's %s is not the one that `%s` takes", what, block->decl->name.text);
    label_difference(c, d, want, have);
    diag_related(c->bag, d, block->decl->name.span, "declared here");
    if (type_is_optional(have) && fits(want, type_plain(have)))
        diag_help(c->bag, d, "leave out nulls before it: `filter %s != null`", what);
    else if (type_is_optional(want) && fits(type_plain(want), have))
        diag_help(c->bag, d,
                  "nulls are seen where the source says `?` behind the type; else write the block's type without it");
    else
        diag_help(c->bag, d, "bring it to that type before: `%s ...`", strcmp(what, "key") == 0 ? "key by" : "map");
    return false;
}

// KEY NULL: any.
static bool check_input(struct checker *c, const struct declared_process *block, const struct process_input *input,
                        struct span span, const struct type *key)
{
    const struct shape *in = &input->at->out;
    const struct type *have = known_type(c, input->at, in->key), *value = known_type(c, input->at, in->value);
    if (!flow_check_windowless(c, input->at, span, "keys with windows don't come into a block",
                               ", or make it a part of the key: `key by { key, start: window.start }`"))
        return false;
    if (key && !fits(key, have))
        return report_input(c, block, span, "key", key, have);
    return input->name.text || fits(block->in_value, value) ||
           report_input(c, block, span, "value", block->in_value, value);
}

bool check_process_inputs(struct checker *c, const struct declared_process *block, const struct input_list *inputs,
                          struct span span)
{
    const struct type *key = block->in_key;
    bool good = true;
    for (int i = 0; i < inputs->count; i++) {
        const struct process_input *input = &inputs->items[i];
        good &= check_input(c, block, input, i ? input->name.span : span, key);
        if (!key)
            key = known_type(c, input->at, input->at->out.key);
    }
    return good;
}

// ---- together ----

// Its rows are found where the key is.
static void bring_key(struct flow_cursor *f, const struct declared_process *block, int inputs, struct span span)
{
    if (f->at->out.key_changed && (block->decl->stores.count || inputs > 1))
        flow_bring(f, NULL, (struct repartition){0}, span);
}

bool bring_process_inputs(struct flow_cursor *f, const struct declared_process *block, struct input_list *inputs,
                          const struct ast_stage *ast)
{
    VEC(struct partitioned) parts = {0};
    for (int i = 0; i < inputs->count; i++) {
        struct process_input *input = &inputs->items[i];
        struct flow_cursor other = {.c = f->c, .flow = f->flow, .within = f->within, .at = input->at};
        bring_key(&other, block, inputs->count, i ? input->name.span : ast->span);
        input->at = other.at;
        struct partitioned part = {input->at, i ? input->name.text : f->within, i ? input->name.span : ast->word};
        vec_push(f->c->arena, &parts, part);
    }
    return inputs->count == 1 || prove_copartition(f->c, parts.items, parts.count, NULL);
}
