// Expressions: infer what each is by itself, then convert it to what its place needs.
#include "types/expr.h"

#include <string.h>

// Deeper than anyone writes by hand, and shallow enough for the stack.
enum { MAX_DEPTH = 1000, MAX_QUOTED = 40 };

struct var *var_new(struct checker *c, enum var_kind kind, const char *name, const struct type *type, struct span span)
{
    struct var *var = arena_new_of(c->arena, struct var);
    var->kind = kind;
    var->id = c->next_var++;
    var->name = name;
    var->type = type;
    var->span = span;
    return var;
}

struct env env_inside(const struct env *outer)
{
    return (struct env){.outer = outer, .known = outer ? outer->known : NULL};
}

const struct env *env_record(const struct env *env)
{
    while (env && !env->shape)
        env = env->outer;
    return env;
}

const char *source_text(struct checker *c, struct span span)
{
    if (span.file < 0 || span.end <= span.begin || span.end - span.begin > MAX_QUOTED)
        return "x";
    const char *text = c->bag->sources->files.items[span.file]->text + span.begin;
    size_t len = span.end - span.begin;
    if (memchr(text, '\n', len))
        return "x";
    return arena_strndup(c->arena, text, len);
}

struct diag_mark diag_mark(const struct checker *c)
{
    return (struct diag_mark){c->bag->items.count, c->bag->errors, c->bag->warnings};
}

void diag_reset(struct checker *c, struct diag_mark mark)
{
    c->bag->items.count = mark.count;
    c->bag->errors = mark.errors;
    c->bag->warnings = mark.warnings;
}

bool needs_hint(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    switch (e->kind) {
    case AST_NULL:
    case AST_INT:
    case AST_NUMBER:
    case AST_STRING:
    case AST_RECORD:
    case AST_LIST:
    case AST_MAP: return true;
    case AST_UNARY: return e->op == OP_NEG && needs_hint(c, env, e->left);
    case AST_IF: return needs_hint(c, env, e->left) && needs_hint(c, env, e->right);
    case AST_NAME: return !name_in_scope(c, env, e->name.text);
    default: return false;
    }
}

static struct texpr *infer_try(struct checker *c, const struct env *env, const struct ast_expr *e,
                               const struct type *hint)
{
    struct texpr *left = require_type(c, infer_expr(c, env, e->left, hint ? type_plain(hint) : NULL));
    if (is_error(left))
        return left;
    return texpr_unary(c, TEXPR_TRY, type_optional(c->types, left->type), left, e->span);
}

static struct texpr *lambda_misplaced(struct checker *c, const struct ast_expr *e)
{
    struct diag *d = diag_error(c->bag, e->span, "a lambda can only be an argument of a function");
    diag_help(c->bag, d, "as in `map(items, i => i.qty * i.price)`");
    return texpr_error(c, e->span);
}

static struct texpr *size_misplaced(struct checker *c, const struct ast_expr *e)
{
    struct diag *d = diag_error(c->bag, e->span, "a size is only for settings such as `cache 64MB`");
    diag_help(c->bag, d, "here, write the number of bytes: %lld", (long long)e->integer);
    return texpr_error(c, e->span);
}

static struct texpr *infer_form(struct checker *c, const struct env *env, const struct ast_expr *e,
                                const struct type *hint)
{
    switch (e->kind) {
    case AST_NULL: return texpr_none(c, kind_type(c, TYPE_NULL), e->span);
    case AST_BOOL: return texpr_bool(c, e->boolean, e->span);
    case AST_INT:
    case AST_NUMBER: return infer_number(c, e, false, hint);
    case AST_STRING: return texpr_text(c, kind_type(c, TYPE_STRING), e->string, e->string_len, e->span);
    case AST_DURATION: return texpr_int(c, kind_type(c, TYPE_DURATION), e->integer, e->span);
    case AST_SIZE: return size_misplaced(c, e);
    case AST_TIMESTAMP: return texpr_int(c, kind_type(c, TYPE_TIMESTAMP), e->integer, e->span);
    case AST_NAME: return infer_name(c, env, e, hint);
    case AST_FIELD:
    case AST_SAFE_FIELD: return infer_field(c, env, e);
    case AST_INDEX: return infer_index(c, env, e);
    case AST_CALL: return infer_call(c, env, e, hint);
    case AST_UNARY: return infer_unary(c, env, e, hint);
    case AST_BINARY: return infer_binary(c, env, e, hint);
    case AST_IF: return infer_if(c, env, e, hint);
    case AST_IN: return infer_in(c, env, e);
    case AST_IS: return infer_is(c, env, e);
    case AST_MATCH: return infer_match(c, env, e, hint);
    case AST_TRY: return infer_try(c, env, e, hint);
    case AST_LAMBDA: return lambda_misplaced(c, e);
    case AST_RECORD: return infer_record(c, env, e, hint);
    case AST_LIST: return infer_list(c, env, e, hint);
    case AST_MAP: return infer_map(c, env, e, hint);
    case AST_RANGE:
    case AST_ERROR: break;
    }
    return texpr_error(c, e->span);
}

