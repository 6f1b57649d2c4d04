#include "plan/name_slug.h"

#include <ctype.h>
#include <string.h>

#include "types/program.h"
#include "types/texpr_walk.h"

enum { MAX_SLUG = 60 };

struct slug {
    char text[MAX_SLUG + 1];
    size_t len;
    bool too_long;
};

static const char *const builtin_names[] = {
#define BUILTIN(id, name, signature, function) name,
#include "types/builtins.def"
#undef BUILTIN
};

static void add_word(struct slug *slug, const char *word)
{
    size_t len = strlen(word);
    if (slug->len + len + 1 > MAX_SLUG) {
        slug->too_long = true;
        return;
    }
    if (slug->len > 0)
        slug->text[slug->len++] = '-';
    for (size_t i = 0; i < len; i++)
        slug->text[slug->len++] = isalnum((unsigned char)word[i]) || word[i] == '_' || word[i] == '.' ? word[i] : '_';
}

static void add_expr(void *arg, const struct texpr *e)
{
    struct slug *slug = arg;
    if (e->kind == TEXPR_CALL)
        add_word(slug, builtin_names[e->builtin]);
    else if (e->kind == TEXPR_CALL_FN)
        add_word(slug, e->fn->name);
    else if (e->kind == TEXPR_VAR && e->var->kind != VAR_VALUE && e->var->kind != VAR_LOCAL)
        add_word(slug, e->var->name);
    // Fields of the value are written without `value.`.
    texpr_each_part(e, add_expr, arg);
    if (e->kind == TEXPR_FIELD)
        add_word(slug, e->left->type->fields.items[e->index].name);
    else if (e->kind == TEXPR_CONST && e->type->kind == TYPE_STRING && e->constant.len > 0)
        add_word(slug, e->constant.text);
}

const char *name_slug(struct arena *arena, const struct texpr *e)
{
    struct slug slug = {0};
    add_expr(&slug, e);
    return slug.too_long ? "" : arena_strndup(arena, slug.text, slug.len);
}

const char *name_c_safe(struct arena *arena, const char *name)
{
    char *safe =
        isalpha((unsigned char)*name) || *name == '_' ? arena_strdup(arena, name) : arena_printf(arena, "_%s", name);
    for (char *p = safe; *p; p++)
        if (!isalnum((unsigned char)*p))
            *p = '_';
    return safe;
}
