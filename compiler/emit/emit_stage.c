// One C function for a source, or a merge, and all stages that are fused below it. Filters nest; what a stage makes is a local variable.
#include <string.h>

#include "base/diag_line.h"
#include "emit/emitter.h"
#include "types/texpr_walk.h"

// ---- the program's own text, above the code that does it ----

void mark_line(struct body *b, const struct stage *stage)
{
    const struct source *source = b->e->sources->files.items[stage->span.file];
    if (b->e->options.lines)
        body_line(b, LINE_MARK "%d %s", source_position(source, stage->span.begin).line,
                  text_c_string(b->e, source->name, strlen(source->name)));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// TEXT as a comment. A backslash at its end would take the next line into it.
static void comment_line(struct writer *out, const char *before, int indent, const char *text, const char *end)
{
    while (end > text && (is_blank(end[-1]) || end[-1] == '\\' || end[-1] == '/'))
        end--;
    if (end == text)
        return;
    writer_printf(out, "// %*s%s", indent > 0 && indent < 40 ? indent : 0, "", before);
    diag_put_safe(out, text, (size_t)(end - text));
    writer_puts(out, "\n");
}

// The lines of SPAN as comments, indented as they are among themselves.
void span_comment(struct emitter *e, struct writer *out, struct span span, const char *before)
{
    const struct source *source = e->sources->files.items[span.file];
    const char *p = source->text + span.begin, *end = source->text + span.end, *line = p;
    while (line > source->text && line[-1] != '\n')
        line--;
    int first = 0, indent = 0;
    while (is_blank(line[first]))
        first++;
    while (p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p)), *stop = newline ? newline : end;
        comment_line(out, before, indent, p, stop);
        before = "";
        for (p = newline ? newline + 1 : end, indent = -first; p < end && is_blank(*p); p++)
            indent++;
    }
}

void line_comment(struct emitter *e, struct writer *out, struct span span)
{
    const struct source *source = e->sources->files.items[span.file];
    while (span.begin > 0 && source->text[span.begin - 1] != '\n')
        span.begin--;
    while (span.end < source->len && source->text[span.end] != '\n')
        span.end++;
    span_comment(e, out, span, "");
}

// "name: condition"
static void branch_comment(struct body *b, const struct stage *stage)
{
    struct span span = stage->span;
    if (stage->expr && stage->expr->span.file == span.file && stage->expr->span.end > span.end)
        span.end = stage->expr->span.end;
    span_comment(b->e, b->out, span, "");
}

// What is written as one stage may be several.
void stage_comment(struct body *b, const struct stage *stage)
{
    const struct span *last = &b->commented;
    if (stage->kind == STAGE_BRANCH)
        branch_comment(b, stage);
    else if (stage->span.begin != last->begin || stage->span.end != last->end || stage->span.file != last->file)
        span_comment(b->e, b->out, stage->span, "| ");
    b->commented = stage->span;
    mark_line(b, stage);
}

// ---- what a stage makes ----

const char *value_name(struct body *b, const struct var *value)
{
    const struct type *plain = type_plain(value->type);
    return type_is_struct(plain) ? name_snake(b->e, type_name(b->e, plain)) : "value";
}

// Binds VAR to X. A path is as good as a copy, but for what the user gave a name.
static void bind_result(struct body *b, const struct var *var, const struct texpr *x, const char *name)
{
    bool fails = expr_can_fail(b, x);
    struct value v = emit_named_expr(b, x, name);
    bool is_new = x->kind != TEXPR_VAR && x->kind != TEXPR_FIELD; // then a path is the variable that was made for it
    if (!v.path || (var->kind == VAR_LET && !type_is_struct(var->type) && !is_new))
        v = value_local(b, v, var->type, name);
    v.lasting = true;
    body_bind(b, var, v);
    if (fails)
        body_check(b);
    if (texpr_has_effects(x)) // perhaps it is here for them alone
        body_line(b, "(void)%s;", v.text);
}

bool var_used(const struct body *b, const struct var *var)
{
    return b->e->plan->var_used[var->id];
}

// The stages below, one level deeper.
static void nested(struct body *b, const struct stage *stage)
{
    struct sub s;
    block_begin(b, &s);
    emit_outputs(b, stage);
    sub_end(b, &s);
    sub_flush(b, &s);
}

const char *condition(struct body *b, const struct texpr *x)
{
    bool fails = expr_can_fail(b, x);
    struct value v = emit_expr(b, x);
    if (!fails)
        return value_arg(b, v);
    v = value_local(b, v, x->type, "matches");
    body_check(b);
    return v.text;
}

// ---- stages ----

static void emit_filter(struct body *b, const struct stage *stage)
{
    body_line(b, "if (%s) {", condition(b, stage->expr));
    nested(b, stage);
    body_line(b, "}");
}

