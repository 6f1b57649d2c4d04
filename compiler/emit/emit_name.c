#include <ctype.h>
#include <string.h>

#include "emit/emitter.h"

// Keywords, names and macros of the headers that emitted code sees, and of compilers that predefine more than the standard allows.
static const char *const reserved[] = {
    "auto",          "break",        "case",   "char",     "const",    "continue", "default",   "do",
    "double",        "else",         "enum",   "extern",   "float",    "for",      "goto",      "if",
    "inline",        "int",          "long",   "register", "restrict", "return",   "short",     "signed",
    "sizeof",        "static",       "struct", "switch",   "typedef",  "union",    "unsigned",  "void",
    "volatile",      "while",        "asm",    "typeof",   "alignas",  "alignof",  "constexpr", "nullptr",
    "static_assert", "thread_local", "bool",   "true",     "false",    "NULL",     "offsetof",  "unix",
    "linux",         "i386",         "near",   "far",      "memcpy",   "memcmp",   "memset",    "memmove",
};

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    size_t n = strlen(name);
    if (n > 2 && strcmp(name + n - 2, "_t") == 0)
        return true; // a typedef, perhaps
    if (has_prefix(name, "weir") || has_prefix(name, "WEIR"))
        return true;
    for (const char *p = name; *p; p++)
        if (islower((unsigned char)*p))
            return false;
    return strchr(name, '_') != NULL; // macros of <stdint.h> and the like
}

const char *name_of(struct emitter *e, const char *text)
{
    size_t n = strlen(text);
    char *name = arena_alloc(e->arena, n + 3), *end = name;
    bool starts_reserved = text[0] == '_' && (text[1] == '_' || isupper((unsigned char)text[1]));
    if (n == 0 || isdigit((unsigned char)text[0]) || starts_reserved)
        *end++ = 'x';
    for (size_t i = 0; i < n; i++)
        *end++ = isalnum((unsigned char)text[i]) && (unsigned char)text[i] < 0x80 ? text[i] : '_';
    if (is_reserved(name))
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
