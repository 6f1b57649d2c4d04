// Made by weir from "dsl-examples/webhook_dedupe.weir".
#include <weir.h>

struct Webhook {
    struct weir_str id;
    struct weir_str kind;
    struct weir_dec amount;
    int64_t at;
};

enum { source_webhooks, source_webhooks_by_id_repartition };
enum { sink_webhooks_by_id_repartition, sink_payments };
enum { store_webhooks_once_seen };

// ---- decoders ----

static bool read_Webhook(struct weir_ctx *w, struct weir_json *j, struct Webhook *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "kind", 4, 7, "\"kind\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_id = false, has_kind = false, has_amount = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->kind))
                return weir_json_in_field(w, "kind");
            has_kind = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
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
    if (!has_id)
        return weir_json_missing(w, "id");
    if (!has_kind)
        return weir_json_missing(w, "kind");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

// ---- encoders ----

static void write_Webhook(struct weir_buf *b, const struct Webhook *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"kind\":");
    weir_put_string(b, v->kind);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Webhook = { .name = "json Webhook" };

// ---- values in stores ----

static struct weir_str encode_timestamp(struct weir_ctx *w, const void *value)
{
    const int64_t *v = value;
    return weir_wire_of_i64(w, *v);
}

static bool decode_timestamp(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    int64_t v;
    if (!weir_wire_to_i64(w, bytes, &v))
        return false;
    *(int64_t *)value = v;
    return true;
}

// ---- stages ----

// | once
static void emit_webhooks_once_emitted(struct weir_ctx *w, const struct Webhook *webhook, int64_t timestamp,
    struct weir_str key_bytes)
{
    // | to "payments"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Webhook(&json, webhook);
    struct weir_out out = {
        .sink = sink_payments,
        .key = key_bytes,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// every 1h stream {
//   for id, at in seen {
//     if timestamp - at > 1d { delete seen[id] }
//   }
// }
static void webhooks_once_stream_timer(struct weir_ctx *w, int64_t timestamp)
{
    struct weir_scan *scan = weir_scan_rows(w, store_webhooks_once_seen, WEIR_NULL_STR, WEIR_NULL_STR);
    weir_scan_reuse(scan);
    struct weir_scanned row;
    while (weir_scan_next(w, scan, &row)) {
        struct weir_str id;
        if (!weir_wire_to_string(w, row.key, &id))
            return;
        int64_t at = *(const int64_t *)row.value;
        bool matches = weir_sub_i64(w, timestamp, at) > 86400000;
        if (w->bad)
            return;
        if (matches) {
            struct weir_str row_key = id;
            struct weir_row *row_2 = weir_row(w, store_webhooks_once_seen, row_key, 0);
            weir_row_put(w, store_webhooks_once_seen, row_2, NULL, timestamp);
        }
    }
    if (w->bad)
        return;
}

// | repartition by id
static void process_webhooks_by_id_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Webhook webhook;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Webhook(w, &j, &webhook) || !weir_json_finish(w, &j))
        return;
    weir_stream_time(w, w->record->timestamp);
    // | process once
    {
        struct weir_str row_key = webhook.id;
        struct weir_row *row = weir_row(w, store_webhooks_once_seen, row_key, 0);
        const int64_t *kept = row->value;
        struct weir_opt_i64 seen = kept ? (struct weir_opt_i64){ *kept, true } : (struct weir_opt_i64){ 0 };
        struct weir_opt_i64 before = seen;
        bool matches = !before.some || weir_sub_i64(w, w->record->timestamp, before.v) > 86400000;
        if (w->bad)
            return;
        if (matches) {
            {
                emit_webhooks_once_emitted(w, &webhook, w->record->timestamp, w->record->key);
            }
            if (w->bad)
                return;
            weir_row_put(w, store_webhooks_once_seen, row, &w->record->timestamp, w->record->timestamp);
        }
    }
}

// stream webhooks from "webhooks" string => json Webhook time at
static void process_webhooks(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Webhook webhook;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Webhook(w, &j, &webhook) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = webhook.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | repartition by id
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Webhook(&json, &webhook);
    struct weir_out out = {
        .sink = sink_webhooks_by_id_repartition,
        .key = webhook.id,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_webhooks] = {
        .name = "webhooks",
        .topics = (const char *const[]){ "webhooks" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Webhook,
        .process = process_webhooks,
    },
    [source_webhooks_by_id_repartition] = {
        .name = "webhooks_by_id_repartition",
        .topics = (const char *const[]){ "webhooks-by-id-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Webhook,
        .process = process_webhooks_by_id_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_webhooks_by_id_repartition] = {
        .name = "webhooks_by_id_repartition",
        .topic = "webhooks-by-id-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Webhook,
    },
    [sink_payments] = {
        .name = "payments",
        .topic = "payments",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Webhook,
    },
};

static const struct weir_store stores[] = {
    [store_webhooks_once_seen] = {
        .name = "webhooks-once-seen",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0x78329e5ca27560ac,
        .value_size = sizeof(int64_t),
        .encode = encode_timestamp,
        .decode = decode_timestamp,
    },
};

static const struct weir_timer timers[] = {
    {
        .name = "once, every 1h stream",
        .subtopology = 1,
        .every = 3600000,
        .fire = webhooks_once_stream_timer,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "webhook_dedupe",
    .file = "dsl-examples/webhook_dedupe.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 1,
    .timers = timers,
    .timer_count = 1,
};
