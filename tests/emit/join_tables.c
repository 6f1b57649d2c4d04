// Made by weir from "join_tables.weir".
#include <weir.h>

struct User {
    struct weir_str name;
    struct weir_str city;
    int64_t age;
    struct weir_str note;
};

struct Score {
    int64_t points;
};

struct inner {
    struct weir_str name;
    int64_t points;
};

struct adults {
    struct weir_str name;
};

struct known {
    struct weir_str name;
};

struct levels_known {
    struct weir_str name;
    struct weir_opt_i64 level;
};

struct cities {
    struct weir_str city;
    struct weir_opt_i64 points;
};

enum { source_users, source_scores, source_levels, source_cities_by_city_repartition };
enum { sink_inner, sink_levels_known, sink_cities_by_city_repartition, sink_cities };
enum { store_users, store_scores, store_levels, store_cities };

// ---- decoders ----

static bool read_cities_by_city_repartition(struct weir_ctx *w, struct weir_json *j, struct cities *v)
{
    static const struct weir_json_name fields[] = {
        { "city", 4, 7, "\"city\":" },
        { "points", 6, 9, "\"points\":" },
    };
    bool first = true;
    int field, next = 0;
    v->points = (struct weir_opt_i64){ 0 };
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 1:
            v->points.some = !weir_json_null(w, j);
            if (v->points.some && !weir_json_read_i64(w, j, &v->points.v))
                return weir_json_in_field(w, "points");
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    return true;
}

static bool read_Score(struct weir_ctx *w, struct weir_json *j, struct Score *v)
{
    static const struct weir_json_name fields[] = {
        { "points", 6, 9, "\"points\":" },
    };
    bool first = true, has_points = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_i64(w, j, &v->points))
                return weir_json_in_field(w, "points");
            has_points = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_points)
        return weir_json_missing(w, "points");
    return true;
}

static bool read_User(struct weir_ctx *w, struct weir_json *j, struct User *v)
{
    static const struct weir_json_name fields[] = {
        { "name", 4, 7, "\"name\":" },
        { "city", 4, 7, "\"city\":" },
        { "age", 3, 6, "\"age\":" },
        { "note", 4, 7, "\"note\":" },
    };
    bool first = true, has_name = false, has_city = false, has_age = false, has_note = false;
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
        case 1:
            if (!weir_json_read_string(w, j, &v->city))
                return weir_json_in_field(w, "city");
            has_city = true;
            break;
        case 2:
            if (!weir_json_read_i64(w, j, &v->age))
                return weir_json_in_field(w, "age");
            has_age = true;
            break;
        case 3:
            if (!weir_json_read_string(w, j, &v->note))
                return weir_json_in_field(w, "note");
            has_note = true;
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
    if (!has_city)
        return weir_json_missing(w, "city");
    if (!has_age)
        return weir_json_missing(w, "age");
    if (!has_note)
        return weir_json_missing(w, "note");
    return true;
}

// ---- encoders ----

static void write_Score(struct weir_buf *b, const struct Score *v)
{
    weir_put_lit(b, "{\"points\":");
    weir_put_i64(b, v->points);
    weir_put_lit(b, "}");
}

