// Each record for itself, or by its key alone.
#include "sim_broker.h"
#include "verify_logs.h"
#include "verify_programs.h"

// ---- echo ----

// The first of each number, in order.
static int first_ones(const struct numbers *n, int64_t *firsts)
{
    int count = 0;
    for (int i = 0; i < n->count; i++) {
        int j = 0;
        while (j < count && firsts[j] != n->all[i])
            j++;
        if (j == count)
            firsts[count++] = n->all[i];
    }
    return count;
}

// What the cluster refuses goes to another topic.
static void expect_refused(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    const bool *refused = arg;
    if (sim_refuses("echoed", r->value) == *refused)
        verify_expect_number(NULL, log, r);
}

// At least once: nothing is lost, and what is not a repetition is in order. Exactly once: there are no repetitions.
static void check_echo(const struct promise *promise, const char *topic, bool refused)
{
    verify_begin();
    verify_each("numbers", expect_refused, &refused);
    verify_each(topic, verify_get_number, NULL);
    for (int i = 0; i < verify_expected.count; i++) {
        const struct numbers *want = &verify_expected.keys[i], *have = verify_row(&verify_got, want->key);
        int64_t firsts[NUMBERS];
        int count = first_ones(have, firsts);
        if (count != want->count || memcmp(firsts, want->all, (size_t)count * sizeof *firsts) != 0)
            sim_fail("%s: %d of %d numbers came to %s, or in another order", want->key, count, want->count, topic);
        if (promise->exactly_once && have->count != count)
            sim_fail("%s: %d numbers came to %s %d times", want->key, count, topic, have->count);
    }
    if (verify_got.count != verify_expected.count)
        sim_fail("%d keys came to %s, of %d", verify_got.count, topic, verify_expected.count);
}

void verify_echo(const struct promise *promise)
{
    check_echo(promise, "echoed", false);
    check_echo(promise, "dead", true);
}

// ---- lowest ----

static int64_t least(const struct numbers *n, int count)
{
    int64_t low = INT64_MAX;
    for (int i = 0; i < count; i++)
        low = n->all[i] < low ? n->all[i] : low;
    return low;
}

// Whether HAVE is what comes of WANT one after the other, with (cached) some left out, but not the last.
static bool are_steps(const struct numbers *want, const struct numbers *have, bool cached)
{
    int at = 0;
    if (!cached && have->count != want->count)
        return false;
    for (int i = 1; i <= want->count && at < have->count; i++)
        at += least(want, i) == have->all[at];
    return at == have->count;
}

// Taking a number twice changes nothing: at least once, the last row of each key is right. Exactly once, each is.
void verify_lowest(const struct promise *promise)
{
    verify_begin();
    verify_each("numbers", verify_expect_number, NULL);
    verify_each("lowest", verify_get_number, NULL);
    for (int i = 0; i < verify_expected.count; i++) {
        const struct numbers *want = &verify_expected.keys[i], *have = verify_row(&verify_got, want->key);
        if (!have->count || have->all[have->count - 1] != least(want, want->count))
            sim_fail("%s: the last row is not the least of %d numbers", want->key, want->count);
        if (promise->exactly_once && !are_steps(want, have, promise->cached))
            sim_fail("%s: %d rows are not what comes of %d numbers", want->key, have->count, want->count);
    }
}
