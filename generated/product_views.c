// Made by weir from "dsl-examples/product_views.weir".
#include <weir.h>

struct View {
    struct weir_str user;
    struct weir_str product_id;
    int64_t at;
};

struct Product {
    struct weir_str name;
    struct weir_dec price;
    struct weir_str category;
    bool withdrawn;
};

struct on_sale {
    struct weir_str name;
    struct weir_dec price;
    struct weir_str category;
};

struct views_with_product {
    struct weir_str user;
    struct weir_str product_id;
    struct weir_str name;
    struct weir_opt_dec price;
    struct weir_str category;
};

enum { source_views, source_products, source_views_by_product_id_repartition };
enum { sink_views_by_product_id_repartition, sink_views_with_product };
enum { store_products };

// ---- decoders ----

static bool read_views_by_product_id_repartition(struct weir_ctx *w, struct weir_json *j, struct View *v)
{
    static const struct weir_json_name fields[] = {
        { "user", 4, 7, "\"user\":" },
        { "product_id", 10, 13, "\"product_id\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_user = false, has_product_id = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->user))
                return weir_json_in_field(w, "user");
            has_user = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->product_id))
                return weir_json_in_field(w, "product_id");
            has_product_id = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_user)
        return weir_json_missing(w, "user");
    if (!has_product_id)
        return weir_json_missing(w, "product_id");
    return true;
}

static bool read_Product(struct weir_ctx *w, struct weir_json *j, struct Product *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "price", 5, 8, "\"price\":" },
        { "category", 8, 11, "\"category\":" },
        { "withdrawn", 9, 12, "\"withdrawn\":" },
    };
    bool first = true, has_name = false, has_price = false, has_category = false, has_withdrawn = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
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
            if (!weir_json_read_string(w, j, &v->category))
                return weir_json_in_field(w, "category");
            has_category = true;
            break;
        case 3:
            if (!weir_json_read_bool(w, j, &v->withdrawn))
                return weir_json_in_field(w, "withdrawn");
            has_withdrawn = true;
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
    if (!has_category)
        return weir_json_missing(w, "category");
    if (!has_withdrawn)
        return weir_json_missing(w, "withdrawn");
    return true;
}

