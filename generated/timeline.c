// Made by weir from "dsl-examples/timeline.weir".
#include <weir.h>

struct Tweet {
    struct weir_str sender;
    struct weir_str text;
    int64_t at;
};

struct Follow {
    struct weir_str follower;
    struct weir_str followee;
};

struct by_author {
    struct weir_list tweets; // of struct Tweet
};

struct timeline {
    struct weir_str follower;
    struct weir_list tweets; // of struct Tweet
};

struct timeline_2 {
    struct weir_list tweets; // of struct weir_list
};

enum { source_tweets, source_follows, source_tweets_by_sender_repartition, source_timeline_join_by_author_subscriptions_repartition, source_timeline_join_by_author_answers_repartition, source_timeline_by_follower_repartition };
enum { sink_tweets_by_sender_repartition, sink_timeline_join_by_author_subscriptions_repartition, sink_timeline_join_by_author_answers_repartition, sink_timeline_by_follower_repartition, sink_timelines };
enum { store_tweets, store_follows, store_by_author, store_timeline_join_by_author, store_timeline_kept, store_timeline };

// ---- equality ----

static bool equal_Tweet(const struct Tweet *a, const struct Tweet *b)
{
    return weir_eq_str(a->sender, b->sender)
        && weir_eq_str(a->text, b->text)
        && a->at == b->at;
}

static uint64_t hash_Tweet(const struct Tweet *v)
{
    uint64_t hash = 3;
    hash = weir_hash_mix(hash, weir_hash_str(v->sender));
    hash = weir_hash_mix(hash, weir_hash_str(v->text));
    hash = weir_hash_mix(hash, weir_hash_i64(v->at));
    return hash;
}

static bool equal_element_Tweet(const void *a, const void *b)
{
    return equal_Tweet(a, b);
}

static uint64_t hash_element_Tweet(const void *v)
{
    return hash_Tweet(v);
}

static const struct weir_element element_Tweet = { sizeof(struct Tweet), equal_element_Tweet, hash_element_Tweet, NULL };

static bool equal_element_list_of_Tweet(const void *a, const void *b)
{
    return weir_list_equal(*(const struct weir_list *)a, *(const struct weir_list *)b, &element_Tweet);
}

static uint64_t hash_element_list_of_Tweet(const void *v)
{
    return weir_list_hash(*(const struct weir_list *)v, &element_Tweet);
}

static const struct weir_element element_list_of_Tweet = { sizeof(struct weir_list), equal_element_list_of_Tweet, hash_element_list_of_Tweet, NULL };

// ---- decoders ----

static bool read_Tweet(struct weir_ctx *w, struct weir_json *j, struct Tweet *v)
{
    static const struct weir_json_name fields[] = {
        { "sender", 6, 9, "\"sender\":" },
        { "text", 4, 7, "\"text\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_sender = false, has_text = false, has_at = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->sender))
                return weir_json_in_field(w, "sender");
            has_sender = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->text))
                return weir_json_in_field(w, "text");
            has_text = true;
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
    if (!has_sender)
        return weir_json_missing(w, "sender");
    if (!has_text)
        return weir_json_missing(w, "text");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_list_of_Tweet(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct Tweet *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_Tweet(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_timeline_by_follower_repartition(struct weir_ctx *w, struct weir_json *j, struct timeline *v)
{
    static const struct weir_json_name fields[] = {
        { "follower", 8, 11, "\"follower\":" },
        { "tweets", 6, 9, "\"tweets\":" },
    };
    bool first = true, has_tweets = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!read_list_of_Tweet(w, j, &v->tweets))
                return weir_json_in_field(w, "tweets");
            has_tweets = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_tweets)
        return weir_json_missing(w, "tweets");
    return true;
}

static bool read_by_author(struct weir_ctx *w, struct weir_json *j, struct by_author *v)
{
    static const struct weir_json_name fields[] = {
        { "tweets", 6, 9, "\"tweets\":" },
    };
    bool first = true, has_tweets = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!read_list_of_Tweet(w, j, &v->tweets))
                return weir_json_in_field(w, "tweets");
            has_tweets = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_tweets)
        return weir_json_missing(w, "tweets");
    return true;
}

