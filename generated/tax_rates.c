// Made by weir from "dsl-examples/tax_rates.weir".
#include <weir.h>

struct Sale {
    struct weir_str id;
    struct weir_str region;
    struct weir_dec net;
    int64_t sold_at;
};

struct Tax {
    struct weir_dec rate;
    int64_t from;
};

struct taxed_sales {
    struct weir_str id;
    struct weir_str region;
    struct weir_dec net;
    struct weir_opt_dec tax;
};

enum { source_sales, source_taxes, source_sales_by_region_repartition };
enum { sink_sales_by_region_repartition, sink_taxed_sales };
enum { store_taxes, store_sales_join_taxes_Buffer };

// ---- decoders ----

static bool read_Sale(struct weir_ctx *w, struct weir_json *j, struct Sale *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "region", 6, 9, "\"region\":" },
        { "net", 3, 6, "\"net\":" },
        { "sold_at", 7, 10, "\"sold_at\":" },
    };
    bool first = true, has_id = false, has_region = false, has_net = false, has_sold_at = false;
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
            if (!weir_json_read_string(w, j, &v->region))
                return weir_json_in_field(w, "region");
            has_region = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->net))
                return weir_json_in_field(w, "net");
            has_net = true;
            break;
        case 3:
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
    if (!has_net)
        return weir_json_missing(w, "net");
    if (!has_sold_at)
        return weir_json_missing(w, "sold_at");
    return true;
}

static bool read_Tax(struct weir_ctx *w, struct weir_json *j, struct Tax *v)
{
    static const struct weir_json_name fields[] = {
        { "rate", 4, 7, "\"rate\":" },
        { "from", 4, 7, "\"from\":" },
    };
    bool first = true, has_rate = false, has_from = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_dec(w, j, 5, 4, &v->rate))
                return weir_json_in_field(w, "rate");
            has_rate = true;
            break;
        case 1:
            if (!weir_json_read_timestamp(w, j, &v->from))
                return weir_json_in_field(w, "from");
            has_from = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_rate)
        return weir_json_missing(w, "rate");
    if (!has_from)
        return weir_json_missing(w, "from");
    return true;
}

// ---- encoders ----

