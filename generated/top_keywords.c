// Made by weir from "dsl-examples/top_keywords.weir".
#include <weir.h>

struct Search {
    struct weir_str keyword;
};

struct top {
    struct weir_str word;
};

struct top_2 {
    struct weir_map words; // of int64_t
};

struct record {
    struct weir_str key;
    int64_t value;
};

struct top_3_keywords {
    struct weir_str word;
    int64_t searches;
};

struct top_3 {
    struct weir_list keywords; // of struct top_3_keywords
};

enum { source_searches, source_top_by_all_repartition };
enum { sink_top_by_all_repartition, sink_top_keywords };
enum { store_top, store_top_suppress };

// ---- decoders ----

static bool read_top(struct weir_ctx *w, struct weir_json *j, struct top *v)
{
    static const struct weir_json_name fields[] = {
        { "word", 4, 7, "\"word\":" },
    };
    bool first = true, has_word = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->word))
                return weir_json_in_field(w, "word");
            has_word = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_word)
        return weir_json_missing(w, "word");
    return true;
}

static bool read_searches(struct weir_ctx *w, struct weir_json *j, struct Search *v)
{
    static const struct weir_json_name fields[] = {
        { "user", 4, 7, "\"user\":" },
        { "keyword", 7, 10, "\"keyword\":" },
    };
    bool first = true, has_keyword = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_string(w, j, &v->keyword))
                return weir_json_in_field(w, "keyword");
            has_keyword = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_keyword)
        return weir_json_missing(w, "keyword");
    return true;
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

static bool read_top_2(struct weir_ctx *w, struct weir_json *j, struct top_2 *v)
{
    static const struct weir_json_name fields[] = {
        { "words", 5, 8, "\"words\":" },
    };
    bool first = true, has_words = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!read_map_of_i64(w, j, &v->words))
                return weir_json_in_field(w, "words");
            has_words = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_words)
        return weir_json_missing(w, "words");
    return true;
}

// ---- encoders ----

static void write_top_3_keywords(struct weir_buf *b, const struct top_3_keywords *v)
{
    weir_put_lit(b, "{\"word\":");
    weir_put_string(b, v->word);
    weir_put_lit(b, ",\"searches\":");
    weir_put_i64(b, v->searches);
    weir_put_lit(b, "}");
}

