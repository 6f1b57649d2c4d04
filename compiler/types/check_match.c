// `is` and `match`: the cases of a union. An enum is matched in the same way.
#include "types/expr.h"
#include "types/guess.h"

// `is Paid` where the case is `paid`, of type Paid.
static const char *case_of_type(const struct type *type, const char *name)
{
    for (int i = 0; i < type->fields.count; i++)
        if (type->fields.items[i].type && type->fields.items[i].type->name == name)
            return type->fields.items[i].name;
    return NULL;
}

// The case that NAME is, or -1 after a report.
static int find_case(struct checker *c, const struct type *type, struct name name)
{
    int index = type_field_index(type, name.text);
    if (index >= 0)
        return index;
    struct diag *d = diag_error(c->bag, name.span, "%s has no case `%s`", type->name, name.text);
    const char *near = case_of_type(type, name.text);
    if (!near)
        near = guess_field(c, type, name.text);
    if (near)
        diag_help(c->bag, d, "did you mean `%s`?", near);
    else
        diag_help(c->bag, d, "its cases are: %s", names_list(c, type));
    return -1;
}

struct texpr *infer_is(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct texpr *left = infer_expr(c, env, e->left, NULL);
    if (is_error(left))
        return left;
    const struct type *type = type_plain(left->type);
    if (type->kind != TYPE_UNION) {
        struct diag *d = diag_error(c->bag, e->span, "`is` asks for the case of a union");
        diag_label(c->bag, d, "%s is %s", source_text(c, left->span), type_show(c->arena, left->type));
        if (type->kind == TYPE_ENUM)
            diag_help(c->bag, d, "write `%s == %s`", source_text(c, left->span), e->name.text);
        return texpr_error(c, e->span);
    }
    int index = find_case(c, type, e->name);
    if (index < 0)
        return texpr_error(c, e->span);
    struct lift lift = {0};
    left = lift_operand(c, &lift, left);
    struct texpr *test = texpr_unary(c, TEXPR_IS_CASE, kind_type(c, TYPE_BOOL), left, e->span);
    test->index = index;
    return lift_bool(c, &lift, test, false);
}

// ---- match ----

struct match {
    struct checker *c;
    const struct env *env;
    const struct ast_expr *e;
    struct texpr *left;
    const struct type *type;           // of left: a union or an enum
    const struct ast_match_arm **arms; // by case: the arm that takes it
    const struct ast_match_arm *otherwise;
    VEC(struct texpr_arm) checked;
    VEC(struct texpr *) values; // of the checked arms
    bool wrong;
};

static void report_twice(struct match *m, const struct ast_match_arm *arm, const struct ast_match_arm *first)
{
    struct span span = arm->is_else ? arm->span : arm->tag.span;
    struct diag *d = arm->is_else ? diag_error(m->c->bag, span, "`else` is there twice")
                                  : diag_error(m->c->bag, span, "the case `%s` is there twice", arm->tag.text);
    diag_related(m->c->bag, d, first->is_else ? first->span : first->tag.span, "first here");
    m->wrong = true;
}

// What is in scope in an arm: its binding, and that the value is of the case.
static struct env arm_env(struct match *m, const struct ast_match_arm *arm, struct texpr_arm *out)
{
    struct checker *c = m->c;
    struct env inside = env_inside(m->env);
    if (out->index < 0 || m->type->kind != TYPE_UNION)
        return inside;
    narrow_to_case(c, m->left, out->index, &inside.known);
    if (arm->binding.text) {
        const struct type *record = m->type->fields.items[out->index].type;
        out->binding = var_new(c, VAR_LOCAL, arm->binding.text, record, arm->binding.span);
        vec_push(c->arena, &inside.vars, out->binding);
    }
    return inside;
}

static bool place_arm(struct match *m, const struct ast_match_arm *arm, struct texpr_arm *out)
{
    const struct ast_match_arm **place = &m->otherwise;
    out->index = -1;
    if (!arm->is_else) {
        out->index = find_case(m->c, m->type, arm->tag);
        if (out->index < 0)
            return false;
        place = &m->arms[out->index];
    }
    if (*place) {
        report_twice(m, arm, *place);
        return false;
    }
    *place = arm;
    if (arm->binding.text && m->type->kind == TYPE_ENUM) {
        struct diag *d = diag_error(m->c->bag, arm->binding.span, "a case of an enum has nothing to name");
        diag_help(m->c->bag, d, "write `%s => ...`", arm->tag.text);
        return false;
    }
    return true;
}

static void check_arm(struct match *m, const struct ast_match_arm *arm, const struct type *hint)
{
    struct texpr_arm out = {0};
    if (!place_arm(m, arm, &out)) {
        m->wrong = true;
        return;
    }
    struct env inside = arm_env(m, arm, &out);
    out.value = infer_expr(m->c, &inside, arm->value, hint);
    m->wrong = m->wrong || is_error(out.value);
    vec_push(m->c->arena, &m->checked, out);
    vec_push(m->c->arena, &m->values, out.value);
}

