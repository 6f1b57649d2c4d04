// Any text through the whole compiler: of what has syntax errors the rest is checked; what has none becomes a plan, its dumps and drawings, and C.
#include <stdint.h>
#include <string.h>

#include "base/writer.h"
#include "emit/emit.h"
#include "plan/plan.h"
#include "syntax/damage.h"
#include "syntax/parse.h"
#include "types/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(struct arena *arena, struct program *program, struct diag_bag *bag, struct source_set *sources)
{
    struct writer out = {0};
    types_dump(&out, program);
    struct topology *topology = topology_build(arena, program, bag);
    if (bag->errors == 0) {
        topology_dump(&out, topology);
        struct plan *plan = plan_build(arena, topology, (struct plan_options){.tests = true});
        plan_dump(&out, plan);
        for (int format = GRAPH_TEXT; format <= GRAPH_SVG; format++)
            graph_draw(&out, plan, (enum graph_format)format);
        emit_c(&out, plan, sources, (struct emit_options){.lines = true});
    }
    writer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    struct arena *arena = arena_new();
    struct intern *names = intern_new(arena);
    struct source_set sources = {.arena = arena};
    struct diag_bag bag = {.arena = arena, .sources = &sources};
    struct source *source = source_from_text(&sources, "fuzz.weir", (const char *)data, (uint32_t)size);
    struct ast_file *file = parse_file(arena, names, &bag, source);
    if (bag.errors > 0)
        damage_remove(arena, file, &bag);
    struct program *program = check_program(arena, names, &bag, &file, 1);
    if (bag.errors == 0)
        write_all(arena, program, &bag, &sources);
    arena_free(arena);
    return 0;
}
