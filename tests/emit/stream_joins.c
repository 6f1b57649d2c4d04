// Made by weir from "stream_joins.weir".
#include <weir.h>

struct Order {
    struct weir_str id;
    struct weir_str product;
    int64_t amount;
};

struct Tag {
    struct weir_str name;
    int64_t n;
};

struct Product {
    struct weir_str name;
    struct weir_dec price;
    struct weir_list tags; // of struct Tag
};

struct Key {
    int64_t id;
    struct weir_str part;
};

struct left {
    struct weir_str id;
    struct weir_opt_i64 paid;
};

struct outer {
    struct weir_str id;
    struct weir_opt_i64 paid;
};

struct shown {
    struct weir_str name;
    struct weir_dec twice;
    struct weir_list tags; // of struct Tag
    const struct Tag *first;
};

struct per_product {
    int64_t n;
    int64_t mean;
};

struct shown_2 {
    struct weir_str id;
    struct weir_str key;
    const struct shown *s;
};

struct payments_rated {
    struct weir_str id;
    int64_t r;
};

struct record {
    int64_t n;
    int64_t sum;
};

enum { source_orders, source_payments, source_counts, source_others, source_products, source_prices, source_rates, source_orders_by_product_repartition, source_orders_by_product_nullable_repartition };
enum { sink_left, sink_outer, sink_sums, sink_any, sink_self, sink_orders_by_product_repartition, sink_orders_by_product_nullable_repartition, sink_shown, sink_named, sink_mean, sink_rated, sink_rated_or_not, sink_payments_rated, sink_priced, sink_priced_at_once };
enum { store_products, store_prices, store_rates, store_orders_join_payments_this_join, store_orders_join_payments_outer_other_join, store_orders_join_payments_left_shared_join, store_orders_join_payments_2_outer_this_join, store_orders_join_payments_2_outer_other_join, store_orders_join_payments_2_outer_shared_join, store_counts_join_others_this_join, store_counts_join_others_other_join, store_counts_join_others_2_outer_this_join, store_counts_join_others_2_outer_other_join, store_counts_join_others_2_outer_shared_join, store_counts_join_counts_this_join, store_counts_join_counts_other_join, store_per_product, store_counts_join_prices_Buffer };

// ---- decoders ----

static bool read_Key(struct weir_ctx *w, struct weir_json *j, struct Key *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "part", 4, 7, "\"part\":" },
    };
    bool first = true, has_id = false, has_part = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->part))
                return weir_json_in_field(w, "part");
            has_part = true;
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
    if (!has_part)
        return weir_json_missing(w, "part");
    return true;
}

static bool read_orders_by_product_nullable_repartition(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "product", 7, 10, "\"product\":" },
        { "amount", 6, 9, "\"amount\":" },
    };
    bool first = true, has_id = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
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
    return true;
}

static bool read_orders_by_product_repartition(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "product", 7, 10, "\"product\":" },
        { "amount", 6, 9, "\"amount\":" },
    };
    bool first = true, has_amount = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 2:
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

static bool read_Tag(struct weir_ctx *w, struct weir_json *j, struct Tag *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "n", 1, 4, "\"n\":" },
    };
    bool first = true, has_name = false, has_n = false;
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
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
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
    if (!has_n)
        return weir_json_missing(w, "n");
    return true;
}

static bool read_list_of_Tag(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct Tag *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_Tag(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_Product(struct weir_ctx *w, struct weir_json *j, struct Product *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "price", 5, 8, "\"price\":" },
        { "tags", 4, 7, "\"tags\":" },
    };
    bool first = true, has_name = false, has_price = false, has_tags = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 10, 2, &v->price))
                return weir_json_in_field(w, "price");
            has_price = true;
            break;
        case 2:
            if (!read_list_of_Tag(w, j, &v->tags))
                return weir_json_in_field(w, "tags");
            has_tags = true;
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
    if (!has_price)
        return weir_json_missing(w, "price");
    if (!has_tags)
        return weir_json_missing(w, "tags");
    return true;
}

static bool read_Order(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "product", 7, 10, "\"product\":" },
        { "amount", 6, 9, "\"amount\":" },
    };
    bool first = true, has_id = false, has_amount = false;
    int field, next = 0;
    v->product = WEIR_NULL_STR;
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
            v->product = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->product))
                return weir_json_in_field(w, "product");
            break;
        case 2:
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
    if (!has_id)
        return weir_json_missing(w, "id");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    return true;
}

static bool read_record(struct weir_ctx *w, struct weir_json *j, struct record *v)
{
    static const struct weir_json_name fields[] = {
        { "n", 1, 4, "\"n\":" },
        { "sum", 3, 6, "\"sum\":" },
    };
    bool first = true, has_n = false, has_sum = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->sum))
                return weir_json_in_field(w, "sum");
            has_sum = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_n)
        return weir_json_missing(w, "n");
    if (!has_sum)
        return weir_json_missing(w, "sum");
    return true;
}

// ---- encoders ----

static void write_Key(struct weir_buf *b, const struct Key *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_i64(b, v->id);
    weir_put_lit(b, ",\"part\":");
    weir_put_string(b, v->part);
    weir_put_lit(b, "}");
}

static void write_Tag(struct weir_buf *b, const struct Tag *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, "}");
}

