// Made by weir from "hostile_names.weir".
#include <weir.h>

struct struct_weir_str {
    int64_t int_;
    double double_;
    struct weir_str user_id;
    struct weir_str x1st;
    int32_t x__LINE__;
    struct weir_str memcmp_;
};

struct weir_record_ {
    struct weir_str p;
    struct weir_opt_i32 some;
};

struct weir_ctx_ {
    struct weir_str name;
    int32_t has_name;
    int32_t first;
    struct weir_list item; // of int32_t
    int64_t n;
    struct weir_record_ record;
    int32_t tag; // Status
};

struct A {
    struct weir_str tag;
};

struct B {
    struct weir_str value;
};

enum weir_event__tag { weir_event__int_, weir_event__tag_2 };

struct weir_event_ {
    int32_t tag; // weir_event__tag
    union {
        struct A int_;
        struct B tag_2;
    };
};

struct out {
    int64_t w;
    int64_t memcmp_;
    int64_t NULL_;
    int64_t weir_fail_;
    int64_t bad;
    struct weir_str for_;
    struct weir_str user_id;
    double int64_t_;
    struct weir_str out;
    int32_t x__LINE__;
};

struct static_out {
    struct weir_str name;
    int32_t has_name;
    int32_t first;
    int64_t n;
    struct weir_str p;
    int32_t some;
    int32_t tag; // Status
    int64_t sum;
};

enum { source_sources, source_process_sources, source_events };
enum { sink_out, sink_static_out, sink_events_out };

// ---- constants ----

static const struct weir_str weir_event__names[] = {
    { "int", 3 },
    { "tag", 3 },
};
static const struct weir_str Status_names[] = {
    { "int", 3 },
    { "true", 4 },
    { "NULL", 4 },
    { "weir_ok", 7 },
    { "two words", 9 },
};

// ---- decoders ----

static bool read_events_int_(struct weir_ctx *w, struct weir_json *j, struct A *v)
{
    static const struct weir_json_name fields[] = {
        { "tag", 3, 6, "\"tag\":" },
        { "created", 7, 10, "\"created\":" },
    };
    bool first = true, has_tag = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->tag))
                return weir_json_in_field(w, "tag");
            has_tag = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_tag)
        return weir_json_missing(w, "tag");
    return true;
}

static bool read_B(struct weir_ctx *w, struct weir_json *j, struct B *v)
{
    static const struct weir_json_name fields[] = {
        { "value", 5, 8, "\"value\":" },
    };
    bool first = true, has_value = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->value))
                return weir_json_in_field(w, "value");
            has_value = true;
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
    return true;
}

static bool read_events(struct weir_ctx *w, struct weir_json *j, struct weir_event_ *v)
{
    if (!weir_json_read_tag(w, j, "case", weir_event__names, 2, &v->tag))
        return false;
    switch (v->tag) {
    case weir_event__int_: return read_events_int_(w, j, &v->int_);
    case weir_event__tag_2: return read_B(w, j, &v->tag_2);
    default: return weir_json_skip(w, j);
    }
}

static bool read_list_of_i32(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    int32_t *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!weir_json_read_i32(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_process_sources_record(struct weir_ctx *w, struct weir_json *j, struct weir_record_ *v)
{
    static const struct weir_json_name fields[] = {
        { "p", 1, 4, "\"p\":" },
        { "key", 3, 6, "\"key\":" },
        { "value", 5, 8, "\"value\":" },
        { "some", 4, 7, "\"some\":" },
    };
    bool first = true, has_p = false;
    int field, next = 0;
    v->some = (struct weir_opt_i32){ 0 };
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->p))
                return weir_json_in_field(w, "p");
            has_p = true;
            break;
        case 3:
            v->some.some = !weir_json_null(w, j);
            if (v->some.some && !weir_json_read_i32(w, j, &v->some.v))
                return weir_json_in_field(w, "some");
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_p)
        return weir_json_missing(w, "p");
    return true;
}

