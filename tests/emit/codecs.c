// Made by weir from "codecs.weir".
#include <weir.h>

struct Deep {
    int64_t x;
    struct weir_str unread;
};

struct All {
    bool flag;
    int32_t i;
    int64_t l;
    float f;
    double d;
    struct weir_dec n;
    struct weir_str s;
    struct weir_str data;
    int64_t at;
    int64_t iso;
    int32_t day;
    int64_t took;
    struct weir_str any;
    int32_t level; // Level
    struct Deep deep;
    struct weir_list list; // of struct Deep
    struct weir_list names; // of struct weir_str
    struct weir_map map; // of int64_t
    struct weir_map nested; // of struct weir_list
    struct weir_opt_bool o_flag;
    struct weir_opt_i32 o_i;
    struct weir_opt_f64 o_d;
    struct weir_opt_dec o_n;
    struct weir_str o_s;
    struct weir_opt_i32 o_level; // Level
    const struct Deep *o_deep;
    struct weir_list o_list; // of int64_t
    struct weir_map o_map; // of bool
};

struct Row {
    int64_t id;
    struct weir_str name;
    struct weir_opt_dec price;
    int64_t at;
    int32_t level; // Level
    struct weir_str note;
    int32_t day;
};

struct Event_tagged {
    struct weir_str type;
    int64_t n;
};

enum Event_tag { Event_all, Event_row, Event_tagged };

struct Event {
    int32_t tag; // Event_tag
    union {
        struct All all;
        struct Row row;
        struct Event_tagged tagged;
    };
};

struct part_out {
    int64_t x;
    struct weir_list xs; // of int64_t
    struct weir_map n; // of struct weir_list
    int64_t key;
};

enum { source_all, source_part, source_maybe, source_rows, source_events, source_words };
enum { sink_all_out, sink_part_out, sink_maybe_out, sink_rows_out, sink_events_out, sink_rows_of_events, sink_words_out };

// ---- constants ----

static const struct weir_str Event_names[] = {
    { "all", 3 },
    { "row", 3 },
    { "tagged", 6 },
};
static const struct weir_str Level_names[] = {
    { "low", 3 },
    { "high", 4 },
};

// ---- equality ----

static bool equal_optional_i64(struct weir_opt_i64 a, struct weir_opt_i64 b)
{
    return a.some == b.some && (!a.some || a.v == b.v);
}

// ---- decoders ----

static bool read_csv_string(struct weir_ctx *w, struct weir_str line, char delimiter, struct weir_str *v)
{
    struct weir_csv csv;
    struct weir_str field;
    bool quoted;
    weir_csv_start(&csv, line, delimiter);
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "value");
    *v = field;
    return weir_csv_end(w, &csv);
}

static bool read_Deep(struct weir_ctx *w, struct weir_json *j, struct Deep *v)
{
    static const struct weir_json_name fields[] = {
        { "x", 1, 4, "\"x\":" },
        { "unread", 6, 9, "\"unread\":" },
    };
    bool first = true, has_x = false, has_unread = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->x))
                return weir_json_in_field(w, "x");
            has_x = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->unread))
                return weir_json_in_field(w, "unread");
            has_unread = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_x)
        return weir_json_missing(w, "x");
    if (!has_unread)
        return weir_json_missing(w, "unread");
    return true;
}

