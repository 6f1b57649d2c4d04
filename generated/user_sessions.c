// Made by weir from "dsl-examples/user_sessions.weir".
#include <weir.h>

struct Click {
    struct weir_str page;
    int64_t at;
};

struct window {
    int64_t start;
    int64_t end;
};

struct sessions {
    int64_t clicks;
    int64_t pages;
    struct weir_str entry;
    int64_t duration;
};

struct record_2 {
    struct weir_str value;
    int64_t by;
};

struct record {
    int64_t clicks;
    struct weir_list pages; // of struct weir_str
    struct record_2 entry;
};

enum { source_clicks };
enum { sink_user_sessions };
enum { store_sessions };

// ---- decoders ----

static bool read_Click(struct weir_ctx *w, struct weir_json *j, struct Click *v)
{
    static const struct weir_json_name fields[] = {
        { "page", 4, 7, "\"page\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_page = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->page))
                return weir_json_in_field(w, "page");
            has_page = true;
            break;
        case 1:
            if (!weir_json_read_timestamp(w, j, &v->at))
                return weir_json_in_field(w, "at");
            has_at = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_page)
        return weir_json_missing(w, "page");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_list_of_string(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct weir_str *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!weir_json_read_string(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_record_2(struct weir_ctx *w, struct weir_json *j, struct record_2 *v)
{
    static const struct weir_json_name fields[] = {
        { "value", 5, 8, "\"value\":" },
        { "by", 2, 5, "\"by\":" },
    };
    bool first = true, has_value = false, has_by = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->value))
                return weir_json_in_field(w, "value");
            has_value = true;
            break;
        case 1:
            if (!weir_json_read_timestamp(w, j, &v->by))
                return weir_json_in_field(w, "by");
            has_by = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_value)
        return weir_json_missing(w, "value");
    if (!has_by)
        return weir_json_missing(w, "by");
    return true;
}

static bool read_record(struct weir_ctx *w, struct weir_json *j, struct record *v)
{
    static const struct weir_json_name fields[] = {
        { "clicks", 6, 9, "\"clicks\":" },
        { "pages", 5, 8, "\"pages\":" },
        { "entry", 5, 8, "\"entry\":" },
    };
    bool first = true, has_clicks = false, has_pages = false, has_entry = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->clicks))
                return weir_json_in_field(w, "clicks");
            has_clicks = true;
            break;
        case 1:
            if (!read_list_of_string(w, j, &v->pages))
                return weir_json_in_field(w, "pages");
            has_pages = true;
            break;
        case 2:
            if (!read_record_2(w, j, &v->entry))
                return weir_json_in_field(w, "entry");
            has_entry = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_clicks)
        return weir_json_missing(w, "clicks");
    if (!has_pages)
        return weir_json_missing(w, "pages");
    if (!has_entry)
        return weir_json_missing(w, "entry");
    return true;
}

// ---- encoders ----

static void write_sessions(struct weir_buf *b, const struct sessions *v)
{
    weir_put_lit(b, "{\"clicks\":");
    weir_put_i64(b, v->clicks);
    weir_put_lit(b, ",\"pages\":");
    weir_put_i64(b, v->pages);
    weir_put_lit(b, ",\"entry\":");
    weir_put_string(b, v->entry);
    weir_put_lit(b, ",\"duration\":");
    weir_put_i64(b, v->duration);
    weir_put_lit(b, "}");
}

static void write_list_of_string(struct weir_buf *b, struct weir_list v)
{
    const struct weir_str *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_string(b, item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_record_2(struct weir_buf *b, const struct record_2 *v)
{
    weir_put_lit(b, "{\"value\":");
    weir_put_string(b, v->value);
    weir_put_lit(b, ",\"by\":");
    weir_put_timestamp_iso(b, v->by);
    weir_put_lit(b, "}");
}

static void write_record(struct weir_buf *b, const struct record *v)
{
    weir_put_lit(b, "{\"clicks\":");
    weir_put_i64(b, v->clicks);
    weir_put_lit(b, ",\"pages\":");
    write_list_of_string(b, v->pages);
    weir_put_lit(b, ",\"entry\":");
    write_record_2(b, &v->entry);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Click = { .name = "json Click" };
static const struct weir_serde serde_windowed_string = {
    .name = "windowed session string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_SESSION_WINDOWS,
};
static const struct weir_serde serde_sessions = { .name = "json" };
static const struct weir_serde serde_record = { .name = "json" };

// ---- values in stores ----

static size_t extra_list_of_string(const struct weir_list *v)
{
    const struct weir_str *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        size += weir_keep_size(item[i].n);
    }
    return size;
}

static size_t extra_record_2(const struct record_2 *v)
{
    return weir_keep_size(v->value.n);
}

static size_t extra_record(const struct record *v)
{
    return extra_list_of_string(&v->pages)
        + extra_record_2(&v->entry);
}

static size_t extra_of_record(const void *value)
{
    const struct record *v = value;
    return extra_record(v);
}

static void keep_list_of_string(struct weir_list *v, char **next)
{
    struct weir_str *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        item[i].p = weir_keep(next, item[i].p, item[i].n);
    }
    v->v = item;
}

static void keep_record_2(struct record_2 *v, char **next)
{
    v->value.p = weir_keep(next, v->value.p, v->value.n);
}

static void keep_record(struct record *v, char **next)
{
    keep_list_of_string(&v->pages, next);
    keep_record_2(&v->entry, next);
}

static void keep_of_record(void *to, const void *from)
{
    struct record *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct record *)from;
    keep_record(v, next);
}

