// Addresses of the web and of the world.
#include "base64.h"
#include "ctx.h"
#include "text.h"
#include "weir_fn.h"
#include "weir_json.h"

#include <math.h>

// ---- application/x-www-form-urlencoded, as ksqlDB's URL_ENCODE_PARAM ----

static bool stays(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '*';
}

struct weir_str weir_url_encode(struct weir_ctx *w, struct weir_str text)
{
    static const char digits[] = "0123456789ABCDEF";
    if (!weir_fits(w, text.n * 3))
        return WEIR_NULL_STR;
    char *out = weir_alloc(w, text.n * 3), *p = out;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (stays((char)c) || c == ' ') {
            *p++ = c == ' ' ? '+' : (char)c;
        } else {
            *p++ = '%';
            *p++ = digits[c >> 4];
            *p++ = digits[c & 15];
        }
    }
    return (struct weir_str){out, (size_t)(p - out)};
}

struct weir_str weir_url_decode(struct weir_ctx *w, struct weir_str text)
{
    char *out = weir_alloc(w, text.n), *p = out;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') {
            if (text.n - i < 3 || !hex_decode(p, (struct weir_str){text.p + i + 1, 2})) {
                weir_fail(w, WEIR_BAD_CONVERSION, "\"%s\": a %% without two hexadecimal digits", ctx_excerpt(w, text));
                return WEIR_NULL_STR;
            }
            p++;
            i += 2;
        } else {
            *p++ = c == '+' ? ' ' : c;
        }
    }
    if (!weir_validate_utf8(out, (size_t)(p - out))) {
        weir_fail(w, WEIR_BAD_CONVERSION, "\"%s\" does not decode to UTF-8", ctx_excerpt(w, text));
        return WEIR_NULL_STR;
    }
    return (struct weir_str){out, (size_t)(p - out)};
}

// ---- parts of a URL, RFC 3986 appendix B ----

struct url {
    struct weir_str protocol, user, host, port, path, query, fragment; // p NULL: absent
};

// The text up to the first byte of STOPS or END; *P is moved there.
static struct weir_str take_until(const char **p, const char *end, const char *stops)
{
    const char *begin = *p;
    while (*p < end && (**p == 0 || !strchr(stops, **p)))
        (*p)++;
    return (struct weir_str){begin, (size_t)(*p - begin)};
}

static void split_authority(struct weir_str authority, struct url *u)
{
    const char *p = authority.p, *end = p + authority.n;
    const char *at = memrchr(p, '@', authority.n);
    if (at) {
        u->user = (struct weir_str){p, (size_t)(at - p)};
        p = at + 1;
    }
    const char *close = memchr(p, ']', (size_t)(end - p)); // [::1]:80
    const char *from = p < end && *p == '[' && close ? close : p;
    const char *colon = memrchr(from, ':', (size_t)(end - from));
    u->host = (struct weir_str){p, (size_t)((colon ? colon : end) - p)};
    if (colon && colon + 1 < end)
        u->port = (struct weir_str){colon + 1, (size_t)(end - colon - 1)};
}

static struct url split_url(struct weir_str text)
{
    struct url u = {0};
    const char *p = text.n ? text.p : "", *end = p + text.n, *begin = p;
    u.protocol = take_until(&p, end, ":/?#");
    if (p < end && *p == ':' && u.protocol.n > 0) {
        p++;
    } else {
        u.protocol = WEIR_NULL_STR;
        p = begin;
    }
    if (end - p >= 2 && p[0] == '/' && p[1] == '/') {
        p += 2;
        split_authority(take_until(&p, end, "/?#"), &u);
    }
    u.path = take_until(&p, end, "?#");
    if (p < end && *p == '?') {
        p++;
        u.query = take_until(&p, end, "#");
    }
    if (p < end)
        u.fragment = (struct weir_str){p + 1, (size_t)(end - p - 1)};
    return u;
}

// The value of the first NAME=VALUE in QUERY, decoded.
static struct weir_str query_value(struct weir_ctx *w, struct weir_str query, struct weir_str name)
{
    const char *p = query.n ? query.p : "", *end = p + query.n;
    while (p < end) {
        struct weir_str key = weir_url_decode(w, take_until(&p, end, "=&"));
        struct weir_str value = WEIR_STR("");
        if (p < end && *p == '=') {
            p++;
            value = take_until(&p, end, "&");
        }
        if (w->bad)
            return WEIR_NULL_STR;
        if (key.n == name.n && (name.n == 0 || memcmp(key.p, name.p, name.n) == 0))
            return weir_url_decode(w, value);
        p += p < end;
    }
    return WEIR_NULL_STR;
}

struct weir_str weir_url_part(struct weir_ctx *w, struct weir_str text, struct weir_str part)
{
    struct url u = split_url(text);
    if (text_is(part, "protocol"))
        return u.protocol;
    if (text_is(part, "user"))
        return u.user;
    if (text_is(part, "host"))
        return u.host;
    if (text_is(part, "port"))
        return u.port;
    if (text_is(part, "path"))
        return u.path;
    if (text_is(part, "query"))
        return u.query;
    if (text_is(part, "fragment"))
        return u.fragment;
    if (part.n > 6 && memcmp(part.p, "query:", 6) == 0)
        return query_value(w, u.query, (struct weir_str){part.p + 6, part.n - 6});
    weir_fail(w, WEIR_BAD_CONVERSION, "unknown part \"%s\" of a URL", ctx_excerpt(w, part));
    return WEIR_NULL_STR;
}

// ---- the haversine formula on a sphere of the Earth's mean radius, as ksqlDB's GEO_DISTANCE ----

double weir_geo_distance(struct weir_ctx *w, double latitude1, double longitude1, double latitude2, double longitude2)
{
    const double radius = 6371.0, radians = 3.14159265358979323846 / 180;
    if (!(fabs(latitude1) <= 90 && fabs(latitude2) <= 90 && fabs(longitude1) <= 180 && fabs(longitude2) <= 180)) {
        weir_fail(w, WEIR_BAD_CONVERSION, "geo_distance: a latitude beyond 90 or a longitude beyond 180 degrees");
        return 0;
    }
    double a = sin((latitude2 - latitude1) * radians / 2), b = sin((longitude2 - longitude1) * radians / 2);
    double h = a * a + b * b * cos(latitude1 * radians) * cos(latitude2 * radians);
    return 2 * radius * asin(sqrt(h < 1 ? h : 1));
}