static bool read_list_of_Deep(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct Deep *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_Deep(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

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

static bool read_map_of_i64(struct weir_ctx *w, struct weir_json *j, struct weir_map *v)
{
    size_t n = 0, capacity = 4, room = 4;
    struct weir_str *name = weir_alloc(w, capacity * sizeof *name);
    int64_t *item = weir_alloc(w, room * sizeof *item);
    bool first = true;
    if (!weir_json_object(w, j))
        return false;
    while (weir_json_next_field(w, j, &first, &name[n])) {
        if (!weir_json_read_i64(w, j, &item[n]))
            return false;
        n++;
        name = weir_array_grow(w, name, n, &capacity, sizeof *name);
        item = weir_array_grow(w, item, n, &room, sizeof *item);
    }
    *v = weir_map_of(w, name, item, n, sizeof *item);
    return !w->bad;
}

static bool read_list_of_optional_Deep(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    const struct Deep **item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        struct Deep *deep = NULL;
        if (!weir_json_null(w, j))
            deep = weir_alloc(w, sizeof *deep);
        item[n] = deep;
        if (deep && !read_Deep(w, j, deep))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_map_of_list_of_optional_Deep(struct weir_ctx *w, struct weir_json *j, struct weir_map *v)
{
    size_t n = 0, capacity = 4, room = 4;
    struct weir_str *name = weir_alloc(w, capacity * sizeof *name);
    struct weir_list *item = weir_alloc(w, room * sizeof *item);
    bool first = true;
    if (!weir_json_object(w, j))
        return false;
    while (weir_json_next_field(w, j, &first, &name[n])) {
        if (!read_list_of_optional_Deep(w, j, &item[n]))
            return false;
        n++;
        name = weir_array_grow(w, name, n, &capacity, sizeof *name);
        item = weir_array_grow(w, item, n, &room, sizeof *item);
    }
    *v = weir_map_of(w, name, item, n, sizeof *item);
    return !w->bad;
}

static bool read_list_of_i64(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    int64_t *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!weir_json_read_i64(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_map_of_bool(struct weir_ctx *w, struct weir_json *j, struct weir_map *v)
{
    size_t n = 0, capacity = 4, room = 4;
    struct weir_str *name = weir_alloc(w, capacity * sizeof *name);
    bool *item = weir_alloc(w, room * sizeof *item);
    bool first = true;
    if (!weir_json_object(w, j))
        return false;
    while (weir_json_next_field(w, j, &first, &name[n])) {
        if (!weir_json_read_bool(w, j, &item[n]))
            return false;
        n++;
        name = weir_array_grow(w, name, n, &capacity, sizeof *name);
        item = weir_array_grow(w, item, n, &room, sizeof *item);
    }
    *v = weir_map_of(w, name, item, n, sizeof *item);
    return !w->bad;
}

static bool read_All(struct weir_ctx *w, struct weir_json *j, struct All *v)
{
    static const struct weir_json_name fields[] = {
        { "flag", 4, 7, "\"flag\":" },
        { "i", 1, 4, "\"i\":" },
        { "l", 1, 4, "\"l\":" },
        { "f", 1, 4, "\"f\":" },
        { "d", 1, 4, "\"d\":" },
        { "n", 1, 4, "\"n\":" },
        { "s", 1, 4, "\"s\":" },
        { "data", 4, 7, "\"data\":" },
        { "at", 2, 5, "\"at\":" },
        { "iso", 3, 6, "\"iso\":" },
        { "day", 3, 6, "\"day\":" },
        { "took", 4, 7, "\"took\":" },
        { "any", 3, 6, "\"any\":" },
        { "level", 5, 8, "\"level\":" },
        { "deep", 4, 7, "\"deep\":" },
        { "list", 4, 7, "\"list\":" },
        { "names", 5, 8, "\"names\":" },
        { "map", 3, 6, "\"map\":" },
        { "nested", 6, 9, "\"nested\":" },
        { "o_flag", 6, 9, "\"o_flag\":" },
        { "o_i", 3, 6, "\"o_i\":" },
        { "o_d", 3, 6, "\"o_d\":" },
        { "o_n", 3, 6, "\"o_n\":" },
        { "o_s", 3, 6, "\"o_s\":" },
        { "o_level", 7, 10, "\"o_level\":" },
        { "o_deep", 6, 9, "\"o_deep\":" },
        { "o_list", 6, 9, "\"o_list\":" },
        { "o_map", 5, 8, "\"o_map\":" },
    };
    bool first = true, has_flag = false, has_i = false, has_l = false, has_f = false, has_d = false, has_n = false,
        has_s = false, has_data = false, has_at = false, has_iso = false, has_day = false, has_took = false,
        has_any = false, has_level = false, has_deep = false, has_list = false, has_names = false, has_map = false,
        has_nested = false;
    int field, next = 0;
    v->o_flag = (struct weir_opt_bool){ 0 };
    v->o_i = (struct weir_opt_i32){ 0 };
    v->o_d = (struct weir_opt_f64){ 0 };
    v->o_n = (struct weir_opt_dec){ .some = false };
    v->o_s = WEIR_NULL_STR;
    v->o_level = (struct weir_opt_i32){ 0 };
    v->o_deep = NULL;
    v->o_list = (struct weir_list){ 0 };
    v->o_map = (struct weir_map){ 0 };
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 28, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_bool(w, j, &v->flag))
                return weir_json_in_field(w, "flag");
            has_flag = true;
            break;
        case 1:
            if (!weir_json_read_i32(w, j, &v->i))
                return weir_json_in_field(w, "i");
            has_i = true;
            break;
        case 2:
            if (!weir_json_read_i64(w, j, &v->l))
                return weir_json_in_field(w, "l");
            has_l = true;
            break;
        case 3:
            if (!weir_json_read_f32(w, j, &v->f))
                return weir_json_in_field(w, "f");
            has_f = true;
            break;
        case 4:
            if (!weir_json_read_f64(w, j, &v->d))
                return weir_json_in_field(w, "d");
            has_d = true;
            break;
        case 5:
            if (!weir_json_read_dec(w, j, 20, 4, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        case 6:
            if (!weir_json_read_string(w, j, &v->s))
                return weir_json_in_field(w, "s");
            has_s = true;
            break;
        case 7:
            if (!weir_json_read_bytes(w, j, &v->data))
                return weir_json_in_field(w, "data");
            has_data = true;
            break;
        case 8:
            if (!weir_json_read_timestamp(w, j, &v->at))
                return weir_json_in_field(w, "at");
            has_at = true;
            break;
        case 9:
            if (!weir_json_read_timestamp(w, j, &v->iso))
                return weir_json_in_field(w, "iso");
            has_iso = true;
            break;
        case 10:
            if (!weir_json_read_date(w, j, &v->day))
                return weir_json_in_field(w, "day");
            has_day = true;
            break;
        case 11:
            if (!weir_json_read_duration(w, j, &v->took))
                return weir_json_in_field(w, "took");
            has_took = true;
            break;
        case 12:
            if (!weir_json_read_any(w, j, &v->any))
                return weir_json_in_field(w, "any");
            has_any = true;
            break;
        case 13:
            if (!weir_json_read_case(w, j, Level_names, 2, &v->level))
                return weir_json_in_field(w, "level");
            has_level = true;
            break;
        case 14:
            if (!read_Deep(w, j, &v->deep))
                return weir_json_in_field(w, "deep");
            has_deep = true;
            break;
        case 15:
            if (!read_list_of_Deep(w, j, &v->list))
                return weir_json_in_field(w, "list");
            has_list = true;
            break;
        case 16:
            if (!read_list_of_string(w, j, &v->names))
                return weir_json_in_field(w, "names");
            has_names = true;
            break;
        case 17:
            if (!read_map_of_i64(w, j, &v->map))
                return weir_json_in_field(w, "map");
            has_map = true;
            break;
        case 18:
            if (!read_map_of_list_of_optional_Deep(w, j, &v->nested))
                return weir_json_in_field(w, "nested");
            has_nested = true;
            break;
        case 19:
            v->o_flag.some = !weir_json_null(w, j);
            if (v->o_flag.some && !weir_json_read_bool(w, j, &v->o_flag.v))
                return weir_json_in_field(w, "o_flag");
            break;
        case 20:
            v->o_i.some = !weir_json_null(w, j);
            if (v->o_i.some && !weir_json_read_i32(w, j, &v->o_i.v))
                return weir_json_in_field(w, "o_i");
            break;
        case 21:
            v->o_d.some = !weir_json_null(w, j);
            if (v->o_d.some && !weir_json_read_f64(w, j, &v->o_d.v))
                return weir_json_in_field(w, "o_d");
            break;
        case 22:
            v->o_n.some = !weir_json_null(w, j);
            if (v->o_n.some && !weir_json_read_dec(w, j, 6, 2, &v->o_n.v))
                return weir_json_in_field(w, "o_n");
            break;
        case 23:
            v->o_s = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->o_s))
                return weir_json_in_field(w, "o_s");
            break;
        case 24:
            v->o_level.some = !weir_json_null(w, j);
            if (v->o_level.some && !weir_json_read_case(w, j, Level_names, 2, &v->o_level.v))
                return weir_json_in_field(w, "o_level");
            break;
        case 25: {
            struct Deep *deep = NULL;
            if (!weir_json_null(w, j))
                deep = weir_alloc(w, sizeof *deep);
            v->o_deep = deep;
            if (deep && !read_Deep(w, j, deep))
                return weir_json_in_field(w, "o_deep");
            break;
        }
        case 26:
            v->o_list = (struct weir_list){ 0 };
            if (!weir_json_null(w, j) && !read_list_of_i64(w, j, &v->o_list))
                return weir_json_in_field(w, "o_list");
            break;
        case 27:
            v->o_map = (struct weir_map){ 0 };
            if (!weir_json_null(w, j) && !read_map_of_bool(w, j, &v->o_map))
                return weir_json_in_field(w, "o_map");
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_flag)
        return weir_json_missing(w, "flag");
    if (!has_i)
        return weir_json_missing(w, "i");
    if (!has_l)
        return weir_json_missing(w, "l");
    if (!has_f)
        return weir_json_missing(w, "f");
    if (!has_d)
        return weir_json_missing(w, "d");
    if (!has_n)
        return weir_json_missing(w, "n");
    if (!has_s)
        return weir_json_missing(w, "s");
    if (!has_data)
        return weir_json_missing(w, "data");
    if (!has_at)
        return weir_json_missing(w, "at");
    if (!has_iso)
        return weir_json_missing(w, "iso");
    if (!has_day)
        return weir_json_missing(w, "day");
    if (!has_took)
        return weir_json_missing(w, "took");
    if (!has_any)
        return weir_json_missing(w, "any");
    if (!has_level)
        return weir_json_missing(w, "level");
    if (!has_deep)
        return weir_json_missing(w, "deep");
    if (!has_list)
        return weir_json_missing(w, "list");
    if (!has_names)
        return weir_json_missing(w, "names");
    if (!has_map)
        return weir_json_missing(w, "map");
    if (!has_nested)
        return weir_json_missing(w, "nested");
    return true;
}

static bool read_Row(struct weir_ctx *w, struct weir_json *j, struct Row *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "name", 4, 7, "\"name\":" },
        { "price", 5, 8, "\"price\":" },
        { "at", 2, 5, "\"at\":" },
        { "level", 5, 8, "\"level\":" },
        { "note", 4, 7, "\"note\":" },
        { "day", 3, 6, "\"day\":" },
    };
    bool first = true, has_id = false, has_name = false, has_at = false, has_level = false, has_day = false;
    int field, next = 0;
    v->price = (struct weir_opt_dec){ .some = false };
    v->note = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 7, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        case 2:
            v->price.some = !weir_json_null(w, j);
            if (v->price.some && !weir_json_read_dec(w, j, 8, 2, &v->price.v))
                return weir_json_in_field(w, "price");
            break;
        case 3:
            if (!weir_json_read_timestamp(w, j, &v->at))
                return weir_json_in_field(w, "at");
            has_at = true;
            break;
        case 4:
            if (!weir_json_read_case(w, j, Level_names, 2, &v->level))
                return weir_json_in_field(w, "level");
            has_level = true;
            break;
        case 5:
            v->note = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->note))
                return weir_json_in_field(w, "note");
            break;
        case 6:
            if (!weir_json_read_date(w, j, &v->day))
                return weir_json_in_field(w, "day");
            has_day = true;
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
    if (!has_name)
        return weir_json_missing(w, "name");
    if (!has_at)
        return weir_json_missing(w, "at");
    if (!has_level)
        return weir_json_missing(w, "level");
    if (!has_day)
        return weir_json_missing(w, "day");
    return true;
}