static bool read_process_sources(struct weir_ctx *w, struct weir_json *j, struct weir_ctx_ *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "has_name", 8, 11, "\"has_name\":" },
        { "first", 5, 8, "\"first\":" },
        { "item", 4, 7, "\"item\":" },
        { "n", 1, 4, "\"n\":" },
        { "record", 6, 9, "\"record\":" },
        { "tag", 3, 6, "\"tag\":" },
    };
    bool first = true, has_name = false, has_has_name = false, has_first = false, has_item = false, has_n = false,
        has_record = false, has_tag = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 7, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        case 1:
            if (!weir_json_read_i32(w, j, &v->has_name))
                return weir_json_in_field(w, "has_name");
            has_has_name = true;
            break;
        case 2:
            if (!weir_json_read_i32(w, j, &v->first))
                return weir_json_in_field(w, "first");
            has_first = true;
            break;
        case 3:
            if (!read_list_of_i32(w, j, &v->item))
                return weir_json_in_field(w, "item");
            has_item = true;
            break;
        case 4:
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        case 5:
            if (!read_process_sources_record(w, j, &v->record))
                return weir_json_in_field(w, "record");
            has_record = true;
            break;
        case 6:
            if (!weir_json_read_case(w, j, Status_names, 5, &v->tag))
                return weir_json_in_field(w, "tag");
            has_tag = true;
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
    if (!has_has_name)
        return weir_json_missing(w, "has_name");
    if (!has_first)
        return weir_json_missing(w, "first");
    if (!has_item)
        return weir_json_missing(w, "item");
    if (!has_n)
        return weir_json_missing(w, "n");
    if (!has_record)
        return weir_json_missing(w, "record");
    if (!has_tag)
        return weir_json_missing(w, "tag");
    return true;
}

static bool read_sources(struct weir_ctx *w, struct weir_json *j, struct struct_weir_str *v)
{
    static const struct weir_json_name fields[] = {
        { "int", 3, 6, "\"int\":" },
        { "double", 6, 9, "\"double\":" },
        { "user-id", 7, 10, "\"user-id\":" },
        { "1st", 3, 6, "\"1st\":" },
        { "w", 1, 4, "\"w\":" },
        { "j", 1, 4, "\"j\":" },
        { "v", 1, 4, "\"v\":" },
        { "_Bool", 5, 8, "\"_Bool\":" },
        { "__LINE__", 8, 11, "\"__LINE__\":" },
        { "memcmp", 6, 9, "\"memcmp\":" },
        { "INT64_MAX", 9, 12, "\"INT64_MAX\":" },
        { "size_t", 6, 9, "\"size_t\":" },
        { "na\303\257ve \"x\" \\ */ ?\?/", 19, 0, "" },
    };
    bool first = true, has_int_ = false, has_double_ = false, has_user_id = false, has_x__LINE__ = false,
        has_memcmp_ = false;
    int field, next = 0;
    v->x1st = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 13, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->int_))
                return weir_json_in_field(w, "int");
            has_int_ = true;
            break;
        case 1:
            if (!weir_json_read_f64(w, j, &v->double_))
                return weir_json_in_field(w, "double");
            has_double_ = true;
            break;
        case 2:
            if (!weir_json_read_string(w, j, &v->user_id))
                return weir_json_in_field(w, "user-id");
            has_user_id = true;
            break;
        case 3:
            v->x1st = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->x1st))
                return weir_json_in_field(w, "1st");
            break;
        case 8:
            if (!weir_json_read_i32(w, j, &v->x__LINE__))
                return weir_json_in_field(w, "__LINE__");
            has_x__LINE__ = true;
            break;
        case 9:
            if (!weir_json_read_string(w, j, &v->memcmp_))
                return weir_json_in_field(w, "memcmp");
            has_memcmp_ = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_int_)
        return weir_json_missing(w, "int");
    if (!has_double_)
        return weir_json_missing(w, "double");
    if (!has_user_id)
        return weir_json_missing(w, "user-id");
    if (!has_x__LINE__)
        return weir_json_missing(w, "__LINE__");
    if (!has_memcmp_)
        return weir_json_missing(w, "memcmp");
    return true;
}

