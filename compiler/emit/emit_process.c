// Processor blocks: handlers of records are written where the records are, those of timers are functions of their own.
#include <string.h>

#include "base/diag_line.h"
#include "emit/emitter.h"
#include "types/stmt_walk.h"
#include "types/texpr_walk.h"

// Lines of C that follow are of S.
static void mark_stmt(struct body *b, struct span span)
{
    const struct source *source = b->e->sources->files.items[span.file];
    if (b->e->options.lines)
        body_line(b, LINE_MARK "%d %s", source_position(source, span.begin).line,
                  text_c_string(b->e, source->name, strlen(source->name)));
}

// ---- variables ----

// Whether E (NULL: not said), what VAR is, is computed: somebody reads it, or it does something.
static bool is_computed(struct body *b, const struct texpr *e, const struct var *var)
{
    return e && (var_used(b, var) || texpr_has_effects(e));
}

// By the user's name, for debuggers too.
static void emit_let_stmt(struct body *b, const struct tstmt *s)
{
    const struct type *t = s->var->type;
    const char *name = name_of(b->e, s->var->name);
    if (!s->var->changes && !is_computed(b, s->expr, s->var))
        return;
    bool fails = expr_can_fail(b, s->expr);
    struct value v = value_local(b, emit_named_expr(b, s->expr, name), t, name);
    v.lasting = !s->var->changes;
    body_bind(b, s->var, v);
    if (!var_used(b, s->var))
        body_line(b, "(void)%s;", v.text);
    if (fails)
        body_check(b);
}

// What is assigned may have parts that are local variables of the block that ends here.
static void emit_set(struct body *b, const struct tstmt *s)
{
    const struct type *t = s->var->type;
    struct binding *binding = body_binding(b, s->var);
    bool fails = expr_can_fail(b, s->expr);
    struct value v = emit_expr(b, s->expr);
    const char *text = value_arg(b, v);
    if (type_has_local_parts(t)) {
        const char *of = value_address(b, value_local(b, v, t, "value"), t);
        text = arena_printf(b->e->arena, "*(%s)weir_copy_all(%s, %s, sizeof(%s), %s, %s)", type_declare(b->e, t, "*"),
                            ctx(b), of, type_c(b->e, t), emit_extra(b->e, t), emit_keep(b->e, t));
    }
    body_line(b, "%s = %s;", binding->value.text, text);
    if (fails)
        body_check(b);
}

// ---- branches and loops ----

static void emit_if_stmt(struct body *b, const struct tstmt *s)
{
    struct sub sub;
    body_line(b, "if (%s) {", condition(b, s->expr));
    sub_begin(b, &sub);
    emit_stmts(b, s->body.items, s->body.count);
    sub_end(b, &sub);
    sub_flush(b, &sub);
    if (s->otherwise.count > 0) {
        body_line(b, "} else {");
        sub_begin(b, &sub);
        emit_stmts(b, s->otherwise.items, s->otherwise.count);
        sub_end(b, &sub);
        sub_flush(b, &sub);
    }
    body_line(b, "}");
}

static void bind_item(struct body *b, const struct var *var, struct value v)
{
    if (!var || !var_used(b, var))
        return;
    v = value_local(b, v, var->type, name_of(b->e, var->name));
    v.lasting = true;
    body_bind(b, var, v);
}

static void emit_for(struct body *b, const struct tstmt *s)
{
    const struct type *t = s->expr->type;
    bool fails = expr_can_fail(b, s->expr);
    struct value list = emit_expr(b, s->expr);
    if (!list.lasting || !list.path) // it may be a variable that changes in the loop
        list = value_local(b, list, t, "list");
    if (fails)
        body_check(b);
    const char *i = body_local(b, "i");
    body_line(b, "for (size_t %s = 0; %s < %s; %s++) {", i, i, value_arg(b, value_member(b, list, "n")), i);
    struct sub sub;
    sub_begin(b, &sub);
    if (t->kind == TYPE_MAP)
        bind_item(b, s->vars.items[0],
                  value_printf(b, PREC_POSTFIX, "%s[%s]", value_text(b, value_member(b, list, "k"), PREC_POSTFIX), i));
    else if (s->vars.count > 1)
        bind_item(b, s->vars.items[0], value_printf(b, PREC_UNARY, "(int64_t)%s", i));
    bind_item(b, vec_last(&s->vars), value_element(b, list, t->element, i));
    emit_stmts(b, s->body.items, s->body.count);
    block_end(b, &sub);
}

