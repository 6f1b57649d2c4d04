// Made by weir from "dsl-examples/rate_limit.weir".
#include <weir.h>

struct Request {
    struct weir_str path;
    int64_t at;
};

struct Bucket {
    double tokens;
    int64_t at;
};

enum { source_requests };
enum { sink_rejected, sink_accepted };
enum { store_requests_limit_buckets };

// ---- decoders ----

static bool read_Request(struct weir_ctx *w, struct weir_json *j, struct Request *v)
{
    static const struct weir_json_name fields[] = {
        { "path", 4, 7, "\"path\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_path = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->path))
                return weir_json_in_field(w, "path");
            has_path = true;
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
    if (!has_path)
        return weir_json_missing(w, "path");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_Bucket(struct weir_ctx *w, struct weir_json *j, struct Bucket *v)
{
    static const struct weir_json_name fields[] = {
        { "tokens", 6, 9, "\"tokens\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_tokens = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_f64(w, j, &v->tokens))
                return weir_json_in_field(w, "tokens");
            has_tokens = true;
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
    if (!has_tokens)
        return weir_json_missing(w, "tokens");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

// ---- encoders ----

static void write_Request(struct weir_buf *b, const struct Request *v)
{
    weir_put_lit(b, "{\"path\":");
    weir_put_string(b, v->path);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

static void write_Bucket(struct weir_buf *b, const struct Bucket *v)
{
    weir_put_lit(b, "{\"tokens\":");
    weir_put_f64(b, v->tokens);
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, "}");
}

// ---- functions of the program ----

// fn refilled(bucket: Bucket, now: timestamp) -> float64 =
static double fn_refilled(struct weir_ctx *w, const struct Bucket *bucket, int64_t now)
{
    return weir_min_f64(3.0, bucket->tokens + weir_f64_of_i64(w, weir_sub_i64(w, now, bucket->at)) * 0.0003);
}

// ---- serdes ----

static const struct weir_serde serde_Request = { .name = "json Request" };
static const struct weir_serde serde_Bucket = { .name = "json Bucket" };

// ---- values in stores ----

static struct weir_str encode_Bucket(struct weir_ctx *w, const void *value)
{
    const struct Bucket *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Bucket(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Bucket(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Bucket v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Bucket(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Bucket *)value = v;
    return true;
}

// ---- stages ----

// | emit value headers { reason: "too many requests" } to "rejected"
static void emit_requests_limit_emitted_2(struct weir_ctx *w, const struct Request *request, int64_t timestamp,
    struct weir_str key_bytes)
{
    // | emit value headers { reason: "too many requests" } to "rejected"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Request(&json, request);
    struct weir_out out = {
        .sink = sink_rejected,
        .key = key_bytes,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | limit
static void emit_requests_limit_emitted(struct weir_ctx *w, const struct Request *request, int64_t timestamp,
    struct weir_str key_bytes)
{
    // | to "accepted"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Request(&json, request);
    struct weir_out out = {
        .sink = sink_accepted,
        .key = key_bytes,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream requests from "requests" string => json Request time at
static void process_requests(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Request request;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Request(w, &j, &request) || !weir_json_finish(w, &j))
        return;
    struct weir_str key = WEIR_NULL_STR;
    if (w->record->key.p && !weir_wire_to_string(w, w->record->key, &key))
        return;
    int64_t timestamp = request.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | process limit
    {
        double tokens = 3.0;
        if (!w->record->key.p)
            weir_null_key(w);
        if (w->bad)
            return;
        struct weir_str row_key = key;
        struct weir_row *row = weir_row(w, store_requests_limit_buckets, row_key, 0);
        const struct Bucket *kept = row->value;
        const struct Bucket *buckets = kept ? weir_copy(w, kept, sizeof *kept) : NULL;
        const struct Bucket *bucket = buckets;
        if (w->bad)
            return;
        if (bucket != NULL) {
            tokens = fn_refilled(w, bucket, timestamp);
            if (w->bad)
                return;
        }
        if (tokens >= 1.0) {
            tokens = tokens - 1.0;
            {
                emit_requests_limit_emitted(w, &request, timestamp, w->record->key);
            }
            if (w->bad)
                return;
        } else {
            {
                const struct weir_record *record = w->record;
                struct weir_str header = WEIR_STR("too many requests");
                weir_header_set(w, WEIR_STR("reason"), header);
                emit_requests_limit_emitted_2(w, &request, timestamp, w->record->key);
                w->record = record;
            }
            if (w->bad)
                return;
        }
        struct Bucket value = { .tokens = tokens, .at = timestamp };
        weir_row_put(w, store_requests_limit_buckets, row, &value, timestamp);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_requests] = {
        .name = "requests",
        .topics = (const char *const[]){ "requests" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Request,
        .process = process_requests,
    },
};

static const struct weir_sink sinks[] = {
    [sink_rejected] = {
        .name = "rejected",
        .topic = "rejected",
        .key = &weir_serde_string,
        .value = &serde_Request,
    },
    [sink_accepted] = {
        .name = "accepted",
        .topic = "accepted",
        .key = &weir_serde_string,
        .value = &serde_Request,
    },
};

static const struct weir_store stores[] = {
    [store_requests_limit_buckets] = {
        .name = "requests-limit-buckets",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Bucket,
        .fingerprint = 0x8ba1ab75e20361bc,
        .value_size = sizeof(struct Bucket),
        .encode = encode_Bucket,
        .decode = decode_Bucket,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "rate_limit",
    .file = "dsl-examples/rate_limit.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 1,
};
