#include <limits.h>
#include <string.h>

#include "syntax/ast_build.h"
#include "syntax/parser.h"

enum { MAX_PARTITIONS = 1000000 };

// ---- sources ----

struct ast_topic build_topic(struct parser *p, const struct token *t, bool pattern)
{
    return (struct ast_topic){pattern, build_text(p, t), t->span};
}

struct ast_store_options build_store(enum ast_store kind, struct span span)
{
    return (struct ast_store_options){kind, span};
}

static int64_t partition_count(struct parser *p, const struct token *t)
{
    int64_t count = build_int(p, t, MAX_PARTITIONS);
    if (count == 0)
        diag_error(p->bag, t->span, "a topic has at least one partition");
    return count;
}

// `time wall` is processing time; a field of that name is value.wall.
static bool is_wall(const struct parser *p, const struct ast_expr *e)
{
    return e->kind == AST_NAME && strcmp(e->name.text, "wall") == 0 && p->source->text[e->span.begin] != '`';
}

static void apply_source_option(struct parser *p, struct ast_source *s, const struct clause *c)
{
    switch (c->word) {
    case T_TIME:
        s->time_wall = is_wall(p, c->expr);
        s->time = s->time_wall ? NULL : c->expr;
        break;
    case T_PARTITIONS:
        s->partitions = partition_count(p, c->token);
        s->partitions_span = c->span;
        break;
    case T_PARTITIONER: s->partitioner = c->name; break;
    case T_START: s->start = (enum ast_start)c->number; break;
    case T_STORE: s->store = build_store((enum ast_store)c->number, c->span); break;
    case T_VERSIONED:
        s->versioned = c->number;
        s->versioned_span = c->span;
        break;
    case T_IDLE:
        s->idle = c->number;
        s->idle_span = c->span;
        break;
    default: break;
    }
}

struct ast_source *build_source(struct parser *p, bool table, bool global, struct name name, struct topic_list topics,
                                struct serde_pair serdes, struct clause_list options)
{
    struct ast_source *s = arena_new_of(p->arena, struct ast_source);
    s->table = table;
    s->global = global;
    s->name = name;
    take_list(s->topics, topics);
    s->key = serdes.key;
    s->value = serdes.value;
    build_check_clauses(p, &options);
    for (int i = 0; i < options.count; i++)
        apply_source_option(p, s, &options.items[i]);
    return s;
}

// ---- flows ----

struct ast_flow *build_flow(struct parser *p, struct flow_ref ref)
{
    struct ast_flow *f = arena_new_of(p->arena, struct ast_flow);
    f->span = ref.span;
    f->head = ref.head;
    f->branch = ref.branch;
    return f;
}

struct ast_flow *build_cogroup(struct parser *p, struct span word, struct input_list inputs, struct span span)
{
    struct ast_flow *f = arena_new_of(p->arena, struct ast_flow);
    f->span = span;
    f->cogroup_word = word;
    take_list(f->cogroup, inputs);
    return f;
}

static bool is_key(const struct parser *p, const struct ast_expr *e)
{
    return e->kind == AST_NAME && strcmp(e->name.text, "key") == 0 && p->source->text[e->span.begin] != '`';
}

struct ast_cogroup_input build_input(struct parser *p, struct flow_ref flow, struct ast_expr *by)
{
    bool by_key = is_key(p, by);
    return (struct ast_cogroup_input){.flow = build_dotted(p, flow), .by = by_key ? NULL : by, .by_key = by_key};
}

struct ast_flow *build_flow_stage(struct parser *p, struct ast_flow *flow, struct ast_stage *stage, struct span span)
{
    vec_push(p->arena, &flow->stages, stage);
    flow->span = span;
    return flow;
}

// ---- stages ----

struct ast_stage *build_stage(struct parser *p, enum ast_stage_kind kind, struct span word, struct ast_expr *expr,
                              struct span span)
{
    struct ast_stage *s = arena_new_of(p->arena, struct ast_stage);
    s->kind = kind;
    s->span = span;
    s->word = word;
    s->expr = expr;
    return s;
}

struct ast_stage *build_named_stage(struct parser *p, enum ast_stage_kind kind, struct span word, struct ast_expr *expr,
                                    struct name_list names, struct span span)
{
    struct ast_stage *s = build_stage(p, kind, word, expr, span);
    take_list(s->names, names);
    return s;
}

struct ast_stage *build_split(struct parser *p, struct span word, struct branch_list branches, struct span span)
{
    struct ast_stage *s = build_stage(p, AST_STAGE_SPLIT, word, NULL, span);
    for (int i = 0; i < branches.count; i++)
        if (branches.items[i].name.text) // else already reported
            vec_push(p->arena, &s->branches, branches.items[i]);
    return s;
}