static bool read_Event_tagged(struct weir_ctx *w, struct weir_json *j, struct Event_tagged *v)
{
    static const struct weir_json_name fields[] = {
        { "type", 4, 7, "\"type\":" },
        { "n", 1, 4, "\"n\":" },
    };
    bool first = true, has_type = false, has_n = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->type))
                return weir_json_in_field(w, "type");
            has_type = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_type)
        return weir_json_missing(w, "type");
    if (!has_n)
        return weir_json_missing(w, "n");
    return true;
}

static bool read_Event(struct weir_ctx *w, struct weir_json *j, struct Event *v)
{
    if (!weir_json_read_tag(w, j, "type", Event_names, 3, &v->tag))
        return false;
    switch (v->tag) {
    case Event_all: return read_All(w, j, &v->all);
    case Event_row: return read_Row(w, j, &v->row);
    case Event_tagged: return read_Event_tagged(w, j, &v->tagged);
    default: return weir_json_skip(w, j);
    }
}

static bool read_csv_Row(struct weir_ctx *w, struct weir_str line, char delimiter, struct Row *v)
{
    struct weir_csv csv;
    struct weir_str field;
    bool quoted;
    weir_csv_start(&csv, line, delimiter);
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "id");
    v->id = weir_i64_of_string(w, field);
    if (w->bad)
        return weir_csv_in_field(w, "id");
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "name");
    v->name = field;
    if (!weir_csv_next(w, &csv, &field, &quoted) && w->bad)
        return false;
    v->price = (struct weir_opt_dec){ .some = false };
    if (field.n > 0 || quoted) {
        v->price = (struct weir_opt_dec){ weir_dec_of_string(w, field, 8, 2), true };
        if (w->bad)
            return weir_csv_in_field(w, "price");
    }
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "at");
    v->at = weir_csv_timestamp(w, field);
    if (w->bad)
        return weir_csv_in_field(w, "at");
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "level");
    if (!weir_case_of(w, field, Level_names, 2, &v->level))
        return weir_csv_in_field(w, "level");
    if (!weir_csv_next(w, &csv, &field, &quoted) && w->bad)
        return false;
    v->note = WEIR_NULL_STR;
    if (field.n > 0 || quoted) {
        v->note = field;
    }
    if (!weir_csv_next(w, &csv, &field, &quoted))
        return !w->bad && weir_json_missing(w, "day");
    v->day = weir_date_of_string(w, field);
    if (w->bad)
        return weir_csv_in_field(w, "day");
    return weir_csv_end(w, &csv);
}

