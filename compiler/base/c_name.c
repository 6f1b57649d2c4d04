#include "base/c_name.h"

#include <ctype.h>
#include <string.h>

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

bool c_name_reserved(const char *name)
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

bool c_name_begins_reserved(const char *name)
{
    return name[0] == '_' && (name[1] == '_' || isupper((unsigned char)name[1]));
}
