// Made by weir from "dsl-examples/error_alert.weir".
#include <weir.h>

struct Request {
    struct weir_str service;
    int32_t status;
    int64_t at;
};

struct Trend {
    int64_t minute;
    int64_t errors;
    double usual;
    double average;
    int64_t minutes;
};

struct window {
    int64_t start;
    int64_t end;
};

struct per_minute {
    int64_t errors;
};

struct trend {
    int64_t minute;
    int64_t errors;
};

struct error_alerts {
    int64_t minute;
    int64_t errors;
    double usual;
};

enum { source_requests, source_requests_by_service_repartition, source_trend_by_key_repartition };
enum { sink_requests_by_service_repartition, sink_trend_by_key_repartition, sink_error_alerts };
enum { store_per_minute, store_per_minute_suppress, store_trend };

// ---- decoders ----

static bool read_trend(struct weir_ctx *w, struct weir_json *j, struct trend *v)
{
    static const struct weir_json_name fields[] = {
        { "minute", 6, 9, "\"minute\":" },
        { "errors", 6, 9, "\"errors\":" },
    };
    bool first = true, has_minute = false, has_errors = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_timestamp(w, j, &v->minute))
                return weir_json_in_field(w, "minute");
            has_minute = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->errors))
                return weir_json_in_field(w, "errors");
            has_errors = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_minute)
        return weir_json_missing(w, "minute");
    if (!has_errors)
        return weir_json_missing(w, "errors");
    return true;
}

static bool read_requests_by_service_repartition(struct weir_ctx *w, struct weir_json *j, struct Request *v)
{
    static const struct weir_json_name fields[] = {
        { "service", 7, 10, "\"service\":" },
        { "status", 6, 9, "\"status\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_status = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_i32(w, j, &v->status))
                return weir_json_in_field(w, "status");
            has_status = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_status)
        return weir_json_missing(w, "status");
    return true;
}

static bool read_Request(struct weir_ctx *w, struct weir_json *j, struct Request *v)
{
    static const struct weir_json_name fields[] = {
        { "service", 7, 10, "\"service\":" },
        { "status", 6, 9, "\"status\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_service = false, has_status = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->service))
                return weir_json_in_field(w, "service");
            has_service = true;
            break;
        case 1:
            if (!weir_json_read_i32(w, j, &v->status))
                return weir_json_in_field(w, "status");
            has_status = true;
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
    if (!has_service)
        return weir_json_missing(w, "service");
    if (!has_status)
        return weir_json_missing(w, "status");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_per_minute(struct weir_ctx *w, struct weir_json *j, struct per_minute *v)
{
    static const struct weir_json_name fields[] = {
        { "errors", 6, 9, "\"errors\":" },
    };
    bool first = true, has_errors = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->errors))
                return weir_json_in_field(w, "errors");
            has_errors = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_errors)
        return weir_json_missing(w, "errors");
    return true;
}

static bool read_Trend(struct weir_ctx *w, struct weir_json *j, struct Trend *v)
{
    static const struct weir_json_name fields[] = {
        { "minute", 6, 9, "\"minute\":" },
        { "errors", 6, 9, "\"errors\":" },
        { "usual", 5, 8, "\"usual\":" },
        { "average", 7, 10, "\"average\":" },
        { "minutes", 7, 10, "\"minutes\":" },
    };
    bool first = true, has_minute = false, has_errors = false, has_usual = false, has_average = false,
        has_minutes = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 5, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_timestamp(w, j, &v->minute))
                return weir_json_in_field(w, "minute");
            has_minute = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->errors))
                return weir_json_in_field(w, "errors");
            has_errors = true;
            break;
        case 2:
            if (!weir_json_read_f64(w, j, &v->usual))
                return weir_json_in_field(w, "usual");
            has_usual = true;
            break;
        case 3:
            if (!weir_json_read_f64(w, j, &v->average))
                return weir_json_in_field(w, "average");
            has_average = true;
            break;
        case 4:
            if (!weir_json_read_i64(w, j, &v->minutes))
                return weir_json_in_field(w, "minutes");
            has_minutes = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_minute)
        return weir_json_missing(w, "minute");
    if (!has_errors)
        return weir_json_missing(w, "errors");
    if (!has_usual)
        return weir_json_missing(w, "usual");
    if (!has_average)
        return weir_json_missing(w, "average");
    if (!has_minutes)
        return weir_json_missing(w, "minutes");
    return true;
}