static void write_list_of_Tag(struct weir_buf *b, struct weir_list v)
{
    const struct Tag *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_Tag(b, &item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_shown(struct weir_buf *b, const struct shown *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"twice\":");
    weir_put_dec(b, v->twice, 2);
    weir_put_lit(b, ",\"tags\":");
    write_list_of_Tag(b, v->tags);
    weir_put_lit(b, ",\"first\":");
    if (v->first != NULL) {
        write_Tag(b, v->first);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_shown_2(struct weir_buf *b, const struct shown_2 *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"key\":");
    if (v->key.p != NULL) {
        weir_put_string(b, v->key);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"s\":");
    if (v->s != NULL) {
        write_shown(b, v->s);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_outer(struct weir_buf *b, const struct outer *v)
{
    weir_put_lit(b, "{\"id\":");
    if (v->id.p != NULL) {
        weir_put_string(b, v->id);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"paid\":");
    if (v->paid.some) {
        weir_put_i64(b, v->paid.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_left(struct weir_buf *b, const struct left *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"paid\":");
    if (v->paid.some) {
        weir_put_i64(b, v->paid.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_payments_rated(struct weir_buf *b, const struct payments_rated *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"r\":");
    weir_put_i64(b, v->r);
    weir_put_lit(b, "}");
}

static void write_Order(struct weir_buf *b, const struct Order *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"product\":");
    if (v->product.p != NULL) {
        weir_put_string(b, v->product);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"amount\":");
    weir_put_i64(b, v->amount);
    weir_put_lit(b, "}");
}

static void write_Product(struct weir_buf *b, const struct Product *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"price\":");
    weir_put_dec(b, v->price, 2);
    weir_put_lit(b, ",\"tags\":");
    write_list_of_Tag(b, v->tags);
    weir_put_lit(b, "}");
}

static void write_record(struct weir_buf *b, const struct record *v)
{
    weir_put_lit(b, "{\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, ",\"sum\":");
    weir_put_i64(b, v->sum);
    weir_put_lit(b, "}");
}

static void write_per_product(struct weir_buf *b, const struct per_product *v)
{
    weir_put_lit(b, "{\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, ",\"mean\":");
    weir_put_i64(b, v->mean);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Order = { .name = "json Order" };
static const struct weir_serde serde_Key = { .name = "json Key" };
static const struct weir_serde serde_Product = { .name = "json Product" };
static const struct weir_serde serde_left = { .name = "json" };
static const struct weir_serde serde_outer = { .name = "json" };
static const struct weir_serde serde_shown_2 = { .name = "json" };
static const struct weir_serde serde_payments_rated = { .name = "json" };
static const struct weir_serde serde_record = { .name = "json" };

// ---- values in stores ----

static void keep_Tag(struct Tag *v, char **next)
{
    v->name.p = weir_keep(next, v->name.p, v->name.n);
}

static void keep_list_of_Tag(struct weir_list *v, char **next)
{
    struct Tag *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        keep_Tag(&item[i], next);
    }
    v->v = item;
}

static void keep_shown(struct shown *v, char **next)
{
    v->name.p = weir_keep(next, v->name.p, v->name.n);
    keep_list_of_Tag(&v->tags, next);
    struct Tag *tag = weir_keep(next, v->first, sizeof *tag);
    if (tag)
        keep_Tag(tag, next);
    v->first = tag;
}

static void keep_of_shown(void *to, const void *from)
{
    struct shown *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct shown *)from;
    keep_shown(v, next);
}

static size_t extra_Tag(const struct Tag *v)
{
    return weir_keep_size(v->name.n);
}

static size_t extra_list_of_Tag(const struct weir_list *v)
{
    const struct Tag *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        size += extra_Tag(&item[i]);
    }
    return size;
}

static size_t extra_shown(const struct shown *v)
{
    return weir_keep_size(v->name.n)
        + extra_list_of_Tag(&v->tags)
        + (v->first ? weir_keep_size(sizeof *v->first) + extra_Tag(v->first) : 0);
}

static size_t extra_of_shown(const void *value)
{
    const struct shown *v = value;
    return extra_shown(v);
}

static size_t extra_Product(const struct Product *v)
{
    return weir_keep_size(v->name.n)
        + extra_list_of_Tag(&v->tags);
}

static size_t extra_of_Product(const void *value)
{
    const struct Product *v = value;
    return extra_Product(v);
}

static void keep_Product(struct Product *v, char **next)
{
    v->name.p = weir_keep(next, v->name.p, v->name.n);
    keep_list_of_Tag(&v->tags, next);
}

static void keep_of_Product(void *to, const void *from)
{
    struct Product *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Product *)from;
    keep_Product(v, next);
}

static struct weir_str encode_Product(struct weir_ctx *w, const void *value)
{
    const struct Product *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Product(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Product(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Product v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Product(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Product *)value = v;
    return true;
}

static struct weir_str encode_f64(struct weir_ctx *w, const void *value)
{
    const double *v = value;
    return weir_wire_of_f64(w, *v);
}

static bool decode_f64(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    double v;
    if (!weir_wire_to_f64(w, bytes, &v))
        return false;
    *(double *)value = v;
    return true;
}

static struct weir_str encode_i64(struct weir_ctx *w, const void *value)
{
    const int64_t *v = value;
    return weir_wire_of_i64(w, *v);
}

static bool decode_i64(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    int64_t v;
    if (!weir_wire_to_i64(w, bytes, &v))
        return false;
    *(int64_t *)value = v;
    return true;
}

static size_t extra_Order(const struct Order *v)
{
    return weir_keep_size(v->id.n)
        + weir_keep_size(v->product.n);
}

static size_t extra_of_Order(const void *value)
{
    const struct Order *v = value;
    return extra_Order(v);
}

static void keep_Order(struct Order *v, char **next)
{
    v->id.p = weir_keep(next, v->id.p, v->id.n);
    v->product.p = weir_keep(next, v->product.p, v->product.n);
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

// | join prices as p grace 10m
static void counts_join_prices(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp, const int64_t *value)
{
    struct Key key;
    struct weir_json j;
    weir_json_start(&j, key_bytes);
    if (!read_Key(w, &j, &key) || !weir_json_finish(w, &j))
        return;
    const struct weir_row *p_row = weir_row_at(w, store_prices, key_bytes, timestamp);
    const double *p = p_row ? p_row->value : NULL;
    if (p) {
        // | map p * float64(value)
        double value_2 = *p * weir_f64_of_i64(w, *value);
        // | to "priced"
        struct weir_buf key_json;
        weir_buf_init(w, &key_json, 256);
        write_Key(&key_json, &key);
        struct weir_out out = {
            .sink = sink_priced,
            .key = weir_buf_str(&key_json),
            .value = weir_wire_of_f64(w, value_2),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// Records that have waited.
static void counts_join_prices_parked(struct weir_ctx *w, const struct weir_parked *p)
{
    counts_join_prices(w, p->key, p->timestamp, p->value);
}

// table shown = dear | map { name, twice, tags: sort(tags, t => t.n), first: if length(tags) > 0 then tags[0] else null }
static const struct shown *view_shown(struct weir_ctx *w, struct weir_str key_bytes)
{
    const struct weir_row *row = weir_row_find(w, store_products, key_bytes, 0);
    if (!row)
        return NULL;
    const struct Product *product = row->value;
    // | filter price > 10.00 && !contains(map(tags, t => t.name), "old")
    bool both = weir_cmp_dec(product->price, 2, (struct weir_dec){ 1000, 0 }, 2) > 0;
    if (both) {
        size_t count = product->tags.n;
        struct weir_str *mapped = weir_array(w, &count, sizeof *mapped);
        for (size_t i = 0; i < count; i++) {
            const struct Tag *t = &((const struct Tag *)product->tags.v)[i];
            mapped[i] = t->name;
        }
        struct weir_str wanted = WEIR_STR("old");
        both = !(weir_list_index_of((struct weir_list){ mapped, count }, &wanted, &weir_element_str) >= 0);
    }
    bool passes = both;
    if (w->bad)
        return NULL;
    if (!passes)
        return NULL;
    // | let twice = price * 2
    struct weir_dec twice = weir_mul_dec(w, product->price, 2, (struct weir_dec){ 2, 0 }, 0, 11, 2);
    if (w->bad)
        return NULL;
    // | map { name, twice, tags: sort(tags, t => t.n), first: if length(tags) > 0 then tags[0] else null }
    size_t count_2 = product->tags.n;
    int64_t *sort_keys = weir_array(w, &count_2, sizeof *sort_keys);
    for (size_t i_2 = 0; i_2 < count_2; i_2++) {
        const struct Tag *t_2 = &((const struct Tag *)product->tags.v)[i_2];
        sort_keys[i_2] = t_2->n;
    }
    struct weir_list tags = weir_list_sort_by(w, (struct weir_list){ product->tags.v, count_2 }, sizeof(struct Tag),
        sort_keys, &weir_element_i64);
    const struct Tag *first;
    if ((int64_t)product->tags.n > 0) {
        struct Tag element = { 0 };
        if (weir_index_check(w, 0, product->tags.n))
            element = ((const struct Tag *)product->tags.v)[0];
        struct Tag *tag = weir_alloc(w, sizeof *tag);
        *tag = element;
        first = tag;
    } else {
        first = NULL;
    }
    struct shown shown = { .name = product->name, .twice = twice, .tags = tags, .first = first };
    if (w->bad)
        return NULL;
    return weir_copy_all(w, &shown, sizeof(struct shown), extra_of_shown, keep_of_shown);
}

// | product == s.key
static void process_orders_by_product_nullable_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Order order;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_orders_by_product_nullable_repartition(w, &j, &order) || !weir_json_finish(w, &j))
        return;
    struct weir_str key = WEIR_NULL_STR;
    if (w->record->key.p) {
        if (!weir_wire_to_string(w, w->record->key, &key))
            return;
    }
    // | left join shown as s on product == s.key
    const struct shown *s = w->record->key.p ? view_shown(w, w->record->key) : NULL;
    if (w->bad)
        return;
    // | map { id, key, s }
    struct shown_2 shown_2 = { .id = order.id, .key = key, .s = s };
    // | to "shown"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_shown_2(&json, &shown_2);
    struct weir_out out = {
        .sink = sink_shown,
        .key = w->record->key,
        .value = weir_buf_str(&json),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// table named = products | map if name == "" then null else name
static const struct weir_str *view_named(struct weir_ctx *w, struct weir_str key_bytes)
{
    const struct weir_row *row = weir_row_find(w, store_products, key_bytes, 0);
    if (!row)
        return NULL;
    const struct Product *product = row->value;
    // | map if name == "" then null else name
    struct weir_str value = weir_eq_str(product->name, WEIR_STR("")) ? WEIR_NULL_STR : product->name;
    if (value.p == NULL)
        return NULL;
    return weir_copy(w, &value, sizeof(struct weir_str));
}

// table per_product = orders | group by product | aggregate { n: count(), mean: sum(amount) / count() }
static const struct per_product *view_per_product(struct weir_ctx *w, struct weir_str key_bytes)
{
    const struct weir_row *row = weir_row_find(w, store_per_product, key_bytes, 0);
    if (!row)
        return NULL;
    const struct record *acc = row->value;
    struct per_product per_product = { .mean = weir_div_i64(w, acc->sum, acc->n) };
    if (w->bad)
        return NULL;
    return weir_copy(w, &per_product, sizeof(struct per_product));
}

// | group by product
static void process_orders_by_product_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Order order;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_orders_by_product_repartition(w, &j, &order) || !weir_json_finish(w, &j))
        return;
    // | aggregate { n: count(), mean: sum(amount) / count() }
    if (!w->record->key.p) {
        weir_drop_null(w, store_per_product);
    } else {
        struct weir_row *row = weir_row(w, store_per_product, w->record->key, 0);
        const struct record *acc = row->value;
        struct record fresh;
        if (!acc) {
            fresh = (struct record){ .n = 0, .sum = 0 };
            acc = &fresh;
        }
        int64_t n = weir_add_i64(w, acc->n, 1);
        struct record next = { .n = n, .sum = weir_add_i64(w, acc->sum, order.amount) };
        if (w->bad)
            return;
        weir_row_put(w, store_per_product, row, &next, weir_row_time(row, w->record->timestamp));
    }
    // | join named as n on product == n.key
    if (!w->record->key.p) {
        weir_drop_null(w, -1);
    } else {
        const struct weir_str *n = view_named(w, w->record->key);
        if (w->bad)
            return;
        if (n) {
            // | map n
            // | to "named"
            struct weir_out out = {
                .sink = sink_named,
                .key = w->record->key,
                .value = *n,
                .timestamp = w->record->timestamp,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out);
        }
    }
    // | join per_product as q on product == q.key
    if (!w->record->key.p) {
        weir_drop_null(w, store_per_product);
    } else {
        const struct per_product *q = view_per_product(w, w->record->key);
        if (w->bad)
            return;
        if (q) {
            // | map q.mean
            // | to "mean"
            struct weir_out out = {
                .sink = sink_mean,
                .key = w->record->key,
                .value = weir_wire_of_i64(w, q->mean),
                .timestamp = w->record->timestamp,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out);
        }
    }
}

// | merge others
static void merge_counts_merged(struct weir_ctx *w, const struct Key *key, bool key_is_null, int64_t value,
    int64_t timestamp, struct weir_str key_bytes)
{
    (void)key_bytes;
    // | to "self"
    struct weir_str key_json_bytes = WEIR_NULL_STR;
    if (!(key_is_null)) {
        struct weir_buf key_json;
        weir_buf_init(w, &key_json, 256);
        write_Key(&key_json, key);
        key_json_bytes = weir_buf_str(&key_json);
    }
    struct weir_out out = {
        .sink = sink_self,
        .key = key_json_bytes,
        .value = weir_wire_of_i64(w, value),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | join counts as c within 1s
static void counts_join_counts(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp, const int64_t *value,
    const int64_t *c)
{
    struct Key key;
    struct weir_json j;
    weir_json_start(&j, key_bytes);
    if (!read_Key(w, &j, &key) || !weir_json_finish(w, &j))
        return;
    // | map value - c
    int64_t value_2 = weir_sub_i64(w, *value, *c);
    if (w->bad)
        return;
    merge_counts_merged(w, &key, false, value_2, timestamp, key_bytes);
}

// | outer join others as o within 1m
static void counts_join_others_2(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp, const int64_t *value,
    const int64_t *o)
{
    struct weir_opt_i64 value_2 = value ? (struct weir_opt_i64){ *value, true } : (struct weir_opt_i64){ 0 };
    struct weir_opt_i64 o_2 = o ? (struct weir_opt_i64){ *o, true } : (struct weir_opt_i64){ 0 };
    struct Key key = { 0 };
    if (key_bytes.p) {
        struct weir_json j;
        weir_json_start(&j, key_bytes);
        if (!read_Key(w, &j, &key) || !weir_json_finish(w, &j))
            return;
    }
    struct weir_opt_i64 counts = value_2;
    // | map (counts ?? 0) + (o ?? 0)
    int64_t value_3 = weir_add_i64(w, counts.some ? counts.v : 0, o_2.some ? o_2.v : 0);
    if (w->bad)
        return;
    // | peek key
    if (!key_bytes.p)
        weir_null_key(w);
    (void)key;
    if (w->bad)
        return;
    // | to "any"
    struct weir_out out = {
        .sink = sink_any,
        .key = key_bytes,
        .value = weir_wire_of_i64(w, value_3),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records that nothing has matched.
static void counts_join_others_2_parked(struct weir_ctx *w, const struct weir_parked *p)
{
    counts_join_others_2(w, p->key, p->timestamp, p->left ? p->value : NULL, p->left ? NULL : p->value);
}

// | join others as o within 1m
static void counts_join_others(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp, const int64_t *value,
    const int64_t *o)
{
    struct Key key;
    struct weir_json j;
    weir_json_start(&j, key_bytes);
    if (!read_Key(w, &j, &key) || !weir_json_finish(w, &j))
        return;
    // | map value + o
    int64_t value_2 = weir_add_i64(w, *value, *o);
    if (w->bad)
        return;
    // | key by key.part
    // | to "sums"
    struct weir_out out = {
        .sink = sink_sums,
        .key = key.part,
        .value = weir_wire_of_i64(w, value_2),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | outer join payments as p before 5m after 1m
static void orders_join_payments_2(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp,
    const struct Order *order, const struct Order *p)
{
    const struct Order *orders = order;
    // | map { id: orders?.id, paid: p?.amount }
    struct outer outer = {
        .id = orders != NULL ? orders->id : WEIR_NULL_STR,
        .paid = p != NULL ? (struct weir_opt_i64){ p->amount, true } : (struct weir_opt_i64){ 0 },
    };
    // | to "outer"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_outer(&json, &outer);
    struct weir_out out = {
        .sink = sink_outer,
        .key = key_bytes,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records that nothing has matched.
static void orders_join_payments_2_parked(struct weir_ctx *w, const struct weir_parked *p)
{
    orders_join_payments_2(w, p->key, p->timestamp, p->left ? p->value : NULL, p->left ? NULL : p->value);
}

// | left join payments as p within 10m grace 1m
static void orders_join_payments(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp,
    const struct Order *order, const struct Order *p)
{
    // | map { id, paid: p?.amount }
    struct left left = {
        .id = order->id,
        .paid = p != NULL ? (struct weir_opt_i64){ p->amount, true } : (struct weir_opt_i64){ 0 },
    };
    // | to "left"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_left(&json, &left);
    struct weir_out out = {
        .sink = sink_left,
        .key = key_bytes,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records that nothing has matched.
static void orders_join_payments_parked(struct weir_ctx *w, const struct weir_parked *p)
{
    orders_join_payments(w, p->key, p->timestamp, p->value, NULL);
}

// Records without a value.
static void process_rates_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_rates);
    } else {
        struct weir_row *row = weir_row(w, store_rates, w->record->key, 0);
        weir_row_put(w, store_rates, row, NULL, w->record->timestamp);
    }
}

// global table rates from "rates" string => int64
static void process_rates(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_rates_tombstone(w);
        return;
    }
    int64_t value;
    if (!weir_wire_to_i64(w, w->record->value, &value))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_rates);
    } else {
        struct weir_row *row = weir_row(w, store_rates, w->record->key, 0);
        weir_row_put(w, store_rates, row, &value, w->record->timestamp);
    }
}

// Records without a value.
static void process_prices_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_prices);
    } else {
        struct weir_row *row = weir_row(w, store_prices, w->record->key, 0);
        weir_row_put(w, store_prices, row, NULL, w->record->timestamp);
    }
}

// table prices from "prices" json Key => float64 versioned 1h
static void process_prices(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_prices_tombstone(w);
        return;
    }
    double value;
    if (!weir_wire_to_f64(w, w->record->value, &value))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_prices);
    } else {
        struct weir_row *row = weir_row(w, store_prices, w->record->key, 0);
        weir_row_put(w, store_prices, row, &value, w->record->timestamp);
    }
}

// Records without a value.
static void process_products_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_products);
    } else {
        struct weir_row *row = weir_row(w, store_products, w->record->key, 0);
        weir_row_put(w, store_products, row, NULL, w->record->timestamp);
    }
}

// table products from "products" string => json Product
static void process_products(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_products_tombstone(w);
        return;
    }
    struct Product product;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Product(w, &j, &product) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_products);
    } else {
        struct weir_row *row = weir_row(w, store_products, w->record->key, 0);
        weir_row_put(w, store_products, row, &product, w->record->timestamp);
    }
}

