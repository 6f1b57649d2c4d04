// Any bytes as a CSV record: its fields, written again, give the same fields.
#include <stdlib.h>

#include "ctx.h"
#include "weir_ops.h"
#include "weir_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct weir_ctx ctx;
static struct weir_ctx *const w = &ctx;

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!w->block)
        weir_ctx_init(w);
    if (size == 0)
        return 0;
    char delimiter = ",;|\t"[data[0] & 3];
    struct weir_csv csv, again;
    struct weir_buf b;
    struct weir_str field, same;
    bool quoted, more = false;
    weir_buf_init(w, &b, 0);
    weir_csv_start(&csv, (struct weir_str){(const char *)data + 1, size - 1}, delimiter);
    struct weir_csv begin = csv;
    while (weir_csv_next(w, &csv, &field, &quoted)) {
        if (more)
            weir_put(&b, &delimiter, 1);
        more = true;
        if (field.n > 0 || quoted)
            weir_csv_put(&b, field, delimiter);
    }
    if (!w->bad) {
        weir_put_lit(&b, "\n"); // as the end of a line that a field could end with, unquoted
        weir_csv_start(&again, weir_buf_str(&b), delimiter);
        while (weir_csv_next(w, &begin, &field, &quoted))
            must(weir_csv_next(w, &again, &same, &quoted) && weir_eq_str(field, same));
        must(!weir_csv_next(w, &again, &same, &quoted) && !w->bad);
    }
    weir_ctx_reset(w);
    return 0;
}