static bool read_maybe(struct weir_ctx *w, struct weir_json *j, struct All *v)
{
    static const struct weir_json_name fields[] = {
        { "flag", 4, 7, "\"flag\":" },
        { "i", 1, 4, "\"i\":" },
        { "l", 1, 4, "\"l\":" },
        { "f", 1, 4, "\"f\":" },
        { "d", 1, 4, "\"d\":" },
        { "n", 1, 4, "\"n\":" },
        { "s", 1, 4, "\"s\":" },
        { "data", 4, 7, "\"data\":" },
        { "at", 2, 5, "\"at\":" },
        { "iso", 3, 6, "\"iso\":" },
        { "day", 3, 6, "\"day\":" },
        { "took", 4, 7, "\"took\":" },
        { "any", 3, 6, "\"any\":" },
        { "level", 5, 8, "\"level\":" },
        { "deep", 4, 7, "\"deep\":" },
        { "list", 4, 7, "\"list\":" },
        { "names", 5, 8, "\"names\":" },
        { "map", 3, 6, "\"map\":" },
        { "nested", 6, 9, "\"nested\":" },
        { "o_flag", 6, 9, "\"o_flag\":" },
        { "o_i", 3, 6, "\"o_i\":" },
        { "o_d", 3, 6, "\"o_d\":" },
        { "o_n", 3, 6, "\"o_n\":" },
        { "o_s", 3, 6, "\"o_s\":" },
        { "o_level", 7, 10, "\"o_level\":" },
        { "o_deep", 6, 9, "\"o_deep\":" },
        { "o_list", 6, 9, "\"o_list\":" },
        { "o_map", 5, 8, "\"o_map\":" },
    };
    bool first = true, has_l = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 28, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 2:
            if (!weir_json_read_i64(w, j, &v->l))
                return weir_json_in_field(w, "l");
            has_l = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_l)
        return weir_json_missing(w, "l");
    return true;
}

static bool read_part_deep(struct weir_ctx *w, struct weir_json *j, struct Deep *v)
{
    static const struct weir_json_name fields[] = {
        { "x", 1, 4, "\"x\":" },
        { "unread", 6, 9, "\"unread\":" },
    };
    bool first = true, has_x = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->x))
                return weir_json_in_field(w, "x");
            has_x = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_x)
        return weir_json_missing(w, "x");
    return true;
}

static bool read_part_list(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct Deep *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_part_deep(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_part(struct weir_ctx *w, struct weir_json *j, struct All *v)
{
    static const struct weir_json_name fields[] = {
        { "flag", 4, 7, "\"flag\":" },
        { "i", 1, 4, "\"i\":" },
        { "l", 1, 4, "\"l\":" },
        { "f", 1, 4, "\"f\":" },
        { "d", 1, 4, "\"d\":" },
        { "n", 1, 4, "\"n\":" },
        { "s", 1, 4, "\"s\":" },
        { "data", 4, 7, "\"data\":" },
        { "at", 2, 5, "\"at\":" },
        { "iso", 3, 6, "\"iso\":" },
        { "day", 3, 6, "\"day\":" },
        { "took", 4, 7, "\"took\":" },
        { "any", 3, 6, "\"any\":" },
        { "level", 5, 8, "\"level\":" },
        { "deep", 4, 7, "\"deep\":" },
        { "list", 4, 7, "\"list\":" },
        { "names", 5, 8, "\"names\":" },
        { "map", 3, 6, "\"map\":" },
        { "nested", 6, 9, "\"nested\":" },
        { "o_flag", 6, 9, "\"o_flag\":" },
        { "o_i", 3, 6, "\"o_i\":" },
        { "o_d", 3, 6, "\"o_d\":" },
        { "o_n", 3, 6, "\"o_n\":" },
        { "o_s", 3, 6, "\"o_s\":" },
        { "o_level", 7, 10, "\"o_level\":" },
        { "o_deep", 6, 9, "\"o_deep\":" },
        { "o_list", 6, 9, "\"o_list\":" },
        { "o_map", 5, 8, "\"o_map\":" },
    };
    bool first = true, has_deep = false, has_list = false, has_nested = false;
    int field, next = 0;
    v->o_deep = NULL;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 28, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 14:
            if (!read_part_deep(w, j, &v->deep))
                return weir_json_in_field(w, "deep");
            has_deep = true;
            break;
        case 15:
            if (!read_part_list(w, j, &v->list))
                return weir_json_in_field(w, "list");
            has_list = true;
            break;
        case 18:
            if (!read_map_of_list_of_optional_Deep(w, j, &v->nested))
                return weir_json_in_field(w, "nested");
            has_nested = true;
            break;
        case 25: {
            struct Deep *deep = NULL;
            if (!weir_json_null(w, j))
                deep = weir_alloc(w, sizeof *deep);
            v->o_deep = deep;
            if (deep && !read_part_deep(w, j, deep))
                return weir_json_in_field(w, "o_deep");
            break;
        }
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_deep)
        return weir_json_missing(w, "deep");
    if (!has_list)
        return weir_json_missing(w, "list");
    if (!has_nested)
        return weir_json_missing(w, "nested");
    return true;
}

// ---- encoders ----

static void write_csv_string(struct weir_buf *b, struct weir_str v, char delimiter)
{
    weir_csv_put(b, v, delimiter);
}

static void write_Deep(struct weir_buf *b, const struct Deep *v)
{
    weir_put_lit(b, "{\"x\":");
    weir_put_i64(b, v->x);
    weir_put_lit(b, ",\"unread\":");
    weir_put_string(b, v->unread);
    weir_put_lit(b, "}");
}

static void write_list_of_Deep(struct weir_buf *b, struct weir_list v)
{
    const struct Deep *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_Deep(b, &item[i]);
    }
    weir_put_lit(b, "]");
}

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

