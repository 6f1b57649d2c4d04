#include "json_text.h"

static bool is_json(struct weir_ctx *w, struct weir_str text)
{
    struct weir_json j;
    weir_json_start(&j, text);
    bool good = weir_json_skip(w, &j) && weir_json_finish(w, &j);
    w->bad = NULL;
    return good;
}

static bool is_utf8(struct weir_str text)
{
    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        size_t more = c < 0x80                ? 0
                      : c >= 0xC2 && c < 0xE0 ? 1
                      : c >= 0xE0 && c < 0xF0 ? 2
                      : c >= 0xF0 && c < 0xF5 ? 3
                                              : 4;
        if (more == 4 || text.n - i <= more)
            return false;
        unsigned char d = more ? (unsigned char)text.p[i + 1] : 0x80;
        if ((c == 0xE0 && d < 0xA0) || (c == 0xED && d >= 0xA0) || (c == 0xF0 && d < 0x90) || (c == 0xF4 && d >= 0x90))
            return false;
        for (size_t k = 1; k <= more; k++) {
            if (((unsigned char)text.p[i + k] & 0xC0) != 0x80)
                return false;
        }
        i += more + 1;
    }
    return true;
}

void json_text_put_string(struct weir_buf *b, struct weir_str bytes)
{
    if (!bytes.p) {
        weir_put_lit(b, "null");
    } else if (is_utf8(bytes)) {
        weir_put_string(b, bytes);
    } else {
        weir_put_lit(b, "{\"base64\":");
        weir_put_bytes(b, bytes);
        weir_put_lit(b, "}");
    }
}

void json_text_put_member(struct weir_buf *b, const char *name, const char *text)
{
    weir_put_lit(b, ",\"");
    weir_put_text(b, name);
    weir_put_lit(b, "\":");
    json_text_put_string(b, (struct weir_str){text, strlen(text)});
}

// No newline may get into a line of a file.
static void put_on_one_line(struct weir_buf *b, struct weir_str json)
{
    weir_buf_need(b, json.n);
    for (size_t i = 0; i < json.n; i++)
        b->p[b->n++] = json.p[i] == '\n' || json.p[i] == '\r' ? ' ' : json.p[i];
}

void json_text_put(struct weir_buf *b, const struct weir_serde *serde, struct weir_str bytes)
{
    struct weir_ctx *w = b->w;
    struct weir_str json = bytes;
    if (bytes.p && serde && serde->to_json) {
        json = serde->to_json(w, bytes);
        if (!w->bad) {
            put_on_one_line(b, json);
            return;
        }
        w->bad = NULL;
    }
    if (bytes.p && is_json(w, bytes))
        put_on_one_line(b, bytes);
    else
        json_text_put_string(b, bytes);
}

static struct weir_str base64_of(struct weir_ctx *w, struct weir_str json)
{
    struct weir_json j;
    struct weir_str name, bytes = WEIR_NULL_STR;
    bool first = true;
    weir_json_start(&j, json);
    if (weir_json_object(w, &j) && weir_json_next_field(w, &j, &first, &name) && name.n == 6 &&
        memcmp(name.p, "base64", 6) == 0 && weir_json_read_bytes(w, &j, &bytes) &&
        !weir_json_next_field(w, &j, &first, &name) && !w->bad)
        return bytes;
    w->bad = NULL;
    return json;
}

struct weir_str json_text_bytes(struct weir_ctx *w, struct weir_str json)
{
    struct weir_json j;
    struct weir_str text;
    if (!json.p || (json.n == 4 && memcmp(json.p, "null", 4) == 0))
        return WEIR_NULL_STR;
    if (json.p[0] == '{')
        return base64_of(w, json);
    if (json.p[0] != '"')
        return json;
    weir_json_start(&j, json);
    return weir_json_read_string(w, &j, &text) ? text : json;
}