// ---- emit ----

static void emit_for_effects(struct body *b, const struct texpr *e)
{
    bool fails = expr_can_fail(b, e);
    body_line(b, "(void)%s;", value_text(b, emit_expr(b, e), PREC_UNARY));
    if (fails)
        body_check(b);
}

// Nothing is behind S: what it calls is called all the same.
static void emit_to_nobody(struct body *b, const struct tstmt *s)
{
    const struct texpr *parts[] = {s->key, s->value, s->time};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i] && texpr_has_effects(parts[i]))
            emit_for_effects(b, parts[i]);
    for (int i = 0; i < s->headers.count; i++)
        if (texpr_has_effects(s->headers.items[i].value))
            emit_for_effects(b, s->headers.items[i].value);
}

static bool emitting_can_fail(struct body *b, const struct tstmt *s)
{
    const struct shape *out = &s->to->out;
    bool fails = (is_computed(b, s->key, out->key) && expr_can_fail(b, s->key)) ||
                 (is_computed(b, s->value, out->value) && expr_can_fail(b, s->value));
    for (int i = 0; i < s->headers.count; i++)
        fails |= expr_can_fail(b, s->headers.items[i].value);
    return fails || (s->time && expr_can_fail(b, s->time));
}

// All are computed before any is set: they see the headers that the record has.
static void put_headers(struct body *b, const struct tstmt *s)
{
    const char **values = arena_alloc(b->e->arena, sizeof *values * ((size_t)s->headers.count + 1));
    for (int i = 0; i < s->headers.count; i++) {
        const struct texpr *value = s->headers.items[i].value;
        values[i] = value_arg(b, value_local(b, emit_expr(b, value), value->type, "header"));
    }
    for (int i = 0; i < s->headers.count; i++) {
        const struct header_write *h = &s->headers.items[i];
        body_line(b, "weir_header_set(%s, WEIR_STR(%s), %s);", ctx(b), text_c_string(b->e, h->name, h->len), values[i]);
    }
}

// E is what VAR, the key or the value behind, is.
static void bind_emitted(struct body *b, const struct texpr *e, const struct var *var, const char *name)
{
    if (var_used(b, var))
        body_bind(b, var, value_keep(b, emit_named_expr(b, e, name), var->type, name));
    else if (texpr_has_effects(e))
        emit_for_effects(b, e);
}

// The key of what S emits is that of the record that came in, or its own.
static void bind_emitted_key(struct body *b, const struct tstmt *s, const struct stage *from)
{
    const struct var *var = s->to->out.key;
    if (s->key) {
        bind_emitted(b, s->key, var, "key");
        return;
    }
    struct binding *key = from ? body_binding(b, from->out.key) : NULL;
    if (!key)
        return;
    key->read |= var_used(b, var);
    struct binding own = *key;
    own.var = var;
    vec_push(b->e->arena, &b->bindings, own);
}

static void bind_emitted_value(struct body *b, const struct tstmt *s)
{
    const struct var *var = s->to->out.value;
    if (!s->value) {
        b->tombstone = !type_is_optional(var->type);
        if (!b->tombstone && var_used(b, var))
            body_bind(b, var, value_local(b, value_null(b, var->type), var->type, value_name(b, var)));
        return;
    }
    bind_emitted(b, s->value, var, value_name(b, var));
}

// TIME: its own, C text; NULL: the handler's.
static void call_emitted(struct body *b, const struct tstmt *s, const char *time)
{
    const char *timestamp = b->timestamp, *key_bytes = b->key_bytes;
    if (time) {
        b->timestamp = time;
        body_line(b, "if (%s < 0) {", time);
        body_line(b, "    weir_drop_negative_time(%s, %s);", ctx(b), time);
        body_line(b, "} else {");
    }
    if (s->key)
        b->key_bytes = "WEIR_NULL_STR"; // nobody behind reads it
    struct sub sub;
    sub_begin(b, &sub);
    call_merge(b, s->to, s->to);
    sub_end(b, &sub);
    if (time)
        sub_flush(b, &sub);
    else
        sub_splice(b, &sub);
    if (time)
        body_line(b, "}");
    b->timestamp = timestamp;
    b->key_bytes = key_bytes;
}