static bool read_Follow(struct weir_ctx *w, struct weir_json *j, struct Follow *v)
{
    static const struct weir_json_name fields[] = {
        { "follower", 8, 11, "\"follower\":" },
        { "followee", 8, 11, "\"followee\":" },
    };
    bool first = true, has_follower = false, has_followee = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->follower))
                return weir_json_in_field(w, "follower");
            has_follower = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->followee))
                return weir_json_in_field(w, "followee");
            has_followee = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_follower)
        return weir_json_missing(w, "follower");
    if (!has_followee)
        return weir_json_missing(w, "followee");
    return true;
}

static bool read_timeline(struct weir_ctx *w, struct weir_json *j, struct timeline *v)
{
    static const struct weir_json_name fields[] = {
        { "follower", 8, 11, "\"follower\":" },
        { "tweets", 6, 9, "\"tweets\":" },
    };
    bool first = true, has_follower = false, has_tweets = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->follower))
                return weir_json_in_field(w, "follower");
            has_follower = true;
            break;
        case 1:
            if (!read_list_of_Tweet(w, j, &v->tweets))
                return weir_json_in_field(w, "tweets");
            has_tweets = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_follower)
        return weir_json_missing(w, "follower");
    if (!has_tweets)
        return weir_json_missing(w, "tweets");
    return true;
}

static bool read_list_of_list_of_Tweet(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct weir_list *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_list_of_Tweet(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_timeline_2(struct weir_ctx *w, struct weir_json *j, struct timeline_2 *v)
{
    static const struct weir_json_name fields[] = {
        { "tweets", 6, 9, "\"tweets\":" },
    };
    bool first = true, has_tweets = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!read_list_of_list_of_Tweet(w, j, &v->tweets))
                return weir_json_in_field(w, "tweets");
            has_tweets = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_tweets)
        return weir_json_missing(w, "tweets");
    return true;
}

// ---- encoders ----

static void write_Tweet(struct weir_buf *b, const struct Tweet *v)
{
    weir_put_lit(b, "{\"sender\":");
    weir_put_string(b, v->sender);
    weir_put_lit(b, ",\"text\":");
    weir_put_string(b, v->text);
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, "}");
}