static void emit_map(struct body *b, const struct stage *stage)
{
    const struct var *value = stage->out.value;
    bool was = b->tombstone;
    if (b->tombstone && type_is_optional(value->type)) { // from here on a null like any other
        b->tombstone = false;
        if (var_used(b, value))
            body_bind(b, value, value_local(b, value_null(b, value->type), value->type, value_name(b, value)));
    } else if (!b->tombstone && var_used(b, value)) {
        bind_result(b, value, stage->expr, value_name(b, value));
    }
    emit_outputs(b, stage);
    b->tombstone = was;
}

static void emit_key_by(struct body *b, const struct stage *stage)
{
    if (var_used(b, stage->out.key))
        bind_result(b, stage->out.key, stage->expr, "key");
    emit_outputs(b, stage);
}

static void emit_let_stage(struct body *b, const struct stage *stage)
{
    if (!b->tombstone && var_used(b, stage->var))
        bind_result(b, stage->var, stage->expr, name_of(b->e, stage->var->name));
    emit_outputs(b, stage);
}

static void bind_elements(struct body *b, const struct stage *stage, struct value element, const struct type *t)
{
    const struct var *var = stage->vars.items[0];
    if (stage->vars.count == 1 && !type_is_struct(t)) {
        body_bind(b, var, value_local(b, element, t, name_of(b->e, var->name)));
        return;
    }
    const char *name =
        body_local(b, stage->vars.count == 1 ? name_of(b->e, var->name) : name_snake(b->e, type_name(b->e, t)));
    body_line(b, "const %s *%s = &%s;", type_c(b->e, t), name, value_arg(b, element));
    element = value_pointer(name);
    if (stage->vars.count == 1)
        body_bind(b, var, element);
    for (int i = 0; stage->vars.count > 1 && i < stage->vars.count; i++)
        if (var_used(b, stage->vars.items[i]))
            body_bind(b, stage->vars.items[i], value_member(b, element, type_member(b->e, t, i)));
}

static void emit_expand(struct body *b, const struct stage *stage)
{
    bool fails = expr_can_fail(b, stage->expr), used = false;
    struct value list = value_keep(b, emit_expr(b, stage->expr), stage->expr->type, "list");
    if (fails)
        body_check(b);
    for (int i = 0; i < stage->vars.count; i++)
        used = used || var_used(b, stage->vars.items[i]);
    const char *i = body_local(b, "i");
    body_line(b, "for (size_t %s = 0; %s < %s; %s++) {", i, i, value_arg(b, value_member(b, list, "n")), i);
    struct sub s;
    block_begin(b, &s);
    const struct type *element = stage->expr->type->element;
    if (used)
        bind_elements(b, stage, value_element(b, list, element, i), element);
    emit_outputs(b, stage);
    block_end(b, &s);
}

// For what it does besides: fail, at most.
static void emit_peek(struct body *b, const struct stage *stage)
{
    if (!b->tombstone) {
        bool fails = expr_can_fail(b, stage->expr);
        struct value v = emit_expr(b, stage->expr);
        body_line(b, "(void)%s;", value_text(b, v, PREC_UNARY));
        if (fails)
            body_check(b);
    }
    emit_outputs(b, stage);
}

static void emit_log(struct body *b, const struct stage *stage)
{
    if (!b->tombstone) {
        const struct type *t = stage->expr->type;
        bool fails = expr_can_fail(b, stage->expr);
        struct value v = emit_expr(b, stage->expr);
        v = t->kind == TYPE_STRING ? v : emit_json_text(b, v, t, "text");
        const char *flow = stage->within ? stage->within : "log";
        const char *text = value_arg(b, v);
        if (fails)
            body_check(b);
        body_line(b, "weir_log(%s, %s, %s);", ctx(b), text_c_string(b->e, flow, strlen(flow)), text);
    }
    emit_outputs(b, stage);
}

// ---- one after another ----

