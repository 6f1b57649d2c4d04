// The words that stand on the lines of the dump.
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "syntax/ast_dump.h"

void dump_string(struct writer *out, const char *text)
{
    writer_json_string(out, text, strlen(text));
}

void dump_name(struct writer *out, struct name name)
{
    bool plain = isalpha((unsigned char)name.text[0]) || name.text[0] == '_';
    for (const char *c = name.text; *c && plain; c++)
        plain = isalnum((unsigned char)*c) || *c == '_' || *c == '.';
    if (plain)
        writer_puts(out, name.text);
    else
        dump_string(out, name.text);
}

void dump_ms(struct writer *out, const char *label, int64_t ms)
{
    if (ms >= 0)
        writer_printf(out, " %s %" PRId64 "ms", label, ms);
}

void dump_word(struct writer *out, const char *label, struct name name)
{
    if (!name.text)
        return;
    writer_printf(out, " %s ", label);
    dump_name(out, name);
}

void dump_names(struct writer *out, const struct name *names, int count)
{
    for (int i = 0; i < count; i++) {
        writer_puts(out, i ? ", " : " ");
        dump_name(out, names[i]);
    }
}

void dump_quoted(struct writer *out, const char *label, const char *text)
{
    if (!text)
        return;
    writer_puts(out, label);
    dump_string(out, text);
}

void dump_store_kind(struct writer *out, const struct ast_store_options *store)
{
    static const char *const names[] = {"", " store memory", " store rocksdb"};
    writer_puts(out, names[store->kind]);
}
