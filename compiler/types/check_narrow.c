// Flow typing. A fact is about a path: a variable, and fields and entries below it. Variables never change, so a fact
// holds wherever the condition that proved it held.
#include <string.h>

#include "types/expr.h"
#include "types/texpr_walk.h"

enum step_kind { STEP_FIELD, STEP_CASE, STEP_ENTRY };

struct step {
    enum step_kind kind;
    int index;                 // field or case
    const struct texpr *entry; // what a map is looked up by
};

struct path {
    const struct var *var;            // or
    const struct store_place *stored; // a row of a processor block's store
    VEC(struct step) steps;
};

struct narrowing {
    struct path path;
    int known_case; // -1: known not to be null
    struct narrowing *next;
};

// Variables that a lift binds stand for its operands.
struct alias {
    const struct var *var;
    const struct path *path;
    const struct alias *next;
};

static bool is_metadata(enum var_kind kind)
{
    return kind >= VAR_TIMESTAMP && kind <= VAR_OFFSET;
}

static bool same_var(const struct var *a, const struct var *b)
{
    return a == b || (a->kind == b->kind && is_metadata(a->kind));
}

static bool path_of(struct arena *arena, const struct texpr *e, const struct alias *aliases, struct path *path);
static bool same_path(struct arena *arena, const struct path *a, const struct path *b);

// What a map is looked up by: a constant, or a path of its own.
static bool same_entry(struct arena *arena, const struct texpr *a, const struct texpr *b)
{
    if (is_const(a) && is_const(b))
        return a->type == b->type && a->constant.len == b->constant.len && a->constant.integer == b->constant.integer &&
               (a->constant.len == 0 || memcmp(a->constant.text, b->constant.text, a->constant.len) == 0);
    struct path pa = {0}, pb = {0};
    return path_of(arena, a, NULL, &pa) && path_of(arena, b, NULL, &pb) && same_path(arena, &pa, &pb);
}

static bool same_part(struct arena *arena, const struct texpr *a, const struct texpr *b)
{
    return !a || !b ? a == b : texpr_equal(a, b) || same_entry(arena, a, b);
}

static bool same_root(struct arena *arena, const struct path *a, const struct path *b)
{
    const struct store_place *p = a->stored, *q = b->stored;
    if (!p || !q)
        return !p && !q && same_var(a->var, b->var);
    return p->store == q->store && same_part(arena, p->key, q->key) && same_part(arena, p->at, q->at) &&
           same_part(arena, p->from, q->from) && same_part(arena, p->to, q->to);
}

static bool same_path(struct arena *arena, const struct path *a, const struct path *b)
{
    if (!same_root(arena, a, b) || a->steps.count != b->steps.count)
        return false;
    for (int i = 0; i < a->steps.count; i++) {
        const struct step *s = &a->steps.items[i], *t = &b->steps.items[i];
        if (s->kind != t->kind || s->index != t->index ||
            (s->kind == STEP_ENTRY && !same_entry(arena, s->entry, t->entry)))
            return false;
    }
    return true;
}

static bool path_step(struct arena *arena, const struct texpr *e, const struct alias *aliases, enum step_kind kind,
                      struct path *path)
{
    if (!path_of(arena, e->left, aliases, path))
        return false;
    struct step step = {kind, kind == STEP_ENTRY ? 0 : e->index, kind == STEP_ENTRY ? e->right : NULL};
    vec_push(arena, &path->steps, step);
    return true;
}

// `a?.b` is the lift of one operand.
static bool path_of_lift(struct arena *arena, const struct texpr *e, const struct alias *aliases, struct path *path)
{
    struct path operand = {0};
    if (e->vars.count != 1 || !path_of(arena, e->items.items[0], aliases, &operand))
        return false;
    struct alias alias = {e->vars.items[0], &operand, aliases};
    return path_of(arena, e->left, &alias, path);
}

static void search_changing(void *found, const struct texpr *e)
{
    if (e->kind == TEXPR_VAR)
        *(bool *)found |= e->var->changes;
    texpr_each_part(e, search_changing, found);
}

