// Made by weir from "dsl-examples/last_ten_minutes.weir".
#include <weir.h>

struct Payment {
    struct weir_str card;
    struct weir_str shop;
    struct weir_dec amount;
    int64_t at;
};

struct window {
    int64_t start;
    int64_t end;
};

struct recent_payments {
    struct weir_str shop;
    struct weir_dec amount;
    int64_t at;
};

struct recent {
    struct weir_list payments; // of struct recent_payments
    struct weir_dec total;
};

enum { source_payments, source_payments_by_card_repartition };
enum { sink_payments_by_card_repartition, sink_recent_payments };
enum { store_recent };

// ---- decoders ----

static bool read_payments_by_card_repartition(struct weir_ctx *w, struct weir_json *j, struct Payment *v)
{
    static const struct weir_json_name fields[] = {
        { "card", 4, 7, "\"card\":" },
        { "shop", 4, 7, "\"shop\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_shop = false, has_amount = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_string(w, j, &v->shop))
                return weir_json_in_field(w, "shop");
            has_shop = true;
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
    if (!has_shop)
        return weir_json_missing(w, "shop");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_Payment(struct weir_ctx *w, struct weir_json *j, struct Payment *v)
{
    static const struct weir_json_name fields[] = {
        { "card", 4, 7, "\"card\":" },
        { "shop", 4, 7, "\"shop\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_card = false, has_shop = false, has_amount = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->card))
                return weir_json_in_field(w, "card");
            has_card = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->shop))
                return weir_json_in_field(w, "shop");
            has_shop = true;
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
    if (!has_card)
        return weir_json_missing(w, "card");
    if (!has_shop)
        return weir_json_missing(w, "shop");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_recent_payments(struct weir_ctx *w, struct weir_json *j, struct recent_payments *v)
{
    static const struct weir_json_name fields[] = {
        { "shop", 4, 7, "\"shop\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_shop = false, has_amount = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->shop))
                return weir_json_in_field(w, "shop");
            has_shop = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
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
    if (!has_shop)
        return weir_json_missing(w, "shop");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_list_of_recent_payments(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct recent_payments *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_recent_payments(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_recent(struct weir_ctx *w, struct weir_json *j, struct recent *v)
{
    static const struct weir_json_name fields[] = {
        { "payments", 8, 11, "\"payments\":" },
        { "total", 5, 8, "\"total\":" },
    };
    bool first = true, has_payments = false, has_total = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!read_list_of_recent_payments(w, j, &v->payments))
                return weir_json_in_field(w, "payments");
            has_payments = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 38, 2, &v->total))
                return weir_json_in_field(w, "total");
            has_total = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_payments)
        return weir_json_missing(w, "payments");
    if (!has_total)
        return weir_json_missing(w, "total");
    return true;
}

// ---- encoders ----

static void write_recent_payments(struct weir_buf *b, const struct recent_payments *v)
{
    weir_put_lit(b, "{\"shop\":");
    weir_put_string(b, v->shop);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

static void write_list_of_recent_payments(struct weir_buf *b, struct weir_list v)
{
    const struct recent_payments *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_recent_payments(b, &item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_recent(struct weir_buf *b, const struct recent *v)
{
    weir_put_lit(b, "{\"payments\":");
    write_list_of_recent_payments(b, v->payments);
    weir_put_lit(b, ",\"total\":");
    weir_put_dec(b, v->total, 2);
    weir_put_lit(b, "}");
}

static void write_Payment(struct weir_buf *b, const struct Payment *v)
{
    weir_put_lit(b, "{\"card\":");
    weir_put_string(b, v->card);
    weir_put_lit(b, ",\"shop\":");
    weir_put_string(b, v->shop);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Payment = { .name = "json Payment" };
static const struct weir_serde serde_recent = { .name = "json" };

// ---- values in stores ----

static size_t extra_recent_payments(const struct recent_payments *v)
{
    return weir_keep_size(v->shop.n);
}

static size_t extra_list_of_recent_payments(const struct weir_list *v)
{
    const struct recent_payments *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        size += extra_recent_payments(&item[i]);
    }
    return size;
}

static size_t extra_recent(const struct recent *v)
{
    return extra_list_of_recent_payments(&v->payments);
}

static size_t extra_of_recent(const void *value)
{
    const struct recent *v = value;
    return extra_recent(v);
}

static void keep_recent_payments(struct recent_payments *v, char **next)
{
    v->shop.p = weir_keep(next, v->shop.p, v->shop.n);
}

static void keep_list_of_recent_payments(struct weir_list *v, char **next)
{
    struct recent_payments *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        keep_recent_payments(&item[i], next);
    }
    v->v = item;
}

static void keep_recent(struct recent *v, char **next)
{
    keep_list_of_recent_payments(&v->payments, next);
}

static void keep_of_recent(void *to, const void *from)
{
    struct recent *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct recent *)from;
    keep_recent(v, next);
}

static struct weir_str encode_recent(struct weir_ctx *w, const void *value)
{
    const struct recent *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_recent(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_recent(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct recent v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_recent(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct recent *)value = v;
    return true;
}

// ---- stages ----

// | as stream
static void stream_recent_stream(struct weir_ctx *w, struct weir_str key, const struct recent *recent,
    int64_t timestamp, struct weir_str key_bytes, int64_t start, int64_t end)
{
    struct window window = { .start = start, .end = end };
    (void)key_bytes;
    // | filter window.end == timestamp
    if (window.end == timestamp) {
        // | key by key
        // | to "recent-payments"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_recent(&json, recent);
        struct weir_out out = {
            .sink = sink_recent_payments,
            .key = key,
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | aggregate { payments: collect({ shop, amount, at }), total: sum(amount) }
static void recent_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct recent *recent = c->value;
    struct weir_str key;
    if (!weir_wire_to_string(w, c->key, &key))
        return;
    // | as stream
    stream_recent_stream(w, key, recent, c->timestamp, c->key, c->start, c->end);
}

// | group by card
static void process_payments_by_card_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Payment payment;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_payments_by_card_repartition(w, &j, &payment) || !weir_json_finish(w, &j))
        return;
    // | window sliding 10m
    // | aggregate { payments: collect({ shop, amount, at }), total: sum(amount) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_recent);
    } else {
        struct weir_slides slides;
        if (weir_slides_find(w, store_recent, w->record->key, w->record->timestamp, &slides)) {
            for (size_t i = 0; i < slides.count; i++) {
                const struct weir_slide *slide = &slides.items[i];
                if (!slide->adds) {
                    weir_slides_put(w, store_recent, &slides, i, slide->base);
                    continue;
                }
                const struct recent *acc = slide->base;
                struct recent fresh;
                if (!acc) {
                    fresh = (struct recent){ .payments = (struct weir_list){ "", 0 }, .total = (struct weir_dec){ 0, 0 } };
                    acc = &fresh;
                }
                struct recent_payments x = { .shop = payment.shop, .amount = payment.amount, .at = payment.at };
                struct weir_list payments = weir_list_append(w, acc->payments, &x, sizeof(struct recent_payments));
                struct recent next = {
                    .payments = payments,
                    .total = weir_add_dec(w, acc->total, 2, payment.amount, 2, 38, 2),
                };
                if (w->bad)
                    return;
                weir_slides_put(w, store_recent, &slides, i, &next);
            }
        }
    }
}

// stream payments from "card-payments" string => json Payment time at
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
    // | group by card
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Payment(&json, &payment);
    struct weir_out out = {
        .sink = sink_payments_by_card_repartition,
        .key = payment.card,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_payments] = {
        .name = "payments",
        .topics = (const char *const[]){ "card-payments" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Payment,
        .process = process_payments,
    },
    [source_payments_by_card_repartition] = {
        .name = "payments_by_card_repartition",
        .topics = (const char *const[]){ "payments-by-card-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Payment,
        .process = process_payments_by_card_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_payments_by_card_repartition] = {
        .name = "payments_by_card_repartition",
        .topic = "payments-by-card-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Payment,
    },
    [sink_recent_payments] = {
        .name = "recent_payments",
        .topic = "recent-payments",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_recent,
    },
};

static const struct weir_store stores[] = {
    [store_recent] = {
        .name = "recent",
        .kind = WEIR_STORE_SERIES,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_recent,
        .fingerprint = 0x687443226a0067e6,
        .value_size = sizeof(struct recent),
        .extra = extra_of_recent,
        .keep = keep_of_recent,
        .encode = encode_recent,
        .decode = decode_recent,
        .changed = recent_changed,
        .window = WEIR_SLIDING_WINDOWS,
        .window_size = 600000,
        .retention = 1200000,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "last_ten_minutes",
    .file = "dsl-examples/last_ten_minutes.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 1,
};
