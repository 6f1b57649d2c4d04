#include "kafka_config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

struct property {
    const char *name, *value;
};

// What differs from librdkafka's own defaults.
static const struct property for_all[] = {
    {"socket.nagle.disable", "true"},
    {"socket.keepalive.enable", "true"},
    {"reconnect.backoff.max.ms", "2000"}, // a broker that comes back is used at once
};

static const struct property for_consumer[] = {
    {"auto.offset.reset", "earliest"},          // as Kafka Streams
    {"partition.assignment.strategy", "range"}, // topics with equally many partitions are assigned alike
    // What is prefetched for a worker: twice this, plus about as much again for librdkafka's own structs. Half of it makes the threads wait for
    // each other twice as often on a busy machine.
    {"queued.max.messages.kbytes", "8192"},
    {"queued.min.messages", "1000000"}, // the limit is in bytes alone
    // Of one partition. What a fetch brings is read at once, and is in the processor's cache still: of four partitions with the default of 1 MB each it is not.
    {"fetch.message.max.bytes", "131072"},
    {"fetch.wait.max.ms", "100"},
    {"heartbeat.interval.ms", "500"}, // so soon the others learn that an instance is gone
};

// Changelogs are read at once from end to end, and their records are small: the limit is in records, which cost some 400 bytes each here. Twice as many
// are in memory, and those of one answer more.
static const struct property for_reader[] = {
    {"queued.min.messages", "50000"}, {"queued.max.messages.kbytes", "32768"},
    {"fetch.max.bytes", "2097152"},   {"fetch.message.max.bytes", "1048576"}, // of one partition
    {"fetch.wait.max.ms", "1"}, // what is wanted is there, and the reading stops when the last answer is in
};

static const struct property for_producer[] = {
    // acks=all, and retries neither reorder nor repeat records.
    {"enable.idempotence", "true"},
    {"linger.ms", "20"}, // a commit does not wait for it
    // A small record costs six times its bytes in the queue, and what is in no cache any more when it is sent costs twice the time. A batch is well below
    // a queue: it goes at once when it is full, and a worker waits when the queue is.
    {"batch.num.messages", "2500"},
    {"queue.buffering.max.messages", "20000"},
    {"queue.buffering.max.kbytes", "32768"},
    {"retry.backoff.ms", "10"},
    // The flush before a commit counts the others; reports of success would cost 60 ns a record.
    {"delivery.report.only.error", "true"},
};

// Properties that would break what weir promises.
static const struct property reserved[] = {
    {"enable.auto.commit", "weir commits what was processed, after what it wrote is safe"},
    {"enable.auto.offset.store", "weir commits what was processed, after what it wrote is safe"},
    {"enable.partition.eof", "weir sets it for --exit-at-end"},
    {"delivery.report.only.error", "weir counts deliveries itself"},
    {"partition.assignment.strategy", "partitions that belong together must come to one instance, as with `range`"},
    {"transactional.id", "weir names its transactions itself"},
    {"partitioner", "weir computes partitions as Kafka's Java client does; say `partitioner NAME` in the program"},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool set(rd_kafka_conf_t *conf, const char *name, const char *value, struct broker_error *error)
{
    char why[256];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK)
        return true;
    kafka_fail(error, "kafka property %s: %s", name, why);
    return false;
}

static bool set_all(rd_kafka_conf_t *conf, const struct property *properties, size_t count, struct broker_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!set(conf, properties[i].name, properties[i].value, error))
            return false;
    }
    return true;
}

// The name without the prefix of a role; NULL if it is another role's.
static const char *name_for(const char *name, enum kafka_role role)
{
    static const char *const prefixes[] = {[KAFKA_CONSUMER] = "consumer.",
                                           [KAFKA_PRODUCER] = "producer.",
                                           [KAFKA_ADMIN] = "admin.",
                                           [KAFKA_READER] = "restore."};
    for (int r = KAFKA_CONSUMER; r <= KAFKA_READER; r++) {
        size_t n = strlen(prefixes[r]);
        if (strncmp(name, prefixes[r], n) == 0)
            return r == (int)role ? name + n : NULL;
    }
    return name;
}

static bool is_secret(const char *name)
{
    static const char *const marks[] = {"password",           "secret", "key", "jaas", "credential",
                                        "oauthbearer.config", "token"};
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (strstr(name, marks[i]))
            return true;
    }
    return false;
}

