// Made by weir from "state.weir".
#include <weir.h>

struct Sale {
    struct weir_str id;
    struct weir_str region;
    struct weir_dec amount;
    struct weir_str note;
    struct weir_list tags; // of struct weir_str
    int64_t at;
};

struct User_seen {
    int64_t at;
    struct weir_str page;
};

struct User {
    struct weir_str name;
    struct weir_str country;
    int64_t score;
    const struct User_seen *seen;
};

struct closed {
    double total;
};

struct window {
    int64_t start;
    int64_t end;
};

struct hourly {
    int64_t sales;
    struct weir_dec total;
    struct weir_opt_dec biggest;
    struct weir_str last;
};

struct final {
    int64_t sales;
    int64_t at;
};

struct big {
    struct weir_str region;
    int64_t from;
    struct weir_dec total;
};

struct hopping {
    struct weir_list tags; // of struct weir_list
    struct weir_str key;
    struct window window;
};

struct sessions {
    int64_t n;
    struct weir_str first;
};

struct means {
    double mean;
};

struct known {
    struct weir_str name;
    struct weir_str country;
};

struct countries {
    int64_t n;
    int64_t score;
    struct weir_list all; // of struct weir_str
};

struct record_2 {
    struct weir_list tags; // of struct weir_list
};

struct record_3 {
    double sum;
    int64_t count;
};

struct record {
    struct record_3 mean;
};

enum { source_words, source_sales, source_readings, source_closed, source_users, source_levels, source_words_repartition, source_sales_by_region_repartition, source_users_by_country_repartition, source_users_repartition };
enum { sink_words_repartition, sink_counts, sink_sales_by_region_repartition, sink_hourly, sink_final, sink_big, sink_hopping, sink_sessions, sink_joined, sink_sliding, sink_means, sink_known, sink_users_by_country_repartition, sink_countries, sink_users_repartition, sink_pages, sink_levels_upper, sink_lengths, sink_closed_totals, sink_all_totals };
enum { store_users, store_words, store_hourly, store_hourly_suppress, store_sales_by_key, store_sales_by_key_2, store_words_by_key, store_words_by_key_2, store_readings_by_key, store_users_by_country, store_users_2, store_words_table, store_words_table_suppress };

// ---- decoders ----

static bool read_users_by_country_repartition(struct weir_ctx *w, struct weir_json *j, struct User *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "country", 7, 10, "\"country\":" },
        { "score", 5, 8, "\"score\":" },
        { "seen", 4, 7, "\"seen\":" },
    };
    bool first = true, has_name = false, has_score = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        case 2:
            if (!weir_json_read_i64(w, j, &v->score))
                return weir_json_in_field(w, "score");
            has_score = true;
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
    if (!has_score)
        return weir_json_missing(w, "score");
    return true;
}

static bool read_sales_by_region_repartition(struct weir_ctx *w, struct weir_json *j, struct Sale *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "region", 6, 9, "\"region\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "note", 4, 7, "\"note\":" },
        { "tags", 4, 7, "\"tags\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_amount = false;
    int field, next = 0;
    v->note = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 6, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
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
    if (!has_amount)
        return weir_json_missing(w, "amount");
    return true;
}

static bool read_User_seen(struct weir_ctx *w, struct weir_json *j, struct User_seen *v)
{
    static const struct weir_json_name fields[] = {
        { "at", 2, 5, "\"at\":" },
        { "page", 4, 7, "\"page\":" },
    };
    bool first = true, has_at = false, has_page = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_timestamp(w, j, &v->at))
                return weir_json_in_field(w, "at");
            has_at = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->page))
                return weir_json_in_field(w, "page");
            has_page = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_at)
        return weir_json_missing(w, "at");
    if (!has_page)
        return weir_json_missing(w, "page");
    return true;
}

static bool read_User(struct weir_ctx *w, struct weir_json *j, struct User *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "country", 7, 10, "\"country\":" },
        { "score", 5, 8, "\"score\":" },
        { "seen", 4, 7, "\"seen\":" },
    };
    bool first = true, has_name = false, has_score = false;
    int field, next = 0;
    v->country = WEIR_NULL_STR;
    v->seen = NULL;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->name))
                return weir_json_in_field(w, "name");
            has_name = true;
            break;
        case 1:
            v->country = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->country))
                return weir_json_in_field(w, "country");
            break;
        case 2:
            if (!weir_json_read_i64(w, j, &v->score))
                return weir_json_in_field(w, "score");
            has_score = true;
            break;
        case 3: {
            struct User_seen *user_seen = NULL;
            if (!weir_json_null(w, j))
                user_seen = weir_alloc(w, sizeof *user_seen);
            v->seen = user_seen;
            if (user_seen && !read_User_seen(w, j, user_seen))
                return weir_json_in_field(w, "seen");
            break;
        }
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_name)
        return weir_json_missing(w, "name");
    if (!has_score)
        return weir_json_missing(w, "score");
    return true;
}

static bool read_closed(struct weir_ctx *w, struct weir_json *j, struct closed *v)
{
    static const struct weir_json_name fields[] = {
        { "total", 5, 8, "\"total\":" },
    };
    bool first = true, has_total = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_f64(w, j, &v->total))
                return weir_json_in_field(w, "total");
            has_total = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_total)
        return weir_json_missing(w, "total");
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

static bool read_Sale(struct weir_ctx *w, struct weir_json *j, struct Sale *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "region", 6, 9, "\"region\":" },
        { "amount", 6, 9, "\"amount\":" },
        { "note", 4, 7, "\"note\":" },
        { "tags", 4, 7, "\"tags\":" },
        { "at", 2, 5, "\"at\":" },
    };
    bool first = true, has_id = false, has_region = false, has_amount = false, has_tags = false, has_at = false;
    int field, next = 0;
    v->note = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 6, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->region))
                return weir_json_in_field(w, "region");
            has_region = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 12, 2, &v->amount))
                return weir_json_in_field(w, "amount");
            has_amount = true;
            break;
        case 3:
            v->note = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->note))
                return weir_json_in_field(w, "note");
            break;
        case 4:
            if (!read_list_of_string(w, j, &v->tags))
                return weir_json_in_field(w, "tags");
            has_tags = true;
            break;
        case 5:
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
    if (!has_id)
        return weir_json_missing(w, "id");
    if (!has_region)
        return weir_json_missing(w, "region");
    if (!has_amount)
        return weir_json_missing(w, "amount");
    if (!has_tags)
        return weir_json_missing(w, "tags");
    if (!has_at)
        return weir_json_missing(w, "at");
    return true;
}

static bool read_hourly(struct weir_ctx *w, struct weir_json *j, struct hourly *v)
{
    static const struct weir_json_name fields[] = {
        { "sales", 5, 8, "\"sales\":" },
        { "total", 5, 8, "\"total\":" },
        { "biggest", 7, 10, "\"biggest\":" },
        { "last", 4, 7, "\"last\":" },
    };
    bool first = true, has_sales = false, has_total = false;
    int field, next = 0;
    v->biggest = (struct weir_opt_dec){ .some = false };
    v->last = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->sales))
                return weir_json_in_field(w, "sales");
            has_sales = true;
            break;
        case 1:
            if (!weir_json_read_dec(w, j, 38, 2, &v->total))
                return weir_json_in_field(w, "total");
            has_total = true;
            break;
        case 2:
            v->biggest.some = !weir_json_null(w, j);
            if (v->biggest.some && !weir_json_read_dec(w, j, 12, 2, &v->biggest.v))
                return weir_json_in_field(w, "biggest");
            break;
        case 3:
            v->last = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->last))
                return weir_json_in_field(w, "last");
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_sales)
        return weir_json_missing(w, "sales");
    if (!has_total)
        return weir_json_missing(w, "total");
    return true;
}

