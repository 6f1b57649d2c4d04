// Made by weir from "dsl-examples/shop_events.weir".
#include <weir.h>

struct Paid {
    struct weir_dec amount;
};

struct Refunded {
    struct weir_dec amount;
};

struct Shipped {
    struct weir_str id;
    struct weir_str carrier;
    struct weir_str tracking;
};

enum Event_tag { Event_created, Event_paid, Event_refunded, Event_shipped };

struct Event {
    int32_t tag; // Event_tag
    union {
        struct Paid paid;
        struct Refunded refunded;
        struct Shipped shipped;
    };
};

struct shipments {
    struct weir_str id;
    struct weir_str carrier;
    struct weir_str link;
};

enum { source_events };
enum { sink_shipments, sink_revenue };

// ---- constants ----

static const struct weir_str Event_names[] = {
    { "created", 7 },
    { "paid", 4 },
    { "refunded", 8 },
    { "shipped", 7 },
};

// ---- decoders ----

static bool read_events_paid(struct weir_ctx *w, struct weir_json *j, struct Paid *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "method", 6, 9, "\"method\":" },
    };
    bool first = true, has_amount = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
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

static bool read_events_refunded(struct weir_ctx *w, struct weir_json *j, struct Refunded *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "reason", 6, 9, "\"reason\":" },
    };
    bool first = true, has_amount = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
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

static bool read_Shipped(struct weir_ctx *w, struct weir_json *j, struct Shipped *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "carrier", 7, 10, "\"carrier\":" },
        { "tracking", 8, 11, "\"tracking\":" },
    };
    bool first = true, has_id = false, has_carrier = false;
    int field, next = 0;
    v->tracking = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->carrier))
                return weir_json_in_field(w, "carrier");
            has_carrier = true;
            break;
        case 2:
            v->tracking = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->tracking))
                return weir_json_in_field(w, "tracking");
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
    if (!has_carrier)
        return weir_json_missing(w, "carrier");
    return true;
}

static bool read_events(struct weir_ctx *w, struct weir_json *j, struct Event *v)
{
    if (!weir_json_read_tag(w, j, "type", Event_names, 4, &v->tag))
        return false;
    switch (v->tag) {
    case Event_paid: return read_events_paid(w, j, &v->paid);
    case Event_refunded: return read_events_refunded(w, j, &v->refunded);
    case Event_shipped: return read_Shipped(w, j, &v->shipped);
    default: return weir_json_skip(w, j);
    }
}

// ---- encoders ----

static void write_shipments(struct weir_buf *b, const struct shipments *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"carrier\":");
    weir_put_string(b, v->carrier);
    weir_put_lit(b, ",\"link\":");
    weir_put_string(b, v->link);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Event = { .name = "json Event" };
static const struct weir_serde serde_shipments = { .name = "json" };
static const struct weir_serde serde_decimal_13_2 = { .name = "json" };

// ---- stages ----

// stream events from "shop-events" string => json Event
static void process_events(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Event event;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_events(w, &j, &event) || !weir_json_finish(w, &j))
        return;
    // | filter value is shipped
    if (event.tag == Event_shipped) {
        // | map { id, carrier, link: "https://track.example/" + url_encode(tracking ?? id) }
        struct shipments shipments = {
            .id = event.shipped.id,
            .carrier = event.shipped.carrier,
            .link = weir_concat(w, WEIR_STR("https://track.example/"),
                weir_url_encode(w, event.shipped.tracking.p != NULL ? event.shipped.tracking : event.shipped.id)),
        };
        if (w->bad)
            return;
        // | to "shipments"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_shipments(&json, &shipments);
        struct weir_out out = {
            .sink = sink_shipments,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
    // | map match value {
    //   paid p => p.amount
    //   refunded r => 0 - r.amount
    //   else => 0
    // }
    struct weir_dec value;
    switch (event.tag) {
    case Event_paid:
        value = event.paid.amount;
        break;
    case Event_refunded:
        value = weir_sub_dec(w, (struct weir_dec){ 0, 0 }, 0, event.refunded.amount, 2, 13, 2);
        break;
    default:
        value = (struct weir_dec){ 0, 0 };
        break;
    }
    if (w->bad)
        return;
    // | filter value != 0
    if (!weir_eq_dec(value, (struct weir_dec){ 0, 0 })) {
        // | to "revenue"
        struct weir_buf json;
        weir_buf_init(w, &json, 64);
        weir_put_dec(&json, value, 2);
        struct weir_out out = {
            .sink = sink_revenue,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_events] = {
        .name = "events",
        .topics = (const char *const[]){ "shop-events" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Event,
        .process = process_events,
    },
};

static const struct weir_sink sinks[] = {
    [sink_shipments] = {
        .name = "shipments",
        .topic = "shipments",
        .key = &weir_serde_string,
        .value = &serde_shipments,
    },
    [sink_revenue] = {
        .name = "revenue",
        .topic = "revenue",
        .key = &weir_serde_string,
        .value = &serde_decimal_13_2,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "shop_events",
    .file = "dsl-examples/shop_events.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 2,
};
