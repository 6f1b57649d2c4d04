#include "types/overload.h"

int sig_var_index(char var)
{
    switch (var) {
    case 'A': return 0;
    case 'B': return 1;
    case 'N': return 2;
    default: return 3;
    }
}

const struct sig_param *signature_param(const struct signature *signature, int index)
{
    int last = signature->params.count - 1;
    return &signature->params.items[index > last ? last : index];
}

bool overload_takes(const struct signature *signature, int count)
{
    return count >= signature->required && (signature->variadic || count <= signature->params.count);
}

static const struct type *subst_record(struct checker *c, const struct sig_type *t, const struct binding *binding)
{
    VEC(struct type_field) fields = {0};
    for (int i = 0; i < t->fields.count; i++) {
        struct type_field field = {t->fields.items[i].name, sig_subst(c, t->fields.items[i].type, binding)};
        if (!field.type)
            return NULL;
        vec_push(c->arena, &fields, field);
    }
    return type_record(c->types, NULL, fields.items, fields.count);
}

const struct type *sig_subst(struct checker *c, const struct sig_type *t, const struct binding *binding)
{
    const struct type *element = t->element && t->kind != SIG_LAMBDA ? sig_subst(c, t->element, binding) : NULL;
    switch (t->kind) {
    case SIG_PLAIN: return t->type;
    case SIG_VAR: return binding->types[sig_var_index(t->var)];
    case SIG_LIST: return element ? type_list(c->types, element) : NULL;
    case SIG_MAP: return element ? type_map(c->types, element) : NULL;
    case SIG_OPTIONAL: return element ? type_optional(c->types, element) : NULL;
    case SIG_RECORD: return subst_record(c, t, binding);
    default: return NULL;
    }
}

static bool var_allows(char var, const struct type *type)
{
    switch (var) {
    case 'N': return type_is_number(type);
    case 'O': return type_is_ordered(type);
    default: return type->kind != TYPE_NULL;
    }
}

static bool fits_plain(struct checker *c, const struct type *want, const struct texpr *value, bool widen)
{
    if (type_same(value->type, want))
        return true;
    return widen && convert_to(c, (struct texpr *)value, want) != NULL;
}

// A variable takes the first type it meets; later arguments convert to it, or it to them.
static bool fits_var(struct checker *c, char var, const struct texpr *value, struct binding *binding, bool widen)
{
    const struct type **bound = &binding->types[sig_var_index(var)];
    if (!var_allows(var, value->type))
        return false;
    if (!*bound) {
        *bound = value->type;
        return true;
    }
    if (type_same(*bound, value->type))
        return true;
    if (!widen)
        return false;
    struct texpr stand_in = {.kind = TEXPR_VAR, .type = *bound};
    const struct type *common = common_type(c, &stand_in, value);
    if (!common || !var_allows(var, common))
        return false;
    *bound = common;
    return true;
}

// The elements of a list that is there must be the very type; one that is written converts.
static bool fits_elements(struct checker *c, const struct sig_type *t, const struct texpr *value,
                          struct binding *binding, bool widen)
{
    const struct type *element = value->type->element;
    if (element->kind == TYPE_NULL)
        return true;
    struct texpr stand_in = {.kind = TEXPR_VAR, .type = element};
    if (sig_fits(c, t->element, &stand_in, binding, false))
        return true;
    const struct type *want = sig_subst(c, t, binding);
    return widen && want && convert_to(c, (struct texpr *)value, want) != NULL;
}

bool sig_fits(struct checker *c, const struct sig_type *t, const struct texpr *value, struct binding *binding,
              bool widen)
{
    const struct type *type = value->type;
    struct texpr stand_in = {.kind = TEXPR_VAR};
    switch (t->kind) {
    case SIG_PLAIN: return fits_plain(c, t->type, value, widen);
    case SIG_VAR: return fits_var(c, t->var, value, binding, widen);
    case SIG_OPTIONAL:
        stand_in.type = type_plain(type);
        return sig_fits(c, t->element, type_is_optional(type) ? &stand_in : value, binding, widen);
    case SIG_DECIMAL: return type->kind == TYPE_DECIMAL;
    case SIG_ENUM: return type->kind == TYPE_ENUM;
    case SIG_LIST: return type->kind == TYPE_LIST && fits_elements(c, t, value, binding, widen);
    case SIG_MAP: return type->kind == TYPE_MAP && fits_elements(c, t, value, binding, widen);
    default: return false;
    }
}

// Whether T is in what a lambda of the function takes or gives: then it may be null as any other value.
static bool var_in_lambda(const struct signature *signature, char var)
{
    for (int i = 0; i < signature->params.count; i++) {
        const struct sig_type *t = signature->params.items[i].type;
        if (t->kind == SIG_LAMBDA && t->element->kind == SIG_VAR && t->element->var == var)
            return true;
    }
    return false;
}

bool sig_lifts(const struct signature *signature, const struct sig_type *t, const struct type *argument,
               const struct binding *binding)
{
    if (!type_is_optional(argument) || t->kind == SIG_LAMBDA || t->kind == SIG_OPTIONAL)
        return false;
    if (t->kind != SIG_VAR)
        return true;
    const struct type *bound = binding->types[sig_var_index(t->var)];
    return !(bound && type_is_optional(bound)) && !var_in_lambda(signature, t->var);
}

// An argument that waits fits by its form alone.
static bool form_fits(const struct sig_type *t, const struct ast_expr *e)
{
    switch (e->kind) {
    case AST_LAMBDA: return t->kind == SIG_LAMBDA && t->params.count == e->params.count;
    case AST_LIST: return t->kind == SIG_LIST || t->kind == SIG_VAR || (t->kind == SIG_MAP && e->items.count == 0);
    case AST_MAP: return t->kind == SIG_MAP || t->kind == SIG_VAR;
    case AST_RECORD:
        return t->kind == SIG_VAR || t->kind == SIG_RECORD || (t->kind == SIG_PLAIN && t->type->kind == TYPE_JSON);
    default: return t->kind != SIG_LAMBDA;
    }
}

static bool argument_fits(struct checker *c, const struct signature *signature, const struct sig_type *t,
                          const struct argument *argument, struct binding *binding, bool widen)
{
    if (!argument->value)
        return form_fits(t, argument->ast);
    if (is_error(argument->value))
        return t->kind != SIG_LAMBDA;
    if (!sig_lifts(signature, t, argument->value->type, binding))
        return sig_fits(c, t, argument->value, binding, widen);
    struct texpr plain = {.kind = TEXPR_VAR, .type = argument->value->type->element};
    return sig_fits(c, t, &plain, binding, widen);
}

static int misfit(struct checker *c, const struct signature *signature, const struct call *call,
                  struct binding *binding, bool widen)
{
    for (int i = 0; i < call->arguments.count; i++)
        if (!argument_fits(c, signature, signature_param(signature, i)->type, &call->arguments.items[i], binding,
                           widen))
            return i;
    return -1;
}

int overload_misfit(struct checker *c, const struct signature *signature, const struct call *call)
{
    struct binding binding = {0};
    return misfit(c, signature, call, &binding, true);
}

struct overload overload_choose(struct checker *c, const struct signature *first, const struct call *call)
{
    for (int widen = 0; widen <= 1; widen++)
        for (const struct signature *s = first; s; s = s->next) {
            struct overload found = {.signature = s};
            if (overload_takes(s, call->arguments.count) && misfit(c, s, call, &found.binding, widen) < 0)
                return found;
        }
    return (struct overload){0};
}
