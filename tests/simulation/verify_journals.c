// Aggregates that hold all that came of their key.
#include <stdio.h>
#include <stdlib.h>

#include "partition.h"
#include "verify_logs.h"
#include "verify_programs.h"
#include "weir_wire.h"

// ---- journals: rows that hold all that came of their key ----

static int read_journal(const struct cluster_record *r, int64_t *all)
{
    const char *list = r->value.p ? strstr(r->value.p, "\"all\":[") : NULL;
    int count = 0;
    for (const char *p = list ? list + 7 : "]"; *p != ']' && count < NUMBERS;) {
        char *end;
        all[count++] = strtoll(p, &end, 10);
        p = *end == ',' ? end + 1 : end;
    }
    return count;
}

static void check_total(const char *key, const struct cluster_record *r, const int64_t *all, int count)
{
    const char *total = strstr(r->value.p, "\"total\":");
    int64_t sum = 0;
    for (int i = 0; i < count; i++)
        sum += all[i];
    if (total && strtoll(total + 8, NULL, 10) != sum)
        sim_fail("%s: the total is not that of its numbers: %.*s", key, (int)r->value.n, r->value.p);
}

struct journal {
    const struct promise *promise;
    bool windowed;
    bool repeats; // timers tell again what they told
};

static void check_exact(const struct journal *j, const struct numbers *want, const int64_t *all, int count, int before)
{
    if (count > want->count || memcmp(all, want->all, (size_t)count * sizeof *all) != 0)
        sim_fail("%s: %d numbers, not the first of the %d that came", want->key, count, want->count);
    if (j->repeats ? count < before : j->promise->cached ? count <= before : count != before + 1)
        sim_fail("%s: a row of %d numbers behind one of %d", want->key, count, before);
}

static void journal_key(char key[KEY_SIZE], const struct journal *j, struct weir_str s)
{
    if (j->windowed)
        snprintf(key, KEY_SIZE, "%.*s@%lld", (int)s.n - 8, s.p, (long long)weir_get_i64be(s.p + s.n - 8));
    else
        verify_text_key(key, s);
}

static void check_journal(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    const struct journal *j = arg;
    char key[KEY_SIZE];
    (void)log;
    journal_key(key, j, r->key);
    struct numbers *want = verify_row(&verify_expected, key), *have = verify_row(&verify_got, key);
    int before = have->count;
    have->count = read_journal(r, have->all);
    check_total(key, r, have->all, have->count);
    if (j->promise->exactly_once)
        check_exact(j, want, have->all, have->count, before);
    for (int i = 0; i < have->count; i++) {
        if (!verify_count_of(want, have->all[i]))
            sim_fail("%s: %d did not come", key, (int)have->all[i]);
    }
}

// The last row of each key has all that came: at least once, or exactly once and in order.
static void check_journals(const char *topic, struct journal j)
{
    verify_got.count = 0;
    verify_each(topic, check_journal, &j);
    for (int i = 0; i < verify_expected.count; i++) {
        const struct numbers *want = &verify_expected.keys[i], *have = verify_row(&verify_got, want->key);
        for (int n = 0; n < want->count; n++) {
            if (!verify_count_of(have, want->all[n]))
                sim_fail("%s: %s lost %d, of %d numbers", topic, want->key, (int)want->all[n], want->count);
        }
        if (j.promise->exactly_once && have->count != want->count)
            sim_fail("%s: %s ends with %d of %d numbers", topic, want->key, have->count, want->count);
    }
}

void verify_sums(const struct promise *promise)
{
    verify_begin();
    verify_each("numbers", verify_expect_number, NULL);
    check_journals("sums", (struct journal){.promise = promise});
}

// Windows are by partition: each has its own stream time.
static void expect_windowed(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    enum { SIZE = 10000, GRACE = 5000 };
    int64_t *times = arg, *time = &times[log->partition];
    int64_t start = r->timestamp / SIZE * SIZE;
    char key[KEY_SIZE];
    *time = r->timestamp > *time ? r->timestamp : *time;
    if (start <= *time - SIZE - GRACE)
        return;
    snprintf(key, sizeof key, "%.*s@%lld", (int)r->key.n, r->key.p, (long long)start);
    verify_add(verify_row(&verify_expected, key), verify_number_of(r->value));
}

void verify_windows(const struct promise *promise)
{
    int64_t times[CLUSTER_OBSERVERS] = {0};
    verify_begin();
    verify_each("numbers", expect_windowed, times);
    check_journals("windows", (struct journal){.promise = promise, .windowed = true});
}

// Of a window that came more than once, all that it had.
static void get_window(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    const struct promise *promise = arg;
    char key[KEY_SIZE];
    int64_t all[NUMBERS];
    (void)log;
    journal_key(key, &(struct journal){.windowed = true}, r->key);
    struct numbers *have = verify_row(&verify_got, key);
    if (have->count && promise->exactly_once)
        sim_fail("%s came twice", key);
    int count = read_journal(r, all);
    for (int i = 0; i < count; i++) {
        if (!verify_count_of(have, all[i]))
            verify_add(have, all[i]);
    }
}