static void emit_emit(struct body *b, const struct tstmt *s, const struct stage *from)
{
    if (!b->e->plan->function_of[s->to->id]) {
        emit_to_nobody(b, s);
        return;
    }
    struct sub sub;
    bool was = b->tombstone;
    const char *record = s->headers.count > 0 ? body_local(b, "record") : NULL;
    bool fails = emitting_can_fail(b, s);
    body_line(b, "{");
    sub_begin(b, &sub);
    if (record)
        body_line(b, "const struct weir_record *%s = %s->record;", record, ctx(b));
    bind_emitted_key(b, s, from);
    bind_emitted_value(b, s);
    const char *time = s->time ? value_local(b, emit_expr(b, s->time), s->time->type, "time").text : NULL;
    put_headers(b, s);
    if (fails)
        body_check(b);
    call_emitted(b, s, time);
    b->tombstone = was;
    if (record)
        body_line(b, "%s->record = %s;", ctx(b), record);
    block_end(b, &sub);
    body_check(b);
}

// ---- statements ----

static void emit_header_stmt(struct body *b, const struct tstmt *s)
{
    bool fails = expr_can_fail(b, s->expr) || (s->value && expr_can_fail(b, s->value));
    struct value name = value_keep(b, emit_expr(b, s->expr), s->expr->type, "name");
    const char *value = s->value ? value_arg(b, emit_expr(b, s->value)) : "WEIR_NULL_STR";
    body_line(b, "weir_header_set(%s, %s, %s);", ctx(b), value_arg(b, name), value);
    if (fails)
        body_check(b);
}

static void emit_stmt(struct body *b, const struct tstmt *s)
{
    mark_stmt(b, s->span);
    switch (s->kind) {
    case TSTMT_LET: emit_let_stmt(b, s); break;
    case TSTMT_SET: emit_set(b, s); break;
    case TSTMT_IF: emit_if_stmt(b, s); break;
    case TSTMT_FOR: emit_for(b, s); break;
    case TSTMT_SCAN: emit_scan(b, s); break;
    case TSTMT_PUT: emit_put_stored(b, s); break;
    case TSTMT_DELETE: emit_delete_stored(b, s); break;
    case TSTMT_HEADER: emit_header_stmt(b, s); break;
    case TSTMT_EMIT: emit_emit(b, s, b->block_input); break;
    case TSTMT_COMMIT: body_line(b, "weir_commit(%s);", ctx(b)); break;
    case TSTMT_EXPR: emit_for_effects(b, s->expr); break;
    }
}

void emit_stmts(struct body *b, struct tstmt *const *items, int count)
{
    for (int i = 0; i < count; i++)
        emit_stmt(b, items[i]);
}

// ---- handlers ----

static void note_header(void *found, const struct tstmt *s)
{
    *(bool *)found |= s->kind == TSTMT_HEADER;
}

// The headers that a handler sets are those of what it emits, no others.
static void emit_handler(struct body *b, const struct handler *handler)
{
    bool sets = false;
    stmts_each(handler->body.items, handler->body.count, note_header, &sets);
    const char *record = sets ? body_local(b, "record") : NULL;
    b->handler = handler;
    if (record)
        body_line(b, "const struct weir_record *%s = %s->record;", record, ctx(b));
    emit_stmts(b, handler->body.items, handler->body.count);
    if (record)
        body_line(b, "%s->record = %s;", ctx(b), record);
}

void emit_process(struct body *b, const struct stage *from, const struct stage *stage)
{
    const struct process *process = stage->process;
    for (int i = 0; i < process->handlers.count; i++) {
        const struct handler *handler = &process->handlers.items[i];
        if (handler->input < 0 || stage->inputs.items[handler->input] != from)
            continue;
        struct sub sub;
        const struct stage *outer = b->block_input;
        b->block_input = from;
        body_line(b, "{");
        sub_begin(b, &sub);
        emit_handler(b, handler);
        block_end(b, &sub);
        b->block_input = outer;
    }
}

void emit_timer(struct emitter *e, const struct plan_function *f)
{
    struct writer code = {.indent = 1};
    struct body body = body_new(e, &code, "return;"), *b = &body;
    b->uses_ctx = true;
    b->timestamp = body_local(b, "timestamp");
    mark_stmt(b, f->timer->span);
    if (f->timer->timestamp)
        body_bind(b, f->timer->timestamp, value_path(b->timestamp));
    emit_handler(b, f->timer);
    ignore_unless_in(b, code.text ? code.text : "", b->timestamp);
    ignore_unless_in(b, code.text ? code.text : "", "w");
    const char *name = made_new(e, "timer", f, NULL, name_of(e, f->name));
    function_add(b, f, name, arena_printf(e->arena, ", int64_t %s", b->timestamp));
}
