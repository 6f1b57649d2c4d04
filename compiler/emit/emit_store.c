// What the runtime asks of a store's values, and the table that describes it.
#include <inttypes.h>
#include <string.h>

#include "emit/emitter.h"

// ---- encode and decode: shared by stores of one serde ----

static const char *codec_kind(struct emitter *e, const char *what, const struct serde *serde)
{
    return arena_printf(e->arena, "store %s %d %d", what, serde->format, serde->delimiter);
}

static const char *encode_fn(struct emitter *e, const struct serde *serde)
{
    const char *kind = codec_kind(e, "encode", serde);
    const struct type *t = serde->type;
    struct made *made = made_find(e, kind, t, NULL);
    if (made)
        return made->name;
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    names_add(b->locals, "value");
    const char *name = made_new(e, kind, t, NULL, arena_printf(e->arena, "encode_%s", type_name(e, t)));
    body_line(b, "static struct weir_str %s(struct weir_ctx *w, const void *value)\n{", name);
    text.indent++;
    const char *v = body_local(b, "v");
    body_line(b, "const %s *%s = value;", type_c(e, t), v);
    struct value bytes = emit_encode(b, serde, value_pointer(v), t, NULL, "bytes");
    if (!b->uses_ctx)
        body_line(b, "(void)w;");
    body_line(b, "return %s;", value_arg(b, bytes));
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_KEEPERS, &text);
    return name;
}

static const char *decode_fn(struct emitter *e, const struct serde *serde)
{
    const char *kind = codec_kind(e, "decode", serde);
    const struct type *t = serde->type;
    struct made *made = made_find(e, kind, t, NULL);
    if (made)
        return made->name;
    struct writer text = {0};
    struct body body = body_new(e, &text, "return false;"), *b = &body;
    names_add(b->locals, "bytes");
    names_add(b->locals, "value");
    const char *name = made_new(e, kind, t, NULL, arena_printf(e->arena, "decode_%s", type_name(e, t)));
    body_line(b, "static bool %s(struct weir_ctx *w, struct weir_str bytes, void *value)\n{", name);
    text.indent++;
    struct value v = emit_decode(b, serde, NULL, type_name(e, t), "bytes", body_local(b, "v"), false);
    if (!b->uses_ctx)
        body_line(b, "(void)w;");
    body_line(b, "*(%s *)value = %s;", type_c(e, t), value_arg(b, v));
    body_line(b, "return true;");
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_KEEPERS, &text);
    return name;
}

// ---- the fingerprint ----

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
    for (const unsigned char *p = bytes, *end = p + n; p < end; p++)
        hash = (hash ^ *p) * 0x100000001b3u; // FNV-1a
    return hash;
}

static uint64_t hash_number(uint64_t hash, int64_t n)
{
    char text[24];
    return hash_bytes(hash, text, (size_t)snprintf(text, sizeof text, "%" PRId64 ",", n));
}

static uint64_t hash_type(uint64_t hash, const struct type *t)
{
    const int64_t numbers[] = {t->kind, t->precision, t->scale, t->iso, t->fields.count};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        hash = hash_number(hash, numbers[i]);
    if (t->tag)
        hash = hash_bytes(hash, t->tag, strlen(t->tag) + 1);
    if (t->element)
        hash = hash_type(hash, t->element);
    for (int i = 0; i < t->fields.count; i++) {
        hash = hash_bytes(hash, t->fields.items[i].name, strlen(t->fields.items[i].name) + 1);
        if (t->fields.items[i].type)
            hash = hash_type(hash, t->fields.items[i].type);
    }
    return hash;
}

static uint64_t hash_serde(uint64_t hash, const struct serde *serde)
{
    hash = hash_number(hash_number(hash, serde->format), serde->delimiter);
    hash = hash_number(hash_number(hash, serde->window), serde->window_size);
    return hash_type(hash, serde->type);
}

// Of what is kept and how; what is computed may change without it.
static uint64_t fingerprint(const struct plan *plan, const struct plan_store *store)
{
    uint64_t hash = hash_number(0xcbf29ce484222325u, store->kind);
    hash = hash_serde(hash_serde(hash, store->key), store->value);
    if (store->window) {
        hash = hash_number(hash_number(hash, store->window->kind), store->window->size);
        hash = hash_number(hash, store->window->retention);
    }
    if (store->kind == PLAN_SIDE)
        hash = hash_number(hash, store->stage->join->retention);
    if (store->kind == PLAN_PARKED)
        hash = hash_serde(hash, plan_join_store(plan, store->stage, PLAN_SIDE, false)->value);
    if (store->history)
        hash = hash_number(hash, store->history);
    if (store->block) {
        const struct block_store *block = store->block;
        hash = hash_number(hash_number(hash, block->kind), block->no_changelog);
        hash = hash_number(hash_number(hash, block->size), block->retention);
    }
    return hash;
}

// ---- the table ----

static const char *window_constant(const struct window *window)
{
    switch (window->kind) {
    case WINDOW_SLIDING: return "WEIR_SLIDING_WINDOWS";
    case WINDOW_SESSION: return "WEIR_SESSION_WINDOWS";
    default: return "WEIR_TIME_WINDOWS";
    }
}

