// Made by weir from "dsl-examples/hourly_sales.weir".
#include <weir.h>

struct Sale {
    struct weir_str id;
    struct weir_str region;
    struct weir_dec amount;
    struct weir_str note;
    int64_t sold_at;
};

struct hourly {
    int64_t sales;
    struct weir_dec total;
    struct weir_dec biggest;
};

enum { source_sales, source_hourly_by_region_repartition };
enum { sink_hourly_by_region_repartition, sink_hourly_sales };
enum { store_hourly };

// ---- decoders ----

static bool read_hourly_by_region_repartition(struct weir_ctx *w, struct weir_json *j, struct Sale *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "region", 6, 9, "\"region\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "note", 4, 7, "\"note\":" },
        { "sold_at", 7, 10, "\"sold_at\":" },
    };
    bool first = true, has_amount = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 5, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_amount)
        return weir_json_missing(w, "amount");
    return true;
}

static bool read_Sale(struct weir_ctx *w, struct weir_json *j, struct Sale *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "region", 6, 9, "\"region\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "note", 4, 7, "\"note\":" },
        { "sold_at", 7, 10, "\"sold_at\":" },
    };
    bool first = true, has_id = false, has_region = false, has_amount = false, has_sold_at = false;
    int field, next = 0;
    v->note = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 5, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->region))
                return weir_json_in_field(w, "region");
            has_region = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
            break;
        case 3:
            v->note = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->note))
                return weir_json_in_field(w, "note");
            break;
        case 4:
            if (!weir_json_read_timestamp(w, j, &v->sold_at))
                return weir_json_in_field(w, "sold_at");
            has_sold_at = true;
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
    if (!has_region)
        return weir_json_missing(w, "region");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_sold_at)
        return weir_json_missing(w, "sold_at");
    return true;
}

static bool read_hourly(struct weir_ctx *w, struct weir_json *j, struct hourly *v)
{
    static const struct weir_json_name fields[] = {
        { "sales", 5, 8, "\"sales\":" },
        { "total", 5, 8, "\"total\":" },
        { "biggest", 7, 10, "\"biggest\":" },
    };
    bool first = true, has_sales = false, has_total = false, has_biggest = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->sales))
                return weir_json_in_field(w, "sales");
            has_sales = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 38, 2, &v->total))
                return weir_json_in_field(w, "total");
            has_total = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->biggest))
                return weir_json_in_field(w, "biggest");
            has_biggest = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_sales)
        return weir_json_missing(w, "sales");
    if (!has_total)
        return weir_json_missing(w, "total");
    if (!has_biggest)
        return weir_json_missing(w, "biggest");
    return true;
}

// ---- encoders ----

static void write_hourly(struct weir_buf *b, const struct hourly *v)
{
    weir_put_lit(b, "{\"sales\":");
    weir_put_i64(b, v->sales);
    weir_put_lit(b, ",\"total\":");
    weir_put_dec(b, v->total, 2);
    weir_put_lit(b, ",\"biggest\":");
    weir_put_dec(b, v->biggest, 2);
    weir_put_lit(b, "}");
}

static void write_Sale(struct weir_buf *b, const struct Sale *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"region\":");
    weir_put_string(b, v->region);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"note\":");
    if (v->note.p != NULL) {
        weir_put_string(b, v->note);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"sold_at\":");
    weir_put_timestamp_iso(b, v->sold_at);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Sale = { .name = "json Sale" };
static const struct weir_serde serde_windowed_string = {
    .name = "windowed 1h string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_TIME_WINDOWS,
    .window_size = 3600000,
};
static const struct weir_serde serde_hourly = { .name = "json" };

// ---- values in stores ----

static struct weir_str encode_hourly(struct weir_ctx *w, const void *value)
{
    const struct hourly *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_hourly(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_hourly(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct hourly v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_hourly(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct hourly *)value = v;
    return true;
}

// ---- stages ----

// | aggregate { sales: count(), total: sum(amount), biggest: max(amount) }
static void hourly_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct hourly *hourly = c->value;
    // | to "hourly-sales"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_hourly(&json, hourly);
    struct weir_out out = {
        .sink = sink_hourly_sales,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
        .value = weir_buf_str(&json),
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | group by region
static void process_hourly_by_region_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Sale sale;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_hourly_by_region_repartition(w, &j, &sale) || !weir_json_finish(w, &j))
        return;
    // | window tumbling 1h grace 5m
    // | aggregate { sales: count(), total: sum(amount), biggest: max(amount) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_hourly);
    } else {
        int64_t stream_time = weir_store_time(w, store_hourly, w->record->timestamp);
        int64_t start = weir_window_first(w->record->timestamp, 3600000, 3600000);
        if (start <= stream_time - 3900000) {
            weir_drop_late(w, store_hourly);
        } else {
            struct weir_row *row = weir_row(w, store_hourly, w->record->key, start);
            const struct hourly *acc = row->value;
            struct hourly next;
            if (acc) {
                int64_t sales = weir_add_i64(w, acc->sales, 1);
                next = (struct hourly){
                    .sales = sales,
                    .total = weir_add_dec(w, acc->total, 2, sale.amount, 2, 38, 2),
                    .biggest = weir_max_dec(acc->biggest, sale.amount),
                };
            } else {
                next = (struct hourly){
                    .sales = 1,
                    .total = weir_add_dec(w, (struct weir_dec){ 0, 0 }, 2, sale.amount, 2, 38, 2),
                    .biggest = sale.amount,
                };
            }
            if (w->bad)
                return;
            weir_row_put(w, store_hourly, row, &next, weir_row_time(row, w->record->timestamp));
        }
    }
}

// stream sales from "sales-events" string => json Sale time sold_at
static void process_sales(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Sale sale;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Sale(w, &j, &sale) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = sale.sold_at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | filter amount > 0
    if (weir_cmp_dec(sale.amount, 2, (struct weir_dec){ 0, 0 }, 2) > 0) {
        // | group by region
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Sale(&json, &sale);
        struct weir_out out = {
            .sink = sink_hourly_by_region_repartition,
            .key = sale.region,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_sales] = {
        .name = "sales",
        .topics = (const char *const[]){ "sales-events" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Sale,
        .process = process_sales,
    },
    [source_hourly_by_region_repartition] = {
        .name = "hourly_by_region_repartition",
        .topics = (const char *const[]){ "hourly-by-region-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Sale,
        .process = process_hourly_by_region_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_hourly_by_region_repartition] = {
        .name = "hourly_by_region_repartition",
        .topic = "hourly-by-region-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Sale,
    },
    [sink_hourly_sales] = {
        .name = "hourly_sales",
        .topic = "hourly-sales",
        .subtopology = 1,
        .key = &serde_windowed_string,
        .value = &serde_hourly,
    },
};

static const struct weir_store stores[] = {
    [store_hourly] = {
        .name = "hourly",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_hourly,
        .fingerprint = 0x270d8ce55b2f37bd,
        .value_size = sizeof(struct hourly),
        .encode = encode_hourly,
        .decode = decode_hourly,
        .changed = hourly_changed,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 3600000,
        .grace = 300000,
        .retention = 3900000,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "hourly_sales",
    .file = "dsl-examples/hourly_sales.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 1,
};