static void write_map_of_i64(struct weir_buf *b, struct weir_map v)
{
    const int64_t *item = v.v;
    weir_put_lit(b, "{");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_string(b, v.k[i]);
        weir_put_lit(b, ":");
        weir_put_i64(b, item[i]);
    }
    weir_put_lit(b, "}");
}

static void write_list_of_optional_Deep(struct weir_buf *b, struct weir_list v)
{
    const struct Deep *const *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        if (item[i] != NULL) {
            write_Deep(b, item[i]);
        } else {
            weir_put_lit(b, "null");
        }
    }
    weir_put_lit(b, "]");
}

static void write_map_of_list_of_optional_Deep(struct weir_buf *b, struct weir_map v)
{
    const struct weir_list *item = v.v;
    weir_put_lit(b, "{");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_string(b, v.k[i]);
        weir_put_lit(b, ":");
        write_list_of_optional_Deep(b, item[i]);
    }
    weir_put_lit(b, "}");
}

static void write_list_of_i64(struct weir_buf *b, struct weir_list v)
{
    const int64_t *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_i64(b, item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_map_of_bool(struct weir_buf *b, struct weir_map v)
{
    const bool *item = v.v;
    weir_put_lit(b, "{");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_string(b, v.k[i]);
        weir_put_lit(b, ":");
        weir_put_bool(b, item[i]);
    }
    weir_put_lit(b, "}");
}

static void write_Event_tagged(struct weir_buf *b, const struct Event_tagged *v)
{
    weir_put_lit(b, "{\"type\":");
    weir_put_string(b, v->type);
    weir_put_lit(b, ",\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, "}");
}

static void write_Event(struct weir_buf *b, const struct Event *v)
{
    switch (v->tag) {
    case Event_all:
        weir_put_lit(b, "{\"type\":\"all\",\"flag\":");
        weir_put_bool(b, v->all.flag);
        weir_put_lit(b, ",\"i\":");
        weir_put_i64(b, v->all.i);
        weir_put_lit(b, ",\"l\":");
        weir_put_i64(b, v->all.l);
        weir_put_lit(b, ",\"f\":");
        weir_put_f32(b, v->all.f);
        weir_put_lit(b, ",\"d\":");
        weir_put_f64(b, v->all.d);
        weir_put_lit(b, ",\"n\":");
        weir_put_dec(b, v->all.n, 4);
        weir_put_lit(b, ",\"s\":");
        weir_put_string(b, v->all.s);
        weir_put_lit(b, ",\"data\":");
        weir_put_bytes(b, v->all.data);
        weir_put_lit(b, ",\"at\":");
        weir_put_i64(b, v->all.at);
        weir_put_lit(b, ",\"iso\":");
        weir_put_timestamp_iso(b, v->all.iso);
        weir_put_lit(b, ",\"day\":");
        weir_put_date(b, v->all.day);
        weir_put_lit(b, ",\"took\":");
        weir_put_i64(b, v->all.took);
        weir_put_lit(b, ",\"any\":");
        weir_put_json(b, v->all.any);
        weir_put_lit(b, ",\"level\":");
        weir_put_string(b, Level_names[v->all.level]);
        weir_put_lit(b, ",\"deep\":");
        write_Deep(b, &v->all.deep);
        weir_put_lit(b, ",\"list\":");
        write_list_of_Deep(b, v->all.list);
        weir_put_lit(b, ",\"names\":");
        write_list_of_string(b, v->all.names);
        weir_put_lit(b, ",\"map\":");
        write_map_of_i64(b, v->all.map);
        weir_put_lit(b, ",\"nested\":");
        write_map_of_list_of_optional_Deep(b, v->all.nested);
        weir_put_lit(b, ",\"o_flag\":");
        if (v->all.o_flag.some) {
            weir_put_bool(b, v->all.o_flag.v);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"o_i\":");
        if (v->all.o_i.some) {
            weir_put_i64(b, v->all.o_i.v);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"o_d\":");
        if (v->all.o_d.some) {
            weir_put_f64(b, v->all.o_d.v);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"o_n\":");
        if (v->all.o_n.some) {
            weir_put_dec(b, v->all.o_n.v, 2);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"o_s\":");
        if (v->all.o_s.p != NULL) {
            weir_put_string(b, v->all.o_s);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"o_level\":");
        if (v->all.o_level.some) {
            weir_put_string(b, Level_names[v->all.o_level.v]);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"o_deep\":");
        if (v->all.o_deep != NULL) {
            write_Deep(b, v->all.o_deep);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"o_list\":");
        if (v->all.o_list.v != NULL) {
            write_list_of_i64(b, v->all.o_list);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"o_map\":");
        if (v->all.o_map.k != NULL) {
            write_map_of_bool(b, v->all.o_map);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, "}");
        break;
    case Event_row:
        weir_put_lit(b, "{\"type\":\"row\",\"id\":");
        weir_put_i64(b, v->row.id);
        weir_put_lit(b, ",\"name\":");
        weir_put_string(b, v->row.name);
        weir_put_lit(b, ",\"price\":");
        if (v->row.price.some) {
            weir_put_dec(b, v->row.price.v, 2);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"at\":");
        weir_put_timestamp_iso(b, v->row.at);
        weir_put_lit(b, ",\"level\":");
        weir_put_string(b, Level_names[v->row.level]);
        weir_put_lit(b, ",\"note\":");
        if (v->row.note.p != NULL) {
            weir_put_string(b, v->row.note);
        } else {
            weir_put_lit(b, "null");
        }
        weir_put_lit(b, ",\"day\":");
        weir_put_date(b, v->row.day);
        weir_put_lit(b, "}");
        break;
    default: // Event_tagged
        write_Event_tagged(b, &v->tagged);
        break;
    }
}

static void write_csv_Row(struct weir_buf *b, const struct Row *v, char delimiter)
{
    weir_put_i64(b, v->id);
    weir_put(b, &delimiter, 1);
    weir_csv_put(b, v->name, delimiter);
    weir_put(b, &delimiter, 1);
    if (v->price.some) {
        weir_put_dec(b, v->price.v, 2);
    }
    weir_put(b, &delimiter, 1);
    weir_csv_put(b, weir_string_of_timestamp(b->w, v->at), delimiter);
    weir_put(b, &delimiter, 1);
    weir_csv_put(b, Level_names[v->level], delimiter);
    weir_put(b, &delimiter, 1);
    if (v->note.p != NULL) {
        weir_csv_put(b, v->note, delimiter);
    }
    weir_put(b, &delimiter, 1);
    weir_csv_put(b, weir_string_of_date(b->w, v->day), delimiter);
}

static void write_part_out(struct weir_buf *b, const struct part_out *v)
{
    weir_put_lit(b, "{\"x\":");
    weir_put_i64(b, v->x);
    weir_put_lit(b, ",\"xs\":");
    write_list_of_i64(b, v->xs);
    weir_put_lit(b, ",\"n\":");
    write_map_of_list_of_optional_Deep(b, v->n);
    weir_put_lit(b, ",\"key\":");
    weir_put_i64(b, v->key);
    weir_put_lit(b, "}");
}

static void write_All(struct weir_buf *b, const struct All *v)
{
    weir_put_lit(b, "{\"flag\":");
    weir_put_bool(b, v->flag);
    weir_put_lit(b, ",\"i\":");
    weir_put_i64(b, v->i);
    weir_put_lit(b, ",\"l\":");
    weir_put_i64(b, v->l);
    weir_put_lit(b, ",\"f\":");
    weir_put_f32(b, v->f);
    weir_put_lit(b, ",\"d\":");
    weir_put_f64(b, v->d);
    weir_put_lit(b, ",\"n\":");
    weir_put_dec(b, v->n, 4);
    weir_put_lit(b, ",\"s\":");
    weir_put_string(b, v->s);
    weir_put_lit(b, ",\"data\":");
    weir_put_bytes(b, v->data);
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, ",\"iso\":");
    weir_put_timestamp_iso(b, v->iso);
    weir_put_lit(b, ",\"day\":");
    weir_put_date(b, v->day);
    weir_put_lit(b, ",\"took\":");
    weir_put_i64(b, v->took);
    weir_put_lit(b, ",\"any\":");
    weir_put_json(b, v->any);
    weir_put_lit(b, ",\"level\":");
    weir_put_string(b, Level_names[v->level]);
    weir_put_lit(b, ",\"deep\":");
    write_Deep(b, &v->deep);
    weir_put_lit(b, ",\"list\":");
    write_list_of_Deep(b, v->list);
    weir_put_lit(b, ",\"names\":");
    write_list_of_string(b, v->names);
    weir_put_lit(b, ",\"map\":");
    write_map_of_i64(b, v->map);
    weir_put_lit(b, ",\"nested\":");
    write_map_of_list_of_optional_Deep(b, v->nested);
    weir_put_lit(b, ",\"o_flag\":");
    if (v->o_flag.some) {
        weir_put_bool(b, v->o_flag.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"o_i\":");
    if (v->o_i.some) {
        weir_put_i64(b, v->o_i.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"o_d\":");
    if (v->o_d.some) {
        weir_put_f64(b, v->o_d.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"o_n\":");
    if (v->o_n.some) {
        weir_put_dec(b, v->o_n.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"o_s\":");
    if (v->o_s.p != NULL) {
        weir_put_string(b, v->o_s);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"o_level\":");
    if (v->o_level.some) {
        weir_put_string(b, Level_names[v->o_level.v]);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"o_deep\":");
    if (v->o_deep != NULL) {
        write_Deep(b, v->o_deep);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"o_list\":");
    if (v->o_list.v != NULL) {
        write_list_of_i64(b, v->o_list);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"o_map\":");
    if (v->o_map.k != NULL) {
        write_map_of_bool(b, v->o_map);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_Row(struct weir_buf *b, const struct Row *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_i64(b, v->id);
    weir_put_lit(b, ",\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"price\":");
    if (v->price.some) {
        weir_put_dec(b, v->price.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"at\":");
    weir_put_timestamp_iso(b, v->at);
    weir_put_lit(b, ",\"level\":");
    weir_put_string(b, Level_names[v->level]);
    weir_put_lit(b, ",\"note\":");
    if (v->note.p != NULL) {
        weir_put_string(b, v->note);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"day\":");
    weir_put_date(b, v->day);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Deep = { .name = "json Deep" };
static const struct weir_serde serde_All = { .name = "json All" };
static struct weir_str serde_csv_Row_from_json(struct weir_ctx *w, struct weir_str text)
{
    if (text.n > 0 && text.p[0] == '"') // a line as it is
        return weir_serde_string.from_json(w, text);
    struct Row value;
    struct weir_json j;
    weir_json_start(&j, text);
    if (!read_Row(w, &j, &value) || !weir_json_finish(w, &j))
        return WEIR_NULL_STR;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_csv_Row(&bytes, &value, '\t');
    return w->bad ? WEIR_NULL_STR : weir_buf_str(&bytes);
}

static struct weir_str serde_csv_Row_to_json(struct weir_ctx *w, struct weir_str text)
{
    struct Row value;
    if (!read_csv_Row(w, text, '\t', &value))
        return WEIR_NULL_STR;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Row(&bytes, &value);
    return w->bad ? WEIR_NULL_STR : weir_buf_str(&bytes);
}

static const struct weir_serde serde_csv_Row = { .name = "csv Row", .from_json = serde_csv_Row_from_json, .to_json = serde_csv_Row_to_json };
static const struct weir_serde serde_Event = { .name = "json Event" };
static struct weir_str serde_csv_string_from_json(struct weir_ctx *w, struct weir_str text)
{
    struct weir_str value;
    struct weir_json j;
    weir_json_start(&j, text);
    if (!weir_json_read_string(w, &j, &value) || !weir_json_finish(w, &j))
        return WEIR_NULL_STR;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_csv_string(&bytes, value, ',');
    return w->bad ? WEIR_NULL_STR : weir_buf_str(&bytes);
}

static struct weir_str serde_csv_string_to_json(struct weir_ctx *w, struct weir_str text)
{
    struct weir_str value;
    if (!read_csv_string(w, text, ',', &value))
        return WEIR_NULL_STR;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 64);
    weir_put_string(&bytes, value);
    return w->bad ? WEIR_NULL_STR : weir_buf_str(&bytes);
}

static const struct weir_serde serde_csv_string = { .name = "csv", .from_json = serde_csv_string_from_json, .to_json = serde_csv_string_to_json };
static const struct weir_serde serde_part_out = { .name = "json" };
static struct weir_str serde_csv_Row_2_from_json(struct weir_ctx *w, struct weir_str text)
{
    if (text.n > 0 && text.p[0] == '"') // a line as it is
        return weir_serde_string.from_json(w, text);
    struct Row value;
    struct weir_json j;
    weir_json_start(&j, text);
    if (!read_Row(w, &j, &value) || !weir_json_finish(w, &j))
        return WEIR_NULL_STR;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_csv_Row(&bytes, &value, ',');
    return w->bad ? WEIR_NULL_STR : weir_buf_str(&bytes);
}

static struct weir_str serde_csv_Row_2_to_json(struct weir_ctx *w, struct weir_str text)
{
    struct Row value;
    if (!read_csv_Row(w, text, ',', &value))
        return WEIR_NULL_STR;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Row(&bytes, &value);
    return w->bad ? WEIR_NULL_STR : weir_buf_str(&bytes);
}

static const struct weir_serde serde_csv_Row_2 = { .name = "csv Row", .from_json = serde_csv_Row_2_from_json, .to_json = serde_csv_Row_2_to_json };

// ---- stages ----

// Records without a value.
static void process_words_tombstone(struct weir_ctx *w)
{
    // | map upper(value)
    // | to "words-out" bool => csv string
    struct weir_out out = {
        .sink = sink_words_out,
        .key = w->record->key,
        .value = WEIR_NULL_STR,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream words from "words" bool => csv string
static void process_words(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_words_tombstone(w);
        return;
    }
    struct weir_str value;
    if (!read_csv_string(w, w->record->value, ',', &value))
        return;
    // | map upper(value)
    struct weir_str value_2 = weir_upper(w, value);
    if (w->bad)
        return;
    // | to "words-out" bool => csv string
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_csv_string(&json, value_2, ',');
    struct weir_out out = {
        .sink = sink_words_out,
        .key = w->record->key,
        .value = weir_buf_str(&json),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records without a value.
static void process_events_tombstone(struct weir_ctx *w)
{
    // | to "events-out"
    struct weir_out out = {
        .sink = sink_events_out,
        .key = w->record->key,
        .value = WEIR_NULL_STR,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream events from "events" bytes => json Event
static void process_events(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_events_tombstone(w);
        return;
    }
    struct Event event;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Event(w, &j, &event) || !weir_json_finish(w, &j))
        return;
    // | to "events-out"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Event(&json, &event);
    struct weir_out out = {
        .sink = sink_events_out,
        .key = w->record->key,
        .value = weir_buf_str(&json),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
    // | filter value is row
    if (event.tag == Event_row) {
        // | map name
        // | to "rows-of-events"
        struct weir_out out_2 = {
            .sink = sink_rows_of_events,
            .key = w->record->key,
            .value = event.row.name,
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out_2);
    }
}

// stream rows from "rows" float64 => csv(delimiter "\t") Row
static void process_rows(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Row row;
    if (!read_csv_Row(w, w->record->value, '\t', &row))
        return;
    // | filter price > 1.0
    struct weir_opt_bool value = row.price.some
        ? (struct weir_opt_bool){ weir_cmp_dec(row.price.v, 2, (struct weir_dec){ 100, 0 }, 2) > 0, true }
        : (struct weir_opt_bool){ 0 };
    if (value.some && value.v) {
        // | to "rows-out" float64 => csv Row
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_csv_Row(&json, &row, ',');
        struct weir_out out = {
            .sink = sink_rows_out,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// stream maybe from "maybe" string? => json All?
static void process_maybe(struct weir_ctx *w)
{
    const struct All *all = NULL;
    if (w->record->value.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->value);
        struct All *all_2 = NULL;
        if (!weir_json_null(w, &j))
            all_2 = weir_alloc(w, sizeof *all_2);
        all = all_2;
        if ((all_2 && !read_maybe(w, &j, all_2)) || !weir_json_finish(w, &j))
            return;
    }
    // | map value?.l ?? 0
    struct weir_opt_i64 value = all != NULL ? (struct weir_opt_i64){ all->l, true } : (struct weir_opt_i64){ 0 };
    int64_t value_2 = value.some ? value.v : 0;
    // | to "maybe-out"
    struct weir_out out = {
        .sink = sink_maybe_out,
        .key = w->record->key,
        .value = weir_wire_of_i64(w, value_2),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream part from "part" int64 => json All
static void process_part(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct All all;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_part(w, &j, &all) || !weir_json_finish(w, &j))
        return;
    int64_t key = 0;
    if (w->record->key.p && !weir_wire_to_i64(w, w->record->key, &key))
        return;
    // | filter o_deep?.x == 1 || length(list) > 2
    if (equal_optional_i64(all.o_deep != NULL ? (struct weir_opt_i64){ all.o_deep->x, true } : (struct weir_opt_i64){ 0 },
        (struct weir_opt_i64){ 1, true }) || (int64_t)all.list.n > 2) {
        // | map { x: deep.x, xs: map(list, e => e.x), n: nested, key }
        size_t count = all.list.n;
        int64_t *mapped = weir_array(w, &count, sizeof *mapped);
        for (size_t i = 0; i < count; i++) {
            const struct Deep *e = &((const struct Deep *)all.list.v)[i];
            mapped[i] = e->x;
        }
        struct weir_list xs = { mapped, count };
        if (!w->record->key.p)
            weir_null_key(w);
        struct part_out part_out = { .x = all.deep.x, .xs = xs, .n = all.nested, .key = key };
        if (w->bad)
            return;
        // | to "part-out"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_part_out(&json, &part_out);
        struct weir_out out = {
            .sink = sink_part_out,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// Records without a value.
static void process_all_tombstone(struct weir_ctx *w)
{
    struct Deep key = { 0 };
    if (w->record->key.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->key);
        if (!read_Deep(w, &j, &key) || !weir_json_finish(w, &j))
            return;
    }
    // | to "all-out"
    struct weir_str key_json_bytes = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf key_json;
        weir_buf_init(w, &key_json, 256);
        write_Deep(&key_json, &key);
        key_json_bytes = weir_buf_str(&key_json);
    }
    struct weir_out out = {
        .sink = sink_all_out,
        .key = key_json_bytes,
        .value = WEIR_NULL_STR,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// stream all from "all" json Deep => json All
static void process_all(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_all_tombstone(w);
        return;
    }
    struct All all;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_All(w, &j, &all) || !weir_json_finish(w, &j))
        return;
    struct Deep key = { 0 };
    if (w->record->key.p) {
        struct weir_json j_2;
        weir_json_start(&j_2, w->record->key);
        if (!read_Deep(w, &j_2, &key) || !weir_json_finish(w, &j_2))
            return;
    }
    // | to "all-out"
    struct weir_str key_json_bytes = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_buf key_json;
        weir_buf_init(w, &key_json, 256);
        write_Deep(&key_json, &key);
        key_json_bytes = weir_buf_str(&key_json);
    }
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_All(&json, &all);
    struct weir_out out = {
        .sink = sink_all_out,
        .key = key_json_bytes,
        .value = weir_buf_str(&json),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_all] = {
        .name = "all",
        .topics = (const char *const[]){ "all" },
        .topic_count = 1,
        .key = &serde_Deep,
        .value = &serde_All,
        .process = process_all,
    },
    [source_part] = {
        .name = "part",
        .topics = (const char *const[]){ "part" },
        .topic_count = 1,
        .subtopology = 1,
        .key = &weir_serde_int64,
        .value = &serde_All,
        .process = process_part,
    },
    [source_maybe] = {
        .name = "maybe",
        .topics = (const char *const[]){ "maybe" },
        .topic_count = 1,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_All,
        .process = process_maybe,
    },
    [source_rows] = {
        .name = "rows",
        .topics = (const char *const[]){ "rows" },
        .topic_count = 1,
        .subtopology = 3,
        .key = &weir_serde_float64,
        .value = &serde_csv_Row,
        .process = process_rows,
    },
    [source_events] = {
        .name = "events",
        .topics = (const char *const[]){ "events" },
        .topic_count = 1,
        .subtopology = 4,
        .key = &weir_serde_bytes,
        .value = &serde_Event,
        .process = process_events,
    },
    [source_words] = {
        .name = "words",
        .topics = (const char *const[]){ "words" },
        .topic_count = 1,
        .subtopology = 5,
        .key = &weir_serde_bool,
        .value = &serde_csv_string,
        .process = process_words,
    },
};

static const struct weir_sink sinks[] = {
    [sink_all_out] = {
        .name = "all_out",
        .topic = "all-out",
        .key = &serde_Deep,
        .value = &serde_All,
    },
    [sink_part_out] = {
        .name = "part_out",
        .topic = "part-out",
        .subtopology = 1,
        .key = &weir_serde_int64,
        .value = &serde_part_out,
    },
    [sink_maybe_out] = {
        .name = "maybe_out",
        .topic = "maybe-out",
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_rows_out] = {
        .name = "rows_out",
        .topic = "rows-out",
        .subtopology = 3,
        .key = &weir_serde_float64,
        .value = &serde_csv_Row_2,
    },
    [sink_events_out] = {
        .name = "events_out",
        .topic = "events-out",
        .subtopology = 4,
        .key = &weir_serde_bytes,
        .value = &serde_Event,
    },
    [sink_rows_of_events] = {
        .name = "rows_of_events",
        .topic = "rows-of-events",
        .subtopology = 4,
        .key = &weir_serde_bytes,
        .value = &weir_serde_string,
    },
    [sink_words_out] = {
        .name = "words_out",
        .topic = "words-out",
        .subtopology = 5,
        .key = &weir_serde_bool,
        .value = &serde_csv_string,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "codecs",
    .file = "codecs.weir",
    .sources = sources,
    .source_count = 6,
    .sinks = sinks,
    .sink_count = 7,
};
