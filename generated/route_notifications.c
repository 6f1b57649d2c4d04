// Made by weir from "dsl-examples/route_notifications.weir".
#include <weir.h>

struct Notification {
    struct weir_str id;
    int32_t kind; // Kind
    struct weir_str user;
    struct weir_str text;
    struct weir_opt_bool urgent;
};

struct notifications {
    struct weir_str id;
    int32_t kind; // Kind
    struct weir_str text;
    bool urgent;
};

enum { source_notifications };
enum { sink_notifications_routed };

// ---- constants ----

static const struct weir_str Kind_names[] = {
    { "email", 5 },
    { "sms", 3 },
    { "push", 4 },
};

// ---- decoders ----

static bool read_Notification(struct weir_ctx *w, struct weir_json *j, struct Notification *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "kind", 4, 7, "\"kind\":" },
        { "user", 4, 7, "\"user\":" },
        { "text", 4, 7, "\"text\":" },
        { "urgent", 6, 9, "\"urgent\":" },
    };
    bool first = true, has_id = false, has_kind = false, has_user = false, has_text = false;
    int field, next = 0;
    v->urgent = (struct weir_opt_bool){ 0 };
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
            if (!weir_json_read_case(w, j, Kind_names, 3, &v->kind))
                return weir_json_in_field(w, "kind");
            has_kind = true;
            break;
        case 2:
            if (!weir_json_read_string(w, j, &v->user))
                return weir_json_in_field(w, "user");
            has_user = true;
            break;
        case 3:
            if (!weir_json_read_string(w, j, &v->text))
                return weir_json_in_field(w, "text");
            has_text = true;
            break;
        case 4:
            v->urgent.some = !weir_json_null(w, j);
            if (v->urgent.some && !weir_json_read_bool(w, j, &v->urgent.v))
                return weir_json_in_field(w, "urgent");
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
    if (!has_kind)
        return weir_json_missing(w, "kind");
    if (!has_user)
        return weir_json_missing(w, "user");
    if (!has_text)
        return weir_json_missing(w, "text");
    return true;
}

// ---- encoders ----

static void write_notifications(struct weir_buf *b, const struct notifications *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"kind\":");
    weir_put_string(b, Kind_names[v->kind]);
    weir_put_lit(b, ",\"text\":");
    weir_put_string(b, v->text);
    weir_put_lit(b, ",\"urgent\":");
    weir_put_bool(b, v->urgent);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Notification = { .name = "json Notification" };
static const struct weir_serde serde_notifications = { .name = "json" };

// ---- stages ----

// stream notifications from "notifications" string => json Notification
static void process_notifications(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Notification notification;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Notification(w, &j, &notification) || !weir_json_finish(w, &j))
        return;
    // | key by user
    // | map { id, kind, text: trim(text), urgent: urgent ?? false }
    struct notifications notifications = {
        .id = notification.id,
        .kind = notification.kind,
        .text = weir_trim(w, notification.text),
        .urgent = notification.urgent.some && notification.urgent.v,
    };
    // | filter length(text) > 0
    if (weir_length(w, notifications.text) > 0) {
        // | to ("notify-" + string(kind) + (if urgent then "-urgent" else "")) headers {
        //   routed_by: "route_notifications"
        // }
        struct weir_str topic = weir_concat3(w, WEIR_STR("notify-"), Kind_names[notifications.kind], notifications.urgent
            ? WEIR_STR("-urgent") : WEIR_STR(""));
        if (w->bad)
            return;
        const struct weir_header headers[] = {
            { WEIR_STR("routed_by"), WEIR_STR("route_notifications") },
        };
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_notifications(&json, &notifications);
        struct weir_out out = {
            .sink = sink_notifications_routed,
            .key = notification.user,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .topic = topic,
        };
        weir_headers_with(w, headers, 1, &out);
        weir_send(w, &out);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_notifications] = {
        .name = "notifications",
        .topics = (const char *const[]){ "notifications" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Notification,
        .process = process_notifications,
    },
};

static const struct weir_sink sinks[] = {
    [sink_notifications_routed] = {
        .name = "notifications_routed",
        .key = &weir_serde_string,
        .value = &serde_notifications,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "route_notifications",
    .file = "dsl-examples/route_notifications.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 1,
};
