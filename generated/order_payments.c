// Made by weir from "dsl-examples/order_payments.weir".
#include <weir.h>

struct Order {
    struct weir_str id;
    struct weir_str customer;
    struct weir_dec amount;
    int64_t at;
};

struct Payment {
    struct weir_str order_id;
    struct weir_dec amount;
    struct weir_str method;
    int64_t at;
};

struct matched {
    struct weir_str order;
    struct weir_str customer;
    struct weir_opt_dec amount;
    struct weir_opt_dec paid;
    struct weir_str method;
};

struct unpaid_orders {
    struct weir_str order;
    struct weir_str customer;
    struct weir_dec amount;
};

struct unknown_payments {
    struct weir_str order;
    struct weir_opt_dec paid;
    struct weir_str method;
};

enum { source_orders, source_payments, source_orders_by_id_repartition, source_payments_by_order_id_repartition };
enum { sink_orders_by_id_repartition, sink_payments_by_order_id_repartition, sink_paid_orders, sink_unpaid_orders, sink_unknown_payments };
enum { store_matched_join_payments_outer_this_join, store_matched_join_payments_outer_other_join, store_matched_join_payments_outer_shared_join };

// ---- decoders ----

static bool read_Payment(struct weir_ctx *w, struct weir_json *j, struct Payment *v)
{
    static const struct weir_json_name fields[] = {
        { "order_id", 8, 11, "\"order_id\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "method", 6, 9, "\"method\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_order_id = false, has_amount = false, has_method = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->order_id))
                return weir_json_in_field(w, "order_id");
            has_order_id = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
            break;
        case 2:
            if (!weir_json_read_string(w, j, &v->method))
                return weir_json_in_field(w, "method");
            has_method = true;
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
    if (!has_order_id)
        return weir_json_missing(w, "order_id");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_method)
        return weir_json_missing(w, "method");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_Order(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "customer", 8, 11, "\"customer\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_id = false, has_customer = false, has_amount = false, has_at = false;
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
    if (!has_customer)
        return weir_json_missing(w, "customer");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

// ---- encoders ----

static void write_matched(struct weir_buf *b, const struct matched *v)
{
    weir_put_lit(b, "{\"order\":");
    weir_put_string(b, v->order);
    weir_put_lit(b, ",\"customer\":");
    if (v->customer.p != NULL) {
        weir_put_string(b, v->customer);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"amount\":");
    if (v->amount.some) {
        weir_put_dec(b, v->amount.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"paid\":");
    if (v->paid.some) {
        weir_put_dec(b, v->paid.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"method\":");
    if (v->method.p != NULL) {
        weir_put_string(b, v->method);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_unpaid_orders(struct weir_buf *b, const struct unpaid_orders *v)
{
    weir_put_lit(b, "{\"order\":");
    weir_put_string(b, v->order);
    weir_put_lit(b, ",\"customer\":");
    if (v->customer.p != NULL) {
        weir_put_string(b, v->customer);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, "}");
}

static void write_unknown_payments(struct weir_buf *b, const struct unknown_payments *v)
{
    weir_put_lit(b, "{\"order\":");
    weir_put_string(b, v->order);
    weir_put_lit(b, ",\"paid\":");
    if (v->paid.some) {
        weir_put_dec(b, v->paid.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"method\":");
    if (v->method.p != NULL) {
        weir_put_string(b, v->method);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_Payment(struct weir_buf *b, const struct Payment *v)
{
    weir_put_lit(b, "{\"order_id\":");
    weir_put_string(b, v->order_id);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"method\":");
    weir_put_string(b, v->method);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

static void write_Order(struct weir_buf *b, const struct Order *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"customer\":");
    weir_put_string(b, v->customer);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Order = { .name = "json Order" };
static const struct weir_serde serde_Payment = { .name = "json Payment" };
static const struct weir_serde serde_matched = { .name = "json" };
static const struct weir_serde serde_unpaid_orders = { .name = "json" };
static const struct weir_serde serde_unknown_payments = { .name = "json" };

// ---- values in stores ----

static size_t extra_Order(const struct Order *v)
{
    return weir_keep_size(v->id.n)
        + weir_keep_size(v->customer.n);
}

static size_t extra_of_Order(const void *value)
{
    const struct Order *v = value;
    return extra_Order(v);
}

static void keep_Order(struct Order *v, char **next)
{
    v->id.p = weir_keep(next, v->id.p, v->id.n);
    v->customer.p = weir_keep(next, v->customer.p, v->customer.n);
}

static void keep_of_Order(void *to, const void *from)
{
    struct Order *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Order *)from;
    keep_Order(v, next);
}

static struct weir_str encode_Order(struct weir_ctx *w, const void *value)
{
    const struct Order *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Order(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Order(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Order v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Order(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Order *)value = v;
    return true;
}

static size_t extra_Payment(const struct Payment *v)
{
    return weir_keep_size(v->order_id.n)
        + weir_keep_size(v->method.n);
}

static size_t extra_of_Payment(const void *value)
{
    const struct Payment *v = value;
    return extra_Payment(v);
}

static void keep_Payment(struct Payment *v, char **next)
{
    v->order_id.p = weir_keep(next, v->order_id.p, v->order_id.n);
    v->method.p = weir_keep(next, v->method.p, v->method.n);
}

static void keep_of_Payment(void *to, const void *from)
{
    struct Payment *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Payment *)from;
    keep_Payment(v, next);
}

static struct weir_str encode_Payment(struct weir_ctx *w, const void *value)
{
    const struct Payment *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Payment(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Payment(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Payment v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Payment(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Payment *)value = v;
    return true;
}

// ---- stages ----

// | outer join payments as p on id == p.order_id within 10m grace 1m
static void matched_join_payments(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp,
    const struct Order *order, const struct Payment *p)
{
    struct weir_str key = WEIR_NULL_STR;
    if (key_bytes.p && !weir_wire_to_string(w, key_bytes, &key))
        return;
    const struct Order *orders = order;
    // | map {
    //   order:    key
    //   customer: orders?.customer
    //   amount:   orders?.amount
    //   paid:     p?.amount
    //   method:   p?.method
    // }
    if (!key_bytes.p)
        weir_null_key(w);
    struct matched matched = {
        .order = key,
        .customer = orders != NULL ? orders->customer : WEIR_NULL_STR,
        .amount = orders != NULL ? (struct weir_opt_dec){ orders->amount, true } : (struct weir_opt_dec){ .some = false },
        .paid = p != NULL ? (struct weir_opt_dec){ p->amount, true } : (struct weir_opt_dec){ .some = false },
        .method = p != NULL ? p->method : WEIR_NULL_STR,
    };
    if (w->bad)
        return;
    if (matched.amount.some && matched.paid.some) {
        // paid: amount != null && paid != null
        // | to "paid-orders"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_matched(&json, &matched);
        struct weir_out out = {
            .sink = sink_paid_orders,
            .key = key_bytes,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else if (matched.amount.some) {
        // unpaid: amount != null
        // | map { order, customer, amount }
        struct unpaid_orders unpaid_orders = {
            .order = matched.order,
            .customer = matched.customer,
            .amount = matched.amount.v,
        };
        // | to "unpaid-orders"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_unpaid_orders(&json, &unpaid_orders);
        struct weir_out out = {
            .sink = sink_unpaid_orders,
            .key = key_bytes,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        // unknown
        // | map { order, paid, method }
        struct unknown_payments unknown_payments = { .order = matched.order, .paid = matched.paid, .method = matched.method };
        // | to "unknown-payments"
        struct weir_buf json_2;
        weir_buf_init(w, &json_2, 256);
        write_unknown_payments(&json_2, &unknown_payments);
        struct weir_out out_2 = {
            .sink = sink_unknown_payments,
            .key = key_bytes,
            .value = weir_buf_str(&json_2),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out_2);
    }
}

// Records that nothing has matched.
static void matched_join_payments_parked(struct weir_ctx *w, const struct weir_parked *p)
{
    matched_join_payments(w, p->key, p->timestamp, p->left ? p->value : NULL, p->left ? NULL : p->value);
}

// | id == p.order_id
static void process_payments_by_order_id_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Payment payment;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Payment(w, &j, &payment) || !weir_json_finish(w, &j))
        return;
    // | outer join payments as p on id == p.order_id within 10m grace 1m
    if (!w->record->key.p) {
        weir_store_time(w, store_matched_join_payments_outer_shared_join, w->record->timestamp);
        matched_join_payments(w, w->record->key, w->record->timestamp, NULL, &payment);
    } else {
        weir_parked_advance(w, store_matched_join_payments_outer_shared_join, w->record->timestamp);
        struct weir_matches found = weir_side_find(w, store_matched_join_payments_outer_this_join, w->record->key,
            w->record->timestamp - 600000, weir_time_after(w->record->timestamp, 600000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            weir_parked_take(w, store_matched_join_payments_outer_shared_join, true, w->record->key, match->timestamp);
            matched_join_payments(w, w->record->key, weir_later(w->record->timestamp, match->timestamp), match->value,
                &payment);
        }
        if (found.count == 0
            && !weir_parked_put(w, store_matched_join_payments_outer_shared_join,
            &(struct weir_parked){ false, w->record->key, &payment, w->record->timestamp }))
            matched_join_payments(w, w->record->key, w->record->timestamp, NULL, &payment);
        weir_side_put(w, store_matched_join_payments_outer_other_join, w->record->key, &payment, w->record->timestamp);
    }
}

// | id == p.order_id
static void process_orders_by_id_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Order order;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Order(w, &j, &order) || !weir_json_finish(w, &j))
        return;
    // | outer join payments as p on id == p.order_id within 10m grace 1m
    if (!w->record->key.p) {
        weir_store_time(w, store_matched_join_payments_outer_shared_join, w->record->timestamp);
        matched_join_payments(w, w->record->key, w->record->timestamp, &order, NULL);
    } else {
        weir_parked_advance(w, store_matched_join_payments_outer_shared_join, w->record->timestamp);
        struct weir_matches found = weir_side_find(w, store_matched_join_payments_outer_other_join, w->record->key,
            w->record->timestamp - 600000, weir_time_after(w->record->timestamp, 600000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            weir_parked_take(w, store_matched_join_payments_outer_shared_join, false, w->record->key, match->timestamp);
            matched_join_payments(w, w->record->key, weir_later(w->record->timestamp, match->timestamp), &order, match->value);
        }
        if (found.count == 0
            && !weir_parked_put(w, store_matched_join_payments_outer_shared_join,
            &(struct weir_parked){ true, w->record->key, &order, w->record->timestamp }))
            matched_join_payments(w, w->record->key, w->record->timestamp, &order, NULL);
        weir_side_put(w, store_matched_join_payments_outer_this_join, w->record->key, &order, w->record->timestamp);
    }
}

// stream payments from "payments" string => json Payment time at
static void process_payments(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Payment payment;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Payment(w, &j, &payment) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = payment.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | id == p.order_id
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Payment(&json, &payment);
    struct weir_out out = {
        .sink = sink_payments_by_order_id_repartition,
        .key = payment.order_id,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream orders from "orders" string => json Order time at
static void process_orders(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Order order;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Order(w, &j, &order) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = order.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | id == p.order_id
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Order(&json, &order);
    struct weir_out out = {
        .sink = sink_orders_by_id_repartition,
        .key = order.id,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
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
    [source_payments] = {
        .name = "payments",
        .topics = (const char *const[]){ "payments" },
        .topic_count = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Payment,
        .process = process_payments,
    },
    [source_orders_by_id_repartition] = {
        .name = "orders_by_id_repartition",
        .topics = (const char *const[]){ "orders-by-id-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Order,
        .process = process_orders_by_id_repartition,
    },
    [source_payments_by_order_id_repartition] = {
        .name = "payments_by_order_id_repartition",
        .topics = (const char *const[]){ "payments-by-order_id-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Payment,
        .process = process_payments_by_order_id_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_orders_by_id_repartition] = {
        .name = "orders_by_id_repartition",
        .topic = "orders-by-id-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Order,
    },
    [sink_payments_by_order_id_repartition] = {
        .name = "payments_by_order_id_repartition",
        .topic = "payments-by-order_id-repartition",
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Payment,
    },
    [sink_paid_orders] = {
        .name = "paid_orders",
        .topic = "paid-orders",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_matched,
    },
    [sink_unpaid_orders] = {
        .name = "unpaid_orders",
        .topic = "unpaid-orders",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_unpaid_orders,
    },
    [sink_unknown_payments] = {
        .name = "unknown_payments",
        .topic = "unknown-payments",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_unknown_payments,
    },
};

static const struct weir_store stores[] = {
    [store_matched_join_payments_outer_this_join] = {
        .name = "matched-join-payments-outer-this-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0xf1f15796d71ba564,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .retention = 1260000,
    },
    [store_matched_join_payments_outer_other_join] = {
        .name = "matched-join-payments-outer-other-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Payment,
        .fingerprint = 0x7d205dddefa36d26,
        .value_size = sizeof(struct Payment),
        .extra = extra_of_Payment,
        .keep = keep_of_Payment,
        .encode = encode_Payment,
        .decode = decode_Payment,
        .retention = 1260000,
    },
    [store_matched_join_payments_outer_shared_join] = {
        .name = "matched-join-payments-outer-shared-join",
        .kind = WEIR_STORE_PARKED,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0x3547b49c59074365,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .before = 600000,
        .after = 600000,
        .grace = 60000,
        .left = store_matched_join_payments_outer_this_join,
        .right = store_matched_join_payments_outer_other_join,
        .parked = matched_join_payments_parked,
    },
};

static const struct weir_copartition copartitions[] = {
    { "outer join payments as p on id == p.order_id within 10m grace 1m", (const int[]){ source_orders_by_id_repartition, source_payments_by_order_id_repartition }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "order_payments",
    .file = "dsl-examples/order_payments.weir",
    .sources = sources,
    .source_count = 4,
    .sinks = sinks,
    .sink_count = 5,
    .stores = stores,
    .store_count = 3,
    .copartitions = copartitions,
    .copartition_count = 1,
};
