// Enums and unions on the wire: a text that is one of a few.
#include "weir_json.h"

#include "ctx.h"

// "paid, shipped, ..." as far as it fits.
static void list_names(char *out, size_t size, const struct weir_str *names, int count)
{
    size_t n = 0;
    for (int i = 0; i < count && n + 8 < size; i++) {
        size_t room = size - n - 8, length = names[i].n < room ? names[i].n : room;
        if (i > 0) {
            memcpy(out + n, ", ", 2);
            n += 2;
        }
        memcpy(out + n, names[i].p, length);
        n += length;
    }
    out[n] = '\0';
}

bool weir_case_of(struct weir_ctx *w, struct weir_str text, const struct weir_str *names, int count, int32_t *v)
{
    for (int i = 0; i < count; i++) {
        if (text.n == names[i].n && memcmp(text.p, names[i].p, text.n) == 0) {
            *v = i;
            return true;
        }
    }
    char all[200];
    list_names(all, sizeof all, names, count);
    weir_fail(w, WEIR_BAD_DECODE, "\"%s\" is none of %s", ctx_excerpt(w, text), all);
    return false;
}

bool weir_json_read_case(struct weir_ctx *w, struct weir_json *j, const struct weir_str *names, int count, int32_t *v)
{
    struct weir_str text;
    return weir_json_read_string(w, j, &text) && weir_case_of(w, text, names, count, v);
}

bool weir_json_read_tag(struct weir_ctx *w, const struct weir_json *j, const char *tag, const struct weir_str *names,
                        int count, int32_t *v)
{
    struct weir_str text;
    if (!weir_json_find_tag(w, j, (struct weir_str){tag, strlen(tag)}, &text))
        return false;
    if (weir_case_of(w, text, names, count, v))
        return true;
    w->cause = WEIR_BAD_UNION;
    return weir_json_in_field(w, tag);
}
