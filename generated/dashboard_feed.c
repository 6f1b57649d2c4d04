// Made by weir from "dsl-examples/dashboard_feed.weir".
#include <weir.h>

struct Order {
    struct weir_str id;
    struct weir_str customer;
    struct weir_str country;
    struct weir_dec amount;
    int64_t at;
};

struct window {
    int64_t start;
    int64_t end;
};

struct dashboard_biggest {
    struct weir_str id;
    struct weir_dec amount;
};

struct dashboard {
    int64_t minute;
    int64_t orders;
    struct weir_dec revenue;
    struct weir_dec average;
    int64_t customers;
    struct weir_map countries; // of int64_t
    struct dashboard_biggest biggest;
};

struct record_2 {
    struct weir_dec sum;
    int64_t count;
};

struct record_3 {
    struct dashboard_biggest value;
    struct weir_dec by;
};

struct record {
    int64_t orders;
    struct weir_dec revenue;
    struct record_2 average;
    struct weir_list customers; // of struct weir_str
    struct weir_map countries; // of int64_t
    struct record_3 biggest;
};

enum { source_orders, source_orders_by_all_repartition };
enum { sink_orders_by_all_repartition, sink_dashboard };
enum { store_dashboard, store_dashboard_suppress };

// ---- decoders ----

static bool read_orders_by_all_repartition(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "customer", 8, 11, "\"customer\":" },
        { "country", 7, 10, "\"country\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_id = false, has_customer = false, has_country = false, has_amount = false;
    int field, next = 0;
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
            if (!weir_json_read_string(w, j, &v->customer))
                return weir_json_in_field(w, "customer");
            has_customer = true;
            break;
        case 2:
            if (!weir_json_read_string(w, j, &v->country))
                return weir_json_in_field(w, "country");
            has_country = true;
            break;
        case 3:
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
    if (!has_id)
        return weir_json_missing(w, "id");
    if (!has_customer)
        return weir_json_missing(w, "customer");
    if (!has_country)
        return weir_json_missing(w, "country");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    return true;
}

static bool read_Order(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "customer", 8, 11, "\"customer\":" },
        { "country", 7, 10, "\"country\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_id = false, has_customer = false, has_country = false, has_amount = false, has_at = false;
    int field, next = 0;
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
            if (!weir_json_read_string(w, j, &v->customer))
                return weir_json_in_field(w, "customer");
            has_customer = true;
            break;
        case 2:
            if (!weir_json_read_string(w, j, &v->country))
                return weir_json_in_field(w, "country");
            has_country = true;
            break;
        case 3:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
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
    if (!has_id)
        return weir_json_missing(w, "id");
    if (!has_customer)
        return weir_json_missing(w, "customer");
    if (!has_country)
        return weir_json_missing(w, "country");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_record_2(struct weir_ctx *w, struct weir_json *j, struct record_2 *v)
{
    static const struct weir_json_name fields[] = {
        { "sum", 3, 6, "\"sum\":" },
        { "count", 5, 8, "\"count\":" },
    };
    bool first = true, has_sum = false, has_count = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_dec(w, j, 38, 2, &v->sum))
                return weir_json_in_field(w, "sum");
            has_sum = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->count))
                return weir_json_in_field(w, "count");
            has_count = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_sum)
        return weir_json_missing(w, "sum");
    if (!has_count)
        return weir_json_missing(w, "count");
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

static bool read_map_of_i64(struct weir_ctx *w, struct weir_json *j, struct weir_map *v)
{
    size_t n = 0, capacity = 4, room = 4;
    struct weir_str *name = weir_alloc(w, capacity * sizeof *name);
    int64_t *item = weir_alloc(w, room * sizeof *item);
    bool first = true;
    if (!weir_json_object(w, j))
        return false;
    while (weir_json_next_field(w, j, &first, &name[n])) {
        if (!weir_json_read_i64(w, j, &item[n]))
            return false;
        n++;
        name = weir_array_grow(w, name, n, &capacity, sizeof *name);
        item = weir_array_grow(w, item, n, &room, sizeof *item);
    }
    *v = weir_map_of(w, name, item, n, sizeof *item);
    return !w->bad;
}

static bool read_dashboard_biggest(struct weir_ctx *w, struct weir_json *j, struct dashboard_biggest *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "amount", 6, 9, "\"amount\":" },
    };
    bool first = true, has_id = false, has_amount = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
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
    if (!has_id)
        return weir_json_missing(w, "id");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    return true;
}

