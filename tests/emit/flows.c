// Made by weir from "flows.weir".
#include <weir.h>

struct Click_parts {
    struct weir_str name;
    int64_t n;
};

struct Click {
    struct weir_str user;
    struct weir_str page;
    int64_t at;
    struct weir_list parts; // of struct Click_parts
};

struct checkout {
    struct weir_str page;
    int64_t n;
};

struct traces {
    struct weir_str trace;
    struct weir_str topic;
    int32_t partition;
    int64_t offset;
    int64_t at;
};

enum { source_web, source_app, source_old, source_kinds_by_page_repartition };
enum { sink_known, sink_kinds_by_page_repartition, sink_checkout, sink_kinds_routed, sink_web_all, sink_pages, sink_old_pages, sink_traces };

// ---- decoders ----

static bool read_kinds_by_page_repartition_parts(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0;
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        if (!weir_json_skip(w, j))
            return weir_json_in_item(w, n);
        n++;
    }
    struct Click_parts *item = weir_alloc(w, n * sizeof *item);
    memset(item, 0, n * sizeof *item);
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_kinds_by_page_repartition(struct weir_ctx *w, struct weir_json *j, struct Click *v)
{
    static const struct weir_json_name fields[] = {
        { "user", 4, 7, "\"user\":" },
        { "page", 4, 7, "\"page\":" },
        { "at", 2, 5, "\"at\":" },
        { "parts", 5, 8, "\"parts\":" },
    };
    bool first = true, has_page = false, has_parts = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_string(w, j, &v->page))
                return weir_json_in_field(w, "page");
            has_page = true;
            break;
        case 3:
            if (!read_kinds_by_page_repartition_parts(w, j, &v->parts))
                return weir_json_in_field(w, "parts");
            has_parts = true;
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
    if (!has_parts)
        return weir_json_missing(w, "parts");
    return true;
}

static bool read_old(struct weir_ctx *w, struct weir_json *j, struct Click *v)
{
    static const struct weir_json_name fields[] = {
        { "user", 4, 7, "\"user\":" },
        { "page", 4, 7, "\"page\":" },
        { "at", 2, 5, "\"at\":" },
        { "parts", 5, 8, "\"parts\":" },
    };
    bool first = true, has_page = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_string(w, j, &v->page))
                return weir_json_in_field(w, "page");
            has_page = true;
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
    return true;
}

static bool read_Click_parts(struct weir_ctx *w, struct weir_json *j, struct Click_parts *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "n", 1, 4, "\"n\":" },
    };
    bool first = true, has_name = false, has_n = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_name)
        return weir_json_missing(w, "name");
    if (!has_n)
        return weir_json_missing(w, "n");
    return true;
}

static bool read_list_of_Click_parts(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct Click_parts *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_Click_parts(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_Click(struct weir_ctx *w, struct weir_json *j, struct Click *v)
{
    static const struct weir_json_name fields[] = {
        { "user", 4, 7, "\"user\":" },
        { "page", 4, 7, "\"page\":" },
        { "at", 2, 5, "\"at\":" },
        { "parts", 5, 8, "\"parts\":" },
    };
    bool first = true, has_page = false, has_at = false, has_parts = false;
    int field, next = 0;
    v->user = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            v->user = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->user))
                return weir_json_in_field(w, "user");
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->page))
                return weir_json_in_field(w, "page");
            has_page = true;
            break;
        case 2:
            if (!weir_json_read_timestamp(w, j, &v->at))
                return weir_json_in_field(w, "at");
            has_at = true;
            break;
        case 3:
            if (!read_list_of_Click_parts(w, j, &v->parts))
                return weir_json_in_field(w, "parts");
            has_parts = true;
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
    if (!has_parts)
        return weir_json_missing(w, "parts");
    return true;
}

// ---- encoders ----

static void write_checkout(struct weir_buf *b, const struct checkout *v)
{
    weir_put_lit(b, "{\"page\":");
    weir_put_string(b, v->page);
    weir_put_lit(b, ",\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, "}");
}

