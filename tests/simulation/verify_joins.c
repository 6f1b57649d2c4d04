#include <stdio.h>
#include <stdlib.h>

#include "verify_logs.h"
#include "verify_programs.h"

// ---- pairs ----

struct side {
    char key[KEY_SIZE];
    int64_t value, time;
};
struct sides {
    struct side all[NUMBERS];
    int count;
};

static void take_side(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    struct sides *sides = arg;
    (void)log;
    if (sides->count == NUMBERS)
        sim_fail("more than %d numbers", NUMBERS);
    struct side *s = &sides->all[sides->count++];
    verify_text_key(s->key, r->key);
    s->value = verify_number_of(r->value);
    s->time = r->timestamp;
}

static void take_pair(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    char key[KEY_SIZE];
    (void)arg;
    (void)log;
    snprintf(key, sizeof key, "%.*s", (int)r->value.n, r->value.p);
    verify_row(&verify_got, key)->count++;
}

static bool is_near(const struct side *x, const struct side *y, int64_t ms)
{
    return strcmp(x->key, y->key) == 0 && llabs(x->time - y->time) <= ms;
}

static void expect_once(const struct promise *promise, const char *key, const char *pair)
{
    int count = verify_row(&verify_got, pair)->count;
    if (count == 0 || (promise->exactly_once && count > 1))
        sim_fail("%s: %s came %d times", key, pair, count);
}

static void name_pair(char pair[KEY_SIZE], const struct side *left, const struct side *right)
{
    char l[16] = "null", r[16] = "null";
    if (left)
        snprintf(l, sizeof l, "%d", (int)left->value);
    if (right)
        snprintf(r, sizeof r, "%d", (int)right->value);
    snprintf(pair, KEY_SIZE, "{\"left\":%s,\"right\":%s}", l, r);
}

static struct sides lefts, rights;

enum { TEN_SECONDS = 10000, A_DAY = 24 * 60 * 60 * 1000 };

static void read_pairs(void)
{
    verify_begin();
    lefts.count = rights.count = 0;
    verify_each("numbers", take_side, &lefts);
    verify_each("others", take_side, &rights);
    verify_each("pairs", take_pair, NULL);
}

static int expect_pairs(const struct promise *promise, int64_t within)
{
    int pairs = 0;
    read_pairs();
    for (int l = 0; l < lefts.count; l++) {
        for (int r = 0; r < rights.count; r++) {
            char pair[KEY_SIZE];
            if (!is_near(&lefts.all[l], &rights.all[r], within))
                continue;
            name_pair(pair, &lefts.all[l], &rights.all[r]);
            expect_once(promise, lefts.all[l].key, pair);
            pairs++;
        }
    }
    return pairs;
}

// Each pair comes, at least or exactly once, and nothing else.
void verify_pairs(const struct promise *promise)
{
    int pairs = expect_pairs(promise, TEN_SECONDS);
    if (verify_got.count != pairs)
        sim_fail("%d pairs came, %d there are", verify_got.count, pairs);
}

// What is near none comes alone; but the last of each partition still waits.
static int expect_alone(const struct promise *promise, const struct sides *sides, const struct sides *others,
                        int64_t within)
{
    int alone = 0;
    for (int i = 0; i < sides->count; i++) {
        char pair[KEY_SIZE];
        int o = 0;
        while (o < others->count && !is_near(&sides->all[i], &others->all[o], within))
            o++;
        if (o < others->count || sides->all[i].value == SIM_LAST)
            continue;
        name_pair(pair, sides == &lefts ? &sides->all[i] : NULL, sides == &lefts ? NULL : &sides->all[i]);
        expect_once(promise, sides->all[i].key, pair);
        alone++;
    }
    return alone;
}

static int expect_all_alone(const struct promise *promise, int64_t within)
{
    return expect_alone(promise, &lefts, &rights, within) + expect_alone(promise, &rights, &lefts, within);
}

// At least once, a record that waited before a crash, and is matched behind it by one that had come later, may come alone as well.
void verify_outer(const struct promise *promise)
{
    int results = expect_pairs(promise, A_DAY) + expect_all_alone(promise, A_DAY);
    if (promise->exactly_once && verify_got.count != results)
        sim_fail("%d results came, %d there are", verify_got.count, results);
}

// Where one topic is read far ahead of the other, records are too late for their pairs; but what has none comes alone in any case.
void verify_alone(const struct promise *promise)
{
    read_pairs();
    expect_all_alone(promise, TEN_SECONDS);
}

// ---- lookups ----

static const struct cluster_record *last_of(const char *topic, const char *key)
{
    const struct cluster_record *last = NULL;
    for (int32_t p = 0; p < cluster.partitions; p++) {
        const struct cluster_log *log = cluster_log(topic, p);
        for (int64_t i = 0; i < log->count; i++) {
            const struct cluster_record *r = &log->records[i];
            if (cluster_is_visible(r) && r->key.n == strlen(key) && memcmp(r->key.p, key, r->key.n) == 0)
                last = r;
        }
    }
    return last;
}

static void verify_lookup(const char *key)
{
    const struct cluster_record *left = last_of("numbers", key), *have = last_of("lookups", key);
    char right_key[KEY_SIZE], want[KEY_SIZE + 32];
    bool is = have && have->value.p;
    if (!left || !left->value.p) {
        if (is)
            sim_fail("%s: the row is gone, but not what it found: %s", key, have->value.p);
        return;
    }
    snprintf(right_key, sizeof right_key, "k%d", (int)(verify_number_of(left->value) % 5));
    const struct cluster_record *right = last_of("others", right_key);
    if (right && right->value.p)
        snprintf(want, sizeof want, "{\"left\":%d,\"right\":%d}", (int)verify_number_of(left->value),
                 (int)verify_number_of(right->value));
    else
        snprintf(want, sizeof want, "{\"left\":%d,\"right\":null}", (int)verify_number_of(left->value));
    if (!is || strncmp(have->value.p, want, have->value.n) != 0 || have->value.n != strlen(want))
        sim_fail("%s: %s was found, not %s", key, is ? have->value.p : "nothing", want);
}

// How the topics' records come between one another is open: what is promised is the last row of each key.
void verify_lookups(const struct promise *promise)
{
    (void)promise;
    for (int i = 0; i < 10; i++) {
        char key[KEY_SIZE];
        snprintf(key, sizeof key, "k%d", i);
        verify_lookup(key);
    }
}