static void write_cities(struct weir_buf *b, const struct cities *v)
{
    weir_put_lit(b, "{\"city\":");
    weir_put_string(b, v->city);
    weir_put_lit(b, ",\"points\":");
    if (v->points.some) {
        weir_put_i64(b, v->points.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_levels_known(struct weir_buf *b, const struct levels_known *v)
{
    weir_put_lit(b, "{\"name\":");
    if (v->name.p != NULL) {
        weir_put_string(b, v->name);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"level\":");
    if (v->level.some) {
        weir_put_i64(b, v->level.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, "}");
}

static void write_inner(struct weir_buf *b, const struct inner *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"points\":");
    weir_put_i64(b, v->points);
    weir_put_lit(b, "}");
}

static void write_User(struct weir_buf *b, const struct User *v)
{
    weir_put_lit(b, "{\"name\":");
    weir_put_string(b, v->name);
    weir_put_lit(b, ",\"city\":");
    weir_put_string(b, v->city);
    weir_put_lit(b, ",\"age\":");
    weir_put_i64(b, v->age);
    weir_put_lit(b, ",\"note\":");
    weir_put_string(b, v->note);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_User = { .name = "json User" };
static const struct weir_serde serde_Score = { .name = "json Score" };
static const struct weir_serde serde_cities = { .name = "json" };
static const struct weir_serde serde_inner = { .name = "json" };
static const struct weir_serde serde_levels_known = { .name = "json" };

// ---- values in stores ----

static size_t extra_User(const struct User *v)
{
    return weir_keep_size(v->name.n)
        + weir_keep_size(v->city.n)
        + weir_keep_size(v->note.n);
}

static size_t extra_of_User(const void *value)
{
    const struct User *v = value;
    return extra_User(v);
}

static void keep_User(struct User *v, char **next)
{
    v->name.p = weir_keep(next, v->name.p, v->name.n);
    v->city.p = weir_keep(next, v->city.p, v->city.n);
    v->note.p = weir_keep(next, v->note.p, v->note.n);
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

static struct weir_str encode_Score(struct weir_ctx *w, const void *value)
{
    const struct Score *v = value;
    struct weir_buf bytes;
    weir_buf_init(w, &bytes, 256);
    write_Score(&bytes, v);
    return weir_buf_str(&bytes);
}

static bool decode_Score(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    struct Score v;
    struct weir_json j;
    weir_json_start(&j, bytes);
    if (!read_Score(w, &j, &v) || !weir_json_finish(w, &j))
        return false;
    *(struct Score *)value = v;
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

// ---- stages ----

// | aggregate { points: sum(points) }
static void cities_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct Score *score = c->value;
    // | to "cities"
    if (score) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_Score(&json, score);
        struct weir_out out = {
            .sink = sink_cities,
            .key = c->key,
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_cities,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | group by city
static void process_cities_by_city_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value_bytes, old_value_bytes;
    if (!weir_change_split(w, w->record->value, &old_value_bytes, &value_bytes))
        return;
    struct cities cities = { 0 };
    if (value_bytes.p) {
        struct weir_json j;
        weir_json_start(&j, value_bytes);
        if (!read_cities_by_city_repartition(w, &j, &cities) || !weir_json_finish(w, &j))
            return;
    }
    struct cities old_cities = { 0 };
    if (old_value_bytes.p) {
        struct weir_json j_2;
        weir_json_start(&j_2, old_value_bytes);
        if (!read_cities_by_city_repartition(w, &j_2, &old_cities) || !weir_json_finish(w, &j_2))
            return;
    }
    // | aggregate { points: sum(points) }
    if (!w->record->key.p) {
        weir_drop_null(w, store_cities);
    } else {
        struct weir_row *row = weir_row(w, store_cities, w->record->key, 0);
        const struct Score *acc = row->value;
        struct Score undone;
        if (acc && old_value_bytes.p) {
            undone = (struct Score){
                .points = !old_cities.points.some ? acc->points : weir_sub_i64(w, acc->points, old_cities.points.v),
            };
            acc = &undone;
        }
        struct Score added;
        if (value_bytes.p) {
            struct Score fresh;
            if (!acc) {
                fresh = (struct Score){ .points = 0 };
                acc = &fresh;
            }
            added = (struct Score){
                .points = !cities.points.some ? acc->points : weir_add_i64(w, acc->points, cities.points.v),
            };
            acc = &added;
        }
        if (w->bad)
            return;
        weir_row_put(w, store_cities, row, acc, weir_row_time(row, w->record->timestamp));
    }
}

// | left join scores as s
static void cities_joined(struct weir_ctx *w, const struct weir_change *c, const struct Score *s,
    const struct Score *old_s)
{
    const struct User *user = c->value;
    const struct User *old_user = c->old;
    // | map { city, points: s?.points }
    struct cities cities = { 0 };
    if (user) {
        cities = (struct cities){
            .city = user->city,
            .points = s != NULL ? (struct weir_opt_i64){ s->points, true } : (struct weir_opt_i64){ 0 },
        };
    }
    struct cities old_cities = { 0 };
    if (old_user) {
        old_cities = (struct cities){
            .city = old_user->city,
            .points = old_s != NULL ? (struct weir_opt_i64){ old_s->points, true } : (struct weir_opt_i64){ 0 },
        };
    }
    // | group by city
    struct weir_str key_bytes = WEIR_NULL_STR, value_bytes = WEIR_NULL_STR;
    if (user) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_cities(&json, &cities);
        key_bytes = cities.city;
        value_bytes = weir_buf_str(&json);
    }
    struct weir_str old_key_bytes = WEIR_NULL_STR, old_value_bytes = WEIR_NULL_STR;
    if (old_user) {
        struct weir_buf old_json;
        weir_buf_init(w, &old_json, 256);
        write_cities(&old_json, &old_cities);
        old_key_bytes = old_cities.city;
        old_value_bytes = weir_buf_str(&old_json);
    }
    struct weir_out out = {
        .sink = sink_cities_by_city_repartition,
        .key = key_bytes,
        .value = value_bytes,
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send_change(w, &out, old_key_bytes, old_value_bytes);
}

// | outer join levels as l
static void known_joined_2(struct weir_ctx *w, const struct weir_change *c, const int64_t *l)
{
    const struct known *known = c->value;
    bool there = known || l;
    // | map { name: known?.name, level: l }
    struct levels_known levels_known = { 0 };
    if (there) {
        levels_known = (struct levels_known){
            .name = known != NULL ? known->name : WEIR_NULL_STR,
            .level = l ? (struct weir_opt_i64){ *l, true } : (struct weir_opt_i64){ 0 },
        };
    }
    // | to "levels-known"
    if (there) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_levels_known(&json, &levels_known);
        struct weir_out out = {
            .sink = sink_levels_known,
            .key = c->key,
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_levels_known,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | left join scores as s
static void known_joined(struct weir_ctx *w, const struct weir_change *c, const struct Score *s,
    const struct Score *old_s)
{
    const struct adults *adults = c->value;
    (void)s;
    const struct adults *old_adults = c->old;
    (void)old_s;
    // | map { name, points: s?.points }
    struct known known = { 0 };
    if (adults) {
        known = (struct known){ .name = adults->name };
    }
    // | outer join levels as l
    const struct weir_row *l_row = weir_row_find(w, store_levels, c->key, 0);
    const int64_t *l = l_row ? l_row->value : NULL;
    int64_t l_time = l_row ? l_row->timestamp : 0;
    if (l || adults || old_adults) {
        known_joined_2(w, &(struct weir_change){
            .key = c->key,
            .value = adults ? &known : NULL,
            .timestamp = l_time > c->timestamp ? l_time : c->timestamp,
        }, l);
    }
}

// | join scores as s
static void users_joined(struct weir_ctx *w, const struct weir_change *c, const struct Score *s)
{
    const struct User *user = c->value;
    bool there = user && s;
    // | map { name, points: s.points }
    struct inner inner = { 0 };
    if (there) {
        inner = (struct inner){ .name = user->name, .points = s->points };
    }
    // | to "inner"
    if (there) {
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_inner(&json, &inner);
        struct weir_out out = {
            .sink = sink_inner,
            .key = c->key,
            .value = weir_buf_str(&json),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_inner,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// table adults = users | filter age >= 18 | map { name, age }
static const struct adults *view_adults(struct weir_ctx *w, struct weir_str key_bytes, int64_t *timestamp)
{
    const struct weir_row *row = weir_row_find(w, store_users, key_bytes, 0);
    if (!row)
        return NULL;
    const struct User *user = row->value;
    // | filter age >= 18
    if (!(user->age >= 18))
        return NULL;
    // | map { name, age }
    struct adults adults = { .name = user->name };
    *timestamp = row->timestamp;
    return weir_copy(w, &adults, sizeof(struct adults));
}

// table known = adults | left join scores as s | map { name, points: s?.points }
static const struct known *view_known(struct weir_ctx *w, struct weir_str key_bytes, int64_t *timestamp)
{
    int64_t adults_time = 0;
    const struct adults *adults = view_adults(w, key_bytes, &adults_time);
    if (w->bad)
        return NULL;
    const struct weir_row *s_row = weir_row_find(w, store_scores, key_bytes, 0);
    int64_t s_time = s_row ? s_row->timestamp : 0;
    if (!adults)
        return NULL;
    // | left join scores as s
    // | map { name, points: s?.points }
    struct known known = { .name = adults->name };
    *timestamp = adults_time > s_time ? adults_time : s_time;
    return weir_copy(w, &known, sizeof(struct known));
}

// levels
static void levels_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const int64_t *value = c->value;
    const int64_t *old_value = c->old;
    // | outer join levels as l
    int64_t known_time = 0;
    const struct known *known = view_known(w, c->key, &known_time);
    if (w->bad)
        return;
    if (known || value || old_value) {
        known_joined_2(w, &(struct weir_change){
            .key = c->key,
            .value = known,
            .timestamp = known_time > c->timestamp ? known_time : c->timestamp,
        }, value);
    }
}

// Records without a value.
static void process_levels_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_levels);
    } else {
        struct weir_row *row = weir_row(w, store_levels, w->record->key, 0);
        weir_row_put(w, store_levels, row, NULL, w->record->timestamp);
    }
}

// table levels from "levels" string => int64
static void process_levels(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_levels_tombstone(w);
        return;
    }
    int64_t value;
    if (!weir_wire_to_i64(w, w->record->value, &value))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_levels);
    } else {
        struct weir_row *row = weir_row(w, store_levels, w->record->key, 0);
        weir_row_put(w, store_levels, row, &value, w->record->timestamp);
    }
}

// scores
static void scores_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct Score *score = c->value;
    const struct Score *old_score = c->old;
    // | join scores as s
    const struct weir_row *user_row = weir_row_find(w, store_users, c->key, 0);
    const struct User *user = user_row ? user_row->value : NULL;
    int64_t user_time = user_row ? user_row->timestamp : 0;
    if (user) {
        users_joined(w, &(struct weir_change){
            .key = c->key,
            .value = user,
            .timestamp = user_time > c->timestamp ? user_time : c->timestamp,
        }, score);
    }
    // | left join scores as s
    int64_t adults_time = 0;
    const struct adults *adults = view_adults(w, c->key, &adults_time);
    if (w->bad)
        return;
    if (adults) {
        known_joined(w, &(struct weir_change){
            .key = c->key,
            .value = adults,
            .old = adults,
            .timestamp = adults_time > c->timestamp ? adults_time : c->timestamp,
        }, score, old_score);
    }
    // | left join scores as s
    const struct weir_row *user_row_2 = weir_row_find(w, store_users, c->key, 0);
    const struct User *user_2 = user_row_2 ? user_row_2->value : NULL;
    int64_t user_time_2 = user_row_2 ? user_row_2->timestamp : 0;
    if (user_2) {
        cities_joined(w, &(struct weir_change){
            .key = c->key,
            .value = user_2,
            .old = user_2,
            .timestamp = user_time_2 > c->timestamp ? user_time_2 : c->timestamp,
        }, score, old_score);
    }
}

// Records without a value.
static void process_scores_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_scores);
    } else {
        struct weir_row *row = weir_row(w, store_scores, w->record->key, 0);
        weir_row_put(w, store_scores, row, NULL, w->record->timestamp);
    }
}