static void write_list_of_Tweet(struct weir_buf *b, struct weir_list v)
{
    const struct Tweet *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_Tweet(b, &item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_by_author(struct weir_buf *b, const struct by_author *v)
{
    weir_put_lit(b, "{\"tweets\":");
    write_list_of_Tweet(b, v->tweets);
    weir_put_lit(b, "}");
}

static void write_timeline(struct weir_buf *b, const struct timeline *v)
{
    weir_put_lit(b, "{\"follower\":");
    weir_put_string(b, v->follower);
    weir_put_lit(b, ",\"tweets\":");
    write_list_of_Tweet(b, v->tweets);
    weir_put_lit(b, "}");
}

static void write_Follow(struct weir_buf *b, const struct Follow *v)
{
    weir_put_lit(b, "{\"follower\":");
    weir_put_string(b, v->follower);
    weir_put_lit(b, ",\"followee\":");
    weir_put_string(b, v->followee);
    weir_put_lit(b, "}");
}

static void write_list_of_list_of_Tweet(struct weir_buf *b, struct weir_list v)
{
    const struct weir_list *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_list_of_Tweet(b, item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_timeline_2(struct weir_buf *b, const struct timeline_2 *v)
{
    weir_put_lit(b, "{\"tweets\":");
    write_list_of_list_of_Tweet(b, v->tweets);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Tweet = { .name = "json Tweet" };
static const struct weir_serde serde_Follow = { .name = "json Follow" };
static const struct weir_serde serde_timeline = { .name = "json" };
static const struct weir_serde serde_by_author = { .name = "json" };
static const struct weir_serde serde_timeline_2 = { .name = "json" };

// ---- values in stores ----

static size_t extra_Tweet(const struct Tweet *v)
{
    return weir_keep_size(v->sender.n)
        + weir_keep_size(v->text.n);
}

static size_t extra_of_Tweet(const void *value)
{
    const struct Tweet *v = value;
    return extra_Tweet(v);
}

static void keep_Tweet(struct Tweet *v, char **next)
{
    v->sender.p = weir_keep(next, v->sender.p, v->sender.n);
    v->text.p = weir_keep(next, v->text.p, v->text.n);
}

static void keep_of_Tweet(void *to, const void *from)
{
    struct Tweet *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Tweet *)from;
    keep_Tweet(v, next);
}

static struct weir_str encode_Tweet(struct weir_ctx *w, const void *value)
{
    const struct Tweet *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Tweet(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Tweet(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Tweet v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Tweet(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Tweet *)value = v;
    return true;
}

static size_t extra_Follow(const struct Follow *v)
{
    return weir_keep_size(v->follower.n)
        + weir_keep_size(v->followee.n);
}

static size_t extra_of_Follow(const void *value)
{
    const struct Follow *v = value;
    return extra_Follow(v);
}

static void keep_Follow(struct Follow *v, char **next)
{
    v->follower.p = weir_keep(next, v->follower.p, v->follower.n);
    v->followee.p = weir_keep(next, v->followee.p, v->followee.n);
}

static void keep_of_Follow(void *to, const void *from)
{
    struct Follow *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Follow *)from;
    keep_Follow(v, next);
}

static struct weir_str encode_Follow(struct weir_ctx *w, const void *value)
{
    const struct Follow *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Follow(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Follow(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Follow v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Follow(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Follow *)value = v;
    return true;
}

static size_t extra_list_of_Tweet(const struct weir_list *v)
{
    const struct Tweet *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        size += extra_Tweet(&item[i]);
    }
    return size;
}

static size_t extra_by_author(const struct by_author *v)
{
    return extra_list_of_Tweet(&v->tweets);
}

static size_t extra_of_by_author(const void *value)
{
    const struct by_author *v = value;
    return extra_by_author(v);
}

static void keep_list_of_Tweet(struct weir_list *v, char **next)
{
    struct Tweet *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        keep_Tweet(&item[i], next);
    }
    v->v = item;
}

static void keep_by_author(struct by_author *v, char **next)
{
    keep_list_of_Tweet(&v->tweets, next);
}

static void keep_of_by_author(void *to, const void *from)
{
    struct by_author *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct by_author *)from;
    keep_by_author(v, next);
}

static struct weir_str encode_by_author(struct weir_ctx *w, const void *value)
{
    const struct by_author *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_by_author(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_by_author(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct by_author v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_by_author(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct by_author *)value = v;
    return true;
}

static size_t extra_timeline(const struct timeline *v)
{
    return weir_keep_size(v->follower.n)
        + extra_list_of_Tweet(&v->tweets);
}

static size_t extra_of_timeline(const void *value)
{
    const struct timeline *v = value;
    return extra_timeline(v);
}

static void keep_timeline(struct timeline *v, char **next)
{
    v->follower.p = weir_keep(next, v->follower.p, v->follower.n);
    keep_list_of_Tweet(&v->tweets, next);
}

static void keep_of_timeline(void *to, const void *from)
{
    struct timeline *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct timeline *)from;
    keep_timeline(v, next);
}

static struct weir_str encode_timeline(struct weir_ctx *w, const void *value)
{
    const struct timeline *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_timeline(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_timeline(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct timeline v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_timeline(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct timeline *)value = v;
    return true;
}

static size_t extra_list_of_list_of_Tweet(const struct weir_list *v)
{
    const struct weir_list *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        size += extra_list_of_Tweet(&item[i]);
    }
    return size;
}

static size_t extra_timeline_2(const struct timeline_2 *v)
{
    return extra_list_of_list_of_Tweet(&v->tweets);
}

static size_t extra_of_timeline_2(const void *value)
{
    const struct timeline_2 *v = value;
    return extra_timeline_2(v);
}

static void keep_list_of_list_of_Tweet(struct weir_list *v, char **next)
{
    struct weir_list *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        keep_list_of_Tweet(&item[i], next);
    }
    v->v = item;
}

static void keep_timeline_2(struct timeline_2 *v, char **next)
{
    keep_list_of_list_of_Tweet(&v->tweets, next);
}

static void keep_of_timeline_2(void *to, const void *from)
{
    struct timeline_2 *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct timeline_2 *)from;
    keep_timeline_2(v, next);
}

static struct weir_str encode_timeline_2(struct weir_ctx *w, const void *value)
{
    const struct timeline_2 *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_timeline_2(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_timeline_2(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct timeline_2 v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_timeline_2(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct timeline_2 *)value = v;
    return true;
}

// ---- stages ----

// | aggregate { tweets: collect(tweets) }
static void timeline_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct timeline_2 *timeline_2 = c->value;
    // | map { tweets: sort(flatten(tweets), t => 0 - t.at) }
    struct by_author by_author = { 0 };
    if (timeline_2) {
        struct weir_list list = weir_list_concat(w, timeline_2->tweets.v, timeline_2->tweets.n, sizeof(struct Tweet));
        size_t count = list.n;
        int64_t *sort_keys = weir_array(w, &count, sizeof *sort_keys);
        for (size_t i = 0; i < count; i++) {
            const struct Tweet *t = &((const struct Tweet *)list.v)[i];
            sort_keys[i] = weir_sub_i64(w, 0, t->at);
        }
        by_author = (struct by_author){
            .tweets = weir_list_sort_by(w, (struct weir_list){ list.v, count }, sizeof(struct Tweet), sort_keys,
                &weir_element_i64),
        };
    }
    if (w->bad)
        return;
    // | to "timelines"
    if (timeline_2) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_by_author(&json, &by_author);
        struct weir_out out = {
            .sink = sink_timelines,
            .key = c->key,
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_timelines,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | group by follower
static void process_timeline_by_follower_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value_bytes, old_value_bytes;
    if (!weir_change_split(w, w->record->value, &old_value_bytes, &value_bytes))
        return;
    struct timeline timeline = { 0 };
    if (value_bytes.p) {
        struct weir_json j;
        weir_json_start(&j, value_bytes);
        if (!read_timeline_by_follower_repartition(w, &j, &timeline) || !weir_json_finish(w, &j))
            return;
    }
    struct timeline old_timeline = { 0 };
    if (old_value_bytes.p) {
        struct weir_json j_2;
        weir_json_start(&j_2, old_value_bytes);
        if (!read_timeline_by_follower_repartition(w, &j_2, &old_timeline) || !weir_json_finish(w, &j_2))
            return;
    }
    // | aggregate { tweets: collect(tweets) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_timeline);
    } else {
        struct weir_row *row = weir_row(w, store_timeline, w->record->key, 0);
        const struct timeline_2 *acc = row->value;
        struct timeline_2 undone;
        if (acc && old_value_bytes.p) {
            struct weir_list element = old_timeline.tweets;
            undone = (struct timeline_2){ .tweets = weir_list_remove(w, acc->tweets, &element, &element_list_of_Tweet) };
            acc = &undone;
        }
        struct timeline_2 added;
        if (value_bytes.p) {
            struct timeline_2 fresh;
            if (!acc) {
                fresh = (struct timeline_2){ .tweets = (struct weir_list){ "", 0 } };
                acc = &fresh;
            }
            struct weir_list element_2 = timeline.tweets;
            added = (struct timeline_2){
                .tweets = weir_list_append(w, acc->tweets, &element_2, sizeof(struct weir_list)),
            };
            acc = &added;
        }
        if (w->bad)
            return;
        weir_row_put(w, store_timeline, row, acc, weir_row_time(row, w->record->timestamp));
    }
}

// | group
static void timeline_kept_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct timeline *timeline = c->value;
    const struct timeline *old_timeline = c->old;
    // | group by follower
    struct weir_str key_bytes = WEIR_NULL_STR, value_bytes = WEIR_NULL_STR;
    if (timeline) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_timeline(&json, timeline);
        key_bytes = timeline->follower;
        value_bytes = weir_buf_str(&json);
    }
    struct weir_str old_key_bytes = WEIR_NULL_STR, old_value_bytes = WEIR_NULL_STR;
    if (old_timeline) {
        struct weir_buf old_json;
        weir_buf_init(w, &old_json, 256);
        write_timeline(&old_json, old_timeline);
        old_key_bytes = old_timeline->follower;
        old_value_bytes = weir_buf_str(&old_json);
    }
    struct weir_out out = {
        .sink = sink_timeline_by_follower_repartition,
        .key = key_bytes,
        .value = value_bytes,
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send_change(w, &out, old_key_bytes, old_value_bytes);
}

// | join by_author on followee == by_author.key
static void process_timeline_join_by_author_answers_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Follow key = { 0 };
    if (w->record->key.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->key);
        if (!read_Follow(w, &j, &key) || !weir_json_finish(w, &j))
            return;
    }
    const struct weir_row *follow_row = weir_row_find(w, store_follows, w->record->key, 0);
    const struct Follow *follow = follow_row ? follow_row->value : NULL;
    struct weir_str left_bytes = WEIR_NULL_STR;
    if (follow) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Follow(&json, follow);
        left_bytes = weir_buf_str(&json);
    }
    struct weir_str right_bytes;
    if (weir_answer_take(w, left_bytes, &right_bytes)) {
        bool there = follow && right_bytes.p;
        struct by_author by_author = { 0 };
        if (right_bytes.p) {
            struct weir_json j;
            weir_json_start(&j, right_bytes);
            if (!read_by_author(w, &j, &by_author) || !weir_json_finish(w, &j))
                return;
        }
        // | map { follower, tweets: by_author.tweets }
        struct timeline timeline = { 0 };
        if (there) {
            timeline = (struct timeline){ .follower = follow->follower, .tweets = by_author.tweets };
        }
        // | group
        struct weir_buf row_key;
        weir_buf_init(w, &row_key, 256);
        write_Follow(&row_key, &key);
        struct weir_row *row = weir_row(w, store_timeline_kept, weir_buf_str(&row_key), 0);
        weir_row_put(w, store_timeline_kept, row, there ? &timeline : NULL, w->record->timestamp);
    }
}

// | join by_author on followee == by_author.key
static void process_timeline_join_by_author_subscriptions_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_subscription s;
    if (weir_subscription_take(w, store_timeline_join_by_author, &s) && s.answer) {
        struct weir_str answer = WEIR_NULL_STR;
        int64_t time = w->record->timestamp;
        if (s.foreign.p) {
            const struct weir_row *right_row = weir_row_find(w, store_by_author, s.foreign, 0);
            const struct by_author *right = right_row ? right_row->value : NULL;
            int64_t right_time = right_row ? right_row->timestamp : 0;
            if (right) {
                struct weir_buf json;
                weir_buf_init(w, &json, 256);
                write_by_author(&json, right);
                answer = weir_buf_str(&json);
                time = right_time > time ? right_time : time;
            }
        }
        if (answer.p || !s.only_found)
            weir_answer(w, sink_timeline_join_by_author_answers_repartition, &s, s.gone ? WEIR_NULL_STR : answer, time);
    }
}

