#include "driver.h"

#include <string.h>

#include "emit/emit.h"
#include "syntax/damage.h"
#include "syntax/parse.h"
#include "types/check.h"

struct compilation *compilation_new(void)
{
    struct arena *arena = arena_new();
    struct compilation *c = arena_new_of(arena, struct compilation);
    c->arena = arena;
    c->names = intern_new(arena);
    c->sources.arena = arena;
    c->bag.arena = arena;
    c->bag.sources = &c->sources;
    return c;
}

void compilation_free(struct compilation *c)
{
    if (c == NULL)
        return;
    externs_free(c->externs);
    arena_free(c->arena);
}

static void report_import(struct compilation *c, const struct ast_decl *decl, const char *why)
{
    struct diag *d = diag_error(&c->bag, decl->file_span, "can't import \"%s\": %s", decl->file, why);
    diag_help(&c->bag, d, "imports are looked for beside the file that imports them");
}

static const struct ast_decl *imported_before(const struct ast_file *file, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        const struct ast_decl *decl = file->decls.items[i];
        if (decl->kind == AST_DECL_IMPORT && decl->file != NULL && strcmp(decl->file, name) == 0)
            return decl;
    }
    return NULL;
}

// Each file once, so that files may import one another.
static void parse_import(struct compilation *c, const struct ast_file *file, int i)
{
    const struct ast_decl *decl = file->decls.items[i], *before = imported_before(file, i, decl->file);
    if (before != NULL) {
        struct diag *d = diag_warning(&c->bag, decl->file_span, "\"%s\" is imported twice", decl->file);
        diag_related(&c->bag, d, before->file_span, "first here");
        return;
    }
    const char *why;
    int known = c->sources.files.count;
    struct source *source = source_read_once(&c->sources, source_beside(c->arena, file->source, decl->file), &why);
    if (source == NULL)
        report_import(c, decl, why);
    else if (source == file->source)
        diag_warning(&c->bag, decl->file_span, "this file imports itself");
    else if (source->id >= known)
        vec_push(c->arena, &c->files, parse_file(c->arena, c->names, &c->bag, source));
}

static void parse_imports(struct compilation *c, const struct ast_file *file)
{
    for (int i = 0; i < file->decls.count; i++)
        if (file->decls.items[i]->kind == AST_DECL_IMPORT && file->decls.items[i]->file != NULL)
            parse_import(c, file, i);
}

// Behind syntax errors what could be read is still checked, so that one run reports all errors; what may only follow from the others is not said.
static void check_the_rest(struct compilation *c)
{
    for (int i = 0; i < c->files.count; i++)
        damage_remove(c->arena, c->files.items[i], &c->bag);
    int syntax_errors = c->bag.items.count;
    check_program(c->arena, c->names, &c->bag, c->files.items, c->files.count);
    diag_drop_missing(&c->bag, syntax_errors);
}

bool driver_compile(struct compilation *c, const char *path, enum driver_stage stage, struct plan_options options,
                    const char **why)
{
    struct source *source = source_read(&c->sources, path, why);
    if (source == NULL)
        return false;
    vec_push(c->arena, &c->files, parse_file(c->arena, c->names, &c->bag, source));
    for (int i = 0; i < c->files.count; i++)
        parse_imports(c, c->files.items[i]);
    if (c->bag.errors > 0 && stage != DRIVER_AST)
        check_the_rest(c);
    if (c->bag.errors > 0 || stage == DRIVER_AST)
        return true;
    c->program = check_program(c->arena, c->names, &c->bag, c->files.items, c->files.count);
    if (c->bag.errors > 0 || stage == DRIVER_TYPES)
        return true;
    c->topology = topology_build(c->arena, c->program, &c->bag);
    if (c->program->c_files.count > 0)
        c->externs = externs_load(c->arena, &c->sources, &c->bag, c->program);
    if (c->bag.errors == 0)
        c->plan = plan_build(c->arena, c->topology, options);
    return true;
}

void driver_emit(const struct compilation *c, bool lines, struct writer *out)
{
    struct emit_options options = {.lines = lines};
    emit_c(out, c->plan, (struct source_set *)&c->sources, options);
}