// Whether E (NULL: not said) reads no variable that changes: it comes to the same wherever it is written.
static bool reads_no_changing(const struct texpr *e)
{
    bool changing = false;
    if (e)
        search_changing(&changing, e);
    return !changing;
}

static bool path_of(struct arena *arena, const struct texpr *e, const struct alias *aliases, struct path *path)
{
    switch (e->kind) {
    case TEXPR_VAR:
        for (const struct alias *a = aliases; a; a = a->next)
            if (a->var == e->var) {
                path->var = a->path->var;
                path->stored = a->path->stored;
                for (int i = 0; i < a->path->steps.count; i++)
                    vec_push(arena, &path->steps, a->path->steps.items[i]);
                return true;
            }
        path->var = e->var;
        return !e->var->changes;
    case TEXPR_STORED:
        path->stored = e->place;
        return reads_no_changing(e->place->key) && reads_no_changing(e->place->at) &&
               reads_no_changing(e->place->from) && reads_no_changing(e->place->to);
    case TEXPR_FIELD: return path_step(arena, e, aliases, STEP_FIELD, path);
    case TEXPR_CASE: return path_step(arena, e, aliases, STEP_CASE, path);
    case TEXPR_LOOKUP: return reads_no_changing(e->right) && path_step(arena, e, aliases, STEP_ENTRY, path);
    case TEXPR_UNWRAP:
    case TEXPR_SOME: return path_of(arena, e->left, aliases, path);
    case TEXPR_LIFT: return path_of_lift(arena, e, aliases, path);
    default: return false;
    }
}

static void add_fact(struct arena *arena, struct path path, int known_case, struct narrowing **known)
{
    struct narrowing *fact = arena_new_of(arena, struct narrowing);
    *fact = (struct narrowing){path, known_case, *known};
    *known = fact;
}

// That E is not null; then what it was reached through isn't either.
static void add_not_null(struct checker *c, const struct texpr *e, struct narrowing **known)
{
    struct path path = {0};
    if (e->kind == TEXPR_LIFT)
        for (int i = 0; i < e->items.count; i++)
            add_not_null(c, e->items.items[i], known);
    if (path_of(c->arena, e, NULL, &path))
        add_fact(c->arena, path, -1, known);
}

void narrow_not_null(struct checker *c, struct var *var, struct narrowing **known)
{
    add_not_null(c, texpr_var(c, var, var->span), known);
}

void narrow_carry(struct checker *c, const struct narrowing *known, const struct var *from, const struct var *to,
                  struct narrowing **into)
{
    for (const struct narrowing *fact = known; fact; fact = fact->next) {
        struct path path = fact->path;
        path.var = to;
        if (fact->path.var == from)
            add_fact(c->arena, path, fact->known_case, into);
    }
}

void narrow_to_case(struct checker *c, const struct texpr *e, int index, struct narrowing **known)
{
    struct path path = {0};
    if (path_of(c->arena, e, NULL, &path))
        add_fact(c->arena, path, index, known);
}

// ---- what changes ----

struct change {
    const struct block_store *store; // NULL: headers
    bool found;
};

static void search_change(void *arg, const struct texpr *e)
{
    struct change *change = arg;
    if (change->store ? e->kind == TEXPR_STORED && e->place->store == change->store
                      : e->kind == TEXPR_VAR && e->var->kind == VAR_HEADERS)
        change->found = true;
    else
        texpr_each_part(e, search_change, arg);
}

static bool depends_on(const struct path *path, struct change change)
{
    const struct store_place *p = path->stored;
    struct texpr *parts[] = {p ? p->key : NULL, p ? p->at : NULL, p ? p->from : NULL, p ? p->to : NULL};
    change.found = change.store ? p && p->store == change.store : path->var && path->var->kind == VAR_HEADERS;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            search_change(&change, parts[i]);
    for (int i = 0; i < path->steps.count; i++)
        if (path->steps.items[i].entry)
            search_change(&change, path->steps.items[i].entry);
    return change.found;
}