// | aggregate { tweets: collect(value) }
static void by_author_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct by_author *by_author = c->value;
    // | join by_author on followee == by_author.key
    struct weir_str value_bytes = WEIR_NULL_STR;
    if (by_author) {
        struct weir_buf value_json;
        weir_buf_init(w, &value_json, 256);
        write_by_author(&value_json, by_author);
        value_bytes = weir_buf_str(&value_json);
    }
    weir_answer_all(w, store_timeline_join_by_author, sink_timeline_join_by_author_answers_repartition, c->key, value_bytes,
        c->timestamp);
}

// | group by sender
static void process_tweets_by_sender_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value_bytes, old_value_bytes;
    if (!weir_change_split(w, w->record->value, &old_value_bytes, &value_bytes))
        return;
    struct Tweet tweet = { 0 };
    if (value_bytes.p) {
        struct weir_json j;
        weir_json_start(&j, value_bytes);
        if (!read_Tweet(w, &j, &tweet) || !weir_json_finish(w, &j))
            return;
    }
    struct Tweet old_tweet = { 0 };
    if (old_value_bytes.p) {
        struct weir_json j_2;
        weir_json_start(&j_2, old_value_bytes);
        if (!read_Tweet(w, &j_2, &old_tweet) || !weir_json_finish(w, &j_2))
            return;
    }
    // | aggregate { tweets: collect(value) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_by_author);
    } else {
        struct weir_row *row = weir_row(w, store_by_author, w->record->key, 0);
        const struct by_author *acc = row->value;
        struct by_author undone;
        if (acc && old_value_bytes.p) {
            undone = (struct by_author){ .tweets = weir_list_remove(w, acc->tweets, &old_tweet, &element_Tweet) };
            acc = &undone;
        }
        struct by_author added;
        if (value_bytes.p) {
            struct by_author fresh;
            if (!acc) {
                fresh = (struct by_author){ .tweets = (struct weir_list){ "", 0 } };
                acc = &fresh;
            }
            added = (struct by_author){ .tweets = weir_list_append(w, acc->tweets, &tweet, sizeof(struct Tweet)) };
            acc = &added;
        }
        if (w->bad)
            return;
        weir_row_put(w, store_by_author, row, acc, weir_row_time(row, w->record->timestamp));
    }
}

