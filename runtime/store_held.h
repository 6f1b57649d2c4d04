// The order in which changes that are held back come due: a heap by (time, bytes of the key).
#ifndef WEIR_RT_STORE_HELD_H
#define WEIR_RT_STORE_HELD_H

#include "store_segment.h"

// What is held back, found by the bytes of its (windowed) key. Its values lie in pieces of the segment's, or are NULL.
struct held {
    struct row row;     // its value is not used; place: in the heap
    const void *value;  // that it will be changed to
    const void *old;    // the value before its last change, if somebody wants it
    const void *prior;  // the value before the first change that was held back
    char *context;      // of the record that changed it last, as Kafka Streams' ProcessorRecordContext is written
    int64_t time;       // when it is due
    int64_t timestamp;  // of the value
    int64_t start, end; // of its window
    size_t inner;       // bytes of the inner key, with which the key begins
};

struct held_heap {
    struct held **all;
    size_t count, room;
    size_t key_at;
};

void held_put(struct held_heap *h, struct held *held);
void held_remove(struct held_heap *h, struct held *held);

#endif
