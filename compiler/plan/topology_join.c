#include "plan/topology.h"

struct join_stores topology_join_stores(struct arena *arena, const struct join *join)
{
    bool outer = join->kind == AST_JOIN_OUTER, inner = join->kind == AST_JOIN_INNER;
    struct join_stores s = {0};
    if (join->form == JOIN_LOOKUP && join->wait > 0)
        s.waiting = arena_printf(arena, "%s-Buffer", join->name);
    if (join->form != JOIN_STREAMS)
        return s;
    s.left = arena_printf(arena, "%s-%s", join->name, outer ? "outer-this-join" : "this-join");
    s.right = arena_printf(arena, "%s-%s", join->name, inner ? "other-join" : "outer-other-join");
    if (!inner)
        s.parked = arena_printf(arena, "%s-%s", join->name, outer ? "outer-shared-join" : "left-shared-join");
    return s;
}
