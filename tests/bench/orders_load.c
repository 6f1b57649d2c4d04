// Orders for the benchmarks: the same ones every time, and a checksum of what became of them that no order of arrival changes.
//
//   orders_load BROKERS load TOPIC COUNT KEY   writes orders to TOPIC, keyed by KEY: customer (100,000 of them) or id
//   orders_load BROKERS load TOPIC COUNT WHAT  writes WHAT: customers (COUNT of them, before the first order), or payments of the COUNT first orders, each up to
//                                              20 s later, every eighth of an order that is not there
//   orders_load BROKERS sum TOPIC              reads TOPIC to its end: RECORDS VALUE-BYTES CHECKSUM
//   orders_load BROKERS last TOPIC             the last {"orders":N,"total":X} of every key: RECORDS KEYS CHECKSUM
//   orders_load - print COUNT                  the values, a line each, on standard output
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CUSTOMERS = 100000, WAIT_MS = 30000 };

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "orders_load: %s: %s\n", what, why);
    exit(1);
}

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

#define START_MS INT64_C(1714557600000)

struct order {
    char id[24], customer[16], value[512];
    int64_t created_at;
};

// Cents never end in 0, so that every language writes the amount alike; 43.5 % are above 100.
static void make_order(uint64_t n, struct order *o)
{
    static const char *const regions[] = {"eu-west", "eu-north", "us-east", "us-west", "ap-south", "sa-east"};
    static const char *const statuses[] = {"new", "paid", "packed", "shipped", "returned"};
    static const char *const currencies[] = {"EUR", "USD", "KRW", "BRL", "INR"};
    static const char *const notes[] = {
        "please leave the parcel with the neighbours at number 12 if nobody opens the door",
        "delivery only before noon, call the number on file when the van is ten minutes away",
        "second order this week, ship both together if the first one has not left the warehouse",
        "gift: wrap in the \\\"autumn\\\" paper, and put no invoice into the box, thank you so much",
    };
    uint64_t r = mix(n), s = mix(r);
    unsigned cents = (unsigned)(r % 17699);
    unsigned amount = cents - cents % 10 + 1 + (unsigned)(s % 9);
    snprintf(o->id, sizeof o->id, "order-%010" PRIu64, n);
    snprintf(o->customer, sizeof o->customer, "c-%06u", (unsigned)(s >> 8) % CUSTOMERS);
    o->created_at = START_MS + (int64_t)(n * 25 / 16); // 51 minutes in 2,000,000 of them
    snprintf(o->value, sizeof o->value,
             "{\"id\":\"%s\",\"customer\":\"%s\",\"region\":\"%s\",\"status\":\"%s\",\"amount\":%u.%02u,\"qty\":%u,"
             "\"currency\":\"%s\",\"note\":\"%s\",\"created_at\":%" PRId64 ",\"channel\":\"%s\"}",
             o->id, o->customer, regions[s % 6], statuses[(s >> 16) % 5], amount / 100, amount % 100,
             (unsigned)(s >> 40) % 20 + 1, currencies[(s >> 24) % 5], notes[(s >> 32) % 16 / 5], o->created_at,
             s >> 63 ? "web-shop, signed in" : "mobile app, signed in");
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *const *settings)
{
    char why[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    for (; *settings; settings += 2)
        if (rd_kafka_conf_set(conf, settings[0], settings[1], why, sizeof why) != RD_KAFKA_CONF_OK)
            die(settings[0], why);
    rd_kafka_t *rk = rd_kafka_new(type, conf, why, sizeof why);
    if (!rk)
        die("client", why);
    return rk;
}

// What is written: its key, value and time.
struct written {
    char key[32], value[512];
    int64_t time;
};

static void order_by_customer(uint64_t n, struct written *w)
{
    struct order o;
    make_order(n, &o);
    memcpy(w->key, o.customer, sizeof o.customer);
    memcpy(w->value, o.value, sizeof o.value);
    w->time = o.created_at;
}

static void order_by_id(uint64_t n, struct written *w)
{
    struct order o;
    make_order(n, &o);
    memcpy(w->key, o.id, sizeof o.id);
    memcpy(w->value, o.value, sizeof o.value);
    w->time = o.created_at;
}

static void customer(uint64_t n, struct written *w)
{
    static const char *const countries[] = {"KR", "DE", "US", "BR", "IN", "NO", "FR"};
    uint64_t r = mix(~n);
    snprintf(w->key, sizeof w->key, "c-%06u", (unsigned)(n % CUSTOMERS));
    snprintf(w->value, sizeof w->value,
             "{\"name\":\"Customer %08" PRIx64
             "\",\"country\":\"%s\",\"street\":\"%u Long Street\",\"points\":%u,\"since\":%u}",
             r >> 32, countries[r % 7], (unsigned)(r >> 8) % 500 + 1, (unsigned)(r >> 16) % 10000,
             (unsigned)(r >> 4) % 30 + 1990);
    w->time = START_MS - (int64_t)(CUSTOMERS - n % CUSTOMERS);
}

static void payment(uint64_t n, struct written *w)
{
    static const char *const methods[] = {"card", "transfer", "wallet", "invoice"};
    struct order o;
    uint64_t r = mix(n + 1);
    enum { LONGEST_MS = 20000 };
    make_order(n, &o);
    snprintf(w->key, sizeof w->key, "%s%s", o.id, n % 8 ? "" : "-not");
    snprintf(w->value, sizeof w->value,
             "{\"payment\":\"pay-%010" PRIu64 "\",\"method\":\"%s\",\"bank\":\"bank of region %u\",\"fee\":%u}", n,
             methods[r % 4], (unsigned)(r >> 8) % 40, (unsigned)(r >> 16) % 300);
    w->time = o.created_at + (int64_t)((r >> 20) % LONGEST_MS);
}

typedef void make_fn(uint64_t n, struct written *w);

static make_fn *maker_of(const char *what)
{
    static const struct {
        const char *name;
        make_fn *make;
    } all[] = {{"customer", order_by_customer}, {"id", order_by_id}, {"customers", customer}, {"payments", payment}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, what) == 0)
            return all[i].make;
    die("load", "customer, id, customers or payments");
}

