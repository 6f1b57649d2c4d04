// Constant arguments that would make every record bad: patterns, zones, encodings, parts of a URL. The runtime's own
// functions judge them.
#include <string.h>

#include "types/check_call.h"
#include "weir_fn.h"

static const char *const encodings[] = {"hex", "base64", "utf8", NULL};
static const char *const url_parts[] = {"protocol", "host", "port", "path", "query", "fragment", "user", NULL};

static bool one_of(struct checker *c, const struct texpr *value, const char *const *words, const char *what)
{
    const char *list = "";
    int count = 0;
    for (; words[count]; count++) {
        if (strcmp(words[count], value->constant.text) == 0)
            return true;
        list = arena_printf(c->arena, "%s%s\"%s\"", list, count > 0 ? ", " : "", words[count]);
    }
    struct diag *d = diag_error(c->bag, value->span, "there is no %s \"%s\"", what, value->constant.text);
    const char *near = diag_nearest(value->constant.text, words, count);
    if (near)
        diag_help(c->bag, d, "did you mean \"%s\"?", near);
    else
        diag_help(c->bag, d, "there are: %s", list);
    return false;
}

static bool check_url_part(struct checker *c, const struct texpr *value)
{
    if (strncmp(value->constant.text, "query:", 6) == 0 && value->constant.len > 6)
        return true;
    return one_of(c, value, url_parts, "part of a URL");
}

typedef bool pattern_check(const char *pattern, size_t n, char *error, size_t size, size_t *offset);

static bool check_pattern(struct checker *c, const struct texpr *pattern, pattern_check *is_right, const char *what,
                          const char *help)
{
    char why[256];
    size_t offset = 0;
    if (is_right(pattern->constant.text, pattern->constant.len, why, sizeof why, &offset))
        return true;
    struct diag *d = diag_error(c->bag, pattern->span, "this is not %s: %s", what, why);
    diag_label(c->bag, d, "at its character %zu", offset + 1);
    diag_help(c->bag, d, "%s", help);
    return false;
}

static bool check_zone(struct checker *c, const struct texpr *zone)
{
    if (weir_zone_check(zone->constant.text, zone->constant.len))
        return true;
    struct diag *d = diag_error(c->bag, zone->span, "there is no time zone \"%s\" on this system", zone->constant.text);
    diag_help(c->bag, d, "zones are named as in \"Europe/Berlin\", or \"+02:00\"");
    return false;
}

static const struct texpr *const_text(const struct texpr *call, int index)
{
    const struct texpr *e = index < call->items.count ? call->items.items[index] : NULL;
    return e && is_const(e) && e->type->kind == TYPE_STRING ? e : NULL;
}

static bool check_second(struct checker *c, enum builtin_id builtin, const struct texpr *second)
{
    switch (builtin) {
    case BUILTIN_MATCHES:
    case BUILTIN_REGEX_EXTRACT:
    case BUILTIN_REGEX_EXTRACT_ALL:
    case BUILTIN_REGEX_REPLACE:
    case BUILTIN_REGEX_SPLIT:
        return check_pattern(c, second, weir_regex_check, "a regular expression",
                             "in a string, a backslash is written twice: \"\\\\d+\"");
    case BUILTIN_FORMAT_TIME:
    case BUILTIN_FORMAT_DATE:
    case BUILTIN_PARSE_TIME:
        return check_pattern(c, second, weir_time_pattern_check, "a time pattern",
                             "the letters are those of Java's DateTimeFormatter: \"yyyy-MM-dd HH:mm:ss\"");
    case BUILTIN_ENCODE:
    case BUILTIN_ENCODE_STRING:
    case BUILTIN_DECODE:
    case BUILTIN_DECODE_BYTES: return one_of(c, second, encodings, "encoding");
    case BUILTIN_URL_PART: return check_url_part(c, second);
    default: return true;
    }
}

// The argument that is a time zone, or -1.
static int zone_argument(enum builtin_id builtin)
{
    switch (builtin) {
    case BUILTIN_FORMAT_TIME:
    case BUILTIN_PARSE_TIME:
    case BUILTIN_TRUNCATE: return 2;
    case BUILTIN_YEAR:
    case BUILTIN_MONTH:
    case BUILTIN_DAY:
    case BUILTIN_HOUR:
    case BUILTIN_MINUTE:
    case BUILTIN_SECOND:
    case BUILTIN_WEEKDAY:
    case BUILTIN_DATE_OF_TIMESTAMP: return 1;
    default: return -1;
    }
}

bool check_call_constants(struct checker *c, const struct texpr *call)
{
    const struct texpr *second = const_text(call, 1);
    if (second && !check_second(c, call->builtin, second))
        return false;
    int index = zone_argument(call->builtin);
    const struct texpr *zone = index < 0 ? NULL : const_text(call, index);
    // A default has no place in the program.
    return !zone || zone->span.file < 0 || check_zone(c, zone);
}