// ---- encoders ----

static void write_static_out(struct weir_buf *b, const struct static_out *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"has_name\":");
    weir_put_i64(b, v->has_name);
    weir_put_lit(b, ",\"first\":");
    weir_put_i64(b, v->first);
    weir_put_lit(b, ",\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, ",\"p\":");
    weir_put_string(b, v->p);
    weir_put_lit(b, ",\"some\":");
    weir_put_i64(b, v->some);
    weir_put_lit(b, ",\"tag\":");
    weir_put_string(b, Status_names[v->tag]);
    weir_put_lit(b, ",\"sum\":");
    weir_put_i64(b, v->sum);
    weir_put_lit(b, "}");
}

static void write_out(struct weir_buf *b, const struct out *v)
{
    weir_put_lit(b, "{\"w\":");
    weir_put_i64(b, v->w);
    weir_put_lit(b, ",\"memcmp\":");
    weir_put_i64(b, v->memcmp_);
    weir_put_lit(b, ",\"NULL\":");
    weir_put_i64(b, v->NULL_);
    weir_put_lit(b, ",\"weir_fail\":");
    weir_put_i64(b, v->weir_fail_);
    weir_put_lit(b, ",\"bad\":");
    weir_put_i64(b, v->bad);
    weir_put_lit(b, ",\"for\":");
    weir_put_string(b, v->for_);
    weir_put_lit(b, ",\"user-id\":");
    weir_put_string(b, v->user_id);
    weir_put_lit(b, ",\"int64_t\":");
    weir_put_f64(b, v->int64_t_);
    weir_put_lit(b, ",\"out\":");
    weir_put_string(b, v->out);
    weir_put_lit(b, ",\"__LINE__\":");
    weir_put_i64(b, v->x__LINE__);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_struct_weir_str = { .name = "json struct_weir_str" };
static const struct weir_serde serde_weir_ctx_ = { .name = "json weir_ctx" };
static const struct weir_serde serde_weir_event_ = { .name = "json weir_event" };
static const struct weir_serde serde_out = { .name = "json" };
static const struct weir_serde serde_static_out = { .name = "json" };

// ---- stages ----

// stream events from "weird.topic" int32 => json weir_event
static void process_events(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_event_ weir_event__;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_events(w, &j, &weir_event__) || !weir_json_finish(w, &j))
        return;
    // | map match value { int i => i.tag, tag t => t.value }
    struct weir_str value = weir_event__.tag == weir_event__int_ ? weir_event__.int_.tag : weir_event__.tag_2.value;
    // | to "events-out" int32 => string headers { "X-??/": "a*/\\", `int`: value }
    const struct weir_header headers[] = {
        { WEIR_STR("X-?\?/"), WEIR_STR("a*/\\") },
        { WEIR_STR("int"), value },
    };
    struct weir_out out = {
        .sink = sink_events_out,
        .key = w->record->key,
        .value = value,
        .timestamp = w->record->timestamp,
    };
    weir_headers_with(w, headers, 2, &out);
    weir_send(w, &out);
}