static void load(const char *brokers, const char *topic, uint64_t count, make_fn *make)
{
    const char *const settings[] = {"bootstrap.servers",
                                    brokers,
                                    "partitioner",
                                    "murmur2",
                                    "linger.ms",
                                    "50",
                                    "batch.num.messages",
                                    "20000",
                                    "queue.buffering.max.messages",
                                    "200000",
                                    "delivery.report.only.error",
                                    "true",
                                    NULL};
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, settings);
    struct written w;
    for (uint64_t n = 0; n < count; n++) {
        make(n, &w);
        for (;;) {
            rd_kafka_resp_err_t err =
                rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(w.key, strlen(w.key)),
                                  RD_KAFKA_V_VALUE(w.value, strlen(w.value)), RD_KAFKA_V_TIMESTAMP(w.time),
                                  RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
            if (!err)
                break;
            if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL)
                die(topic, rd_kafka_err2str(err));
            rd_kafka_poll(rk, 5);
        }
    }
    if (rd_kafka_flush(rk, 4 * WAIT_MS))
        die(topic, "not everything could be written");
    rd_kafka_destroy(rk);
}

static uint64_t hash_bytes(uint64_t h, const void *data, size_t n)
{
    const unsigned char *p = data;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 0x100000001b3;
    return h;
}

static uint64_t hash_of(const void *data, size_t n)
{
    return hash_bytes(0xcbf29ce484222325, data, n);
}

struct reader {
    int open; // partitions not yet read to their ends
    void (*take)(struct reader *r, const rd_kafka_message_t *m);
    uint64_t records, bytes, checksum;
    struct last *last; // hash table
    size_t keys, room; // room: a power of two
};

static void on_message(rd_kafka_message_t *m, void *opaque)
{
    struct reader *r = opaque;
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        r->open--;
    if (m->err)
        return;
    r->records++;
    r->take(r, m);
}

