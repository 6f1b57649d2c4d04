// What the JSON kernels cost: 3 of 10 fields of an order decoded, filtered, and written again, as generated code does it, beside simdjson
// On-Demand reading the same 3 fields. One thread; the best of some rounds, which the machine's other work disturbs least.
#include "ctx.h"
#include "weir_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ORDERS = 20000, ROUNDS = 25 };

struct order {
    struct weir_str id, customer;
    struct weir_dec amount;
};

// All fields of the type, as the emitter lists them; those that nobody reads are skipped.
static const struct weir_json_name names[] = {
    {"id", 2, 5, "\"id\":"},
    {"customer", 8, 11, "\"customer\":"},
    {"region", 6, 9, "\"region\":"},
    {"amount", 6, 9, "\"amount\":"},
    {"currency", 8, 11, "\"currency\":"},
    {"status", 6, 9, "\"status\":"},
    {"quantity", 8, 11, "\"quantity\":"},
    {"created_at", 10, 13, "\"created_at\":"},
    {"address", 7, 10, "\"address\":"},
    {"note", 4, 7, "\"note\":"},
};

static bool read_order(struct weir_ctx *w, struct weir_json *j, struct order *order)
{
    bool first = true;
    int next = 0;
    if (!weir_json_object(w, j))
        return false;
    for (;;) {
        bool ok;
        switch (weir_json_next_known(w, j, &first, names, 10, &next)) {
        case WEIR_JSON_END: return !w->bad && weir_json_finish(w, j);
        case 0: ok = weir_json_read_string(w, j, &order->id); break;
        case 1: ok = weir_json_read_string(w, j, &order->customer); break;
        case 3: ok = weir_json_read_dec(w, j, 12, 2, &order->amount); break;
        default: ok = weir_json_skip(w, j);
        }
        if (!ok)
            return false;
    }
}

static struct weir_str write_order(struct weir_ctx *w, const struct order *order)
{
    struct weir_buf b;
    weir_buf_init(w, &b, 128);
    weir_put_lit(&b, "{\"id\":");
    weir_put_string(&b, order->id);
    weir_put_lit(&b, ",\"customer\":");
    weir_put_string(&b, order->customer);
    weir_put_lit(&b, ",\"amount\":");
    weir_put_dec(&b, order->amount, 2);
    weir_put_lit(&b, "}");
    return weir_buf_str(&b);
}

static size_t make_order(char *to, size_t size, int i)
{
    unsigned r = (unsigned)i * 2654435761u;
    return (size_t)snprintf(to, size,
                            "{\"id\":\"order-%09d\",\"customer\":\"customer-%06u\",\"region\":\"%s\",\"amount\":%u.%"
                            "02u,\"currency\":\"EUR\","
                            "\"status\":\"%s\",\"quantity\":%u,\"created_at\":%lld,\"address\":{\"street\":\"%u Rue de "
                            "la Paix\",\"city\":\"Paris\","
                            "\"zip\":\"%05u\"},\"note\":\"please leave it with the neighbours if nobody is at home\"}",
                            i, r % 100000, r & 1 ? "north" : "south", r >> 8 & 255, r % 100, r & 2 ? "paid" : "shipped",
                            r >> 20 & 7, 1714557600000ll + i, r >> 24, r % 99999);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static size_t pass(struct weir_ctx *w, const struct weir_str *orders, bool decode, bool encode)
{
    const struct weir_dec limit = {10000, 0};
    size_t sum = 0;
    for (int i = 0; i < ORDERS; i++) {
        struct weir_json j;
        struct order order = {0};
        if ((i & 1023) == 0)
            weir_ctx_reset(w);
        weir_json_start(&j, orders[i]);
        if (!(decode ? read_order(w, &j, &order) : weir_json_skip(w, &j))) {
            fprintf(stderr, "order %d: %s\n", i, w->bad);
            exit(1);
        }
        sum += order.amount.lo;
        if (encode && order.amount.hi == limit.hi && order.amount.lo > limit.lo)
            sum += write_order(w, &order).n;
    }
    return sum;
}

// bench_simdjson.cpp: reads id, customer and amount of one padded text.
extern size_t bench_simdjson(const char *text, size_t n, size_t capacity);

static size_t simdjson_pass(const struct weir_str *orders)
{
    size_t sum = 0;
    for (int i = 0; i < ORDERS; i++)
        sum += bench_simdjson(orders[i].p, orders[i].n, orders[i].n + 64);
    return sum;
}

static void report(const char *what, double best, size_t bytes)
{
    printf("%-52s %7.1f ns a record  %7.0f MB/s\n", what, best / ORDERS, (double)bytes / best * 1e3);
}

static volatile size_t sink;

static void measure(const char *what, struct weir_ctx *w, const struct weir_str *orders, size_t bytes, int which)
{
    double best = 1e18;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        sink = which == 3 ? simdjson_pass(orders) : pass(w, orders, which > 0, which > 1);
        double spent = now() - begin;
        best = spent < best ? spent : best;
    }
    report(what, best, bytes);
}

int main(void)
{
    static struct weir_str orders[ORDERS];
    struct weir_ctx w;
    size_t bytes = 0;
    weir_ctx_init(&w);
    char *text = calloc(ORDERS, 512), *p = text;
    for (int i = 0; i < ORDERS; i++) {
        orders[i] = (struct weir_str){p, make_order(p, 400, i)};
        bytes += orders[i].n;
        p += orders[i].n + 64; // simdjson wants room behind the text; weir does not
    }
    printf("orders of %.0f bytes with 10 fields, 3 of them read\n", (double)bytes / ORDERS);
    measure("weir: skip and check all", &w, orders, bytes, 0);
    measure("weir: decode", &w, orders, bytes, 1);
    measure("weir: decode, filter, encode what passes", &w, orders, bytes, 2);
    measure("simdjson On-Demand: decode", &w, orders, bytes, 3);
    weir_ctx_free(&w);
    free(text);
    return 0;
}