static void write_list_of_top_3_keywords(struct weir_buf *b, struct weir_list v)
{
    const struct top_3_keywords *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_top_3_keywords(b, &item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_top_3(struct weir_buf *b, const struct top_3 *v)
{
    weir_put_lit(b, "{\"keywords\":");
    write_list_of_top_3_keywords(b, v->keywords);
    weir_put_lit(b, "}");
}

static void write_top(struct weir_buf *b, const struct top *v)
{
    weir_put_lit(b, "{\"word\":");
    weir_put_string(b, v->word);
    weir_put_lit(b, "}");
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

static void write_top_2(struct weir_buf *b, const struct top_2 *v)
{
    weir_put_lit(b, "{\"words\":");
    write_map_of_i64(b, v->words);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Search = { .name = "json Search" };
static const struct weir_serde serde_top = { .name = "json" };
static const struct weir_serde serde_windowed_string = {
    .name = "windowed 5m string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_TIME_WINDOWS,
    .window_size = 300000,
};
static const struct weir_serde serde_top_3 = { .name = "json" };
static const struct weir_serde serde_top_2 = { .name = "json" };

// ---- values in stores ----

static size_t extra_map_of_i64(const struct weir_map *v)
{
    const int64_t *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    size += weir_keep_size(v->n * sizeof *v->k);
    for (size_t i = 0; i < v->n; i++) {
        size += weir_keep_size(v->k[i].n);
    }
    return size;
}

static size_t extra_top_2(const struct top_2 *v)
{
    return extra_map_of_i64(&v->words);
}

static size_t extra_of_top_2(const void *value)
{
    const struct top_2 *v = value;
    return extra_top_2(v);
}

static void keep_map_of_i64(struct weir_map *v, char **next)
{
    struct weir_str *key = weir_keep(next, v->k, v->n * sizeof *key);
    for (size_t i = 0; i < v->n; i++) {
        key[i].p = weir_keep(next, key[i].p, key[i].n);
    }
    v->k = key;
    int64_t *item = weir_keep(next, v->v, v->n * sizeof *item);
    v->v = item;
}

static void keep_top_2(struct top_2 *v, char **next)
{
    keep_map_of_i64(&v->words, next);
}

static void keep_of_top_2(void *to, const void *from)
{
    struct top_2 *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct top_2 *)from;
    keep_top_2(v, next);
}

static struct weir_str encode_top_2(struct weir_ctx *w, const void *value)
{
    const struct top_2 *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_top_2(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_top_2(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct top_2 v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_top_2(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct top_2 *)value = v;
    return true;
}

// ---- stages ----

// | emit final
static void top_suppress_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct top_2 *top_2 = c->value;
    // | let ranking = sort(entries(words), w => 0 - w.value)
    struct weir_list ranking = { 0 };
    if (top_2) {
        size_t count = top_2->words.n;
        struct record *pairs = weir_array(w, &count, sizeof *pairs);
        for (size_t i = 0; i < count; i++) {
            pairs[i] = (struct record){ .key = top_2->words.k[i], .value = ((const int64_t *)top_2->words.v)[i] };
        }
        struct weir_list list = { pairs, count };
        size_t count_2 = list.n;
        int64_t *sort_keys = weir_array(w, &count_2, sizeof *sort_keys);
        for (size_t i_2 = 0; i_2 < count_2; i_2++) {
            const struct record *w_2 = &((const struct record *)list.v)[i_2];
            sort_keys[i_2] = weir_sub_i64(w, 0, w_2->value);
        }
        ranking = weir_list_sort_by(w, (struct weir_list){ list.v, count_2 }, sizeof(struct record), sort_keys,
            &weir_element_i64);
    }
    if (w->bad)
        return;
    // | map { keywords: map(slice(ranking, 0, 3), w => { word: w.key, searches: w.value }) }
    struct top_3 top_3 = { 0 };
    if (top_2) {
        struct weir_list list_2 = weir_list_slice(w, ranking, 0, 3, sizeof(struct record));
        size_t count_3 = list_2.n;
        struct top_3_keywords *mapped = weir_array(w, &count_3, sizeof *mapped);
        for (size_t i_3 = 0; i_3 < count_3; i_3++) {
            const struct record *w_3 = &((const struct record *)list_2.v)[i_3];
            mapped[i_3] = (struct top_3_keywords){ .word = w_3->key, .searches = w_3->value };
        }
        top_3 = (struct top_3){ .keywords = (struct weir_list){ mapped, count_3 } };
    }
    if (w->bad)
        return;
    // | to "top-keywords"
    if (top_2) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_top_3(&json, &top_3);
        struct weir_out out = {
            .sink = sink_top_keywords,
            .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_top_keywords,
            .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | aggregate { words: histogram(word) }
static void top_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct top_2 *top_2 = c->value;
    const struct top_2 *old_top_2 = c->old;
    // | emit final
    weir_suppress(w, store_top_suppress, &(struct weir_change){
        .key = c->key,
        .start = c->start,
        .end = c->end,
        .value = top_2,
        .old = old_top_2,
        .timestamp = c->timestamp,
    });
}

// | group all
static void process_top_by_all_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct top top;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_top(w, &j, &top) || !weir_json_finish(w, &j))
        return;
    // | window hopping 5m every 1m grace 10s
    // | aggregate { words: histogram(word) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_top);
    } else {
        int64_t stream_time = weir_store_time(w, store_top, w->record->timestamp);
        int64_t start = weir_window_first(w->record->timestamp, 300000, 60000);
        for (; start <= w->record->timestamp; start += 60000) {
            if (start <= stream_time - 310000) {
                weir_drop_late(w, store_top);
            } else {
                struct weir_row *row = weir_row(w, store_top, w->record->key, start);
                const struct top_2 *acc = row->value;
                struct top_2 fresh;
                if (!acc) {
                    fresh = (struct top_2){ .words = (struct weir_map){ weir_alloc(w, 0), NULL, 0 } };
                    acc = &fresh;
                }
                struct top_2 next = { .words = weir_map_tally(w, acc->words, top.word, 1) };
                if (w->bad)
                    return;
                weir_row_put(w, store_top, row, &next, weir_row_time(row, w->record->timestamp));
            }
        }
    }
}

// stream searches from "searches" string => json Search idle 1m
static void process_searches(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Search search;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_searches(w, &j, &search) || !weir_json_finish(w, &j))
        return;
    // | map { word: lower(trim(keyword)) }
    struct top top = { .word = weir_lower(w, weir_trim(w, search.keyword)) };
    if (w->bad)
        return;
    // | filter word != ""
    if (!weir_eq_str(top.word, WEIR_STR(""))) {
        // | group all
        struct weir_str key = WEIR_STR("all");
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_top(&json, &top);
        struct weir_out out = {
            .sink = sink_top_by_all_repartition,
            .key = key,
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
    [source_searches] = {
        .name = "searches",
        .topics = (const char *const[]){ "searches" },
        .topic_count = 1,
        .needs_time = true,
        .idle = 60000,
        .key = &weir_serde_string,
        .value = &serde_Search,
        .process = process_searches,
    },
    [source_top_by_all_repartition] = {
        .name = "top_by_all_repartition",
        .topics = (const char *const[]){ "top-by-all-repartition" },
        .topic_count = 1,
        .internal = true,
        .partitions = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_top,
        .process = process_top_by_all_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_top_by_all_repartition] = {
        .name = "top_by_all_repartition",
        .topic = "top-by-all-repartition",
        .internal = true,
        .partitions = 1,
        .key = &weir_serde_string,
        .value = &serde_top,
    },
    [sink_top_keywords] = {
        .name = "top_keywords",
        .topic = "top-keywords",
        .subtopology = 1,
        .key = &serde_windowed_string,
        .value = &serde_top_3,
    },
};

static const struct weir_store stores[] = {
    [store_top] = {
        .name = "top",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_top_2,
        .fingerprint = 0x59657dbe1d1fb316,
        .value_size = sizeof(struct top_2),
        .extra = extra_of_top_2,
        .keep = keep_of_top_2,
        .encode = encode_top_2,
        .decode = decode_top_2,
        .changed = top_changed,
        .wants_old = true,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 300000,
        .grace = 10000,
        .retention = 310000,
    },
    [store_top_suppress] = {
        .name = "top-suppress",
        .kind = WEIR_STORE_BUFFER,
        .memory = true,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_top_2,
        .fingerprint = 0x1b4c4cfe961a2df4,
        .value_size = sizeof(struct top_2),
        .extra = extra_of_top_2,
        .keep = keep_of_top_2,
        .encode = encode_top_2,
        .decode = decode_top_2,
        .changed = top_suppress_changed,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 300000,
        .grace = 10000,
        .retention = 310000,
        .wait = 10000,
        .final = true,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "top_keywords",
    .file = "dsl-examples/top_keywords.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 2,
};