static void read_all(const char *brokers, const char *topic, struct reader *r)
{
    const char *const settings[] = {
        "bootstrap.servers",    brokers, "group.id", "orders_load", "enable.auto.commit", "false",
        "enable.partition.eof", "true",  NULL};
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, settings);
    rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
    const rd_kafka_metadata_t *md;
    rd_kafka_resp_err_t err = rd_kafka_metadata(rk, 0, handle, &md, WAIT_MS);
    if (err || md->topics[0].err)
        die(topic, rd_kafka_err2str(err ? err : md->topics[0].err));
    r->open = md->topics[0].partition_cnt;
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(r->open);
    for (int i = 0; i < r->open; i++)
        rd_kafka_topic_partition_list_add(all, topic, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_assign(rk, all);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(rk);
    while (r->open > 0)
        rd_kafka_consume_callback_queue(queue, 1000, on_message, r);
    rd_kafka_topic_partition_list_destroy(all);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(handle);
    rd_kafka_metadata_destroy(md);
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
}

static void add_up(struct reader *r, const rd_kafka_message_t *m)
{
    int64_t time = rd_kafka_message_timestamp(m, NULL);
    uint64_t h = hash_bytes(hash_of(m->key, m->key_len), m->payload, m->len);
    r->checksum += mix(hash_bytes(h, &time, sizeof time));
    r->bytes += m->len;
}

static void sum(const char *brokers, const char *topic)
{
    struct reader r = {.take = add_up};
    read_all(brokers, topic, &r);
    printf("%" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", r.records, r.bytes, r.checksum);
}

// The newest record of a key. Keys are told apart by 64 bits: of two million keys no two are likely to share them.
struct last {
    uint64_t key, record; // hashes; key 0: empty
};

static struct last *find(struct last *table, size_t room, uint64_t key)
{
    size_t i = mix(key) & (room - 1);
    while (table[i].key && table[i].key != key)
        i = (i + 1) & (room - 1);
    return &table[i];
}

static void make_room(struct reader *r)
{
    size_t room = r->room ? r->room * 2 : 1 << 16;
    struct last *table = calloc(room, sizeof *table);
    if (!table)
        die("memory", "not enough");
    for (size_t i = 0; i < r->room; i++)
        if (r->last[i].key)
            *find(table, room, r->last[i].key) = r->last[i];
    free(r->last);
    r->last = table;
    r->room = room;
}

// By value, as languages write floats differently.
static void keep_last(struct reader *r, const rd_kafka_message_t *m)
{
    char text[128];
    snprintf(text, sizeof text, "%.*s", (int)m->len, (const char *)m->payload);
    struct {
        int64_t orders;
        double total;
        int64_t time;
    } record = {.time = rd_kafka_message_timestamp(m, NULL)};
    if (sscanf(text, "{\"orders\":%" SCNd64 ",\"total\":%lf}", &record.orders, &record.total) != 2)
        die("not {\"orders\":N,\"total\":X}", text);
    if (r->keys * 2 >= r->room)
        make_room(r);
    uint64_t key = hash_of(m->key, m->key_len);
    struct last *last = find(r->last, r->room, key);
    r->keys += last->key == 0;
    *last = (struct last){key, hash_bytes(key, &record, sizeof record)};
}

static void last(const char *brokers, const char *topic)
{
    struct reader r = {.take = keep_last};
    read_all(brokers, topic, &r);
    for (size_t i = 0; i < r.room; i++)
        if (r.last[i].key)
            r.checksum += mix(r.last[i].record);
    printf("%" PRIu64 " %zu %016" PRIx64 "\n", r.records, r.keys, r.checksum);
    free(r.last);
}

static void print_orders(uint64_t count)
{
    struct order o;
    for (uint64_t n = 0; n < count; n++) {
        make_order(n, &o);
        puts(o.value);
    }
}

int main(int argc, char **argv)
{
    const char *command = argc > 2 ? argv[2] : "";
    if (strcmp(command, "load") == 0 && argc == 6)
        load(argv[1], argv[3], strtoull(argv[4], NULL, 10), maker_of(argv[5]));
    else if (strcmp(command, "sum") == 0 && argc == 4)
        sum(argv[1], argv[3]);
    else if (strcmp(command, "last") == 0 && argc == 4)
        last(argv[1], argv[3]);
    else if (strcmp(command, "print") == 0 && argc == 4)
        print_orders(strtoull(argv[3], NULL, 10));
    else
        die("usage", "see the top of orders_load.c");
    return 0;
}
