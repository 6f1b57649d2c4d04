// Made by weir from "dsl-examples/currency_rates.weir".
#include <weir.h>

struct Sale {
    struct weir_str id;
    struct weir_str region;
    struct weir_str currency;
    struct weir_dec amount;
};

struct Rate {
    struct weir_dec euros;
    int32_t valid_on;
};

struct sales_in_euros {
    struct weir_str id;
    struct weir_str region;
    struct weir_dec amount;
    struct weir_str currency;
    struct weir_dec euros;
    int32_t rate_of;
};

struct unknown_currencies {
    struct weir_str id;
    struct weir_str currency;
};

enum { source_sales, source_rates };
enum { sink_sales_in_euros, sink_unknown_currencies };
enum { store_rates };

// ---- decoders ----

static bool read_Rate(struct weir_ctx *w, struct weir_json *j, struct Rate *v)
{
    static const struct weir_json_name fields[] = {
        { "euros", 5, 8, "\"euros\":" },
        { "valid_on", 8, 11, "\"valid_on\":" },
    };
    bool first = true, has_euros = false, has_valid_on = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_dec(w, j, 12, 6, &v->euros))
                return weir_json_in_field(w, "euros");
            has_euros = true;
            break;
        case 1:
            if (!weir_json_read_date(w, j, &v->valid_on))
                return weir_json_in_field(w, "valid_on");
            has_valid_on = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_euros)
        return weir_json_missing(w, "euros");
    if (!has_valid_on)
        return weir_json_missing(w, "valid_on");
    return true;
}

static bool read_Sale(struct weir_ctx *w, struct weir_json *j, struct Sale *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "region", 6, 9, "\"region\":" },
        { "currency", 8, 11, "\"currency\":" },
        { "amount", 6, 9, "\"amount\":" },
    };
    bool first = true, has_id = false, has_region = false, has_currency = false, has_amount = false;
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
            if (!weir_json_read_string(w, j, &v->currency))
                return weir_json_in_field(w, "currency");
            has_currency = true;
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
    if (!has_region)
        return weir_json_missing(w, "region");
    if (!has_currency)
        return weir_json_missing(w, "currency");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    return true;
}

// ---- encoders ----

static void write_sales_in_euros(struct weir_buf *b, const struct sales_in_euros *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"region\":");
    weir_put_string(b, v->region);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"currency\":");
    weir_put_string(b, v->currency);
    weir_put_lit(b, ",\"euros\":");
    weir_put_dec(b, v->euros, 2);
    weir_put_lit(b, ",\"rate_of\":");
    weir_put_date(b, v->rate_of);
    weir_put_lit(b, "}");
}

static void write_unknown_currencies(struct weir_buf *b, const struct unknown_currencies *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"currency\":");
    weir_put_string(b, v->currency);
    weir_put_lit(b, "}");
}

static void write_Rate(struct weir_buf *b, const struct Rate *v)
{
    weir_put_lit(b, "{\"euros\":");
    weir_put_dec(b, v->euros, 6);
    weir_put_lit(b, ",\"valid_on\":");
    weir_put_date(b, v->valid_on);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Sale = { .name = "json Sale" };
static const struct weir_serde serde_Rate = { .name = "json Rate" };
static const struct weir_serde serde_sales_in_euros = { .name = "json" };
static const struct weir_serde serde_unknown_currencies = { .name = "json" };

// ---- values in stores ----

static struct weir_str encode_Rate(struct weir_ctx *w, const void *value)
{
    const struct Rate *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Rate(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Rate(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Rate v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Rate(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Rate *)value = v;
    return true;
}

// ---- stages ----

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

// global table rates from "exchange-rates" string => json Rate
static void process_rates(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_rates_tombstone(w);
        return;
    }
    struct Rate rate;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Rate(w, &j, &rate) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_rates);
    } else {
        struct weir_row *row = weir_row(w, store_rates, w->record->key, 0);
        weir_row_put(w, store_rates, row, &rate, w->record->timestamp);
    }
}

// stream sales from "sales" string => json Sale
static void process_sales(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Sale sale;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Sale(w, &j, &sale) || !weir_json_finish(w, &j))
        return;
    // | join rates as r on upper(currency) == r.key
    struct weir_str on = weir_upper(w, sale.currency);
    if (w->bad)
        return;
    const struct weir_row *r_row = weir_global_find(w, store_rates, on);
    const struct Rate *r = r_row ? r_row->value : NULL;
    if (r) {
        // | map {
        //   id
        //   region
        //   amount
        //   currency
        //   euros:   decimal(round(amount * r.euros, 2), 12, 2)
        //   rate_of: r.valid_on
        // }
        struct sales_in_euros sales_in_euros = {
            .id = sale.id,
            .region = sale.region,
            .amount = sale.amount,
            .currency = sale.currency,
            .euros = weir_dec_of_dec(w, weir_round_dec(w, weir_mul_dec(w, sale.amount, 2, r->euros, 6, 24, 8), 8, 2, 24, 8), 8,
                12, 2),
            .rate_of = r->valid_on,
        };
        if (w->bad)
            return;
        // | to "sales-in-euros"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_sales_in_euros(&json, &sales_in_euros);
        struct weir_out out = {
            .sink = sink_sales_in_euros,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
    // | left join rates as r on upper(currency) == r.key
    struct weir_str on_2 = weir_upper(w, sale.currency);
    if (w->bad)
        return;
    const struct weir_row *r_row_2 = weir_global_find(w, store_rates, on_2);
    const struct Rate *r_2 = r_row_2 ? r_row_2->value : NULL;
    // | filter r == null
    if (r_2 == NULL) {
        // | map { id, currency }
        struct unknown_currencies unknown_currencies = { .id = sale.id, .currency = sale.currency };
        // | to "unknown-currencies"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_unknown_currencies(&json, &unknown_currencies);
        struct weir_out out = {
            .sink = sink_unknown_currencies,
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
    [source_sales] = {
        .name = "sales",
        .topics = (const char *const[]){ "sales" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_Sale,
        .process = process_sales,
    },
    [source_rates] = {
        .name = "rates",
        .topics = (const char *const[]){ "exchange-rates" },
        .topic_count = 1,
        .global = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Rate,
        .process = process_rates,
    },
};

static const struct weir_sink sinks[] = {
    [sink_sales_in_euros] = {
        .name = "sales_in_euros",
        .topic = "sales-in-euros",
        .key = &weir_serde_string,
        .value = &serde_sales_in_euros,
    },
    [sink_unknown_currencies] = {
        .name = "unknown_currencies",
        .topic = "unknown-currencies",
        .key = &weir_serde_string,
        .value = &serde_unknown_currencies,
    },
};

static const struct weir_store stores[] = {
    [store_rates] = {
        .name = "rates",
        .kind = WEIR_STORE_ROWS,
        .memory = true,
        .changelog_source = source_rates,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Rate,
        .fingerprint = 0x5843c4a451bf3ae2,
        .value_size = sizeof(struct Rate),
        .encode = encode_Rate,
        .decode = decode_Rate,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "currency_rates",
    .file = "dsl-examples/currency_rates.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 1,
};
