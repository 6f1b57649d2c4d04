// Made by weir from "dsl-examples/access_log.weir".
#include <weir.h>

struct requests {
    struct weir_str ip;
    struct weir_str user;
    int64_t at;
    struct weir_str method;
    struct weir_str path;
    int32_t status;
    struct weir_opt_i64 bytes;
};

enum { source_lines };
enum { sink_requests, sink_server_errors };

// ---- encoders ----

static void write_requests(struct weir_buf *b, const struct requests *v)
{
    weir_put_lit(b, "{\"ip\":");
    weir_put_string(b, v->ip);
    weir_put_lit(b, ",\"user\":");
    if (v->user.p != NULL) {
        weir_put_string(b, v->user);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, ",\"method\":");
    weir_put_string(b, v->method);
    weir_put_lit(b, ",\"path\":");
    weir_put_string(b, v->path);
    weir_put_lit(b, ",\"status\":");
    weir_put_i64(b, v->status);
    weir_put_lit(b, ",\"bytes\":");
    if (v->bytes.some) {
        weir_put_i64(b, v->bytes.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_requests = { .name = "json" };

// ---- stages ----

// stream lines from "access-log" string? => string
static void process_lines(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value;
    if (!weir_wire_to_string(w, w->record->value, &value))
        return;
    // | let line = "^(\\S+) \\S+ (\\S+) \\[([^\\]]+)\\] \"(\\S+) (\\S+) [^\"]*\" (\\d{3}) (\\d+|-)"
    struct weir_str line = WEIR_STR("^(\\S+) \\S+ (\\S+) \\[([^\\]]+)\\] \"(\\S+) (\\S+) [^\"]*\" (\\d{3}) (\\d+|-)");
    // | map {
    //   ip:     regex_extract(value, line, 1) ?? ""
    //   user:   nullif(regex_extract(value, line, 2) ?? "-", "-")
    //   at:     parse_time(regex_extract(value, line, 3) ?? "", "dd/MMM/yyyy:HH:mm:ss Z")
    //   method: regex_extract(value, line, 4) ?? ""
    //   path:   url_part("http://host" + (regex_extract(value, line, 5) ?? "/"), "path") ?? "/"
    //   status: int32(regex_extract(value, line, 6) ?? "")
    //   bytes:  try int64(regex_extract(value, line, 7) ?? "0")
    // }
    struct weir_str value_2 = weir_regex_extract(w, value, line, 1);
    struct weir_str ip = value_2.p != NULL ? value_2 : WEIR_STR("");
    struct weir_str value_3 = weir_regex_extract(w, value, line, 2);
    struct weir_str value_4 = value_3.p != NULL ? value_3 : WEIR_STR("-");
    struct weir_str user = weir_eq_str(value_4, WEIR_STR("-")) ? WEIR_NULL_STR : value_4;
    struct weir_str value_5 = weir_regex_extract(w, value, line, 3);
    int64_t at = weir_parse_time(w, value_5.p != NULL ? value_5 : WEIR_STR(""), WEIR_STR("dd/MMM/yyyy:HH:mm:ss Z"),
        WEIR_STR("UTC"));
    struct weir_str value_6 = weir_regex_extract(w, value, line, 4);
    struct weir_str method = value_6.p != NULL ? value_6 : WEIR_STR("");
    struct weir_str value_7 = weir_regex_extract(w, value, line, 5);
    struct weir_str value_8 = weir_url_part(w,
        weir_concat(w, WEIR_STR("http://host"), value_7.p != NULL ? value_7 : WEIR_STR("/")), WEIR_STR("path"));
    struct weir_str path = value_8.p != NULL ? value_8 : WEIR_STR("/");
    struct weir_str value_9 = weir_regex_extract(w, value, line, 6);
    struct weir_opt_i64 bytes = { 0 };
    struct weir_try saved = weir_try_begin(w);
    struct weir_str value_10 = weir_regex_extract(w, value, line, 7);
    int64_t tried = weir_i64_of_string(w, value_10.p != NULL ? value_10 : WEIR_STR("0"));
    if (!weir_try_end(w, saved)) {
        bytes = (struct weir_opt_i64){ tried, true };
    }
    struct requests requests = {
        .ip = ip,
        .user = user,
        .at = at,
        .method = method,
        .path = path,
        .status = weir_i32_of_string(w, value_9.p != NULL ? value_9 : WEIR_STR("")),
        .bytes = bytes,
    };
    if (w->bad)
        return;
    // | filter status < 500
    if (requests.status < 500) {
        // | key by path
        // | to "requests"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_requests(&json, &requests);
        struct weir_out out = {
            .sink = sink_requests,
            .key = requests.path,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
    // | filter status >= 500
    if (requests.status >= 500) {
        // | key by ip
        // | to "server-errors"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_requests(&json, &requests);
        struct weir_out out = {
            .sink = sink_server_errors,
            .key = requests.ip,
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
    [source_lines] = {
        .name = "lines",
        .topics = (const char *const[]){ "access-log" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
        .process = process_lines,
    },
};

static const struct weir_sink sinks[] = {
    [sink_requests] = {
        .name = "requests",
        .topic = "requests",
        .key = &weir_serde_string,
        .value = &serde_requests,
    },
    [sink_server_errors] = {
        .name = "server_errors",
        .topic = "server-errors",
        .key = &weir_serde_string,
        .value = &serde_requests,
    },
};

static const struct weir_setting settings[] = {
    { "bad_records", "dead_letter access-log-dlq" },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "access_log",
    .file = "dsl-examples/access_log.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 2,
    .settings = settings,
    .setting_count = 1,
};
