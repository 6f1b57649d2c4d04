// Which fields are decoded: what is read reaches the source through maps, lets, lambdas, functions, optionals and unions, and no more.
#include "plan_case.h"

static const char types[] =
    "type Item { sku: string, qty: int64, price: float64, tags: [string] }\n"
    "type Address { city: string, zip: string }\n"
    "type A { kind: string, x: int64, y: int64 }\n"
    "type B { kind: string, z: string, w: string }\n"
    "union Shape by kind { a: A, b: B }\n"
    "type Order { id: string, n: int64, note: string?, items: [Item], address: Address, billing: Address?,\n"
    "  attributes: {string: Address}, shape: Shape }\n"
    "fn city(of: Address) -> string = upper(of.city)\n"
    "stream s from \"in\" string => json Order\n";

// The paths that are read, in the type's order: "id items[].price"; "*" after what is read as a whole and has parts.
static void put_paths(struct writer *out, const struct type *t, const struct uses *u, const char *path)
{
    int parts = uses_part_count(t);
    bool below = false;
    char inner[256];
    for (int i = 0; !u->whole && i < parts; i++) {
        bool named = t->kind == TYPE_RECORD || t->kind == TYPE_UNION;
        const struct uses *part = uses_part(u, i);
        if (!part)
            continue;
        if (named)
            snprintf(inner, sizeof inner, "%s%s%s", path, *path ? "." : "", t->fields.items[i].name);
        else
            snprintf(inner, sizeof inner, "%s%s", path,
                     t->kind == TYPE_OPTIONAL ? "?"
                     : t->kind == TYPE_LIST   ? "[]"
                                              : "{}");
        put_paths(out, named ? t->fields.items[i].type : t->element, part, inner);
        below = true;
    }
    if (!below && u->used)
        writer_printf(out, "%s%s%s", out->len ? " " : "", path, u->whole && parts ? "*" : "");
}

static void expect(const char *flow, const char *paths)
{
    struct plan_case c;
    struct writer got = {0};
    char text[4096];
    snprintf(text, sizeof text, "%s%s\n", types, flow);
    plan_case_open(&c, text);
    const struct plan_source *source = plan_case_source(&c, "s");
    assert_non_null(source);
    put_paths(&got, source->value->type, source->value_uses, "");
    assert_string_equal(got.text ? got.text : "", paths);
    writer_free(&got);
    plan_case_close(&c);
}

static void fields_of_a_map(void **state)
{
    (void)state;
    expect("s | filter n > 1 | map { id } | to \"out\"", "id n");
    expect("s | map { id, n } | map { id } | to \"out\"", "id");
    expect("s | map { inner: { id, n }, note } | map inner.n | to \"out\"", "n");
    expect(
        "s | map (if n > 1 then { id, other: \"\" } else { id: \"\", other: note ?? \"\" }) | map { id } | to \"out\"",
        "id n");
}

static void whole_values(void **state)
{
    (void)state;
    expect("s | to \"out\"", "*");
    expect("s | map address | to \"out\"", "address*");
    expect("s | map { ...address, zip: \"\" } | to \"out\"", "address.city");
    expect("s | filter address == address | map id | to \"out\"", "id address*");
    expect("s | map to_json(items) | to \"out\"", "items*");
}

static void nothing_at_all(void **state)
{
    (void)state;
    expect("s | map 1 | to \"out\"", "");
    expect("s | map key | to \"out\"", "");
}

static void lets(void **state)
{
    (void)state;
    expect("s | let a = n | let b = length(id) | map a | to \"out\"", "n");
    expect("s | let a = address | map a.zip | to \"out\"", "address.zip");
    expect("s | let a = n | let b = a + 1 | map b | to \"out\"", "n");
}

static void lists(void **state)
{
    (void)state;
    expect("s | map sum(items, i => i.price * float64(i.qty)) | to \"out\"", "items[].qty items[].price");
    expect("s | map length(items) | to \"out\"", "items");
    expect("s | map map(items, i => i.sku) | to \"out\"", "items[].sku");
    expect("s | map map(filter(items, i => i.qty > 1), i => i.sku) | to \"out\"", "items[].sku items[].qty");
    expect("s | map map(sort(items, i => i.qty), i => i.tags) | to \"out\"", "items[].qty items[].tags*");
    expect("s | map items[0].price | to \"out\"", "items[].price");
    expect("s | map fold(items, 0, (sum, i) => sum + i.qty) | to \"out\"", "items[].qty");
    expect("s | map any(items, i => i.qty > 1) | to \"out\"", "items[].qty");
}

static void expanded(void **state)
{
    (void)state;
    expect("s | expand items as item | map { id, sku: item.sku } | to \"out\"", "id items[].sku");
    expect("s | expand items as item | map id | to \"out\"", "id items");
    expect("s | expand zip(items, map(items, i => i.qty)) as (x, y) | map { p: x.price } | to \"out\"",
           "items[].qty items[].price");
}

static void nulls(void **state)
{
    (void)state;
    expect("s | map note != null | to \"out\"", "note");
    expect("s | map billing != null | to \"out\"", "billing");
    expect("s | map billing?.city | to \"out\"", "billing?.city");
    expect("s | map (billing?.zip ?? address.zip) | to \"out\"", "address.zip billing?.zip");
    expect("s | filter billing != null | map billing.city | to \"out\"", "billing?.city");
    expect("s | map attributes[\"home\"]?.city | to \"out\"", "attributes{}.city");
}

static void functions(void **state)
{
    (void)state;
    expect("s | map city(address) | to \"out\"", "address.city");
}

static void unions(void **state)
{
    (void)state;
    expect("s | map shape is a | to \"out\"", "shape");
    expect("s | map match shape { a v => v.x, else => 0 } | to \"out\"", "shape.a.x");
    expect("s | filter shape is b | map shape.w | to \"out\"", "shape.b.w");
}

static void several_readers(void **state)
{
    (void)state;
    expect("s | map id | to \"one\"\ns | map n | to \"two\"", "id n");
    expect("stream t from \"other\" string => json Order\ns | merge t | map { id } | to \"out\"", "id");
    expect("stream p = s | split { big: n > 10, rest: else }\np.rest | map id | to \"out\"", "id n");
}

static void behind_a_topic(void **state)
{
    (void)state;
    struct plan_case c;
    char text[4096];
    snprintf(text, sizeof text, "%s%s\n", types, "s | repartition by id | map n | to \"out\"");
    plan_case_open(&c, text);
    const struct plan_source *near = plan_case_source(&c, "s"), *far = plan_case_source(&c, "s_by_id_repartition");
    assert_true(near->value_uses->whole);
    assert_non_null(far);
    assert_false(far->value_uses->whole);
    assert_false(far->key_decoded);
    plan_case_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_of_a_map), cmocka_unit_test(whole_values),
        cmocka_unit_test(nothing_at_all),  cmocka_unit_test(lets),
        cmocka_unit_test(lists),           cmocka_unit_test(expanded),
        cmocka_unit_test(nulls),           cmocka_unit_test(functions),
        cmocka_unit_test(unions),          cmocka_unit_test(several_readers),
        cmocka_unit_test(behind_a_topic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
