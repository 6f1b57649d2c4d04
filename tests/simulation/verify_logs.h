// Reading the logs of the cluster, for those who verify: numbers by key, as they were to come and as they came.
#ifndef SIM_VERIFY_LOGS_H
#define SIM_VERIFY_LOGS_H

#include "cluster.h"
#include "sim.h"
#include "verify.h"

typedef void record_fn(void *arg, const struct cluster_log *log, const struct cluster_record *r);
// All committed records of TOPIC, partition by partition.
void verify_each(const char *topic, record_fn *fn, void *arg);
int64_t verify_number_of(struct weir_str value);

enum { NUMBERS = 400, KEYS = 2000, KEY_SIZE = 56 };
struct numbers {
    char key[KEY_SIZE];
    int64_t all[NUMBERS]; // in order
    int count;
};
struct table {
    struct numbers keys[KEYS];
    int count;
};
extern struct table verify_expected, verify_got;

void verify_begin(void); // both are empty
// Made if it is not there.
struct numbers *verify_row(struct table *t, const char *key);
void verify_add(struct numbers *n, int64_t value);
int verify_count_of(const struct numbers *n, int64_t value);
void verify_text_key(char key[KEY_SIZE], struct weir_str s);

// Adds the number to its key's.
record_fn verify_expect_number, verify_get_number;

#endif
