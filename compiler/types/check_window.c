// window: how groups are cut in time.
#include "types/flow_check.h"

static const char *word_of(enum ast_window_kind kind)
{
    static const char *const words[] = {[AST_WINDOW_TUMBLING] = "tumbling",
                                        [AST_WINDOW_HOPPING] = "hopping",
                                        [AST_WINDOW_SLIDING] = "sliding",
                                        [AST_WINDOW_SESSION] = "session"};
    return words[kind];
}

bool flow_check_longest(struct checker *c, int64_t time, struct span span, const char *what)
{
    if (time <= LONGEST_TIME)
        return true;
    diag_error(c->bag, span, "%s longer than 1000 years", what);
    return false;
}

bool flow_check_windowless(struct checker *c, const struct stage *at, struct span span, const char *problem,
                           const char *else_help)
{
    if (!at->out.window)
        return true;
    struct diag *d = diag_error(c->bag, span, "%s", problem);
    diag_help(c->bag, d, "leave the window before: `key by key`%s", else_help);
    return false;
}

static bool check_size(struct checker *c, const struct ast_stage *ast)
{
    int64_t longer = ast->window.grace > ast->window.retain ? ast->window.grace : ast->window.retain;
    if (ast->window.size <= 0) {
        struct diag *d = diag_error(c->bag, ast->span, "a window must be longer than 0");
        diag_help(c->bag, d, "for example `window %s 1h`", word_of(ast->window.kind));
        return false;
    }
    return flow_check_longest(c, longer > ast->window.size ? longer : ast->window.size, ast->span, "a window can't be");
}

static bool check_advance(struct checker *c, const struct ast_stage *ast)
{
    if (ast->window.kind != AST_WINDOW_HOPPING || (ast->window.every > 0 && ast->window.every <= ast->window.size))
        return true;
    struct diag *d;
    if (ast->window.every <= 0)
        d = diag_error(c->bag, ast->span, "windows must advance: `every` is longer than 0");
    else
        d = diag_error(c->bag, ast->span, "these windows leave gaps: `every` can't be longer than the window");
    diag_help(c->bag, d, "windows that don't overlap are `window tumbling %s`",
              duration_show(c->arena, ast->window.size));
    return false;
}

// What is read again as long as a window may change: of sliding windows also the one before.
static int64_t needed(const struct window *w)
{
    return (w->kind == WINDOW_SLIDING ? 2 * w->size : w->size) + w->grace;
}

static bool check_retain(struct checker *c, const struct ast_stage *ast, struct window *w)
{
    w->retention = ast->window.retain < 0 ? needed(w) : ast->window.retain;
    if (w->retention >= needed(w))
        return true;
    const char *least = w->kind == WINDOW_SLIDING   ? "twice the window and its grace"
                        : w->kind == WINDOW_SESSION ? "the gap and its grace"
                                                    : "the window and its grace";
    struct diag *d = diag_error(c->bag, ast->span, "windows must be retained while they may change");
    diag_label(c->bag, d, "`retain` is less than %s", least);
    diag_help(c->bag, d, "that is %s; without `retain` they are kept as long as that",
              duration_show(c->arena, needed(w)));
    return false;
}

static struct window *window_of(struct checker *c, const struct ast_stage *ast)
{
    static const enum window_kind kinds[] = {[AST_WINDOW_TUMBLING] = WINDOW_TIME,
                                             [AST_WINDOW_HOPPING] = WINDOW_TIME,
                                             [AST_WINDOW_SLIDING] = WINDOW_SLIDING,
                                             [AST_WINDOW_SESSION] = WINDOW_SESSION};
    struct window *w = arena_new_of(c->arena, struct window);
    w->kind = kinds[ast->window.kind];
    w->size = ast->window.size;
    w->every = ast->window.kind == AST_WINDOW_HOPPING ? ast->window.every : ast->window.size;
    w->grace = ast->window.grace < 0 ? 0 : ast->window.grace;
    w->span = ast->span;
    return w;
}

static bool check_place(struct flow_cursor *f, const struct ast_stage *ast)
{
    const struct shape *in = &f->at->out;
    if (in->kind == FLOW_GROUPED_TABLE) {
        struct diag *d = diag_error(f->c->bag, ast->word, "a table's groups can't be cut into windows");
        diag_label(f->c->bag, d, "a table is what holds now: only a stream's records have their time");
        diag_help(f->c->bag, d, "count its changes instead: `as stream` before the `group by`");
        return false;
    }
    if (in->windowed) {
        struct diag *d = diag_error(f->c->bag, ast->word, "these groups are cut into windows already");
        diag_related(f->c->bag, d, in->windowed->span, "here");
        diag_help(f->c->bag, d, "an aggregate has one kind of windows; for another, start again from the stream");
        return false;
    }
    return true;
}

void check_window(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    if (stage_is_broken(f->at) || !check_place(f, ast) || !check_size(c, ast) || !check_advance(c, ast))
        return;
    struct window *w = window_of(c, ast);
    if (!check_retain(c, ast, w))
        return;
    for (int i = 0; i < f->groups.count; i++) {
        struct group_input *input = &f->groups.items[i];
        input->at = stage_new(c, STAGE_WINDOW, ast->span, input->at);
        input->at->within = f->within;
        input->at->out.windowed = w;
    }
    f->at = f->groups.items[0].at;
}