// The names in librdkafka's own list of its properties, "NAME  | ..." a line, cut out of TEXT in place.
static const char **names_in(char *text)
{
    const char **names = NULL;
    size_t count = 0;
    char *rest;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        size_t n = strcspn(line, " |");
        if (!strchr(line, '|') || strncmp(line, "--", 2) == 0 || n == 0)
            continue;
        line[n] = 0;
        names = memory_grow(names, count, sizeof *names);
        names[count++] = line;
    }
    names = memory_grow(names, count, sizeof *names);
    names[count] = NULL;
    return names;
}

// The property whose name is nearest to NAME, into TO; false: none is near.
static bool nearest(const char *name, char *to, size_t size)
{
    char *text = NULL;
    size_t length;
    FILE *list = open_memstream(&text, &length);
    if (!list)
        return false;
    rd_kafka_conf_properties_show(list); // unlike a dump it has the aliases
    fclose(list);
    const char **names = names_in(text), *found = options_nearest(name, names);
    if (found)
        snprintf(to, size, "%s", found);
    free(names);
    free(text);
    return found != NULL;
}

// Why the user may not set NAME; NULL: he may.
static const char *why_reserved(const struct settings *s, const char *name)
{
    if (s->exactly_once && strcmp(name, "isolation.level") == 0)
        return "exactly_once reads what is committed";
    for (size_t i = 0; i < COUNT(reserved); i++) {
        if (strcmp(name, reserved[i].name) == 0)
            return reserved[i].value;
    }
    return NULL;
}

static bool set_user(rd_kafka_conf_t *conf, const char *given, const char *name, const char *value,
                     struct broker_error *error)
{
    char why[256], near[128];
    switch (rd_kafka_conf_set(conf, name, value, why, sizeof why)) {
    case RD_KAFKA_CONF_OK: return true;
    case RD_KAFKA_CONF_UNKNOWN:
        if (nearest(name, near, sizeof near))
            kafka_fail(error, "there is no kafka property %s: did you mean %.*s%s?", given, (int)(name - given), given,
                       near);
        else
            kafka_fail(error, "there is no kafka property %s (librdkafka %s)", given, rd_kafka_version_str());
        return false;
    default:
        if (is_secret(name)) // librdkafka's reason may quote the value
            kafka_fail(error, "kafka property %s: librdkafka refuses its value", given);
        else
            kafka_fail(error, "kafka property %s: %s", given, why);
        return false;
    }
}

static bool set_users(rd_kafka_conf_t *conf, const struct settings *s, enum kafka_role role, struct broker_error *error)
{
    for (int i = 0; i < s->property_count; i++) {
        const char *given = s->properties[i].name, *name = name_for(given, role);
        const char *reserved_for = name ? why_reserved(s, name) : NULL;
        if (reserved_for) {
            kafka_fail(error, "kafka property %s can't be set: %s", given, reserved_for);
            return false;
        }
        if (name && !set_user(conf, given, name, s->properties[i].value, error))
            return false;
    }
    return true;
}

// From 2.2.0 on a full queue stops fetching for as long as this says, before that always for a second (see kafka_service.c).
static void set_backoff(rd_kafka_conf_t *conf)
{
    rd_kafka_conf_set(conf, "fetch.queue.backoff.ms", "10", NULL, 0);
}

static bool set_consumer(rd_kafka_conf_t *conf, const struct settings *s, struct broker_error *error)
{
    set_backoff(conf);
    return set_all(conf, for_consumer, COUNT(for_consumer), error) && set(conf, "group.id", s->app, error) &&
           (!s->instance || set(conf, "group.instance.id", s->instance, error));
}

static bool set_reader(rd_kafka_conf_t *conf, struct broker_error *error)
{
    set_backoff(conf);
    return set_all(conf, for_reader, COUNT(for_reader), error);
}

static bool set_producer(rd_kafka_conf_t *conf, const struct settings *s, struct broker_error *error)
{
    enum { DELAY_MS = 10000 }; // of a commit
    char timeout[24];
    if (!set_all(conf, for_producer, COUNT(for_producer), error))
        return false;
    // Records wait for a lost broker as long as it takes: nothing is committed before they are safe.
    if (!s->exactly_once)
        return set(conf, "message.timeout.ms", "0", error);
    snprintf(timeout, sizeof timeout, "%" PRId64, (s->commit_said ? s->commit_ms : 0) + DELAY_MS);
    return set(conf, "transaction.timeout.ms", timeout, error);
}

