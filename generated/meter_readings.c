// Made by weir from "dsl-examples/meter_readings.weir".
#include <weir.h>

struct Old {
    struct weir_str meter;
    struct weir_str region;
    int64_t wh;
    int64_t read_at;
};

struct New {
    struct weir_str meter;
    struct weir_str region;
    double kwh;
    int64_t read_at;
};

struct old_in_kwh {
    struct weir_str meter;
    struct weir_str region;
    double kwh;
    int64_t read_at;
};

enum { source_old_meters, source_new_meters };
enum { sink_readings };

// ---- decoders ----

static bool read_new_meters(struct weir_ctx *w, struct weir_json *j, struct New *v)
{
    static const struct weir_json_name fields[] = {
        { "meter", 5, 8, "\"meter\":" },
        { "region", 6, 9, "\"region\":" },
        { "kwh", 3, 6, "\"kwh\":" },
        { "read_at", 7, 10, "\"read_at\":" },
        { "battery", 7, 10, "\"battery\":" },
    };
    bool first = true, has_meter = false, has_region = false, has_kwh = false, has_read_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 5, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->meter))
                return weir_json_in_field(w, "meter");
            has_meter = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->region))
                return weir_json_in_field(w, "region");
            has_region = true;
            break;
        case 2:
            if (!weir_json_read_f64(w, j, &v->kwh))
                return weir_json_in_field(w, "kwh");
            has_kwh = true;
            break;
        case 3:
            if (!weir_json_read_timestamp(w, j, &v->read_at))
                return weir_json_in_field(w, "read_at");
            has_read_at = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_meter)
        return weir_json_missing(w, "meter");
    if (!has_region)
        return weir_json_missing(w, "region");
    if (!has_kwh)
        return weir_json_missing(w, "kwh");
    if (!has_read_at)
        return weir_json_missing(w, "read_at");
    return true;
}

static bool read_csv_Old(struct weir_ctx *w, struct weir_str line, char delimiter, struct Old *v)
{
    struct weir_csv csv;
    struct weir_str field;
    bool quoted;
    weir_csv_start(&csv, line, delimiter);
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "meter");
    v->meter = field;
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "region");
    v->region = field;
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "wh");
    v->wh = weir_i64_of_string(w, field);
    if (w->bad)
        return weir_csv_in_field(w, "wh");
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "read_at");
    v->read_at = weir_csv_timestamp(w, field);
    if (w->bad)
        return weir_csv_in_field(w, "read_at");
    return weir_csv_end(w, &csv);
}

static bool read_Old(struct weir_ctx *w, struct weir_json *j, struct Old *v)
{
    static const struct weir_json_name fields[] = {
        { "meter", 5, 8, "\"meter\":" },
        { "region", 6, 9, "\"region\":" },
        { "wh", 2, 5, "\"wh\":" },
        { "read_at", 7, 10, "\"read_at\":" },
    };
    bool first = true, has_meter = false, has_region = false, has_wh = false, has_read_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->meter))
                return weir_json_in_field(w, "meter");
            has_meter = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->region))
                return weir_json_in_field(w, "region");
            has_region = true;
            break;
        case 2:
            if (!weir_json_read_i64(w, j, &v->wh))
                return weir_json_in_field(w, "wh");
            has_wh = true;
            break;
        case 3:
            if (!weir_json_read_timestamp(w, j, &v->read_at))
                return weir_json_in_field(w, "read_at");
            has_read_at = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_meter)
        return weir_json_missing(w, "meter");
    if (!has_region)
        return weir_json_missing(w, "region");
    if (!has_wh)
        return weir_json_missing(w, "wh");
    if (!has_read_at)
        return weir_json_missing(w, "read_at");
    return true;
}

static bool read_csv_Old_2(struct weir_ctx *w, struct weir_str line, char delimiter, struct Old *v)
{
    struct weir_csv csv;
    struct weir_str field;
    bool quoted;
    weir_csv_start(&csv, line, delimiter);
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "meter");
    v->meter = field;
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "region");
    v->region = field;
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "wh");
    v->wh = weir_i64_of_string(w, field);
    if (w->bad)
        return weir_csv_in_field(w, "wh");
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "read_at");
    v->read_at = weir_csv_timestamp(w, field);
    if (w->bad)
        return weir_csv_in_field(w, "read_at");
    return weir_csv_end(w, &csv);
}

// ---- encoders ----

static void write_old_in_kwh(struct weir_buf *b, const struct old_in_kwh *v)
{
    weir_put_lit(b, "{\"meter\":");
    weir_put_string(b, v->meter);
    weir_put_lit(b, ",\"region\":");
    weir_put_string(b, v->region);
    weir_put_lit(b, ",\"kwh\":");
    weir_put_f64(b, v->kwh);
    weir_put_lit(b, ",\"read_at\":");
    weir_put_timestamp_iso(b, v->read_at);
    weir_put_lit(b, "}");
}

