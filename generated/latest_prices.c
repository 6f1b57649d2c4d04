// Made by weir from "dsl-examples/latest_prices.weir".
#include <weir.h>

struct Trade {
    struct weir_dec price;
    int64_t at;
};

struct Price {
    struct weir_dec price;
    struct weir_dec high;
    struct weir_dec low;
    int64_t trades;
};

struct Shown {
    struct weir_dec price;
    struct weir_dec high;
    struct weir_dec low;
    int64_t trades;
    struct weir_opt_dec change;
};

enum { source_trades, source_trades_repartition };
enum { sink_trades_repartition, sink_prices };
enum { store_trades_sample_waiting, store_trades_prev_price };

// ---- decoders ----

static bool read_Price(struct weir_ctx *w, struct weir_json *j, struct Price *v)
{
    static const struct weir_json_name fields[] = {
        { "price", 5, 8, "\"price\":" },
        { "high", 4, 7, "\"high\":" },
        { "low", 3, 6, "\"low\":" },
        { "trades", 6, 9, "\"trades\":" },
    };
    bool first = true, has_price = false, has_high = false, has_low = false, has_trades = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_dec(w, j, 12, 4, &v->price))
                return weir_json_in_field(w, "price");
            has_price = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 12, 4, &v->high))
                return weir_json_in_field(w, "high");
            has_high = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 12, 4, &v->low))
                return weir_json_in_field(w, "low");
            has_low = true;
            break;
        case 3:
            if (!weir_json_read_i64(w, j, &v->trades))
                return weir_json_in_field(w, "trades");
            has_trades = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_price)
        return weir_json_missing(w, "price");
    if (!has_high)
        return weir_json_missing(w, "high");
    if (!has_low)
        return weir_json_missing(w, "low");
    if (!has_trades)
        return weir_json_missing(w, "trades");
    return true;
}

