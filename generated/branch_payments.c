// Made by weir from "dsl-examples/branch_payments.weir".
#include <weir.h>

enum Method { Method_card, Method_transfer, Method_wallet };

struct Payment {
    struct weir_str id;
    int32_t method; // Method
    struct weir_dec amount;
    struct weir_str country;
    struct weir_opt_f64 risk;
};

struct payments_to_review {
    struct weir_str id;
    struct weir_str reason;
    struct weir_dec amount;
    struct weir_opt_f64 risk;
};

struct card_payments {
    struct weir_str id;
    struct weir_dec amount;
    struct weir_dec fee;
};

enum { source_payments };
enum { sink_payments_to_review, sink_card_payments, sink_other_payments };

// ---- constants ----

static const struct weir_str Method_names[] = {
    { "card", 4 },
    { "transfer", 8 },
    { "wallet", 6 },
};

// ---- decoders ----

static bool read_Payment(struct weir_ctx *w, struct weir_json *j, struct Payment *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "method", 6, 9, "\"method\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "country", 7, 10, "\"country\":" },
        { "risk", 4, 7, "\"risk\":" },
    };
    bool first = true, has_id = false, has_method = false, has_amount = false, has_country = false;
    int field, next = 0;
    v->risk = (struct weir_opt_f64){ 0 };
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
            if (!weir_json_read_case(w, j, Method_names, 3, &v->method))
                return weir_json_in_field(w, "method");
            has_method = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
            break;
        case 3:
            if (!weir_json_read_string(w, j, &v->country))
                return weir_json_in_field(w, "country");
            has_country = true;
            break;
        case 4:
            v->risk.some = !weir_json_null(w, j);
            if (v->risk.some && !weir_json_read_f64(w, j, &v->risk.v))
                return weir_json_in_field(w, "risk");
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
    if (!has_method)
        return weir_json_missing(w, "method");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_country)
        return weir_json_missing(w, "country");
    return true;
}

// ---- encoders ----

static void write_payments_to_review(struct weir_buf *b, const struct payments_to_review *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"reason\":");
    weir_put_string(b, v->reason);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"risk\":");
    if (v->risk.some) {
        weir_put_f64(b, v->risk.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_card_payments(struct weir_buf *b, const struct card_payments *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"fee\":");
    weir_put_dec(b, v->fee, 2);
    weir_put_lit(b, "}");
}

static void write_Payment(struct weir_buf *b, const struct Payment *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"method\":");
    weir_put_string(b, Method_names[v->method]);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"country\":");
    weir_put_string(b, v->country);
    weir_put_lit(b, ",\"risk\":");
    if (v->risk.some) {
        weir_put_f64(b, v->risk.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Payment = { .name = "json Payment" };
static const struct weir_serde serde_payments_to_review = { .name = "json" };
static const struct weir_serde serde_card_payments = { .name = "json" };

// ---- stages ----

// stream payments from "payments" string => json Payment
static void process_payments(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Payment payment;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Payment(w, &j, &payment) || !weir_json_finish(w, &j))
        return;
    if ((payment.risk.some ? payment.risk.v : 0.0) >= 0.8
        || weir_cmp_dec(payment.amount, 2, (struct weir_dec){ 1000000, 0 }, 2) > 0) {
        // suspicious: (risk ?? 0.0) >= 0.8 || amount > 10000
        // | map { id, reason: if amount > 10000 then "amount" else "risk", amount, risk }
        struct payments_to_review payments_to_review = {
            .id = payment.id,
            .reason = weir_cmp_dec(payment.amount, 2, (struct weir_dec){ 1000000, 0 }, 2) > 0 ? WEIR_STR("amount")
                : WEIR_STR("risk"),
            .amount = payment.amount,
            .risk = payment.risk,
        };
        // | to "payments-to-review"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_payments_to_review(&json, &payments_to_review);
        struct weir_out out = {
            .sink = sink_payments_to_review,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else if (payment.method == Method_card) {
        // cards:      method == card
        // | map { id, amount, fee: decimal(amount * 0.015, 12, 2) }
        struct card_payments card_payments = {
            .id = payment.id,
            .amount = payment.amount,
            .fee = weir_dec_of_dec(w, weir_mul_dec(w, payment.amount, 2, (struct weir_dec){ 15, 0 }, 3, 15, 5), 5, 12, 2),
        };
        if (w->bad)
            return;
        // | to "card-payments"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_card_payments(&json, &card_payments);
        struct weir_out out = {
            .sink = sink_card_payments,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        // rest
        // | to "other-payments"
        struct weir_buf json_2;
        weir_buf_init(w, &json_2, 256);
        write_Payment(&json_2, &payment);
        struct weir_out out_2 = {
            .sink = sink_other_payments,
            .key = w->record->key,
            .value = weir_buf_str(&json_2),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out_2);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_payments] = {
        .name = "payments",
        .topics = (const char *const[]){ "payments" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Payment,
        .process = process_payments,
    },
};

static const struct weir_sink sinks[] = {
    [sink_payments_to_review] = {
        .name = "payments_to_review",
        .topic = "payments-to-review",
        .key = &weir_serde_string,
        .value = &serde_payments_to_review,
    },
    [sink_card_payments] = {
        .name = "card_payments",
        .topic = "card-payments",
        .key = &weir_serde_string,
        .value = &serde_card_payments,
    },
    [sink_other_payments] = {
        .name = "other_payments",
        .topic = "other-payments",
        .key = &weir_serde_string,
        .value = &serde_Payment,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "branch_payments",
    .file = "dsl-examples/branch_payments.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 3,
};
