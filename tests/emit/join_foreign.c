// Made by weir from "join_foreign.weir".
#include <weir.h>

struct Order {
    struct weir_str customer;
    struct weir_str item;
    int64_t amount;
    struct weir_str note;
};

struct Customer {
    struct weir_str name;
    struct weir_str city;
};

struct orders_cities {
    struct weir_str item;
    struct weir_str city;
};

struct named {
    struct weir_str name;
    int64_t amount;
};

struct totals {
    int64_t amount;
};

enum { source_orders, source_customers, source_orders_join_cities_subscriptions_repartition, source_orders_join_cities_answers_repartition, source_named_join_customers_subscriptions_repartition, source_named_join_customers_answers_repartition, source_totals_by_name_repartition };
enum { sink_orders_join_cities_subscriptions_repartition, sink_orders_join_cities_answers_repartition, sink_orders_cities, sink_named_join_customers_subscriptions_repartition, sink_named_join_customers_answers_repartition, sink_totals_by_name_repartition, sink_totals };
enum { store_orders, store_customers, store_orders_join_cities, store_named_join_customers, store_named_kept, store_totals };

// ---- decoders ----

static bool read_totals_by_name_repartition(struct weir_ctx *w, struct weir_json *j, struct named *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "amount", 6, 9, "\"amount\":" },
    };
    bool first = true, has_amount = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_i64(w, j, &v->amount))
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

static bool read_c(struct weir_ctx *w, struct weir_json *j, struct Customer *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "city", 4, 7, "\"city\":" },
    };
    bool first = true, has_name = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_name)
        return weir_json_missing(w, "name");
    return true;
}

static bool read_Customer(struct weir_ctx *w, struct weir_json *j, struct Customer *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "city", 4, 7, "\"city\":" },
    };
    bool first = true, has_name = false, has_city = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->city))
                return weir_json_in_field(w, "city");
            has_city = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_name)
        return weir_json_missing(w, "name");
    if (!has_city)
        return weir_json_missing(w, "city");
    return true;
}

static bool read_Order(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "customer", 8, 11, "\"customer\":" },
        { "item", 4, 7, "\"item\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "note", 4, 7, "\"note\":" },
    };
    bool first = true, has_item = false, has_amount = false, has_note = false;
    int field, next = 0;
    v->customer = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            v->customer = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->customer))
                return weir_json_in_field(w, "customer");
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->item))
                return weir_json_in_field(w, "item");
            has_item = true;
            break;
        case 2:
            if (!weir_json_read_i64(w, j, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
            break;
        case 3:
            if (!weir_json_read_string(w, j, &v->note))
                return weir_json_in_field(w, "note");
            has_note = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_item)
        return weir_json_missing(w, "item");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_note)
        return weir_json_missing(w, "note");
    return true;
}

static bool read_named(struct weir_ctx *w, struct weir_json *j, struct named *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "amount", 6, 9, "\"amount\":" },
    };
    bool first = true, has_name = false, has_amount = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->amount))
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
    if (!has_name)
        return weir_json_missing(w, "name");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    return true;
}

static bool read_totals(struct weir_ctx *w, struct weir_json *j, struct totals *v)
{
    static const struct weir_json_name fields[] = {
        { "amount", 6, 9, "\"amount\":" },
    };
    bool first = true, has_amount = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->amount))
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

// ---- encoders ----

static void write_totals(struct weir_buf *b, const struct totals *v)
{
    weir_put_lit(b, "{\"amount\":");
    weir_put_i64(b, v->amount);
    weir_put_lit(b, "}");
}

static void write_named(struct weir_buf *b, const struct named *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"amount\":");
    weir_put_i64(b, v->amount);
    weir_put_lit(b, "}");
}

static void write_Order(struct weir_buf *b, const struct Order *v)
{
    weir_put_lit(b, "{\"customer\":");
    if (v->customer.p != NULL) {
        weir_put_string(b, v->customer);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"item\":");
    weir_put_string(b, v->item);
    weir_put_lit(b, ",\"amount\":");
    weir_put_i64(b, v->amount);
    weir_put_lit(b, ",\"note\":");
    weir_put_string(b, v->note);
    weir_put_lit(b, "}");
}

