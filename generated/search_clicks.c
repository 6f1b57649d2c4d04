// Made by weir from "dsl-examples/search_clicks.weir".
#include <weir.h>

struct Search {
    struct weir_str session;
    struct weir_str query;
    int64_t at;
};

struct Click {
    struct weir_str session;
    struct weir_str url;
    int32_t position;
    int64_t at;
};

struct clicked_searches {
    struct weir_str query;
    struct weir_str url;
    int32_t position;
    int64_t took;
};

struct abandoned_searches {
    struct weir_str query;
    int64_t at;
};

enum { source_searches, source_clicks, source_searches_by_session_repartition, source_clicks_by_session_repartition };
enum { sink_searches_by_session_repartition, sink_clicks_by_session_repartition, sink_clicked_searches, sink_abandoned_searches };
enum { store_followed_join_clicks_this_join, store_followed_join_clicks_outer_other_join, store_followed_join_clicks_left_shared_join };

// ---- decoders ----

static bool read_Click(struct weir_ctx *w, struct weir_json *j, struct Click *v)
{
    static const struct weir_json_name fields[] = {
        { "session", 7, 10, "\"session\":" },
        { "url", 3, 6, "\"url\":" },
        { "position", 8, 11, "\"position\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_session = false, has_url = false, has_position = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->session))
                return weir_json_in_field(w, "session");
            has_session = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->url))
                return weir_json_in_field(w, "url");
            has_url = true;
            break;
        case 2:
            if (!weir_json_read_i32(w, j, &v->position))
                return weir_json_in_field(w, "position");
            has_position = true;
            break;
        case 3:
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
    if (!has_session)
        return weir_json_missing(w, "session");
    if (!has_url)
        return weir_json_missing(w, "url");
    if (!has_position)
        return weir_json_missing(w, "position");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_Search(struct weir_ctx *w, struct weir_json *j, struct Search *v)
{
    static const struct weir_json_name fields[] = {
        { "session", 7, 10, "\"session\":" },
        { "query", 5, 8, "\"query\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_session = false, has_query = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->session))
                return weir_json_in_field(w, "session");
            has_session = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->query))
                return weir_json_in_field(w, "query");
            has_query = true;
            break;
        case 2:
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
    if (!has_session)
        return weir_json_missing(w, "session");
    if (!has_query)
        return weir_json_missing(w, "query");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

// ---- encoders ----

static void write_clicked_searches(struct weir_buf *b, const struct clicked_searches *v)
{
    weir_put_lit(b, "{\"query\":");
    weir_put_string(b, v->query);
    weir_put_lit(b, ",\"url\":");
    weir_put_string(b, v->url);
    weir_put_lit(b, ",\"position\":");
    weir_put_i64(b, v->position);
    weir_put_lit(b, ",\"took\":");
    weir_put_i64(b, v->took);
    weir_put_lit(b, "}");
}

static void write_abandoned_searches(struct weir_buf *b, const struct abandoned_searches *v)
{
    weir_put_lit(b, "{\"query\":");
    weir_put_string(b, v->query);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

static void write_Click(struct weir_buf *b, const struct Click *v)
{
    weir_put_lit(b, "{\"session\":");
    weir_put_string(b, v->session);
    weir_put_lit(b, ",\"url\":");
    weir_put_string(b, v->url);
    weir_put_lit(b, ",\"position\":");
    weir_put_i64(b, v->position);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

static void write_Search(struct weir_buf *b, const struct Search *v)
{
    weir_put_lit(b, "{\"session\":");
    weir_put_string(b, v->session);
    weir_put_lit(b, ",\"query\":");
    weir_put_string(b, v->query);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Search = { .name = "json Search" };
static const struct weir_serde serde_Click = { .name = "json Click" };
static const struct weir_serde serde_clicked_searches = { .name = "json" };
static const struct weir_serde serde_abandoned_searches = { .name = "json" };

// ---- values in stores ----

static size_t extra_Search(const struct Search *v)
{
    return weir_keep_size(v->session.n)
        + weir_keep_size(v->query.n);
}

static size_t extra_of_Search(const void *value)
{
    const struct Search *v = value;
    return extra_Search(v);
}

static void keep_Search(struct Search *v, char **next)
{
    v->session.p = weir_keep(next, v->session.p, v->session.n);
    v->query.p = weir_keep(next, v->query.p, v->query.n);
}

static void keep_of_Search(void *to, const void *from)
{
    struct Search *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Search *)from;
    keep_Search(v, next);
}

static struct weir_str encode_Search(struct weir_ctx *w, const void *value)
{
    const struct Search *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Search(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Search(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Search v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Search(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Search *)value = v;
    return true;
}

static size_t extra_Click(const struct Click *v)
{
    return weir_keep_size(v->session.n)
        + weir_keep_size(v->url.n);
}

static size_t extra_of_Click(const void *value)
{
    const struct Click *v = value;
    return extra_Click(v);
}

static void keep_Click(struct Click *v, char **next)
{
    v->session.p = weir_keep(next, v->session.p, v->session.n);
    v->url.p = weir_keep(next, v->url.p, v->url.n);
}

static void keep_of_Click(void *to, const void *from)
{
    struct Click *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Click *)from;
    keep_Click(v, next);
}

static struct weir_str encode_Click(struct weir_ctx *w, const void *value)
{
    const struct Click *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Click(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Click(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Click v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Click(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Click *)value = v;
    return true;
}

// ---- stages ----

// | left join clicks as c on session == c.session after 5m grace 1m
static void followed_join_clicks(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp,
    const struct Search *search, const struct Click *c)
{
    if (c != NULL) {
        // clicked: c != null
        // | map { query, url: c?.url, position: c?.position, took: c?.at - at }
        struct clicked_searches clicked_searches = {
            .query = search->query,
            .url = c->url,
            .position = c->position,
            .took = weir_sub_i64(w, c->at, search->at),
        };
        if (w->bad)
            return;
        // | to "clicked-searches"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_clicked_searches(&json, &clicked_searches);
        struct weir_out out = {
            .sink = sink_clicked_searches,
            .key = key_bytes,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        // abandoned
        // | map { query, at }
        struct abandoned_searches abandoned_searches = { .query = search->query, .at = search->at };
        // | to "abandoned-searches"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_abandoned_searches(&json, &abandoned_searches);
        struct weir_out out = {
            .sink = sink_abandoned_searches,
            .key = key_bytes,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// Records that nothing has matched.
static void followed_join_clicks_parked(struct weir_ctx *w, const struct weir_parked *p)
{
    followed_join_clicks(w, p->key, p->timestamp, p->value, NULL);
}

// | session == c.session
static void process_clicks_by_session_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Click click;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Click(w, &j, &click) || !weir_json_finish(w, &j))
        return;
    // | left join clicks as c on session == c.session after 5m grace 1m
    if (!w->record->key.p) {
        weir_store_time(w, store_followed_join_clicks_left_shared_join, w->record->timestamp);
        weir_drop_null(w, store_followed_join_clicks_outer_other_join);
    } else {
        weir_parked_advance(w, store_followed_join_clicks_left_shared_join, w->record->timestamp);
        struct weir_matches found = weir_side_find(w, store_followed_join_clicks_this_join, w->record->key,
            w->record->timestamp - 300000, w->record->timestamp);
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            weir_parked_take(w, store_followed_join_clicks_left_shared_join, true, w->record->key, match->timestamp);
            followed_join_clicks(w, w->record->key, weir_later(w->record->timestamp, match->timestamp), match->value, &click);
        }
        weir_side_put(w, store_followed_join_clicks_outer_other_join, w->record->key, &click, w->record->timestamp);
    }
}

// | session == c.session
static void process_searches_by_session_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Search search;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Search(w, &j, &search) || !weir_json_finish(w, &j))
        return;
    // | left join clicks as c on session == c.session after 5m grace 1m
    if (!w->record->key.p) {
        weir_store_time(w, store_followed_join_clicks_left_shared_join, w->record->timestamp);
        followed_join_clicks(w, w->record->key, w->record->timestamp, &search, NULL);
    } else {
        weir_parked_advance(w, store_followed_join_clicks_left_shared_join, w->record->timestamp);
        struct weir_matches found = weir_side_find(w, store_followed_join_clicks_outer_other_join, w->record->key,
            w->record->timestamp, weir_time_after(w->record->timestamp, 300000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            followed_join_clicks(w, w->record->key, weir_later(w->record->timestamp, match->timestamp), &search, match->value);
        }
        if (found.count == 0
            && !weir_parked_put(w, store_followed_join_clicks_left_shared_join,
            &(struct weir_parked){ true, w->record->key, &search, w->record->timestamp }))
            followed_join_clicks(w, w->record->key, w->record->timestamp, &search, NULL);
        weir_side_put(w, store_followed_join_clicks_this_join, w->record->key, &search, w->record->timestamp);
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
    // | session == c.session
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Click(&json, &click);
    struct weir_out out = {
        .sink = sink_clicks_by_session_repartition,
        .key = click.session,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream searches from "searches" string => json Search time at
static void process_searches(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Search search;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Search(w, &j, &search) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = search.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | session == c.session
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Search(&json, &search);
    struct weir_out out = {
        .sink = sink_searches_by_session_repartition,
        .key = search.session,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_searches] = {
        .name = "searches",
        .topics = (const char *const[]){ "searches" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Search,
        .process = process_searches,
    },
    [source_clicks] = {
        .name = "clicks",
        .topics = (const char *const[]){ "clicks" },
        .topic_count = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Click,
        .process = process_clicks,
    },
    [source_searches_by_session_repartition] = {
        .name = "searches_by_session_repartition",
        .topics = (const char *const[]){ "searches-by-session-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Search,
        .process = process_searches_by_session_repartition,
    },
    [source_clicks_by_session_repartition] = {
        .name = "clicks_by_session_repartition",
        .topics = (const char *const[]){ "clicks-by-session-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Click,
        .process = process_clicks_by_session_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_searches_by_session_repartition] = {
        .name = "searches_by_session_repartition",
        .topic = "searches-by-session-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Search,
    },
    [sink_clicks_by_session_repartition] = {
        .name = "clicks_by_session_repartition",
        .topic = "clicks-by-session-repartition",
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Click,
    },
    [sink_clicked_searches] = {
        .name = "clicked_searches",
        .topic = "clicked-searches",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_clicked_searches,
    },
    [sink_abandoned_searches] = {
        .name = "abandoned_searches",
        .topic = "abandoned-searches",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_abandoned_searches,
    },
};

static const struct weir_store stores[] = {
    [store_followed_join_clicks_this_join] = {
        .name = "followed-join-clicks-this-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Search,
        .fingerprint = 0x76ecfe599df6ae04,
        .value_size = sizeof(struct Search),
        .extra = extra_of_Search,
        .keep = keep_of_Search,
        .encode = encode_Search,
        .decode = decode_Search,
        .retention = 360000,
    },
    [store_followed_join_clicks_outer_other_join] = {
        .name = "followed-join-clicks-outer-other-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Click,
        .fingerprint = 0x30e949d9ef3f98a6,
        .value_size = sizeof(struct Click),
        .extra = extra_of_Click,
        .keep = keep_of_Click,
        .encode = encode_Click,
        .decode = decode_Click,
        .retention = 360000,
    },
    [store_followed_join_clicks_left_shared_join] = {
        .name = "followed-join-clicks-left-shared-join",
        .kind = WEIR_STORE_PARKED,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Search,
        .fingerprint = 0x99d74b8450377845,
        .value_size = sizeof(struct Search),
        .extra = extra_of_Search,
        .keep = keep_of_Search,
        .encode = encode_Search,
        .decode = decode_Search,
        .after = 300000,
        .grace = 60000,
        .left = store_followed_join_clicks_this_join,
        .right = store_followed_join_clicks_outer_other_join,
        .parked = followed_join_clicks_parked,
    },
};

static const struct weir_copartition copartitions[] = {
    { "left join clicks as c on session == c.session after 5m grace 1m", (const int[]){ source_searches_by_session_repartition, source_clicks_by_session_repartition }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "search_clicks",
    .file = "dsl-examples/search_clicks.weir",
    .sources = sources,
    .source_count = 4,
    .sinks = sinks,
    .sink_count = 4,
    .stores = stores,
    .store_count = 3,
    .copartitions = copartitions,
    .copartition_count = 1,
};