static bool read_Trade(struct weir_ctx *w, struct weir_json *j, struct Trade *v)
{
    static const struct weir_json_name fields[] = {
        { "price", 5, 8, "\"price\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_price = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_dec(w, j, 12, 4, &v->price))
                return weir_json_in_field(w, "price");
            has_price = true;
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
    if (!has_price)
        return weir_json_missing(w, "price");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

// ---- encoders ----

static void write_Shown(struct weir_buf *b, const struct Shown *v)
{
    weir_put_lit(b, "{\"price\":");
    weir_put_dec(b, v->price, 4);
    weir_put_lit(b, ",\"high\":");
    weir_put_dec(b, v->high, 4);
    weir_put_lit(b, ",\"low\":");
    weir_put_dec(b, v->low, 4);
    weir_put_lit(b, ",\"trades\":");
    weir_put_i64(b, v->trades);
    weir_put_lit(b, ",\"change\":");
    if (v->change.some) {
        weir_put_dec(b, v->change.v, 4);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_Price(struct weir_buf *b, const struct Price *v)
{
    weir_put_lit(b, "{\"price\":");
    weir_put_dec(b, v->price, 4);
    weir_put_lit(b, ",\"high\":");
    weir_put_dec(b, v->high, 4);
    weir_put_lit(b, ",\"low\":");
    weir_put_dec(b, v->low, 4);
    weir_put_lit(b, ",\"trades\":");
    weir_put_i64(b, v->trades);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Trade = { .name = "json Trade" };
static const struct weir_serde serde_Price = { .name = "json Price" };
static const struct weir_serde serde_Shown = { .name = "json Shown" };
static const struct weir_serde serde_decimal_12_4 = { .name = "json" };

// ---- values in stores ----

static struct weir_str encode_Price(struct weir_ctx *w, const void *value)
{
    const struct Price *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Price(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Price(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Price v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Price(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Price *)value = v;
    return true;
}

static struct weir_str encode_decimal_12_4(struct weir_ctx *w, const void *value)
{
    const struct weir_dec *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 64);
    weir_put_dec(&bytes, *v, 4);
    return weir_buf_str(&bytes);
}

static bool decode_decimal_12_4(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct weir_dec v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!weir_json_read_dec(w, &j, 12, 4, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct weir_dec *)value = v;
    return true;
}

// ---- stages ----

// | prev(price)
static void process_trades_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Price price;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Price(w, &j, &price) || !weir_json_finish(w, &j))
        return;
    if (w->bad)
        return;
    struct weir_opt_dec prev = (struct weir_opt_dec){ .some = false };
    if (!(!w->record->key.p)) {
        struct weir_row *row = weir_row(w, store_trades_prev_price, w->record->key, 0);
        const struct weir_dec *kept = row->value;
        prev = kept ? (struct weir_opt_dec){ *kept, true } : (struct weir_opt_dec){ .some = false };
        weir_row_put(w, store_trades_prev_price, row, &price.price, w->record->timestamp);
    }
    // | map { price, high, low, trades, change: decimal(price - prev(price), 12, 4) }
    struct weir_opt_dec it = prev.some ? (struct weir_opt_dec){ weir_sub_dec(w, price.price, 4, prev.v, 4, 13, 4), true }
        : (struct weir_opt_dec){ .some = false };
    struct Shown shown = {
        .price = price.price,
        .high = price.high,
        .low = price.low,
        .trades = price.trades,
        .change = it.some ? (struct weir_opt_dec){ weir_dec_of_dec(w, it.v, 4, 12, 4), true }
            : (struct weir_opt_dec){ .some = false },
    };
    if (w->bad)
        return;
    // | to "prices" string => json Shown
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Shown(&json, &shown);
    struct weir_out out = {
        .sink = sink_prices,
        .key = w->record->key,
        .value = weir_buf_str(&json),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | sample
static void emit_trades_sample_emitted(struct weir_ctx *w, struct weir_str key, bool key_is_null,
    const struct Price *price, int64_t timestamp, struct weir_str key_bytes)
{
    (void)key_bytes;
    // | prev(price)
    if (!key_is_null) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Price(&json, price);
        struct weir_out out = {
            .sink = sink_trades_repartition,
            .key = key,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// every 10s stream {
//   for share, price in waiting {
//     emit share => price
//     delete waiting[share]
//   }
// }
static void trades_sample_stream_timer(struct weir_ctx *w, int64_t timestamp)
{
    struct weir_scan *scan = weir_scan_rows(w, store_trades_sample_waiting, WEIR_NULL_STR, WEIR_NULL_STR);
    weir_scan_reuse(scan);
    struct weir_scanned row;
    while (weir_scan_next(w, scan, &row)) {
        struct weir_str share;
        if (!weir_wire_to_string(w, row.key, &share))
            return;
        struct Price price = *(const struct Price *)row.value;
        {
            emit_trades_sample_emitted(w, share, false, &price, timestamp, WEIR_NULL_STR);
        }
        if (w->bad)
            return;
        struct weir_str row_key = share;
        struct weir_row *row_2 = weir_row(w, store_trades_sample_waiting, row_key, 0);
        weir_row_put(w, store_trades_sample_waiting, row_2, NULL, timestamp);
    }
    if (w->bad)
        return;
}

// Records without a value.
static void process_trades_tombstone(struct weir_ctx *w)
{
    weir_stream_time(w, w->record->timestamp);
}

// stream trades from "trades" string => json Trade time at
static void process_trades(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_trades_tombstone(w);
        return;
    }
    struct Trade trade;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Trade(w, &j, &trade) || !weir_json_finish(w, &j))
        return;
    struct weir_str key = WEIR_NULL_STR;
    if (w->record->key.p && !weir_wire_to_string(w, w->record->key, &key))
        return;
    int64_t timestamp = trade.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    weir_stream_time(w, timestamp);
    // | process sample
    {
        if (!w->record->key.p)
            weir_null_key(w);
        if (w->bad)
            return;
        struct weir_str row_key = key;
        struct weir_row *row = weir_row(w, store_trades_sample_waiting, row_key, 0);
        const struct Price *kept = row->value;
        const struct Price *waiting = kept ? weir_copy(w, kept, sizeof *kept) : NULL;
        const struct Price *before = waiting;
        if (w->bad)
            return;
        if (before == NULL) {
            struct Price value = { .price = trade.price, .high = trade.price, .low = trade.price, .trades = 1 };
            weir_row_put(w, store_trades_sample_waiting, row, &value, timestamp);
        } else {
            struct Price value_2 = {
                .price = trade.price,
                .high = weir_max_dec(before->high, trade.price),
                .low = weir_min_dec(before->low, trade.price),
                .trades = weir_add_i64(w, before->trades, 1),
            };
            if (w->bad)
                return;
            weir_row_put(w, store_trades_sample_waiting, row, &value_2, timestamp);
        }
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_trades] = {
        .name = "trades",
        .topics = (const char *const[]){ "trades" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Trade,
        .process = process_trades,
    },
    [source_trades_repartition] = {
        .name = "trades_repartition",
        .topics = (const char *const[]){ "trades-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Price,
        .process = process_trades_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_trades_repartition] = {
        .name = "trades_repartition",
        .topic = "trades-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Price,
    },
    [sink_prices] = {
        .name = "prices",
        .topic = "prices",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Shown,
    },
};

static const struct weir_store stores[] = {
    [store_trades_sample_waiting] = {
        .name = "trades-sample-waiting",
        .kind = WEIR_STORE_ROWS,
        .memory = true,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Price,
        .fingerprint = 0x10f9185fdd95540e,
        .value_size = sizeof(struct Price),
        .encode = encode_Price,
        .decode = decode_Price,
    },
    [store_trades_prev_price] = {
        .name = "trades-prev-price",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_decimal_12_4,
        .fingerprint = 0xb926f55c031add46,
        .value_size = sizeof(struct weir_dec),
        .encode = encode_decimal_12_4,
        .decode = decode_decimal_12_4,
    },
};

static const struct weir_timer timers[] = {
    {
        .name = "sample, every 10s stream",
        .subtopology = 0,
        .every = 10000,
        .fire = trades_sample_stream_timer,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "latest_prices",
    .file = "dsl-examples/latest_prices.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 2,
    .timers = timers,
    .timer_count = 1,
};