static void write_Customer(struct weir_buf *b, const struct Customer *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"city\":");
    weir_put_string(b, v->city);
    weir_put_lit(b, "}");
}

static void write_orders_cities(struct weir_buf *b, const struct orders_cities *v)
{
    weir_put_lit(b, "{\"item\":");
    weir_put_string(b, v->item);
    weir_put_lit(b, ",\"city\":");
    if (v->city.p != NULL) {
        weir_put_string(b, v->city);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Order = { .name = "json Order" };
static const struct weir_serde serde_Customer = { .name = "json Customer" };
static const struct weir_serde serde_named = { .name = "json" };
static const struct weir_serde serde_orders_cities = { .name = "json" };
static const struct weir_serde serde_totals = { .name = "json" };

// ---- values in stores ----

static size_t extra_Order(const struct Order *v)
{
    return weir_keep_size(v->customer.n)
        + weir_keep_size(v->item.n)
        + weir_keep_size(v->note.n);
}

static size_t extra_of_Order(const void *value)
{
    const struct Order *v = value;
    return extra_Order(v);
}

static void keep_Order(struct Order *v, char **next)
{
    v->customer.p = weir_keep(next, v->customer.p, v->customer.n);
    v->item.p = weir_keep(next, v->item.p, v->item.n);
    v->note.p = weir_keep(next, v->note.p, v->note.n);
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

static size_t extra_Customer(const struct Customer *v)
{
    return weir_keep_size(v->name.n)
        + weir_keep_size(v->city.n);
}

static size_t extra_of_Customer(const void *value)
{
    const struct Customer *v = value;
    return extra_Customer(v);
}

static void keep_Customer(struct Customer *v, char **next)
{
    v->name.p = weir_keep(next, v->name.p, v->name.n);
    v->city.p = weir_keep(next, v->city.p, v->city.n);
}

static void keep_of_Customer(void *to, const void *from)
{
    struct Customer *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Customer *)from;
    keep_Customer(v, next);
}

static struct weir_str encode_Customer(struct weir_ctx *w, const void *value)
{
    const struct Customer *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Customer(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Customer(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Customer v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Customer(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Customer *)value = v;
    return true;
}

static size_t extra_named(const struct named *v)
{
    return weir_keep_size(v->name.n);
}

static size_t extra_of_named(const void *value)
{
    const struct named *v = value;
    return extra_named(v);
}

static void keep_named(struct named *v, char **next)
{
    v->name.p = weir_keep(next, v->name.p, v->name.n);
}

static void keep_of_named(void *to, const void *from)
{
    struct named *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct named *)from;
    keep_named(v, next);
}

static struct weir_str encode_named(struct weir_ctx *w, const void *value)
{
    const struct named *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_named(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_named(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct named v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_named(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct named *)value = v;
    return true;
}

static struct weir_str encode_totals(struct weir_ctx *w, const void *value)
{
    const struct totals *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_totals(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_totals(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct totals v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_totals(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct totals *)value = v;
    return true;
}

// ---- stages ----

// | aggregate { amount: sum(amount) }
static void totals_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct totals *totals = c->value;
    // | to "totals"
    if (totals) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_totals(&json, totals);
        struct weir_out out = {
            .sink = sink_totals,
            .key = c->key,
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_totals,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | group by name
static void process_totals_by_name_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value_bytes, old_value_bytes;
    if (!weir_change_split(w, w->record->value, &old_value_bytes, &value_bytes))
        return;
    struct named named = { 0 };
    if (value_bytes.p) {
        struct weir_json j;
        weir_json_start(&j, value_bytes);
        if (!read_totals_by_name_repartition(w, &j, &named) || !weir_json_finish(w, &j))
            return;
    }
    struct named old_named = { 0 };
    if (old_value_bytes.p) {
        struct weir_json j_2;
        weir_json_start(&j_2, old_value_bytes);
        if (!read_totals_by_name_repartition(w, &j_2, &old_named) || !weir_json_finish(w, &j_2))
            return;
    }
    // | aggregate { amount: sum(amount) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_totals);
    } else {
        struct weir_row *row = weir_row(w, store_totals, w->record->key, 0);
        const struct totals *acc = row->value;
        struct totals undone;
        if (acc && old_value_bytes.p) {
            undone = (struct totals){ .amount = weir_sub_i64(w, acc->amount, old_named.amount) };
            acc = &undone;
        }
        struct totals added;
        if (value_bytes.p) {
            struct totals fresh;
            if (!acc) {
                fresh = (struct totals){ .amount = 0 };
                acc = &fresh;
            }
            added = (struct totals){ .amount = weir_add_i64(w, acc->amount, named.amount) };
            acc = &added;
        }
        if (w->bad)
            return;
        weir_row_put(w, store_totals, row, acc, weir_row_time(row, w->record->timestamp));
    }
}

// | group
static void named_kept_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct named *named = c->value;
    const struct named *old_named = c->old;
    // | group by name
    struct weir_str key_bytes = WEIR_NULL_STR, value_bytes = WEIR_NULL_STR;
    if (named) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_named(&json, named);
        key_bytes = named->name;
        value_bytes = weir_buf_str(&json);
    }
    struct weir_str old_key_bytes = WEIR_NULL_STR, old_value_bytes = WEIR_NULL_STR;
    if (old_named) {
        struct weir_buf old_json;
        weir_buf_init(w, &old_json, 256);
        write_named(&old_json, old_named);
        old_key_bytes = old_named->name;
        old_value_bytes = weir_buf_str(&old_json);
    }
    struct weir_out out = {
        .sink = sink_totals_by_name_repartition,
        .key = key_bytes,
        .value = value_bytes,
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send_change(w, &out, old_key_bytes, old_value_bytes);
}

// | join customers as c on customer == c.key
static void process_named_join_customers_answers_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    const struct weir_row *order_row = weir_row_find(w, store_orders, w->record->key, 0);
    const struct Order *order = order_row ? order_row->value : NULL;
    struct weir_str left_bytes = WEIR_NULL_STR;
    if (order) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Order(&json, order);
        left_bytes = weir_buf_str(&json);
    }
    struct weir_str right_bytes;
    if (weir_answer_take(w, left_bytes, &right_bytes)) {
        bool there = order && right_bytes.p;
        struct Customer c = { 0 };
        if (right_bytes.p) {
            struct weir_json j;
            weir_json_start(&j, right_bytes);
            if (!read_c(w, &j, &c) || !weir_json_finish(w, &j))
                return;
        }
        // | map { name: c.name, amount }
        struct named named = { 0 };
        if (there) {
            named = (struct named){ .name = c.name, .amount = order->amount };
        }
        // | group
        struct weir_row *row = weir_row(w, store_named_kept, w->record->key, 0);
        weir_row_put(w, store_named_kept, row, there ? &named : NULL, w->record->timestamp);
    }
}

// | join customers as c on customer == c.key
static void process_named_join_customers_subscriptions_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_subscription s;
    if (weir_subscription_take(w, store_named_join_customers, &s) && s.answer) {
        struct weir_str answer = WEIR_NULL_STR;
        int64_t time = w->record->timestamp;
        if (s.foreign.p) {
            const struct weir_row *right_row = weir_row_find(w, store_customers, s.foreign, 0);
            const struct Customer *right = right_row ? right_row->value : NULL;
            int64_t right_time = right_row ? right_row->timestamp : 0;
            if (right) {
                struct weir_buf json;
                weir_buf_init(w, &json, 256);
                write_Customer(&json, right);
                answer = weir_buf_str(&json);
                time = right_time > time ? right_time : time;
            }
        }
        if (answer.p || !s.only_found)
            weir_answer(w, sink_named_join_customers_answers_repartition, &s, s.gone ? WEIR_NULL_STR : answer, time);
    }
}

// | left join cities on customer == cities.key
static void process_orders_join_cities_answers_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    const struct weir_row *order_row = weir_row_find(w, store_orders, w->record->key, 0);
    const struct Order *order = order_row ? order_row->value : NULL;
    struct weir_str left_bytes = WEIR_NULL_STR;
    if (order) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Order(&json, order);
        left_bytes = weir_buf_str(&json);
    }
    struct weir_str right_bytes;
    if (weir_answer_take(w, left_bytes, &right_bytes)) {
        struct weir_str cities = WEIR_NULL_STR;
        if (right_bytes.p) {
            if (!weir_wire_to_string(w, right_bytes, &cities))
                return;
        }
        // | map { item, city: cities }
        struct orders_cities orders_cities = { 0 };
        if (order) {
            orders_cities = (struct orders_cities){ .item = order->item, .city = cities };
        }
        // | to "orders-cities"
        if (order) {
            struct weir_buf json;
            weir_buf_init(w, &json, 256);
            write_orders_cities(&json, &orders_cities);
            struct weir_out out = {
                .sink = sink_orders_cities,
                .key = w->record->key,
                .value = weir_buf_str(&json),
                .timestamp = w->record->timestamp,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out);
        } else {
            struct weir_out out = {
                .sink = sink_orders_cities,
                .key = w->record->key,
                .value = WEIR_NULL_STR,
                .timestamp = w->record->timestamp,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out);
        }
    }
}

