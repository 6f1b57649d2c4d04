// The built-in functions of the language that have one C function each; compiler/types/builtins.def says what generated code passes.
// A failure sets w->bad and returns zeros. Arguments are not null, but may be what a failure before them returned.
#ifndef WEIR_FN_H
#define WEIR_FN_H

#include "weir_ctx.h"

// ---- text; positions and lengths count code points (fn_text.c, fn_case.c) ----

// True if TEXT is UTF-8 as RFC 3629 has it.
bool weir_validate_utf8(const char *text, size_t n);

int64_t weir_length(struct weir_ctx *w, struct weir_str text);
int64_t weir_length_bytes(struct weir_ctx *w, struct weir_str bytes);
struct weir_str weir_lower(struct weir_ctx *w, struct weir_str text);
struct weir_str weir_upper(struct weir_ctx *w, struct weir_str text);
struct weir_str weir_initcap(struct weir_ctx *w, struct weir_str text); // words are what white space separates
struct weir_str weir_trim(struct weir_ctx *w, struct weir_str text);    // Unicode's white space
struct weir_str weir_trim_chars(struct weir_ctx *w, struct weir_str text, struct weir_str chars);
// cuts what is longer
struct weir_str weir_pad_left(struct weir_ctx *w, struct weir_str text, int64_t length, struct weir_str with);
struct weir_str weir_pad_right(struct weir_ctx *w, struct weir_str text, int64_t length, struct weir_str with);
// COUNT code points from FROM (0 if negative) on, or as many as there are.
struct weir_str weir_substr(struct weir_ctx *w, struct weir_str text, int64_t from, int64_t count);
int64_t weir_index_of(struct weir_ctx *w, struct weir_str text, struct weir_str part); // -1 if absent
bool weir_contains(struct weir_ctx *w, struct weir_str text, struct weir_str part);
bool weir_starts_with(struct weir_ctx *w, struct weir_str text, struct weir_str part);
bool weir_ends_with(struct weir_ctx *w, struct weir_str text, struct weir_str part);
// of an empty part: nothing
struct weir_str weir_replace(struct weir_ctx *w, struct weir_str text, struct weir_str part, struct weir_str with);
struct weir_list weir_split(struct weir_ctx *w, struct weir_str text,
                            struct weir_str delimiter); // by "" into code points
struct weir_str weir_join(struct weir_ctx *w, struct weir_list parts, struct weir_str delimiter);
struct weir_str weir_repeat(struct weir_ctx *w, struct weir_str text, int64_t times);
struct weir_str weir_chr(struct weir_ctx *w, int64_t code);
struct weir_str weir_reverse_string(struct weir_ctx *w, struct weir_str text);

// ---- regular expressions (fn_regex.c) ----

// For the compiler: true if PATTERN is one; else ERROR (of SIZE bytes) says why not and OFFSET where.
bool weir_regex_check(const char *pattern, size_t n, char *error, size_t size, size_t *offset);

bool weir_matches(struct weir_ctx *w, struct weir_str text, struct weir_str pattern); // the whole text
// NULL if there is no match, or the group took no part in it.
struct weir_str weir_regex_extract(struct weir_ctx *w, struct weir_str text, struct weir_str pattern, int64_t group);
struct weir_list weir_regex_extract_all(struct weir_ctx *w, struct weir_str text, struct weir_str pattern,
                                        int64_t group);
// $1 ${1} ${name} in WITH are groups, $0 the match, \$ and \\ the characters.
struct weir_str weir_regex_replace(struct weir_ctx *w, struct weir_str text, struct weir_str pattern,
                                   struct weir_str with);
struct weir_list weir_regex_split(struct weir_ctx *w, struct weir_str text, struct weir_str pattern);

// ---- numbers (fn_number.c) ----

int32_t weir_abs_i32(struct weir_ctx *w, int32_t v);
int64_t weir_abs_i64(struct weir_ctx *w, int64_t v);
float weir_abs_f32(struct weir_ctx *w, float v);
double weir_abs_f64(struct weir_ctx *w, double v);
struct weir_dec weir_abs_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale);
int64_t weir_sign_i64(struct weir_ctx *w, int64_t v);
int64_t weir_sign_f64(struct weir_ctx *w, double v);
int64_t weir_sign_dec(struct weir_ctx *w, struct weir_dec v, int v_scale);
double weir_round_f64(struct weir_ctx *w, double v, int64_t digits);
struct weir_dec weir_round_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int64_t digits, int precision,
                               int scale);
