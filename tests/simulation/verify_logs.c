#include "verify_logs.h"

#include <stdio.h>

#include "weir_wire.h"

void verify_each(const char *topic, record_fn *fn, void *arg)
{
    for (int32_t p = 0; p < cluster.partitions; p++) {
        const struct cluster_log *log = cluster_log(topic, p);
        for (int64_t i = 0; i < log->count; i++) {
            if (cluster_is_visible(&log->records[i]))
                fn(arg, log, &log->records[i]);
        }
    }
}

int64_t verify_number_of(struct weir_str value)
{
    return value.n == 8 ? weir_get_i64be(value.p) : -1;
}

struct table verify_expected, verify_got;

struct numbers *verify_row(struct table *t, const char *key)
{
    for (int i = 0; i < t->count; i++) {
        if (strcmp(t->keys[i].key, key) == 0)
            return &t->keys[i];
    }
    if (t->count == KEYS)
        sim_fail("more than %d keys", KEYS);
    struct numbers *n = &t->keys[t->count++];
    memset(n, 0, sizeof *n);
    snprintf(n->key, sizeof n->key, "%s", key);
    return n;
}

void verify_add(struct numbers *n, int64_t value)
{
    if (n->count == NUMBERS)
        sim_fail("%s has more than %d numbers", n->key, NUMBERS);
    n->all[n->count++] = value;
}

void verify_text_key(char key[KEY_SIZE], struct weir_str s)
{
    snprintf(key, KEY_SIZE, "%.*s", (int)s.n, s.p ? s.p : "");
}

int verify_count_of(const struct numbers *n, int64_t value)
{
    int count = 0;
    for (int i = 0; i < n->count; i++)
        count += n->all[i] == value;
    return count;
}

void verify_begin(void)
{
    verify_expected.count = verify_got.count = 0;
}

void verify_expect_number(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    char key[KEY_SIZE];
    (void)arg;
    (void)log;
    verify_text_key(key, r->key);
    verify_add(verify_row(&verify_expected, key), verify_number_of(r->value));
}

void verify_get_number(void *arg, const struct cluster_log *log, const struct cluster_record *r)
{
    char key[KEY_SIZE];
    (void)arg;
    (void)log;
    verify_text_key(key, r->key);
    verify_add(verify_row(&verify_got, key), verify_number_of(r->value));
}
