// The stores of a processor block.
#include <string.h>

#include "types/process_check.h"

static bool is_reserved(const char *name)
{
    static const char *const words[] = {"key",   "value",     "timestamp", "headers",
                                        "topic", "partition", "offset",    "window"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return false;
}

static bool check_store_name(struct block_check *b, const struct ast_process_store *ast)
{
    struct checker *c = b->c;
    const struct block_store *before = find_block_store(b, ast->name.text);
    struct diag *d;
    if (before) {
        d = diag_error(c->bag, ast->name.span, "this block has two stores named `%s`", ast->name.text);
        diag_related(c->bag, d, before->span, "first here");
        return false;
    }
    if (is_reserved(ast->name.text)) {
        d = diag_error(c->bag, ast->name.span, "a store can't be called `%s`", ast->name.text);
        diag_help(c->bag, d, "that is a part of the record");
        return false;
    }
    return true;
}

static enum block_store_kind kind_of(const struct ast_process_store *ast)
{
    return ast->window >= 0      ? BLOCK_STORE_WINDOWS
           : ast->session >= 0   ? BLOCK_STORE_SESSIONS
           : ast->versioned >= 0 ? BLOCK_STORE_VERSIONS
                                 : BLOCK_STORE_KEYS;
}

// A null key finds nothing, and a null value is nothing that is kept.
static const struct serde *check_part(struct block_check *b, const struct ast_type *ast, const char *what)
{
    struct checker *c = b->c;
    const struct type *type = resolve_type(c, ast);
    if (type_is_optional(type)) {
        struct diag *d = diag_error(c->bag, ast->span, "the %ss of a store are never null", what);
        diag_help(c->bag, d, "leave out the `?`%s",
                  what[0] == 'v' ? ": what is not there is null when it is read, `delete` makes it so" : "");
    }
    return serde_of_type(c, type_plain(type));
}

static void check_kinds(struct block_check *b, const struct ast_process_store *ast)
{
    int kinds = (ast->window >= 0) + (ast->session >= 0) + (ast->versioned >= 0);
    if (kinds > 1) {
        struct diag *d = diag_error(b->c->bag, ast->span, "a store is of one kind: `window`, `session` or `versioned`");
        diag_help(b->c->bag, d, "keep what belongs to each in a store of its own");
    }
}

static void check_time(struct block_check *b, const struct ast_process_store *ast, int64_t time)
{
    struct checker *c = b->c;
    if (time == 0)
        diag_error(c->bag, ast->kind.span, "`%s` must be longer than 0", ast->kind.text);
    else
        flow_check_longest(c, time, ast->kind.span, "this is");
}

static void check_retain(struct block_check *b, const struct ast_process_store *ast)
{
    struct checker *c = b->c;
    struct diag *d;
    if (ast->retain < 0)
        return;
    if (ast->window < 0) {
        d = diag_error(c->bag, ast->span, "only a store with windows has `retain`");
        diag_help(c->bag, d, "`session D` and `versioned D` say themselves how long what they hold is kept");
    } else if (ast->retain < ast->window) {
        d = diag_error(c->bag, ast->span, "`retain` is shorter than a window");
        diag_help(c->bag, d, "a window of %s is kept for as long as that at least",
                  duration_show(c->arena, ast->window));
    } else
        flow_check_longest(c, ast->retain, ast->span, "this is");
}

static struct block_store *make_store(struct block_check *b, const struct ast_process_store *ast)
{
    struct block_store *s = arena_new_of(b->c->arena, struct block_store);
    s->kind = kind_of(ast);
    s->name = ast->name.text;
    s->span = ast->name.span;
    s->key = check_part(b, ast->key, "key");
    s->value = check_part(b, ast->value, "value");
    s->store = ast->store.kind;
    s->size = ast->window > 0 ? ast->window : 0;
    s->retention = ast->session >= 0 ? ast->session : ast->retain >= 0 ? ast->retain : s->size;
    s->history = ast->versioned > 0 ? ast->versioned : 0;
    s->no_changelog = ast->no_changelog;
    s->shared = ast->shared;
    check_kinds(b, ast);
    check_time(b, ast, ast->window >= 0 ? ast->window : ast->session >= 0 ? ast->session : ast->versioned);
    check_retain(b, ast);
    return s;
}

// ---- shared ones ----

static const char *difference(const struct block_store *a, const struct block_store *b)
{
    return a->kind != b->kind                                         ? "kind"
           : a->key->type != b->key->type                             ? "key"
           : a->value->type != b->value->type                         ? "value"
           : a->size != b->size                                       ? "window"
           : a->retention != b->retention || a->history != b->history ? "retention"
           : a->store != b->store                                     ? "place (`memory`, `rocksdb`)"
           : a->no_changelog != b->no_changelog                       ? "changelog"
                                                                      : NULL;
}

// The one that all blocks have.
static struct block_store *share(struct block_check *b, struct block_store *store)
{
    struct checker *c = b->c;
    struct block_store *first = name_map_add(&c->process_scope->shared, store->name, store);
    const char *what = first ? difference(first, store) : NULL;
    if (!what)
        return first ? first : store;
    struct diag *d = diag_error(c->bag, store->span, "the shared store `%s` has another %s here", store->name, what);
    diag_related(c->bag, d, first->span, "declared first here");
    diag_help(c->bag, d, "all blocks that share a store declare the same");
    return store;
}

void declare_stores(struct block_check *b)
{
    const struct ast_decl *decl = b->block->decl;
    for (int i = 0; i < decl->stores.count; i++) {
        const struct ast_process_store *ast = &decl->stores.items[i];
        if (!ast->name.text || !check_store_name(b, ast))
            continue;
        struct block_store *store = make_store(b, ast);
        vec_push(b->c->arena, &b->process->stores, store->shared ? share(b, store) : store);
    }
}

static bool has_store(const struct stage *stage, const struct block_store *store)
{
    for (int i = 0; stage->process && i < stage->process->stores.count; i++)
        if (stage->process->stores.items[i] == store)
            return true;
    return false;
}

static void check_shared_store(struct checker *c, const struct block_store *store)
{
    VEC(const struct stage *) blocks = {0};
    VEC(struct partitioned) inputs = {0};
    for (int i = 0; i < c->program->stages.count; i++) {
        const struct stage *stage = c->program->stages.items[i];
        if (!has_store(stage, store))
            continue;
        struct partitioned input = {stage->inputs.items[0], stage->within, stage->span};
        vec_push(c->arena, &blocks, stage);
        vec_push(c->arena, &inputs, input);
    }
    if (blocks.count == 1 && c->bag->errors == 0) {
        struct diag *d = diag_warning(c->bag, store->span, "nothing else shares `%s`", store->name);
        diag_help(c->bag, d, "leave out `shared`, or declare it in the other block, too");
    } else if (blocks.count > 1 && prove_copartition(c, inputs.items, inputs.count, NULL))
        add_copartition_of(c, blocks.items, blocks.count);
}

void check_shared_stores(struct checker *c)
{
    for (int i = 0; i < c->process_scope->shared.entries.count; i++)
        check_shared_store(c, c->process_scope->shared.entries.items[i].value);
}

// A store that one block shares and another has for itself would be two of one name.
void check_who_shares(struct checker *c, const struct ast_decl *decl)
{
    for (int i = 0; i < decl->stores.count; i++) {
        const struct ast_process_store *ast = &decl->stores.items[i];
        const struct ast_process_store *shared =
            ast->name.text && !ast->shared ? name_map_get(&c->process_scope->said_shared, ast->name.text) : NULL;
        if (!shared)
            continue;
        struct diag *d = diag_error(c->bag, ast->name.span, "another block shares a store `%s`", ast->name.text);
        diag_related(c->bag, d, shared->name.span, "here");
        diag_help(c->bag, d, "say `shared` here, too, or give this one another name");
    }
}

// ---- in use ----

struct block_store *find_block_store(const struct block_check *b, const char *name)
{
    for (int i = 0; i < b->process->stores.count; i++)
        if (strcmp(b->process->stores.items[i]->name, name) == 0)
            return b->process->stores.items[i];
    return NULL;
}

void warn_unused_stores(const struct block_check *b)
{
    if (b->c->bag->errors > 0)
        return;
    for (int i = 0; i < b->process->stores.count; i++) {
        const struct block_store *store = b->process->stores.items[i];
        bool named = false;
        for (int k = 0; !named && k < b->named.count; k++)
            named = b->named.items[k] == store;
        if (!named)
            diag_warning(b->c->bag, store->span, "the store `%s` is never used", store->name);
    }
}