// table cities = customers | filter name != "" | map city
static const struct weir_str *view_cities(struct weir_ctx *w, struct weir_str key_bytes, int64_t *timestamp)
{
    const struct weir_row *row = weir_row_find(w, store_customers, key_bytes, 0);
    if (!row)
        return NULL;
    const struct Customer *customer = row->value;
    // | filter name != ""
    if (!(!weir_eq_str(customer->name, WEIR_STR(""))))
        return NULL;
    // | map city
    *timestamp = row->timestamp;
    return weir_copy(w, &customer->city, sizeof(struct weir_str));
}

// | left join cities on customer == cities.key
static void process_orders_join_cities_subscriptions_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_subscription s;
    if (weir_subscription_take(w, store_orders_join_cities, &s) && s.answer) {
        struct weir_str answer = WEIR_NULL_STR;
        int64_t time = w->record->timestamp;
        if (s.foreign.p) {
            int64_t right_time = 0;
            const struct weir_str *right = view_cities(w, s.foreign, &right_time);
            if (w->bad)
                return;
            if (right) {
                answer = *right;
                time = right_time > time ? right_time : time;
            }
        }
        if (answer.p || !s.only_found)
            weir_answer(w, sink_orders_join_cities_answers_repartition, &s, s.gone ? WEIR_NULL_STR : answer, time);
    }
}

