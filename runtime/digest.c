#include "digest.h"

enum { BLOCK = 64 };

static uint32_t rotate_left(uint32_t v, int n)
{
    return v << n | v >> (32 - n);
}

static uint32_t rotate_right(uint32_t v, int n)
{
    return v >> n | v << (32 - n);
}

typedef void block_function(uint32_t *state, const unsigned char *block);

// Both pad alike: a bit, zeros, and the length in bits in the last 8 bytes.
static void digest(struct weir_str bytes, uint32_t *state, block_function *add, bool big_endian)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    size_t n = bytes.n;
    for (; n >= BLOCK; n -= BLOCK, p += BLOCK)
        add(state, p);
    unsigned char last[2 * BLOCK] = {0};
    if (n > 0)
        memcpy(last, p, n);
    last[n] = 0x80;
    size_t size = n < BLOCK - 8 ? BLOCK : 2 * BLOCK;
    uint64_t bits = (uint64_t)bytes.n * 8;
    for (size_t i = 0; i < 8; i++)
        last[big_endian ? size - 1 - i : size - 8 + i] = (unsigned char)(bits >> 8 * i);
    add(state, last);
    if (size > BLOCK)
        add(state, last + BLOCK);
}

// ---- RFC 1321 ----

static void add_md5(uint32_t *state, const unsigned char *block)
{
    static const uint32_t sines[64] = {
        // floor(2^32 * |sin(i + 1)|)
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
        0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
        0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
        0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
        0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
        0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
        0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
        0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
    };
    static const unsigned char turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t f, at, word;
        switch (i / 16) {
        case 0:
            f = (b & c) | (~b & d);
            at = i;
            break;
        case 1:
            f = (d & b) | (~d & c);
            at = 5 * i + 1;
            break;
        case 2:
            f = b ^ c ^ d;
            at = 3 * i + 5;
            break;
        default:
            f = c ^ (b | ~d);
            at = 7 * i;
            break;
        }
        const unsigned char *p = block + at % 16 * 4;
        word = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
        uint32_t turned = b + rotate_left(a + f + sines[i] + word, turns[i / 16][i % 4]);
        a = d;
        d = c;
        c = b;
        b = turned;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void digest_md5(struct weir_str bytes, unsigned char out[16])
{
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    digest(bytes, state, add_md5, false);
    for (int i = 0; i < 16; i++)
        out[i] = (unsigned char)(state[i / 4] >> i % 4 * 8);
}

// ---- FIPS 180-4 ----

static void add_sha256(uint32_t *state, const unsigned char *block)
{
    static const uint32_t k[64] = {
        // the first bits of the fractions of the cube roots of the first primes
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    };
    uint32_t words[64], v[8];
    for (int i = 0; i < 16; i++) {
        const unsigned char *p = block + i * 4;
        words[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t x = words[i - 15], y = words[i - 2];
        words[i] = words[i - 16] + (rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3) + words[i - 7] +
                   (rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10);
    }
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t sum1 = rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t first = v[7] + sum1 + choice + k[i] + words[i];
        uint32_t sum0 = rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += first;
        v[0] = first + sum0 + majority;
    }
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
}

void digest_sha256(struct weir_str bytes, unsigned char out[32])
{
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    digest(bytes, state, add_sha256, true);
    for (int i = 0; i < 32; i++)
        out[i] = (unsigned char)(state[i / 4] >> (3 - i % 4) * 8);
}