// Records without a value.
static void merge_counts_merged_tombstone(struct weir_ctx *w, const struct Key *key, bool key_is_null,
    int64_t timestamp, struct weir_str key_bytes)
{
    (void)key_bytes;
    // | to "self"
    struct weir_str key_json_bytes = WEIR_NULL_STR;
    if (!(key_is_null)) {
        struct weir_buf key_json;
        weir_buf_init(w, &key_json, 256);
        write_Key(&key_json, key);
        key_json_bytes = weir_buf_str(&key_json);
    }
    struct weir_out out = {
        .sink = sink_self,
        .key = key_json_bytes,
        .value = WEIR_NULL_STR,
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records without a value.
static void process_others_tombstone(struct weir_ctx *w)
{
    struct Key key = { 0 };
    if (w->record->key.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->key);
        if (!read_Key(w, &j, &key) || !weir_json_finish(w, &j))
            return;
    }
    // | outer join others as o within 1m
    weir_store_time(w, store_counts_join_others_2_outer_shared_join, w->record->timestamp);
    weir_drop_null(w, store_counts_join_others_2_outer_other_join);
    merge_counts_merged_tombstone(w, &key, !w->record->key.p, w->record->timestamp, w->record->key);
}

// stream others from "others" json Key => int64
static void process_others(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_others_tombstone(w);
        return;
    }
    int64_t value;
    if (!weir_wire_to_i64(w, w->record->value, &value))
        return;
    struct Key key = { 0 };
    if (w->record->key.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->key);
        if (!read_Key(w, &j, &key) || !weir_json_finish(w, &j))
            return;
    }
    // | join others as o within 1m
    struct weir_str row_key_bytes = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf row_key;
        weir_buf_init(w, &row_key, 256);
        write_Key(&row_key, &key);
        row_key_bytes = weir_buf_str(&row_key);
    }
    if (!row_key_bytes.p) {
        weir_drop_null(w, store_counts_join_others_other_join);
    } else {
        struct weir_matches found = weir_side_find(w, store_counts_join_others_this_join, row_key_bytes,
            w->record->timestamp - 60000, weir_time_after(w->record->timestamp, 60000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            counts_join_others(w, row_key_bytes, weir_later(w->record->timestamp, match->timestamp), match->value, &value);
        }
        weir_side_put(w, store_counts_join_others_other_join, row_key_bytes, &value, w->record->timestamp);
    }
    // | outer join others as o within 1m
    struct weir_str row_key_bytes_2 = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf row_key_2;
        weir_buf_init(w, &row_key_2, 256);
        write_Key(&row_key_2, &key);
        row_key_bytes_2 = weir_buf_str(&row_key_2);
    }
    if (!row_key_bytes_2.p) {
        weir_store_time(w, store_counts_join_others_2_outer_shared_join, w->record->timestamp);
        counts_join_others_2(w, row_key_bytes_2, w->record->timestamp, NULL, &value);
    } else {
        weir_parked_advance(w, store_counts_join_others_2_outer_shared_join, w->record->timestamp);
        struct weir_matches found = weir_side_find(w, store_counts_join_others_2_outer_this_join, row_key_bytes_2,
            w->record->timestamp - 60000, weir_time_after(w->record->timestamp, 60000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            weir_parked_take(w, store_counts_join_others_2_outer_shared_join, true, row_key_bytes_2, match->timestamp);
            counts_join_others_2(w, row_key_bytes_2, weir_later(w->record->timestamp, match->timestamp), match->value, &value);
        }
        if (found.count == 0
            && !weir_parked_put(w, store_counts_join_others_2_outer_shared_join,
            &(struct weir_parked){ false, row_key_bytes_2, &value, w->record->timestamp }))
            counts_join_others_2(w, row_key_bytes_2, w->record->timestamp, NULL, &value);
        weir_side_put(w, store_counts_join_others_2_outer_other_join, row_key_bytes_2, &value, w->record->timestamp);
    }
    merge_counts_merged(w, &key, !w->record->key.p, value, w->record->timestamp, w->record->key);
}

