// What to say where a value does not fit its place: what is there, and what to write.
#include <string.h>

#include "types/convert_const.h"
#include "types/expr.h"
#include "types/guess.h"

static const char *show(struct checker *c, const struct type *t)
{
    return type_show(c->arena, t);
}

// A value to write behind `??`.
static const char *default_of(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL: return "false";
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_DECIMAL: return "0";
    case TYPE_FLOAT32:
    case TYPE_FLOAT64: return "0.0";
    case TYPE_STRING: return "\"\"";
    case TYPE_DURATION: return "0ms";
    case TYPE_LIST:
    case TYPE_MAP: return "[]";
    case TYPE_ENUM: return t->fields.items[0].name;
    default: return "default";
    }
}

// A name with fields and entries behind it: `a`, `a.b`, `a?.b`, `a["b"]`.
static bool is_path(const struct texpr *e)
{
    if (e->kind == TEXPR_LIFT)
        return e->items.count == 1 && is_path(e->left) && is_path(e->items.items[0]);
    while (e->kind == TEXPR_FIELD || e->kind == TEXPR_UNWRAP || e->kind == TEXPR_LOOKUP || e->kind == TEXPR_SOME)
        e = e->left;
    return e->kind == TEXPR_VAR;
}

// The text of E as an operand: in brackets where an operator could tear it apart.
static const char *operand_text(struct checker *c, const struct texpr *e)
{
    const char *text = source_text(c, e->span);
    bool whole = is_path(e) || e->kind == TEXPR_CALL || e->kind == TEXPR_CALL_FN || strcmp(text, "x") == 0;
    return whole ? text : arena_printf(c->arena, "(%s)", text);
}

static void help_null(struct checker *c, struct diag *d, const struct texpr *e)
{
    const char *text = operand_text(c, e);
    const struct type *plain = type_plain(e->type);
    diag_help(c->bag, d, "give it a value for null: `%s ?? %s`", text, default_of(plain));
    if (!is_path(e))
        return;
    diag_help(c->bag, d, "or check it first: `filter %s != null`, or `if %s != null then ... else ...`", text, text);
    if (plain->kind == TYPE_RECORD)
        diag_help(c->bag, d, "or take a field that is null when it is: `%s?.%s`", text, plain->fields.items[0].name);
}

void report_may_be_null(struct checker *c, const struct texpr *e)
{
    struct diag *d = diag_error(c->bag, e->span, "this may be null, and here it must not be");
    diag_label(c->bag, d, "this is %s", show(c, e->type));
    help_null(c, d, e);
}

bool help_conversion(struct checker *c, struct diag *d, const char *what, const struct type *from,
                     const struct type *to)
{
    const enum type_kind f = from->kind, t = to->kind;
    bool simple = f >= TYPE_BOOL && f <= TYPE_JSON, number = type_is_number(from);
    bool can = false;
    switch (t) {
    case TYPE_INT32: can = number || f == TYPE_STRING; break;
    case TYPE_INT64: can = number || f == TYPE_STRING || (simple && f != TYPE_BYTES && f != TYPE_DATE); break;
    case TYPE_FLOAT32: can = f == TYPE_FLOAT64 || f == TYPE_STRING; break;
    case TYPE_FLOAT64: can = number || f == TYPE_STRING || f == TYPE_JSON; break;
    case TYPE_DECIMAL:
        if (!number && f != TYPE_STRING)
            return false;
        diag_help(c->bag, d, "convert it: `decimal(%s, %d, %d)`", what, to->precision, to->scale);
        return true;
    case TYPE_STRING: can = simple || f == TYPE_ENUM; break;
    case TYPE_BYTES: can = f == TYPE_STRING; break;
    case TYPE_BOOL: can = type_is_integer(from) || f == TYPE_STRING || f == TYPE_JSON; break;
    case TYPE_DATE: can = f == TYPE_TIMESTAMP || f == TYPE_STRING; break;
    case TYPE_TIMESTAMP: can = type_is_integer(from) || f == TYPE_STRING || f == TYPE_DATE; break;
    case TYPE_DURATION: can = type_is_integer(from); break;
    case TYPE_JSON: diag_help(c->bag, d, "convert it: `to_json(%s)`", what); return true;
    default: break;
    }
    if (can)
        diag_help(c->bag, d, "convert it: `%s(%s)`", t == TYPE_TIMESTAMP ? "timestamp" : show(c, to), what);
    return can;
}

