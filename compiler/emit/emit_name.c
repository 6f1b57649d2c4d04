#include <ctype.h>
#include <string.h>

#include "base/c_name.h"
#include "emit/emitter.h"

const char *name_of(struct emitter *e, const char *text)
{
    size_t n = strlen(text);
    char *name = arena_alloc(e->arena, n + 3), *end = name;
    if (n == 0 || isdigit((unsigned char)text[0]) || c_name_begins_reserved(text))
        *end++ = 'x';
    for (size_t i = 0; i < n; i++)
        *end++ = isalnum((unsigned char)text[i]) && (unsigned char)text[i] < 0x80 ? text[i] : '_';
    if (c_name_reserved(name))
        *end++ = '_';
    return name;
}

const char *name_snake(struct emitter *e, const char *text)
{
    char *name = arena_alloc(e->arena, strlen(text) * 2 + 1), *end = name;
    for (const char *p = text; *p; p++) {
        bool upper = isupper((unsigned char)*p);
        if (upper && p > text && p[-1] != '_' && !isupper((unsigned char)p[-1]))
            *end++ = '_';
        *end++ = (char)tolower((unsigned char)*p);
    }
    return name_of(e, name);
}