static struct weir_str encode_record(struct weir_ctx *w, const void *value)
{
    const struct record *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_record(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_record(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct record v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_record(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct record *)value = v;
    return true;
}

// ---- stages ----

// | aggregate {
//   clicks:   count()
//   pages:    count_distinct(page)
//   entry:    argmin(page, at)
//   duration: window.end - window.start
// }
static void sessions_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct window window = { .start = c->start, .end = c->end };
    struct sessions sessions = { 0 };
    if (acc) {
        sessions = (struct sessions){
            .clicks = acc->clicks,
            .pages = (int64_t)acc->pages.n,
            .entry = acc->entry.value,
            .duration = weir_sub_i64(w, window.end, window.start),
        };
    }
    if (w->bad)
        return;
    // | to "user-sessions"
    if (acc) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_sessions(&json, &sessions);
        struct weir_out out = {
            .sink = sink_user_sessions,
            .key = weir_windowed_key(w, WEIR_SESSION_WINDOWS, c->key, c->start, c->end),
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_user_sessions,
            .key = weir_windowed_key(w, WEIR_SESSION_WINDOWS, c->key, c->start, c->end),
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// stream clicks from "clicks" string => json Click time at
static void process_clicks(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Click click;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Click(w, &j, &click) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = click.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | group by key
    // | window session 30m grace 10m
    // | aggregate {
    //   clicks:   count()
    //   pages:    count_distinct(page)
    //   entry:    argmin(page, at)
    //   duration: window.end - window.start
    // }
    if (!w->record->key.p) {
        weir_drop_null(w, store_sessions);
    } else {
        struct weir_sessions sessions;
        if (weir_sessions_find(w, store_sessions, w->record->key, timestamp, &sessions)) {
            struct record session;
            if (sessions.count > 0) {
                session = *(const struct record *)sessions.found[0].value;
                for (size_t i = 1; i < sessions.count; i++) {
                    const struct record *other = sessions.found[i].value;
                    int64_t clicks = weir_add_i64(w, session.clicks, other->clicks);
                    struct weir_list acc = session.pages;
                    for (size_t i_2 = 0; i_2 < other->pages.n; i_2++) {
                        struct weir_str x = ((const struct weir_str *)other->pages.v)[i_2];
                        struct weir_str wanted = x;
                        struct weir_list result;
                        if (weir_list_index_of(acc, &wanted, &weir_element_str) >= 0) {
                            result = acc;
                        } else {
                            struct weir_str element = x;
                            result = weir_list_append(w, acc, &element, sizeof(struct weir_str));
                        }
                        acc = result;
                    }
                    session = (struct record){
                        .clicks = clicks,
                        .pages = acc,
                        .entry = other->entry.by < session.entry.by
                            ? (struct record_2){ .value = other->entry.value, .by = other->entry.by } : session.entry,
                    };
                }
                int64_t clicks_2 = weir_add_i64(w, session.clicks, 1);
                struct weir_str wanted_2 = click.page;
                struct weir_list pages;
                if (weir_list_index_of(session.pages, &wanted_2, &weir_element_str) >= 0) {
                    pages = session.pages;
                } else {
                    struct weir_str element_2 = click.page;
                    pages = weir_list_append(w, session.pages, &element_2, sizeof(struct weir_str));
                }
                session = (struct record){
                    .clicks = clicks_2,
                    .pages = pages,
                    .entry = click.at < session.entry.by ? (struct record_2){ .value = click.page, .by = click.at } : session.entry,
                };
            } else {
                struct weir_str wanted_3 = click.page;
                struct weir_list pages_2;
                if (weir_list_index_of((struct weir_list){ "", 0 }, &wanted_3, &weir_element_str) >= 0) {
                    pages_2 = (struct weir_list){ "", 0 };
                } else {
                    struct weir_str element_3 = click.page;
                    pages_2 = weir_list_append(w, (struct weir_list){ "", 0 }, &element_3, sizeof(struct weir_str));
                }
                session = (struct record){
                    .clicks = 1,
                    .pages = pages_2,
                    .entry = (struct record_2){ .value = click.page, .by = click.at },
                };
            }
            if (w->bad)
                return;
            weir_sessions_put(w, store_sessions, &sessions, &session);
        }
    }
}

static struct weir_str show_sessions(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct window window = { .start = c->start, .end = c->end };
    struct sessions sessions = {
        .clicks = acc->clicks,
        .pages = (int64_t)acc->pages.n,
        .entry = acc->entry.value,
        .duration = weir_sub_i64(w, window.end, window.start),
    };
    if (w->bad)
        return WEIR_NULL_STR;
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_sessions(&json, &sessions);
    return weir_buf_str(&json);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_clicks] = {
        .name = "clicks",
        .topics = (const char *const[]){ "clicks" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Click,
        .process = process_clicks,
    },
};

static const struct weir_sink sinks[] = {
    [sink_user_sessions] = {
        .name = "user_sessions",
        .topic = "user-sessions",
        .key = &serde_windowed_string,
        .value = &serde_sessions,
    },
};

static const struct weir_store stores[] = {
    [store_sessions] = {
        .name = "sessions",
        .kind = WEIR_STORE_SERIES,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_record,
        .fingerprint = 0xc3d8f05fb0060962,
        .value_size = sizeof(struct record),
        .extra = extra_of_record,
        .keep = keep_of_record,
        .encode = encode_record,
        .decode = decode_record,
        .changed = sessions_changed,
        .show = show_sessions,
        .window = WEIR_SESSION_WINDOWS,
        .window_size = 1800000,
        .grace = 600000,
        .retention = 2400000,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "user_sessions",
    .file = "dsl-examples/user_sessions.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 1,
    .stores = stores,
    .store_count = 1,
};