// ---- constants out of range ----

static const char *range_of(struct checker *c, const struct type *t)
{
    switch (t->kind) {
    case TYPE_INT32: return "-2147483648 to 2147483647";
    case TYPE_DECIMAL:
        if (t->scale == 0)
            return arena_printf(c->arena, "at most %d digits", t->precision);
        return arena_printf(c->arena, "at most %d digits before the point and %d after it", t->precision - t->scale,
                            t->scale);
    default: return NULL;
    }
}

static bool report_constant(struct checker *c, const struct texpr *e, const struct type *to)
{
    struct decimal_value value;
    if (!is_const(e) || !type_is_number(e->type) || !type_is_number(to) || !const_decimal(e, &value))
        return false;
    const char *text = source_text(c, e->span);
    bool integer = type_is_integer(e->type);
    struct diag *d;
    if (type_is_integer(to) && !integer) {
        d = diag_error(c->bag, e->span, "expected %s, found a number with a point", show(c, to));
        diag_help(c->bag, d, "write it without a point, or convert it: `%s(%s)` cuts what is behind it", show(c, to),
                  text);
    } else if (to->kind == TYPE_FLOAT32 || to->kind == TYPE_FLOAT64) {
        d = diag_error(c->bag, e->span, "%s can't hold this number exactly", show(c, to));
        diag_help(c->bag, d, "write it with a point to take the nearest: `%s.0`", text);
    } else {
        d = diag_error(c->bag, e->span, "this number does not fit %s", show(c, to));
        if (range_of(c, to))
            diag_help(c->bag, d, "%s is %s", show(c, to), range_of(c, to));
    }
    return true;
}

static bool report_date(struct checker *c, const struct texpr *e, const struct type *to)
{
    if (!is_const(e) || e->type->kind != TYPE_STRING || to->kind != TYPE_DATE)
        return false;
    struct diag *d = diag_error(c->bag, e->span, "this is not a date");
    diag_help(c->bag, d, "a date is written \"2024-05-01\"");
    return true;
}

static bool report_case(struct checker *c, const struct texpr *e, const struct type *to)
{
    if (!is_const(e) || e->type->kind != TYPE_STRING || to->kind != TYPE_ENUM)
        return false;
    struct diag *d = diag_error(c->bag, e->span, "%s has no case \"%s\"", to->name, e->constant.text);
    const char *near = guess_field(c, to, e->constant.text);
    if (near)
        diag_help(c->bag, d, "did you mean `%s`?", near);
    else
        diag_help(c->bag, d, "its cases are: %s", names_list(c, to));
    return true;
}

// ---- records ----

// Why a record that is already made is not TO: the first field that differs.
static void help_record(struct checker *c, struct diag *d, const struct type *from, const struct type *to)
{
    for (int i = 0; i < to->fields.count; i++) {
        const struct type_field *f = &to->fields.items[i];
        int index = type_field_index(from, f->name);
        if (index < 0) {
            diag_help(c->bag, d, "it has no field `%s`; make the record anew: `{ ...x, %s: ... }`", f->name, f->name);
            return;
        }
        const struct type *have = from->fields.items[index].type;
        if (have != f->type) {
            diag_help(c->bag, d, "its field `%s` is %s, expected %s", f->name, show(c, have), show(c, f->type));
            return;
        }
    }
    for (int i = 0; i < from->fields.count; i++)
        if (type_field_index(to, from->fields.items[i].name) < 0) {
            diag_help(c->bag, d, "it also has the field `%s`", from->fields.items[i].name);
            return;
        }
    diag_help(c->bag, d, "its fields are in another order, which is the order of its bytes");
}

