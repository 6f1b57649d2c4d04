// Made by weir from "dsl-examples/visit_summary.weir".
#include <weir.h>

struct Click {
    struct weir_str page;
    int64_t at;
};

struct Visit {
    int64_t from;
    int64_t to;
    struct weir_list pages; // of struct weir_str
};

struct Summary {
    int64_t from;
    int64_t to;
    int64_t clicks;
    int64_t pages;
    struct weir_str ended;
};

enum { source_clicks };
enum { sink_visits };
enum { store_clicks_visits_open };

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

static bool read_Visit(struct weir_ctx *w, struct weir_json *j, struct Visit *v)
{
    static const struct weir_json_name fields[] = {
        { "from", 4, 7, "\"from\":" },
        { "to", 2, 5, "\"to\":" },
        { "pages", 5, 8, "\"pages\":" },
    };
    bool first = true, has_from = false, has_to = false, has_pages = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_timestamp(w, j, &v->from))
                return weir_json_in_field(w, "from");
            has_from = true;
            break;
        case 1:
            if (!weir_json_read_timestamp(w, j, &v->to))
                return weir_json_in_field(w, "to");
            has_to = true;
            break;
        case 2:
            if (!read_list_of_string(w, j, &v->pages))
                return weir_json_in_field(w, "pages");
            has_pages = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_from)
        return weir_json_missing(w, "from");
    if (!has_to)
        return weir_json_missing(w, "to");
    if (!has_pages)
        return weir_json_missing(w, "pages");
    return true;
}

// ---- encoders ----

static void write_Summary(struct weir_buf *b, const struct Summary *v)
{
    weir_put_lit(b, "{\"from\":");
    weir_put_timestamp_iso(b, v->from);
    weir_put_lit(b, ",\"to\":");
    weir_put_timestamp_iso(b, v->to);
    weir_put_lit(b, ",\"clicks\":");
    weir_put_i64(b, v->clicks);
    weir_put_lit(b, ",\"pages\":");
    weir_put_i64(b, v->pages);
    weir_put_lit(b, ",\"ended\":");
    weir_put_string(b, v->ended);
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

static void write_Visit(struct weir_buf *b, const struct Visit *v)
{
    weir_put_lit(b, "{\"from\":");
    weir_put_timestamp_iso(b, v->from);
    weir_put_lit(b, ",\"to\":");
    weir_put_timestamp_iso(b, v->to);
    weir_put_lit(b, ",\"pages\":");
    write_list_of_string(b, v->pages);
    weir_put_lit(b, "}");
}

// ---- functions of the program ----

// fn summary(visit: Visit, ended: string) -> Summary = {
static struct Summary fn_summary(struct weir_ctx *w, const struct Visit *visit, struct weir_str ended)
{
    return (struct Summary){
        .from = visit->from,
        .to = visit->to,
        .clicks = (int64_t)visit->pages.n,
        .pages = (int64_t)weir_list_distinct(w, visit->pages, &weir_element_str).n,
        .ended = ended,
    };
}

// fn joined(visit: Visit, page: string, at: timestamp) -> Visit = {
static struct Visit fn_joined(struct weir_ctx *w, const struct Visit *visit, struct weir_str page, int64_t at)
{
    struct weir_str *items = weir_alloc(w, 1 * sizeof *items);
    items[0] = page;
    struct weir_list parts[2];
    parts[0] = visit->pages;
    parts[1] = (struct weir_list){ items, 1 };
    return (struct Visit){
        .from = visit->from,
        .to = at,
        .pages = weir_list_concat(w, parts, 2, sizeof(struct weir_str)),
    };
}

// ---- serdes ----

static const struct weir_serde serde_Click = { .name = "json Click" };
static const struct weir_serde serde_Summary = { .name = "json Summary" };
static const struct weir_serde serde_Visit = { .name = "json Visit" };

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

static size_t extra_Visit(const struct Visit *v)
{
    return extra_list_of_string(&v->pages);
}

static size_t extra_of_Visit(const void *value)
{
    const struct Visit *v = value;
    return extra_Visit(v);
}

static void keep_list_of_string(struct weir_list *v, char **next)
{
    struct weir_str *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        item[i].p = weir_keep(next, item[i].p, item[i].n);
    }
    v->v = item;
}

static void keep_Visit(struct Visit *v, char **next)
{
    keep_list_of_string(&v->pages, next);
}

static void keep_of_Visit(void *to, const void *from)
{
    struct Visit *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Visit *)from;
    keep_Visit(v, next);
}

