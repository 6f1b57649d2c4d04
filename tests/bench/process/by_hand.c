// dedupe.weir as somebody would write it in C against the runtime.
#include <weir.h>

enum { TEN_MINUTES = 600000, HOUR = 3600000 }; // ms
enum { OUT };
enum { SEEN };

struct order {
    struct weir_str id;
    double amount;
};

// ---- orders ----

static bool read_order(struct weir_ctx *w, struct weir_str text, struct order *o)
{
    static const struct weir_json_name fields[] = {{"id", 2, 5, "\"id\":"}, {"amount", 6, 9, "\"amount\":"}};
    struct weir_json j;
    bool first = true, has_id = false, has_amount = false;
    int field, next = 0;
    weir_json_start(&j, text);
    if (!weir_json_object(w, &j))
        return false;
    while ((field = weir_json_next_known(w, &j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        bool read;
        if (field == 0)
            read = has_id = weir_json_read_string(w, &j, &o->id);
        else if (field == 1)
            read = has_amount = weir_json_read_f64(w, &j, &o->amount);
        else
            read = weir_json_skip(w, &j);
        if (!read)
            return false;
    }
    if (w->bad)
        return false;
    if (!has_id || !has_amount)
        return weir_json_missing(w, has_id ? "amount" : "id");
    return weir_json_finish(w, &j);
}

static void send_order(struct weir_ctx *w, struct weir_str key, const struct order *o)
{
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    weir_put_lit(&json, "{\"id\":");
    weir_put_string(&json, o->id);
    weir_put_lit(&json, ",\"amount\":");
    weir_put_f64(&json, o->amount);
    weir_put_lit(&json, "}");
    struct weir_out out = {.sink = OUT,
                           .key = key,
                           .value = weir_buf_str(&json),
                           .timestamp = w->record->timestamp,
                           .headers = w->record->headers,
                           .header_count = w->record->header_count};
    weir_send(w, &out);
}

// ---- the block ----

static void take_order(struct weir_ctx *w)
{
    struct order o;
    struct weir_str key;
    int64_t now = w->record->timestamp;
    if (!w->record->value.p || !read_order(w, w->record->value, &o))
        return;
    if (!w->record->key.p) {
        weir_null_key(w);
        return;
    }
    if (!weir_wire_to_string(w, w->record->key, &key))
        return;
    struct weir_row *row = weir_row(w, SEEN, key, 0);
    const int64_t *seen = row->value;
    if (!seen || now - *seen > TEN_MINUTES)
        send_order(w, key, &o);
    weir_row_put(w, SEEN, row, &now, now);
}

static void forget(struct weir_ctx *w, int64_t timestamp)
{
    struct weir_scan *scan = weir_scan_rows(w, SEEN, WEIR_NULL_STR, WEIR_NULL_STR);
    struct weir_scanned row;
    weir_scan_reuse(scan);
    while (weir_scan_next(w, scan, &row)) {
        if (weir_now(w) - *(const int64_t *)row.value > HOUR)
            weir_row_put(w, SEEN, weir_row(w, SEEN, row.key, 0), NULL, timestamp);
    }
}

// ---- the program ----

static struct weir_str encode_seen(struct weir_ctx *w, const void *value)
{
    return weir_wire_of_i64(w, *(const int64_t *)value);
}

static bool decode_seen(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    return weir_wire_to_i64(w, bytes, value);
}

static const struct weir_serde order_serde = {.name = "json Order"};

static const struct weir_source source = {.name = "orders",
                                          .topics = (const char *const[]){"bench-orders"},
                                          .topic_count = 1,
                                          .key = &weir_serde_string,
                                          .value = &order_serde,
                                          .process = take_order};

static const struct weir_sink sink = {
    .name = "out", .topic = "bench-out", .key = &weir_serde_string, .value = &order_serde};

static const struct weir_store store = {.name = "seen",
                                        .kind = WEIR_STORE_ROWS,
                                        .changelog_source = -1,
                                        .key_serde = &weir_serde_string,
                                        .value_serde = &weir_serde_int64,
                                        .value_size = sizeof(int64_t),
                                        .encode = encode_seen,
                                        .decode = decode_seen};

static const struct weir_timer timer = {.name = "forget", .every = 60000, .wall = true, .fire = forget};

const struct weir_program weir_program = {.abi = WEIR_ABI,
                                          .app = "bench_dedupe",
                                          .file = "by_hand.c",
                                          .sources = &source,
                                          .source_count = 1,
                                          .sinks = &sink,
                                          .sink_count = 1,
                                          .stores = &store,
                                          .store_count = 1,
                                          .timers = &timer,
                                          .timer_count = 1};
