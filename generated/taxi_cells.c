// Made by weir from "dsl-examples/taxi_cells.weir".
#include <weir.h>

struct Position {
    struct weir_str taxi;
    double lat;
    double lon;
    bool free;
    int64_t at;
};

struct taxi_cells {
    struct weir_str taxi;
    bool free;
    struct weir_str cell;
};

struct waiting {
    int64_t taxis;
    int64_t seen;
};

struct record {
    struct weir_list taxis; // of struct weir_str
    int64_t seen;
};

enum { source_positions, source_waiting_by_geohash_lat_lon_repartition };
enum { sink_taxi_cells, sink_waiting_by_geohash_lat_lon_repartition, sink_taxis_waiting };
enum { store_waiting };

// ---- decoders ----

static bool read_waiting_by_geohash_lat_lon_repartition(struct weir_ctx *w, struct weir_json *j, struct Position *v)
{
    static const struct weir_json_name fields[] = {
        { "taxi", 4, 7, "\"taxi\":" },
        { "lat", 3, 6, "\"lat\":" },
        { "lon", 3, 6, "\"lon\":" },
        { "free", 4, 7, "\"free\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_taxi = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 5, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->taxi))
                return weir_json_in_field(w, "taxi");
            has_taxi = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_taxi)
        return weir_json_missing(w, "taxi");
    return true;
}

static bool read_Position(struct weir_ctx *w, struct weir_json *j, struct Position *v)
{
    static const struct weir_json_name fields[] = {
        { "taxi", 4, 7, "\"taxi\":" },
        { "lat", 3, 6, "\"lat\":" },
        { "lon", 3, 6, "\"lon\":" },
        { "free", 4, 7, "\"free\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_taxi = false, has_lat = false, has_lon = false, has_free = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 5, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->taxi))
                return weir_json_in_field(w, "taxi");
            has_taxi = true;
            break;
        case 1:
            if (!weir_json_read_f64(w, j, &v->lat))
                return weir_json_in_field(w, "lat");
            has_lat = true;
            break;
        case 2:
            if (!weir_json_read_f64(w, j, &v->lon))
                return weir_json_in_field(w, "lon");
            has_lon = true;
            break;
        case 3:
            if (!weir_json_read_bool(w, j, &v->free))
                return weir_json_in_field(w, "free");
            has_free = true;
            break;
        case 4:
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
    if (!has_taxi)
        return weir_json_missing(w, "taxi");
    if (!has_lat)
        return weir_json_missing(w, "lat");
    if (!has_lon)
        return weir_json_missing(w, "lon");
    if (!has_free)
        return weir_json_missing(w, "free");
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

static bool read_record(struct weir_ctx *w, struct weir_json *j, struct record *v)
{
    static const struct weir_json_name fields[] = {
        { "taxis", 5, 8, "\"taxis\":" },
        { "seen", 4, 7, "\"seen\":" },
    };
    bool first = true, has_taxis = false, has_seen = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!read_list_of_string(w, j, &v->taxis))
                return weir_json_in_field(w, "taxis");
            has_taxis = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->seen))
                return weir_json_in_field(w, "seen");
            has_seen = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_taxis)
        return weir_json_missing(w, "taxis");
    if (!has_seen)
        return weir_json_missing(w, "seen");
    return true;
}

// ---- encoders ----

static void write_waiting(struct weir_buf *b, const struct waiting *v)
{
    weir_put_lit(b, "{\"taxis\":");
    weir_put_i64(b, v->taxis);
    weir_put_lit(b, ",\"seen\":");
    weir_put_i64(b, v->seen);
    weir_put_lit(b, "}");
}

static void write_taxi_cells(struct weir_buf *b, const struct taxi_cells *v)
{
    weir_put_lit(b, "{\"taxi\":");
    weir_put_string(b, v->taxi);
    weir_put_lit(b, ",\"free\":");
    weir_put_bool(b, v->free);
    weir_put_lit(b, ",\"cell\":");
    weir_put_string(b, v->cell);
    weir_put_lit(b, "}");
}