void narrow_forget(struct checker *c, const struct block_store *store, struct narrowing **known)
{
    struct narrowing *kept = NULL;
    struct change change = {.store = store};
    const struct narrowing *first = *known;
    while (first && !depends_on(&first->path, change))
        first = first->next;
    if (!first)
        return;
    for (const struct narrowing *fact = *known; fact; fact = fact->next)
        if (!depends_on(&fact->path, change))
            add_fact(c->arena, fact->path, fact->known_case, &kept);
    *known = kept;
}

void narrow_row(struct checker *c, const struct store_place *place, struct narrowing **known)
{
    add_fact(c->arena, (struct path){.stored = place}, -1, known);
}

static const struct narrowing *find_fact(struct checker *c, const struct env *env, const struct texpr *e, bool a_case)
{
    struct path path = {0};
    if (!env || !env->known || !path_of(c->arena, e, NULL, &path))
        return NULL;
    for (const struct narrowing *fact = env->known; fact; fact = fact->next)
        if ((fact->known_case >= 0) == a_case && same_path(c->arena, &fact->path, &path))
            return fact;
    return NULL;
}

struct texpr *narrow_apply(struct checker *c, const struct env *env, struct texpr *e)
{
    if (is_error(e) || !type_is_optional(e->type) || !find_fact(c, env, e, false))
        return e;
    return texpr_unary(c, TEXPR_UNWRAP, e->type->element, e, e->span);
}

int narrow_case(struct checker *c, const struct env *env, const struct texpr *e)
{
    const struct narrowing *fact = find_fact(c, env, e, true);
    return fact ? fact->known_case : -1;
}

// ---- what a condition proves ----

// The lifted operands of a comparison are there if it is true: `a > 0` of an a that may be null.
static void narrow_lifted(struct checker *c, const struct texpr *e, struct narrowing **known)
{
    const struct texpr *lift = e->left;
    if (lift->kind != TEXPR_LIFT || !is_const(e->right))
        return;
    for (int i = 0; i < lift->items.count; i++)
        add_not_null(c, lift->items.items[i], known);
    const struct texpr *body = lift->left->kind == TEXPR_SOME ? lift->left->left : lift->left;
    if (body->kind == TEXPR_IS_CASE && lift->items.count == 1)
        narrow_to_case(c, lift->items.items[0], body->index, known);
}

// `x == 5` shows that x is not null: the other side is not.
static void narrow_equal(struct checker *c, const struct texpr *e, struct narrowing **known)
{
    if (!type_is_optional(e->left->type))
        return;
    if (e->right->kind == TEXPR_SOME)
        add_not_null(c, e->left, known);
    if (e->left->kind == TEXPR_SOME)
        add_not_null(c, e->right, known);
}

void narrow_when(struct checker *c, const struct texpr *cond, bool truth, struct narrowing **known)
{
    switch (cond->kind) {
    case TEXPR_NOT: narrow_when(c, cond->left, !truth, known); break;
    case TEXPR_AND:
    case TEXPR_OR:
        // Both sides are what a true && or a false || says; otherwise it could be either.
        if (truth == (cond->kind == TEXPR_AND)) {
            narrow_when(c, cond->left, truth, known);
            narrow_when(c, cond->right, truth, known);
        }
        break;
    case TEXPR_IS_NULL:
        if (!truth)
            add_not_null(c, cond->left, known);
        break;
    case TEXPR_IS_CASE:
        if (truth)
            narrow_to_case(c, cond->left, cond->index, known);
        break;
    case TEXPR_COMPARE:
        if ((cond->op == OP_EQ && truth) || (cond->op == OP_NE && !truth))
            narrow_equal(c, cond, known);
        break;
    case TEXPR_COALESCE:
        // The value for null is the opposite of what it turned out to be.
        if (is_const(cond->right) && (cond->right->constant.integer != 0) != truth)
            narrow_lifted(c, cond, known);
        break;
    default: break;
    }
}