static void write_window(struct writer *out, const struct plan_store *store)
{
    const struct window *window = store->window;
    writer_printf(out, "        .window = %s,\n", window_constant(window));
    if (store->stage->inputs.count > 1 && !store->block)
        writer_printf(out, "        .inputs = %d,\n", store->stage->inputs.count);
    writer_printf(out, "        .window_size = %" PRId64 ",\n", window->size);
    if (window->grace > 0)
        writer_printf(out, "        .grace = %" PRId64 ",\n", window->grace);
    writer_printf(out, "        .retention = %" PRId64 ",\n", window->retention);
}

// How long after its window's end a result is final: as long as records may still come to it.
static void write_wait(struct writer *out, const struct plan_store *store)
{
    const struct suppress *suppress = store->stage->suppress;
    const struct window *window = store->window;
    int64_t wait = suppress->every;
    if (suppress->final)
        wait = window->grace + (window->kind == WINDOW_SESSION ? window->size : 0);
    writer_printf(out, "        .wait = %" PRId64 ",\n", wait);
    if (suppress->final)
        writer_puts(out, "        .final = true,\n");
}

static const char *changelog_source(struct emitter *e, const struct plan_store *store)
{
    const char *name = store->source_changelog ? source_name(e, store->stage) : NULL;
    return name ? name : "-1";
}

static void write_values(struct emitter *e, struct writer *out, const struct plan_store *store)
{
    const struct type *t = store->value->type;
    writer_printf(out, "        .key_serde = &%s,\n", serde_table(e, store->key));
    writer_printf(out, "        .value_serde = &%s,\n", serde_table(e, store->value));
    writer_printf(out, "        .fingerprint = 0x%016" PRIx64 ",\n", fingerprint(e->plan, store));
    if (store->kind == PLAN_SUBSCRIPTIONS) // the rest is the runtime's own
        return;
    writer_printf(out, "        .value_size = sizeof(%s),\n", type_c(e, t));
    if (type_has_parts(t)) {
        writer_printf(out, "        .extra = %s,\n", emit_extra(e, t));
        writer_printf(out, "        .keep = %s,\n", emit_keep(e, t));
    }
    writer_printf(out, "        .encode = %s,\n", encode_fn(e, store->value));
    writer_printf(out, "        .decode = %s,\n", decode_fn(e, store->value));
}

static void write_number(struct writer *out, const char *name, int64_t number)
{
    if (number != 0)
        writer_printf(out, "        .%s = %" PRId64 ",\n", name, number);
}

static void write_parked(struct emitter *e, struct writer *out, const struct plan_store *store)
{
    const struct plan_store *left = plan_join_store(e->plan, store->stage, PLAN_SIDE, true);
    const struct plan_store *right = plan_join_store(e->plan, store->stage, PLAN_SIDE, false);
    const struct plan_function *f = e->plan->function_of[store->stage->id];
    writer_printf(out, "        .left = %s,\n", left ? e->store_names[left->index] : "-1");
    if (right)
        writer_printf(out, "        .right = %s,\n", e->store_names[right->index]);
    writer_printf(out, "        .parked = %s,\n", made_find(e, "parked", f, NULL)->name);
}

static void write_join(struct emitter *e, struct writer *out, const struct plan_store *store)
{
    const struct join *join = store->stage->join;
    if (store->kind == PLAN_SIDE)
        write_number(out, "retention", join->retention);
    if (store->kind == PLAN_WAITING)
        write_number(out, "wait", join->wait);
    if (store->kind == PLAN_PARKED) {
        write_number(out, "before", join->before);
        write_number(out, "after", join->after);
        write_number(out, "grace", join->grace);
    }
    if (store->kind == PLAN_PARKED || store->kind == PLAN_WAITING)
        write_parked(e, out, store);
}

void write_store(struct emitter *e, struct writer *out, const struct plan_store *store)
{
    static const char *const kinds[] = {"ROWS", "SERIES", "BUFFER", "SIDE", "PARKED", "WAITING", "SUBSCRIPTIONS"};
    const struct made *changed = store->changed ? made_find(e, "changed", store->changed, NULL) : NULL;
    writer_printf(out, "    [%s] = {\n", e->store_names[store->index]);
    writer_printf(out, "        .name = %s,\n", c_string(e, store->name));
    writer_printf(out, "        .kind = WEIR_STORE_%s,\n", kinds[store->kind]);
    if (store->memory)
        writer_puts(out, "        .memory = true,\n");
    if (store->block && store->block->no_changelog)
        writer_puts(out, "        .no_changelog = true,\n");
    writer_printf(out, "        .changelog_source = %s,\n", changelog_source(e, store));
    if (store->subtopology > 0)
        writer_printf(out, "        .subtopology = %d,\n", store->subtopology);
    write_values(e, out, store);
    if (changed)
        writer_printf(out, "        .changed = %s,\n", changed->name);
    if (store->fold && store->fold->shown)
        writer_printf(out, "        .show = %s,\n", emit_show(e, store));
    if (store->wants_old)
        writer_puts(out, "        .wants_old = true,\n");
    if (store->at_once)
        writer_puts(out, "        .at_once = true,\n");
    if (store->window)
        write_window(out, store);
    if (store->history)
        writer_printf(out, "        .history = %" PRId64 ",\n", store->history);
    if (store->kind == PLAN_BUFFER)
        write_wait(out, store);
    if (store->stage->kind == STAGE_JOIN)
        write_join(e, out, store);
    writer_puts(out, "    },\n");
}
