// Made by weir from "process.weir".
#include <weir.h>

struct In {
    struct weir_str op;
    int64_t n;
    struct weir_list xs; // of int64_t
    struct weir_str note;
};

struct Kept {
    int64_t n;
    struct weir_list tags; // of struct weir_str
};

struct Flat {
    int64_t n;
    bool seen;
};

struct record {
    int64_t start;
    int64_t end;
};

struct changes {
    int64_t n;
    struct weir_opt_i64 before;
};

enum { source_rows, source_others };
enum { sink_notes, sink_ones, sink_notes_2, sink_changes };
enum { store_out_all_kept, store_out_all_flats, store_out_all_windows, store_out_all_sessions, store_out_all_versions, store_rows_all_kept, store_rows_all_flats, store_rows_all_windows, store_rows_all_sessions, store_rows_all_versions, store_rows_prev_note, store_rows_prev_n, store_rows_prev_n_2 };

// ---- constants ----

static const int64_t constants[] = { 1, 2 };

// ---- decoders ----

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

static bool read_In(struct weir_ctx *w, struct weir_json *j, struct In *v)
{
    static const struct weir_json_name fields[] = {
        { "op", 2, 5, "\"op\":" },
        { "n", 1, 4, "\"n\":" },
        { "xs", 2, 5, "\"xs\":" },
        { "note", 4, 7, "\"note\":" },
    };
    bool first = true, has_op = false, has_n = false, has_xs = false;
    int field, next = 0;
    v->note = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->op))
                return weir_json_in_field(w, "op");
            has_op = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        case 2:
            if (!read_list_of_i64(w, j, &v->xs))
                return weir_json_in_field(w, "xs");
            has_xs = true;
            break;
        case 3:
            v->note = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->note))
                return weir_json_in_field(w, "note");
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
    if (!has_n)
        return weir_json_missing(w, "n");
    if (!has_xs)
        return weir_json_missing(w, "xs");
    return true;
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

static bool read_Kept(struct weir_ctx *w, struct weir_json *j, struct Kept *v)
{
    static const struct weir_json_name fields[] = {
        { "n", 1, 4, "\"n\":" },
        { "tags", 4, 7, "\"tags\":" },
    };
    bool first = true, has_n = false, has_tags = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        case 1:
            if (!read_list_of_string(w, j, &v->tags))
                return weir_json_in_field(w, "tags");
            has_tags = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_n)
        return weir_json_missing(w, "n");
    if (!has_tags)
        return weir_json_missing(w, "tags");
    return true;
}

static bool read_Flat(struct weir_ctx *w, struct weir_json *j, struct Flat *v)
{
    static const struct weir_json_name fields[] = {
        { "n", 1, 4, "\"n\":" },
        { "seen", 4, 7, "\"seen\":" },
    };
    bool first = true, has_n = false, has_seen = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        case 1:
            if (!weir_json_read_bool(w, j, &v->seen))
                return weir_json_in_field(w, "seen");
            has_seen = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_n)
        return weir_json_missing(w, "n");
    if (!has_seen)
        return weir_json_missing(w, "seen");
    return true;
}

// ---- encoders ----

static void write_changes(struct weir_buf *b, const struct changes *v)
{
    weir_put_lit(b, "{\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, ",\"before\":");
    if (v->before.some) {
        weir_put_i64(b, v->before.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
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

static void write_Kept(struct weir_buf *b, const struct Kept *v)
{
    weir_put_lit(b, "{\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, ",\"tags\":");
    write_list_of_string(b, v->tags);
    weir_put_lit(b, "}");
}

static void write_Flat(struct weir_buf *b, const struct Flat *v)
{
    weir_put_lit(b, "{\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, ",\"seen\":");
    weir_put_bool(b, v->seen);
    weir_put_lit(b, "}");
}

// ---- functions of the program ----

// fn versions_of() -> [int64] = [1, 2]
static struct weir_list fn_versions_of(void)
{
    return (struct weir_list){ constants, 2 };
}

// ---- serdes ----

static const struct weir_serde serde_In = { .name = "json In" };
static const struct weir_serde serde_changes = { .name = "json" };
static const struct weir_serde serde_Kept = { .name = "json Kept" };
static const struct weir_serde serde_Flat = { .name = "json Flat" };

// ---- values in stores ----

static void keep_list_of_string(struct weir_list *v, char **next)
{
    struct weir_str *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        item[i].p = weir_keep(next, item[i].p, item[i].n);
    }
    v->v = item;
}

static void keep_Kept(struct Kept *v, char **next)
{
    keep_list_of_string(&v->tags, next);
}

static void keep_of_optional_Kept(void *to, const void *from)
{
    const struct Kept **v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Kept *const *)from;
    struct Kept *kept = weir_keep(next, (*v), sizeof *kept);
    if (kept)
        keep_Kept(kept, next);
    (*v) = kept;
}

static size_t extra_list_of_string(const struct weir_list *v)
{
    const struct weir_str *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        size += weir_keep_size(item[i].n);
    }
    return size;
}