// Each window that is closed comes, at least or exactly once, with all that it had then.
void verify_closed(const struct promise *promise)
{
    enum { SIZE = 10000, GRACE = 5000 };
    int64_t times[CLUSTER_OBSERVERS] = {0};
    struct promise given = *promise;
    verify_begin();
    verify_each("numbers", expect_windowed, times);
    verify_each("windows", get_window, &given);
    for (int i = 0; i < verify_expected.count; i++) {
        const struct numbers *want = &verify_expected.keys[i], *have = verify_row(&verify_got, want->key);
        const char *start = strchr(want->key, '@') + 1;
        struct weir_str key = {want->key, (size_t)(start - 1 - want->key)};
        int64_t time = times[partition_of_key(key, cluster.partitions)];
        int closed = strtoll(start, NULL, 10) + SIZE + GRACE <= time;
        bool same = memcmp(have->all, want->all, (size_t)have->count * sizeof *have->all) == 0;
        if (have->count != closed * want->count || (promise->exactly_once && !same))
            sim_fail("%s has %d of %d numbers, and is %s", want->key, have->count, want->count,
                     closed ? "closed" : "open");
    }
}

// ---- regrouped ----

static void expect_digit(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    char key[KEY_SIZE];
    (void)arg;
    (void)log;
    snprintf(key, sizeof key, "%d", (int)(verify_number_of(r->value) % 10));
    verify_add(verify_row(&verify_expected, key), verify_number_of(r->value));
}

// What is between has each number, and is the order of what comes behind.
void verify_regrouped(const struct promise *promise)
{
    verify_begin();
    verify_each("numbers", expect_digit, NULL);
    verify_each("regrouped-numbers-by-string-repartition", verify_get_number, NULL);
    for (int i = 0; i < verify_expected.count; i++) {
        struct numbers *want = &verify_expected.keys[i];
        const struct numbers *have = verify_row(&verify_got, want->key);
        for (int n = 0; n < want->count; n++) {
            int times = verify_count_of(have, want->all[n]);
            if (times == 0 || (promise->exactly_once && times > 1))
                sim_fail("repartitioned %s: %d came %d times", want->key, (int)want->all[n], times);
        }
        if (promise->exactly_once)
            *want = *have;
    }
    check_journals("digits", (struct journal){.promise = promise});
}

// ---- sessions ----

static void get_session(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    char key[KEY_SIZE];
    (void)arg;
    (void)log;
    snprintf(key, sizeof key, "%.*s@%lld-%lld", (int)r->key.n - 16, r->key.p,
             (long long)weir_get_i64be(r->key.p + r->key.n - 8), (long long)weir_get_i64be(r->key.p + r->key.n - 16));
    struct numbers *have = verify_row(&verify_got, key);
    have->count = r->value.p ? read_journal(r, have->all) : 0;
}

static int sessions_with(const char *key, int64_t value)
{
    int count = 0;
    size_t n = strlen(key);
    for (int i = 0; i < verify_got.count; i++) {
        if (strncmp(verify_got.keys[i].key, key, n) == 0 && verify_got.keys[i].key[n] == '@')
            count += verify_count_of(&verify_got.keys[i], value);
    }
    return count;
}

// Each number is in one of the sessions that are left, at least or exactly once.
void verify_sessions(const struct promise *promise)
{
    verify_begin();
    verify_each("numbers", verify_expect_number, NULL);
    verify_each("sessions", get_session, NULL);
    for (int i = 0; i < verify_expected.count; i++) {
        const struct numbers *want = &verify_expected.keys[i];
        for (int n = 0; n < want->count; n++) {
            int count = sessions_with(want->key, want->all[n]);
            if (count == 0 || (promise->exactly_once && count > 1))
                sim_fail("%s: %d is in the sessions %d times", want->key, (int)want->all[n], count);
        }
    }
}

// ---- picky ----

static void expect_picky(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    char key[KEY_SIZE];
    int64_t sum = verify_number_of(r->value);
    (void)arg;
    (void)log;
    verify_text_key(key, r->key);
    struct numbers *want = verify_row(&verify_expected, key);
    for (int i = 0; i < want->count; i++)
        sum += want->all[i];
    if (sum % 7 != 0)
        verify_add(want, verify_number_of(r->value));
}

// What is bad is as if it had not come.
void verify_picky(const struct promise *promise)
{
    verify_begin();
    verify_each("numbers", expect_picky, NULL);
    verify_each("copies", verify_get_number, NULL);
    for (int i = 0; i < verify_expected.count; i++) {
        const struct numbers *want = &verify_expected.keys[i], *have = verify_row(&verify_got, want->key);
        if (have->count != want->count || memcmp(have->all, want->all, (size_t)have->count * sizeof *have->all) != 0)
            sim_fail("%s: %d copies are not of the %d that were good", want->key, have->count, want->count);
    }
    check_journals("sums", (struct journal){.promise = promise});
}

// ---- a block ----

void verify_journal(const struct promise *promise)
{
    struct journal j = {.promise = promise, .repeats = true};
    verify_begin();
    verify_each("numbers", verify_expect_number, NULL);
    check_journals("walls", j);
    verify_got.count = 0;
    verify_each("journal", check_journal, &j);
}