static bool read_record_3(struct weir_ctx *w, struct weir_json *j, struct record_3 *v)
{
    static const struct weir_json_name fields[] = {
        { "value", 5, 8, "\"value\":" },
        { "by", 2, 5, "\"by\":" },
    };
    bool first = true, has_value = false, has_by = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!read_dashboard_biggest(w, j, &v->value))
                return weir_json_in_field(w, "value");
            has_value = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 12, 2, &v->by))
                return weir_json_in_field(w, "by");
            has_by = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_value)
        return weir_json_missing(w, "value");
    if (!has_by)
        return weir_json_missing(w, "by");
    return true;
}

static bool read_record(struct weir_ctx *w, struct weir_json *j, struct record *v)
{
    static const struct weir_json_name fields[] = {
        { "orders", 6, 9, "\"orders\":" },
        { "revenue", 7, 10, "\"revenue\":" },
        { "average", 7, 10, "\"average\":" },
        { "customers", 9, 12, "\"customers\":" },
        { "countries", 9, 12, "\"countries\":" },
        { "biggest", 7, 10, "\"biggest\":" },
    };
    bool first = true, has_orders = false, has_revenue = false, has_average = false, has_customers = false,
        has_countries = false, has_biggest = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 6, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->orders))
                return weir_json_in_field(w, "orders");
            has_orders = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 38, 2, &v->revenue))
                return weir_json_in_field(w, "revenue");
            has_revenue = true;
            break;
        case 2:
            if (!read_record_2(w, j, &v->average))
                return weir_json_in_field(w, "average");
            has_average = true;
            break;
        case 3:
            if (!read_list_of_string(w, j, &v->customers))
                return weir_json_in_field(w, "customers");
            has_customers = true;
            break;
        case 4:
            if (!read_map_of_i64(w, j, &v->countries))
                return weir_json_in_field(w, "countries");
            has_countries = true;
            break;
        case 5:
            if (!read_record_3(w, j, &v->biggest))
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
    if (!has_orders)
        return weir_json_missing(w, "orders");
    if (!has_revenue)
        return weir_json_missing(w, "revenue");
    if (!has_average)
        return weir_json_missing(w, "average");
    if (!has_customers)
        return weir_json_missing(w, "customers");
    if (!has_countries)
        return weir_json_missing(w, "countries");
    if (!has_biggest)
        return weir_json_missing(w, "biggest");
    return true;
}

static bool read_dashboard(struct weir_ctx *w, struct weir_json *j, struct dashboard *v)
{
    static const struct weir_json_name fields[] = {
        { "minute", 6, 9, "\"minute\":" },
        { "orders", 6, 9, "\"orders\":" },
        { "revenue", 7, 10, "\"revenue\":" },
        { "average", 7, 10, "\"average\":" },
        { "customers", 9, 12, "\"customers\":" },
        { "countries", 9, 12, "\"countries\":" },
        { "biggest", 7, 10, "\"biggest\":" },
    };
    bool first = true, has_minute = false, has_orders = false, has_revenue = false, has_average = false,
        has_customers = false, has_countries = false, has_biggest = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 7, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_timestamp(w, j, &v->minute))
                return weir_json_in_field(w, "minute");
            has_minute = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->orders))
                return weir_json_in_field(w, "orders");
            has_orders = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 38, 2, &v->revenue))
                return weir_json_in_field(w, "revenue");
            has_revenue = true;
            break;
        case 3:
            if (!weir_json_read_dec(w, j, 38, 6, &v->average))
                return weir_json_in_field(w, "average");
            has_average = true;
            break;
        case 4:
            if (!weir_json_read_i64(w, j, &v->customers))
                return weir_json_in_field(w, "customers");
            has_customers = true;
            break;
        case 5:
            if (!read_map_of_i64(w, j, &v->countries))
                return weir_json_in_field(w, "countries");
            has_countries = true;
            break;
        case 6:
            if (!read_dashboard_biggest(w, j, &v->biggest))
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
    if (!has_minute)
        return weir_json_missing(w, "minute");
    if (!has_orders)
        return weir_json_missing(w, "orders");
    if (!has_revenue)
        return weir_json_missing(w, "revenue");
    if (!has_average)
        return weir_json_missing(w, "average");
    if (!has_customers)
        return weir_json_missing(w, "customers");
    if (!has_countries)
        return weir_json_missing(w, "countries");
    if (!has_biggest)
        return weir_json_missing(w, "biggest");
    return true;
}

// ---- encoders ----

static void write_map_of_i64(struct weir_buf *b, struct weir_map v)
{
    const int64_t *item = v.v;
    weir_put_lit(b, "{");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_string(b, v.k[i]);
        weir_put_lit(b, ":");
        weir_put_i64(b, item[i]);
    }
    weir_put_lit(b, "}");
}