void help_bool(struct checker *c, struct diag *d, const struct texpr *e)
{
    const char *text = operand_text(c, e);
    const struct type *plain = type_plain(e->type);
    if (type_is_optional(e->type))
        diag_help(c->bag, d, "compare it: `%s != null`", text);
    else if (type_is_number(plain))
        diag_help(c->bag, d, "compare it: `%s != 0`", text);
    else if (plain->kind == TYPE_STRING)
        diag_help(c->bag, d, "compare it: `%s != \"\"`", text);
    else
        help_conversion(c, d, text, plain, kind_type(c, TYPE_BOOL));
}

static const struct texpr *blamed(struct checker *c, const struct texpr *e, const struct type *to);

// What is to blame in a branch, or NULL. A value may have been made optional only for the sake of the other branches.
static const struct texpr *blamed_branch(struct checker *c, struct texpr *branch, const struct type *to)
{
    if (branch->kind == TEXPR_SOME)
        branch = branch->left;
    return convert_to(c, branch, to) ? NULL : blamed(c, branch, to);
}

// The part of E that is not TO: of a choice, the first branch that isn't.
static const struct texpr *blamed(struct checker *c, const struct texpr *e, const struct type *to)
{
    const struct texpr *part = NULL;
    if (e->kind == TEXPR_IF) {
        part = blamed_branch(c, e->left, to);
        if (!part)
            part = blamed_branch(c, e->right, to);
    }
    for (int i = 0; i < e->arms.count && !part; i++)
        part = blamed_branch(c, e->arms.items[i].value, to);
    return part ? part : e;
}

void report_mismatch(struct checker *c, const struct texpr *e, const struct type *to)
{
    const struct type *from = e->type;
    if (is_null(e)) {
        struct diag *d = diag_error(c->bag, e->span, "null is not allowed here: expected %s", show(c, to));
        diag_help(c->bag, d, "a type that may be null is written `%s?`", show(c, to));
        return;
    }
    if (report_constant(c, e, type_plain(to)) || report_case(c, e, type_plain(to)) || report_date(c, e, type_plain(to)))
        return;
    if (type_is_optional(from) && !type_is_optional(to) && type_widens(from->element, to)) {
        report_may_be_null(c, e);
        return;
    }
    struct diag *d = diag_error(c->bag, e->span, "expected %s, found %s", show(c, to), show(c, from));
    if (to->kind == TYPE_BOOL) {
        help_bool(c, d, e);
        return;
    }
    from = type_plain(from);
    to = type_plain(to);
    if (from->kind == TYPE_RECORD && to->kind == TYPE_RECORD)
        help_record(c, d, from, to);
    else if (from->kind == TYPE_STRING && to->kind == TYPE_ENUM)
        diag_help(c->bag, d, "choose the case with `if`: the cases are %s", names_list(c, to));
    else if (from->kind == TYPE_RECORD && to->kind == TYPE_UNION)
        diag_help(c->bag, d, "write it with its tag: `{ %s: \"%s\", ... }`", to->tag, to->fields.items[0].name);
    else
        help_conversion(c, d, source_text(c, e->span), from, to);
}

struct texpr *convert_or_report(struct checker *c, struct texpr *e, const struct type *to)
{
    struct texpr *converted = convert_to(c, e, to);
    if (converted)
        return converted;
    report_mismatch(c, blamed(c, e, to), to);
    return texpr_error(c, e->span);
}

const char *names_list(struct checker *c, const struct type *t)
{
    enum { MOST = 12 };
    const char *text = "";
    for (int i = 0; i < t->fields.count && i < MOST; i++)
        text = arena_printf(c->arena, "%s%s%s", text, i > 0 ? ", " : "", t->fields.items[i].name);
    return t->fields.count > MOST ? arena_printf(c->arena, "%s, ...", text) : text;
}
