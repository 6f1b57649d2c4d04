#include "syntax/damage.h"

struct damage {
    struct arena *arena;
    const struct diag_bag *bag;
    int file;
};

// Whether an error is at BEGIN or behind it, and in front of END.
static bool is_hit(const struct damage *d, uint32_t begin, uint32_t end)
{
    for (int i = 0; i < d->bag->items.count; i++) {
        struct span at = d->bag->items.items[i]->span;
        if (at.file == d->file && at.begin >= begin && at.begin < end)
            return true;
    }
    return false;
}

// What lacks something is hit at its end.
static bool is_span_hit(const struct damage *d, struct span span)
{
    return is_hit(d, span.begin, span.end + 1);
}

// ---- flows ----

static void remove_stages(const struct damage *d, struct ast_flow *flow)
{
    for (int i = 0; i < flow->stages.count; i++) {
        struct ast_stage *stage = flow->stages.items[i];
        uint32_t next = i + 1 < flow->stages.count ? flow->stages.items[i + 1]->span.begin : flow->span.end + 1;
        if (is_hit(d, stage->span.begin, next))
            stage->kind = AST_STAGE_ERROR;
    }
}

static bool is_head_hit(const struct damage *d, const struct ast_decl *flow)
{
    uint32_t stages = flow->flow->stages.count ? flow->flow->stages.items[0]->span.begin : flow->span.end + 1;
    return is_hit(d, flow->span.begin, stages);
}

// ---- processor blocks ----

static struct ast_expr *error_at(const struct damage *d, struct span span)
{
    struct ast_expr *e = arena_new_of(d->arena, struct ast_expr);
    *e = (struct ast_expr){.kind = AST_ERROR, .span = span, .height = 1};
    return e;
}

static void remove_statements(const struct damage *d, struct ast_stmt **items, int *count, uint32_t end);

// END: of what belongs to the statement. What is in one of its blocks does not damage the rest.
static void remove_inside(const struct damage *d, struct ast_stmt *s, uint32_t end)
{
    uint32_t otherwise = s->otherwise.count ? s->otherwise.items[0]->span.begin : end;
    uint32_t body = s->body.count ? s->body.items[0]->span.begin : otherwise;
    if (is_hit(d, s->span.begin, body))
        s->expr = error_at(d, s->expr->span);
    remove_statements(d, s->body.items, &s->body.count, otherwise);
    remove_statements(d, s->otherwise.items, &s->otherwise.count, end);
}

static void remove_statements(const struct damage *d, struct ast_stmt **items, int *count, uint32_t end)
{
    int kept = 0;
    for (int i = 0; i < *count; i++) {
        struct ast_stmt *s = items[i];
        uint32_t next = i + 1 < *count ? items[i + 1]->span.begin : end;
        bool hit = is_hit(d, s->span.begin, next), parted = s->kind == AST_STMT_IF || s->kind == AST_STMT_FOR;
        if (hit && parted)
            remove_inside(d, s, next);
        if (!hit || parted)
            items[kept++] = s;
    }
    *count = kept;
}

static void remove_members(const struct damage *d, struct ast_decl *block)
{
    int kept = 0;
    for (int i = 0; i < block->stores.count; i++)
        if (!is_span_hit(d, block->stores.items[i].span))
            block->stores.items[kept++] = block->stores.items[i];
    block->stores.count = kept;
    for (int i = 0; i < block->handlers.count; i++) {
        struct ast_process_handler *handler = &block->handlers.items[i];
        remove_statements(d, handler->body.items, &handler->body.count, handler->span.end + 1);
    }
}

static bool is_heading_hit(const struct damage *d, const struct ast_decl *block)
{
    const struct ast_type *last = block->result ? block->result : block->in_value;
    return is_hit(d, block->span.begin, last->span.end + 1);
}

// ---- tests ----

static void remove_steps(const struct damage *d, struct ast_decl *test)
{
    int kept = 0;
    for (int i = 0; i < test->steps.count; i++) {
        struct ast_test_step *step = &test->steps.items[i];
        uint32_t next = i + 1 < test->steps.count ? step[1].span.begin : test->span.end + 1;
        if (!is_hit(d, step->span.begin, next))
            test->steps.items[kept++] = *step;
    }
    test->steps.count = kept;
}

// ---- declarations ----

// Whether anything of DECL stays.
static bool remove_parts(const struct damage *d, struct ast_decl *decl)
{
    if (!is_span_hit(d, decl->span))
        return true;
    switch (decl->kind) {
    case AST_DECL_FLOW: remove_stages(d, decl->flow); return !is_head_hit(d, decl);
    case AST_DECL_PROCESS: remove_members(d, decl); return !is_heading_hit(d, decl);
    case AST_DECL_TEST: remove_steps(d, decl); return true;
    default: return false;
    }
}

void damage_remove(struct arena *arena, struct ast_file *file, const struct diag_bag *bag)
{
    struct damage d = {arena, bag, file->source->id};
    int kept = 0;
    for (int i = 0; i < file->decls.count; i++) {
        struct ast_decl *decl = file->decls.items[i];
        if (remove_parts(&d, decl))
            file->decls.items[kept++] = decl;
    }
    file->decls.count = kept;
}
