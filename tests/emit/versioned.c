// Made by weir from "versioned.weir".
#include <weir.h>

enum { source_taxes, source_taxes_repartition };
enum { sink_high_taxes, sink_taxes_repartition, sink_tax_counts };
enum { store_taxes, store_taxes_2 };

// ---- values in stores ----

static struct weir_str encode_f64(struct weir_ctx *w, const void *value)
{
    const double *v = value;
    return weir_wire_of_f64(w, *v);
}

static bool decode_f64(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    double v;
    if (!weir_wire_to_f64(w, bytes, &v))
        return false;
    *(double *)value = v;
    return true;
}

static struct weir_str encode_i64(struct weir_ctx *w, const void *value)
{
    const int64_t *v = value;
    return weir_wire_of_i64(w, *v);
}

static bool decode_i64(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    int64_t v;
    if (!weir_wire_to_i64(w, bytes, &v))
        return false;
    *(int64_t *)value = v;
    return true;
}

// ---- stages ----

// | count
static void taxes_2_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const int64_t *value = c->value;
    // | to "tax-counts"
    if (value) {
        struct weir_out out = {
            .sink = sink_tax_counts,
            .key = c->key,
            .value = weir_wire_of_i64(w, *value),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_tax_counts,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// | group by value
static void process_taxes_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value_bytes, old_value_bytes;
    if (!weir_change_split(w, w->record->value, &old_value_bytes, &value_bytes))
        return;
    // | count
    if (!w->record->key.p) {
        weir_drop_null(w, store_taxes_2);
    } else {
        struct weir_row *row = weir_row(w, store_taxes_2, w->record->key, 0);
        const int64_t *acc = row->value;
        int64_t undone;
        if (acc && old_value_bytes.p) {
            undone = weir_sub_i64(w, *acc, 1);
            acc = &undone;
        }
        int64_t added;
        if (value_bytes.p) {
            int64_t fresh;
            if (!acc) {
                fresh = 0;
                acc = &fresh;
            }
            added = weir_add_i64(w, *acc, 1);
            acc = &added;
        }
        if (w->bad)
            return;
        weir_row_put(w, store_taxes_2, row, acc, weir_row_time(row, w->record->timestamp));
    }
}

// taxes
static void taxes_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const double *value = c->value;
    const double *old_value = c->old;
    // | filter value > 0.1
    bool passes = value && *value > 0.1;
    // | to "high-taxes"
    if (passes) {
        struct weir_out out = {
            .sink = sink_high_taxes,
            .key = c->key,
            .value = weir_wire_of_f64(w, *value),
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    } else {
        struct weir_out out = {
            .sink = sink_high_taxes,
            .key = c->key,
            .value = WEIR_NULL_STR,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
    // | filter value > 0.1
    bool passes_2 = value && *value > 0.1;
    bool passed = old_value && *old_value > 0.1;
    // | group by value
    if (!c->late) {
        struct weir_str key_bytes = WEIR_NULL_STR, value_bytes = WEIR_NULL_STR;
        if (passes_2) {
            key_bytes = weir_wire_of_f64(w, *value);
            value_bytes = weir_wire_of_f64(w, *value);
        }
        struct weir_str old_key_bytes = WEIR_NULL_STR, old_value_bytes = WEIR_NULL_STR;
        if (passed) {
            old_key_bytes = weir_wire_of_f64(w, *old_value);
            old_value_bytes = weir_wire_of_f64(w, *old_value);
        }
        struct weir_out out_2 = {
            .sink = sink_taxes_repartition,
            .key = key_bytes,
            .value = value_bytes,
            .timestamp = c->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send_change(w, &out_2, old_key_bytes, old_value_bytes);
    }
}

// Records without a value.
static void process_taxes_tombstone(struct weir_ctx *w)
{
    if (!w->record->key.p) {
        weir_drop_null(w, store_taxes);
    } else {
        struct weir_row *row = weir_row(w, store_taxes, w->record->key, 0);
        weir_row_put(w, store_taxes, row, NULL, w->record->timestamp);
    }
}

// table taxes from "taxes" string => float64  versioned 30d
static void process_taxes(struct weir_ctx *w)
{
    if (!w->record->value.p) {
        process_taxes_tombstone(w);
        return;
    }
    double value;
    if (!weir_wire_to_f64(w, w->record->value, &value))
        return;
    if (!w->record->key.p) {
        weir_drop_null(w, store_taxes);
    } else {
        struct weir_row *row = weir_row(w, store_taxes, w->record->key, 0);
        weir_row_put(w, store_taxes, row, &value, w->record->timestamp);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_taxes] = {
        .name = "taxes",
        .topics = (const char *const[]){ "taxes" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &weir_serde_float64,
        .process = process_taxes,
    },
    [source_taxes_repartition] = {
        .name = "taxes_repartition",
        .topics = (const char *const[]){ "taxes-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_float64,
        .value = &weir_serde_float64,
        .process = process_taxes_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_high_taxes] = {
        .name = "high_taxes",
        .topic = "high-taxes",
        .key = &weir_serde_string,
        .value = &weir_serde_float64,
    },
    [sink_taxes_repartition] = {
        .name = "taxes_repartition",
        .topic = "taxes-repartition",
        .internal = true,
        .key = &weir_serde_float64,
        .value = &weir_serde_float64,
    },
    [sink_tax_counts] = {
        .name = "tax_counts",
        .topic = "tax-counts",
        .subtopology = 1,
        .key = &weir_serde_float64,
        .value = &weir_serde_int64,
    },
};

static const struct weir_store stores[] = {
    [store_taxes] = {
        .name = "taxes",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_float64,
        .fingerprint = 0xdde3887cc08e9681,
        .value_size = sizeof(double),
        .encode = encode_f64,
        .decode = decode_f64,
        .changed = taxes_changed,
        .wants_old = true,
        .history = 2592000000,
    },
    [store_taxes_2] = {
        .name = "taxes-2",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_float64,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0x01161f897c5b8959,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .changed = taxes_2_changed,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "versioned",
    .file = "versioned.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 3,
    .stores = stores,
    .store_count = 2,
};
