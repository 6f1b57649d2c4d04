// Made by weir from "dsl-examples/priority_router.weir".
#include <weir.h>

struct Outage {
    struct weir_str customer;
    struct weir_list systems; // of struct weir_str
    int64_t since;
};

struct Question {
    struct weir_str customer;
    struct weir_str text;
    struct weir_opt_i64 asked;
};

struct Invoice {
    struct weir_str customer;
    struct weir_dec amount;
    struct weir_opt_i64 overdue;
};

enum Ticket_tag { Ticket_outage, Ticket_question, Ticket_invoice };

struct Ticket {
    int32_t tag; // Ticket_tag
    union {
        struct Outage outage;
        struct Question question;
        struct Invoice invoice;
    };
};

enum { source_tickets };
enum { sink_tickets_routed };

// ---- constants ----

static const struct weir_str Ticket_names[] = {
    { "outage", 6 },
    { "question", 8 },
    { "invoice", 7 },
};

// ---- decoders ----

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

static bool read_Outage(struct weir_ctx *w, struct weir_json *j, struct Outage *v)
{
    static const struct weir_json_name fields[] = {
        { "customer", 8, 11, "\"customer\":" },
        { "systems", 7, 10, "\"systems\":" },
        { "since", 5, 8, "\"since\":" },
    };
    bool first = true, has_customer = false, has_systems = false, has_since = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->customer))
                return weir_json_in_field(w, "customer");
            has_customer = true;
            break;
        case 1:
            if (!read_list_of_string(w, j, &v->systems))
                return weir_json_in_field(w, "systems");
            has_systems = true;
            break;
        case 2:
            if (!weir_json_read_timestamp(w, j, &v->since))
                return weir_json_in_field(w, "since");
            has_since = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_customer)
        return weir_json_missing(w, "customer");
    if (!has_systems)
        return weir_json_missing(w, "systems");
    if (!has_since)
        return weir_json_missing(w, "since");
    return true;
}

static bool read_Question(struct weir_ctx *w, struct weir_json *j, struct Question *v)
{
    static const struct weir_json_name fields[] = {
        { "customer", 8, 11, "\"customer\":" },
        { "text", 4, 7, "\"text\":" },
        { "asked", 5, 8, "\"asked\":" },
    };
    bool first = true, has_customer = false, has_text = false;
    int field, next = 0;
    v->asked = (struct weir_opt_i64){ 0 };
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->customer))
                return weir_json_in_field(w, "customer");
            has_customer = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->text))
                return weir_json_in_field(w, "text");
            has_text = true;
            break;
        case 2:
            v->asked.some = !weir_json_null(w, j);
            if (v->asked.some && !weir_json_read_i64(w, j, &v->asked.v))
                return weir_json_in_field(w, "asked");
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_customer)
        return weir_json_missing(w, "customer");
    if (!has_text)
        return weir_json_missing(w, "text");
    return true;
}

static bool read_Invoice(struct weir_ctx *w, struct weir_json *j, struct Invoice *v)
{
    static const struct weir_json_name fields[] = {
        { "customer", 8, 11, "\"customer\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "overdue", 7, 10, "\"overdue\":" },
    };
    bool first = true, has_customer = false, has_amount = false;
    int field, next = 0;
    v->overdue = (struct weir_opt_i64){ 0 };
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->customer))
                return weir_json_in_field(w, "customer");
            has_customer = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
            break;
        case 2:
            v->overdue.some = !weir_json_null(w, j);
            if (v->overdue.some && !weir_json_read_duration(w, j, &v->overdue.v))
                return weir_json_in_field(w, "overdue");
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_customer)
        return weir_json_missing(w, "customer");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    return true;
}

static bool read_Ticket(struct weir_ctx *w, struct weir_json *j, struct Ticket *v)
{
    if (!weir_json_read_tag(w, j, "kind", Ticket_names, 3, &v->tag))
        return false;
    switch (v->tag) {
    case Ticket_outage: return read_Outage(w, j, &v->outage);
    case Ticket_question: return read_Question(w, j, &v->question);
    case Ticket_invoice: return read_Invoice(w, j, &v->invoice);
    default: return weir_json_skip(w, j);
    }
}

// ---- encoders ----

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

static void write_Ticket(struct weir_buf *b, const struct Ticket *v)
{
    switch (v->tag) {
    case Ticket_outage:
        weir_put_lit(b, "{\"kind\":\"outage\",\"customer\":");
        weir_put_string(b, v->outage.customer);
        weir_put_lit(b, ",\"systems\":");
        write_list_of_string(b, v->outage.systems);
        weir_put_lit(b, ",\"since\":");
        weir_put_i64(b, v->outage.since);
        weir_put_lit(b, "}");
        break;
    case Ticket_question:
        weir_put_lit(b, "{\"kind\":\"question\",\"customer\":");
        weir_put_string(b, v->question.customer);
        weir_put_lit(b, ",\"text\":");
        weir_put_string(b, v->question.text);
        weir_put_lit(b, ",\"asked\":");
        if (v->question.asked.some) {
            weir_put_i64(b, v->question.asked.v);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, "}");
        break;
    default: // Ticket_invoice
        weir_put_lit(b, "{\"kind\":\"invoice\",\"customer\":");
        weir_put_string(b, v->invoice.customer);
        weir_put_lit(b, ",\"amount\":");
        weir_put_dec(b, v->invoice.amount, 2);
        weir_put_lit(b, ",\"overdue\":");
        if (v->invoice.overdue.some) {
            weir_put_i64(b, v->invoice.overdue.v);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, "}");
        break;
    }
}