static size_t extra_Kept(const struct Kept *v)
{
    return extra_list_of_string(&v->tags);
}

static size_t extra_of_optional_Kept(const void *value)
{
    const struct Kept *const *v = value;
    return ((*v) ? weir_keep_size(sizeof *(*v)) + extra_Kept((*v)) : 0);
}

static size_t extra_of_Kept(const void *value)
{
    const struct Kept *v = value;
    return extra_Kept(v);
}

static void keep_of_Kept(void *to, const void *from)
{
    struct Kept *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Kept *)from;
    keep_Kept(v, next);
}

static struct weir_str encode_Kept(struct weir_ctx *w, const void *value)
{
    const struct Kept *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Kept(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Kept(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Kept v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Kept(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Kept *)value = v;
    return true;
}

static struct weir_str encode_Flat(struct weir_ctx *w, const void *value)
{
    const struct Flat *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Flat(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Flat(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Flat v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Flat(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Flat *)value = v;
    return true;
}

static struct weir_str encode_i64(struct weir_ctx *w, const void *value)
{
    const int64_t *v = value;
    return weir_wire_of_i64(w, *v);
}

static bool decode_i64(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    int64_t v;
    if (!weir_wire_to_i64(w, bytes, &v))
        return false;
    *(int64_t *)value = v;
    return true;
}

static size_t extra_of_string(const void *value)
{
    const struct weir_str *v = value;
    return weir_keep_size(v->n);
}

static void keep_of_string(void *to, const void *from)
{
    struct weir_str *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct weir_str *)from;
    v->p = weir_keep(next, v->p, v->n);
}

static struct weir_str encode_string(struct weir_ctx *w, const void *value)
{
    const struct weir_str *v = value;
    (void)w;
    return *v;
}

static bool decode_string(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct weir_str v;
    if (!weir_wire_to_string(w, bytes, &v))
        return false;
    *(struct weir_str *)value = v;
    return true;
}

// ---- stages ----

// | emit note to "notes"
static void emit_rows_all_emitted(struct weir_ctx *w, struct weir_str key, bool key_is_null, struct weir_str value,
    int64_t timestamp, struct weir_str key_bytes)
{
    (void)key_is_null;
    (void)key_bytes;
    // | emit note to "notes"
    struct weir_out out = {
        .sink = sink_notes_2,
        .key = key,
        .value = value,
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// every 1m stream { for k, v in versions_of() { emit k => null } }
static void rows_all_stream_timer(struct weir_ctx *w, int64_t timestamp)
{
    struct weir_list list = fn_versions_of();
    for (size_t i = 0; i < list.n; i++) {
    }
    (void)timestamp;
    (void)w;
}

// every 10s wall {
//   emit millis(timestamp) => null
//   commit
// }
static void rows_all_wall_timer(struct weir_ctx *w, int64_t timestamp)
{
    weir_commit(w);
    (void)timestamp;
}

// | emit note to "notes"
static void emit_out_all_emitted(struct weir_ctx *w, struct weir_str key, bool key_is_null, struct weir_str value,
    int64_t timestamp, struct weir_str key_bytes)
{
    (void)key_is_null;
    (void)key_bytes;
    // | emit note to "notes"
    struct weir_out out = {
        .sink = sink_notes,
        .key = key,
        .value = value,
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | all
static void emit_out(struct weir_ctx *w, int64_t key, bool key_is_null, int64_t timestamp, struct weir_str key_bytes)
{
    (void)key_bytes;
    // | map 1
    int64_t value = 1;
    // | to "ones"
    struct weir_str key_json_bytes = WEIR_NULL_STR;
    if (!(key_is_null)) {
        key_json_bytes = weir_wire_of_i64(w, key);
    }
    struct weir_out out = {
        .sink = sink_ones,
        .key = key_json_bytes,
        .value = weir_wire_of_i64(w, value),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// every 1m stream { for k, v in versions_of() { emit k => null } }
static void out_all_stream_timer(struct weir_ctx *w, int64_t timestamp)
{
    struct weir_list list = fn_versions_of();
    for (size_t i = 0; i < list.n; i++) {
        int64_t k = (int64_t)i;
        {
            emit_out(w, k, false, timestamp, WEIR_NULL_STR);
        }
        if (w->bad)
            return;
    }
}

// every 10s wall {
//   emit millis(timestamp) => null
//   commit
// }
static void out_all_wall_timer(struct weir_ctx *w, int64_t timestamp)
{
    {
        emit_out(w, timestamp, false, timestamp, WEIR_NULL_STR);
    }
    if (w->bad)
        return;
    weir_commit(w);
}

// Records without a value.
static void process_others_tombstone(struct weir_ctx *w)
{
    weir_stream_time(w, w->record->timestamp);
}

// stream others from "others" string => int64
static void process_others(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_others_tombstone(w);
        return;
    }
    int64_t value;
    if (!weir_wire_to_i64(w, w->record->value, &value))
        return;
    weir_stream_time(w, w->record->timestamp);
    // | process all
    {
        {
            emit_out(w, value, false, w->record->timestamp, WEIR_NULL_STR);
        }
        if (w->bad)
            return;
    }
    // | process all
    {
    }
}

// Records without a value.
static void process_rows_tombstone(struct weir_ctx *w)
{
    weir_stream_time(w, w->record->timestamp);
    // | prev(note)
    // | prev(n)
}

// stream rows from "rows" string => json In
static void process_rows(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_rows_tombstone(w);
        return;
    }
    struct In in;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_In(w, &j, &in) || !weir_json_finish(w, &j))
        return;
    struct weir_str key = WEIR_NULL_STR;
    if (w->record->key.p && !weir_wire_to_string(w, w->record->key, &key))
        return;
    weir_stream_time(w, w->record->timestamp);
    // | process all
    {
        const struct weir_record *record = w->record;
        if (!w->record->key.p)
            weir_null_key(w);
        if (w->bad)
            return;
        struct weir_str row_key = key;
        struct weir_row *row = weir_row(w, store_out_all_kept, row_key, 0);
        const struct Kept *kept = row->value;
        const struct Kept *kept_2 = kept;
        const struct Kept *last = kept_2;
        if (w->bad)
            return;
        struct weir_str *items = weir_alloc(w, 1 * sizeof *items);
        items[0] = in.op;
        struct weir_list tags = { items, 1 };
        int64_t never_read = 1;
        (void)never_read;
        never_read = 2;
        const struct Kept *best = last;
        for (size_t i = 0; i < in.xs.n; i++) {
            int64_t i_2 = (int64_t)i;
            int64_t x = ((const int64_t *)in.xs.v)[i];
            struct weir_str *items_2 = weir_alloc(w, 1 * sizeof *items_2);
            items_2[0] = weir_string_of_i64(w, i_2);
            struct Kept row_2 = { .n = x, .tags = (struct weir_list){ items_2, 1 } };
            bool either = best == NULL;
            if (!either) {
                struct weir_opt_i64 value = last != NULL ? (struct weir_opt_i64){ last->n, true } : (struct weir_opt_i64){ 0 };
                either = x > (value.some ? value.v : 0);
            }
            if (either) {
                const struct Kept *value_2 = &row_2;
                best = *(const struct Kept **)weir_copy_all(w, &value_2, sizeof(const struct Kept *), extra_of_optional_Kept,
                    keep_of_optional_Kept);
            }
            struct weir_str *items_3 = weir_alloc(w, 1 * sizeof *items_3);
            items_3[0] = in.op;
            struct weir_list parts[2];
            parts[0] = tags;
            parts[1] = (struct weir_list){ items_3, 1 };
            tags = weir_list_concat(w, parts, 2, sizeof(struct weir_str));
            if (w->bad)
                return;
        }
        for (size_t i_3 = 0; i_3 < in.xs.n; i_3++) {
            weir_commit(w);
        }
        struct weir_str from = WEIR_STR("a");
        struct weir_str to = WEIR_STR("b");
        struct weir_scan *scan = weir_scan_rows(w, store_out_all_kept, from, to);
        weir_scan_reuse(scan);
        struct weir_scanned row_3;
        while (weir_scan_next(w, scan, &row_3)) {
            struct weir_str k;
            if (!weir_wire_to_string(w, row_3.key, &k))
                return;
            struct weir_str row_key_2 = k;
            struct weir_row *row_4 = weir_row(w, store_out_all_kept, row_key_2, 0);
            weir_row_put(w, store_out_all_kept, row_4, NULL, w->record->timestamp);
        }
        if (w->bad)
            return;
        struct weir_scan *scan_2 = weir_scan_rows(w, store_out_all_flats, WEIR_NULL_STR, WEIR_NULL_STR);
        weir_scan_reuse(scan_2);
        struct weir_scanned row_5;
        while (weir_scan_next(w, scan_2, &row_5)) {
            struct Flat v = *(const struct Flat *)row_5.value;
            struct weir_str name = WEIR_STR("seen");
            weir_header_set(w, name, weir_string_of_i64(w, v.n));
        }
        if (w->bad)
            return;
        struct weir_str row_key_3 = key;
        int64_t from_2 = weir_sub_i64(w, w->record->timestamp, 10000);
        if (w->bad)
            return;
        struct weir_scan *scan_3 = weir_scan_windows(w, store_out_all_windows, row_key_3, from_2, INT64_MAX);
        weir_scan_reuse(scan_3);
        struct weir_scanned row_6;
        while (weir_scan_next(w, scan_3, &row_6)) {
            int64_t t = row_6.start;
            int64_t v_2 = *(const int64_t *)row_6.value;
            struct weir_str row_key_4 = key;
            int64_t start = t;
            int64_t value_3 = weir_add_i64(w, v_2, 1);
            if (w->bad)
                return;
            weir_row_put(w, store_out_all_windows, weir_row(w, store_out_all_windows, row_key_4, start), &value_3,
                w->record->timestamp);
        }
        if (w->bad)
            return;
        int64_t to_2 = w->record->timestamp;
        struct weir_scan *scan_4 = weir_scan_sessions(w, store_out_all_sessions, WEIR_NULL_STR, INT64_MIN, to_2);
        weir_scan_reuse(scan_4);
        struct weir_scanned row_7;
        while (weir_scan_next(w, scan_4, &row_7)) {
            struct weir_str k_2;
            if (!weir_wire_to_string(w, row_7.key, &k_2))
                return;
            struct record w_2 = { .start = row_7.start, .end = row_7.end };
            struct weir_str row_key_5 = k_2;
            int64_t start_2 = w_2.start;
            int64_t end = w_2.end;
            weir_window_put(w, store_out_all_sessions, &(struct weir_change){
                .key = row_key_5,
                .start = start_2,
                .end = end,
                .value = NULL,
                .timestamp = w->record->timestamp,
            });
        }
        if (w->bad)
            return;
        struct Kept value_4 = { .n = in.n, .tags = tags };
        weir_row_put(w, store_out_all_kept, row, &value_4, w->record->timestamp);
        struct weir_str row_key_6 = key;
        struct weir_row *row_8 = weir_row(w, store_out_all_flats, row_key_6, 0);
        const struct Flat *kept_3 = row_8->value;
        const struct Flat *flats = kept_3 ? weir_copy(w, kept_3, sizeof *kept_3) : NULL;
        struct Flat value_5 = { .n = in.n, .seen = flats != NULL };
        weir_row_put(w, store_out_all_flats, row_8, &value_5, w->record->timestamp);
        struct weir_str row_key_7 = key;
        int64_t start_3 = w->record->timestamp;
        int64_t end_2 = w->record->timestamp;
        struct Kept value_6 = { .n = in.n, .tags = tags };
        weir_window_put(w, store_out_all_sessions, &(struct weir_change){
            .key = row_key_7,
            .start = start_3,
            .end = end_2,
            .value = &value_6,
            .timestamp = w->record->timestamp,
        });
        struct weir_str row_key_8 = key;
        weir_version_put(w, store_out_all_versions, row_key_8, &in.n, w->record->timestamp);
        struct weir_str row_key_9 = key;
        int64_t start_4 = weir_sub_i64(w, w->record->timestamp, 60000);
        if (w->bad)
            return;
        weir_version_put(w, store_out_all_versions, row_key_9, NULL, start_4);
        if (in.note.p != NULL) {
            {
                const struct weir_record *record_2 = w->record;
                struct weir_str header = in.note;
                weir_header_set(w, WEIR_STR("note"), header);
                emit_out(w, in.n, false, w->record->timestamp, WEIR_NULL_STR);
                w->record = record_2;
            }
            if (w->bad)
                return;
        } else {
            if (weir_eq_str(in.op, WEIR_STR("none"))) {
                {
                    emit_out(w, in.n, false, w->record->timestamp, WEIR_NULL_STR);
                }
                if (w->bad)
                    return;
            } else {
                {
                    int64_t key_2 = weir_div_i64(w, 100, in.n);
                    int64_t time = weir_add_i64(w, w->record->timestamp, 1000);
                    if (w->bad)
                        return;
                    if (time < 0) {
                        weir_drop_negative_time(w, time);
                    } else {
                        emit_out(w, key_2, false, time, WEIR_NULL_STR);
                    }
                }
                if (w->bad)
                    return;
            }
        }
        {
            emit_out_all_emitted(w, key, !w->record->key.p, in.note, w->record->timestamp, w->record->key);
        }
        if (w->bad)
            return;
        struct weir_str name_2 = WEIR_STR("seen");
        weir_header_set(w, name_2, WEIR_NULL_STR);
        w->record = record;
    }
    // | process all
    {
        const struct weir_record *record_3 = w->record;
        if (!w->record->key.p)
            weir_null_key(w);
        if (w->bad)
            return;
        struct weir_str row_key_10 = key;
        struct weir_row *row_9 = weir_row(w, store_rows_all_kept, row_key_10, 0);
        const struct Kept *kept_4 = row_9->value;
        const struct Kept *kept_5 = kept_4;
        const struct Kept *last_2 = kept_5;
        if (w->bad)
            return;
        struct weir_str *items_4 = weir_alloc(w, 1 * sizeof *items_4);
        items_4[0] = in.op;
        struct weir_list tags_2 = { items_4, 1 };
        int64_t never_read_2 = 1;
        (void)never_read_2;
        never_read_2 = 2;
        const struct Kept *best_2 = last_2;
        for (size_t i_4 = 0; i_4 < in.xs.n; i_4++) {
            int64_t i_5 = (int64_t)i_4;
            int64_t x_2 = ((const int64_t *)in.xs.v)[i_4];
            struct weir_str *items_5 = weir_alloc(w, 1 * sizeof *items_5);
            items_5[0] = weir_string_of_i64(w, i_5);
            struct Kept row_10 = { .n = x_2, .tags = (struct weir_list){ items_5, 1 } };
            bool either_2 = best_2 == NULL;
            if (!either_2) {
                struct weir_opt_i64 value_7 = last_2 != NULL ? (struct weir_opt_i64){ last_2->n, true } : (struct weir_opt_i64){ 0 };
                either_2 = x_2 > (value_7.some ? value_7.v : 0);
            }
            if (either_2) {
                const struct Kept *value_8 = &row_10;
                best_2 = *(const struct Kept **)weir_copy_all(w, &value_8, sizeof(const struct Kept *), extra_of_optional_Kept,
                    keep_of_optional_Kept);
            }
            struct weir_str *items_6 = weir_alloc(w, 1 * sizeof *items_6);
            items_6[0] = in.op;
            struct weir_list parts_2[2];
            parts_2[0] = tags_2;
            parts_2[1] = (struct weir_list){ items_6, 1 };
            tags_2 = weir_list_concat(w, parts_2, 2, sizeof(struct weir_str));
            if (w->bad)
                return;
        }
        for (size_t i_6 = 0; i_6 < in.xs.n; i_6++) {
            weir_commit(w);
        }
        struct weir_str from_3 = WEIR_STR("a");
        struct weir_str to_3 = WEIR_STR("b");
        struct weir_scan *scan_5 = weir_scan_rows(w, store_rows_all_kept, from_3, to_3);
        weir_scan_reuse(scan_5);
        struct weir_scanned row_11;
        while (weir_scan_next(w, scan_5, &row_11)) {
            struct weir_str k_3;
            if (!weir_wire_to_string(w, row_11.key, &k_3))
                return;
            struct weir_str row_key_11 = k_3;
            struct weir_row *row_12 = weir_row(w, store_rows_all_kept, row_key_11, 0);
            weir_row_put(w, store_rows_all_kept, row_12, NULL, w->record->timestamp);
        }
        if (w->bad)
            return;
        struct weir_scan *scan_6 = weir_scan_rows(w, store_rows_all_flats, WEIR_NULL_STR, WEIR_NULL_STR);
        weir_scan_reuse(scan_6);
        struct weir_scanned row_13;
        while (weir_scan_next(w, scan_6, &row_13)) {
            struct Flat v_3 = *(const struct Flat *)row_13.value;
            struct weir_str name_3 = WEIR_STR("seen");
            weir_header_set(w, name_3, weir_string_of_i64(w, v_3.n));
        }
        if (w->bad)
            return;
        struct weir_str row_key_12 = key;
        int64_t from_4 = weir_sub_i64(w, w->record->timestamp, 10000);
        if (w->bad)
            return;
        struct weir_scan *scan_7 = weir_scan_windows(w, store_rows_all_windows, row_key_12, from_4, INT64_MAX);
        weir_scan_reuse(scan_7);
        struct weir_scanned row_14;
        while (weir_scan_next(w, scan_7, &row_14)) {
            int64_t t_2 = row_14.start;
            int64_t v_4 = *(const int64_t *)row_14.value;
            struct weir_str row_key_13 = key;
            int64_t start_5 = t_2;
            int64_t value_9 = weir_add_i64(w, v_4, 1);
            if (w->bad)
                return;
            weir_row_put(w, store_rows_all_windows, weir_row(w, store_rows_all_windows, row_key_13, start_5), &value_9,
                w->record->timestamp);
        }
        if (w->bad)
            return;
        int64_t to_4 = w->record->timestamp;
        struct weir_scan *scan_8 = weir_scan_sessions(w, store_rows_all_sessions, WEIR_NULL_STR, INT64_MIN, to_4);
        weir_scan_reuse(scan_8);
        struct weir_scanned row_15;
        while (weir_scan_next(w, scan_8, &row_15)) {
            struct weir_str k_4;
            if (!weir_wire_to_string(w, row_15.key, &k_4))
                return;
            struct record w_3 = { .start = row_15.start, .end = row_15.end };
            struct weir_str row_key_14 = k_4;
            int64_t start_6 = w_3.start;
            int64_t end_3 = w_3.end;
            weir_window_put(w, store_rows_all_sessions, &(struct weir_change){
                .key = row_key_14,
                .start = start_6,
                .end = end_3,
                .value = NULL,
                .timestamp = w->record->timestamp,
            });
        }
        if (w->bad)
            return;
        struct Kept value_10 = { .n = in.n, .tags = tags_2 };
        weir_row_put(w, store_rows_all_kept, row_9, &value_10, w->record->timestamp);
        struct weir_str row_key_15 = key;
        struct weir_row *row_16 = weir_row(w, store_rows_all_flats, row_key_15, 0);
        const struct Flat *kept_6 = row_16->value;
        const struct Flat *flats_2 = kept_6 ? weir_copy(w, kept_6, sizeof *kept_6) : NULL;
        struct Flat value_11 = { .n = in.n, .seen = flats_2 != NULL };
        weir_row_put(w, store_rows_all_flats, row_16, &value_11, w->record->timestamp);
        struct weir_str row_key_16 = key;
        int64_t start_7 = w->record->timestamp;
        int64_t end_4 = w->record->timestamp;
        struct Kept value_12 = { .n = in.n, .tags = tags_2 };
        weir_window_put(w, store_rows_all_sessions, &(struct weir_change){
            .key = row_key_16,
            .start = start_7,
            .end = end_4,
            .value = &value_12,
            .timestamp = w->record->timestamp,
        });
        struct weir_str row_key_17 = key;
        weir_version_put(w, store_rows_all_versions, row_key_17, &in.n, w->record->timestamp);
        struct weir_str row_key_18 = key;
        int64_t start_8 = weir_sub_i64(w, w->record->timestamp, 60000);
        if (w->bad)
            return;
        weir_version_put(w, store_rows_all_versions, row_key_18, NULL, start_8);
        if (in.note.p != NULL) {
        } else {
            if (weir_eq_str(in.op, WEIR_STR("none"))) {
            } else {
            }
        }
        {
            emit_rows_all_emitted(w, key, !w->record->key.p, in.note, w->record->timestamp, w->record->key);
        }
        if (w->bad)
            return;
        struct weir_str name_4 = WEIR_STR("seen");
        weir_header_set(w, name_4, WEIR_NULL_STR);
        w->record = record_3;
    }
    // | prev(note)
    if (w->bad)
        return;
    struct weir_str prev = WEIR_NULL_STR;
    if (!(!w->record->key.p)) {
        struct weir_row *row_17 = weir_row(w, store_rows_prev_note, w->record->key, 0);
        const struct weir_str *kept_7 = row_17->value;
        prev = kept_7 ? *kept_7 : WEIR_NULL_STR;
        weir_row_put(w, store_rows_prev_note, row_17, in.note.p != NULL ? &in.note : NULL, w->record->timestamp);
    }
    // | prev(n)
    if (w->bad)
        return;
    struct weir_opt_i64 prev_2 = (struct weir_opt_i64){ 0 };
    if (!(!w->record->key.p)) {
        struct weir_row *row_18 = weir_row(w, store_rows_prev_n, w->record->key, 0);
        const int64_t *kept_8 = row_18->value;
        prev_2 = kept_8 ? (struct weir_opt_i64){ *kept_8, true } : (struct weir_opt_i64){ 0 };
        weir_row_put(w, store_rows_prev_n, row_18, &in.n, w->record->timestamp);
    }
    // | filter prev(note) != note && prev(n) != null
    if (!weir_eq_str(prev, in.note) && prev_2.some) {
        // | prev(n)
        if (w->bad)
            return;
        struct weir_opt_i64 prev_3 = (struct weir_opt_i64){ 0 };
        if (!(!w->record->key.p)) {
            struct weir_row *row_19 = weir_row(w, store_rows_prev_n_2, w->record->key, 0);
            const int64_t *kept_9 = row_19->value;
            prev_3 = kept_9 ? (struct weir_opt_i64){ *kept_9, true } : (struct weir_opt_i64){ 0 };
            weir_row_put(w, store_rows_prev_n_2, row_19, &in.n, w->record->timestamp);
        }
        // | map { n, before: prev(n) }
        struct changes changes = { .n = in.n, .before = prev_3 };
        // | to "changes"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_changes(&json, &changes);
        struct weir_out out = {
            .sink = sink_changes,
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
    [source_rows] = {
        .name = "rows",
        .topics = (const char *const[]){ "rows" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_In,
        .process = process_rows,
    },
    [source_others] = {
        .name = "others",
        .topics = (const char *const[]){ "others" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
        .process = process_others,
    },
};

static const struct weir_sink sinks[] = {
    [sink_notes] = {
        .name = "notes",
        .topic = "notes",
        .key = &weir_serde_string,
        .value = &weir_serde_string,
    },
    [sink_ones] = {
        .name = "ones",
        .topic = "ones",
        .key = &weir_serde_int64,
        .value = &weir_serde_int64,
    },
    [sink_notes_2] = {
        .name = "notes_2",
        .topic = "notes",
        .key = &weir_serde_string,
        .value = &weir_serde_string,
    },
    [sink_changes] = {
        .name = "changes",
        .topic = "changes",
        .key = &weir_serde_string,
        .value = &serde_changes,
    },
};

static const struct weir_store stores[] = {
    [store_out_all_kept] = {
        .name = "out-all-kept",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Kept,
        .fingerprint = 0x010d384dfa45f6cd,
        .value_size = sizeof(struct Kept),
        .extra = extra_of_Kept,
        .keep = keep_of_Kept,
        .encode = encode_Kept,
        .decode = decode_Kept,
    },
    [store_out_all_flats] = {
        .name = "out-all-flats",
        .kind = WEIR_STORE_ROWS,
        .memory = true,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Flat,
        .fingerprint = 0x2e0c9fe392cc7ec7,
        .value_size = sizeof(struct Flat),
        .encode = encode_Flat,
        .decode = decode_Flat,
    },
    [store_out_all_windows] = {
        .name = "out-all-windows",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xf92634efa49d93ac,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 10000,
        .retention = 60000,
    },
    [store_out_all_sessions] = {
        .name = "out-all-sessions",
        .kind = WEIR_STORE_SERIES,
        .no_changelog = true,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Kept,
        .fingerprint = 0xbe6b444436fe88bb,
        .value_size = sizeof(struct Kept),
        .extra = extra_of_Kept,
        .keep = keep_of_Kept,
        .encode = encode_Kept,
        .decode = decode_Kept,
        .window = WEIR_SESSION_WINDOWS,
        .window_size = 0,
        .retention = 60000,
    },
    [store_out_all_versions] = {
        .name = "out-all-versions",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0x46b3219d6199d2c7,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .history = 3600000,
    },
    [store_rows_all_kept] = {
        .name = "rows-all-kept",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Kept,
        .fingerprint = 0x010d384dfa45f6cd,
        .value_size = sizeof(struct Kept),
        .extra = extra_of_Kept,
        .keep = keep_of_Kept,
        .encode = encode_Kept,
        .decode = decode_Kept,
    },
    [store_rows_all_flats] = {
        .name = "rows-all-flats",
        .kind = WEIR_STORE_ROWS,
        .memory = true,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Flat,
        .fingerprint = 0x2e0c9fe392cc7ec7,
        .value_size = sizeof(struct Flat),
        .encode = encode_Flat,
        .decode = decode_Flat,
    },
    [store_rows_all_windows] = {
        .name = "rows-all-windows",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xf92634efa49d93ac,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 10000,
        .retention = 60000,
    },
    [store_rows_all_sessions] = {
        .name = "rows-all-sessions",
        .kind = WEIR_STORE_SERIES,
        .no_changelog = true,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Kept,
        .fingerprint = 0xbe6b444436fe88bb,
        .value_size = sizeof(struct Kept),
        .extra = extra_of_Kept,
        .keep = keep_of_Kept,
        .encode = encode_Kept,
        .decode = decode_Kept,
        .window = WEIR_SESSION_WINDOWS,
        .window_size = 0,
        .retention = 60000,
    },
    [store_rows_all_versions] = {
        .name = "rows-all-versions",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0x46b3219d6199d2c7,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .history = 3600000,
    },
    [store_rows_prev_note] = {
        .name = "rows-prev-note",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_string,
        .fingerprint = 0x536ce3d570f7a079,
        .value_size = sizeof(struct weir_str),
        .extra = extra_of_string,
        .keep = keep_of_string,
        .encode = encode_string,
        .decode = decode_string,
    },
    [store_rows_prev_n] = {
        .name = "rows-prev-n",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa43358dfcf1fe2b1,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
    },
    [store_rows_prev_n_2] = {
        .name = "rows-prev-n-2",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa43358dfcf1fe2b1,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
    },
};

static const struct weir_timer timers[] = {
    {
        .name = "all, every 1m stream",
        .subtopology = 0,
        .every = 60000,
        .fire = out_all_stream_timer,
    },
    {
        .name = "all, every 10s wall",
        .subtopology = 0,
        .every = 10000,
        .wall = true,
        .fire = out_all_wall_timer,
    },
    {
        .name = "all, every 1m stream",
        .subtopology = 0,
        .every = 60000,
        .fire = rows_all_stream_timer,
    },
    {
        .name = "all, every 10s wall",
        .subtopology = 0,
        .every = 10000,
        .wall = true,
        .fire = rows_all_wall_timer,
    },
};

static const struct weir_copartition copartitions[] = {
    { "process all", (const int[]){ source_rows, source_others }, 2 },
    { "process all", (const int[]){ source_rows, source_others }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "blocks",
    .file = "process.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 4,
    .stores = stores,
    .store_count = 13,
    .timers = timers,
    .timer_count = 4,
    .copartitions = copartitions,
    .copartition_count = 2,
};