// follows
static void follows_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct Follow *follow = c->value;
    const struct Follow *old_follow = c->old;
    // | join by_author on followee == by_author.key
    struct weir_str foreign_bytes = WEIR_NULL_STR;
    if (follow) {
        foreign_bytes = follow->followee;
    }
    struct weir_str old_foreign_bytes = WEIR_NULL_STR;
    if (old_follow) {
        old_foreign_bytes = old_follow->followee;
    }
    struct weir_str value_bytes = WEIR_NULL_STR;
    if (follow) {
        struct weir_buf value_json;
        weir_buf_init(w, &value_json, 256);
        write_Follow(&value_json, follow);
        value_bytes = weir_buf_str(&value_json);
    }
    weir_subscribe(w, sink_timeline_join_by_author_subscriptions_repartition, &(struct weir_subscribe){
        .key = c->key,
        .foreign = foreign_bytes,
        .value = value_bytes,
        .old_foreign = old_foreign_bytes,
        .had = old_follow,
        .timestamp = c->timestamp,
    });
}

// Records without a value.
static void process_follows_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_follows);
    } else {
        struct weir_row *row = weir_row(w, store_follows, w->record->key, 0);
        weir_row_put(w, store_follows, row, NULL, w->record->timestamp);
    }
}

// table follows from "follows" json Follow => json Follow
static void process_follows(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_follows_tombstone(w);
        return;
    }
    struct Follow follow;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Follow(w, &j, &follow) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_follows);
    } else {
        struct weir_row *row = weir_row(w, store_follows, w->record->key, 0);
        weir_row_put(w, store_follows, row, &follow, w->record->timestamp);
    }
}