static bool read_list_of_list_of_string(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct weir_list *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_list_of_string(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_record_2(struct weir_ctx *w, struct weir_json *j, struct record_2 *v)
{
    static const struct weir_json_name fields[] = {
        { "tags", 4, 7, "\"tags\":" },
    };
    bool first = true, has_tags = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!read_list_of_list_of_string(w, j, &v->tags))
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
    if (!has_tags)
        return weir_json_missing(w, "tags");
    return true;
}

static bool read_sessions(struct weir_ctx *w, struct weir_json *j, struct sessions *v)
{
    static const struct weir_json_name fields[] = {
        { "n", 1, 4, "\"n\":" },
        { "first", 5, 8, "\"first\":" },
    };
    bool first = true, has_n = false, has_first = false;
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
            if (!weir_json_read_string(w, j, &v->first))
                return weir_json_in_field(w, "first");
            has_first = true;
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
    if (!has_first)
        return weir_json_missing(w, "first");
    return true;
}

static bool read_record_3(struct weir_ctx *w, struct weir_json *j, struct record_3 *v)
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
            if (!weir_json_read_f64(w, j, &v->sum))
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
        { "mean", 4, 7, "\"mean\":" },
    };
    bool first = true, has_mean = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!read_record_3(w, j, &v->mean))
                return weir_json_in_field(w, "mean");
            has_mean = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_mean)
        return weir_json_missing(w, "mean");
    return true;
}

static bool read_countries(struct weir_ctx *w, struct weir_json *j, struct countries *v)
{
    static const struct weir_json_name fields[] = {
        { "n", 1, 4, "\"n\":" },
        { "score", 5, 8, "\"score\":" },
        { "all", 3, 6, "\"all\":" },
    };
    bool first = true, has_n = false, has_score = false, has_all = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->n))
                return weir_json_in_field(w, "n");
            has_n = true;
            break;
        case 1:
            if (!weir_json_read_i64(w, j, &v->score))
                return weir_json_in_field(w, "score");
            has_score = true;
            break;
        case 2:
            if (!read_list_of_string(w, j, &v->all))
                return weir_json_in_field(w, "all");
            has_all = true;
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
    if (!has_score)
        return weir_json_missing(w, "score");
    if (!has_all)
        return weir_json_missing(w, "all");
    return true;
}

// ---- encoders ----

