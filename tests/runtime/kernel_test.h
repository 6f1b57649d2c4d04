// What the unit tests of the value kernels share: a context for each test, and assertions on its values.
#ifndef WEIR_KERNEL_TEST_H
#define WEIR_KERNEL_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctx.h"
#include "weir_fn.h"
#include "weir_json.h"
#include "weir_ops.h"
#include "weir_wire.h"

static struct weir_ctx ctx;
static struct weir_ctx *const w = &ctx;

static int set_up(void **state)
{
    (void)state;
    weir_ctx_init(w);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    weir_ctx_free(w);
    return 0;
}

#define KERNEL_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

// TEXT in memory of just its size, so that sanitizers see a read behind its end. The caller frees it.
static inline struct weir_str exact(const char *text, size_t n)
{
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, text, n);
    return (struct weir_str){copy, n};
}

static inline struct weir_str str(const char *text)
{
    return (struct weir_str){text, strlen(text)};
}

// No failure, and V is TEXT.
#define assert_str(v, text) assert_str_at((v), (text), __FILE__, __LINE__)
static inline void assert_str_at(struct weir_str v, const char *text, const char *file, int line)
{
    char got[1000];
    snprintf(got, sizeof got, "%.*s", (int)v.n, v.p ? v.p : "(null)");
    if (w->bad)
        print_error("%s:%d: failed: %s\n", file, line, w->bad);
    if (!v.p || v.n != strlen(text) || memcmp(v.p, text, v.n) != 0)
        print_error("%s:%d: found %s, expected %s\n", file, line, got, text);
    _assert_true(w->bad == NULL && v.p && v.n == strlen(text) && memcmp(v.p, text, v.n) == 0, text, file, line);
}

// The record is bad for CAUSE, with MESSAGE in its text; then it is good again.
#define assert_bad(expected, message) assert_bad_at((expected), (message), __FILE__, __LINE__)
static inline void assert_bad_at(enum weir_cause cause, const char *message, const char *file, int line)
{
    if (!w->bad || w->cause != cause || !strstr(w->bad, message))
        print_error("%s:%d: found failure %d \"%s\", expected %d \"%s\"\n", file, line, (int)w->cause,
                    w->bad ? w->bad : "none", (int)cause, message);
    _assert_true(w->bad && w->cause == cause && strstr(w->bad, message), message, file, line);
    weir_ctx_reset(w);
}

static inline void assert_good(void)
{
    if (w->bad)
        print_error("failed: %s\n", w->bad);
    assert_null(w->bad);
}

#endif
