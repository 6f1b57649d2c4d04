// Made by weir from "dsl-examples/silent_sensors.weir".
#include <weir.h>

struct Reading {
    double celsius;
};

struct Alert {
    struct weir_str what;
    int64_t since;
};

enum { source_readings };
enum { sink_alerts };
enum { store_readings_watch_last, store_readings_watch_silent, store_readings_watch_hot };

// ---- decoders ----

static bool read_Reading(struct weir_ctx *w, struct weir_json *j, struct Reading *v)
{
    static const struct weir_json_name fields[] = {
        { "celsius", 7, 10, "\"celsius\":" },
    };
    bool first = true, has_celsius = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_f64(w, j, &v->celsius))
                return weir_json_in_field(w, "celsius");
            has_celsius = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_celsius)
        return weir_json_missing(w, "celsius");
    return true;
}

// ---- encoders ----

static void write_Alert(struct weir_buf *b, const struct Alert *v)
{
    weir_put_lit(b, "{\"what\":");
    weir_put_string(b, v->what);
    weir_put_lit(b, ",\"since\":");
    weir_put_timestamp_iso(b, v->since);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Reading = { .name = "json Reading" };
static const struct weir_serde serde_Alert = { .name = "json Alert" };

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

static struct weir_str encode_bool(struct weir_ctx *w, const void *value)
{
    const bool *v = value;
    return weir_wire_of_bool(w, *v);
}

static bool decode_bool(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    bool v;
    if (!weir_wire_to_bool(w, bytes, &v))
        return false;
    *(bool *)value = v;
    return true;
}

// ---- stages ----

// | watch
static void emit_readings_watch_emitted(struct weir_ctx *w, struct weir_str key, bool key_is_null,
    const struct Alert *alert, int64_t timestamp, struct weir_str key_bytes)
{
    (void)key_is_null;
    (void)key_bytes;
    // | to "alerts"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Alert(&json, alert);
    struct weir_out out = {
        .sink = sink_alerts,
        .key = key,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// every 10s wall {
//   for sensor, at in last {
//     if now() - at > 1m && !(silent[sensor] ?? false) {
//       emit sensor => { what: "silent", since: at }
//       silent[sensor] = true
//     }
//   }
// }
static void readings_watch_wall_timer(struct weir_ctx *w, int64_t timestamp)
{
    struct weir_scan *scan = weir_scan_rows(w, store_readings_watch_last, WEIR_NULL_STR, WEIR_NULL_STR);
    weir_scan_reuse(scan);
    struct weir_scanned row;
    while (weir_scan_next(w, scan, &row)) {
        struct weir_str sensor;
        if (!weir_wire_to_string(w, row.key, &sensor))
            return;
        int64_t at = *(const int64_t *)row.value;
        bool both = weir_sub_i64(w, weir_now(w), at) > 60000;
        if (both) {
            struct weir_str row_key = sensor;
            struct weir_row *row_2 = weir_row(w, store_readings_watch_silent, row_key, 0);
            const bool *kept = row_2->value;
            struct weir_opt_bool silent = kept ? (struct weir_opt_bool){ *kept, true } : (struct weir_opt_bool){ 0 };
            both = !(silent.some && silent.v);
        }
        bool matches = both;
        if (w->bad)
            return;
        if (matches) {
            {
                struct Alert alert = { .what = WEIR_STR("silent"), .since = at };
                emit_readings_watch_emitted(w, sensor, false, &alert, timestamp, WEIR_NULL_STR);
            }
            if (w->bad)
                return;
            struct weir_str row_key_2 = sensor;
            struct weir_row *row_3 = weir_row(w, store_readings_watch_silent, row_key_2, 0);
            bool value = true;
            weir_row_put(w, store_readings_watch_silent, row_3, &value, timestamp);
        }
    }
    if (w->bad)
        return;
}

// stream readings from "readings" string => json Reading
static void process_readings(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Reading reading;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Reading(w, &j, &reading) || !weir_json_finish(w, &j))
        return;
    struct weir_str key = WEIR_NULL_STR;
    if (w->record->key.p && !weir_wire_to_string(w, w->record->key, &key))
        return;
    // | process watch
    {
        if (!w->record->key.p)
            weir_null_key(w);
        if (w->bad)
            return;
        struct weir_str row_key = key;
        struct weir_row *row = weir_row(w, store_readings_watch_last, row_key, 0);
        int64_t value = weir_now(w);
        weir_row_put(w, store_readings_watch_last, row, &value, w->record->timestamp);
        struct weir_str row_key_2 = key;
        struct weir_row *row_2 = weir_row(w, store_readings_watch_silent, row_key_2, 0);
        const bool *kept = row_2->value;
        struct weir_opt_bool silent = kept ? (struct weir_opt_bool){ *kept, true } : (struct weir_opt_bool){ 0 };
        if (silent.some && silent.v) {
            {
                struct Alert alert = { .what = WEIR_STR("back"), .since = weir_now(w) };
                emit_readings_watch_emitted(w, key, !w->record->key.p, &alert, w->record->timestamp, w->record->key);
            }
            if (w->bad)
                return;
            weir_row_put(w, store_readings_watch_silent, row_2, NULL, w->record->timestamp);
        }
        if (reading.celsius > 80.0) {
            struct weir_str row_key_3 = key;
            struct weir_row *row_3 = weir_row(w, store_readings_watch_hot, row_key_3, 0);
            const bool *kept_2 = row_3->value;
            struct weir_opt_bool hot = kept_2 ? (struct weir_opt_bool){ *kept_2, true } : (struct weir_opt_bool){ 0 };
            if (!(hot.some && hot.v)) {
                {
                    struct Alert alert_2 = { .what = WEIR_STR("hot"), .since = weir_now(w) };
                    emit_readings_watch_emitted(w, key, !w->record->key.p, &alert_2, w->record->timestamp, w->record->key);
                }
                if (w->bad)
                    return;
            }
            bool value_2 = true;
            weir_row_put(w, store_readings_watch_hot, row_3, &value_2, w->record->timestamp);
        } else {
            struct weir_str row_key_4 = key;
            struct weir_row *row_4 = weir_row(w, store_readings_watch_hot, row_key_4, 0);
            weir_row_put(w, store_readings_watch_hot, row_4, NULL, w->record->timestamp);
        }
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_readings] = {
        .name = "readings",
        .topics = (const char *const[]){ "readings" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_Reading,
        .process = process_readings,
    },
};

static const struct weir_sink sinks[] = {
    [sink_alerts] = {
        .name = "alerts",
        .topic = "alerts",
        .key = &weir_serde_string,
        .value = &serde_Alert,
    },
};

static const struct weir_store stores[] = {
    [store_readings_watch_last] = {
        .name = "readings-watch-last",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0x78329e5ca27560ac,
        .value_size = sizeof(int64_t),
        .encode = encode_timestamp,
        .decode = decode_timestamp,
    },
    [store_readings_watch_silent] = {
        .name = "readings-watch-silent",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_bool,
        .fingerprint = 0x4fd4781f741f6bb1,
        .value_size = sizeof(bool),
        .encode = encode_bool,
        .decode = decode_bool,
    },
    [store_readings_watch_hot] = {
        .name = "readings-watch-hot",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_bool,
        .fingerprint = 0x4fd4781f741f6bb1,
        .value_size = sizeof(bool),
        .encode = encode_bool,
        .decode = decode_bool,
    },
};

static const struct weir_timer timers[] = {
    {
        .name = "watch, every 10s wall",
        .subtopology = 0,
        .every = 10000,
        .wall = true,
        .fire = readings_watch_wall_timer,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "silent_sensors",
    .file = "dsl-examples/silent_sensors.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 1,
    .stores = stores,
    .store_count = 3,
    .timers = timers,
    .timer_count = 1,
};
