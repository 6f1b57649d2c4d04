// Places in the stores of a processor block: `s[k]`, `w[k, start]`, `w[k, a..b]`.
#include "types/process_check.h"

struct block_store *store_named(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    if (!c->block || e->kind != AST_NAME || find_local(env, e->name.text))
        return NULL;
    struct block_store *store = find_block_store(c->block, e->name.text);
    if (store)
        vec_push(c->arena, &c->block->named, store);
    return store;
}

// ---- what may stand in the brackets ----

// How a row of each kind is named.
static const char *row_of(struct checker *c, const struct block_store *s)
{
    switch (s->kind) {
    case BLOCK_STORE_KEYS: return arena_printf(c->arena, "`%s[key]`", s->name);
    case BLOCK_STORE_WINDOWS: return arena_printf(c->arena, "`%s[key, start]`: `start` is that of a window", s->name);
    case BLOCK_STORE_SESSIONS: return arena_printf(c->arena, "`%s[key, start..end]`", s->name);
    case BLOCK_STORE_VERSIONS: break;
    }
    return arena_printf(c->arena, "`%s[key]`, or `%s[key, time]`: as it was then", s->name, s->name);
}

static bool report_place(struct checker *c, const struct block_store *s, struct span span, enum place_use use)
{
    struct diag *d;
    if (use == PLACE_SCAN && s->kind == BLOCK_STORE_VERSIONS) {
        d = diag_error(c->bag, span, "there are no loops over a versioned store");
        diag_help(c->bag, d, "read rows by their keys: %s", row_of(c, s));
        return false;
    }
    d = diag_error(c->bag, span, "this is no %s of `%s`", use == PLACE_SCAN ? "part" : "row", s->name);
    diag_related(c->bag, d, s->span, "declared here");
    if (use == PLACE_SCAN && s->kind == BLOCK_STORE_KEYS)
        diag_help(c->bag, d, "`%s` is all of it, `%s[from..to]` are the keys in between", s->name, s->name);
    else if (use == PLACE_SCAN)
        diag_help(c->bag, d, "`%s` is all of it, `%s[key, from..to]` is a time of one key, `%s[from..to]` of all keys",
                  s->name, s->name, s->name);
    else
        diag_help(c->bag, d, "a row is %s", row_of(c, s));
    return false;
}

struct brackets {
    const struct ast_expr *key, *at, *range; // as written; NULL: not there
};

static bool take_index(struct brackets *in, const struct ast_expr *index, bool first)
{
    const struct ast_expr **place = index->kind == AST_RANGE ? &in->range : first ? &in->key : &in->at;
    bool free = !*place;
    *place = index;
    return free;
}

static bool is_row(const struct block_store *s, const struct brackets *in)
{
    switch (s->kind) {
    case BLOCK_STORE_KEYS: return in->key && !in->at && !in->range;
    case BLOCK_STORE_WINDOWS: return in->key && in->at && !in->range;
    case BLOCK_STORE_SESSIONS: return in->key && !in->at && in->range && in->range->left && in->range->right;
    case BLOCK_STORE_VERSIONS: return in->key && !in->range;
    }
    return false;
}

// Of keys: all, or a range. Of times: all, of a key, in a range, or both.
static bool is_part(const struct block_store *s, const struct brackets *in)
{
    if (s->kind == BLOCK_STORE_VERSIONS || in->at)
        return false;
    return s->kind != BLOCK_STORE_KEYS || !in->key;
}

// A range stands alone or last.
static bool read_brackets(const struct ast_expr *e, struct brackets *in)
{
    if (e->kind != AST_INDEX)
        return true;
    bool good = take_index(in, e->right, true);
    for (int i = 0; i < e->items.count; i++)
        good = good && !(e->right->kind == AST_RANGE) && take_index(in, e->items.items[i], false);
    return good && e->items.count <= 1;
}

bool place_is_row(const struct ast_expr *e, const struct block_store *store)
{
    struct brackets in = {0};
    return read_brackets(e, &in) && is_row(store, &in) && !is_part(store, &in);
}

static bool check_shape_of_place(struct checker *c, const struct ast_expr *e, const struct block_store *store,
                                 enum place_use use, struct brackets *in)
{
    if (read_brackets(e, in) && (use == PLACE_SCAN ? is_part(store, in) : is_row(store, in)))
        return true;
    return report_place(c, store, e->span, use);
}

// ---- the place ----

static struct texpr *part(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *type)
{
    return e ? fold_expr(c, check_expr(c, env, e, type)) : NULL;
}

bool check_place(struct checker *c, const struct env *env, const struct ast_expr *e, struct block_store *store,
                 enum place_use use, struct store_place *place)
{
    struct brackets in = {0};
    const struct type *key = store->key->type, *time = kind_type(c, TYPE_TIMESTAMP);
    *place = (struct store_place){.store = store};
    if (!check_shape_of_place(c, e, store, use, &in))
        return false;
    place->key = part(c, env, in.key, key);
    place->at = part(c, env, in.at, time);
    if (in.range) {
        place->from = part(c, env, in.range->left, store->kind == BLOCK_STORE_KEYS ? key : time);
        place->to = part(c, env, in.range->right, store->kind == BLOCK_STORE_KEYS ? key : time);
    }
    return true;
}

// ---- in an expression ----

struct texpr *infer_stored(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct block_store *store = store_named(c, env, e->left);
    if (!store)
        return NULL;
    struct store_place *place = arena_new_of(c->arena, struct store_place);
    if (!check_place(c, env, e, store, PLACE_READ, place))
        return texpr_error(c, e->span);
    struct texpr *stored = texpr_new(c, TEXPR_STORED, type_optional(c->types, store->value->type), e->span);
    stored->place = place;
    return narrow_apply(c, env, stored);
}

struct texpr *report_bare_store(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    const struct block_store *store = store_named(c, env, e);
    if (!store)
        return NULL;
    struct diag *d = diag_error(c->bag, e->span, "`%s` is a store: say which row", store->name);
    diag_help(c->bag, d, "a row is %s", row_of(c, store));
    return texpr_error(c, e->span);
}