// customers
static void customers_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct Customer *customer = c->value;
    const struct Customer *old_customer = c->old;
    // | filter name != ""
    bool passes = customer && !weir_eq_str(customer->name, WEIR_STR(""));
    bool passed = old_customer && !weir_eq_str(old_customer->name, WEIR_STR(""));
    if (passes || passed) {
        // | map city
        // | left join cities on customer == cities.key
        struct weir_str value_bytes = WEIR_NULL_STR;
        if (passes) {
            value_bytes = customer->city;
        }
        weir_answer_all(w, store_orders_join_cities, sink_orders_join_cities_answers_repartition, c->key, value_bytes,
            c->timestamp);
    }
    // | join customers as c on customer == c.key
    struct weir_str value_bytes = WEIR_NULL_STR;
    if (customer) {
        struct weir_buf value_json;
        weir_buf_init(w, &value_json, 256);
        write_Customer(&value_json, customer);
        value_bytes = weir_buf_str(&value_json);
    }
    weir_answer_all(w, store_named_join_customers, sink_named_join_customers_answers_repartition, c->key, value_bytes,
        c->timestamp);
}

// Records without a value.
static void process_customers_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_customers);
    } else {
        struct weir_row *row = weir_row(w, store_customers, w->record->key, 0);
        weir_row_put(w, store_customers, row, NULL, w->record->timestamp);
    }
}