double weir_floor_f64(struct weir_ctx *w, double v);
struct weir_dec weir_floor_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale);
double weir_ceil_f64(struct weir_ctx *w, double v);
struct weir_dec weir_ceil_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale);
double weir_trunc_f64(struct weir_ctx *w, double v);
struct weir_dec weir_trunc_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale);
// As IEEE 754 has them: NaN where there is no result, which no JSON can hold.
double weir_sqrt(struct weir_ctx *w, double v);
double weir_pow(struct weir_ctx *w, double base, double exponent);
double weir_exp(struct weir_ctx *w, double v);
double weir_ln(struct weir_ctx *w, double v);
double weir_log10(struct weir_ctx *w, double v);
double weir_log_base(struct weir_ctx *w, double base, double v);
double weir_sin(struct weir_ctx *w, double v);
double weir_cos(struct weir_ctx *w, double v);
double weir_tan(struct weir_ctx *w, double v);
double weir_asin(struct weir_ctx *w, double v);
double weir_acos(struct weir_ctx *w, double v);
double weir_atan(struct weir_ctx *w, double v);
double weir_atan2(struct weir_ctx *w, double y, double x);
struct weir_list weir_range(struct weir_ctx *w, int64_t from, int64_t to); // of int64

// ---- time (fn_time.c; patterns in time_format.c and time_parse.c, zones in zone.c) ----

// For the compiler: true if PATTERN is one of java.time.format.DateTimeFormatter that weir knows, or ZONE is a time zone.
bool weir_time_pattern_check(const char *pattern, size_t n, char *error, size_t size, size_t *offset);
bool weir_zone_check(const char *zone, size_t n);

int64_t weir_now(struct weir_ctx *w);
struct weir_str weir_format_time(struct weir_ctx *w, int64_t time, struct weir_str pattern, struct weir_str zone);
struct weir_str weir_format_date(struct weir_ctx *w, int32_t date, struct weir_str pattern);
int64_t weir_parse_time(struct weir_ctx *w, struct weir_str text, struct weir_str pattern, struct weir_str zone);
int64_t weir_truncate(struct weir_ctx *w, int64_t time, int64_t duration, struct weir_str zone);
int64_t weir_year(struct weir_ctx *w, int64_t time, struct weir_str zone);
int64_t weir_month(struct weir_ctx *w, int64_t time, struct weir_str zone);
int64_t weir_day(struct weir_ctx *w, int64_t time, struct weir_str zone);
int64_t weir_hour(struct weir_ctx *w, int64_t time, struct weir_str zone);
int64_t weir_minute(struct weir_ctx *w, int64_t time, struct weir_str zone);
int64_t weir_second(struct weir_ctx *w, int64_t time, struct weir_str zone);
int64_t weir_weekday(struct weir_ctx *w, int64_t time, struct weir_str zone);
int64_t weir_year_date(struct weir_ctx *w, int32_t date);
int64_t weir_month_date(struct weir_ctx *w, int32_t date);
int64_t weir_day_date(struct weir_ctx *w, int32_t date);
int64_t weir_weekday_date(struct weir_ctx *w, int32_t date);

// ---- JSON (fn_json.c) ----

struct weir_str weir_parse_json(struct weir_ctx *w, struct weir_str text);
// NULL: nothing there, or JSON's null
struct weir_str weir_json_get(struct weir_ctx *w, struct weir_str json, struct weir_str path);

// ---- bytes, hashes, the web (fn_bytes.c, fn_hash.c, fn_web.c) ----

struct weir_str weir_encode(struct weir_ctx *w, struct weir_str bytes, struct weir_str form);
struct weir_str weir_decode(struct weir_ctx *w, struct weir_str text, struct weir_str form);
struct weir_str weir_decode_text(struct weir_ctx *w, struct weir_str bytes, struct weir_str form);
struct weir_str weir_md5(struct weir_ctx *w, struct weir_str bytes); // hexadecimal
struct weir_str weir_sha256(struct weir_ctx *w, struct weir_str bytes);
int32_t weir_murmur2_of(struct weir_ctx *w, struct weir_str bytes); // Kafka's
int64_t weir_xxhash(struct weir_ctx *w, struct weir_str bytes);     // XXH64 with seed 0
struct weir_str weir_uuid(struct weir_ctx *w);
struct weir_str weir_uuid_of(struct weir_ctx *w, struct weir_str name);
struct weir_str weir_url_encode(struct weir_ctx *w, struct weir_str text);
struct weir_str weir_url_decode(struct weir_ctx *w, struct weir_str text);
struct weir_str weir_url_part(struct weir_ctx *w, struct weir_str url, struct weir_str part);
double weir_geo_distance(struct weir_ctx *w, double latitude1, double longitude1, double latitude2, double longitude2);

