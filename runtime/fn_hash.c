// Hashes and UUIDs: values that may be stored and compared with other programs'.
#include "base64.h"
#include "partition.h"
#include "weir_fn.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

static struct weir_str hex_text(struct weir_ctx *w, const unsigned char *bytes, size_t n)
{
    char *out = weir_alloc(w, n * 2);
    hex_encode(out, (struct weir_str){(const char *)bytes, n});
    return (struct weir_str){out, n * 2};
}

// OpenSSL's; a machine may be set up to know fewer of them (FIPS). OUT is zeros then, and the record fails.
static void make_digest(struct weir_ctx *w, const char *name, struct weir_str bytes, unsigned char *out, size_t size)
{
    if (EVP_Q_digest(NULL, name, NULL, bytes.n ? bytes.p : "", bytes.n, out, NULL))
        return;
    memset(out, 0, size);
    weir_fail(w, WEIR_BAD_CONVERSION, "this machine's OpenSSL refuses to compute %s", name);
}

struct weir_str weir_md5(struct weir_ctx *w, struct weir_str bytes)
{
    unsigned char digest[16];
    make_digest(w, "MD5", bytes, digest, sizeof digest);
    return hex_text(w, digest, sizeof digest);
}

struct weir_str weir_sha256(struct weir_ctx *w, struct weir_str bytes)
{
    unsigned char digest[32];
    make_digest(w, "SHA256", bytes, digest, sizeof digest);
    return hex_text(w, digest, sizeof digest);
}

int32_t weir_murmur2_of(struct weir_ctx *w, struct weir_str bytes)
{
    (void)w;
    return (int32_t)partition_murmur2(bytes);
}

int64_t weir_xxhash(struct weir_ctx *w, struct weir_str bytes)
{
    (void)w;
    return (int64_t)XXH64(bytes.n ? bytes.p : "", bytes.n, 0);
}

// ---- UUIDs, RFC 4122 ----

static struct weir_str uuid_text(struct weir_ctx *w, unsigned char bytes[16], int version)
{
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | version << 4);
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
    char digits[32], *out = weir_alloc(w, 36), *p = out;
    hex_encode(digits, (struct weir_str){(const char *)bytes, 16});
    for (int i = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            *p++ = '-';
        *p++ = digits[i];
    }
    return (struct weir_str){out, 36};
}

struct weir_str weir_uuid(struct weir_ctx *w)
{
    // A call of the system for 64 of them; it gives up to 256 bytes at once or none.
    static _Thread_local unsigned char pool[1024];
    static _Thread_local size_t left;
    if (left == 0) {
        for (size_t at = 0; at < sizeof pool; at += 256) {
            if (getrandom(pool + at, 256, 0) != 256)
                abort(); // never, says getrandom(2), for this size
        }
        left = sizeof pool;
    }
    left -= 16;
    return uuid_text(w, pool + left, 4);
}

struct weir_str weir_uuid_of(struct weir_ctx *w, struct weir_str name)
{
    unsigned char digest[16];
    make_digest(w, "MD5", name, digest, sizeof digest);
    return uuid_text(w, digest, 3);
}