static void write_csv_Old(struct weir_buf *b, const struct Old *v, char delimiter)
{
    weir_csv_put(b, v->meter, delimiter);
    weir_put(b, &delimiter, 1);
    weir_csv_put(b, v->region, delimiter);
    weir_put(b, &delimiter, 1);
    weir_put_i64(b, v->wh);
    weir_put(b, &delimiter, 1);
    weir_csv_put(b, weir_string_of_timestamp(b->w, v->read_at), delimiter);
}

static void write_Old(struct weir_buf *b, const struct Old *v)
{
    weir_put_lit(b, "{\"meter\":");
    weir_put_string(b, v->meter);
    weir_put_lit(b, ",\"region\":");
    weir_put_string(b, v->region);
    weir_put_lit(b, ",\"wh\":");
    weir_put_i64(b, v->wh);
    weir_put_lit(b, ",\"read_at\":");
    weir_put_timestamp_iso(b, v->read_at);
    weir_put_lit(b, "}");
}

// ---- functions of the program ----

// fn by_region(region: string, partitions: int32) -> int32 =
static int32_t fn_by_region(struct weir_ctx *w, struct weir_str region, int32_t partitions)
{
    return weir_starts_with(w, region, WEIR_STR("north")) ? 0 : weir_mod_i32(w, 1, partitions);
}

static int32_t partition_by_region(struct weir_ctx *w, struct weir_str key, struct weir_str value, int32_t partitions)
{
    if (!key.p) {
        weir_null_key(w);
        return -1;
    }
    struct weir_str typed_key;
    if (!weir_wire_to_string(w, key, &typed_key))
        return -1;
    (void)value;
    return fn_by_region(w, typed_key, partitions);
}

// ---- serdes ----

static struct weir_str serde_csv_Old_from_json(struct weir_ctx *w, struct weir_str text)
{
    if (text.n > 0 && text.p[0] == '"') // a line as it is
        return weir_serde_string.from_json(w, text);
    struct Old value;
    struct weir_json j;
    weir_json_start(&j, text);
    if (!read_Old(w, &j, &value) || !weir_json_finish(w, &j))
        return WEIR_NULL_STR;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_csv_Old(&bytes, &value, ';');
    return w->bad ? WEIR_NULL_STR : weir_buf_str(&bytes);
}

static struct weir_str serde_csv_Old_to_json(struct weir_ctx *w, struct weir_str text)
{
    struct Old value;
    if (!read_csv_Old_2(w, text, ';', &value))
        return WEIR_NULL_STR;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Old(&bytes, &value);
    return w->bad ? WEIR_NULL_STR : weir_buf_str(&bytes);
}

static const struct weir_serde serde_csv_Old = { .name = "csv Old", .from_json = serde_csv_Old_from_json, .to_json = serde_csv_Old_to_json };
static const struct weir_serde serde_New = { .name = "json New" };
static const struct weir_serde serde_old_in_kwh = { .name = "json" };

// ---- stages ----

// | merge old_in_kwh
static void merge_readings_merged(struct weir_ctx *w, const struct old_in_kwh *old_in_kwh, int64_t timestamp)
{
    // | filter kwh >= 0.0
    if (old_in_kwh->kwh >= 0.0) {
        // | key by region
        // | to "readings" partitioner by_region
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_old_in_kwh(&json, old_in_kwh);
        struct weir_out out = {
            .sink = sink_readings,
            .key = old_in_kwh->region,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// stream new_meters from "meters-v2" string => json New time read_at
static void process_new_meters(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct New new;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_new_meters(w, &j, &new) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = new.read_at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | map { meter, region, kwh, read_at }
    struct old_in_kwh old_in_kwh = {
        .meter = new.meter,
        .region = new.region,
        .kwh = new.kwh,
        .read_at = new.read_at,
    };
    merge_readings_merged(w, &old_in_kwh, timestamp);
}

// stream old_meters from "meters-v1" string => csv(delimiter ";") Old time read_at
static void process_old_meters(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Old old;
    if (!read_csv_Old(w, w->record->value, ';', &old))
        return;
    int64_t timestamp = old.read_at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | map { meter, region, kwh: float64(wh) / 1000.0, read_at }
    struct old_in_kwh old_in_kwh = {
        .meter = old.meter,
        .region = old.region,
        .kwh = weir_div_f64(w, weir_f64_of_i64(w, old.wh), 1000.0),
        .read_at = old.read_at,
    };
    if (w->bad)
        return;
    merge_readings_merged(w, &old_in_kwh, timestamp);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_old_meters] = {
        .name = "old_meters",
        .topics = (const char *const[]){ "meters-v1" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_csv_Old,
        .process = process_old_meters,
    },
    [source_new_meters] = {
        .name = "new_meters",
        .topics = (const char *const[]){ "meters-v2" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_New,
        .process = process_new_meters,
    },
};

static const struct weir_sink sinks[] = {
    [sink_readings] = {
        .name = "readings",
        .topic = "readings",
        .key = &weir_serde_string,
        .value = &serde_old_in_kwh,
        .partitioner = partition_by_region,
    },
};

static const struct weir_setting settings[] = {
    { "bad_records", "skip" },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "meter_readings",
    .file = "dsl-examples/meter_readings.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 1,
    .settings = settings,
    .setting_count = 1,
};
