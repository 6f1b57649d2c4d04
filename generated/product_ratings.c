// Made by weir from "dsl-examples/product_ratings.weir".
#include <weir.h>

struct Review {
    struct weir_str product;
    int32_t stars;
    struct weir_str text;
};

struct ratings {
    int64_t reviews;
    struct weir_opt_f64 stars;
    int64_t unhappy;
};

struct record_2 {
    int64_t sum;
    int64_t count;
};

struct record {
    int64_t reviews;
    struct record_2 stars;
    int64_t unhappy;
};

enum { source_reviews, source_ratings_by_product_repartition };
enum { sink_ratings_by_product_repartition, sink_product_ratings };
enum { store_reviews, store_ratings };

// ---- decoders ----

static bool read_ratings_by_product_repartition(struct weir_ctx *w, struct weir_json *j, struct Review *v)
{
    static const struct weir_json_name fields[] = {
        { "product", 7, 10, "\"product\":" },
        { "stars", 5, 8, "\"stars\":" },
        { "text", 4, 7, "\"text\":" },
    };
    bool first = true, has_stars = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            if (!weir_json_read_i32(w, j, &v->stars))
                return weir_json_in_field(w, "stars");
            has_stars = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_stars)
        return weir_json_missing(w, "stars");
    return true;
}

static bool read_Review(struct weir_ctx *w, struct weir_json *j, struct Review *v)
{
    static const struct weir_json_name fields[] = {
        { "product", 7, 10, "\"product\":" },
        { "stars", 5, 8, "\"stars\":" },
        { "text", 4, 7, "\"text\":" },
    };
    bool first = true, has_product = false, has_stars = false;
    int field, next = 0;
    v->text = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->product))
                return weir_json_in_field(w, "product");
            has_product = true;
            break;
        case 1:
            if (!weir_json_read_i32(w, j, &v->stars))
                return weir_json_in_field(w, "stars");
            has_stars = true;
            break;
        case 2:
            v->text = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->text))
                return weir_json_in_field(w, "text");
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_product)
        return weir_json_missing(w, "product");
    if (!has_stars)
        return weir_json_missing(w, "stars");
    return true;
}

static bool read_record_2(struct weir_ctx *w, struct weir_json *j, struct record_2 *v)
{
    static const struct weir_json_name fields[] = {
        { "sum", 3, 6, "\"sum\":" },
        { "count", 5, 8, "\"count\":" },
    };
    bool first = true, has_sum = false, has_count = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->sum))
                return weir_json_in_field(w, "sum");
            has_sum = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->count))
                return weir_json_in_field(w, "count");
            has_count = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_sum)
        return weir_json_missing(w, "sum");
    if (!has_count)
        return weir_json_missing(w, "count");
    return true;
}

static bool read_record(struct weir_ctx *w, struct weir_json *j, struct record *v)
{
    static const struct weir_json_name fields[] = {
        { "reviews", 7, 10, "\"reviews\":" },
        { "stars", 5, 8, "\"stars\":" },
        { "unhappy", 7, 10, "\"unhappy\":" },
    };
    bool first = true, has_reviews = false, has_stars = false, has_unhappy = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->reviews))
                return weir_json_in_field(w, "reviews");
            has_reviews = true;
            break;
        case 1:
            if (!read_record_2(w, j, &v->stars))
                return weir_json_in_field(w, "stars");
            has_stars = true;
            break;
        case 2:
            if (!weir_json_read_i64(w, j, &v->unhappy))
                return weir_json_in_field(w, "unhappy");
            has_unhappy = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_reviews)
        return weir_json_missing(w, "reviews");
    if (!has_stars)
        return weir_json_missing(w, "stars");
    if (!has_unhappy)
        return weir_json_missing(w, "unhappy");
    return true;
}

// ---- encoders ----

