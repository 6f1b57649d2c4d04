// What a foreign-key join (KIP-213) sends: subscriptions and answers, in the bytes of Kafka Streams' SubscriptionWrapper and SubscriptionResponseWrapper.
#ifndef WEIR_RT_FOREIGN_KEY_H
#define WEIR_RT_FOREIGN_KEY_H

#include "weir_store.h"

enum { VALUE_HASH = 16 };

enum instruction {
    DELETE_KEY_NO_PROPAGATE,
    DELETE_KEY_AND_PROPAGATE,
    PROPAGATE_NULL_IF_NO_FK_VAL_AVAILABLE,
    PROPAGATE_ONLY_IF_FK_VAL_AVAILABLE,
};

// What a left row asks of a right key; kept with both keys.
struct subscribed {
    int32_t partition; // of the left row; -1: not said (version 0)
    uint8_t instruction;
    bool has_hash;
    char hash[VALUE_HASH]; // of the left value
};

// murmur3, 128 bits, as two big-endian numbers.
void foreign_key_hash(struct weir_str value, char hash[VALUE_HASH]);

struct weir_str subscribed_write(struct weir_ctx *w, const struct subscribed *s, struct weir_str key);
// KEY is the left one, within BYTES. False: w->bad.
bool subscribed_read(struct weir_ctx *w, struct weir_str bytes, struct subscribed *s, struct weir_str *key);

#endif