static void write_closed(struct weir_buf *b, const struct closed *v)
{
    weir_put_lit(b, "{\"total\":");
    weir_put_f64(b, v->total);
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

static void write_countries(struct weir_buf *b, const struct countries *v)
{
    weir_put_lit(b, "{\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, ",\"score\":");
    weir_put_i64(b, v->score);
    weir_put_lit(b, ",\"all\":");
    write_list_of_string(b, v->all);
    weir_put_lit(b, "}");
}

static void write_sessions(struct weir_buf *b, const struct sessions *v)
{
    weir_put_lit(b, "{\"n\":");
    weir_put_i64(b, v->n);
    weir_put_lit(b, ",\"first\":");
    weir_put_string(b, v->first);
    weir_put_lit(b, "}");
}

static void write_list_of_list_of_string(struct weir_buf *b, struct weir_list v)
{
    const struct weir_list *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_list_of_string(b, item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_window(struct weir_buf *b, const struct window *v)
{
    weir_put_lit(b, "{\"start\":");
    weir_put_i64(b, v->start);
    weir_put_lit(b, ",\"end\":");
    weir_put_i64(b, v->end);
    weir_put_lit(b, "}");
}

static void write_hopping(struct weir_buf *b, const struct hopping *v)
{
    weir_put_lit(b, "{\"tags\":");
    write_list_of_list_of_string(b, v->tags);
    weir_put_lit(b, ",\"key\":");
    weir_put_string(b, v->key);
    weir_put_lit(b, ",\"window\":");
    write_window(b, &v->window);
    weir_put_lit(b, "}");
}

static void write_big(struct weir_buf *b, const struct big *v)
{
    weir_put_lit(b, "{\"region\":");
    weir_put_string(b, v->region);
    weir_put_lit(b, ",\"from\":");
    weir_put_i64(b, v->from);
    weir_put_lit(b, ",\"total\":");
    weir_put_dec(b, v->total, 2);
    weir_put_lit(b, "}");
}

static void write_final(struct weir_buf *b, const struct final *v)
{
    weir_put_lit(b, "{\"sales\":");
    weir_put_i64(b, v->sales);
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, "}");
}

static void write_hourly(struct weir_buf *b, const struct hourly *v)
{
    weir_put_lit(b, "{\"sales\":");
    weir_put_i64(b, v->sales);
    weir_put_lit(b, ",\"total\":");
    weir_put_dec(b, v->total, 2);
    weir_put_lit(b, ",\"biggest\":");
    if (v->biggest.some) {
        weir_put_dec(b, v->biggest.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"last\":");
    if (v->last.p != NULL) {
        weir_put_string(b, v->last);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_known(struct weir_buf *b, const struct known *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"country\":");
    if (v->country.p != NULL) {
        weir_put_string(b, v->country);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_User_seen(struct weir_buf *b, const struct User_seen *v)
{
    weir_put_lit(b, "{\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, ",\"page\":");
    weir_put_string(b, v->page);
    weir_put_lit(b, "}");
}

static void write_User(struct weir_buf *b, const struct User *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"country\":");
    if (v->country.p != NULL) {
        weir_put_string(b, v->country);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"score\":");
    weir_put_i64(b, v->score);
    weir_put_lit(b, ",\"seen\":");
    if (v->seen != NULL) {
        write_User_seen(b, v->seen);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_Sale(struct weir_buf *b, const struct Sale *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"region\":");
    weir_put_string(b, v->region);
    weir_put_lit(b, ",\"amount\":");
    weir_put_dec(b, v->amount, 2);
    weir_put_lit(b, ",\"note\":");
    if (v->note.p != NULL) {
        weir_put_string(b, v->note);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"tags\":");
    write_list_of_string(b, v->tags);
    weir_put_lit(b, ",\"at\":");
    weir_put_i64(b, v->at);
    weir_put_lit(b, "}");
}

static void write_record_2(struct weir_buf *b, const struct record_2 *v)
{
    weir_put_lit(b, "{\"tags\":");
    write_list_of_list_of_string(b, v->tags);
    weir_put_lit(b, "}");
}

static void write_record_3(struct weir_buf *b, const struct record_3 *v)
{
    weir_put_lit(b, "{\"sum\":");
    weir_put_f64(b, v->sum);
    weir_put_lit(b, ",\"count\":");
    weir_put_i64(b, v->count);
    weir_put_lit(b, "}");
}

static void write_record(struct weir_buf *b, const struct record *v)
{
    weir_put_lit(b, "{\"mean\":");
    write_record_3(b, &v->mean);
    weir_put_lit(b, "}");
}

static void write_means(struct weir_buf *b, const struct means *v)
{
    weir_put_lit(b, "{\"mean\":");
    weir_put_f64(b, v->mean);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Sale = { .name = "json Sale" };
static const struct weir_serde serde_f64 = { .name = "json" };
static const struct weir_serde serde_windowed_string = {
    .name = "windowed 1h string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_TIME_WINDOWS,
    .window_size = 3600000,
};
static const struct weir_serde serde_closed = { .name = "json" };
static const struct weir_serde serde_User = { .name = "json User" };
static const struct weir_serde serde_hourly = { .name = "json" };
static const struct weir_serde serde_final = { .name = "json" };
static const struct weir_serde serde_big = { .name = "json" };
static const struct weir_serde serde_windowed_string_2 = {
    .name = "windowed 10m string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_TIME_WINDOWS,
    .window_size = 600000,
};
static const struct weir_serde serde_hopping = { .name = "json" };
static const struct weir_serde serde_windowed_string_3 = {
    .name = "windowed session string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_SESSION_WINDOWS,
};
static const struct weir_serde serde_sessions = { .name = "json" };
static const struct weir_serde serde_windowed_string_4 = {
    .name = "windowed 5s string",
    .from_json = weir_string_from_json,
    .to_json = weir_string_to_json,
    .window = WEIR_TIME_WINDOWS,
    .window_size = 5000,
};
static const struct weir_serde serde_known = { .name = "json" };
static const struct weir_serde serde_countries = { .name = "json" };
static const struct weir_serde serde_record_2 = { .name = "json" };
static const struct weir_serde serde_record = { .name = "json" };

// ---- values in stores ----

static size_t extra_User_seen(const struct User_seen *v)
{
    return weir_keep_size(v->page.n);
}

static size_t extra_User(const struct User *v)
{
    return weir_keep_size(v->name.n)
        + weir_keep_size(v->country.n)
        + (v->seen ? weir_keep_size(sizeof *v->seen) + extra_User_seen(v->seen) : 0);
}

static size_t extra_of_User(const void *value)
{
    const struct User *v = value;
    return extra_User(v);
}

static void keep_User_seen(struct User_seen *v, char **next)
{
    v->page.p = weir_keep(next, v->page.p, v->page.n);
}

static void keep_User(struct User *v, char **next)
{
    v->name.p = weir_keep(next, v->name.p, v->name.n);
    v->country.p = weir_keep(next, v->country.p, v->country.n);
    struct User_seen *user_seen = weir_keep(next, v->seen, sizeof *user_seen);
    if (user_seen)
        keep_User_seen(user_seen, next);
    v->seen = user_seen;
}

static void keep_of_User(void *to, const void *from)
{
    struct User *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct User *)from;
    keep_User(v, next);
}

static struct weir_str encode_User(struct weir_ctx *w, const void *value)
{
    const struct User *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_User(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_User(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct User v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_User(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct User *)value = v;
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

static size_t extra_hourly(const struct hourly *v)
{
    return weir_keep_size(v->last.n);
}

static size_t extra_of_hourly(const void *value)
{
    const struct hourly *v = value;
    return extra_hourly(v);
}

static void keep_hourly(struct hourly *v, char **next)
{
    v->last.p = weir_keep(next, v->last.p, v->last.n);
}

static void keep_of_hourly(void *to, const void *from)
{
    struct hourly *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct hourly *)from;
    keep_hourly(v, next);
}

static struct weir_str encode_hourly(struct weir_ctx *w, const void *value)
{
    const struct hourly *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_hourly(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_hourly(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct hourly v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_hourly(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct hourly *)value = v;
    return true;
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

static size_t extra_list_of_list_of_string(const struct weir_list *v)
{
    const struct weir_list *item = v->v;
    size_t size = weir_keep_size(v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        size += extra_list_of_string(&item[i]);
    }
    return size;
}

static size_t extra_record_2(const struct record_2 *v)
{
    return extra_list_of_list_of_string(&v->tags);
}

static size_t extra_of_record_2(const void *value)
{
    const struct record_2 *v = value;
    return extra_record_2(v);
}

static void keep_list_of_string(struct weir_list *v, char **next)
{
    struct weir_str *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        item[i].p = weir_keep(next, item[i].p, item[i].n);
    }
    v->v = item;
}

static void keep_list_of_list_of_string(struct weir_list *v, char **next)
{
    struct weir_list *item = weir_keep(next, v->v, v->n * sizeof *item);
    for (size_t i = 0; i < v->n; i++) {
        keep_list_of_string(&item[i], next);
    }
    v->v = item;
}

static void keep_record_2(struct record_2 *v, char **next)
{
    keep_list_of_list_of_string(&v->tags, next);
}

static void keep_of_record_2(void *to, const void *from)
{
    struct record_2 *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct record_2 *)from;
    keep_record_2(v, next);
}

static struct weir_str encode_record_2(struct weir_ctx *w, const void *value)
{
    const struct record_2 *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_record_2(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_record_2(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct record_2 v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_record_2(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct record_2 *)value = v;
    return true;
}

static size_t extra_sessions(const struct sessions *v)
{
    return weir_keep_size(v->first.n);
}

static size_t extra_of_sessions(const void *value)
{
    const struct sessions *v = value;
    return extra_sessions(v);
}

static void keep_sessions(struct sessions *v, char **next)
{
    v->first.p = weir_keep(next, v->first.p, v->first.n);
}

static void keep_of_sessions(void *to, const void *from)
{
    struct sessions *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct sessions *)from;
    keep_sessions(v, next);
}

static struct weir_str encode_sessions(struct weir_ctx *w, const void *value)
{
    const struct sessions *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_sessions(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_sessions(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct sessions v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_sessions(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct sessions *)value = v;
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

static size_t extra_countries(const struct countries *v)
{
    return extra_list_of_string(&v->all);
}

static size_t extra_of_countries(const void *value)
{
    const struct countries *v = value;
    return extra_countries(v);
}

static void keep_countries(struct countries *v, char **next)
{
    keep_list_of_string(&v->all, next);
}

static void keep_of_countries(void *to, const void *from)
{
    struct countries *v = to;
    char *block = (char *)(v + 1), **next = &block;
    *v = *(const struct countries *)from;
    keep_countries(v, next);
}

static struct weir_str encode_countries(struct weir_ctx *w, const void *value)
{
    const struct countries *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_countries(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_countries(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct countries v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_countries(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct countries *)value = v;
    return true;
}

// ---- stages ----

// | merge hourly_totals
static void merge_closed_merged(struct weir_ctx *w, struct weir_str key, bool key_is_null, const struct closed *closed,
    int64_t timestamp, struct weir_str key_bytes, int64_t start, int64_t end)
{
    (void)key_is_null;
    (void)key_bytes;
    // | to "all-totals"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_closed(&json, closed);
    struct weir_out out = {
        .sink = sink_all_totals,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, key, start, end),
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | as stream
static void stream_hourly_totals_stream(struct weir_ctx *w, struct weir_str key, const struct hourly *hourly,
    int64_t timestamp, struct weir_str key_bytes, int64_t start, int64_t end)
{
    // | map { total: float64(total) }
    struct closed closed = { .total = weir_f64_of_dec(w, hourly->total, 2) };
    merge_closed_merged(w, key, false, &closed, timestamp, key_bytes, start, end);
}

// | emit every 10s
static void words_table_suppress_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const int64_t *value = c->value;
    // | to "lengths"
    if (value) {
        struct weir_out out = {
            .sink = sink_lengths,
            .key = c->key,
            .value = weir_wire_of_i64(w, *value),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_lengths,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | as table
static void words_table_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct weir_str *value = c->value;
    const struct weir_str *old_value = c->old;
    // | map length(value)
    int64_t value_2 = 0;
    if (value) {
        value_2 = weir_length(w, *value);
    }
    int64_t old_value_2 = 0;
    if (old_value) {
        old_value_2 = weir_length(w, *old_value);
    }
    // | emit every 10s
    weir_suppress(w, store_words_table_suppress, &(struct weir_change){
        .key = c->key,
        .value = value ? &value_2 : NULL,
        .old = old_value ? &old_value_2 : NULL,
        .timestamp = c->timestamp,
    });
}

// | count
static void users_2_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const int64_t *value = c->value;
    // | to "pages"
    if (value) {
        struct weir_out out = {
            .sink = sink_pages,
            .key = c->key,
            .value = weir_wire_of_i64(w, *value),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_pages,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | group by value
static void process_users_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value_bytes, old_value_bytes;
    if (!weir_change_split(w, w->record->value, &old_value_bytes, &value_bytes))
        return;
    // | count
    if (!w->record->key.p) {
        weir_drop_null(w, store_users_2);
    } else {
        struct weir_row *row = weir_row(w, store_users_2, w->record->key, 0);
        const int64_t *acc = row->value;
        int64_t undone;
        if (acc && old_value_bytes.p) {
            undone = weir_sub_i64(w, *acc, 1);
            acc = &undone;
        }
        int64_t added;
        if (value_bytes.p) {
            int64_t fresh;
            if (!acc) {
                fresh = 0;
                acc = &fresh;
            }
            added = weir_add_i64(w, *acc, 1);
            acc = &added;
        }
        if (w->bad)
            return;
        weir_row_put(w, store_users_2, row, acc, weir_row_time(row, w->record->timestamp));
    }
}

// | aggregate { n: count(), score: sum(score), all: collect(name) }
static void users_by_country_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct countries *countries = c->value;
    // | to "countries"
    if (countries) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_countries(&json, countries);
        struct weir_out out = {
            .sink = sink_countries,
            .key = c->key,
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_countries,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | group by country
static void process_users_by_country_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value_bytes, old_value_bytes;
    if (!weir_change_split(w, w->record->value, &old_value_bytes, &value_bytes))
        return;
    struct User user = { 0 };
    if (value_bytes.p) {
        struct weir_json j;
        weir_json_start(&j, value_bytes);
        if (!read_users_by_country_repartition(w, &j, &user) || !weir_json_finish(w, &j))
            return;
    }
    struct User old_user = { 0 };
    if (old_value_bytes.p) {
        struct weir_json j_2;
        weir_json_start(&j_2, old_value_bytes);
        if (!read_users_by_country_repartition(w, &j_2, &old_user) || !weir_json_finish(w, &j_2))
            return;
    }
    // | aggregate { n: count(), score: sum(score), all: collect(name) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_users_by_country);
    } else {
        struct weir_row *row = weir_row(w, store_users_by_country, w->record->key, 0);
        const struct countries *acc = row->value;
        struct countries undone;
        if (acc && old_value_bytes.p) {
            int64_t n = weir_sub_i64(w, acc->n, 1);
            int64_t score = weir_sub_i64(w, acc->score, old_user.score);
            struct weir_str element = old_user.name;
            undone = (struct countries){
                .n = n,
                .score = score,
                .all = weir_list_remove(w, acc->all, &element, &weir_element_str),
            };
            acc = &undone;
        }
        struct countries added;
        if (value_bytes.p) {
            struct countries fresh;
            if (!acc) {
                fresh = (struct countries){ .n = 0, .score = 0, .all = (struct weir_list){ "", 0 } };
                acc = &fresh;
            }
            int64_t n_2 = weir_add_i64(w, acc->n, 1);
            int64_t score_2 = weir_add_i64(w, acc->score, user.score);
            struct weir_str element_2 = user.name;
            added = (struct countries){
                .n = n_2,
                .score = score_2,
                .all = weir_list_append(w, acc->all, &element_2, sizeof(struct weir_str)),
            };
            acc = &added;
        }
        if (w->bad)
            return;
        weir_row_put(w, store_users_by_country, row, acc, weir_row_time(row, w->record->timestamp));
    }
}

// | aggregate { mean: avg(value) }
static void readings_by_key_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct means means = { .mean = weir_div_f64(w, acc->mean.sum, weir_f64_of_i64(w, acc->mean.count)) };
    if (w->bad)
        return;
    // | map mean
    // | to "means"
    struct weir_out out = {
        .sink = sink_means,
        .key = c->key,
        .value = weir_wire_of_f64(w, means.mean),
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | reduce (a, b) => if b > a then b else a
static void words_by_key_2_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct weir_str *value = c->value;
    // | to "sliding"
    struct weir_out out = {
        .sink = sink_sliding,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
        .value = *value,
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | reduce (a, b) => a + b
static void words_by_key_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct weir_str *value = c->value;
    // | to "joined"
    if (value) {
        struct weir_out out = {
            .sink = sink_joined,
            .key = weir_windowed_key(w, WEIR_SESSION_WINDOWS, c->key, c->start, c->end),
            .value = *value,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_joined,
            .key = weir_windowed_key(w, WEIR_SESSION_WINDOWS, c->key, c->start, c->end),
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | fold { n: 0, first: "" }, (acc) => { n: acc.n + 1, first: if acc.n == 0 then id else acc.first },
//   merge (a, b) => { n: a.n + b.n, first: a.first }
static void sales_by_key_2_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct sessions *sessions = c->value;
    // | to "sessions"
    if (sessions) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_sessions(&json, sessions);
        struct weir_out out = {
            .sink = sink_sessions,
            .key = weir_windowed_key(w, WEIR_SESSION_WINDOWS, c->key, c->start, c->end),
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_sessions,
            .key = weir_windowed_key(w, WEIR_SESSION_WINDOWS, c->key, c->start, c->end),
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | aggregate { tags: collect(tags), key, window }
static void sales_by_key_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record_2 *acc = c->value;
    struct weir_str key;
    if (!weir_wire_to_string(w, c->key, &key))
        return;
    struct window window = { .start = c->start, .end = c->end };
    struct hopping hopping = { .tags = acc->tags, .key = key, .window = window };
    // | to "hopping"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_hopping(&json, &hopping);
    struct weir_out out = {
        .sink = sink_hopping,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
        .value = weir_buf_str(&json),
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | as stream
static void stream_hourly_stream(struct weir_ctx *w, struct weir_str key, const struct hourly *hourly,
    int64_t timestamp, struct weir_str key_bytes, int64_t start, int64_t end)
{
    struct window window = { .start = start, .end = end };
    // | filter sales > 1
    if (hourly->sales > 1) {
        // | map { region: key, from: window.start, total }
        struct big big = { .region = key, .from = window.start, .total = hourly->total };
        // | to "big"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_big(&json, &big);
        struct weir_out out = {
            .sink = sink_big,
            .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, key_bytes, start, end),
            .value = weir_buf_str(&json),
            .timestamp = timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | emit final
static void hourly_suppress_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct hourly *hourly = c->value;
    struct window window = { .start = c->start, .end = c->end };
    // | map { sales, at: window.start }
    struct final final = { 0 };
    if (hourly) {
        final = (struct final){ .sales = hourly->sales, .at = window.start };
    }
    // | to "final"
    if (hourly) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_final(&json, &final);
        struct weir_out out = {
            .sink = sink_final,
            .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_final,
            .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | aggregate { sales: count(), total: sum(amount), biggest: max(amount) where amount > 1, last: last(note) }
static void hourly_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct hourly *hourly = c->value;
    const struct hourly *old_hourly = c->old;
    struct weir_str key;
    if (!weir_wire_to_string(w, c->key, &key))
        return;
    // | to "hourly"
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_hourly(&json, hourly);
    struct weir_out out = {
        .sink = sink_hourly,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, c->key, c->start, c->end),
        .value = weir_buf_str(&json),
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
    // | emit final
    weir_suppress(w, store_hourly_suppress, &(struct weir_change){
        .key = c->key,
        .start = c->start,
        .end = c->end,
        .value = hourly,
        .old = old_hourly,
        .timestamp = c->timestamp,
    });
    // | as stream
    stream_hourly_stream(w, key, hourly, c->timestamp, c->key, c->start, c->end);
    // | as stream
    stream_hourly_totals_stream(w, key, hourly, c->timestamp, c->key, c->start, c->end);
}

// | group by region
static void process_sales_by_region_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Sale sale;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_sales_by_region_repartition(w, &j, &sale) || !weir_json_finish(w, &j))
        return;
    // | window tumbling 1h grace 5m
    // | aggregate { sales: count(), total: sum(amount), biggest: max(amount) where amount > 1, last: last(note) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_hourly);
    } else {
        int64_t stream_time = weir_store_time(w, store_hourly, w->record->timestamp);
        int64_t start = weir_window_first(w->record->timestamp, 3600000, 3600000);
        if (start <= stream_time - 3900000) {
            weir_drop_late(w, store_hourly);
        } else {
            struct weir_row *row = weir_row(w, store_hourly, w->record->key, start);
            const struct hourly *acc = row->value;
            struct hourly fresh;
            if (!acc) {
                fresh = (struct hourly){
                    .sales = 0,
                    .total = (struct weir_dec){ 0, 0 },
                    .biggest = (struct weir_opt_dec){ .some = false },
                    .last = WEIR_NULL_STR,
                };
                acc = &fresh;
            }
            int64_t sales = weir_add_i64(w, acc->sales, 1);
            struct hourly next = {
                .sales = sales,
                .total = weir_add_dec(w, acc->total, 2, sale.amount, 2, 38, 2),
                .biggest = weir_cmp_dec(sale.amount, 2, (struct weir_dec){ 100, 0 }, 2) > 0
                    ? (!acc->biggest.some ? (struct weir_opt_dec){ sale.amount, true }
                    : (struct weir_opt_dec){ weir_max_dec(acc->biggest.v, sale.amount), true }) : acc->biggest,
                .last = sale.note.p == NULL ? acc->last : sale.note,
            };
            if (w->bad)
                return;
            weir_row_put(w, store_hourly, row, &next, weir_row_time(row, w->record->timestamp));
        }
    }
}

// | count
static void words_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const int64_t *value = c->value;
    // | to "counts"
    struct weir_out out = {
        .sink = sink_counts,
        .key = c->key,
        .value = weir_wire_of_i64(w, *value),
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | group by value
static void process_words_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value;
    if (!weir_wire_to_string(w, w->record->value, &value))
        return;
    // | count
    if (!w->record->key.p) {
        weir_drop_null(w, store_words);
    } else {
        struct weir_row *row = weir_row(w, store_words, w->record->key, 0);
        int64_t fresh = 0;
        const int64_t *acc = row->value ? row->value : &fresh;
        int64_t next = weir_add_i64(w, *acc, 1);
        if (w->bad)
            return;
        weir_row_put(w, store_words, row, &next, weir_row_time(row, w->record->timestamp));
    }
}

// levels
static void levels_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct weir_str *value = c->value;
    // | map upper(value)
    struct weir_str value_2 = WEIR_STR("");
    if (value) {
        value_2 = weir_upper(w, *value);
    }
    if (w->bad)
        return;
    // | to "levels-upper"
    if (value) {
        struct weir_out out = {
            .sink = sink_levels_upper,
            .key = c->key,
            .value = value_2,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_levels_upper,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// Records without a value.
static void process_levels_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, -1);
    } else {
        levels_changed(w, &(struct weir_change){
            .key = w->record->key,
            .value = NULL,
            .timestamp = w->record->timestamp,
        });
    }
}

// table levels from "levels" int32 => string
static void process_levels(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_levels_tombstone(w);
        return;
    }
    struct weir_str value;
    if (!weir_wire_to_string(w, w->record->value, &value))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, -1);
    } else {
        levels_changed(w, &(struct weir_change){
            .key = w->record->key,
            .value = &value,
            .timestamp = w->record->timestamp,
        });
    }
}

// users
static void users_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct User *user = c->value;
    const struct User *old_user = c->old;
    // | filter score > 10
    bool passes = user && user->score > 10;
    bool passed = old_user && old_user->score > 10;
    if (passes || passed) {
        // | map { name, country }
        struct known known = { 0 };
        if (passes) {
            known = (struct known){ .name = user->name, .country = user->country };
        }
        // | to "known"
        if (passes) {
            struct weir_buf json;
            weir_buf_init(w, &json, 256);
            write_known(&json, &known);
            struct weir_out out = {
                .sink = sink_known,
                .key = c->key,
                .value = weir_buf_str(&json),
                .timestamp = c->timestamp,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out);
        } else {
            struct weir_out out = {
                .sink = sink_known,
                .key = c->key,
                .value = WEIR_NULL_STR,
                .timestamp = c->timestamp,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out);
        }
    }
    // | group by country
    struct weir_str key_bytes = WEIR_NULL_STR, value_bytes = WEIR_NULL_STR;
    if (user) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_User(&json, user);
        key_bytes = user->country;
        value_bytes = weir_buf_str(&json);
    }
    struct weir_str old_key_bytes = WEIR_NULL_STR, old_value_bytes = WEIR_NULL_STR;
    if (old_user) {
        struct weir_buf old_json;
        weir_buf_init(w, &old_json, 256);
        write_User(&old_json, old_user);
        old_key_bytes = old_user->country;
        old_value_bytes = weir_buf_str(&old_json);
    }
    struct weir_out out = {
        .sink = sink_users_by_country_repartition,
        .key = key_bytes,
        .value = value_bytes,
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send_change(w, &out, old_key_bytes, old_value_bytes);
    // | let page = seen?.page
    struct weir_str page = WEIR_NULL_STR;
    if (user) {
        page = user->seen != NULL ? user->seen->page : WEIR_NULL_STR;
    }
    struct weir_str old_page = WEIR_NULL_STR;
    if (old_user) {
        old_page = old_user->seen != NULL ? old_user->seen->page : WEIR_NULL_STR;
    }
    // | map page
    bool there = user && page.p != NULL;
    bool was_there = old_user && old_page.p != NULL;
    // | group by value
    struct weir_str key_bytes_2 = WEIR_NULL_STR, value_bytes_2 = WEIR_NULL_STR;
    if (there) {
        key_bytes_2 = page;
        value_bytes_2 = page;
    }
    struct weir_str old_key_bytes_2 = WEIR_NULL_STR, old_value_bytes_2 = WEIR_NULL_STR;
    if (was_there) {
        old_key_bytes_2 = old_page;
        old_value_bytes_2 = old_page;
    }
    struct weir_out out_2 = {
        .sink = sink_users_repartition,
        .key = key_bytes_2,
        .value = value_bytes_2,
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send_change(w, &out_2, old_key_bytes_2, old_value_bytes_2);
}

// Records without a value.
static void process_users_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_users);
    } else {
        struct weir_row *row = weir_row(w, store_users, w->record->key, 0);
        weir_row_put(w, store_users, row, NULL, w->record->timestamp);
    }
}

// table users from "users" string => json User
static void process_users(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_users_tombstone(w);
        return;
    }
    struct User user;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_User(w, &j, &user) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_users);
    } else {
        struct weir_row *row = weir_row(w, store_users, w->record->key, 0);
        weir_row_put(w, store_users, row, &user, w->record->timestamp);
    }
}

// Records without a value.
static void merge_closed_merged_tombstone(struct weir_ctx *w, struct weir_str key, bool key_is_null, int64_t timestamp,
    struct weir_str key_bytes, int64_t start, int64_t end)
{
    (void)key_is_null;
    (void)key_bytes;
    // | to "all-totals"
    struct weir_out out = {
        .sink = sink_all_totals,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, key, start, end),
        .value = WEIR_NULL_STR,
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// Records without a value.
static void process_closed_tombstone(struct weir_ctx *w)
{
    struct weir_str inner_key = WEIR_NULL_STR;
    int64_t start = 0, end = 0;
    if (w->record->key.p
        && !weir_windowed_split(w, WEIR_TIME_WINDOWS, 3600000, w->record->key, &inner_key, &start, &end))
        return;
    struct weir_str key = WEIR_NULL_STR;
    if (inner_key.p && !weir_wire_to_string(w, inner_key, &key))
        return;
    // | map total
    // | to "closed-totals"
    struct weir_out out = {
        .sink = sink_closed_totals,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, key, start, end),
        .value = WEIR_NULL_STR,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
    merge_closed_merged_tombstone(w, key, !inner_key.p, w->record->timestamp, inner_key, start, end);
}

// stream closed from "closed-hours" windowed 1h string => json { total: float64 }
static void process_closed(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_closed_tombstone(w);
        return;
    }
    struct weir_str inner_key = WEIR_NULL_STR;
    int64_t start = 0, end = 0;
    if (w->record->key.p
        && !weir_windowed_split(w, WEIR_TIME_WINDOWS, 3600000, w->record->key, &inner_key, &start, &end))
        return;
    struct closed closed;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_closed(w, &j, &closed) || !weir_json_finish(w, &j))
        return;
    struct weir_str key = WEIR_NULL_STR;
    if (inner_key.p && !weir_wire_to_string(w, inner_key, &key))
        return;
    // | map total
    // | to "closed-totals"
    struct weir_out out = {
        .sink = sink_closed_totals,
        .key = weir_windowed_key(w, WEIR_TIME_WINDOWS, key, start, end),
        .value = weir_wire_of_f64(w, closed.total),
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
    merge_closed_merged(w, key, !inner_key.p, &closed, w->record->timestamp, inner_key, start, end);
}

// stream readings from "readings" int64 => json float64?
static void process_readings(struct weir_ctx *w)
{
    struct weir_opt_f64 value = { 0 };
    if (w->record->value.p) {
        struct weir_json j;
        weir_json_start(&j, w->record->value);
        value.some = !weir_json_null(w, &j);
        if ((value.some && !weir_json_read_f64(w, &j, &value.v)) || !weir_json_finish(w, &j))
            return;
    }
    // | group by key
    // | aggregate { mean: avg(value) }
    if (!w->record->key.p || !value.some) {
        weir_drop_null(w, store_readings_by_key);
    } else {
        struct weir_row *row = weir_row(w, store_readings_by_key, w->record->key, 0);
        const struct record *acc = row->value;
        struct record fresh;
        if (!acc) {
            fresh = (struct record){ .mean = (struct record_3){ .sum = 0.0, .count = 0 } };
            acc = &fresh;
        }
        struct record next = {
            .mean = (struct record_3){ .sum = acc->mean.sum + value.v, .count = weir_add_i64(w, acc->mean.count, 1) },
        };
        if (w->bad)
            return;
        weir_row_put(w, store_readings_by_key, row, &next, weir_row_time(row, w->record->timestamp));
    }
}

// stream sales from "sales" string => json Sale  time at
static void process_sales(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Sale sale;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Sale(w, &j, &sale) || !weir_json_finish(w, &j))
        return;
    int64_t timestamp = sale.at;
    if (timestamp < 0) {
        weir_drop_negative_time(w, timestamp);
        return;
    }
    // | group by region
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_Sale(&json, &sale);
    struct weir_out out = {
        .sink = sink_sales_by_region_repartition,
        .key = sale.region,
        .value = weir_buf_str(&json),
        .timestamp = timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
    // | group by key
    // | window hopping 10m every 1m
    // | aggregate { tags: collect(tags), key, window }
    if (!w->record->key.p) {
        weir_drop_null(w, store_sales_by_key);
    } else {
        int64_t stream_time = weir_store_time(w, store_sales_by_key, timestamp);
        int64_t start = weir_window_first(timestamp, 600000, 60000);
        for (; start <= timestamp; start += 60000) {
            if (start <= stream_time - 600000) {
                weir_drop_late(w, store_sales_by_key);
            } else {
                struct weir_row *row = weir_row(w, store_sales_by_key, w->record->key, start);
                const struct record_2 *acc = row->value;
                struct record_2 fresh;
                if (!acc) {
                    fresh = (struct record_2){ .tags = (struct weir_list){ "", 0 } };
                    acc = &fresh;
                }
                struct weir_list element = sale.tags;
                struct record_2 next = { .tags = weir_list_append(w, acc->tags, &element, sizeof(struct weir_list)) };
                if (w->bad)
                    return;
                weir_row_put(w, store_sales_by_key, row, &next, weir_row_time(row, timestamp));
            }
        }
    }
    // | group by key
    // | window session 30m grace 1m
    // | fold { n: 0, first: "" }, (acc) => { n: acc.n + 1, first: if acc.n == 0 then id else acc.first },
    //   merge (a, b) => { n: a.n + b.n, first: a.first }
    if (!w->record->key.p) {
        weir_drop_null(w, store_sales_by_key_2);
    } else {
        struct weir_sessions sessions;
        if (weir_sessions_find(w, store_sales_by_key_2, w->record->key, timestamp, &sessions)) {
            struct sessions session;
            session = (struct sessions){ .n = 0, .first = WEIR_STR("") };
            for (size_t i = 0; i < sessions.count; i++) {
                const struct sessions *other = sessions.found[i].value;
                session = (struct sessions){ .n = weir_add_i64(w, session.n, other->n), .first = session.first };
            }
            session = (struct sessions){
                .n = weir_add_i64(w, session.n, 1),
                .first = session.n == 0 ? sale.id : session.first,
            };
            if (w->bad)
                return;
            weir_sessions_put(w, store_sales_by_key_2, &sessions, &session);
        }
    }
}

// Records without a value.
static void process_words_tombstone(struct weir_ctx *w)
{
    // | as table
    if (!w->record->key.p) {
        weir_drop_null(w, store_words_table);
    } else {
        struct weir_row *row = weir_row(w, store_words_table, w->record->key, 0);
        weir_row_put(w, store_words_table, row, NULL, w->record->timestamp);
    }
}

// stream words from "words" string => string
static void process_words(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_words_tombstone(w);
        return;
    }
    struct weir_str value;
    if (!weir_wire_to_string(w, w->record->value, &value))
        return;
    // | group by value
    struct weir_out out = {
        .sink = sink_words_repartition,
        .key = value,
        .value = value,
        .timestamp = w->record->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
    // | group by key
    // | window session 1m
    // | reduce (a, b) => a + b
    if (!w->record->key.p) {
        weir_drop_null(w, store_words_by_key);
    } else {
        struct weir_sessions sessions;
        if (weir_sessions_find(w, store_words_by_key, w->record->key, w->record->timestamp, &sessions)) {
            struct weir_str session;
            if (sessions.count > 0) {
                session = *(const struct weir_str *)sessions.found[0].value;
                for (size_t i = 1; i < sessions.count; i++) {
                    const struct weir_str *other = sessions.found[i].value;
                    session = weir_concat(w, session, *other);
                }
                session = weir_concat(w, session, value);
            } else {
                session = value;
            }
            if (w->bad)
                return;
            weir_sessions_put(w, store_words_by_key, &sessions, &session);
        }
    }
    // | group by key
    // | window sliding 5s grace 1s
    // | reduce (a, b) => if b > a then b else a
    if (!w->record->key.p) {
        weir_drop_null(w, store_words_by_key_2);
    } else {
        struct weir_slides slides;
        if (weir_slides_find(w, store_words_by_key_2, w->record->key, w->record->timestamp, &slides)) {
            for (size_t i = 0; i < slides.count; i++) {
                const struct weir_slide *slide = &slides.items[i];
                if (!slide->adds) {
                    weir_slides_put(w, store_words_by_key_2, &slides, i, slide->base);
                    continue;
                }
                const struct weir_str *acc = slide->base;
                struct weir_str next;
                if (acc) {
                    next = weir_cmp_str(value, *acc) > 0 ? value : *acc;
                } else {
                    next = value;
                }
                if (w->bad)
                    return;
                weir_slides_put(w, store_words_by_key_2, &slides, i, &next);
            }
        }
    }
    // | as table
    if (!w->record->key.p) {
        weir_drop_null(w, store_words_table);
    } else {
        struct weir_row *row = weir_row(w, store_words_table, w->record->key, 0);
        weir_row_put(w, store_words_table, row, &value, w->record->timestamp);
    }
}

static struct weir_str show_sales_by_key(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record_2 *acc = c->value;
    struct weir_str key;
    if (!weir_wire_to_string(w, c->key, &key))
        return WEIR_NULL_STR;
    struct window window = { .start = c->start, .end = c->end };
    struct hopping hopping = { .tags = acc->tags, .key = key, .window = window };
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_hopping(&json, &hopping);
    return weir_buf_str(&json);
}

static struct weir_str show_readings_by_key(struct weir_ctx *w, const struct weir_change *c)
{
    const struct record *acc = c->value;
    struct means means = { .mean = weir_div_f64(w, acc->mean.sum, weir_f64_of_i64(w, acc->mean.count)) };
    if (w->bad)
        return WEIR_NULL_STR;
    struct weir_buf json;
    weir_buf_init(w, &json, 256);
    write_means(&json, &means);
    return weir_buf_str(&json);
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_words] = {
        .name = "words",
        .topics = (const char *const[]){ "words" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
        .process = process_words,
    },
    [source_sales] = {
        .name = "sales",
        .topics = (const char *const[]){ "sales" },
        .topic_count = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Sale,
        .process = process_sales,
    },
    [source_readings] = {
        .name = "readings",
        .topics = (const char *const[]){ "readings" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 2,
        .key = &weir_serde_int64,
        .value = &serde_f64,
        .process = process_readings,
    },
    [source_closed] = {
        .name = "closed",
        .topics = (const char *const[]){ "closed-hours" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 3,
        .key = &serde_windowed_string,
        .value = &serde_closed,
        .process = process_closed,
    },
    [source_users] = {
        .name = "users",
        .topics = (const char *const[]){ "users" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 4,
        .key = &weir_serde_string,
        .value = &serde_User,
        .process = process_users,
    },
    [source_levels] = {
        .name = "levels",
        .topics = (const char *const[]){ "levels" },
        .topic_count = 1,
        .needs_time = true,
        .subtopology = 5,
        .key = &weir_serde_int32,
        .value = &weir_serde_string,
        .process = process_levels,
    },
    [source_words_repartition] = {
        .name = "words_repartition",
        .topics = (const char *const[]){ "words-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 7,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
        .process = process_words_repartition,
    },
    [source_sales_by_region_repartition] = {
        .name = "sales_by_region_repartition",
        .topics = (const char *const[]){ "sales-by-region-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 3,
        .key = &weir_serde_string,
        .value = &serde_Sale,
        .process = process_sales_by_region_repartition,
    },
    [source_users_by_country_repartition] = {
        .name = "users_by_country_repartition",
        .topics = (const char *const[]){ "users-by-country-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 8,
        .key = &weir_serde_string,
        .value = &serde_User,
        .process = process_users_by_country_repartition,
    },
    [source_users_repartition] = {
        .name = "users_repartition",
        .topics = (const char *const[]){ "users-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 9,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
        .process = process_users_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_words_repartition] = {
        .name = "words_repartition",
        .topic = "words-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
    },
    [sink_counts] = {
        .name = "counts",
        .topic = "counts",
        .subtopology = 7,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_sales_by_region_repartition] = {
        .name = "sales_by_region_repartition",
        .topic = "sales-by-region-repartition",
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Sale,
    },
    [sink_hourly] = {
        .name = "hourly",
        .topic = "hourly",
        .subtopology = 3,
        .key = &serde_windowed_string,
        .value = &serde_hourly,
    },
    [sink_final] = {
        .name = "final",
        .topic = "final",
        .subtopology = 3,
        .key = &serde_windowed_string,
        .value = &serde_final,
    },
    [sink_big] = {
        .name = "big",
        .topic = "big",
        .subtopology = 3,
        .key = &serde_windowed_string,
        .value = &serde_big,
    },
    [sink_hopping] = {
        .name = "hopping",
        .topic = "hopping",
        .subtopology = 1,
        .key = &serde_windowed_string_2,
        .value = &serde_hopping,
    },
    [sink_sessions] = {
        .name = "sessions",
        .topic = "sessions",
        .subtopology = 1,
        .key = &serde_windowed_string_3,
        .value = &serde_sessions,
    },
    [sink_joined] = {
        .name = "joined",
        .topic = "joined",
        .key = &serde_windowed_string_3,
        .value = &weir_serde_string,
    },
    [sink_sliding] = {
        .name = "sliding",
        .topic = "sliding",
        .key = &serde_windowed_string_4,
        .value = &weir_serde_string,
    },
    [sink_means] = {
        .name = "means",
        .topic = "means",
        .subtopology = 2,
        .key = &weir_serde_int64,
        .value = &weir_serde_float64,
    },
    [sink_known] = {
        .name = "known",
        .topic = "known",
        .subtopology = 4,
        .key = &weir_serde_string,
        .value = &serde_known,
    },
    [sink_users_by_country_repartition] = {
        .name = "users_by_country_repartition",
        .topic = "users-by-country-repartition",
        .internal = true,
        .subtopology = 4,
        .key = &weir_serde_string,
        .value = &serde_User,
    },
    [sink_countries] = {
        .name = "countries",
        .topic = "countries",
        .subtopology = 8,
        .key = &weir_serde_string,
        .value = &serde_countries,
    },
    [sink_users_repartition] = {
        .name = "users_repartition",
        .topic = "users-repartition",
        .internal = true,
        .subtopology = 4,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
    },
    [sink_pages] = {
        .name = "pages",
        .topic = "pages",
        .subtopology = 9,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_levels_upper] = {
        .name = "levels_upper",
        .topic = "levels-upper",
        .subtopology = 5,
        .key = &weir_serde_int32,
        .value = &weir_serde_string,
    },
    [sink_lengths] = {
        .name = "lengths",
        .topic = "lengths",
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
    [sink_closed_totals] = {
        .name = "closed_totals",
        .topic = "closed-totals",
        .subtopology = 3,
        .key = &serde_windowed_string,
        .value = &weir_serde_float64,
    },
    [sink_all_totals] = {
        .name = "all_totals",
        .topic = "all-totals",
        .subtopology = 3,
        .key = &serde_windowed_string,
        .value = &serde_closed,
    },
};

static const struct weir_store stores[] = {
    [store_users] = {
        .name = "users",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_users,
        .subtopology = 4,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_User,
        .fingerprint = 0xd94833255b0ba153,
        .value_size = sizeof(struct User),
        .extra = extra_of_User,
        .keep = keep_of_User,
        .encode = encode_User,
        .decode = decode_User,
        .changed = users_changed,
        .wants_old = true,
    },
    [store_words] = {
        .name = "words",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 7,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa43358dfcf1fe2b1,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .changed = words_changed,
    },
    [store_hourly] = {
        .name = "hourly",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 3,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_hourly,
        .fingerprint = 0xf8755b1b35bed684,
        .value_size = sizeof(struct hourly),
        .extra = extra_of_hourly,
        .keep = keep_of_hourly,
        .encode = encode_hourly,
        .decode = decode_hourly,
        .changed = hourly_changed,
        .wants_old = true,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 3600000,
        .grace = 300000,
        .retention = 3900000,
    },
    [store_hourly_suppress] = {
        .name = "hourly-suppress",
        .kind = WEIR_STORE_BUFFER,
        .memory = true,
        .changelog_source = -1,
        .subtopology = 3,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_hourly,
        .fingerprint = 0xe82d76b04e737a4e,
        .value_size = sizeof(struct hourly),
        .extra = extra_of_hourly,
        .keep = keep_of_hourly,
        .encode = encode_hourly,
        .decode = decode_hourly,
        .changed = hourly_suppress_changed,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 3600000,
        .grace = 300000,
        .retention = 3900000,
        .wait = 300000,
        .final = true,
    },
    [store_sales_by_key] = {
        .name = "sales-by-key",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_record_2,
        .fingerprint = 0xca2688be380058e0,
        .value_size = sizeof(struct record_2),
        .extra = extra_of_record_2,
        .keep = keep_of_record_2,
        .encode = encode_record_2,
        .decode = decode_record_2,
        .changed = sales_by_key_changed,
        .show = show_sales_by_key,
        .window = WEIR_TIME_WINDOWS,
        .window_size = 600000,
        .retention = 600000,
    },
    [store_sales_by_key_2] = {
        .name = "sales-by-key-2",
        .kind = WEIR_STORE_SERIES,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_sessions,
        .fingerprint = 0xf490d5841f897419,
        .value_size = sizeof(struct sessions),
        .extra = extra_of_sessions,
        .keep = keep_of_sessions,
        .encode = encode_sessions,
        .decode = decode_sessions,
        .changed = sales_by_key_2_changed,
        .window = WEIR_SESSION_WINDOWS,
        .window_size = 1800000,
        .grace = 60000,
        .retention = 1860000,
    },
    [store_words_by_key] = {
        .name = "words-by-key",
        .kind = WEIR_STORE_SERIES,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_string,
        .fingerprint = 0x56690f367189a686,
        .value_size = sizeof(struct weir_str),
        .extra = extra_of_string,
        .keep = keep_of_string,
        .encode = encode_string,
        .decode = decode_string,
        .changed = words_by_key_changed,
        .window = WEIR_SESSION_WINDOWS,
        .window_size = 60000,
        .retention = 60000,
    },
    [store_words_by_key_2] = {
        .name = "words-by-key-2",
        .kind = WEIR_STORE_SERIES,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_string,
        .fingerprint = 0xc1ad9ae28a7ca68e,
        .value_size = sizeof(struct weir_str),
        .extra = extra_of_string,
        .keep = keep_of_string,
        .encode = encode_string,
        .decode = decode_string,
        .changed = words_by_key_2_changed,
        .window = WEIR_SLIDING_WINDOWS,
        .window_size = 5000,
        .grace = 1000,
        .retention = 11000,
    },
    [store_readings_by_key] = {
        .name = "readings-by-key",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 2,
        .key_serde = &weir_serde_int64,
        .value_serde = &serde_record,
        .fingerprint = 0xcd54e4be7860b9de,
        .value_size = sizeof(struct record),
        .encode = encode_record,
        .decode = decode_record,
        .changed = readings_by_key_changed,
        .show = show_readings_by_key,
    },
    [store_users_by_country] = {
        .name = "users-by-country",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 8,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_countries,
        .fingerprint = 0x8bc36d957ba0bd4a,
        .value_size = sizeof(struct countries),
        .extra = extra_of_countries,
        .keep = keep_of_countries,
        .encode = encode_countries,
        .decode = decode_countries,
        .changed = users_by_country_changed,
    },
    [store_users_2] = {
        .name = "users-2",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 9,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa43358dfcf1fe2b1,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .changed = users_2_changed,
    },
    [store_words_table] = {
        .name = "words-table",
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
        .changed = words_table_changed,
        .wants_old = true,
    },
    [store_words_table_suppress] = {
        .name = "words-table-suppress",
        .kind = WEIR_STORE_BUFFER,
        .memory = true,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0x4f2ee09bab5b3733,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .changed = words_table_suppress_changed,
        .wait = 10000,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "state",
    .file = "state.weir",
    .sources = sources,
    .source_count = 10,
    .sinks = sinks,
    .sink_count = 20,
    .stores = stores,
    .store_count = 13,
};