static void write_Click_parts(struct weir_buf *b, const struct Click_parts *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, "}");
}

static void write_list_of_Click_parts(struct weir_buf *b, struct weir_list v)
{
    const struct Click_parts *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_Click_parts(b, &item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_Click(struct weir_buf *b, const struct Click *v)
{
    weir_put_lit(b, "{\"user\":");
    if (v->user.p != NULL) {
        weir_put_string(b, v->user);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"page\":");
    weir_put_string(b, v->page);
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, ",\"parts\":");
    write_list_of_Click_parts(b, v->parts);
    weir_put_lit(b, "}");
}

static void write_traces(struct weir_buf *b, const struct traces *v)
{
    weir_put_lit(b, "{\"trace\":");
    if (v->trace.p != NULL) {
        weir_put_string(b, v->trace);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"topic\":");
    weir_put_string(b, v->topic);
    weir_put_lit(b, ",\"partition\":");
    weir_put_i64(b, v->partition);
    weir_put_lit(b, ",\"offset\":");
    weir_put_i64(b, v->offset);
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, "}");
}

// ---- functions of the program ----

// fn by_length(key: string, partitions: int32) -> int32 = int32(length(key) % partitions)
static int32_t fn_by_length(struct weir_ctx *w, struct weir_str key, int32_t partitions)
{
    return weir_i32_of_i64(w, weir_mod_i64(w, weir_length(w, key), (int64_t)partitions));
}

static int32_t partition_by_length(struct weir_ctx *w, struct weir_str key, struct weir_str value, int32_t partitions)
{
    if (!key.p) {
        weir_null_key(w);
        return -1;
    }
    struct weir_str typed_key;
    if (!weir_wire_to_string(w, key, &typed_key))
        return -1;
    (void)value;
    return fn_by_length(w, typed_key, partitions);
}

// fn by_page(key: string, value: Click, partitions: int32) -> int32 = int32((length(key) + length(value.page)) % partitions)
static int32_t fn_by_page(struct weir_ctx *w, struct weir_str key, const struct Click *value, int32_t partitions)
{
    return weir_i32_of_i64(w,
        weir_mod_i64(w, weir_add_i64(w, weir_length(w, key), weir_length(w, value->page)), (int64_t)partitions));
}

static int32_t partition_by_page(struct weir_ctx *w, struct weir_str key, struct weir_str value, int32_t partitions)
{
    if (!key.p) {
        weir_null_key(w);
        return -1;
    }
    struct weir_str typed_key;
    if (!weir_wire_to_string(w, key, &typed_key))
        return -1;
    struct Click typed_value = { 0 };
    if (value.p) {
        struct weir_json j;
        weir_json_start(&j, value);
        if (!read_Click(w, &j, &typed_value) || !weir_json_finish(w, &j))
            return -1;
    }
    return fn_by_page(w, typed_key, &typed_value, partitions);
}

// ---- serdes ----

static const struct weir_serde serde_Click = { .name = "json Click" };
static const struct weir_serde serde_checkout = { .name = "json" };
static const struct weir_serde serde_traces = { .name = "json" };

// ---- stages ----