// ---- functions of the program ----

static int64_t fn_raised(struct weir_ctx *w, int64_t points, struct weir_opt_i64 times);

// fn raised(points: int64, times: int64?) -> int64 =
static int64_t fn_raised(struct weir_ctx *w, int64_t points, struct weir_opt_i64 times)
{
    if (!weir_enter(w, "raised"))
        return 0;
    int64_t result;
    if ((times.some ? times.v : 0) <= 1 || points >= 9) {
        result = points;
    } else {
        int64_t value = weir_add_i64(w, points, 1);
        result = fn_raised(w, value, (struct weir_opt_i64){ weir_sub_i64(w, times.some ? times.v : 0, 1), true });
    }
    weir_leave(w);
    return result;
}

// fn points(ticket: Ticket) -> int64 = match ticket {
static int64_t fn_points(struct weir_ctx *w, const struct Ticket *ticket)
{
    int64_t result;
    switch (ticket->tag) {
    case Ticket_outage: {
        size_t count = ticket->outage.systems.n;
        struct weir_str *kept = weir_array(w, &count, sizeof *kept);
        size_t kept_count = 0;
        for (size_t i = 0; i < count; i++) {
            struct weir_str s = ((const struct weir_str *)ticket->outage.systems.v)[i];
            if (!weir_eq_str(s, WEIR_STR("test")))
                kept[kept_count++] = s;
        }
        result = weir_min_i64(10, weir_add_i64(w, 6, (int64_t)(struct weir_list){ kept, kept_count }.n));
        break;
    }
    case Ticket_question:
        result = fn_raised(w, weir_contains(w, weir_lower(w, ticket->question.text), WEIR_STR("urgent")) ? 4 : 2,
            ticket->question.asked);
        break;
    default: // Ticket_invoice
        result = weir_cmp_dec(ticket->invoice.amount, 2, (struct weir_dec){ 1000000, 0 }, 2) > 0
            || (ticket->invoice.overdue.some ? ticket->invoice.overdue.v : 0) > 2592000000 ? 7 : 3;
        break;
    }
    return result;
}

// fn customer_of(ticket: Ticket) -> string = match ticket {
static struct weir_str fn_customer_of(const struct Ticket *ticket)
{
    struct weir_str result;
    switch (ticket->tag) {
    case Ticket_outage:
        result = ticket->outage.customer;
        break;
    case Ticket_question:
        result = ticket->question.customer;
        break;
    default: // Ticket_invoice
        result = ticket->invoice.customer;
        break;
    }
    return result;
}

// fn priority(points: int64) -> string = if points >= 7 then "high" else if points >= 4 then "normal" else "low"
static struct weir_str fn_priority(int64_t points)
{
    return points >= 7 ? WEIR_STR("high") : points >= 4 ? WEIR_STR("normal") : WEIR_STR("low");
}

// fn by_size(key: string, partitions: int32) -> int32 =
static int32_t fn_by_size(struct weir_ctx *w, struct weir_str key, int32_t partitions)
{
    return weir_starts_with(w, key, WEIR_STR("acme")) || partitions == 1 ? weir_sub_i32(w, partitions, 1)
        : weir_abs_i32(w, weir_mod_i32(w, weir_murmur2_of(w, key), weir_sub_i32(w, partitions, 1)));
}

static int32_t partition_by_size(struct weir_ctx *w, struct weir_str key, struct weir_str value, int32_t partitions)
{
    if (!key.p) {
        weir_null_key(w);
        return -1;
    }
    struct weir_str typed_key;
    if (!weir_wire_to_string(w, key, &typed_key))
        return -1;
    (void)value;
    return fn_by_size(w, typed_key, partitions);
}

// ---- serdes ----

static const struct weir_serde serde_Ticket = { .name = "json Ticket" };

// ---- stages ----

// stream tickets from "tickets" string => json Ticket
static void process_tickets(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Ticket ticket;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Ticket(w, &j, &ticket) || !weir_json_finish(w, &j))
        return;
    // | let urgency = points(value)
    int64_t urgency = fn_points(w, &ticket);
    if (w->bad)
        return;
    // | key by customer_of(value)
    struct weir_str key = fn_customer_of(&ticket);
    // | to ("tickets-" + priority(urgency)) string => json Ticket partitioner by_size headers {
    //   points: string(urgency)
    // }
    struct weir_str topic = weir_concat(w, WEIR_STR("tickets-"), fn_priority(urgency));
    if (w->bad)
        return;
    const struct weir_header headers[] = {
        { WEIR_STR("points"), weir_string_of_i64(w, urgency) },
    };
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Ticket(&json, &ticket);
    struct weir_out out = {
        .sink = sink_tickets_routed,
        .key = key,
        .value = weir_buf_str(&json),
        .timestamp = w->record->timestamp,
        .topic = topic,
    };
    weir_headers_with(w, headers, 1, &out);
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_tickets] = {
        .name = "tickets",
        .topics = (const char *const[]){ "tickets" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Ticket,
        .process = process_tickets,
    },
};

static const struct weir_sink sinks[] = {
    [sink_tickets_routed] = {
        .name = "tickets_routed",
        .key = &weir_serde_string,
        .value = &serde_Ticket,
        .partitioner = partition_by_size,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "priority_router",
    .file = "dsl-examples/priority_router.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 1,
};
