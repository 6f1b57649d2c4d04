// A program's text on the way to its plan, for the unit tests of this folder.
#ifndef WEIR_TESTS_PLAN_CASE_H
#define WEIR_TESTS_PLAN_CASE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "plan/plan.h"
#include "base/writer.h"
#include "plan/uses.h"
#include "syntax/parse.h"
#include "types/check.h"

struct plan_case {
    struct arena *arena;
    struct source_set sources;
    struct diag_bag bag;
    struct topology *topology;
    struct plan *plan;
};

// TEXT must be without errors.
static inline void plan_case_open(struct plan_case *c, const char *text)
{
    memset(c, 0, sizeof *c);
    c->arena = arena_new();
    c->sources.arena = c->bag.arena = c->arena;
    c->bag.sources = &c->sources;
    struct intern *names = intern_new(c->arena);
    struct source *source = source_from_text(&c->sources, "case.weir", text, (uint32_t)strlen(text));
    struct ast_file *file = parse_file(c->arena, names, &c->bag, source);
    struct program *program = c->bag.errors ? NULL : check_program(c->arena, names, &c->bag, &file, 1);
    if (c->bag.errors)
        diag_print(&c->bag, stderr, DIAG_TEXT, false);
    assert_int_equal(c->bag.errors, 0);
    c->topology = topology_build(c->arena, program, &c->bag);
    c->plan = plan_build(c->arena, c->topology, (struct plan_options){.tests = false});
}

static inline void plan_case_close(struct plan_case *c)
{
    arena_free(c->arena);
}

static inline const struct plan_source *plan_case_source(const struct plan_case *c, const char *name)
{
    for (int i = 0; i < c->plan->sources.count; i++)
        if (strcmp(c->plan->sources.items[i]->name, name) == 0)
            return c->plan->sources.items[i];
    return NULL;
}

#endif