// tweets
static void tweets_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct Tweet *tweet = c->value;
    const struct Tweet *old_tweet = c->old;
    // | group by sender
    struct weir_str key_bytes = WEIR_NULL_STR, value_bytes = WEIR_NULL_STR;
    if (tweet) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Tweet(&json, tweet);
        key_bytes = tweet->sender;
        value_bytes = weir_buf_str(&json);
    }
    struct weir_str old_key_bytes = WEIR_NULL_STR, old_value_bytes = WEIR_NULL_STR;
    if (old_tweet) {
        struct weir_buf old_json;
        weir_buf_init(w, &old_json, 256);
        write_Tweet(&old_json, old_tweet);
        old_key_bytes = old_tweet->sender;
        old_value_bytes = weir_buf_str(&old_json);
    }
    struct weir_out out = {
        .sink = sink_tweets_by_sender_repartition,
        .key = key_bytes,
        .value = value_bytes,
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send_change(w, &out, old_key_bytes, old_value_bytes);
}

// Records without a value.
static void process_tweets_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_tweets);
    } else {
        struct weir_row *row = weir_row(w, store_tweets, w->record->key, 0);
        weir_row_put(w, store_tweets, row, NULL, w->record->timestamp);
    }
}

// table tweets from "tweets" string => json Tweet
static void process_tweets(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_tweets_tombstone(w);
        return;
    }
    struct Tweet tweet;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Tweet(w, &j, &tweet) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_tweets);
    } else {
        struct weir_row *row = weir_row(w, store_tweets, w->record->key, 0);
        weir_row_put(w, store_tweets, row, &tweet, w->record->timestamp);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_tweets] = {
        .name = "tweets",
        .topics = (const char *const[]){ "tweets" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_Tweet,
        .process = process_tweets,
    },
    [source_follows] = {
        .name = "follows",
        .topics = (const char *const[]){ "follows" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 1,
        .key = &serde_Follow,
        .value = &serde_Follow,
        .process = process_follows,
    },
    [source_tweets_by_sender_repartition] = {
        .name = "tweets_by_sender_repartition",
        .topics = (const char *const[]){ "tweets-by-sender-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &serde_Tweet,
        .process = process_tweets_by_sender_repartition,
    },
    [source_timeline_join_by_author_subscriptions_repartition] = {
        .name = "timeline_join_by_author_subscriptions_repartition",
        .topics = (const char *const[]){ "timeline-join-by_author-subscriptions-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 2,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
        .process = process_timeline_join_by_author_subscriptions_repartition,
    },
    [source_timeline_join_by_author_answers_repartition] = {
        .name = "timeline_join_by_author_answers_repartition",
        .topics = (const char *const[]){ "timeline-join-by_author-answers-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &serde_Follow,
        .value = &weir_serde_bytes,
        .process = process_timeline_join_by_author_answers_repartition,
    },
    [source_timeline_by_follower_repartition] = {
        .name = "timeline_by_follower_repartition",
        .topics = (const char *const[]){ "timeline-by-follower-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 3,
        .key = &weir_serde_string,
        .value = &serde_timeline,
        .process = process_timeline_by_follower_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_tweets_by_sender_repartition] = {
        .name = "tweets_by_sender_repartition",
        .topic = "tweets-by-sender-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Tweet,
    },
    [sink_timeline_join_by_author_subscriptions_repartition] = {
        .name = "timeline_join_by_author_subscriptions_repartition",
        .topic = "timeline-join-by_author-subscriptions-repartition",
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_bytes,
    },
    [sink_timeline_join_by_author_answers_repartition] = {
        .name = "timeline_join_by_author_answers_repartition",
        .topic = "timeline-join-by_author-answers-repartition",
        .internal = true,
        .subtopology = 2,
        .key = &serde_Follow,
        .value = &weir_serde_bytes,
    },
    [sink_timeline_by_follower_repartition] = {
        .name = "timeline_by_follower_repartition",
        .topic = "timeline-by-follower-repartition",
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_timeline,
    },
    [sink_timelines] = {
        .name = "timelines",
        .topic = "timelines",
        .subtopology = 3,
        .key = &weir_serde_string,
        .value = &serde_by_author,
    },
};

static const struct weir_store stores[] = {
    [store_tweets] = {
        .name = "tweets",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_tweets,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Tweet,
        .fingerprint = 0x022343f4612cb935,
        .value_size = sizeof(struct Tweet),
        .extra = extra_of_Tweet,
        .keep = keep_of_Tweet,
        .encode = encode_Tweet,
        .decode = decode_Tweet,
        .changed = tweets_changed,
        .wants_old = true,
    },
    [store_follows] = {
        .name = "follows",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_follows,
        .subtopology = 1,
        .key_serde = &serde_Follow,
        .value_serde = &serde_Follow,
        .fingerprint = 0x8469d5e35b926829,
        .value_size = sizeof(struct Follow),
        .extra = extra_of_Follow,
        .keep = keep_of_Follow,
        .encode = encode_Follow,
        .decode = decode_Follow,
        .changed = follows_changed,
        .wants_old = true,
        .at_once = true,
    },
    [store_by_author] = {
        .name = "by_author",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_by_author,
        .fingerprint = 0x9d8838eb5092affa,
        .value_size = sizeof(struct by_author),
        .extra = extra_of_by_author,
        .keep = keep_of_by_author,
        .encode = encode_by_author,
        .decode = decode_by_author,
        .changed = by_author_changed,
        .at_once = true,
    },
    [store_timeline_join_by_author] = {
        .name = "timeline-join-by_author",
        .kind = WEIR_STORE_SUBSCRIPTIONS,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_bytes,
        .value_serde = &weir_serde_bytes,
        .fingerprint = 0x484e05f6040b299f,
    },
    [store_timeline_kept] = {
        .name = "timeline-kept",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &serde_Follow,
        .value_serde = &serde_timeline,
        .fingerprint = 0xef3ada91760c9e49,
        .value_size = sizeof(struct timeline),
        .extra = extra_of_timeline,
        .keep = keep_of_timeline,
        .encode = encode_timeline,
        .decode = decode_timeline,
        .changed = timeline_kept_changed,
        .wants_old = true,
    },
    [store_timeline] = {
        .name = "timeline",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 3,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_timeline_2,
        .fingerprint = 0x4f91692fee06ac38,
        .value_size = sizeof(struct timeline_2),
        .extra = extra_of_timeline_2,
        .keep = keep_of_timeline_2,
        .encode = encode_timeline_2,
        .decode = decode_timeline_2,
        .changed = timeline_changed,
    },
};

static const struct weir_copartition copartitions[] = {
    { "join by_author on followee == by_author.key", (const int[]){ source_timeline_join_by_author_subscriptions_repartition, source_tweets_by_sender_repartition }, 2 },
    { "join by_author on followee == by_author.key", (const int[]){ source_timeline_join_by_author_answers_repartition, source_follows }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "timeline",
    .file = "dsl-examples/timeline.weir",
    .sources = sources,
    .source_count = 6,
    .sinks = sinks,
    .sink_count = 5,
    .stores = stores,
    .store_count = 6,
    .copartitions = copartitions,
    .copartition_count = 2,
};