struct texpr *infer_expr(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    if (c->depth >= MAX_DEPTH) {
        struct diag *d = diag_error(c->bag, e->span, "this expression is nested too deeply");
        diag_help(c->bag, d, "name a part of it with `let`, or make it a list");
        return texpr_error(c, e->span);
    }
    c->depth++;
    struct texpr *result = infer_form(c, env, e, hint);
    c->depth--;
    return is_error(result) ? result : fold_node(c, result);
}

bool is_vague(const struct type *type)
{
    return type->kind == TYPE_NULL || ((type->kind == TYPE_LIST || type->kind == TYPE_MAP) && is_vague(type->element));
}

struct texpr *require_type(struct checker *c, struct texpr *e)
{
    // A variable of such a type is the state of a fold, while the fold's lambda is tried.
    if (is_error(e) || !is_vague(e->type) || e->kind == TEXPR_VAR || e->kind == TEXPR_FIELD)
        return e;
    if (e->type->kind == TYPE_NULL) {
        struct diag *d = diag_error(c->bag, e->span, "nothing here says what type this null is of");
        diag_help(c->bag, d, "compute it from a value, as in `nullif(x, x)`: a null of x's type");
    } else if (e->kind == TEXPR_LIST && e->items.count == 0) {
        struct diag *d = diag_error(c->bag, e->span, "nothing here says what this empty list is a list of");
        diag_help(c->bag, d, "compute it from a list, as in `slice(items, 0, 0)`");
    } else {
        diag_error(c->bag, e->span, "nothing here says what type the values in this are of");
    }
    return texpr_error(c, e->span);
}

struct texpr *check_expr(struct checker *c, const struct env *env, const struct ast_expr *e,
                         const struct type *expected)
{
    struct texpr *result = infer_expr(c, env, e, expected);
    if (is_error(result))
        return result;
    if (!expected || expected->kind == TYPE_ERROR)
        return require_type(c, result);
    return fold_node(c, convert_or_report(c, result, expected));
}

struct texpr *check_bool(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    return check_expr(c, env, e, kind_type(c, TYPE_BOOL));
}

struct texpr *check_condition(struct checker *c, const struct env *env, const struct ast_expr *e,
                              struct narrowing **known)
{
    struct texpr *cond = check_bool(c, env, e);
    if (!is_error(cond))
        narrow_when(c, cond, true, known);
    return cond;
}

struct texpr *check_constant(struct checker *c, const struct ast_expr *e, const struct type *expected)
{
    return check_expr(c, NULL, e, expected);
}

// The type that all ITEMS have in common; NULL if there is none.
static const struct type *common_of_all(struct checker *c, struct texpr **items, int count)
{
    const struct texpr *common = NULL;
    for (int i = 0; i < count; i++) {
        if (is_error(items[i]))
            continue;
        const struct type *type = common ? common_type(c, common, items[i]) : items[i]->type;
        if (!type)
            return NULL;
        // A constant keeps its freedom to become the type of what it meets.
        if (!common || (type == items[i]->type && !is_const(items[i])))
            common = items[i];
        if (common->type != type)
            common = texpr_new(c, TEXPR_VAR, type, items[i]->span);
    }
    return common ? common->type : kind_type(c, TYPE_ERROR);
}

static bool all_convert(struct checker *c, struct texpr **items, int count, const struct type *type)
{
    for (int i = 0; i < count; i++)
        if (!is_error(items[i]) && !convert_to(c, items[i], type))
            return false;
    return true;
}

const struct type *unify(struct checker *c, struct texpr **items, int count, const struct type *hint)
{
    const struct type *type = hint && all_convert(c, items, count, hint) ? hint : common_of_all(c, items, count);
    if (!type || !all_convert(c, items, count, type))
        return NULL;
    for (int i = 0; i < count; i++)
        if (!is_error(items[i]))
            items[i] = convert_to(c, items[i], type);
    return type;
}
