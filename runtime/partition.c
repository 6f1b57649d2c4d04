#include "partition.h"

static uint32_t little_endian(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t partition_murmur2(struct weir_str bytes)
{
    const uint32_t m = 0x5bd1e995;
    const unsigned char *p = (const unsigned char *)bytes.p;
    uint32_t h = 0x9747b28c ^ (uint32_t)bytes.n;
    size_t n = bytes.n;
    for (; n >= 4; p += 4, n -= 4) {
        uint32_t k = little_endian(p) * m;
        h = (h * m) ^ ((k ^ k >> 24) * m);
    }
    switch (n) {
    case 3: h ^= (uint32_t)p[2] << 16; // fall through
    case 2: h ^= (uint32_t)p[1] << 8;  // fall through
    case 1: h = (h ^ p[0]) * m;
    }
    h = (h ^ h >> 13) * m;
    return h ^ h >> 15;
}

int32_t partition_of_key(struct weir_str key, int32_t count)
{
    return count <= 1 ? 0 : (int32_t)((partition_murmur2(key) & 0x7fffffff) % (uint32_t)count);
}

// What a windowed key has behind the inner one.
static size_t window_size(const struct weir_serde *key)
{
    switch (key->window) {
    case WEIR_NOT_WINDOWED: return 0;
    case WEIR_TIME_WINDOWS:
    case WEIR_SLIDING_WINDOWS: return 8;
    case WEIR_SESSION_WINDOWS: return 16;
    }
    return 0;
}

int32_t partition_of_serde(const struct weir_serde *serde, struct weir_str key, int32_t count)
{
    size_t window = window_size(serde);
    if (key.n >= window)
        key.n -= window;
    return partition_of_key(key, count);
}