// After what the user says of messages: an answer must hold one.
static bool finish_reader(rd_kafka_conf_t *conf, struct broker_error *error)
{
    char most[32];
    size_t size = sizeof most;
    bool good = set(conf, "enable.partition.eof", "true", error) && set(conf, "auto.offset.reset", "earliest", error);
    if (kafka_config_number(conf, "message.max.bytes") > kafka_config_number(conf, "fetch.max.bytes"))
        good = good && rd_kafka_conf_get(conf, "message.max.bytes", most, &size) == RD_KAFKA_CONF_OK &&
               set(conf, "fetch.max.bytes", most, error);
    return good;
}

static bool set_client(rd_kafka_conf_t *conf, const struct settings *s, enum kafka_role role,
                       struct broker_error *error)
{
    enum { APP = 45 };
    char id[64]; // a long client.id crashes librdkafka before 2.5.0
    if (role == KAFKA_CONSUMER && s->http_port)
        snprintf(id, sizeof id, "weir-%.*s" KAFKA_CLIENT_HTTP "%d", APP, s->app, s->http_port);
    else
        snprintf(id, sizeof id, "weir-%s", s->app);
    return set(conf, "client.id", id, error);
}

rd_kafka_conf_t *kafka_config_new(const struct settings *settings, enum kafka_role role, struct broker_error *error)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    bool done = set_all(conf, for_all, COUNT(for_all), error) && set_client(conf, settings, role, error);
    if (done && role == KAFKA_CONSUMER)
        done = set_consumer(conf, settings, error);
    if (done && role == KAFKA_READER)
        done = set_reader(conf, error);
    if (done && role == KAFKA_PRODUCER)
        done = set_producer(conf, settings, error);
    done = done && set_users(conf, settings, role, error);
    if (done && role == KAFKA_CONSUMER)
        done = set(conf, "enable.auto.commit", "false", error) &&
               set(conf, "enable.auto.offset.store", "false", error) &&
               set(conf, "enable.partition.eof", settings->options->exit_at_end ? "true" : "false", error);
    if (done && role == KAFKA_READER)
        done = finish_reader(conf, error);
    if (done && role == KAFKA_PRODUCER) // it is asked for the ends of topics, with what is not committed or marked yet
        done = set(conf, "isolation.level", "read_uncommitted", error);
    if (!done) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    return conf;
}

int64_t kafka_config_number(const rd_kafka_conf_t *conf, const char *name)
{
    char text[32] = "";
    size_t size = sizeof text;
    return rd_kafka_conf_get(conf, name, text, &size) == RD_KAFKA_CONF_OK ? strtoll(text, NULL, 10) : -1;
}

char *kafka_config_group(const rd_kafka_conf_t *consumer)
{
    char text[256] = "";
    size_t size = sizeof text;
    rd_kafka_conf_get(consumer, "group.id", text, &size);
    return memory_format("%s", text);
}

void kafka_config_ends(rd_kafka_conf_t *consumer)
{
    rd_kafka_conf_set(consumer, "enable.partition.eof", "true", NULL, 0);
}

static void set_default(rd_kafka_conf_t *consumer, const struct settings *settings, const char *name, const char *value)
{
    char of_role[64];
    snprintf(of_role, sizeof of_role, "consumer.%s", name);
    if (!settings_property(settings, name) && !settings_property(settings, of_role))
        rd_kafka_conf_set(consumer, name, value, NULL, 0);
}

void kafka_config_order(rd_kafka_conf_t *consumer, const struct settings *settings)
{
    // That holds for each partition then, not for all of a worker.
    set_default(consumer, settings, "queued.max.messages.kbytes", "2048");
    set_default(consumer, settings, "fetch.message.max.bytes", "262144"); // there is a queue for each
    // While the queues of all that have records are full, a fetch asks for the others alone, and nothing else is fetched from that broker until it is answered.
    set_default(consumer, settings, "fetch.wait.max.ms", "10");
    kafka_config_ends(consumer);
}

const char *kafka_config_servers(const struct settings *settings)
{
    const char *servers = settings_property(settings, "bootstrap.servers");
    if (!servers)
        servers = settings_property(settings, "metadata.broker.list");
    return servers ? servers : "(no bootstrap.servers)";
}
