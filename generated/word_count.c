// Made by weir from "dsl-examples/word_count.weir".
#include <weir.h>

enum { source_lines, source_counts_by_word_repartition };
enum { sink_counts_by_word_repartition, sink_word_counts };
enum { store_counts };

// ---- values in stores ----

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
static void counts_changed(struct weir_ctx *w, const struct weir_change *c)
{
    const int64_t *value = c->value;
    // | to "word-counts"
    struct weir_out out = {
        .sink = sink_word_counts,
        .key = c->key,
        .value = weir_wire_of_i64(w, *value),
        .timestamp = c->timestamp,
        .headers = w->record->headers,
        .header_count = w->record->header_count,
    };
    weir_send(w, &out);
}

// | group by word
static void process_counts_by_word_repartition(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value;
    if (!weir_wire_to_string(w, w->record->value, &value))
        return;
    // | count
    if (!w->record->key.p) {
        weir_drop_null(w, store_counts);
    } else {
        struct weir_row *row = weir_row(w, store_counts, w->record->key, 0);
        int64_t fresh = 0;
        const int64_t *acc = row->value ? row->value : &fresh;
        int64_t next = weir_add_i64(w, *acc, 1);
        if (w->bad)
            return;
        weir_row_put(w, store_counts, row, &next, weir_row_time(row, w->record->timestamp));
    }
}

// stream lines from "lines" string => string
static void process_lines(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct weir_str value;
    if (!weir_wire_to_string(w, w->record->value, &value))
        return;
    // | expand regex_extract_all(lower(value), "[\\p{L}\\p{N}]+") as word
    struct weir_list list = weir_regex_extract_all(w, weir_lower(w, value), WEIR_STR("[\\p{L}\\p{N}]+"), 0);
    if (w->bad)
        return;
    for (size_t i = 0; i < list.n; i++) {
        struct weir_str word = ((const struct weir_str *)list.v)[i];
        // | group by word
        struct weir_out out = {
            .sink = sink_counts_by_word_repartition,
            .key = word,
            .value = value,
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_lines] = {
        .name = "lines",
        .topics = (const char *const[]){ "lines" },
        .topic_count = 1,
        .needs_time = true,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
        .process = process_lines,
    },
    [source_counts_by_word_repartition] = {
        .name = "counts_by_word_repartition",
        .topics = (const char *const[]){ "counts-by-word-repartition" },
        .topic_count = 1,
        .internal = true,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
        .process = process_counts_by_word_repartition,
    },
};

static const struct weir_sink sinks[] = {
    [sink_counts_by_word_repartition] = {
        .name = "counts_by_word_repartition",
        .topic = "counts-by-word-repartition",
        .internal = true,
        .key = &weir_serde_string,
        .value = &weir_serde_string,
    },
    [sink_word_counts] = {
        .name = "word_counts",
        .topic = "word-counts",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &weir_serde_int64,
    },
};

static const struct weir_store stores[] = {
    [store_counts] = {
        .name = "counts",
        .kind = WEIR_STORE_ROWS,
        .changelog_source = -1,
        .subtopology = 1,
        .key_serde = &weir_serde_string,
        .value_serde = &weir_serde_int64,
        .fingerprint = 0xa43358dfcf1fe2b1,
        .value_size = sizeof(int64_t),
        .encode = encode_i64,
        .decode = decode_i64,
        .changed = counts_changed,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "word_count",
    .file = "dsl-examples/word_count.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
    .stores = stores,
    .store_count = 1,
};