static bool read_View(struct weir_ctx *w, struct weir_json *j, struct View *v)
{
    static const struct weir_json_name fields[] = {
        { "user", 4, 7, "\"user\":" },
        { "product_id", 10, 13, "\"product_id\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_user = false, has_product_id = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->user))
                return weir_json_in_field(w, "user");
            has_user = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->product_id))
                return weir_json_in_field(w, "product_id");
            has_product_id = true;
            break;
        case 2:
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
    if (!has_user)
        return weir_json_missing(w, "user");
    if (!has_product_id)
        return weir_json_missing(w, "product_id");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

// ---- encoders ----

static void write_views_with_product(struct weir_buf *b, const struct views_with_product *v)
{
    weir_put_lit(b, "{\"user\":");
    weir_put_string(b, v->user);
    weir_put_lit(b, ",\"product_id\":");
    weir_put_string(b, v->product_id);
    weir_put_lit(b, ",\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"price\":");
    if (v->price.some) {
        weir_put_dec(b, v->price.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"category\":");
    if (v->category.p != NULL) {
        weir_put_string(b, v->category);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_View(struct weir_buf *b, const struct View *v)
{
    weir_put_lit(b, "{\"user\":");
    weir_put_string(b, v->user);
    weir_put_lit(b, ",\"product_id\":");
    weir_put_string(b, v->product_id);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

static void write_Product(struct weir_buf *b, const struct Product *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"price\":");
    weir_put_dec(b, v->price, 2);
    weir_put_lit(b, ",\"category\":");
    weir_put_string(b, v->category);
    weir_put_lit(b, ",\"withdrawn\":");
    weir_put_bool(b, v->withdrawn);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_View = { .name = "json View" };
static const struct weir_serde serde_Product = { .name = "json Product" };
static const struct weir_serde serde_views_with_product = { .name = "json" };

// ---- values in stores ----

static size_t extra_Product(const struct Product *v)
{
    return weir_keep_size(v->name.n)
        + weir_keep_size(v->category.n);
}

static size_t extra_of_Product(const void *value)
{
    const struct Product *v = value;
    return extra_Product(v);
}

static void keep_Product(struct Product *v, char **next)
{
    v->name.p = weir_keep(next, v->name.p, v->name.n);
    v->category.p = weir_keep(next, v->category.p, v->category.n);
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

// ---- stages ----

// table on_sale = products | filter !withdrawn | map { name, price, category }
static const struct on_sale *view_on_sale(struct weir_ctx *w, struct weir_str key_bytes)
{
    const struct weir_row *row = weir_row_find(w, store_products, key_bytes, 0);
    if (!row)
        return NULL;
    const struct Product *product = row->value;
    // | filter !withdrawn
    if (product->withdrawn)
        return NULL;
    // | map { name, price, category }
    struct on_sale on_sale = { .name = product->name, .price = product->price, .category = product->category };
    return weir_copy(w, &on_sale, sizeof(struct on_sale));
}

// | product_id == p.key
static void process_views_by_product_id_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct View view;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_views_by_product_id_repartition(w, &j, &view) || !weir_json_finish(w, &j))
        return;
    // | left join on_sale as p on product_id == p.key
    const struct on_sale *p = w->record->key.p ? view_on_sale(w, w->record->key) : NULL;
    if (w->bad)
        return;
    // | map { user, product_id, name: p?.name ?? "(gone)", price: p?.price, category: p?.category }
    struct weir_str value = p != NULL ? p->name : WEIR_NULL_STR;
    struct views_with_product views_with_product = {
        .user = view.user,
        .product_id = view.product_id,
        .name = value.p != NULL ? value : WEIR_STR("(gone)"),
        .price = p != NULL ? (struct weir_opt_dec){ p->price, true } : (struct weir_opt_dec){ .some = false },
        .category = p != NULL ? p->category : WEIR_NULL_STR,
    };
    // | to "views-with-product"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_views_with_product(&json, &views_with_product);
    struct weir_out out = {
        .sink = sink_views_with_product,
        .key = w->record->key,
        .value = weir_buf_str(&json),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
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

// stream views from "product-views" string => json View time at
static void process_views(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct View view;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_View(w, &j, &view) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = view.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | product_id == p.key
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_View(&json, &view);
    struct weir_out out = {
        .sink = sink_views_by_product_id_repartition,
        .key = view.product_id,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_views] = {
        .name = "views",
        .topics = (const char *const[]){ "product-views" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_View,
        .process = process_views,
    },
    [source_products] = {
        .name = "products",
        .topics = (const char *const[]){ "products" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Product,
        .process = process_products,
    },
    [source_views_by_product_id_repartition] = {
        .name = "views_by_product_id_repartition",
        .topics = (const char *const[]){ "views-by-product_id-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_View,
        .process = process_views_by_product_id_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_views_by_product_id_repartition] = {
        .name = "views_by_product_id_repartition",
        .topic = "views-by-product_id-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_View,
    },
    [sink_views_with_product] = {
        .name = "views_with_product",
        .topic = "views-with-product",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_views_with_product,
    },
};

static const struct weir_store stores[] = {
    [store_products] = {
        .name = "products",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_products,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Product,
        .fingerprint = 0xf0d91e097cd48940,
        .value_size = sizeof(struct Product),
        .extra = extra_of_Product,
        .keep = keep_of_Product,
        .encode = encode_Product,
        .decode = decode_Product,
        .wants_old = true,
    },
};

static const struct weir_copartition copartitions[] = {
    { "left join on_sale as p on product_id == p.key", (const int[]){ source_views_by_product_id_repartition, source_products }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "product_views",
    .file = "dsl-examples/product_views.weir",
    .sources = sources,
    .source_count = 3,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 1,
    .copartitions = copartitions,
    .copartition_count = 1,
};