// stream process_sources from "static" string => json weir_ctx
static void process_process_sources(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_ctx_ weir_ctx__;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_process_sources(w, &j, &weir_ctx__) || !weir_json_finish(w, &j))
        return;
    // | filter name != ""
    if (!weir_eq_str(weir_ctx__.name, WEIR_STR(""))) {
        // | map { name, has_name, first: first + 1, n: n + length(item), p: record.p, some: record.some ?? 0, tag, sum: sum(item, w => w) }
        int32_t first = weir_add_i32(w, weir_ctx__.first, 1);
        int64_t n = weir_add_i64(w, weir_ctx__.n, (int64_t)weir_ctx__.item.n);
        int64_t sum = 0;
        for (size_t i = 0; i < weir_ctx__.item.n; i++) {
            int32_t w_2 = ((const int32_t *)weir_ctx__.item.v)[i];
            sum = weir_add_i64(w, sum, w_2);
        }
        struct static_out static_out = {
            .name = weir_ctx__.name,
            .has_name = weir_ctx__.has_name,
            .first = first,
            .n = n,
            .p = weir_ctx__.record.p,
            .some = weir_ctx__.record.some.some ? weir_ctx__.record.some.v : 0,
            .tag = weir_ctx__.tag,
            .sum = sum,
        };
        if (w->bad)
            return;
        // | to "static-out"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_static_out(&json, &static_out);
        struct weir_out out = {
            .sink = sink_static_out,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// stream `sources` from "default" string => json struct_weir_str
static void process_sources_2(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct struct_weir_str struct_weir_str;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_sources(w, &j, &struct_weir_str) || !weir_json_finish(w, &j))
        return;
    // | filter `user-id` != "*/ ??/ \\ \" \u0000 \n 한국어 %s %d" && int > 0
    if (!weir_eq_str(struct_weir_str.user_id,
        WEIR_STR("*/ ?\?/ \\ \" \000 \n \355\225\234\352\265\255\354\226\264 %s %d")) && struct_weir_str.int_ > 0) {
        // | let w = int + 1
        int64_t w_2 = weir_add_i64(w, struct_weir_str.int_, 1);
        if (w->bad)
            return;
        // | let memcmp = w * 2
        int64_t memcmp_ = weir_mul_i64(w, w_2, 2);
        if (w->bad)
            return;
        // | let NULL = memcmp + w
        int64_t NULL_ = weir_add_i64(w, memcmp_, w_2);
        if (w->bad)
            return;
        // | let weir_fail = NULL + 1
        int64_t weir_fail_ = weir_add_i64(w, NULL_, 1);
        if (w->bad)
            return;
        // | let bad = weir_fail + NULL
        int64_t bad = weir_add_i64(w, weir_fail_, NULL_);
        if (w->bad)
            return;
        // | map { w, memcmp, NULL, weir_fail, bad, `for`: value.memcmp, `user-id`, int64_t: `double`, out: `1st` ?? "none", __LINE__ }
        struct out out = {
            .w = w_2,
            .memcmp_ = memcmp_,
            .NULL_ = NULL_,
            .weir_fail_ = weir_fail_,
            .bad = bad,
            .for_ = struct_weir_str.memcmp_,
            .user_id = struct_weir_str.user_id,
            .int64_t_ = struct_weir_str.double_,
            .out = struct_weir_str.x1st.p != NULL ? struct_weir_str.x1st : WEIR_STR("none"),
            .x__LINE__ = struct_weir_str.x__LINE__,
        };
        // | to "out"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_out(&json, &out);
        struct weir_out out_2 = {
            .sink = sink_out,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out_2);
    }
}

// ---- the program ----

static const struct weir_source sources_2[] = {
    [source_sources] = {
        .name = "sources",
        .topics = (const char *const[]){ "default" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_struct_weir_str,
        .process = process_sources_2,
    },
    [source_process_sources] = {
        .name = "process_sources",
        .topics = (const char *const[]){ "static" },
        .topic_count = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_weir_ctx_,
        .process = process_process_sources,
    },
    [source_events] = {
        .name = "events",
        .topics = (const char *const[]){ "weird.topic" },
        .topic_count = 1,
        .subtopology = 2,
        .key = &weir_serde_int32,
        .value = &serde_weir_event_,
        .process = process_events,
    },
};

static const struct weir_sink sinks[] = {
    [sink_out] = {
        .name = "out",
        .topic = "out",
        .key = &weir_serde_string,
        .value = &serde_out,
    },
    [sink_static_out] = {
        .name = "static_out",
        .topic = "static-out",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_static_out,
    },
    [sink_events_out] = {
        .name = "events_out",
        .topic = "events-out",
        .subtopology = 2,
        .key = &weir_serde_int32,
        .value = &weir_serde_string,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "hostile_names",
    .file = "hostile_names.weir",
    .sources = sources_2,
    .source_count = 3,
    .sinks = sinks,
    .sink_count = 3,
};