// Records without a value.
static void process_counts_tombstone(struct weir_ctx *w)
{
    // | outer join others as o within 1m
    weir_store_time(w, store_counts_join_others_2_outer_shared_join, w->record->timestamp);
    weir_drop_null(w, store_counts_join_others_2_outer_this_join);
}

// stream counts from "counts" json Key => int64
static void process_counts(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_counts_tombstone(w);
        return;
    }
    int64_t value;
    if (!weir_wire_to_i64(w, w->record->value, &value))
        return;
    struct Key key = { 0 };
    if (w->record->key.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->key);
        if (!read_Key(w, &j, &key) || !weir_json_finish(w, &j))
            return;
    }
    // | join others as o within 1m
    struct weir_str row_key_bytes = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf row_key;
        weir_buf_init(w, &row_key, 256);
        write_Key(&row_key, &key);
        row_key_bytes = weir_buf_str(&row_key);
    }
    if (!row_key_bytes.p) {
        weir_drop_null(w, store_counts_join_others_this_join);
    } else {
        struct weir_matches found = weir_side_find(w, store_counts_join_others_other_join, row_key_bytes,
            w->record->timestamp - 60000, weir_time_after(w->record->timestamp, 60000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            counts_join_others(w, row_key_bytes, weir_later(w->record->timestamp, match->timestamp), &value, match->value);
        }
        weir_side_put(w, store_counts_join_others_this_join, row_key_bytes, &value, w->record->timestamp);
    }
    // | outer join others as o within 1m
    struct weir_str row_key_bytes_2 = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf row_key_2;
        weir_buf_init(w, &row_key_2, 256);
        write_Key(&row_key_2, &key);
        row_key_bytes_2 = weir_buf_str(&row_key_2);
    }
    if (!row_key_bytes_2.p) {
        weir_store_time(w, store_counts_join_others_2_outer_shared_join, w->record->timestamp);
        counts_join_others_2(w, row_key_bytes_2, w->record->timestamp, &value, NULL);
    } else {
        weir_parked_advance(w, store_counts_join_others_2_outer_shared_join, w->record->timestamp);
        struct weir_matches found = weir_side_find(w, store_counts_join_others_2_outer_other_join, row_key_bytes_2,
            w->record->timestamp - 60000, weir_time_after(w->record->timestamp, 60000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            weir_parked_take(w, store_counts_join_others_2_outer_shared_join, false, row_key_bytes_2, match->timestamp);
            counts_join_others_2(w, row_key_bytes_2, weir_later(w->record->timestamp, match->timestamp), &value, match->value);
        }
        if (found.count == 0
            && !weir_parked_put(w, store_counts_join_others_2_outer_shared_join,
            &(struct weir_parked){ true, row_key_bytes_2, &value, w->record->timestamp }))
            counts_join_others_2(w, row_key_bytes_2, w->record->timestamp, &value, NULL);
        weir_side_put(w, store_counts_join_others_2_outer_this_join, row_key_bytes_2, &value, w->record->timestamp);
    }
    // | join counts as c within 1s
    struct weir_str row_key_bytes_3 = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf row_key_3;
        weir_buf_init(w, &row_key_3, 256);
        write_Key(&row_key_3, &key);
        row_key_bytes_3 = weir_buf_str(&row_key_3);
    }
    if (!row_key_bytes_3.p) {
        weir_drop_null(w, store_counts_join_counts_this_join);
    } else {
        struct weir_matches found = weir_side_find(w, store_counts_join_counts_other_join, row_key_bytes_3,
            w->record->timestamp - 1000, weir_time_after(w->record->timestamp, 1000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            counts_join_counts(w, row_key_bytes_3, weir_later(w->record->timestamp, match->timestamp), &value, match->value);
        }
        weir_side_put(w, store_counts_join_counts_this_join, row_key_bytes_3, &value, w->record->timestamp);
    }
    struct weir_str row_key_bytes_4 = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf row_key_4;
        weir_buf_init(w, &row_key_4, 256);
        write_Key(&row_key_4, &key);
        row_key_bytes_4 = weir_buf_str(&row_key_4);
    }
    if (!row_key_bytes_4.p) {
        weir_drop_null(w, store_counts_join_counts_other_join);
    } else {
        struct weir_matches found = weir_side_find(w, store_counts_join_counts_this_join, row_key_bytes_4,
            w->record->timestamp - 1000, weir_time_after(w->record->timestamp, 1000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            counts_join_counts(w, row_key_bytes_4, weir_later(w->record->timestamp, match->timestamp), match->value, &value);
        }
        weir_side_put(w, store_counts_join_counts_other_join, row_key_bytes_4, &value, w->record->timestamp);
    }
    // | join prices as p grace 10m
    struct weir_str row_key_bytes_5 = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf row_key_5;
        weir_buf_init(w, &row_key_5, 256);
        write_Key(&row_key_5, &key);
        row_key_bytes_5 = weir_buf_str(&row_key_5);
    }
    if (!row_key_bytes_5.p) {
        weir_drop_null(w, store_counts_join_prices_Buffer);
    } else {
        if (!weir_wait(w, store_counts_join_prices_Buffer, row_key_bytes_5, &value, w->record->timestamp))
            counts_join_prices(w, row_key_bytes_5, w->record->timestamp, &value);
    }
    // | left join prices as p
    struct weir_str row_key_bytes_6 = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf row_key_6;
        weir_buf_init(w, &row_key_6, 256);
        write_Key(&row_key_6, &key);
        row_key_bytes_6 = weir_buf_str(&row_key_6);
    }
    const struct weir_row *p_row = row_key_bytes_6.p ? weir_row_at(w, store_prices, row_key_bytes_6, w->record->timestamp)
        : NULL;
    const double *p = p_row ? p_row->value : NULL;
    struct weir_opt_f64 p_2 = p ? (struct weir_opt_f64){ *p, true } : (struct weir_opt_f64){ 0 };
    // | map p
    // | to "priced-at-once"
    struct weir_str key_json_bytes = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf key_json;
        weir_buf_init(w, &key_json, 256);
        write_Key(&key_json, &key);
        key_json_bytes = weir_buf_str(&key_json);
    }
    struct weir_str json_bytes = WEIR_NULL_STR;
    if (p_2.some) {
        json_bytes = weir_wire_of_f64(w, p_2.v);
    }
    struct weir_out out = {
        .sink = sink_priced_at_once,
        .key = key_json_bytes,
        .value = json_bytes,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream payments from "payments" string => json Order?
static void process_payments(struct weir_ctx *w)
{
    const struct Order *order = NULL;
    if (w->record->value.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->value);
        struct Order *order_2 = NULL;
        if (!weir_json_null(w, &j))
            order_2 = weir_alloc(w, sizeof *order_2);
        order = order_2;
        if ((order_2 && !read_Order(w, &j, order_2)) || !weir_json_finish(w, &j))
            return;
    }
    // | left join payments as p within 10m grace 1m
    if (order == NULL) {
        weir_store_time(w, store_orders_join_payments_left_shared_join, w->record->timestamp);
        weir_drop_null(w, store_orders_join_payments_outer_other_join);
    } else {
        if (!w->record->key.p) {
            weir_store_time(w, store_orders_join_payments_left_shared_join, w->record->timestamp);
            weir_drop_null(w, store_orders_join_payments_outer_other_join);
        } else {
            weir_parked_advance(w, store_orders_join_payments_left_shared_join, w->record->timestamp);
            struct weir_matches found = weir_side_find(w, store_orders_join_payments_this_join, w->record->key,
                w->record->timestamp - 600000, weir_time_after(w->record->timestamp, 600000));
            for (size_t i = 0; i < found.count; i++) {
                const struct weir_match *match = &found.items[i];
                weir_parked_take(w, store_orders_join_payments_left_shared_join, true, w->record->key, match->timestamp);
                orders_join_payments(w, w->record->key, weir_later(w->record->timestamp, match->timestamp), match->value, order);
            }
            weir_side_put(w, store_orders_join_payments_outer_other_join, w->record->key, order, w->record->timestamp);
        }
    }
    // | outer join payments as p before 5m after 1m
    if (order == NULL) {
        weir_store_time(w, store_orders_join_payments_2_outer_shared_join, w->record->timestamp);
        weir_drop_null(w, store_orders_join_payments_2_outer_other_join);
    } else {
        if (!w->record->key.p) {
            weir_store_time(w, store_orders_join_payments_2_outer_shared_join, w->record->timestamp);
            orders_join_payments_2(w, w->record->key, w->record->timestamp, NULL, order);
        } else {
            weir_parked_advance(w, store_orders_join_payments_2_outer_shared_join, w->record->timestamp);
            struct weir_matches found = weir_side_find(w, store_orders_join_payments_2_outer_this_join, w->record->key,
                w->record->timestamp - 60000, weir_time_after(w->record->timestamp, 300000));
            for (size_t i = 0; i < found.count; i++) {
                const struct weir_match *match = &found.items[i];
                weir_parked_take(w, store_orders_join_payments_2_outer_shared_join, true, w->record->key, match->timestamp);
                orders_join_payments_2(w, w->record->key, weir_later(w->record->timestamp, match->timestamp), match->value, order);
            }
            if (found.count == 0
                && !weir_parked_put(w, store_orders_join_payments_2_outer_shared_join,
                &(struct weir_parked){ false, w->record->key, order, w->record->timestamp }))
                orders_join_payments_2(w, w->record->key, w->record->timestamp, NULL, order);
            weir_side_put(w, store_orders_join_payments_2_outer_other_join, w->record->key, order, w->record->timestamp);
        }
    }
    // | join rates as r
    if (order == NULL) {
        weir_drop_null(w, -1);
    } else {
        if (!w->record->key.p) {
            weir_drop_null(w, store_rates);
        } else {
            const struct weir_row *r_row = weir_global_find(w, store_rates, w->record->key);
            const int64_t *r = r_row ? r_row->value : NULL;
            if (r) {
                // | map { id: value.id, r }
                struct payments_rated payments_rated = { .id = order->id, .r = *r };
                // | to "payments-rated"
                struct weir_buf json;
                weir_buf_init(w, &json, 256);
                write_payments_rated(&json, &payments_rated);
                struct weir_out out = {
                    .sink = sink_payments_rated,
                    .key = w->record->key,
                    .value = weir_buf_str(&json),
                    .timestamp = w->record->timestamp,
                    .headers = w->record->headers,
                    .header_count = w->record->header_count,
                };
                weir_send(w, &out);
            }
        }
    }
}

