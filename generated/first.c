// Made by weir from "dsl-examples/first.weir".
#include <weir.h>

struct Order {
    struct weir_str id;
    struct weir_str customer;
    struct weir_dec amount;
    struct weir_str currency;
    struct weir_str note;
    int64_t placed_at;
};

struct large {
    struct weir_str id;
    struct weir_str customer;
    struct weir_dec amount;
    struct weir_str note;
};

enum { source_orders };
enum { sink_large_orders };

// ---- decoders ----

static bool read_Order(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "customer", 8, 11, "\"customer\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "currency", 8, 11, "\"currency\":" },
        { "note", 4, 7, "\"note\":" },
        { "placed_at", 9, 12, "\"placed_at\":" },
    };
    bool first = true, has_id = false, has_customer = false, has_amount = false, has_currency = false,
        has_placed_at = false;
    int field, next = 0;
    v->note = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 6, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->customer))
                return weir_json_in_field(w, "customer");
            has_customer = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
            break;
        case 3:
            if (!weir_json_read_string(w, j, &v->currency))
                return weir_json_in_field(w, "currency");
            has_currency = true;
            break;
        case 4:
            v->note = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->note))
                return weir_json_in_field(w, "note");
            break;
        case 5:
            if (!weir_json_read_timestamp(w, j, &v->placed_at))
                return weir_json_in_field(w, "placed_at");
            has_placed_at = true;
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
    if (!has_customer)
        return weir_json_missing(w, "customer");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_currency)
        return weir_json_missing(w, "currency");
    if (!has_placed_at)
        return weir_json_missing(w, "placed_at");
    return true;
}

// ---- encoders ----

static void write_large(struct weir_buf *b, const struct large *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"customer\":");
    weir_put_string(b, v->customer);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"note\":");
    weir_put_string(b, v->note);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Order = { .name = "json Order" };
static const struct weir_serde serde_large = { .name = "json" };

// ---- stages ----

// stream orders from "orders" string => json Order time placed_at
static void process_orders(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Order order;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Order(w, &j, &order) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = order.placed_at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | filter currency == "EUR" && amount >= 100
    if (weir_eq_str(order.currency, WEIR_STR("EUR"))
        && weir_cmp_dec(order.amount, 2, (struct weir_dec){ 10000, 0 }, 2) >= 0) {
        // | map { id, customer, amount, note: note ?? "none" }
        struct large large = {
            .id = order.id,
            .customer = order.customer,
            .amount = order.amount,
            .note = order.note.p != NULL ? order.note : WEIR_STR("none"),
        };
        // | to "large-orders"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_large(&json, &large);
        struct weir_out out = {
            .sink = sink_large_orders,
            .key = w->record->key,
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
    [source_orders] = {
        .name = "orders",
        .topics = (const char *const[]){ "orders" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Order,
        .process = process_orders,
    },
};

static const struct weir_sink sinks[] = {
    [sink_large_orders] = {
        .name = "large_orders",
        .topic = "large-orders",
        .key = &weir_serde_string,
        .value = &serde_large,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "large_orders",
    .file = "dsl-examples/first.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 1,
};