// ---- encoders ----

static void write_error_alerts(struct weir_buf *b, const struct error_alerts *v)
{
    weir_put_lit(b, "{\"minute\":");
    weir_put_i64(b, v->minute);
    weir_put_lit(b, ",\"errors\":");
    weir_put_i64(b, v->errors);
    weir_put_lit(b, ",\"usual\":");
    weir_put_f64(b, v->usual);
    weir_put_lit(b, "}");
}

static void write_trend(struct weir_buf *b, const struct trend *v)
{
    weir_put_lit(b, "{\"minute\":");
    weir_put_i64(b, v->minute);
    weir_put_lit(b, ",\"errors\":");
    weir_put_i64(b, v->errors);
    weir_put_lit(b, "}");
}

static void write_Request(struct weir_buf *b, const struct Request *v)
{
    weir_put_lit(b, "{\"service\":");
    weir_put_string(b, v->service);
    weir_put_lit(b, ",\"status\":");
    weir_put_i64(b, v->status);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

static void write_per_minute(struct weir_buf *b, const struct per_minute *v)
{
    weir_put_lit(b, "{\"errors\":");
    weir_put_i64(b, v->errors);
    weir_put_lit(b, "}");
}

static void write_Trend(struct weir_buf *b, const struct Trend *v)
{
    weir_put_lit(b, "{\"minute\":");
    weir_put_i64(b, v->minute);
    weir_put_lit(b, ",\"errors\":");
    weir_put_i64(b, v->errors);
    weir_put_lit(b, ",\"usual\":");
    weir_put_f64(b, v->usual);
    weir_put_lit(b, ",\"average\":");
    weir_put_f64(b, v->average);
    weir_put_lit(b, ",\"minutes\":");
    weir_put_i64(b, v->minutes);
    weir_put_lit(b, "}");
}

// ---- functions of the program ----

// fn next(trend: Trend, minute: timestamp, errors: int64) -> Trend = {
static struct Trend fn_next(struct weir_ctx *w, const struct Trend *trend, int64_t minute, int64_t errors)
{
    return (struct Trend){
        .minute = minute,
        .errors = errors,
        .usual = trend->average,
        .average = trend->minutes == 0 ? weir_f64_of_i64(w, errors)
            : trend->average * 0.8 + weir_f64_of_i64(w, errors) * 0.2,
        .minutes = weir_add_i64(w, trend->minutes, 1),
    };
}

// ---- serdes ----

static const struct weir_serde serde_Request = { .name = "json Request" };
static const struct weir_serde serde_trend = { .name = "json" };
static const struct weir_serde serde_error_alerts = { .name = "json" };
static const struct weir_serde serde_per_minute = { .name = "json" };
static const struct weir_serde serde_Trend = { .name = "json Trend" };

// ---- values in stores ----

static struct weir_str encode_per_minute(struct weir_ctx *w, const void *value)
{
    const struct per_minute *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_per_minute(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_per_minute(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct per_minute v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_per_minute(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct per_minute *)value = v;
    return true;
}

static struct weir_str encode_Trend(struct weir_ctx *w, const void *value)
{
    const struct Trend *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Trend(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Trend(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Trend v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Trend(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Trend *)value = v;
    return true;
}

// ---- stages ----

// | as stream
static void stream_trend_stream_2(struct weir_ctx *w, const struct Trend *trend, int64_t timestamp,
    struct weir_str key_bytes)
{
    // | filter minutes > 3 && errors >= 5 && float64(errors) > usual * 3.0
    if (trend->minutes > 3 && trend->errors >= 5 && weir_f64_of_i64(w, trend->errors) > trend->usual * 3.0) {
        // | map { minute, errors, usual: round(usual, 2) }
        struct error_alerts error_alerts = {
            .minute = trend->minute,
            .errors = trend->errors,
            .usual = weir_round_f64(w, trend->usual, 2),
        };
        // | to "error-alerts"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_error_alerts(&json, &error_alerts);
        struct weir_out out = {
            .sink = sink_error_alerts,
            .key = key_bytes,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | fold { minute: from_millis(0), errors: 0, usual: 0.0, average: 0.0, minutes: 0 }, acc => next(acc, minute, errors)
static void trend_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct Trend *trend = c->value;
    // | as stream
    stream_trend_stream_2(w, trend, c->timestamp, c->key);
}

// | group by key
static void process_trend_by_key_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct trend trend;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_trend(w, &j, &trend) || !weir_json_finish(w, &j))
        return;
    // | fold { minute: from_millis(0), errors: 0, usual: 0.0, average: 0.0, minutes: 0 }, acc => next(acc, minute, errors)
    if (!w->record->key.p) {
        weir_drop_null(w, store_trend);
    } else {
        struct weir_row *row = weir_row(w, store_trend, w->record->key, 0);
        const struct Trend *acc = row->value;
        struct Trend fresh;
        if (!acc) {
            fresh = (struct Trend){
                .minute = 0,
                .errors = 0,
                .usual = 0.0,
                .average = 0.0,
                .minutes = 0,
            };
            acc = &fresh;
        }
        struct Trend next = fn_next(w, acc, trend.minute, trend.errors);
        if (w->bad)
            return;
        weir_row_put(w, store_trend, row, &next, weir_row_time(row, w->record->timestamp));
    }
}

// | as stream
static void stream_trend_stream(struct weir_ctx *w, struct weir_str key, const struct per_minute *per_minute,
    int64_t timestamp, struct weir_str key_bytes, int64_t start, int64_t end)
{
    struct window window = { .start = start, .end = end };
    (void)key_bytes;
    // | map { minute: window.start, errors }
    struct trend trend = { .minute = window.start, .errors = per_minute->errors };
    // | key by key
    // | group by key
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_trend(&json, &trend);
    struct weir_out out = {
        .sink = sink_trend_by_key_repartition,
        .key = key,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records without a value.
static void stream_trend_stream_tombstone(struct weir_ctx *w, struct weir_str key, int64_t timestamp,
    struct weir_str key_bytes, int64_t start, int64_t end)
{
    (void)key_bytes;
    (void)start;
    (void)end;
    // | map { minute: window.start, errors }
    // | key by key
    // | group by key
    struct weir_out out = {
        .sink = sink_trend_by_key_repartition,
        .key = key,
        .value = WEIR_NULL_STR,
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | emit final
static void per_minute_suppress_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct per_minute *per_minute = c->value;
    struct weir_str key;
    if (!weir_wire_to_string(w, c->key, &key))
        return;
    // | as stream
    if (per_minute) {
        stream_trend_stream(w, key, per_minute, c->timestamp, c->key, c->start, c->end);
    } else {
        stream_trend_stream_tombstone(w, key, c->timestamp, c->key, c->start, c->end);
    }
}

// | aggregate { errors: count() where status >= 500 }
static void per_minute_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct per_minute *per_minute = c->value;
    const struct per_minute *old_per_minute = c->old;
    // | emit final
    weir_suppress(w, store_per_minute_suppress, &(struct weir_change){
        .key = c->key,
        .start = c->start,
        .end = c->end,
        .value = per_minute,
        .old = old_per_minute,
        .timestamp = c->timestamp,
    });
}

// | group by service
static void process_requests_by_service_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Request request;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_requests_by_service_repartition(w, &j, &request) || !weir_json_finish(w, &j))
        return;
    // | window tumbling 1m grace 5s
    // | aggregate { errors: count() where status >= 500 }
    if (!w->record->key.p) {
        weir_drop_null(w, store_per_minute);
    } else {
        int64_t stream_time = weir_store_time(w, store_per_minute, w->record->timestamp);
        int64_t start = weir_window_first(w->record->timestamp, 60000, 60000);
        if (start <= stream_time - 65000) {
            weir_drop_late(w, store_per_minute);
        } else {
            struct weir_row *row = weir_row(w, store_per_minute, w->record->key, start);
            const struct per_minute *acc = row->value;
            struct per_minute fresh;
            if (!acc) {
                fresh = (struct per_minute){ .errors = 0 };
                acc = &fresh;
            }
            struct per_minute next = {
                .errors = request.status >= 500 ? weir_add_i64(w, acc->errors, 1) : acc->errors,
            };
            if (w->bad)
                return;
            weir_row_put(w, store_per_minute, row, &next, weir_row_time(row, w->record->timestamp));
        }
    }
}

// stream requests from "requests" string => json Request time at idle 1m
static void process_requests(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Request request;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Request(w, &j, &request) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = request.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | group by service
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Request(&json, &request);
    struct weir_out out = {
        .sink = sink_requests_by_service_repartition,
        .key = request.service,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_requests] = {
        .name = "requests",
        .topics = (const char *const[]){ "requests" },
        .topic_count = 1,
        .idle = 60000,
        .key = &weir_serde_string,
        .value = &serde_Request,
        .process = process_requests,
    },
    [source_requests_by_service_repartition] = {
        .name = "requests_by_service_repartition",
        .topics = (const char *const[]){ "requests-by-service-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Request,
        .process = process_requests_by_service_repartition,
    },
    [source_trend_by_key_repartition] = {
        .name = "trend_by_key_repartition",
        .topics = (const char *const[]){ "trend-by-key-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_trend,
        .process = process_trend_by_key_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_requests_by_service_repartition] = {
        .name = "requests_by_service_repartition",
        .topic = "requests-by-service-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Request,
    },
    [sink_trend_by_key_repartition] = {
        .name = "trend_by_key_repartition",
        .topic = "trend-by-key-repartition",
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_trend,
    },
    [sink_error_alerts] = {
        .name = "error_alerts",
        .topic = "error-alerts",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_error_alerts,
    },
};

static const struct weir_store stores[] = {
    [store_per_minute] = {
        .name = "per_minute",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_per_minute,
        .fingerprint = 0x9c21ac4b5aa4cce9,
        .value_size = sizeof(struct per_minute),
        .encode = encode_per_minute,
        .decode = decode_per_minute,
        .changed = per_minute_changed,
        .wants_old = true,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 60000,
        .grace = 5000,
        .retention = 65000,
    },
    [store_per_minute_suppress] = {
        .name = "per_minute-suppress",
        .kind = WEIR_STORE_BUFFER,
        .memory = true,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_per_minute,
        .fingerprint = 0xa4bb4cb3e10ef51b,
        .value_size = sizeof(struct per_minute),
        .encode = encode_per_minute,
        .decode = decode_per_minute,
        .changed = per_minute_suppress_changed,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 60000,
        .grace = 5000,
        .retention = 65000,
        .wait = 5000,
        .final = true,
    },
    [store_trend] = {
        .name = "trend",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Trend,
        .fingerprint = 0xcac8e3e5563d156b,
        .value_size = sizeof(struct Trend),
        .encode = encode_Trend,
        .decode = decode_Trend,
        .changed = trend_changed,
    },
};

static const struct weir_setting settings[] = {
    { "cache", "0" },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "error_alert",
    .file = "dsl-examples/error_alert.weir",
    .sources = sources,
    .source_count = 3,
    .sinks = sinks,
    .sink_count = 3,
    .stores = stores,
    .store_count = 3,
    .settings = settings,
    .setting_count = 1,
};