static void check_exhaustive(struct match *m)
{
    struct checker *c = m->c;
    const char *missing = "";
    int count = 0;
    for (int i = 0; i < m->type->fields.count; i++)
        if (!m->arms[i] && count++ < 12)
            missing = arena_printf(c->arena, "%s%s`%s`", missing, count > 1 ? ", " : "", m->type->fields.items[i].name);
    if (count == 0 && m->otherwise) {
        struct diag *d = diag_warning(c->bag, m->otherwise->span, "this `else` is never used");
        diag_help(c->bag, d, "the arms before it cover every case of %s", m->type->name);
    }
    if (count == 0 || m->otherwise || m->wrong)
        return;
    struct diag *d = diag_error(c->bag, m->e->span, "this match does not cover every case of %s", m->type->name);
    diag_label(c->bag, d, "missing: %s%s", missing, count > 12 ? ", ..." : "");
    diag_help(c->bag, d, "add the missing cases, or `else => ...`");
    m->wrong = true;
}

static void report_arms(struct match *m)
{
    struct checker *c = m->c;
    for (int i = 1; i < m->values.count; i++) {
        const struct texpr *first = m->values.items[0], *value = m->values.items[i];
        if (common_type(c, first, value))
            continue;
        struct diag *d = diag_error(c->bag, value->span, "the arms of this match give different types");
        diag_label(c->bag, d, "this is %s", type_show(c->arena, value->type));
        diag_related(c->bag, d, first->span, "this is %s", type_show(c->arena, first->type));
        help_conversion(c, d, source_text(c, value->span), type_plain(value->type), type_plain(first->type));
        return;
    }
    diag_error(c->bag, m->e->span, "the arms of this match have no type in common");
}

// An enum's match is a chain of comparisons.
static struct texpr *enum_match(struct match *m, const struct type *type)
{
    struct checker *c = m->c;
    struct texpr *chain = NULL;
    for (int i = 0; i < m->checked.count; i++)
        if (m->checked.items[i].index < 0)
            chain = m->values.items[i];
    for (int i = m->checked.count - 1; i >= 0; i--) {
        const struct texpr_arm *arm = &m->checked.items[i];
        if (arm->index < 0)
            continue;
        if (!chain) {
            chain = m->values.items[i];
            continue;
        }
        struct texpr *is = texpr_binary(c, TEXPR_COMPARE, OP_EQ, kind_type(c, TYPE_BOOL), m->left,
                                        texpr_int(c, m->type, arm->index, m->e->span), m->e->span);
        chain = texpr_binary(c, TEXPR_IF, OP_EQ, type, m->values.items[i], chain, m->e->span);
        chain->cond = fold_node(c, is);
    }
    return chain;
}

static struct texpr *finish_match(struct match *m, const struct type *hint)
{
    struct checker *c = m->c;
    if (m->wrong)
        return texpr_error(c, m->e->span);
    const struct type *type = unify(c, m->values.items, m->values.count, hint);
    if (!type) {
        report_arms(m);
        return texpr_error(c, m->e->span);
    }
    if (m->type->kind == TYPE_ENUM)
        return enum_match(m, type);
    struct texpr *match = texpr_unary(c, TEXPR_MATCH, type, m->left, m->e->span);
    for (int i = 0; i < m->checked.count; i++) {
        struct texpr_arm arm = m->checked.items[i];
        arm.value = m->values.items[i];
        vec_push(c->arena, &match->arms, arm);
    }
    return match;
}

static struct texpr *report_not_matched(struct checker *c, const struct ast_expr *e, const struct texpr *left)
{
    const struct type *type = type_plain(left->type);
    if (type_is_optional(left->type) && (type->kind == TYPE_UNION || type->kind == TYPE_ENUM)) {
        report_may_be_null(c, left);
        return texpr_error(c, e->span);
    }
    struct diag *d = diag_error(c->bag, left->span, "`match` is for unions and enums");
    diag_label(c->bag, d, "this is %s", type_show(c->arena, left->type));
    diag_help(c->bag, d, "write `if ... then ... else ...`");
    return texpr_error(c, e->span);
}

struct texpr *infer_match(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    struct texpr *left = require_type(c, infer_expr(c, env, e->left, NULL));
    if (is_error(left))
        return left;
    if (left->type->kind != TYPE_UNION && left->type->kind != TYPE_ENUM)
        return report_not_matched(c, e, left);
    struct match m = {.c = c, .env = env, .e = e, .left = left, .type = left->type};
    m.arms = arena_alloc(c->arena, (size_t)left->type->fields.count * sizeof *m.arms);
    for (int i = 0; i < e->arms.count; i++)
        check_arm(&m, &e->arms.items[i], hint);
    check_exhaustive(&m);
    if (!m.wrong && m.values.count == 0) {
        diag_error(c->bag, e->span, "this match has no arms");
        m.wrong = true;
    }
    return finish_match(&m, hint);
}