static void write_dashboard_biggest(struct weir_buf *b, const struct dashboard_biggest *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, "}");
}

static void write_dashboard(struct weir_buf *b, const struct dashboard *v)
{
    weir_put_lit(b, "{\"minute\":");
    weir_put_i64(b, v->minute);
    weir_put_lit(b, ",\"orders\":");
    weir_put_i64(b, v->orders);
    weir_put_lit(b, ",\"revenue\":");
    weir_put_dec(b, v->revenue, 2);
    weir_put_lit(b, ",\"average\":");
    weir_put_dec(b, v->average, 6);
    weir_put_lit(b, ",\"customers\":");
    weir_put_i64(b, v->customers);
    weir_put_lit(b, ",\"countries\":");
    write_map_of_i64(b, v->countries);
    weir_put_lit(b, ",\"biggest\":");
    write_dashboard_biggest(b, &v->biggest);
    weir_put_lit(b, "}");
}

static void write_Order(struct weir_buf *b, const struct Order *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"customer\":");
    weir_put_string(b, v->customer);
    weir_put_lit(b, ",\"country\":");
    weir_put_string(b, v->country);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

static void write_record_2(struct weir_buf *b, const struct record_2 *v)
{
    weir_put_lit(b, "{\"sum\":");
    weir_put_dec(b, v->sum, 2);
    weir_put_lit(b, ",\"count\":");
    weir_put_i64(b, v->count);
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

static void write_record_3(struct weir_buf *b, const struct record_3 *v)
{
    weir_put_lit(b, "{\"value\":");
    write_dashboard_biggest(b, &v->value);
    weir_put_lit(b, ",\"by\":");
    weir_put_dec(b, v->by, 2);
    weir_put_lit(b, "}");
}

static void write_record(struct weir_buf *b, const struct record *v)
{
    weir_put_lit(b, "{\"orders\":");
    weir_put_i64(b, v->orders);
    weir_put_lit(b, ",\"revenue\":");
    weir_put_dec(b, v->revenue, 2);
    weir_put_lit(b, ",\"average\":");
    write_record_2(b, &v->average);
    weir_put_lit(b, ",\"customers\":");
    write_list_of_string(b, v->customers);
    weir_put_lit(b, ",\"countries\":");
    write_map_of_i64(b, v->countries);
    weir_put_lit(b, ",\"biggest\":");
    write_record_3(b, &v->biggest);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Order = { .name = "json Order" };
static const struct weir_serde serde_windowed_string = {
    .name = "windowed 1m string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_TIME_WINDOWS,
    .window_size = 60000,
};
static const struct weir_serde serde_dashboard = { .name = "json" };
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

static size_t extra_map_of_i64(const struct weir_map *v)
{
    const int64_t *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    size += weir_keep_size(v->n * sizeof *v->k);
    for (size_t i = 0; i < v->n; i++) {
        size += weir_keep_size(v->k[i].n);
    }
    return size;
}

static size_t extra_dashboard_biggest(const struct dashboard_biggest *v)
{
    return weir_keep_size(v->id.n);
}

static size_t extra_record_3(const struct record_3 *v)
{
    return extra_dashboard_biggest(&v->value);
}

static size_t extra_record(const struct record *v)
{
    return extra_list_of_string(&v->customers)
        + extra_map_of_i64(&v->countries)
        + extra_record_3(&v->biggest);
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

static void keep_map_of_i64(struct weir_map *v, char **next)
{
    struct weir_str *key = weir_keep(next, v->k, v->n * sizeof *key);
    for (size_t i = 0; i < v->n; i++) {
        key[i].p = weir_keep(next, key[i].p, key[i].n);
    }
    v->k = key;
    int64_t *item = weir_keep(next, v->v, v->n * sizeof *item);
    v->v = item;
}

static void keep_dashboard_biggest(struct dashboard_biggest *v, char **next)
{
    v->id.p = weir_keep(next, v->id.p, v->id.n);
}

static void keep_record_3(struct record_3 *v, char **next)
{
    keep_dashboard_biggest(&v->value, next);
}

static void keep_record(struct record *v, char **next)
{
    keep_list_of_string(&v->customers, next);
    keep_map_of_i64(&v->countries, next);
    keep_record_3(&v->biggest, next);
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

static size_t extra_dashboard(const struct dashboard *v)
{
    return extra_map_of_i64(&v->countries)
        + extra_dashboard_biggest(&v->biggest);
}

static size_t extra_of_dashboard(const void *value)
{
    const struct dashboard *v = value;
    return extra_dashboard(v);
}

static void keep_dashboard(struct dashboard *v, char **next)
{
    keep_map_of_i64(&v->countries, next);
    keep_dashboard_biggest(&v->biggest, next);
}

static void keep_of_dashboard(void *to, const void *from)
{
    struct dashboard *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct dashboard *)from;
    keep_dashboard(v, next);
}

static struct weir_str encode_dashboard(struct weir_ctx *w, const void *value)
{
    const struct dashboard *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_dashboard(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_dashboard(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct dashboard v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_dashboard(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct dashboard *)value = v;
    return true;
}

// ---- stages ----

// | emit every 10s
static void dashboard_suppress_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct dashboard *dashboard = c->value;
    // | to "dashboard"
    if (dashboard) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_dashboard(&json, dashboard);
        struct weir_out out = {
            .sink = sink_dashboard,
            .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_dashboard,
            .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | aggregate {
//   minute:    window.start
//   orders:    count()
//   revenue:   sum(amount)
//   average:   avg(amount)
//   customers: count_distinct(customer)
//   countries: histogram(country)
//   biggest:   argmax({ id, amount }, amount)
// }
static void dashboard_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    const struct record *old_acc = c->old;
    struct window window = { .start = c->start, .end = c->end };
    struct dashboard dashboard = {
        .minute = window.start,
        .orders = acc->orders,
        .revenue = acc->revenue,
        .average = weir_div_dec(w, acc->average.sum, 2, weir_dec_of_i64(w, acc->average.count, 19, 0), 0, 38, 6),
        .customers = (int64_t)acc->customers.n,
        .countries = acc->countries,
        .biggest = acc->biggest.value,
    };
    if (w->bad)
        return;
    struct dashboard old_dashboard = { 0 };
    if (old_acc) {
        old_dashboard = (struct dashboard){
            .minute = window.start,
            .orders = old_acc->orders,
            .revenue = old_acc->revenue,
            .average = weir_div_dec(w, old_acc->average.sum, 2, weir_dec_of_i64(w, old_acc->average.count, 19, 0), 0, 38, 6),
            .customers = (int64_t)old_acc->customers.n,
            .countries = old_acc->countries,
            .biggest = old_acc->biggest.value,
        };
    }
    if (w->bad)
        return;
    // | emit every 10s
    weir_suppress(w, store_dashboard_suppress, &(struct weir_change){
        .key = c->key,
        .start = c->start,
        .end = c->end,
        .value = &dashboard,
        .old = old_acc ? &old_dashboard : NULL,
        .timestamp = c->timestamp,
    });
}

// | group all
static void process_orders_by_all_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Order order;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_orders_by_all_repartition(w, &j, &order) || !weir_json_finish(w, &j))
        return;
    // | window tumbling 1m grace 5s
    // | aggregate {
    //   minute:    window.start
    //   orders:    count()
    //   revenue:   sum(amount)
    //   average:   avg(amount)
    //   customers: count_distinct(customer)
    //   countries: histogram(country)
    //   biggest:   argmax({ id, amount }, amount)
    // }
    if (!w->record->key.p) {
        weir_drop_null(w, store_dashboard);
    } else {
        int64_t stream_time = weir_store_time(w, store_dashboard, w->record->timestamp);
        int64_t start = weir_window_first(w->record->timestamp, 60000, 60000);
        if (start <= stream_time - 65000) {
            weir_drop_late(w, store_dashboard);
        } else {
            struct weir_row *row = weir_row(w, store_dashboard, w->record->key, start);
            const struct record *acc = row->value;
            struct record next;
            if (acc) {
                int64_t orders = weir_add_i64(w, acc->orders, 1);
                struct weir_dec revenue = weir_add_dec(w, acc->revenue, 2, order.amount, 2, 38, 2);
                struct weir_dec sum = weir_add_dec(w, acc->average.sum, 2, order.amount, 2, 38, 2);
                struct record_2 average = { .sum = sum, .count = weir_add_i64(w, acc->average.count, 1) };
                struct weir_str wanted = order.customer;
                struct weir_list customers;
                if (weir_list_index_of(acc->customers, &wanted, &weir_element_str) >= 0) {
                    customers = acc->customers;
                } else {
                    struct weir_str element = order.customer;
                    customers = weir_list_append(w, acc->customers, &element, sizeof(struct weir_str));
                }
                struct dashboard_biggest x = { .id = order.id, .amount = order.amount };
                next = (struct record){
                    .orders = orders,
                    .revenue = revenue,
                    .average = average,
                    .customers = customers,
                    .countries = weir_map_tally(w, acc->countries, order.country, 1),
                    .biggest = weir_cmp_dec(order.amount, 2, acc->biggest.by, 2) > 0
                        ? (struct record_3){ .value = x, .by = order.amount } : acc->biggest,
                };
            } else {
                struct weir_dec revenue_2 = weir_add_dec(w, (struct weir_dec){ 0, 0 }, 2, order.amount, 2, 38, 2);
                struct record_2 average_2 = {
                    .sum = weir_add_dec(w, (struct weir_dec){ 0, 0 }, 2, order.amount, 2, 38, 2),
                    .count = 1,
                };
                struct weir_str wanted_2 = order.customer;
                struct weir_list customers_2;
                if (weir_list_index_of((struct weir_list){ "", 0 }, &wanted_2, &weir_element_str) >= 0) {
                    customers_2 = (struct weir_list){ "", 0 };
                } else {
                    struct weir_str element_2 = order.customer;
                    customers_2 = weir_list_append(w, (struct weir_list){ "", 0 }, &element_2, sizeof(struct weir_str));
                }
                next = (struct record){
                    .orders = 1,
                    .revenue = revenue_2,
                    .average = average_2,
                    .customers = customers_2,
                    .countries = weir_map_tally(w, (struct weir_map){ weir_alloc(w, 0), NULL, 0 }, order.country, 1),
                    .biggest = (struct record_3){
                    .value = (struct dashboard_biggest){ .id = order.id, .amount = order.amount },
                    .by = order.amount,
                },
                };
            }
            if (w->bad)
                return;
            weir_row_put(w, store_dashboard, row, &next, weir_row_time(row, w->record->timestamp));
        }
    }
}

// Records without a value.
static void process_orders_tombstone(struct weir_ctx *w)
{
    // | group all
    struct weir_str key = WEIR_STR("all");
    struct weir_out out = {
        .sink = sink_orders_by_all_repartition,
        .key = key,
        .value = WEIR_NULL_STR,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream orders from "orders" string => json Order time at
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
    int64_t timestamp = order.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | group all
    struct weir_str key = WEIR_STR("all");
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Order(&json, &order);
    struct weir_out out = {
        .sink = sink_orders_by_all_repartition,
        .key = key,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

static struct weir_str show_dashboard(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct window window = { .start = c->start, .end = c->end };
    struct dashboard dashboard = {
        .minute = window.start,
        .orders = acc->orders,
        .revenue = acc->revenue,
        .average = weir_div_dec(w, acc->average.sum, 2, weir_dec_of_i64(w, acc->average.count, 19, 0), 0, 38, 6),
        .customers = (int64_t)acc->customers.n,
        .countries = acc->countries,
        .biggest = acc->biggest.value,
    };
    if (w->bad)
        return WEIR_NULL_STR;
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_dashboard(&json, &dashboard);
    return weir_buf_str(&json);
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
    [source_orders_by_all_repartition] = {
        .name = "orders_by_all_repartition",
        .topics = (const char *const[]){ "orders-by-all-repartition" },
        .topic_count = 1,
        .internal = true,
        .partitions = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Order,
        .process = process_orders_by_all_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_orders_by_all_repartition] = {
        .name = "orders_by_all_repartition",
        .topic = "orders-by-all-repartition",
        .internal = true,
        .partitions = 1,
        .key = &weir_serde_string,
        .value = &serde_Order,
    },
    [sink_dashboard] = {
        .name = "dashboard",
        .topic = "dashboard",
        .subtopology = 1,
        .key = &serde_windowed_string,
        .value = &serde_dashboard,
    },
};

static const struct weir_store stores[] = {
    [store_dashboard] = {
        .name = "dashboard",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_record,
        .fingerprint = 0xe7caa03dc8c557a9,
        .value_size = sizeof(struct record),
        .extra = extra_of_record,
        .keep = keep_of_record,
        .encode = encode_record,
        .decode = decode_record,
        .changed = dashboard_changed,
        .show = show_dashboard,
        .wants_old = true,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 60000,
        .grace = 5000,
        .retention = 65000,
    },
    [store_dashboard_suppress] = {
        .name = "dashboard-suppress",
        .kind = WEIR_STORE_BUFFER,
        .memory = true,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_dashboard,
        .fingerprint = 0x662a608e1b90b6f3,
        .value_size = sizeof(struct dashboard),
        .extra = extra_of_dashboard,
        .keep = keep_of_dashboard,
        .encode = encode_dashboard,
        .decode = decode_dashboard,
        .changed = dashboard_suppress_changed,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 60000,
        .grace = 5000,
        .retention = 65000,
        .wait = 10000,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "dashboard_feed",
    .file = "dsl-examples/dashboard_feed.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 2,
};
