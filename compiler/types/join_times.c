// How near in time the sides of a join must be, and how long it waits.
#include "types/join_check.h"

static const struct flow_source *versioned_source(const struct stage *table)
{
    while (stage_makes_rows_of_input(table))
        table = table->inputs.items[0];
    return table->source && table->source->versioned ? table->source : NULL;
}

static bool check_wait(struct join_check *j)
{
    struct checker *c = j->c;
    const struct flow_source *source = versioned_source(j->right.at);
    bool windows = j->left.at->out.window != NULL;
    if (j->ast->join.grace <= 0 || (source && source->versioned >= j->ast->join.grace && !windows))
        return true;
    struct diag *d;
    if (windows) {
        d = diag_error(c->bag, j->ast->span, "records whose keys have windows do not wait for a table");
        diag_help(c->bag, d, "leave the window before: `key by key`; or leave `grace` out");
    } else if (source) {
        d = diag_error(c->bag, j->ast->span, "`grace` is longer than the table's history");
        diag_related(c->bag, d, source->span, "`versioned %s` here", duration_show(c->arena, source->versioned));
        diag_help(c->bag, d, "records that waited so long would find nothing: `versioned` must be at least `grace`");
    } else {
        d = diag_error(c->bag, j->ast->span, "`grace` needs a table that knows its past rows");
        diag_help(c->bag, d, "declare the table as `versioned 1d`, or leave `grace` out");
    }
    return false;
}

static bool check_no_times(struct join_check *j)
{
    struct checker *c = j->c;
    bool lookup = j->form == JOIN_LOOKUP;
    if (j->ast->join.within >= 0 || j->ast->join.before >= 0 || j->ast->join.after >= 0) {
        struct diag *d =
            diag_error(c->bag, j->ast->span, "`within`, `before` and `after` are for joins of two streams");
        diag_help(c->bag, d, "a row of a table is there until another one replaces it: leave them out");
        return false;
    }
    if (lookup && !stage_is_global(j->right.at))
        return check_wait(j);
    if (j->ast->join.grace < 0)
        return true;
    diag_error(c->bag, j->ast->span,
               lookup ? "a global table has no time: `grace` says nothing here"
                      : "a join of tables waits for nothing: `grace` says nothing here");
    return false;
}

bool join_check_times(struct join_check *j)
{
    struct checker *c = j->c;
    const int64_t times[] = {j->ast->join.within, j->ast->join.before, j->ast->join.after, j->ast->join.grace};
    for (int i = 0; i < 4; i++)
        if (!flow_check_longest(c, times[i], j->ast->span, "the times of a join can't be"))
            return false;
    if (j->form != JOIN_STREAMS)
        return check_no_times(j);
    if (times[0] >= 0 || times[1] >= 0 || times[2] >= 0)
        return true;
    struct diag *d = diag_error(c->bag, j->ast->span, "a join of two streams says how near in time they must be");
    diag_help(c->bag, d, "for example `within 10m`: up to 10 minutes before or after each other");
    return false;
}

void join_set_times(const struct join_check *j, struct join *join)
{
    int64_t within = j->ast->join.within < 0 ? 0 : j->ast->join.within;
    int64_t grace = j->ast->join.grace < 0 ? 0 : j->ast->join.grace;
    if (j->form == JOIN_LOOKUP)
        join->wait = grace;
    if (j->form != JOIN_STREAMS)
        return;
    join->before = j->ast->join.before < 0 ? within : j->ast->join.before;
    join->after = j->ast->join.after < 0 ? within : j->ast->join.after;
    join->grace = grace;
    join->retention = join->before + join->after + grace;
}