// table customers from "customers" string => json Customer
static void process_customers(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_customers_tombstone(w);
        return;
    }
    struct Customer customer;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Customer(w, &j, &customer) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_customers);
    } else {
        struct weir_row *row = weir_row(w, store_customers, w->record->key, 0);
        weir_row_put(w, store_customers, row, &customer, w->record->timestamp);
    }
}

// orders
static void orders_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct Order *order = c->value;
    const struct Order *old_order = c->old;
    // | left join cities on customer == cities.key
    struct weir_str foreign_bytes = WEIR_NULL_STR;
    if (order) {
        foreign_bytes = order->customer;
    }
    struct weir_str old_foreign_bytes = WEIR_NULL_STR;
    if (old_order) {
        old_foreign_bytes = old_order->customer;
    }
    struct weir_str value_bytes = WEIR_NULL_STR;
    if (order) {
        struct weir_buf value_json;
        weir_buf_init(w, &value_json, 256);
        write_Order(&value_json, order);
        value_bytes = weir_buf_str(&value_json);
    }
    weir_subscribe(w, sink_orders_join_cities_subscriptions_repartition, &(struct weir_subscribe){
        .key = c->key,
        .foreign = foreign_bytes,
        .value = value_bytes,
        .old_foreign = old_foreign_bytes,
        .had = old_order,
        .left_join = true,
        .timestamp = c->timestamp,
    });
    // | join customers as c on customer == c.key
    struct weir_str foreign_bytes_2 = WEIR_NULL_STR;
    if (order) {
        foreign_bytes_2 = order->customer;
    }
    struct weir_str old_foreign_bytes_2 = WEIR_NULL_STR;
    if (old_order) {
        old_foreign_bytes_2 = old_order->customer;
    }
    struct weir_str value_bytes_2 = WEIR_NULL_STR;
    if (order) {
        struct weir_buf value_json_2;
        weir_buf_init(w, &value_json_2, 256);
        write_Order(&value_json_2, order);
        value_bytes_2 = weir_buf_str(&value_json_2);
    }
    weir_subscribe(w, sink_named_join_customers_subscriptions_repartition, &(struct weir_subscribe){
        .key = c->key,
        .foreign = foreign_bytes_2,
        .value = value_bytes_2,
        .old_foreign = old_foreign_bytes_2,
        .had = old_order,
        .timestamp = c->timestamp,
    });
}

// Records without a value.
static void process_orders_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_orders);
    } else {
        struct weir_row *row = weir_row(w, store_orders, w->record->key, 0);
        weir_row_put(w, store_orders, row, NULL, w->record->timestamp);
    }
}