// table scores from "scores" string => json Score
static void process_scores(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_scores_tombstone(w);
        return;
    }
    struct Score score;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Score(w, &j, &score) || !weir_json_finish(w, &j))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_scores);
    } else {
        struct weir_row *row = weir_row(w, store_scores, w->record->key, 0);
        weir_row_put(w, store_scores, row, &score, w->record->timestamp);
    }
}

// users
static void users_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const struct User *user = c->value;
    const struct User *old_user = c->old;
    // | join scores as s
    const struct weir_row *s_row = weir_row_find(w, store_scores, c->key, 0);
    const struct Score *s = s_row ? s_row->value : NULL;
    int64_t s_time = s_row ? s_row->timestamp : 0;
    if (s) {
        users_joined(w, &(struct weir_change){
            .key = c->key,
            .value = user,
            .timestamp = s_time > c->timestamp ? s_time : c->timestamp,
        }, s);
    }
    // | filter age >= 18
    bool passes = user && user->age >= 18;
    bool passed = old_user && old_user->age >= 18;
    if (passes || passed) {
        // | map { name, age }
        struct adults adults = { 0 };
        if (passes) {
            adults = (struct adults){ .name = user->name };
        }
        struct adults old_adults = { 0 };
        if (passed) {
            old_adults = (struct adults){ .name = old_user->name };
        }
        // | left join scores as s
        const struct weir_row *s_row_2 = weir_row_find(w, store_scores, c->key, 0);
        const struct Score *s_2 = s_row_2 ? s_row_2->value : NULL;
        int64_t s_time_2 = s_row_2 ? s_row_2->timestamp : 0;
        if (s_2 || passes || passed) {
            known_joined(w, &(struct weir_change){
                .key = c->key,
                .value = passes ? &adults : NULL,
                .old = passed ? &old_adults : NULL,
                .timestamp = s_time_2 > c->timestamp ? s_time_2 : c->timestamp,
            }, s_2, s_2);
        }
    }
    // | left join scores as s
    const struct weir_row *s_row_2 = weir_row_find(w, store_scores, c->key, 0);
    const struct Score *s_2 = s_row_2 ? s_row_2->value : NULL;
    int64_t s_time_2 = s_row_2 ? s_row_2->timestamp : 0;
    if (s_2 || user || old_user) {
        cities_joined(w, &(struct weir_change){
            .key = c->key,
            .value = user,
            .old = old_user,
            .timestamp = s_time_2 > c->timestamp ? s_time_2 : c->timestamp,
        }, s_2, s_2);
    }
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

