// Made by weir from "dsl-examples/customers_cdc.weir".
#include <weir.h>

struct Row {
    struct weir_str email;
    struct weir_str name;
    struct weir_str country;
    struct weir_opt_i64 deleted_at;
};

struct Source {
    int64_t ts_ms;
};

struct Change {
    struct weir_str op;
    const struct Row *after;
    struct Source source;
};

struct changes_key {
    int64_t id;
};

struct customers {
    struct weir_str email;
    struct weir_str name;
    struct weir_str country;
};

enum { source_changes };
enum { sink_customers };

// ---- decoders ----

static bool read_changes_after(struct weir_ctx *w, struct weir_json *j, struct Row *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "email", 5, 8, "\"email\":" },
        { "name", 4, 7, "\"name\":" },
        { "country", 7, 10, "\"country\":" },
        { "deleted_at", 10, 13, "\"deleted_at\":" },
    };
    bool first = true, has_email = false;
    int field, next = 0;
    v->name = WEIR_NULL_STR;
    v->country = WEIR_NULL_STR;
    v->deleted_at = (struct weir_opt_i64){ 0 };
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 5, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_string(w, j, &v->email))
                return weir_json_in_field(w, "email");
            has_email = true;
            break;
        case 2:
            v->name = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            break;
        case 3:
            v->country = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->country))
                return weir_json_in_field(w, "country");
            break;
        case 4:
            v->deleted_at.some = !weir_json_null(w, j);
            if (v->deleted_at.some && !weir_json_read_timestamp(w, j, &v->deleted_at.v))
                return weir_json_in_field(w, "deleted_at");
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_email)
        return weir_json_missing(w, "email");
    return true;
}

static bool read_changes_source(struct weir_ctx *w, struct weir_json *j, struct Source *v)
{
    static const struct weir_json_name fields[] = {
        { "table", 5, 8, "\"table\":" },
        { "ts_ms", 5, 8, "\"ts_ms\":" },
    };
    bool first = true, has_ts_ms = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_timestamp(w, j, &v->ts_ms))
                return weir_json_in_field(w, "ts_ms");
            has_ts_ms = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_ts_ms)
        return weir_json_missing(w, "ts_ms");
    return true;
}

static bool read_changes(struct weir_ctx *w, struct weir_json *j, struct Change *v)
{
    static const struct weir_json_name fields[] = {
        { "op", 2, 5, "\"op\":" },
        { "before", 6, 9, "\"before\":" },
        { "after", 5, 8, "\"after\":" },
        { "source", 6, 9, "\"source\":" },
    };
    bool first = true, has_op = false, has_source = false;
    int field, next = 0;
    v->after = NULL;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->op))
                return weir_json_in_field(w, "op");
            has_op = true;
            break;
        case 2: {
            struct Row *row = NULL;
            if (!weir_json_null(w, j))
                row = weir_alloc(w, sizeof *row);
            v->after = row;
            if (row && !read_changes_after(w, j, row))
                return weir_json_in_field(w, "after");
            break;
        }
        case 3:
            if (!read_changes_source(w, j, &v->source))
                return weir_json_in_field(w, "source");
            has_source = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_op)
        return weir_json_missing(w, "op");
    if (!has_source)
        return weir_json_missing(w, "source");
    return true;
}

static bool read_changes_key(struct weir_ctx *w, struct weir_json *j, struct changes_key *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
    };
    bool first = true, has_id = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->id))
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

// ---- encoders ----

static void write_customers(struct weir_buf *b, const struct customers *v)
{
    weir_put_lit(b, "{\"email\":");
    weir_put_string(b, v->email);
    weir_put_lit(b, ",\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"country\":");
    weir_put_string(b, v->country);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_changes_key = { .name = "json" };
static const struct weir_serde serde_Change = { .name = "json Change" };
static const struct weir_serde serde_customers = { .name = "json" };

// ---- stages ----

// stream changes from "db.shop.customers" json { id: int64 } => json Change time source.ts_ms
static void process_changes(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Change change;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_changes(w, &j, &change) || !weir_json_finish(w, &j))
        return;
    struct changes_key key = { 0 };
    if (w->record->key.p) {
        struct weir_json j_2;
        weir_json_start(&j_2, w->record->key);
        if (!read_changes_key(w, &j_2, &key) || !weir_json_finish(w, &j_2))
            return;
    }
    int64_t timestamp = change.source.ts_ms;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | filter op in ["c", "u", "d", "r"]
    if (weir_eq_str(change.op, WEIR_STR("c")) || weir_eq_str(change.op, WEIR_STR("u"))
        || weir_eq_str(change.op, WEIR_STR("d")) || weir_eq_str(change.op, WEIR_STR("r"))) {
        // | key by key.id
        if (!w->record->key.p)
            weir_null_key(w);
        if (w->bad)
            return;
        // | map if op == "d" || after == null || after?.deleted_at != null then null
        //     else {
        //       email:   lower(trim(after.email))
        //       name:    after.name ?? ""
        //       country: upper(after.country ?? "??")
        //     }
        const struct customers *customers_2;
        if (weir_eq_str(change.op, WEIR_STR("d")) || change.after == NULL || change.after->deleted_at.some) {
            customers_2 = NULL;
        } else {
            struct weir_str email = weir_lower(w, weir_trim(w, change.after->email));
            struct customers *customers = weir_alloc(w, sizeof *customers);
            *customers = (struct customers){
                .email = email,
                .name = change.after->name.p != NULL ? change.after->name : WEIR_STR(""),
                .country = weir_upper(w, change.after->country.p != NULL ? change.after->country : WEIR_STR("?\?")),
            };
            customers_2 = customers;
        }
        if (w->bad)
            return;
        // | to "customers"
        struct weir_str json_bytes = WEIR_NULL_STR;
        if (customers_2 != NULL) {
            struct weir_buf json;
            weir_buf_init(w, &json, 256);
            write_customers(&json, customers_2);
            json_bytes = weir_buf_str(&json);
        }
        struct weir_out out = {
            .sink = sink_customers,
            .key = weir_wire_of_i64(w, key.id),
            .value = json_bytes,
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_changes] = {
        .name = "changes",
        .topics = (const char *const[]){ "db.shop.customers" },
        .topic_count = 1,
        .key = &serde_changes_key,
        .value = &serde_Change,
        .process = process_changes,
    },
};

static const struct weir_sink sinks[] = {
    [sink_customers] = {
        .name = "customers",
        .topic = "customers",
        .key = &weir_serde_int64,
        .value = &serde_customers,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "customers_cdc",
    .file = "dsl-examples/customers_cdc.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 1,
};