// table orders from "orders" string => json Order
static void process_orders(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_orders_tombstone(w);
        return;
    }
    struct Order order;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Order(w, &j, &order) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_orders);
    } else {
        struct weir_row *row = weir_row(w, store_orders, w->record->key, 0);
        weir_row_put(w, store_orders, row, &order, w->record->timestamp);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_orders] = {
        .name = "orders",
        .topics = (const char *const[]){ "orders" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_Order,
        .process = process_orders,
    },
    [source_customers] = {
        .name = "customers",
        .topics = (const char *const[]){ "customers" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Customer,
        .process = process_customers,
    },
    [source_orders_join_cities_subscriptions_repartition] = {
        .name = "orders_join_cities_subscriptions_repartition",
        .topics = (const char *const[]){ "orders-join-cities-subscriptions-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
        .process = process_orders_join_cities_subscriptions_repartition,
    },
    [source_orders_join_cities_answers_repartition] = {
        .name = "orders_join_cities_answers_repartition",
        .topics = (const char *const[]){ "orders-join-cities-answers-repartition" },
        .topic_count = 1,
        .internal = true,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
        .process = process_orders_join_cities_answers_repartition,
    },
    [source_named_join_customers_subscriptions_repartition] = {
        .name = "named_join_customers_subscriptions_repartition",
        .topics = (const char *const[]){ "named-join-customers-subscriptions-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
        .process = process_named_join_customers_subscriptions_repartition,
    },
    [source_named_join_customers_answers_repartition] = {
        .name = "named_join_customers_answers_repartition",
        .topics = (const char *const[]){ "named-join-customers-answers-repartition" },
        .topic_count = 1,
        .internal = true,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
        .process = process_named_join_customers_answers_repartition,
    },
    [source_totals_by_name_repartition] = {
        .name = "totals_by_name_repartition",
        .topics = (const char *const[]){ "totals-by-name-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_named,
        .process = process_totals_by_name_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_orders_join_cities_subscriptions_repartition] = {
        .name = "orders_join_cities_subscriptions_repartition",
        .topic = "orders-join-cities-subscriptions-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
    },
    [sink_orders_join_cities_answers_repartition] = {
        .name = "orders_join_cities_answers_repartition",
        .topic = "orders-join-cities-answers-repartition",
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
    },
    [sink_orders_cities] = {
        .name = "orders_cities",
        .topic = "orders-cities",
        .key = &weir_serde_string,
        .value = &serde_orders_cities,
    },
    [sink_named_join_customers_subscriptions_repartition] = {
        .name = "named_join_customers_subscriptions_repartition",
        .topic = "named-join-customers-subscriptions-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
    },
    [sink_named_join_customers_answers_repartition] = {
        .name = "named_join_customers_answers_repartition",
        .topic = "named-join-customers-answers-repartition",
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
    },
    [sink_totals_by_name_repartition] = {
        .name = "totals_by_name_repartition",
        .topic = "totals-by-name-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_named,
    },
    [sink_totals] = {
        .name = "totals",
        .topic = "totals",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_totals,
    },
};

static const struct weir_store stores[] = {
    [store_orders] = {
        .name = "orders",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_orders,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0x23390b545257e4e3,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .changed = orders_changed,
        .wants_old = true,
        .at_once = true,
    },
    [store_customers] = {
        .name = "customers",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_customers,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Customer,
        .fingerprint = 0x93ceea088b93eb24,
        .value_size = sizeof(struct Customer),
        .extra = extra_of_Customer,
        .keep = keep_of_Customer,
        .encode = encode_Customer,
        .decode = decode_Customer,
        .changed = customers_changed,
        .wants_old = true,
        .at_once = true,
    },
    [store_orders_join_cities] = {
        .name = "orders-join-cities",
        .kind = WEIR_STORE_SUBSCRIPTIONS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_bytes,
        .value_serde = &weir_serde_bytes,
        .fingerprint = 0x484e05f6040b299f,
    },
    [store_named_join_customers] = {
        .name = "named-join-customers",
        .kind = WEIR_STORE_SUBSCRIPTIONS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_bytes,
        .value_serde = &weir_serde_bytes,
        .fingerprint = 0x484e05f6040b299f,
    },
    [store_named_kept] = {
        .name = "named-kept",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_named,
        .fingerprint = 0x9364c58ca1103271,
        .value_size = sizeof(struct named),
        .extra = extra_of_named,
        .keep = keep_of_named,
        .encode = encode_named,
        .decode = decode_named,
        .changed = named_kept_changed,
        .wants_old = true,
    },
    [store_totals] = {
        .name = "totals",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_totals,
        .fingerprint = 0x72ffc029666d5eb7,
        .value_size = sizeof(struct totals),
        .encode = encode_totals,
        .decode = decode_totals,
        .changed = totals_changed,
    },
};

static const struct weir_copartition copartitions[] = {
    { "left join cities on customer == cities.key", (const int[]){ source_orders_join_cities_subscriptions_repartition, source_customers }, 2 },
    { "left join cities on customer == cities.key", (const int[]){ source_orders_join_cities_answers_repartition, source_orders }, 2 },
    { "join customers as c on customer == c.key", (const int[]){ source_named_join_customers_subscriptions_repartition, source_customers }, 2 },
    { "join customers as c on customer == c.key", (const int[]){ source_named_join_customers_answers_repartition, source_orders }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "join_foreign",
    .file = "join_foreign.weir",
    .sources = sources,
    .source_count = 7,
    .sinks = sinks,
    .sink_count = 7,
    .stores = stores,
    .store_count = 6,
    .copartitions = copartitions,
    .copartition_count = 4,
};