// ---- the program ----

static const struct weir_source sources[] = {
    [source_users] = {
        .name = "users",
        .topics = (const char *const[]){ "users" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_User,
        .process = process_users,
    },
    [source_scores] = {
        .name = "scores",
        .topics = (const char *const[]){ "scores" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &serde_Score,
        .process = process_scores,
    },
    [source_levels] = {
        .name = "levels",
        .topics = (const char *const[]){ "levels" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
        .process = process_levels,
    },
    [source_cities_by_city_repartition] = {
        .name = "cities_by_city_repartition",
        .topics = (const char *const[]){ "cities-by-city-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_cities,
        .process = process_cities_by_city_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_inner] = {
        .name = "inner",
        .topic = "inner",
        .key = &weir_serde_string,
        .value = &serde_inner,
    },
    [sink_levels_known] = {
        .name = "levels_known",
        .topic = "levels-known",
        .key = &weir_serde_string,
        .value = &serde_levels_known,
    },
    [sink_cities_by_city_repartition] = {
        .name = "cities_by_city_repartition",
        .topic = "cities-by-city-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &serde_cities,
    },
    [sink_cities] = {
        .name = "cities",
        .topic = "cities",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Score,
    },
};

static const struct weir_store stores[] = {
    [store_users] = {
        .name = "users",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_users,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_User,
        .fingerprint = 0xded50c771b498065,
        .value_size = sizeof(struct User),
        .extra = extra_of_User,
        .keep = keep_of_User,
        .encode = encode_User,
        .decode = decode_User,
        .changed = users_changed,
        .wants_old = true,
        .at_once = true,
    },
    [store_scores] = {
        .name = "scores",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_scores,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Score,
        .fingerprint = 0x37206de3612bc2de,
        .value_size = sizeof(struct Score),
        .encode = encode_Score,
        .decode = decode_Score,
        .changed = scores_changed,
        .wants_old = true,
        .at_once = true,
    },
    [store_levels] = {
        .name = "levels",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = source_levels,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa43358dfcf1fe2b1,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .changed = levels_changed,
        .wants_old = true,
        .at_once = true,
    },
    [store_cities] = {
        .name = "cities",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &serde_Score,
        .fingerprint = 0x37206de3612bc2de,
        .value_size = sizeof(struct Score),
        .encode = encode_Score,
        .decode = decode_Score,
        .changed = cities_changed,
    },
};

static const struct weir_copartition copartitions[] = {
    { "join scores as s", (const int[]){ source_users, source_scores }, 2 },
    { "left join scores as s", (const int[]){ source_users, source_scores }, 2 },
    { "outer join levels as l", (const int[]){ source_users, source_scores, source_levels }, 3 },
    { "left join scores as s", (const int[]){ source_users, source_scores }, 2 },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "join_tables",
    .file = "join_tables.weir",
    .sources = sources,
    .source_count = 4,
    .sinks = sinks,
    .sink_count = 4,
    .stores = stores,
    .store_count = 4,
    .copartitions = copartitions,
    .copartition_count = 4,
};