// ---- conversions (fn_convert.c, fn_convert_string.c) ----

int32_t weir_i32_of_i64(struct weir_ctx *w, int64_t v);
int32_t weir_i32_of_f64(struct weir_ctx *w, double v);
int32_t weir_i32_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale);
int32_t weir_i32_of_string(struct weir_ctx *w, struct weir_str text);
int64_t weir_i64_of_f64(struct weir_ctx *w, double v);
int64_t weir_i64_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale);
int64_t weir_i64_of_bool(struct weir_ctx *w, bool v);
int64_t weir_i64_of_string(struct weir_ctx *w, struct weir_str text);
int64_t weir_i64_of_json(struct weir_ctx *w, struct weir_str json);
float weir_f32_of_f64(struct weir_ctx *w, double v);
float weir_f32_of_string(struct weir_ctx *w, struct weir_str text);
double weir_f64_of_i64(struct weir_ctx *w, int64_t v);
double weir_f64_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale);
double weir_f64_of_string(struct weir_ctx *w, struct weir_str text);
double weir_f64_of_json(struct weir_ctx *w, struct weir_str json);
struct weir_str weir_string_of_bool(struct weir_ctx *w, bool v);
struct weir_str weir_string_of_i64(struct weir_ctx *w, int64_t v);
struct weir_str weir_string_of_f32(struct weir_ctx *w, float v);
struct weir_str weir_string_of_f64(struct weir_ctx *w, double v);
struct weir_str weir_string_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale);
struct weir_str weir_string_of_timestamp(struct weir_ctx *w, int64_t v);
struct weir_str weir_string_of_date(struct weir_ctx *w, int32_t v);
struct weir_str weir_string_of_duration(struct weir_ctx *w, int64_t v);
struct weir_str weir_string_of_json(struct weir_ctx *w, struct weir_str json);
struct weir_str weir_string_of_bytes(struct weir_ctx *w, struct weir_str bytes);
bool weir_bool_of_i64(struct weir_ctx *w, int64_t v);               // 0 is false, all else true
bool weir_bool_of_string(struct weir_ctx *w, struct weir_str text); // "true" or "false", in any case
bool weir_bool_of_json(struct weir_ctx *w, struct weir_str json);
struct weir_dec weir_dec_of_i64(struct weir_ctx *w, int64_t v, int precision, int scale);
struct weir_dec weir_dec_of_f64(struct weir_ctx *w, double v, int precision, int scale); // of its shortest digits
struct weir_dec weir_dec_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale);
struct weir_dec weir_dec_of_string(struct weir_ctx *w, struct weir_str text, int precision, int scale);
int64_t weir_timestamp_of_string(struct weir_ctx *w, struct weir_str text);
int64_t weir_timestamp_of_date(struct weir_ctx *w, int32_t v);
int32_t weir_date_of_string(struct weir_ctx *w, struct weir_str text);
int32_t weir_date_of_timestamp(struct weir_ctx *w, int64_t v, struct weir_str zone);

WEIR_INLINE int64_t weir_same_i64(struct weir_ctx *w, int64_t v);
WEIR_INLINE double weir_same_f64(struct weir_ctx *w, double v);
WEIR_INLINE bool weir_same_bool(struct weir_ctx *w, bool v);
WEIR_INLINE struct weir_str weir_same_string(struct weir_ctx *w, struct weir_str v);

#ifndef __TINYC__
WEIR_INLINE int64_t weir_same_i64(struct weir_ctx *w, int64_t v)
{
    (void)w;
    return v;
}

WEIR_INLINE double weir_same_f64(struct weir_ctx *w, double v)
{
    (void)w;
    return v;
}

WEIR_INLINE bool weir_same_bool(struct weir_ctx *w, bool v)
{
    (void)w;
    return v;
}

WEIR_INLINE struct weir_str weir_same_string(struct weir_ctx *w, struct weir_str v)
{
    (void)w;
    return v;
}
#endif

#endif
