// What is committed beside offsets: Kafka Streams' bytes, and anything else that may stand there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base64.h"
#include "kafka_metadata.h"
#include "memory.h"

static const struct weir_store stores[] = {{.name = "hours"}, {.name = "users"}, {.name = "closed"}};
static const struct weir_program program = {.stores = stores, .store_count = 3};

static void bytes(void **state)
{
    (void)state;
    size_t size, n;
    char raw[64], *text = kafka_metadata_write(&program, 258, (int64_t[]){-1, -1, -1}, &size);
    assert_true(base64_decode(raw, &n, (struct weir_str){text, size}));
    assert_int_equal(n, 9);
    assert_memory_equal(raw, "\2\0\0\0\0\0\0\1\2", 9);
    free(text);
    text = kafka_metadata_write(&program, -1, (int64_t[]){-1, 3, -1}, &size);
    assert_true(base64_decode(raw, &n, (struct weir_str){text, size}));
    assert_int_equal(n, 30);
    assert_memory_equal(raw, "\2\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\1\0\0\0\5users\0\0\0\0\0\0\0\3", 30);
    free(text);
    assert_null(kafka_metadata_write(&program, -1, (int64_t[]){-1, -1, -1}, &size));
}

static void there_and_back(void **state)
{
    (void)state;
    size_t size;
    int64_t times[] = {1714557600000, 0, -1}, read[] = {-1, 7, 9};
    char *text = kafka_metadata_write(&program, 5, times, &size);
    assert_int_equal(kafka_metadata_read(&program, text, size, read), 5);
    assert_int_equal(read[0], 1714557600000);
    assert_int_equal(read[1], 7); // never back
    assert_int_equal(read[2], 9);
    const struct weir_store other = {.name = "hour"};
    const struct weir_program changed = {.stores = &other, .store_count = 1};
    int64_t none = -1;
    assert_int_equal(kafka_metadata_read(&changed, text, size, &none), 5);
    assert_int_equal(none, -1);
    free(text);
}

// Each input of a cogroup has its own.
static void inputs(void **state)
{
    (void)state;
    static const struct weir_store own[] = {{.name = "both", .inputs = 2}, {.name = "one"}};
    const struct weir_program cogroup = {.stores = own, .store_count = 2};
    size_t size, n;
    int64_t read[] = {-1, -1, -1};
    char raw[128], *text = kafka_metadata_write(&cogroup, 5, (int64_t[]){-1, 7, 9}, &size);
    assert_true(base64_decode(raw, &n, (struct weir_str){text, size}));
    assert_memory_equal(raw + 9, "\0\0\0\2\0\0\0\6both/1\0\0\0\0\0\0\0\7\0\0\0\3one", 29);
    assert_int_equal(kafka_metadata_read(&cogroup, text, size, read), 5);
    assert_int_equal(read[0], -1);
    assert_int_equal(read[1], 7);
    assert_int_equal(read[2], 9);
    free(text);
}

// Each beginning of it, and it with each byte changed, is read without harm.
static void damaged(void **state)
{
    (void)state;
    size_t size;
    int64_t times[] = {1, 2, 3}, read[] = {-1, -1, -1};
    char *text = kafka_metadata_write(&program, 5, times, &size);
    for (size_t n = 0; n < size; n++) {
        char *part = memory_new(n + 1); // its own block: what reads behind it is found out
        memcpy(part, text, n);
        kafka_metadata_read(&program, part, n, read);
        free(part);
        char was = text[n];
        for (const char *c = "A/z9=*"; *c; c++) {
            text[n] = *c;
            kafka_metadata_read(&program, text, size, read);
        }
        text[n] = was;
    }
    assert_int_equal(kafka_metadata_read(&program, "", 0, read), -1);
    assert_int_equal(kafka_metadata_read(&program, NULL, 0, read), -1);
    assert_int_equal(kafka_metadata_read(&program, "checked by hand", 15, read), -1);
    free(text);
}

// A broker refuses more than 4096 bytes.
static void too_many_stores(void **state)
{
    (void)state;
    enum { MANY = 500 };
    static char names[MANY][32];
    static struct weir_store many[MANY];
    static int64_t times[MANY], read[MANY];
    const struct weir_program large = {.stores = many, .store_count = MANY};
    size_t size;
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "store-%d", i);
        many[i].name = names[i];
        times[i] = i;
        read[i] = -1;
    }
    char *text = kafka_metadata_write(&large, 5, times, &size);
    assert_in_range(size, 4000, 4096);
    assert_int_equal(kafka_metadata_read(&large, text, size, read), 5);
    assert_int_equal(read[100], 100);
    assert_int_equal(read[MANY - 1], -1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes),   cmocka_unit_test(there_and_back),  cmocka_unit_test(inputs),
        cmocka_unit_test(damaged), cmocka_unit_test(too_many_stores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