static void write_ratings(struct weir_buf *b, const struct ratings *v)
{
    weir_put_lit(b, "{\"reviews\":");
    weir_put_i64(b, v->reviews);
    weir_put_lit(b, ",\"stars\":");
    if (v->stars.some) {
        weir_put_f64(b, v->stars.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"unhappy\":");
    weir_put_i64(b, v->unhappy);
    weir_put_lit(b, "}");
}

static void write_Review(struct weir_buf *b, const struct Review *v)
{
    weir_put_lit(b, "{\"product\":");
    weir_put_string(b, v->product);
    weir_put_lit(b, ",\"stars\":");
    weir_put_i64(b, v->stars);
    weir_put_lit(b, ",\"text\":");
    if (v->text.p != NULL) {
        weir_put_string(b, v->text);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_record_2(struct weir_buf *b, const struct record_2 *v)
{
    weir_put_lit(b, "{\"sum\":");
    weir_put_i64(b, v->sum);
    weir_put_lit(b, ",\"count\":");
    weir_put_i64(b, v->count);
    weir_put_lit(b, "}");
}

static void write_record(struct weir_buf *b, const struct record *v)
{
    weir_put_lit(b, "{\"reviews\":");
    weir_put_i64(b, v->reviews);
    weir_put_lit(b, ",\"stars\":");
    write_record_2(b, &v->stars);
    weir_put_lit(b, ",\"unhappy\":");
    weir_put_i64(b, v->unhappy);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Review = { .name = "json Review" };
static const struct weir_serde serde_ratings = { .name = "json" };
static const struct weir_serde serde_record = { .name = "json" };

// ---- values in stores ----

static size_t extra_Review(const struct Review *v)
{
    return weir_keep_size(v->product.n)
        + weir_keep_size(v->text.n);
}

static size_t extra_of_Review(const void *value)
{
    const struct Review *v = value;
    return extra_Review(v);
}

static void keep_Review(struct Review *v, char **next)
{
    v->product.p = weir_keep(next, v->product.p, v->product.n);
    v->text.p = weir_keep(next, v->text.p, v->text.n);
}

static void keep_of_Review(void *to, const void *from)
{
    struct Review *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct Review *)from;
    keep_Review(v, next);
}

static struct weir_str encode_Review(struct weir_ctx *w, const void *value)
{
    const struct Review *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Review(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Review(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Review v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Review(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Review *)value = v;
    return true;
}

static struct weir_str encode_record(struct weir_ctx *w, const void *value)
{
    const struct record *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_record(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_record(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct record v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_record(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct record *)value = v;
    return true;
}

// ---- stages ----

// | aggregate { reviews: count(), stars: avg(stars), unhappy: count() where stars <= 2 }
static void ratings_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct ratings ratings = { 0 };
    if (acc) {
        ratings = (struct ratings){
            .reviews = acc->reviews,
            .stars = acc->stars.count == 0 ? (struct weir_opt_f64){ 0 }
                : (struct weir_opt_f64){ weir_div_f64(w, weir_f64_of_i64(w, acc->stars.sum),
                weir_f64_of_i64(w, acc->stars.count)), true },
            .unhappy = acc->unhappy,
        };
    }
    if (w->bad)
        return;
    // | to "product-ratings"
    if (acc) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_ratings(&json, &ratings);
        struct weir_out out = {
            .sink = sink_product_ratings,
            .key = c->key,
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_product_ratings,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | group by product
static void process_ratings_by_product_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value_bytes, old_value_bytes;
    if (!weir_change_split(w, w->record->value, &old_value_bytes, &value_bytes))
        return;
    struct Review review = { 0 };
    if (value_bytes.p) {
        struct weir_json j;
        weir_json_start(&j, value_bytes);
        if (!read_ratings_by_product_repartition(w, &j, &review) || !weir_json_finish(w, &j))
            return;
    }
    struct Review old_review = { 0 };
    if (old_value_bytes.p) {
        struct weir_json j_2;
        weir_json_start(&j_2, old_value_bytes);
        if (!read_ratings_by_product_repartition(w, &j_2, &old_review) || !weir_json_finish(w, &j_2))
            return;
    }
    // | aggregate { reviews: count(), stars: avg(stars), unhappy: count() where stars <= 2 }
    if (!w->record->key.p) {
        weir_drop_null(w, store_ratings);
    } else {
        struct weir_row *row = weir_row(w, store_ratings, w->record->key, 0);
        const struct record *acc = row->value;
        struct record undone;
        if (acc && old_value_bytes.p) {
            int64_t reviews = weir_sub_i64(w, acc->reviews, 1);
            int64_t sum = weir_sub_i64(w, acc->stars.sum, (int64_t)old_review.stars);
            struct record_2 stars = { .sum = sum, .count = weir_sub_i64(w, acc->stars.count, 1) };
            undone = (struct record){
                .reviews = reviews,
                .stars = stars,
                .unhappy = old_review.stars <= 2 ? weir_sub_i64(w, acc->unhappy, 1) : acc->unhappy,
            };
            acc = &undone;
        }
        struct record added;
        if (value_bytes.p) {
            struct record fresh;
            if (!acc) {
                fresh = (struct record){ .reviews = 0, .stars = (struct record_2){ .sum = 0, .count = 0 }, .unhappy = 0 };
                acc = &fresh;
            }
            int64_t reviews_2 = weir_add_i64(w, acc->reviews, 1);
            int64_t sum_2 = weir_add_i64(w, acc->stars.sum, (int64_t)review.stars);
            struct record_2 stars_2 = { .sum = sum_2, .count = weir_add_i64(w, acc->stars.count, 1) };
            added = (struct record){
                .reviews = reviews_2,
                .stars = stars_2,
                .unhappy = review.stars <= 2 ? weir_add_i64(w, acc->unhappy, 1) : acc->unhappy,
            };
            acc = &added;
        }
        if (w->bad)
            return;
        weir_row_put(w, store_ratings, row, acc, weir_row_time(row, w->record->timestamp));
    }
}

// reviews
static void reviews_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct Review *review = c->value;
    const struct Review *old_review = c->old;
    // | filter stars >= 1 && stars <= 5
    bool passes = review && (review->stars >= 1 && review->stars <= 5);
    bool passed = old_review && (old_review->stars >= 1 && old_review->stars <= 5);
    if (passes || passed) {
        // | group by product
        struct weir_str key_bytes = WEIR_NULL_STR, value_bytes = WEIR_NULL_STR;
        if (passes) {
            struct weir_buf json;
            weir_buf_init(w, &json, 256);
            write_Review(&json, review);
            key_bytes = review->product;
            value_bytes = weir_buf_str(&json);
        }
        struct weir_str old_key_bytes = WEIR_NULL_STR, old_value_bytes = WEIR_NULL_STR;
        if (passed) {
            struct weir_buf old_json;
            weir_buf_init(w, &old_json, 256);
            write_Review(&old_json, old_review);
            old_key_bytes = old_review->product;
            old_value_bytes = weir_buf_str(&old_json);
        }
        struct weir_out out = {
            .sink = sink_ratings_by_product_repartition,
            .key = key_bytes,
            .value = value_bytes,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send_change(w, &out, old_key_bytes, old_value_bytes);
    }
}

// Records without a value.
static void process_reviews_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_reviews);
    } else {
        struct weir_row *row = weir_row(w, store_reviews, w->record->key, 0);
        weir_row_put(w, store_reviews, row, NULL, w->record->timestamp);
    }
}

// table reviews from "reviews" string => json Review
static void process_reviews(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_reviews_tombstone(w);
        return;
    }
    struct Review review;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Review(w, &j, &review) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_reviews);
    } else {
        struct weir_row *row = weir_row(w, store_reviews, w->record->key, 0);
        weir_row_put(w, store_reviews, row, &review, w->record->timestamp);
    }
}

static struct weir_str show_ratings(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct ratings ratings = {
        .reviews = acc->reviews,
        .stars = acc->stars.count == 0 ? (struct weir_opt_f64){ 0 }
            : (struct weir_opt_f64){ weir_div_f64(w, weir_f64_of_i64(w, acc->stars.sum),
            weir_f64_of_i64(w, acc->stars.count)), true },
        .unhappy = acc->unhappy,
    };
    if (w->bad)
        return WEIR_NULL_STR;
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_ratings(&json, &ratings);
    return weir_buf_str(&json);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_reviews] = {
        .name = "reviews",
        .topics = (const char *const[]){ "reviews" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_Review,
        .process = process_reviews,
    },
    [source_ratings_by_product_repartition] = {
        .name = "ratings_by_product_repartition",
        .topics = (const char *const[]){ "ratings-by-product-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Review,
        .process = process_ratings_by_product_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_ratings_by_product_repartition] = {
        .name = "ratings_by_product_repartition",
        .topic = "ratings-by-product-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_Review,
    },
    [sink_product_ratings] = {
        .name = "product_ratings",
        .topic = "product-ratings",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_ratings,
    },
};

static const struct weir_store stores[] = {
    [store_reviews] = {
        .name = "reviews",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_reviews,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Review,
        .fingerprint = 0xde39590b29db23a3,
        .value_size = sizeof(struct Review),
        .extra = extra_of_Review,
        .keep = keep_of_Review,
        .encode = encode_Review,
        .decode = decode_Review,
        .changed = reviews_changed,
        .wants_old = true,
    },
    [store_ratings] = {
        .name = "ratings",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_record,
        .fingerprint = 0x2dfa312657b4244c,
        .value_size = sizeof(struct record),
        .encode = encode_record,
        .decode = decode_record,
        .changed = ratings_changed,
        .show = show_ratings,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "product_ratings",
    .file = "dsl-examples/product_ratings.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 2,
};