// Records without a value.
static void process_orders_tombstone(struct weir_ctx *w)
{
    // | left join payments as p within 10m grace 1m
    weir_store_time(w, store_orders_join_payments_left_shared_join, w->record->timestamp);
    weir_drop_null(w, store_orders_join_payments_this_join);
    // | outer join payments as p before 5m after 1m
    weir_store_time(w, store_orders_join_payments_2_outer_shared_join, w->record->timestamp);
    weir_drop_null(w, store_orders_join_payments_2_outer_this_join);
}

// stream orders from "orders" string? => json Order
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
    // | left join payments as p within 10m grace 1m
    if (!w->record->key.p) {
        weir_store_time(w, store_orders_join_payments_left_shared_join, w->record->timestamp);
        orders_join_payments(w, w->record->key, w->record->timestamp, &order, NULL);
    } else {
        weir_parked_advance(w, store_orders_join_payments_left_shared_join, w->record->timestamp);
        struct weir_matches found = weir_side_find(w, store_orders_join_payments_outer_other_join, w->record->key,
            w->record->timestamp - 600000, weir_time_after(w->record->timestamp, 600000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            orders_join_payments(w, w->record->key, weir_later(w->record->timestamp, match->timestamp), &order, match->value);
        }
        if (found.count == 0
            && !weir_parked_put(w, store_orders_join_payments_left_shared_join,
            &(struct weir_parked){ true, w->record->key, &order, w->record->timestamp }))
            orders_join_payments(w, w->record->key, w->record->timestamp, &order, NULL);
        weir_side_put(w, store_orders_join_payments_this_join, w->record->key, &order, w->record->timestamp);
    }
    // | outer join payments as p before 5m after 1m
    if (!w->record->key.p) {
        weir_store_time(w, store_orders_join_payments_2_outer_shared_join, w->record->timestamp);
        orders_join_payments_2(w, w->record->key, w->record->timestamp, &order, NULL);
    } else {
        weir_parked_advance(w, store_orders_join_payments_2_outer_shared_join, w->record->timestamp);
        struct weir_matches found = weir_side_find(w, store_orders_join_payments_2_outer_other_join, w->record->key,
            w->record->timestamp - 300000, weir_time_after(w->record->timestamp, 60000));
        for (size_t i = 0; i < found.count; i++) {
            const struct weir_match *match = &found.items[i];
            weir_parked_take(w, store_orders_join_payments_2_outer_shared_join, false, w->record->key, match->timestamp);
            orders_join_payments_2(w, w->record->key, weir_later(w->record->timestamp, match->timestamp), &order, match->value);
        }
        if (found.count == 0
            && !weir_parked_put(w, store_orders_join_payments_2_outer_shared_join,
            &(struct weir_parked){ true, w->record->key, &order, w->record->timestamp }))
            orders_join_payments_2(w, w->record->key, w->record->timestamp, &order, NULL);
        weir_side_put(w, store_orders_join_payments_2_outer_this_join, w->record->key, &order, w->record->timestamp);
    }
    // | group by product
    if (order.product.p != NULL) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Order(&json, &order);
        struct weir_out out = {
            .sink = sink_orders_by_product_repartition,
            .key = order.product,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
    // | product == s.key
    struct weir_buf json_2;
    weir_buf_init(w, &json_2, 256);
    write_Order(&json_2, &order);
    struct weir_out out_2 = {
        .sink = sink_orders_by_product_nullable_repartition,
        .key = order.product,
        .value = weir_buf_str(&json_2),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out_2);
    // | join rates as r on product == r.key
    if (!order.product.p) {
        weir_drop_null(w, store_rates);
    } else {
        const struct weir_row *r_row = weir_global_find(w, store_rates, order.product);
        const int64_t *r = r_row ? r_row->value : NULL;
        if (r) {
            // | map amount * r
            int64_t value = weir_mul_i64(w, order.amount, *r);
            if (w->bad)
                return;
            // | to "rated"
            struct weir_out out_3 = {
                .sink = sink_rated,
                .key = w->record->key,
                .value = weir_wire_of_i64(w, value),
                .timestamp = w->record->timestamp,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out_3);
        }
    }
    // | left join rates as r on product == r.key
    const struct weir_row *r_row = order.product.p ? weir_global_find(w, store_rates, order.product) : NULL;
    const int64_t *r = r_row ? r_row->value : NULL;
    struct weir_opt_i64 r_2 = r ? (struct weir_opt_i64){ *r, true } : (struct weir_opt_i64){ 0 };
    // | map r
    // | to "rated-or-not"
    struct weir_str json_bytes = WEIR_NULL_STR;
    if (r_2.some) {
        json_bytes = weir_wire_of_i64(w, r_2.v);
    }
    struct weir_out out_3 = {
        .sink = sink_rated_or_not,
        .key = w->record->key,
        .value = json_bytes,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out_3);
}

static struct weir_str show_per_product(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct per_product per_product = { .n = acc->n, .mean = weir_div_i64(w, acc->sum, acc->n) };
    if (w->bad)
        return WEIR_NULL_STR;
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_per_product(&json, &per_product);
    return weir_buf_str(&json);
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
    [source_payments] = {
        .name = "payments",
        .topics = (const char *const[]){ "payments" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_Order,
        .process = process_payments,
    },
    [source_counts] = {
        .name = "counts",
        .topics = (const char *const[]){ "counts" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 1,
        .key = &serde_Key,
        .value = &weir_serde_int64,
        .process = process_counts,
    },
    [source_others] = {
        .name = "others",
        .topics = (const char *const[]){ "others" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 1,
        .key = &serde_Key,
        .value = &weir_serde_int64,
        .process = process_others,
    },
    [source_products] = {
        .name = "products",
        .topics = (const char *const[]){ "products" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Product,
        .process = process_products,
    },
    [source_prices] = {
        .name = "prices",
        .topics = (const char *const[]){ "prices" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 1,
        .key = &serde_Key,
        .value = &weir_serde_float64,
        .process = process_prices,
    },
    [source_rates] = {
        .name = "rates",
        .topics = (const char *const[]){ "rates" },
        .topic_count = 1,
        .global = true,
        .subtopology = 3,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
        .process = process_rates,
    },
    [source_orders_by_product_repartition] = {
        .name = "orders_by_product_repartition",
        .topics = (const char *const[]){ "orders-by-product-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Order,
        .process = process_orders_by_product_repartition,
    },
    [source_orders_by_product_nullable_repartition] = {
        .name = "orders_by_product_nullable_repartition",
        .topics = (const char *const[]){ "orders-by-product-nullable-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Order,
        .process = process_orders_by_product_nullable_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_left] = {
        .name = "left",
        .topic = "left",
        .key = &weir_serde_string,
        .value = &serde_left,
    },
    [sink_outer] = {
        .name = "outer",
        .topic = "outer",
        .key = &weir_serde_string,
        .value = &serde_outer,
    },
    [sink_sums] = {
        .name = "sums",
        .topic = "sums",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_any] = {
        .name = "any",
        .topic = "any",
        .subtopology = 1,
        .key = &serde_Key,
        .value = &weir_serde_int64,
    },
    [sink_self] = {
        .name = "self",
        .topic = "self",
        .subtopology = 1,
        .key = &serde_Key,
        .value = &weir_serde_int64,
    },
    [sink_orders_by_product_repartition] = {
        .name = "orders_by_product_repartition",
        .topic = "orders-by-product-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Order,
    },
    [sink_orders_by_product_nullable_repartition] = {
        .name = "orders_by_product_nullable_repartition",
        .topic = "orders-by-product-nullable-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Order,
    },
    [sink_shown] = {
        .name = "shown",
        .topic = "shown",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_shown_2,
    },
    [sink_named] = {
        .name = "named",
        .topic = "named",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
    },
    [sink_mean] = {
        .name = "mean",
        .topic = "mean",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_rated] = {
        .name = "rated",
        .topic = "rated",
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_rated_or_not] = {
        .name = "rated_or_not",
        .topic = "rated-or-not",
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_payments_rated] = {
        .name = "payments_rated",
        .topic = "payments-rated",
        .key = &weir_serde_string,
        .value = &serde_payments_rated,
    },
    [sink_priced] = {
        .name = "priced",
        .topic = "priced",
        .subtopology = 1,
        .key = &serde_Key,
        .value = &weir_serde_float64,
    },
    [sink_priced_at_once] = {
        .name = "priced_at_once",
        .topic = "priced-at-once",
        .subtopology = 1,
        .key = &serde_Key,
        .value = &weir_serde_float64,
    },
};

static const struct weir_store stores_2[] = {
    [store_products] = {
        .name = "products",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_products,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Product,
        .fingerprint = 0xc4d14df5d29fb78f,
        .value_size = sizeof(struct Product),
        .extra = extra_of_Product,
        .keep = keep_of_Product,
        .encode = encode_Product,
        .decode = decode_Product,
        .wants_old = true,
    },
    [store_prices] = {
        .name = "prices",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_float64,
        .fingerprint = 0xb0bdca97af445ff9,
        .value_size = sizeof(double),
        .encode = encode_f64,
        .decode = decode_f64,
        .history = 3600000,
    },
    [store_rates] = {
        .name = "rates",
        .kind = WEIR_STORE_ROWS,
        .memory = true,
        .changelog_source = source_rates,
        .subtopology = 3,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa43358dfcf1fe2b1,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
    },
    [store_orders_join_payments_this_join] = {
        .name = "orders-join-payments-this-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0xa56d72a85ec52d79,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .retention = 1260000,
    },
    [store_orders_join_payments_outer_other_join] = {
        .name = "orders-join-payments-outer-other-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0xa56d72a85ec52d79,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .retention = 1260000,
    },
    [store_orders_join_payments_left_shared_join] = {
        .name = "orders-join-payments-left-shared-join",
        .kind = WEIR_STORE_PARKED,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0xe10aeb3e4e2f3165,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .before = 600000,
        .after = 600000,
        .grace = 60000,
        .left = store_orders_join_payments_this_join,
        .right = store_orders_join_payments_outer_other_join,
        .parked = orders_join_payments_parked,
    },
    [store_orders_join_payments_2_outer_this_join] = {
        .name = "orders-join-payments-2-outer-this-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0x0812a36f3b0043b3,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .retention = 360000,
    },
    [store_orders_join_payments_2_outer_other_join] = {
        .name = "orders-join-payments-2-outer-other-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0x0812a36f3b0043b3,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .retention = 360000,
    },
    [store_orders_join_payments_2_outer_shared_join] = {
        .name = "orders-join-payments-2-outer-shared-join",
        .kind = WEIR_STORE_PARKED,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Order,
        .fingerprint = 0xe10aeb3e4e2f3165,
        .value_size = sizeof(struct Order),
        .extra = extra_of_Order,
        .keep = keep_of_Order,
        .encode = encode_Order,
        .decode = decode_Order,
        .before = 300000,
        .after = 60000,
        .left = store_orders_join_payments_2_outer_this_join,
        .right = store_orders_join_payments_2_outer_other_join,
        .parked = orders_join_payments_2_parked,
    },
    [store_counts_join_others_this_join] = {
        .name = "counts-join-others-this-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa8b5056a4eded4da,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .retention = 120000,
    },
    [store_counts_join_others_other_join] = {
        .name = "counts-join-others-other-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa8b5056a4eded4da,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .retention = 120000,
    },
    [store_counts_join_others_2_outer_this_join] = {
        .name = "counts-join-others-2-outer-this-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa8b5056a4eded4da,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .retention = 120000,
    },
    [store_counts_join_others_2_outer_other_join] = {
        .name = "counts-join-others-2-outer-other-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa8b5056a4eded4da,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .retention = 120000,
    },
    [store_counts_join_others_2_outer_shared_join] = {
        .name = "counts-join-others-2-outer-shared-join",
        .kind = WEIR_STORE_PARKED,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0x390fc5bc5100ed58,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .before = 60000,
        .after = 60000,
        .left = store_counts_join_others_2_outer_this_join,
        .right = store_counts_join_others_2_outer_other_join,
        .parked = counts_join_others_2_parked,
    },
    [store_counts_join_counts_this_join] = {
        .name = "counts-join-counts-this-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xf01f98ccc42c7629,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .retention = 2000,
    },
    [store_counts_join_counts_other_join] = {
        .name = "counts-join-counts-other-join",
        .kind = WEIR_STORE_SIDE,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xf01f98ccc42c7629,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .retention = 2000,
    },
    [store_per_product] = {
        .name = "per_product",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_record,
        .fingerprint = 0xb769dfc72eefb05d,
        .value_size = sizeof(struct record),
        .encode = encode_record,
        .decode = decode_record,
        .show = show_per_product,
    },
    [store_counts_join_prices_Buffer] = {
        .name = "counts-join-prices-Buffer",
        .kind = WEIR_STORE_WAITING,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Key,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0x65343a4e2a44c23f,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .wait = 600000,
        .left = -1,
        .parked = counts_join_prices_parked,
    },
};

static const struct weir_copartition copartitions[] = {
    { "left join payments as p within 10m grace 1m", (const int[]){ source_orders, source_payments }, 2 },
    { "outer join payments as p before 5m after 1m", (const int[]){ source_orders, source_payments }, 2 },
    { "join others as o within 1m", (const int[]){ source_counts, source_others }, 2 },
    { "outer join others as o within 1m", (const int[]){ source_counts, source_others }, 2 },
    { "left join shown as s on product == s.key", (const int[]){ source_orders_by_product_nullable_repartition, source_products }, 2 },
    { "join named as n on product == n.key", (const int[]){ source_orders_by_product_repartition, source_products }, 2 },
    { "join prices as p grace 10m", (const int[]){ source_counts, source_prices }, 2 },
    { "left join prices as p", (const int[]){ source_counts, source_prices }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "stream_joins",
    .file = "stream_joins.weir",
    .sources = sources,
    .source_count = 9,
    .sinks = sinks,
    .sink_count = 15,
    .stores = stores_2,
    .store_count = 18,
    .copartitions = copartitions,
    .copartition_count = 8,
};
