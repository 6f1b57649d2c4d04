#include "disk_layout.h"

#include "memory.h"

static char *make_room(struct disk_bytes *b, size_t n)
{
    if (n > b->room) {
        b->room = n * 2;
        b->p = memory_resize(b->p, b->room);
    }
    b->n = n;
    return b->p;
}

static void append(char *to, struct weir_str s)
{
    if (s.n)
        memcpy(to, s.p, s.n);
}

struct weir_str disk_id_key(struct disk_bytes *b, uint32_t id)
{
    weir_put_i32be(make_room(b, DISK_ID), (int32_t)id);
    return disk_bytes_str(b);
}

struct weir_str disk_row_key(struct disk_bytes *b, uint32_t id, int64_t segment, struct weir_str key)
{
    char *p = make_room(b, DISK_PREFIX + key.n);
    weir_put_i32be(p, (int32_t)id);
    weir_put_i64be(p + DISK_ID, segment);
    append(p + DISK_PREFIX, key);
    return disk_bytes_str(b);
}

struct weir_str disk_row_value(struct disk_bytes *b, int64_t timestamp, struct weir_str value)
{
    char *p = make_room(b, 8 + value.n);
    weir_put_i64be(p, timestamp);
    append(p + 8, value);
    return disk_bytes_str(b);
}

struct weir_str disk_meta_key(struct disk_bytes *b, const char *name)
{
    size_t n = strlen(name);
    char *p = make_room(b, DISK_ID + n);
    weir_put_i32be(p, 0);
    append(p + DISK_ID, (struct weir_str){name, n});
    return disk_bytes_str(b);
}

struct weir_str disk_behind(struct disk_bytes *b, struct weir_str prefix)
{
    char *p = make_room(b, prefix.n);
    memmove(p, prefix.p, prefix.n);
    while (b->n && (unsigned char)p[b->n - 1] == 0xff)
        b->n--; // never all of them: ids are small
    if (b->n)
        p[b->n - 1]++;
    return disk_bytes_str(b);
}
