// The checker: from what was written to what it means, in one direction.
#include "types/check.h"

#include "types/builtin.h"

struct program *check_program(struct arena *arena, struct intern *names, struct diag_bag *bag,
                              struct ast_file *const *files, int count)
{
    struct program *program = arena_new_of(arena, struct program);
    struct checker c = {.arena = arena, .names = names, .bag = bag, .program = program};
    c.types = program->types = type_table_new(arena, names);
    c.builtins = builtin_table_new(arena, names, c.types);
    resolve_declared_types(&c, files, count);
    check_fns(&c, files, count);
    check_app(&c, files, count);
    check_flows(&c, files, count);
    check_tests(&c, files, count);
    program->var_count = c.next_var;
    return program;
}
