#include "store_context.h"

#include "weir_json.h"

void wire_put_number(struct weir_buf *b, uint64_t n, int bytes)
{
    char text[8];
    for (int i = bytes - 1; i >= 0; i--, n >>= 8)
        text[i] = (char)(n & 0xFF);
    weir_put(b, text, (size_t)bytes);
}

void wire_put_sized(struct weir_buf *b, struct weir_str bytes)
{
    wire_put_number(b, bytes.p ? bytes.n : (uint64_t)-1, 4);
    if (bytes.p)
        weir_put(b, bytes.p, bytes.n);
}

bool wire_take_number(struct weir_str *rest, int bytes, int64_t *n)
{
    if (rest->n < (size_t)bytes)
        return false;
    uint64_t v = bytes == 4 && rest->p[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | (unsigned char)rest->p[i];
    *n = (int64_t)v;
    *rest = (struct weir_str){rest->p + bytes, rest->n - (size_t)bytes};
    return true;
}

bool wire_take_sized(struct weir_str *rest, struct weir_str *bytes)
{
    int64_t n;
    *bytes = WEIR_NULL_STR;
    if (!wire_take_number(rest, 4, &n) || n < -1 || n > (int64_t)rest->n)
        return false;
    if (n < 0)
        return true;
    *bytes = (struct weir_str){rest->p, (size_t)n};
    *rest = (struct weir_str){rest->p + n, rest->n - (size_t)n};
    return true;
}

struct weir_str context_write(struct weir_ctx *w, const struct weir_record *record, int64_t timestamp)
{
    struct weir_buf b;
    weir_buf_init(w, &b, 64 + record->topic.n);
    wire_put_number(&b, (uint64_t)timestamp, 8);
    wire_put_number(&b, (uint64_t)record->offset, 8);
    wire_put_sized(&b, record->topic.p ? record->topic : WEIR_STR(""));
    wire_put_number(&b, (uint64_t)record->partition, 4);
    wire_put_number(&b, record->header_count, 4);
    for (size_t i = 0; i < record->header_count; i++) {
        wire_put_sized(&b, record->headers[i].name);
        wire_put_sized(&b, record->headers[i].value);
    }
    return weir_buf_str(&b);
}

static bool take_headers(struct weir_ctx *w, struct weir_str *rest, struct weir_record *record)
{
    int64_t count;
    if (!wire_take_number(rest, 4, &count) || count > (int64_t)(rest->n / 8))
        return false;
    if (count <= 0)
        return true;
    struct weir_header *headers = weir_alloc(w, (size_t)count * sizeof *headers);
    for (int64_t i = 0; i < count; i++) {
        if (!wire_take_sized(rest, &headers[i].name) || !wire_take_sized(rest, &headers[i].value))
            return false;
    }
    record->headers = headers;
    record->header_count = (size_t)count;
    return true;
}

struct weir_str context_read(struct weir_ctx *w, struct weir_str bytes, struct weir_record *record)
{
    int64_t partition;
    *record = (struct weir_record){0};
    if (!wire_take_number(&bytes, 8, &record->timestamp) || !wire_take_number(&bytes, 8, &record->offset) ||
        !wire_take_sized(&bytes, &record->topic) || !wire_take_number(&bytes, 4, &partition) ||
        !take_headers(w, &bytes, record))
        return WEIR_NULL_STR;
    record->partition = (int32_t)partition;
    return bytes;
}