// | repartition 8 by page
static void process_kinds_by_page_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Click click;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_kinds_by_page_repartition(w, &j, &click) || !weir_json_finish(w, &j))
        return;
    // | map { page, n: length(parts) }
    struct checkout checkout = { .page = click.page, .n = (int64_t)click.parts.n };
    // | to "checkout" partitioner by_length
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_checkout(&json, &checkout);
    struct weir_out out = {
        .sink = sink_checkout,
        .key = w->record->key,
        .value = weir_buf_str(&json),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | merge app
static void merge_clicks(struct weir_ctx *w, const struct Click *click, int64_t timestamp)
{
    if (click->user.p != NULL) {
        // known: user != null
        // | key by user
        // | to "known" partitioner by_length headers { "page": page, "old": null } time at + 1s
        int64_t time = weir_add_i64(w, click->at, 1000);
        if (w->bad)
            return;
        if (time < 0) {
            weir_drop_negative_time(w, time);
        } else {
            const struct weir_header headers[] = {
                { WEIR_STR("page"), click->page },
                { WEIR_STR("old"), WEIR_NULL_STR },
            };
            struct weir_buf json;
            weir_buf_init(w, &json, 256);
            write_Click(&json, click);
            struct weir_out out = {
                .sink = sink_known,
                .key = click->user,
                .value = weir_buf_str(&json),
                .timestamp = time,
            };
            weir_headers_with(w, headers, 2, &out);
            weir_send(w, &out);
        }
    } else if (weir_starts_with(w, click->page, WEIR_STR("/pay"))) {
        // checkout: starts_with(page, "/pay")
        // | log page
        weir_log(w, "kinds", click->page);
        // | repartition 8 by page
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Click(&json, click);
        struct weir_out out = {
            .sink = sink_kinds_by_page_repartition,
            .key = click->page,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        // rest
        // | expand parts as part
        for (size_t i = 0; i < click->parts.n; i++) {
            const struct Click_parts *part = &((const struct Click_parts *)click->parts.v)[i];
            // | map part.n
            // | to ("part-" + part.name)
            struct weir_str topic = weir_concat(w, WEIR_STR("part-"), part->name);
            if (w->bad)
                return;
            struct weir_out out_2 = {
                .sink = sink_kinds_routed,
                .key = w->record->key,
                .value = weir_wire_of_i64(w, part->n),
                .timestamp = timestamp,
                .topic = topic,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out_2);
        }
    }
    // | peek headers["trace"]
    const struct weir_str *found = weir_map_get(weir_headers_map(w), WEIR_STR("trace"), sizeof *found);
    (void)(found ? *found : WEIR_NULL_STR);
    if (w->bad)
        return;
    // | map { trace: headers["trace"], topic, partition, offset, at: timestamp }
    const struct weir_str *found_2 = weir_map_get(weir_headers_map(w), WEIR_STR("trace"), sizeof *found_2);
    struct traces traces = {
        .trace = found_2 ? *found_2 : WEIR_NULL_STR,
        .topic = w->record->topic,
        .partition = w->record->partition,
        .offset = w->record->offset,
        .at = timestamp,
    };
    if (w->bad)
        return;
    // | to "traces"
    struct weir_buf json_2;
    weir_buf_init(w, &json_2, 256);
    write_traces(&json_2, &traces);
    struct weir_out out_3 = {
        .sink = sink_traces,
        .key = w->record->key,
        .value = weir_buf_str(&json_2),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out_3);
}

// stream old from "old" string => json Click?  time wall
static void process_old(struct weir_ctx *w)
{
    const struct Click *click = NULL;
    if (w->record->value.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->value);
        struct Click *click_2 = NULL;
        if (!weir_json_null(w, &j))
            click_2 = weir_alloc(w, sizeof *click_2);
        click = click_2;
        if ((click_2 && !read_old(w, &j, click_2)) || !weir_json_finish(w, &j))
            return;
    }
    int64_t timestamp = weir_now(w);
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | map value?.page
    struct weir_str value = click != NULL ? click->page : WEIR_NULL_STR;
    // | to "old-pages"
    struct weir_out out = {
        .sink = sink_old_pages,
        .key = w->record->key,
        .value = value,
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records without a value.
static void merge_clicks_tombstone(struct weir_ctx *w, int64_t timestamp)
{
    // | peek headers["trace"]
    // | map { trace: headers["trace"], topic, partition, offset, at: timestamp }
    // | to "traces"
    struct weir_out out = {
        .sink = sink_traces,
        .key = w->record->key,
        .value = WEIR_NULL_STR,
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records without a value.
static void process_app_tombstone(struct weir_ctx *w)
{
    struct weir_str key = WEIR_NULL_STR;
    if (w->record->key.p && !weir_wire_to_string(w, w->record->key, &key))
        return;
    merge_clicks_tombstone(w, w->record->timestamp);
    // | map page
    // | key by key + "!"
    if (!w->record->key.p)
        weir_null_key(w);
    struct weir_str key_2 = weir_concat(w, key, WEIR_STR("!"));
    if (w->bad)
        return;
    // | to "pages"
    struct weir_out out = {
        .sink = sink_pages,
        .key = key_2,
        .value = WEIR_NULL_STR,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream app from /app-.*/ string => json Click  start latest  partitions 4
static void process_app(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_app_tombstone(w);
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
    merge_clicks(w, &click, w->record->timestamp);
    // | map page
    // | key by key + "!"
    if (!w->record->key.p)
        weir_null_key(w);
    struct weir_str key_2 = weir_concat(w, key, WEIR_STR("!"));
    if (w->bad)
        return;
    // | to "pages"
    struct weir_out out = {
        .sink = sink_pages,
        .key = key_2,
        .value = click.page,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream web from "web-1", "web-2" string => json Click  time at  partitioner by_length
static void process_web(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
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
    // | filter key != "robot"
    if (!w->record->key.p)
        weir_null_key(w);
    bool matches = !weir_eq_str(key, WEIR_STR("robot"));
    if (w->bad)
        return;
    if (matches) {
        merge_clicks(w, &click, timestamp);
    }
    // | to "web-all" partitioner by_page
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Click(&json, &click);
    struct weir_out out = {
        .sink = sink_web_all,
        .key = w->record->key,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_web] = {
        .name = "web",
        .topics = (const char *const[]){ "web-1", "web-2" },
        .topic_count = 2,
        .key = &weir_serde_string,
        .value = &serde_Click,
        .process = process_web,
        .partitioner = partition_by_length,
    },
    [source_app] = {
        .name = "app",
        .topics = (const char *const[]){ "app-.*" },
        .topic_count = 1,
        .pattern = true,
        .latest = true,
        .partitions = 4,
        .key = &weir_serde_string,
        .value = &serde_Click,
        .process = process_app,
    },
    [source_old] = {
        .name = "old",
        .topics = (const char *const[]){ "old" },
        .topic_count = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Click,
        .process = process_old,
    },
    [source_kinds_by_page_repartition] = {
        .name = "kinds_by_page_repartition",
        .topics = (const char *const[]){ "kinds-by-page-repartition" },
        .topic_count = 1,
        .internal = true,
        .partitions = 8,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Click,
        .process = process_kinds_by_page_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_known] = {
        .name = "known",
        .topic = "known",
        .key = &weir_serde_string,
        .value = &serde_Click,
        .partitioner = partition_by_length,
    },
    [sink_kinds_by_page_repartition] = {
        .name = "kinds_by_page_repartition",
        .topic = "kinds-by-page-repartition",
        .internal = true,
        .partitions = 8,
        .key = &weir_serde_string,
        .value = &serde_Click,
    },
    [sink_checkout] = {
        .name = "checkout",
        .topic = "checkout",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_checkout,
        .partitioner = partition_by_length,
    },
    [sink_kinds_routed] = {
        .name = "kinds_routed",
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_web_all] = {
        .name = "web_all",
        .topic = "web-all",
        .key = &weir_serde_string,
        .value = &serde_Click,
        .partitioner = partition_by_page,
    },
    [sink_pages] = {
        .name = "pages",
        .topic = "pages",
        .key = &weir_serde_string,
        .value = &weir_serde_string,
    },
    [sink_old_pages] = {
        .name = "old_pages",
        .topic = "old-pages",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
    },
    [sink_traces] = {
        .name = "traces",
        .topic = "traces",
        .key = &weir_serde_string,
        .value = &serde_traces,
    },
};

static const struct weir_setting settings[] = {
    { "bad_records", "skip" },
    { "kafka.bootstrap.servers", "localhost:9092" },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "flows",
    .file = "flows.weir",
    .sources = sources,
    .source_count = 4,
    .sinks = sinks,
    .sink_count = 8,
    .settings = settings,
    .setting_count = 2,
};
