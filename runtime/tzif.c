#include "tzif.h"

#include <stdio.h>
#include <stdlib.h>

#include "weir_wire.h"

enum { HEADER = 44, LARGEST = 1 << 20 };

struct header {
    char version;
    size_t ut_count, std_count, leap_count, time_count, type_count, name_size;
};

static bool read_header(const char *p, const char *end, struct header *h)
{
    if (end - p < HEADER || memcmp(p, "TZif", 4) != 0)
        return false;
    h->version = p[4];
    size_t *counts[] = {&h->ut_count, &h->std_count, &h->leap_count, &h->time_count, &h->type_count, &h->name_size};
    for (int i = 0; i < 6; i++) {
        *counts[i] = (uint32_t)weir_get_i32be(p + 20 + i * 4);
        if (*counts[i] > LARGEST)
            return false;
    }
    return true;
}

static size_t data_size(const struct header *h, size_t time_size)
{
    return h->time_count * (time_size + 1) + h->type_count * 6 + h->name_size + h->leap_count * (time_size + 4) +
           h->std_count + h->ut_count;
}

static bool read_types(struct tzif *t, const char *p)
{
    for (size_t i = 0; i < t->type_count; i++, p += 6) {
        t->types[i] = (struct tz_type){weir_get_i32be(p), (uint8_t)p[4], (uint8_t)p[5]};
        if (t->types[i].name >= t->names_size || t->types[i].offset < -100000 || t->types[i].offset > 100000)
            return false;
    }
    return true;
}

// The block of 64-bit times and the rule behind it.
static bool read_data(struct tzif *t, const struct header *h, const char *p, const char *end)
{
    if (h->leap_count > 0)
        return false; // counts leap seconds, which the language's timestamps do not
    if ((size_t)(end - p) < data_size(h, 8) || h->type_count == 0 || h->type_count > 256 || h->name_size == 0)
        return false;
    t->count = h->time_count;
    t->type_count = h->type_count;
    t->names_size = h->name_size;
    t->at = malloc(t->count * sizeof *t->at + 1);
    t->type = malloc(t->count + 1);
    t->types = malloc(t->type_count * sizeof *t->types);
    t->names = malloc(t->names_size + 1);
    if (!t->at || !t->type || !t->types || !t->names)
        return false;
    for (size_t i = 0; i < t->count; i++) {
        t->at[i] = weir_get_i64be(p + i * 8);
        t->type[i] = (uint8_t)p[t->count * 8 + i];
        if (t->type[i] >= t->type_count || (i > 0 && t->at[i] <= t->at[i - 1]))
            return false;
    }
    p += t->count * 9;
    memcpy(t->names, p + t->type_count * 6, t->names_size);
    t->names[t->names_size] = 0;
    if (!read_types(t, p))
        return false;
    const char *footer = p + data_size(h, 8) - t->count * 9;
    const char *close = footer < end && *footer == '\n' ? memchr(footer + 1, '\n', (size_t)(end - footer - 1)) : NULL;
    char rule[128];
    size_t n = close ? (size_t)(close - footer - 1) : 0;
    if (n == 0 || n >= sizeof rule)
        return n == 0; // no rule: what held last holds on
    memcpy(rule, footer + 1, n);
    rule[n] = 0;
    t->has_rule = true;
    return tz_rule_parse(rule, &t->rule);
}

struct tzif *tzif_parse(const char *p, size_t n)
{
    struct header h;
    const char *end = p + n;
    if (!read_header(p, end, &h) || h.version < '2' || (size_t)(end - p) < HEADER + data_size(&h, 4))
        return NULL;
    p += HEADER + data_size(&h, 4);
    if (!read_header(p, end, &h))
        return NULL;
    struct tzif *t = calloc(1, sizeof *t);
    if (t && read_data(t, &h, p + HEADER, end))
        return t;
    tzif_free(t);
    return NULL;
}

struct tzif *tzif_read(const char *path)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return NULL;
    char *text = malloc(LARGEST);
    size_t n = text ? fread(text, 1, LARGEST, f) : 0; // of a folder: 0
    struct tzif *t = n > 0 ? tzif_parse(text, n) : NULL;
    free(text);
    fclose(f);
    return t;
}

void tzif_free(struct tzif *t)
{
    if (!t)
        return;
    free(t->at);
    free(t->type);
    free(t->types);
    free(t->names);
    free(t);
}

// How many transitions are at SECONDS or before.
static size_t transitions_until(const struct tzif *t, int64_t seconds)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->at[middle] <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int32_t tzif_offset(const struct tzif *t, int64_t seconds, const char **abbreviation)
{
    size_t n = transitions_until(t, seconds);
    if (n == t->count && t->has_rule)
        return tz_rule_offset(&t->rule, seconds, abbreviation);
    const struct tz_type *type = &t->types[n == 0 ? 0 : t->type[n - 1]];
    if (abbreviation)
        *abbreviation = t->names + type->name;
    return type->offset;
}
