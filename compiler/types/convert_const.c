#include "types/convert_const.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "types/expr.h"

struct texpr *texpr_decimal(struct checker *c, const struct type *type, decimal_digits digits, struct span span)
{
    const char *text = decimal_text(c->arena, digits);
    return texpr_text(c, type, text, (uint32_t)strlen(text), span);
}

bool const_decimal(const struct texpr *e, struct decimal_value *value)
{
    switch (e->type->kind) {
    case TYPE_INT32:
    case TYPE_INT64: *value = (struct decimal_value){e->constant.integer, 0}; return true;
    case TYPE_DECIMAL:
        *value = (struct decimal_value){decimal_from_text(e->constant.text, e->constant.len), e->type->scale};
        return true;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64: return e->constant.text && decimal_parse(e->constant.text, e->constant.len, value);
    default: return false;
    }
}

static struct texpr *to_integer(struct checker *c, struct texpr *e, const struct type *to)
{
    if (!type_is_integer(e->type))
        return NULL;
    if (to->kind == TYPE_INT32 && (e->constant.integer < INT32_MIN || e->constant.integer > INT32_MAX))
        return NULL;
    return texpr_int(c, to, e->constant.integer, e->span);
}

static struct texpr *float_const(struct checker *c, const struct type *to, double number, const struct texpr *from)
{
    struct texpr *result = texpr_new(c, TEXPR_CONST, to, from->span);
    result->constant.number = number;
    result->constant.text = from->constant.text; // as written: it may become a decimal yet
    result->constant.len = from->constant.len;
    return result;
}

// An integer must be the float exactly; a number with a point becomes the nearest.
static struct texpr *to_float(struct checker *c, struct texpr *e, const struct type *to)
{
    bool single = to->kind == TYPE_FLOAT32;
    if (type_is_integer(e->type)) {
        double number = single ? (double)(float)e->constant.integer : (double)e->constant.integer;
        bool exact = fabs(number) < 9.2e18 && (int64_t)number == e->constant.integer;
        return exact ? float_const(c, to, number, e) : NULL;
    }
    if (e->type->kind == TYPE_DECIMAL)
        return NULL;
    if (!single)
        return float_const(c, to, e->constant.number, e);
    float number = e->constant.text ? strtof(e->constant.text, NULL) : (float)e->constant.number;
    if (isinf(number) || (!e->constant.text && (double)number != e->constant.number))
        return NULL;
    return float_const(c, to, (double)number, e);
}

static struct texpr *to_decimal(struct checker *c, struct texpr *e, const struct type *to)
{
    struct decimal_value value;
    decimal_digits digits;
    if (!const_decimal(e, &value) || !decimal_fit(value, (struct decimal_shape){to->precision, to->scale}, &digits))
        return NULL;
    return texpr_decimal(c, to, digits, e->span);
}

// Digits in a row, no more and no fewer.
static int two_digits(const char *p)
{
    bool digits = p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9';
    return digits ? (p[0] - '0') * 10 + (p[1] - '0') : -1;
}

bool parse_date(const char *text, size_t len, int64_t *days)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (len != 10 || text[4] != '-' || text[7] != '-' || two_digits(text) < 0 || two_digits(text + 2) < 0)
        return false;
    int year = two_digits(text) * 100 + two_digits(text + 2), month = two_digits(text + 5), day = two_digits(text + 8);
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > month_days[month - 1] + (month == 2 && leap))
        return false;
    // Days of the civil calendar, with years that begin in March.
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    *days = era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
    return true;
}

static struct texpr *from_string(struct checker *c, struct texpr *e, const struct type *to)
{
    int64_t days;
    switch (to->kind) {
    case TYPE_BYTES: return texpr_text(c, to, e->constant.text, e->constant.len, e->span);
    case TYPE_DATE:
        return parse_date(e->constant.text, e->constant.len, &days) ? texpr_int(c, to, days, e->span) : NULL;
    case TYPE_ENUM:
        for (int i = 0; i < to->fields.count; i++)
            if (strlen(to->fields.items[i].name) == e->constant.len &&
                memcmp(to->fields.items[i].name, e->constant.text, e->constant.len) == 0)
                return texpr_int(c, to, i, e->span);
        return NULL;
    default: return NULL;
    }
}

struct texpr *convert_const(struct checker *c, struct texpr *e, const struct type *to)
{
    if (e->type->kind == TYPE_STRING)
        return from_string(c, e, to);
    if (e->type->kind == TYPE_TIMESTAMP && to->kind == TYPE_TIMESTAMP)
        return texpr_int(c, to, e->constant.integer, e->span);
    if (!type_is_number(e->type))
        return NULL;
    switch (to->kind) {
    case TYPE_INT32:
    case TYPE_INT64: return to_integer(c, e, to);
    case TYPE_FLOAT32:
    case TYPE_FLOAT64: return to_float(c, e, to);
    case TYPE_DECIMAL: return to_decimal(c, e, to);
    default: return NULL;
    }
}
