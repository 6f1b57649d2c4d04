#include "file_line.h"

#include "json_text.h"
#include "memory.h"

enum { MAX_PARTITIONS = 100000 }; // as a program may say

static bool is(struct weir_str name, const char *text)
{
    return name.n == strlen(text) && memcmp(name.p, text, name.n) == 0;
}

static bool read_any(struct weir_ctx *w, struct weir_json *j, struct weir_str *v)
{
    if (weir_json_null(w, j)) {
        *v = WEIR_NULL_STR;
        return true;
    }
    return weir_json_read_any(w, j, v);
}

static bool read_partition(struct weir_ctx *w, struct weir_json *j, int32_t *partition)
{
    if (!weir_json_read_i32(w, j, partition))
        return weir_json_in_field(w, "partition");
    if (*partition >= 0 && *partition < MAX_PARTITIONS)
        return true;
    weir_fail(w, WEIR_BAD_DECODE, "partition: %d is none: they are counted from 0, and a topic has at most %d",
              (int)*partition, MAX_PARTITIONS);
    return false;
}

static bool read_member(struct weir_ctx *w, struct weir_json *j, struct weir_str name, struct file_line *line)
{
    if (is(name, "key"))
        return read_any(w, j, &line->key);
    if (is(name, "value"))
        return read_any(w, j, &line->value);
    if (is(name, "headers"))
        return read_any(w, j, &line->headers);
    if (is(name, "window"))
        return read_any(w, j, &line->window);
    if (is(name, "partition"))
        return read_partition(w, j, &line->partition);
    if (is(name, "timestamp")) {
        line->timed = true;
        return weir_json_read_timestamp(w, j, &line->timestamp) || weir_json_in_field(w, "timestamp");
    }
    if (is(name, "topic"))
        return weir_json_read_string(w, j, &line->topic) || weir_json_in_field(w, "topic");
    return weir_json_skip(w, j);
}

bool file_line_read(struct weir_ctx *w, struct weir_str text, struct file_line *line)
{
    struct weir_json j;
    struct weir_str name;
    bool first = true;
    *line = (struct file_line){.partition = -1};
    weir_json_start(&j, text);
    if (!weir_json_object(w, &j))
        return false;
    while (weir_json_next_field(w, &j, &first, &name)) {
        if (!read_member(w, &j, name, line))
            return false;
    }
    return !w->bad && weir_json_finish(w, &j);
}

bool file_line_headers(struct weir_ctx *w, struct weir_str json, struct weir_record *r)
{
    struct weir_json j;
    struct weir_str name, value;
    struct weir_header *headers = NULL;
    size_t count = 0, room = 0;
    bool first = true;
    weir_json_start(&j, json);
    if (!weir_json_object(w, &j))
        return weir_json_in_field(w, "headers");
    while (weir_json_next_field(w, &j, &first, &name)) {
        if (!weir_json_read_any(w, &j, &value))
            return weir_json_in_field(w, "headers");
        if (count == room) {
            struct weir_header *grown = weir_alloc(w, (room * 2 + 8) * sizeof *grown);
            if (count)
                memcpy(grown, headers, count * sizeof *grown);
            room = room * 2 + 8;
            headers = grown;
        }
        headers[count++] = (struct weir_header){name, json_text_bytes(w, value)};
    }
    r->headers = headers;
    r->header_count = count;
    return !w->bad || weir_json_in_field(w, "headers");
}

struct weir_str file_line_bytes(struct weir_ctx *w, const struct weir_serde *serde, struct weir_str json)
{
    return json.p && serde && serde->from_json ? serde->from_json(w, json) : json;
}

static bool read_window(struct weir_ctx *w, struct weir_str json, int64_t *start, int64_t *end)
{
    struct weir_json j;
    struct weir_str name;
    bool first = true;
    *start = *end = -1;
    weir_json_start(&j, json);
    if (!weir_json_object(w, &j))
        return weir_json_in_field(w, "window");
    while (weir_json_next_field(w, &j, &first, &name)) {
        int64_t *to = is(name, "start") ? start : is(name, "end") ? end : NULL;
        if (to ? !weir_json_read_timestamp(w, &j, to) : !weir_json_skip(w, &j))
            return weir_json_in_field(w, "window");
    }
    return !w->bad || weir_json_in_field(w, "window");
}

static bool is_window(struct weir_ctx *w, const struct weir_serde *serde, int64_t start, int64_t *end)
{
    bool session = serde->window == WEIR_SESSION_WINDOWS;
    if (start < 0 || (session && *end < start)) {
        weir_fail(w, WEIR_BAD_DECODE, "window: a windowed key needs \"window\":{\"start\":...%s}",
                  session ? ",\"end\":..." : "");
        return false;
    }
    if (!session)
        *end = start + serde->window_size;
    return true;
}

struct weir_str file_line_key(struct weir_ctx *w, const struct weir_serde *serde, const struct file_line *line)
{
    int64_t start = -1, end = -1;
    struct weir_str key = file_line_bytes(w, serde, line->key);
    if (!key.p || w->bad || !serde || serde->window == WEIR_NOT_WINDOWED)
        return key;
    if (line->window.p && !read_window(w, line->window, &start, &end))
        return WEIR_NULL_STR;
    return is_window(w, serde, start, &end) ? weir_windowed_key(w, serde->window, key, start, end) : WEIR_NULL_STR;
}

static void put_key(struct weir_buf *b, const struct weir_serde *serde, struct weir_str key)
{
    struct weir_str inner = key;
    int64_t start, end;
    if (!key.p || !serde || serde->window == WEIR_NOT_WINDOWED) {
        json_text_put(b, serde, key);
        return;
    }
    if (!weir_windowed_split(b->w, serde->window, serde->window_size, key, &inner, &start, &end)) {
        b->w->bad = NULL; // of a dead letter: the key is no window's
        json_text_put(b, NULL, key);
        return;
    }
    json_text_put(b, serde, inner);
    weir_put_lit(b, ",\"window\":{\"start\":");
    weir_put_i64(b, start);
    weir_put_lit(b, ",\"end\":");
    weir_put_i64(b, end);
    weir_put_lit(b, "}");
}

static void put_headers(struct weir_buf *b, const struct weir_out *out)
{
    weir_put_lit(b, ",\"headers\":{");
    for (size_t i = 0; i < out->header_count; i++) {
        if (i)
            weir_put_lit(b, ",");
        weir_put_string(b, out->headers[i].name);
        weir_put_lit(b, ":");
        json_text_put_string(b, out->headers[i].value);
    }
    weir_put_lit(b, "}");
}

void file_line_put(struct weir_buf *b, const struct weir_serde *key, const struct weir_serde *value,
                   const struct weir_out *out, int32_t partition)
{
    weir_put_lit(b, "{\"key\":");
    put_key(b, key, out->key);
    weir_put_lit(b, ",\"value\":");
    json_text_put(b, value, out->value);
    weir_put_lit(b, ",\"timestamp\":");
    weir_put_i64(b, out->timestamp);
    if (partition != 0) {
        weir_put_lit(b, ",\"partition\":");
        weir_put_i64(b, partition);
    }
    if (out->header_count)
        put_headers(b, out);
    weir_put_lit(b, "}\n");
}