static struct weir_str encode_Visit(struct weir_ctx *w, const void *value)
{
    const struct Visit *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Visit(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Visit(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Visit v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Visit(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Visit *)value = v;
    return true;
}

// ---- stages ----

// | visits
static void emit_clicks_visits_emitted(struct weir_ctx *w, struct weir_str key, bool key_is_null,
    const struct Summary *summary, int64_t timestamp, struct weir_str key_bytes)
{
    (void)key_is_null;
    (void)key_bytes;
    // | to "visits"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Summary(&json, summary);
    struct weir_out out = {
        .sink = sink_visits,
        .key = key,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// every 1m stream {
//   for user, visit in open {
//     if timestamp - visit.to > 30m {
//       emit user => summary(visit, "idle")
//       delete open[user]
//     }
//   }
// }
static void clicks_visits_stream_timer(struct weir_ctx *w, int64_t timestamp)
{
    struct weir_scan *scan = weir_scan_rows(w, store_clicks_visits_open, WEIR_NULL_STR, WEIR_NULL_STR);
    weir_scan_reuse(scan);
    struct weir_scanned row;
    while (weir_scan_next(w, scan, &row)) {
        struct weir_str user;
        if (!weir_wire_to_string(w, row.key, &user))
            return;
        const struct Visit *visit = row.value;
        bool matches = weir_sub_i64(w, timestamp, visit->to) > 1800000;
        if (w->bad)
            return;
        if (matches) {
            {
                struct Summary summary = fn_summary(w, visit, WEIR_STR("idle"));
                if (w->bad)
                    return;
                emit_clicks_visits_emitted(w, user, false, &summary, timestamp, WEIR_NULL_STR);
            }
            if (w->bad)
                return;
            struct weir_str row_key = user;
            struct weir_row *row_2 = weir_row(w, store_clicks_visits_open, row_key, 0);
            weir_row_put(w, store_clicks_visits_open, row_2, NULL, timestamp);
        }
    }
    if (w->bad)
        return;
}

// Records without a value.
static void process_clicks_tombstone(struct weir_ctx *w)
{
    weir_stream_time(w, w->record->timestamp);
}

// stream clicks from "clicks" string => json Click time at
static void process_clicks(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_clicks_tombstone(w);
        return;
    }
    struct Click click;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Click(w, &j, &click) || !weir_json_finish(w, &j))
        return;
    struct weir_str key = WEIR_NULL_STR;
    if (w->record->key.p && !weir_wire_to_string(w, w->record->key, &key))
        return;
    int64_t timestamp = click.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    weir_stream_time(w, timestamp);
    // | process visits
    {
        if (!w->record->key.p)
            weir_null_key(w);
        if (w->bad)
            return;
        struct weir_str row_key = key;
        struct weir_row *row = weir_row(w, store_clicks_visits_open, row_key, 0);
        const struct Visit *kept = row->value;
        const struct Visit *open = kept;
        const struct Visit *before = open;
        if (w->bad)
            return;
        struct Visit visit = { .from = timestamp, .pages = (struct weir_list){ "", 0 } };
        struct Visit visit_2 = fn_joined(w, &visit, click.page, timestamp);
        if (w->bad)
            return;
        if (before != NULL) {
            bool matches = weir_sub_i64(w, timestamp, before->to) > 1800000;
            if (w->bad)
                return;
            if (matches) {
                {
                    struct Summary summary = fn_summary(w, before, WEIR_STR("idle"));
                    if (w->bad)
                        return;
                    emit_clicks_visits_emitted(w, key, !w->record->key.p, &summary, timestamp, w->record->key);
                }
                if (w->bad)
                    return;
            } else {
                bool matches_2 = weir_sub_i64(w, timestamp, before->from) > 14400000;
                if (w->bad)
                    return;
                if (matches_2) {
                    {
                        struct Summary summary_2 = fn_summary(w, before, WEIR_STR("long"));
                        if (w->bad)
                            return;
                        emit_clicks_visits_emitted(w, key, !w->record->key.p, &summary_2, timestamp, w->record->key);
                    }
                    if (w->bad)
                        return;
                } else {
                    visit_2 = fn_joined(w, before, click.page, timestamp);
                    if (w->bad)
                        return;
                }
            }
        }
        if (weir_eq_str(click.page, WEIR_STR("logout"))) {
            {
                struct Summary summary_3 = fn_summary(w, &visit_2, WEIR_STR("logout"));
                if (w->bad)
                    return;
                emit_clicks_visits_emitted(w, key, !w->record->key.p, &summary_3, timestamp, w->record->key);
            }
            if (w->bad)
                return;
            weir_row_put(w, store_clicks_visits_open, row, NULL, timestamp);
        } else {
            weir_row_put(w, store_clicks_visits_open, row, &visit_2, timestamp);
        }
    }
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
    [sink_visits] = {
        .name = "visits",
        .topic = "visits",
        .key = &weir_serde_string,
        .value = &serde_Summary,
    },
};

static const struct weir_store stores[] = {
    [store_clicks_visits_open] = {
        .name = "clicks-visits-open",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Visit,
        .fingerprint = 0x81f2bee35b80f422,
        .value_size = sizeof(struct Visit),
        .extra = extra_of_Visit,
        .keep = keep_of_Visit,
        .encode = encode_Visit,
        .decode = decode_Visit,
    },
};

static const struct weir_timer timers[] = {
    {
        .name = "visits, every 1m stream",
        .subtopology = 0,
        .every = 60000,
        .fire = clicks_visits_stream_timer,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "visit_summary",
    .file = "dsl-examples/visit_summary.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 1,
    .stores = stores,
    .store_count = 1,
    .timers = timers,
    .timer_count = 1,
};
