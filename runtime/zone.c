#include "zone.h"

#include "text.h"
#include "tzif.h"
#include "weir_ops.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// ---- names ----

enum { LONGEST_NAME = 63 };

struct known_zone {
    struct known_zone *next;
    size_t n;
    char name[LONGEST_NAME + 1];
    struct tzif *rules;
};

// All zones read so far; there are some hundred names. Each thread looks at the one it used last before it takes the lock.
static struct known_zone *known;
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local const struct known_zone *last;

static bool is_zone(const struct known_zone *k, struct weir_str name)
{
    return k->n == name.n && memcmp(k->name, name.p, name.n) == 0;
}

// Names of the database only: nothing that leads out of its folder.
static bool is_file_name(struct weir_str name)
{
    if (name.n == 0 || name.n > LONGEST_NAME)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '/')))
            return false;
    }
    return true;
}

static struct known_zone *load(struct weir_str name)
{
    static const char *const folders[] = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"};
    struct tzif *rules = NULL;
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !rules; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%.*s", folders[i], (int)name.n, name.p);
        rules = tzif_read(path);
    }
    struct known_zone *k = rules ? calloc(1, sizeof *k) : NULL;
    if (!k) {
        tzif_free(rules);
        return NULL;
    }
    memcpy(k->name, name.p, name.n);
    k->n = name.n;
    k->rules = rules;
    return k;
}

static const struct known_zone *find_or_load(struct weir_str name)
{
    if (last && is_zone(last, name))
        return last;
    pthread_mutex_lock(&known_lock);
    struct known_zone *k = known;
    while (k && !is_zone(k, name))
        k = k->next;
    if (!k && (k = load(name))) {
        k->next = known;
        known = k;
    }
    pthread_mutex_unlock(&known_lock);
    if (k)
        last = k;
    return k;
}

static bool take_digits(const char **p, const char *end, int most, int limit, int *v)
{
    const char *begin = *p;
    for (*v = 0; *p < end && *p - begin < most && **p >= '0' && **p <= '9'; (*p)++)
        *v = *v * 10 + (**p - '0');
    return *p > begin && *v <= limit;
}

// Sign, hours, and perhaps minutes and seconds, with or without colons.
bool zone_parse_offset(struct weir_str text, int32_t *seconds)
{
    const char *p = text.p, *end = p + text.n;
    int hours, minutes = 0, rest = 0;
    if (text.n < 2 || (*p != '+' && *p != '-'))
        return false;
    bool negative = *p++ == '-';
    if (!take_digits(&p, end, 2, 18, &hours))
        return false;
    bool colons = p < end && *p == ':';
    p += colons;
    if ((p < end || colons) && !(end - p >= 2 && take_digits(&p, end, 2, 59, &minutes)))
        return false;
    if (p < end) {
        p += colons && *p == ':';
        if (end - p != 2 || !take_digits(&p, end, 2, 59, &rest))
            return false;
    }
    *seconds = (negative ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
    return p == end && hours * 3600 + minutes * 60 + rest <= 18 * 3600;
}

bool zone_find(struct weir_str name, struct zone *z)
{
    *z = (struct zone){0};
    if (text_is(name, "UTC") || text_is(name, "Z") || text_is(name, "GMT") || text_is(name, "UT"))
        return true;
    if (name.n > 3 && (memcmp(name.p, "UTC", 3) == 0 || memcmp(name.p, "GMT", 3) == 0) &&
        (name.p[3] == '+' || name.p[3] == '-'))
        return zone_parse_offset((struct weir_str){name.p + 3, name.n - 3}, &z->offset);
    if (name.n > 0 && (*name.p == '+' || *name.p == '-'))
        return zone_parse_offset(name, &z->offset);
    const struct known_zone *k = is_file_name(name) ? find_or_load(name) : NULL;
    if (!k)
        return false;
    z->rules = k->rules;
    return true;
}

// ---- times ----

int32_t zone_offset(const struct zone *z, int64_t seconds, const char **abbreviation)
{
    if (z->rules)
        return tzif_offset(z->rules, seconds, abbreviation);
    if (abbreviation)
        *abbreviation = "";
    return z->offset;
}

int32_t zone_local_offset(const struct zone *z, int64_t local)
{
    if (!z->rules)
        return z->offset;
    // No zone changes its offset twice in two days, but for a few of long ago; there the second is taken.
    int32_t before = zone_offset(z, local - 86400, NULL), after = zone_offset(z, local + 86400, NULL);
    if (before == after || zone_offset(z, local - before, NULL) == before)
        return before;
    if (zone_offset(z, local - after, NULL) == after)
        return after;
    return before; // skipped
}

void zone_civil(const struct zone *z, int64_t ms, struct civil *c)
{
    int64_t seconds = floor_div(ms, MS_PER_SECOND), local = seconds + zone_offset(z, seconds, NULL);
    int rest = (int)floor_mod(local, 86400);
    civil_from_days(floor_div(local, 86400), c);
    c->milli = (int)floor_mod(ms, MS_PER_SECOND);
    c->second = rest % 60;
    c->minute = rest / 60 % 60;
    c->hour = rest / 3600;
}

bool zone_millis(const struct zone *z, const struct civil *c, int64_t *ms)
{
    if (c->year > 300000000 || c->year < -300000000)
        return false;
    int64_t local = civil_days(c->year, c->month, c->day) * 86400 + (c->hour * 60 + c->minute) * 60 + c->second;
    int64_t seconds = local - zone_local_offset(z, local);
    weir_i128 exact = (weir_i128)seconds * MS_PER_SECOND + c->milli;
    *ms = (int64_t)exact;
    return exact >= INT64_MIN && exact <= INT64_MAX;
}