static void write_taxed_sales(struct weir_buf *b, const struct taxed_sales *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"region\":");
    weir_put_string(b, v->region);
    weir_put_lit(b, ",\"net\":");
    weir_put_dec(b, v->net, 2);
    weir_put_lit(b, ",\"tax\":");
    if (v->tax.some) {
        weir_put_dec(b, v->tax.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_Sale(struct weir_buf *b, const struct Sale *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"region\":");
    weir_put_string(b, v->region);
    weir_put_lit(b, ",\"net\":");
    weir_put_dec(b, v->net, 2);
    weir_put_lit(b, ",\"sold_at\":");
    weir_put_timestamp_iso(b, v->sold_at);
    weir_put_lit(b, "}");
}

static void write_Tax(struct weir_buf *b, const struct Tax *v)
{
    weir_put_lit(b, "{\"rate\":");
    weir_put_dec(b, v->rate, 4);
    weir_put_lit(b, ",\"from\":");
    weir_put_timestamp_iso(b, v->from);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Sale = { .name = "json Sale" };
static const struct weir_serde serde_Tax = { .name = "json Tax" };
static const struct weir_serde serde_taxed_sales = { .name = "json" };

// ---- values in stores ----

static struct weir_str encode_Tax(struct weir_ctx *w, const void *value)
{
    const struct Tax *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Tax(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Tax(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Tax v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Tax(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Tax *)value = v;
    return true;
}

static size_t extra_Sale(const struct Sale *v)
{
    return weir_keep_size(v->id.n)
        + weir_keep_size(v->region.n);
}

static size_t extra_of_Sale(const void *value)
{
    const struct Sale *v = value;
    return extra_Sale(v);
}

static void keep_Sale(struct Sale *v, char **next)
{
    v->id.p = weir_keep(next, v->id.p, v->id.n);
    v->region.p = weir_keep(next, v->region.p, v->region.n);
}

static void keep_of_Sale(void *to, const void *from)
{
    struct Sale *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Sale *)from;
    keep_Sale(v, next);
}

static struct weir_str encode_Sale(struct weir_ctx *w, const void *value)
{
    const struct Sale *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Sale(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Sale(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Sale v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Sale(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Sale *)value = v;
    return true;
}

// ---- stages ----

// | left join taxes as t on region == t.key grace 1h
static void sales_join_taxes(struct weir_ctx *w, struct weir_str key_bytes, int64_t timestamp, const struct Sale *sale)
{
    const struct weir_row *t_row = key_bytes.p ? weir_row_at(w, store_taxes, key_bytes, timestamp) : NULL;
    const struct Tax *t = t_row ? t_row->value : NULL;
    // | map { id, region, net, tax: decimal(round(net * t?.rate, 2), 12, 2) }
    struct weir_opt_dec it = t != NULL ? (struct weir_opt_dec){ t->rate, true } : (struct weir_opt_dec){ .some = false };
    struct weir_opt_dec it_2 = it.some ? (struct weir_opt_dec){ weir_mul_dec(w, sale->net, 2, it.v, 4, 17, 6), true }
        : (struct weir_opt_dec){ .some = false };
    struct weir_opt_dec it_3 = it_2.some ? (struct weir_opt_dec){ weir_round_dec(w, it_2.v, 6, 2, 17, 6), true }
        : (struct weir_opt_dec){ .some = false };
    struct taxed_sales taxed_sales = {
        .id = sale->id,
        .region = sale->region,
        .net = sale->net,
        .tax = it_3.some ? (struct weir_opt_dec){ weir_dec_of_dec(w, it_3.v, 6, 12, 2), true }
            : (struct weir_opt_dec){ .some = false },
    };
    if (w->bad)
        return;
    // | to "taxed-sales"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_taxed_sales(&json, &taxed_sales);
    struct weir_out out = {
        .sink = sink_taxed_sales,
        .key = key_bytes,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records that have waited.
static void sales_join_taxes_parked(struct weir_ctx *w, const struct weir_parked *p)
{
    sales_join_taxes(w, p->key, p->timestamp, p->value);
}

// | region == t.key
static void process_sales_by_region_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Sale sale;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Sale(w, &j, &sale) || !weir_json_finish(w, &j))
        return;
    // | left join taxes as t on region == t.key grace 1h
    if (!weir_wait(w, store_sales_join_taxes_Buffer, w->record->key, &sale, w->record->timestamp))
        sales_join_taxes(w, w->record->key, w->record->timestamp, &sale);
}

// Records without a value.
static void process_taxes_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_taxes);
    } else {
        struct weir_row *row = weir_row(w, store_taxes, w->record->key, 0);
        weir_row_put(w, store_taxes, row, NULL, w->record->timestamp);
    }
}

// table taxes from "tax-rates" string => json Tax time `from` versioned 365d
static void process_taxes(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_taxes_tombstone(w);
        return;
    }
    struct Tax tax;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Tax(w, &j, &tax) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = tax.from;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    if (!w->record->key.p) {
        weir_drop_null(w, store_taxes);
    } else {
        struct weir_row *row = weir_row(w, store_taxes, w->record->key, 0);
        weir_row_put(w, store_taxes, row, &tax, timestamp);
    }
}

// stream sales from "sales" string => json Sale time sold_at
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
    // | region == t.key
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Sale(&json, &sale);
    struct weir_out out = {
        .sink = sink_sales_by_region_repartition,
        .key = sale.region,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_sales] = {
        .name = "sales",
        .topics = (const char *const[]){ "sales" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Sale,
        .process = process_sales,
    },
    [source_taxes] = {
        .name = "taxes",
        .topics = (const char *const[]){ "tax-rates" },
        .topic_count = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Tax,
        .process = process_taxes,
    },
    [source_sales_by_region_repartition] = {
        .name = "sales_by_region_repartition",
        .topics = (const char *const[]){ "sales-by-region-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Sale,
        .process = process_sales_by_region_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_sales_by_region_repartition] = {
        .name = "sales_by_region_repartition",
        .topic = "sales-by-region-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Sale,
    },
    [sink_taxed_sales] = {
        .name = "taxed_sales",
        .topic = "taxed-sales",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_taxed_sales,
    },
};

static const struct weir_store stores[] = {
    [store_taxes] = {
        .name = "taxes",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Tax,
        .fingerprint = 0xb1e6707a2a7e00d2,
        .value_size = sizeof(struct Tax),
        .encode = encode_Tax,
        .decode = decode_Tax,
        .history = 31536000000,
    },
    [store_sales_join_taxes_Buffer] = {
        .name = "sales-join-taxes-Buffer",
        .kind = WEIR_STORE_WAITING,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Sale,
        .fingerprint = 0x837b980601e3cc6d,
        .value_size = sizeof(struct Sale),
        .extra = extra_of_Sale,
        .keep = keep_of_Sale,
        .encode = encode_Sale,
        .decode = decode_Sale,
        .wait = 3600000,
        .left = -1,
        .parked = sales_join_taxes_parked,
    },
};

static const struct weir_copartition copartitions[] = {
    { "left join taxes as t on region == t.key grace 1h", (const int[]){ source_sales_by_region_repartition, source_taxes }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "tax_rates",
    .file = "dsl-examples/tax_rates.weir",
    .sources = sources,
    .source_count = 3,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 2,
    .copartitions = copartitions,
    .copartition_count = 1,
};