struct ast_stage *build_group(struct parser *p, struct span word, struct ast_expr *by, struct span span)
{
    struct ast_stage *s = build_stage(p, AST_STAGE_GROUP_BY, word, by, span);
    s->group = !by ? AST_GROUP_ALL : is_key(p, by) ? AST_GROUP_KEY : AST_GROUP_EXPR;
    if (s->group == AST_GROUP_KEY)
        s->expr = NULL;
    return s;
}

static int64_t number_of(const struct clause_list *clauses, int word)
{
    for (int i = 0; i < clauses->count; i++)
        if (clauses->items[i].word == word)
            return clauses->items[i].number;
    return -1;
}

struct ast_stage *build_window(struct parser *p, enum ast_window_kind kind, struct span word, int64_t size,
                               int64_t every, struct clause_list options, struct span span)
{
    struct ast_stage *s = build_stage(p, AST_STAGE_WINDOW, word, NULL, span);
    build_check_clauses(p, &options);
    s->window.kind = kind;
    s->window.size = size;
    s->window.every = every;
    s->window.grace = number_of(&options, T_GRACE);
    s->window.retain = number_of(&options, T_RETAIN);
    return s;
}

struct ast_stage *build_fold(struct parser *p, struct span word, struct ast_expr *init, struct ast_expr *add,
                             struct clause_list options, struct span span)
{
    struct ast_stage *s = build_stage(p, AST_STAGE_FOLD, word, init, span);
    build_check_clauses(p, &options);
    s->fold.add = add;
    for (int i = 0; i < options.count; i++) {
        if (options.items[i].word == T_UNDO)
            s->fold.undo = options.items[i].expr;
        else
            s->fold.merge = options.items[i].expr;
    }
    return s;
}

struct ast_stage *build_stored(struct ast_stage *stage, struct ast_store_options store, struct span span)
{
    stage->store = store;
    stage->span = span;
    return stage;
}

struct ast_stage *build_emit(struct parser *p, enum ast_emit_kind kind, struct span word, int64_t every,
                             struct span span)
{
    struct ast_stage *s = build_stage(p, AST_STAGE_EMIT, word, NULL, span);
    s->emit.kind = kind;
    s->emit.every = every;
    return s;
}

struct ast_stage *build_join(struct parser *p, enum ast_join_kind kind, struct span word, struct flow_ref source,
                             struct clause_list options, struct span span)
{
    struct ast_stage *s = build_stage(p, AST_STAGE_JOIN, word, NULL, span);
    build_check_clauses(p, &options);
    s->join.kind = kind;
    s->join.source = build_dotted(p, source);
    s->join.within = number_of(&options, T_WITHIN);
    s->join.before = number_of(&options, T_BEFORE);
    s->join.after = number_of(&options, T_AFTER);
    s->join.grace = number_of(&options, T_GRACE);
    for (int i = 0; i < options.count; i++) {
        if (options.items[i].word == T_AS)
            s->join.as = options.items[i].name;
        else if (options.items[i].word == T_ON)
            s->join.on = options.items[i].expr;
    }
    return s;
}

struct ast_stage *build_repartition(struct parser *p, struct span word, struct ast_serde *key,
                                    struct clause_list options, struct span span)
{
    struct ast_stage *s = build_stage(p, AST_STAGE_REPARTITION, word, NULL, span);
    build_check_clauses(p, &options);
    s->repartition.key = key;
    for (int i = 0; i < options.count; i++) {
        const struct clause *c = &options.items[i];
        if (c->word == T_INT)
            s->repartition.count = partition_count(p, c->token);
        else if (c->word == T_BY)
            s->repartition.by = c->expr;
        else
            s->repartition.partitioner = c->name;
    }
    return s;
}

struct ast_stage *build_to(struct parser *p, struct span word, const struct token *topic, struct ast_expr *route,
                           struct serde_pair serdes, struct clause_list options, struct span span)
{
    struct ast_stage *s = build_stage(p, AST_STAGE_TO, word, NULL, span);
    build_check_clauses(p, &options);
    if (topic) {
        s->to.topic = build_text(p, topic);
        s->to.topic_span = topic->span;
    }
    s->to.route = route;
    s->to.key = serdes.key;
    s->to.value = serdes.value;
    for (int i = 0; i < options.count; i++) {
        const struct clause *c = &options.items[i];
        if (c->word == T_TIME)
            s->to.time = c->expr;
        else if (c->word == T_HEADERS)
            s->to.headers = c->expr;
        else
            s->to.partitioner = c->name;
    }
    return s;
}