static void write_Position(struct weir_buf *b, const struct Position *v)
{
    weir_put_lit(b, "{\"taxi\":");
    weir_put_string(b, v->taxi);
    weir_put_lit(b, ",\"lat\":");
    weir_put_f64(b, v->lat);
    weir_put_lit(b, ",\"lon\":");
    weir_put_f64(b, v->lon);
    weir_put_lit(b, ",\"free\":");
    weir_put_bool(b, v->free);
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
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

static void write_record(struct weir_buf *b, const struct record *v)
{
    weir_put_lit(b, "{\"taxis\":");
    write_list_of_string(b, v->taxis);
    weir_put_lit(b, ",\"seen\":");
    weir_put_i64(b, v->seen);
    weir_put_lit(b, "}");
}

// ---- functions of the program ----

struct weir_str geohash(struct weir_ctx *w, double lat, double lon, int32_t digits);
static const struct weir_extern extern_geohash = { "geohash", "geohash.c" };

// extern pure fn geohash(lat: float64, lon: float64, digits: int32) -> string from "geohash.c"
static struct weir_str fn_geohash(struct weir_ctx *w, double lat, double lon, int32_t digits)
{
    if (w->bad)
        return WEIR_STR("");
    weir_call_begin(w, &extern_geohash);
    struct weir_str result = geohash(w, lat, lon, digits);
    weir_call_end(w);
    return weir_checked_text(w, &extern_geohash, result, false);
}

// ---- serdes ----

static const struct weir_serde serde_Position = { .name = "json Position" };
static const struct weir_serde serde_taxi_cells = { .name = "json" };
static const struct weir_serde serde_windowed_string = {
    .name = "windowed 1h string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_TIME_WINDOWS,
    .window_size = 3600000,
};
static const struct weir_serde serde_waiting = { .name = "json" };
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

static size_t extra_record(const struct record *v)
{
    return extra_list_of_string(&v->taxis);
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

static void keep_record(struct record *v, char **next)
{
    keep_list_of_string(&v->taxis, next);
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

// | aggregate { taxis: count_distinct(taxi), seen: count() }
static void waiting_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct waiting waiting = { .taxis = (int64_t)acc->taxis.n, .seen = acc->seen };
    // | to "taxis-waiting"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_waiting(&json, &waiting);
    struct weir_out out = {
        .sink = sink_taxis_waiting,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
        .value = weir_buf_str(&json),
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | group by geohash(lat, lon, 5)
static void process_waiting_by_geohash_lat_lon_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Position position;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_waiting_by_geohash_lat_lon_repartition(w, &j, &position) || !weir_json_finish(w, &j))
        return;
    // | window tumbling 1h
    // | aggregate { taxis: count_distinct(taxi), seen: count() }
    if (!w->record->key.p) {
        weir_drop_null(w, store_waiting);
    } else {
        int64_t stream_time = weir_store_time(w, store_waiting, w->record->timestamp);
        int64_t start = weir_window_first(w->record->timestamp, 3600000, 3600000);
        if (start <= stream_time - 3600000) {
            weir_drop_late(w, store_waiting);
        } else {
            struct weir_row *row = weir_row(w, store_waiting, w->record->key, start);
            const struct record *acc = row->value;
            struct record fresh;
            if (!acc) {
                fresh = (struct record){ .taxis = (struct weir_list){ "", 0 }, .seen = 0 };
                acc = &fresh;
            }
            struct weir_str wanted = position.taxi;
            struct weir_list taxis;
            if (weir_list_index_of(acc->taxis, &wanted, &weir_element_str) >= 0) {
                taxis = acc->taxis;
            } else {
                struct weir_str element = position.taxi;
                taxis = weir_list_append(w, acc->taxis, &element, sizeof(struct weir_str));
            }
            struct record next = { .taxis = taxis, .seen = weir_add_i64(w, acc->seen, 1) };
            if (w->bad)
                return;
            weir_row_put(w, store_waiting, row, &next, weir_row_time(row, w->record->timestamp));
        }
    }
}

// Records without a value.
static void process_positions_tombstone(struct weir_ctx *w)
{
    // | map { taxi, free, cell: geohash(lat, lon, 9) }
    // | to "taxi-cells"
    struct weir_out out = {
        .sink = sink_taxi_cells,
        .key = w->record->key,
        .value = WEIR_NULL_STR,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream positions from "taxi-positions" string => json Position time at
static void process_positions(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_positions_tombstone(w);
        return;
    }
    struct Position position;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Position(w, &j, &position) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = position.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | map { taxi, free, cell: geohash(lat, lon, 9) }
    struct taxi_cells taxi_cells = {
        .taxi = position.taxi,
        .free = position.free,
        .cell = fn_geohash(w, position.lat, position.lon, 9),
    };
    if (w->bad)
        return;
    // | to "taxi-cells"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_taxi_cells(&json, &taxi_cells);
    struct weir_out out = {
        .sink = sink_taxi_cells,
        .key = w->record->key,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
    // | filter free
    if (position.free) {
        // | group by geohash(lat, lon, 5)
        struct weir_str key = fn_geohash(w, position.lat, position.lon, 5);
        if (w->bad)
            return;
        struct weir_buf json_2;
        weir_buf_init(w, &json_2, 256);
        write_Position(&json_2, &position);
        struct weir_out out_2 = {
            .sink = sink_waiting_by_geohash_lat_lon_repartition,
            .key = key,
            .value = weir_buf_str(&json_2),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out_2);
    }
}

static struct weir_str show_waiting(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct waiting waiting = { .taxis = (int64_t)acc->taxis.n, .seen = acc->seen };
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_waiting(&json, &waiting);
    return weir_buf_str(&json);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_positions] = {
        .name = "positions",
        .topics = (const char *const[]){ "taxi-positions" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Position,
        .process = process_positions,
    },
    [source_waiting_by_geohash_lat_lon_repartition] = {
        .name = "waiting_by_geohash_lat_lon_repartition",
        .topics = (const char *const[]){ "waiting-by-geohash-lat-lon-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Position,
        .process = process_waiting_by_geohash_lat_lon_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_taxi_cells] = {
        .name = "taxi_cells",
        .topic = "taxi-cells",
        .key = &weir_serde_string,
        .value = &serde_taxi_cells,
    },
    [sink_waiting_by_geohash_lat_lon_repartition] = {
        .name = "waiting_by_geohash_lat_lon_repartition",
        .topic = "waiting-by-geohash-lat-lon-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Position,
    },
    [sink_taxis_waiting] = {
        .name = "taxis_waiting",
        .topic = "taxis-waiting",
        .subtopology = 1,
        .key = &serde_windowed_string,
        .value = &serde_waiting,
    },
};

static const struct weir_store stores[] = {
    [store_waiting] = {
        .name = "waiting",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_record,
        .fingerprint = 0x32b39f3c14b80b50,
        .value_size = sizeof(struct record),
        .extra = extra_of_record,
        .keep = keep_of_record,
        .encode = encode_record,
        .decode = decode_record,
        .changed = waiting_changed,
        .show = show_waiting,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 3600000,
        .retention = 3600000,
    },
};

static const struct weir_setting settings[] = {
    { "bad_records", "skip" },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "taxi_cells",
    .file = "dsl-examples/taxi_cells.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 3,
    .stores = stores,
    .store_count = 1,
    .settings = settings,
    .setting_count = 1,
};