static void emit_stage(struct body *b, const struct stage *from, const struct stage *stage)
{
    if (stage->kind == STAGE_MERGE) {
        call_merge(b, from, stage);
        return;
    }
    stage_comment(b, stage);
    if (b->row) {
        emit_row_stage(b, from, stage);
        return;
    }
    switch (stage->kind) {
    case STAGE_FILTER: emit_filter(b, stage); break;
    case STAGE_MAP: emit_map(b, stage); break;
    case STAGE_LET: emit_let_stage(b, stage); break;
    case STAGE_KEY_BY: emit_key_by(b, stage); break;
    case STAGE_EXPAND: emit_expand(b, stage); break;
    case STAGE_PEEK: emit_peek(b, stage); break;
    case STAGE_LOG: emit_log(b, stage); break;
    case STAGE_REPARTITION: emit_repartition(b, stage); break;
    case STAGE_GROUP:
    case STAGE_WINDOW: emit_outputs(b, stage); break;
    case STAGE_AGGREGATE: emit_update(b, from, stage); break;
    case STAGE_AS_TABLE: emit_put(b, stage); break;
    case STAGE_SUBSCRIBE: emit_subscribe(b, stage); break;
    case STAGE_PROCESS: emit_process(b, from, stage); break;
    case STAGE_PREV: emit_prev(b, stage); break;
    case STAGE_JOIN:
        if (stage->join->form == JOIN_FOREIGN)
            emit_join_foreign(b, stage);
        else
            emit_join(b, from, stage);
        break;
    default: emit_sink(b, stage); break;
    }
}

static bool passes_tombstone(const struct stage *stage);

static bool leads_on(const struct body *b, const struct stage *stage)
{
    for (int i = 0; i < stage->outputs.count; i++)
        if (stage_is_live(b, stage->outputs.items[i]))
            return true;
    return false;
}

bool stage_is_live(const struct body *b, const struct stage *stage)
{
    if (!b->e->plan->function_of[stage->id])
        return false;
    if (stage->kind == STAGE_GROUP || stage->kind == STAGE_WINDOW)
        return leads_on(b, stage);
    if (stage->kind == STAGE_JOIN && b->tombstone && !b->row)
        return plan_join_keeps_time(stage);
    return !b->tombstone || (!stage->drops_tombstones && passes_tombstone(stage));
}

static bool passes_tombstone(const struct stage *stage)
{
    switch (stage->kind) {
    case STAGE_SINK:
    case STAGE_REPARTITION:
    case STAGE_AGGREGATE:
    case STAGE_AS_TABLE:
    case STAGE_MAP: return true;
    default: return stage->out.tombstones;
    }
}

// ---- split ----

static void emit_branches(struct body *b, const struct stage *stage, int at, int end);

// What comes of a record that BRANCH's condition does not hold of: `} else if`, where that needs no statements before it.
static void emit_rest(struct body *b, const struct stage *stage, int at, int end)
{
    struct sub s;
    sub_begin(b, &s);
    emit_branches(b, stage, at, end);
    if (!sub_end(b, &s)) {
        sub_drop(&s);
        body_line(b, "}");
    } else if (strncmp(s.text.text, "if (", 4) == 0) {
        writer_puts(b->out, "} else ");
        sub_splice(b, &s);
    } else {
        body_line(b, "} else {");
        sub_flush(b, &s);
        body_line(b, "}");
    }
}

// The branches AT.. of a split: the first whose condition holds takes the record.
static void emit_branches(struct body *b, const struct stage *stage, int at, int end)
{
    while (at < end && !b->e->plan->function_of[stage->outputs.items[at]->id])
        at++; // nothing comes of it, nor of those behind
    if (at == end || (b->tombstone && stage->outputs.items[at]->drops_tombstones))
        return;
    const struct stage *branch = stage->outputs.items[at];
    if (!branch->expr) {
        stage_comment(b, branch);
        emit_outputs(b, branch);
        return;
    }
    mark_line(b, branch);
    body_line(b, "if (%s) {", condition(b, branch->expr));
    struct sub s;
    block_begin(b, &s);
    branch_comment(b, branch);
    emit_outputs(b, branch);
    sub_end(b, &s);
    sub_flush(b, &s);
    emit_rest(b, stage, at + 1, end);
}

// Returns how many outputs of STAGE the split has, from FIRST on.
static int emit_split(struct body *b, const struct stage *stage, int first)
{
    int end = first;
    while (end < stage->outputs.count && stage->outputs.items[end]->kind == STAGE_BRANCH &&
           stage->outputs.items[end]->group == stage->outputs.items[first]->group)
        end++;
    emit_branches(b, stage, first, end);
    return end - first;
}

// A stream that is joined with itself: both sides are written at once.
static bool joins_again(const struct stage *stage, int output)
{
    for (int i = 0; i < output; i++)
        if (stage->outputs.items[i] == stage->outputs.items[output])
            return stage->outputs.items[i]->kind == STAGE_JOIN;
    return false;
}

void emit_outputs(struct body *b, const struct stage *stage)
{
    emit_tap(b, stage);
    for (int i = 0; i < stage->outputs.count; i++) {
        const struct stage *next = stage->outputs.items[i];
        if (next->kind == STAGE_BRANCH)
            i += emit_split(b, stage, i) - 1;
        else if (stage_is_live(b, next) && plan_hears(stage, next) && !joins_again(stage, i))
            emit_stage(b, stage, next);
    }
}
