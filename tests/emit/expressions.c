// Made by weir from "expressions.weir".
#include <weir.h>

struct Item {
    struct weir_str sku;
    int32_t qty;
    struct weir_dec price;
    struct weir_list tags; // of struct weir_str
};

struct Order_address {
    struct weir_str city;
    int32_t zip;
};

struct Order {
    struct weir_str id;
    struct weir_list items; // of struct Item
    struct weir_map counts; // of int64_t
    int64_t a;
    struct weir_opt_i64 b;
    struct weir_opt_f64 c;
    struct weir_str s;
    const struct Order_address *address;
};

struct Shape_circle {
    double r;
};

struct Shape_square {
    double side;
};

enum Shape_tag { Shape_circle, Shape_square };

struct Shape {
    int32_t tag; // Shape_tag
    union {
        struct Shape_circle circle;
        struct Shape_square square;
    };
};

struct expressions {
    struct weir_str id;
    struct weir_dec total;
    struct weir_str first;
    struct weir_opt_i64 ratio;
    int64_t safe;
    struct weir_opt_i64 lifted;
    double scaled;
    bool greater;
    struct weir_str city;
    struct weir_opt_i32 zip;
    struct weir_list skus; // of struct weir_str
    struct weir_opt_dec best;
    bool any;
    int64_t folded;
    int64_t of_key;
    struct weir_list keys; // of struct weir_str
    struct weir_list list; // of int64_t
    struct weir_map map; // of int64_t
    bool member;
    struct weir_str text;
    int64_t least;
    bool same;
    struct weir_list sorted; // of struct Item
};

struct areas {
    double area;
    bool round;
};

enum { source_orders, source_shapes };
enum { sink_expressions, sink_areas };

// ---- constants ----

static const struct weir_str Shape_names[] = {
    { "circle", 6 },
    { "square", 6 },
};

// ---- equality ----

static bool equal_Item(const struct Item *a, const struct Item *b)
{
    return weir_eq_str(a->sku, b->sku)
        && a->qty == b->qty
        && weir_eq_dec(a->price, b->price)
        && weir_list_equal(a->tags, b->tags, &weir_element_str);
}

static uint64_t hash_Item(const struct Item *v)
{
    uint64_t hash = 4;
    hash = weir_hash_mix(hash, weir_hash_str(v->sku));
    hash = weir_hash_mix(hash, weir_hash_i32(v->qty));
    hash = weir_hash_mix(hash, weir_hash_dec(v->price));
    hash = weir_hash_mix(hash, weir_list_hash(v->tags, &weir_element_str));
    return hash;
}

static bool equal_element_Item(const void *a, const void *b)
{
    return equal_Item(a, b);
}

static uint64_t hash_element_Item(const void *v)
{
    return hash_Item(v);
}

static const struct weir_element element_Item = { sizeof(struct Item), equal_element_Item, hash_element_Item, NULL };

// ---- decoders ----

static bool read_Shape_circle(struct weir_ctx *w, struct weir_json *j, struct Shape_circle *v)
{
    static const struct weir_json_name fields[] = {
        { "r", 1, 4, "\"r\":" },
    };
    bool first = true, has_r = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_f64(w, j, &v->r))
                return weir_json_in_field(w, "r");
            has_r = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_r)
        return weir_json_missing(w, "r");
    return true;
}

static bool read_Shape_square(struct weir_ctx *w, struct weir_json *j, struct Shape_square *v)
{
    static const struct weir_json_name fields[] = {
        { "side", 4, 7, "\"side\":" },
    };
    bool first = true, has_side = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 1, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_f64(w, j, &v->side))
                return weir_json_in_field(w, "side");
            has_side = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_side)
        return weir_json_missing(w, "side");
    return true;
}

static bool read_Shape(struct weir_ctx *w, struct weir_json *j, struct Shape *v)
{
    if (!weir_json_read_tag(w, j, "kind", Shape_names, 2, &v->tag))
        return false;
    switch (v->tag) {
    case Shape_circle: return read_Shape_circle(w, j, &v->circle);
    case Shape_square: return read_Shape_square(w, j, &v->square);
    default: return weir_json_skip(w, j);
    }
}

static bool read_list_of_string(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct weir_str *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!weir_json_read_string(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_Item(struct weir_ctx *w, struct weir_json *j, struct Item *v)
{
    static const struct weir_json_name fields[] = {
        { "sku", 3, 6, "\"sku\":" },
        { "qty", 3, 6, "\"qty\":" },
        { "price", 5, 8, "\"price\":" },
        { "tags", 4, 7, "\"tags\":" },
    };
    bool first = true, has_sku = false, has_qty = false, has_price = false, has_tags = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->sku))
                return weir_json_in_field(w, "sku");
            has_sku = true;
            break;
        case 1:
            if (!weir_json_read_i32(w, j, &v->qty))
                return weir_json_in_field(w, "qty");
            has_qty = true;
            break;
        case 2:
            if (!weir_json_read_dec(w, j, 8, 2, &v->price))
                return weir_json_in_field(w, "price");
            has_price = true;
            break;
        case 3:
            if (!read_list_of_string(w, j, &v->tags))
                return weir_json_in_field(w, "tags");
            has_tags = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_sku)
        return weir_json_missing(w, "sku");
    if (!has_qty)
        return weir_json_missing(w, "qty");
    if (!has_price)
        return weir_json_missing(w, "price");
    if (!has_tags)
        return weir_json_missing(w, "tags");
    return true;
}

static bool read_list_of_Item(struct weir_ctx *w, struct weir_json *j, struct weir_list *v)
{
    size_t n = 0, capacity = 4;
    struct Item *item = weir_alloc(w, capacity * sizeof *item);
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        item = weir_array_grow(w, item, n, &capacity, sizeof *item);
        if (!read_Item(w, j, &item[n]))
            return weir_json_in_item(w, n);
        n++;
    }
    *v = (struct weir_list){ item, n };
    return !w->bad;
}

static bool read_map_of_i64(struct weir_ctx *w, struct weir_json *j, struct weir_map *v)
{
    size_t n = 0, capacity = 4, room = 4;
    struct weir_str *name = weir_alloc(w, capacity * sizeof *name);
    int64_t *item = weir_alloc(w, room * sizeof *item);
    bool first = true;
    if (!weir_json_object(w, j))
        return false;
    while (weir_json_next_field(w, j, &first, &name[n])) {
        if (!weir_json_read_i64(w, j, &item[n]))
            return false;
        n++;
        name = weir_array_grow(w, name, n, &capacity, sizeof *name);
        item = weir_array_grow(w, item, n, &room, sizeof *item);
    }
    *v = weir_map_of(w, name, item, n, sizeof *item);
    return !w->bad;
}

static bool read_Order_address(struct weir_ctx *w, struct weir_json *j, struct Order_address *v)
{
    static const struct weir_json_name fields[] = {
        { "city", 4, 7, "\"city\":" },
        { "zip", 3, 6, "\"zip\":" },
    };
    bool first = true, has_zip = false;
    int field, next = 0;
    v->city = WEIR_NULL_STR;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 2, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            v->city = WEIR_NULL_STR;
            if (!weir_json_null(w, j) && !weir_json_read_string(w, j, &v->city))
                return weir_json_in_field(w, "city");
            break;
        case 1:
            if (!weir_json_read_i32(w, j, &v->zip))
                return weir_json_in_field(w, "zip");
            has_zip = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_zip)
        return weir_json_missing(w, "zip");
    return true;
}

static bool read_orders(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "items", 5, 8, "\"items\":" },
        { "counts", 6, 9, "\"counts\":" },
        { "a", 1, 4, "\"a\":" },
        { "b", 1, 4, "\"b\":" },
        { "c", 1, 4, "\"c\":" },
        { "s", 1, 4, "\"s\":" },
        { "t", 1, 4, "\"t\":" },
        { "address", 7, 10, "\"address\":" },
    };
    bool first = true, has_id = false, has_items = false, has_counts = false, has_a = false, has_s = false;
    int field, next = 0;
    v->b = (struct weir_opt_i64){ 0 };
    v->c = (struct weir_opt_f64){ 0 };
    v->address = NULL;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 9, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!read_list_of_Item(w, j, &v->items))
                return weir_json_in_field(w, "items");
            has_items = true;
            break;
        case 2:
            if (!read_map_of_i64(w, j, &v->counts))
                return weir_json_in_field(w, "counts");
            has_counts = true;
            break;
        case 3:
            if (!weir_json_read_i64(w, j, &v->a))
                return weir_json_in_field(w, "a");
            has_a = true;
            break;
        case 4:
            v->b.some = !weir_json_null(w, j);
            if (v->b.some && !weir_json_read_i64(w, j, &v->b.v))
                return weir_json_in_field(w, "b");
            break;
        case 5:
            v->c.some = !weir_json_null(w, j);
            if (v->c.some && !weir_json_read_f64(w, j, &v->c.v))
                return weir_json_in_field(w, "c");
            break;
        case 6:
            if (!weir_json_read_string(w, j, &v->s))
                return weir_json_in_field(w, "s");
            has_s = true;
            break;
        case 8: {
            struct Order_address *order_address = NULL;
            if (!weir_json_null(w, j))
                order_address = weir_alloc(w, sizeof *order_address);
            v->address = order_address;
            if (order_address && !read_Order_address(w, j, order_address))
                return weir_json_in_field(w, "address");
            break;
        }
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_id)
        return weir_json_missing(w, "id");
    if (!has_items)
        return weir_json_missing(w, "items");
    if (!has_counts)
        return weir_json_missing(w, "counts");
    if (!has_a)
        return weir_json_missing(w, "a");
    if (!has_s)
        return weir_json_missing(w, "s");
    return true;
}

// ---- encoders ----

static void write_areas(struct weir_buf *b, const struct areas *v)
{
    weir_put_lit(b, "{\"area\":");
    weir_put_f64(b, v->area);
    weir_put_lit(b, ",\"round\":");
    weir_put_bool(b, v->round);
    weir_put_lit(b, "}");
}

static void write_list_of_string(struct weir_buf *b, struct weir_list v)
{
    const struct weir_str *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_string(b, item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_list_of_i64(struct weir_buf *b, struct weir_list v)
{
    const int64_t *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_i64(b, item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_map_of_i64(struct weir_buf *b, struct weir_map v)
{
    const int64_t *item = v.v;
    weir_put_lit(b, "{");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        weir_put_string(b, v.k[i]);
        weir_put_lit(b, ":");
        weir_put_i64(b, item[i]);
    }
    weir_put_lit(b, "}");
}

static void write_Item(struct weir_buf *b, const struct Item *v)
{
    weir_put_lit(b, "{\"sku\":");
    weir_put_string(b, v->sku);
    weir_put_lit(b, ",\"qty\":");
    weir_put_i64(b, v->qty);
    weir_put_lit(b, ",\"price\":");
    weir_put_dec(b, v->price, 2);
    weir_put_lit(b, ",\"tags\":");
    write_list_of_string(b, v->tags);
    weir_put_lit(b, "}");
}

static void write_list_of_Item(struct weir_buf *b, struct weir_list v)
{
    const struct Item *item = v.v;
    weir_put_lit(b, "[");
    for (size_t i = 0; i < v.n; i++) {
        if (i > 0)
            weir_put_lit(b, ",");
        write_Item(b, &item[i]);
    }
    weir_put_lit(b, "]");
}

static void write_expressions(struct weir_buf *b, const struct expressions *v)
{
    weir_put_lit(b, "{\"id\":");
    weir_put_string(b, v->id);
    weir_put_lit(b, ",\"total\":");
    weir_put_dec(b, v->total, 2);
    weir_put_lit(b, ",\"first\":");
    weir_put_string(b, v->first);
    weir_put_lit(b, ",\"ratio\":");
    if (v->ratio.some) {
        weir_put_i64(b, v->ratio.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"safe\":");
    weir_put_i64(b, v->safe);
    weir_put_lit(b, ",\"lifted\":");
    if (v->lifted.some) {
        weir_put_i64(b, v->lifted.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"scaled\":");
    weir_put_f64(b, v->scaled);
    weir_put_lit(b, ",\"greater\":");
    weir_put_bool(b, v->greater);
    weir_put_lit(b, ",\"city\":");
    weir_put_string(b, v->city);
    weir_put_lit(b, ",\"zip\":");
    if (v->zip.some) {
        weir_put_i64(b, v->zip.v);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"skus\":");
    write_list_of_string(b, v->skus);
    weir_put_lit(b, ",\"best\":");
    if (v->best.some) {
        weir_put_dec(b, v->best.v, 2);
    } else {
        weir_put_lit(b, "null");
    }
    weir_put_lit(b, ",\"any\":");
    weir_put_bool(b, v->any);
    weir_put_lit(b, ",\"folded\":");
    weir_put_i64(b, v->folded);
    weir_put_lit(b, ",\"of_key\":");
    weir_put_i64(b, v->of_key);
    weir_put_lit(b, ",\"keys\":");
    write_list_of_string(b, v->keys);
    weir_put_lit(b, ",\"list\":");
    write_list_of_i64(b, v->list);
    weir_put_lit(b, ",\"map\":");
    write_map_of_i64(b, v->map);
    weir_put_lit(b, ",\"member\":");
    weir_put_bool(b, v->member);
    weir_put_lit(b, ",\"text\":");
    weir_put_string(b, v->text);
    weir_put_lit(b, ",\"least\":");
    weir_put_i64(b, v->least);
    weir_put_lit(b, ",\"same\":");
    weir_put_bool(b, v->same);
    weir_put_lit(b, ",\"sorted\":");
    write_list_of_Item(b, v->sorted);
    weir_put_lit(b, "}");
}

// ---- functions of the program ----

// fn label(item: Item, n: int64) -> string = if n > 1 then item.sku + "x" + string(n) else item.sku
static struct weir_str fn_label(struct weir_ctx *w, const struct Item *item, int64_t n)
{
    return n > 1 ? weir_concat3(w, item->sku, WEIR_STR("x"), weir_string_of_i64(w, n)) : item->sku;
}

// fn half(x: float64) -> float64 = x / 2.0
static double fn_half(struct weir_ctx *w, double x)
{
    return weir_div_f64(w, x, 2.0);
}

// fn plain(x: int64, y: int64) -> bool = x > y
static bool fn_plain(int64_t x, int64_t y)
{
    return x > y;
}

// ---- serdes ----

static const struct weir_serde serde_Order = { .name = "json Order" };
static const struct weir_serde serde_Shape = { .name = "json Shape" };
static const struct weir_serde serde_expressions = { .name = "json" };
static const struct weir_serde serde_areas = { .name = "json" };

// ---- stages ----

// stream shapes from "shapes" string => json Shape
static void process_shapes(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Shape shape;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_Shape(w, &j, &shape) || !weir_json_finish(w, &j))
        return;
    // | map { area: match value { circle c => 3.14 * c.r * c.r, square q => q.side * q.side }, round: value is circle }
    double area;
    switch (shape.tag) {
    case Shape_circle:
        area = 3.14 * shape.circle.r * shape.circle.r;
        break;
    default: // Shape_square
        area = shape.square.side * shape.square.side;
        break;
    }
    struct areas areas = { .area = area, .round = shape.tag == Shape_circle };
    // | filter area != area || area > 1.0
    if (weir_cmp_f64(areas.area, areas.area) != 0 || areas.area > 1.0) {
        // | to "areas"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_areas(&json, &areas);
        struct weir_out out = {
            .sink = sink_areas,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// stream orders from "orders" string => json Order
static void process_orders(struct weir_ctx *w)
{
    if (!w->record->value.p)
        return;
    struct Order order;
    struct weir_json j;
    weir_json_start(&j, w->record->value);
    if (!read_orders(w, &j, &order) || !weir_json_finish(w, &j))
        return;
    // | filter a > 0 && items[0].qty > 1 || s == "x"
    bool both = order.a > 0;
    if (both) {
        struct Item element = { 0 };
        if (weir_index_check(w, 0, order.items.n))
            element = ((const struct Item *)order.items.v)[0];
        both = element.qty > 1;
    }
    bool matches = both || weir_eq_str(order.s, WEIR_STR("x"));
    if (w->bad)
        return;
    if (matches) {
        // | let total = sum(items, i => i.price * i.qty)
        struct weir_dec total = { 0 };
        for (size_t at = 0; at < order.items.n; at++) {
            const struct Item *i = &((const struct Item *)order.items.v)[at];
            total = weir_add_dec(w, total, 2, weir_mul_dec(w, i->price, 2, weir_dec_of_i64(w, i->qty, 10, 0), 0, 18, 2), 2, 38, 2);
        }
        if (w->bad)
            return;
        // | let n = length(items)
        int64_t n = (int64_t)order.items.n;
        // | map {
        //     id,
        //     total,
        //     first: if n > 0 then label(items[0], n) else "none",
        //     ratio: try a / (a - 1),
        //     safe: try int64(s) ?? -1,
        //     lifted: b + a,
        //     scaled: half(c ?? 1.0) * 2.0,
        //     greater: plain(a, b ?? 0) && c > 1.5,
        //     city: address?.city ?? "?",
        //     zip: address?.zip,
        //     skus: sort(distinct(map(filter(items, i => i.qty > 0), i => lower(i.sku)))),
        //     best: max(items, i => i.price),
        //     any: any(items, i => "new" in i.tags) || all(items, i => length(i.tags) == 0),
        //     folded: fold(items, 0, (sum, i) => sum + i.qty),
        //     of_key: counts[id] ?? 0,
        //     keys: keys(counts),
        //     list: [a, b ?? 0, n],
        //     map: ["a": a, id: n],
        //     member: a in [1, 2, 3] && s not in ["x", "y"],
        //     text: "order " + id + " of " + string(n) + " items, " + string(total),
        //     least: least(a, n, 7),
        //     same: items == slice(items, 0, 1),
        //     sorted: sort(items, i => 0 - i.qty)
        //   }
        struct weir_str first;
        if (n > 0) {
            struct Item element_2 = { 0 };
            if (weir_index_check(w, 0, order.items.n))
                element_2 = ((const struct Item *)order.items.v)[0];
            first = fn_label(w, &element_2, n);
        } else {
            first = WEIR_STR("none");
        }
        struct weir_opt_i64 ratio = { 0 };
        struct weir_try saved = weir_try_begin(w);
        int64_t tried = weir_div_i64(w, order.a, weir_sub_i64(w, order.a, 1));
        if (!weir_try_end(w, saved)) {
            ratio = (struct weir_opt_i64){ tried, true };
        }
        struct weir_opt_i64 attempt = { 0 };
        struct weir_try saved_2 = weir_try_begin(w);
        int64_t tried_2 = weir_i64_of_string(w, order.s);
        if (!weir_try_end(w, saved_2)) {
            attempt = (struct weir_opt_i64){ tried_2, true };
        }
        struct weir_opt_i64 lifted = order.b.some ? (struct weir_opt_i64){ weir_add_i64(w, order.b.v, order.a), true }
            : (struct weir_opt_i64){ 0 };
        double scaled = fn_half(w, order.c.some ? order.c.v : 1.0) * 2.0;
        bool both_2 = fn_plain(order.a, order.b.some ? order.b.v : 0);
        if (both_2) {
            struct weir_opt_bool value = order.c.some ? (struct weir_opt_bool){ order.c.v > 1.5, true }
                : (struct weir_opt_bool){ 0 };
            both_2 = value.some && value.v;
        }
        struct weir_str value_2 = order.address != NULL ? order.address->city : WEIR_NULL_STR;
        size_t count = order.items.n;
        struct Item *kept = weir_array(w, &count, sizeof *kept);
        size_t kept_count = 0;
        for (size_t at_2 = 0; at_2 < count; at_2++) {
            const struct Item *i = &((const struct Item *)order.items.v)[at_2];
            if (i->qty > 0)
                kept[kept_count++] = *i;
        }
        struct weir_list list = { kept, kept_count };
        size_t count_2 = list.n;
        struct weir_str *mapped = weir_array(w, &count_2, sizeof *mapped);
        for (size_t at_3 = 0; at_3 < count_2; at_3++) {
            const struct Item *i = &((const struct Item *)list.v)[at_3];
            mapped[at_3] = weir_lower(w, i->sku);
        }
        struct weir_list skus = weir_list_sort(w,
            weir_list_distinct(w, (struct weir_list){ mapped, count_2 }, &weir_element_str), &weir_element_str);
        struct weir_opt_dec best = { .some = false };
        for (size_t at_4 = 0; at_4 < order.items.n; at_4++) {
            const struct Item *i = &((const struct Item *)order.items.v)[at_4];
            best = (struct weir_opt_dec){ best.some ? weir_max_dec(best.v, i->price) : i->price, true };
        }
        bool any = false;
        for (size_t at_5 = 0; at_5 < order.items.n; at_5++) {
            const struct Item *i = &((const struct Item *)order.items.v)[at_5];
            struct weir_str wanted = WEIR_STR("new");
            if (weir_list_index_of(i->tags, &wanted, &weir_element_str) >= 0) {
                any = true;
                break;
            }
        }
        bool either = any;
        if (!either) {
            bool all = true;
            for (size_t at_6 = 0; at_6 < order.items.n; at_6++) {
                const struct Item *i = &((const struct Item *)order.items.v)[at_6];
                if (!((int64_t)i->tags.n == 0)) {
                    all = false;
                    break;
                }
            }
            either = all;
        }
        int64_t sum = 0;
        for (size_t at_7 = 0; at_7 < order.items.n; at_7++) {
            const struct Item *i_2 = &((const struct Item *)order.items.v)[at_7];
            sum = weir_add_i64(w, sum, (int64_t)i_2->qty);
        }
        const int64_t *found = weir_map_get(order.counts, order.id, sizeof *found);
        struct weir_opt_i64 value_3 = found ? (struct weir_opt_i64){ *found, true } : (struct weir_opt_i64){ 0 };
        int64_t *items = weir_alloc(w, 3 * sizeof *items);
        items[0] = order.a;
        items[1] = order.b.some ? order.b.v : 0;
        items[2] = n;
        struct weir_str *keys = weir_alloc(w, 2 * sizeof *keys);
        int64_t *values = weir_alloc(w, 2 * sizeof *values);
        keys[0] = WEIR_STR("a");
        values[0] = order.a;
        keys[1] = order.id;
        values[1] = n;
        struct weir_str parts[6];
        parts[0] = WEIR_STR("order ");
        parts[1] = order.id;
        parts[2] = WEIR_STR(" of ");
        parts[3] = weir_string_of_i64(w, n);
        parts[4] = WEIR_STR(" items, ");
        parts[5] = weir_string_of_dec(w, total, 2);
        struct weir_str text = weir_concat_all(w, parts, 6);
        size_t count_3 = order.items.n;
        int32_t *sort_keys = weir_array(w, &count_3, sizeof *sort_keys);
        for (size_t at_8 = 0; at_8 < count_3; at_8++) {
            const struct Item *i_2 = &((const struct Item *)order.items.v)[at_8];
            sort_keys[at_8] = weir_sub_i32(w, 0, i_2->qty);
        }
        struct expressions expressions = {
            .id = order.id,
            .total = total,
            .first = first,
            .ratio = ratio,
            .safe = attempt.some ? attempt.v : -1,
            .lifted = lifted,
            .scaled = scaled,
            .greater = both_2,
            .city = value_2.p != NULL ? value_2 : WEIR_STR("?"),
            .zip = order.address != NULL ? (struct weir_opt_i32){ order.address->zip, true } : (struct weir_opt_i32){ 0 },
            .skus = skus,
            .best = best,
            .any = either,
            .folded = sum,
            .of_key = value_3.some ? value_3.v : 0,
            .keys = (struct weir_list){ order.counts.k, order.counts.n },
            .list = (struct weir_list){ items, 3 },
            .map = weir_map_of(w, keys, values, 2, sizeof *values),
            .member = (order.a == 1 || order.a == 2 || order.a == 3)
                && !(weir_eq_str(order.s, WEIR_STR("x")) || weir_eq_str(order.s, WEIR_STR("y"))),
            .text = text,
            .least = weir_min_i64(weir_min_i64(order.a, n), 7),
            .same = weir_list_equal(order.items, weir_list_slice(w, order.items, 0, 1, sizeof(struct Item)), &element_Item),
            .sorted = weir_list_sort_by(w, (struct weir_list){ order.items.v, count_3 }, sizeof(struct Item), sort_keys,
                &weir_element_i32),
        };
        if (w->bad)
            return;
        // | to "expressions"
        struct weir_buf json;
        weir_buf_init(w, &json, 256);
        write_expressions(&json, &expressions);
        struct weir_out out = {
            .sink = sink_expressions,
            .key = w->record->key,
            .value = weir_buf_str(&json),
            .timestamp = w->record->timestamp,
            .headers = w->record->headers,
            .header_count = w->record->header_count,
        };
        weir_send(w, &out);
    }
}

// ---- the program ----

static const struct weir_source sources[] = {
    [source_orders] = {
        .name = "orders",
        .topics = (const char *const[]){ "orders" },
        .topic_count = 1,
        .key = &weir_serde_string,
        .value = &serde_Order,
        .process = process_orders,
    },
    [source_shapes] = {
        .name = "shapes",
        .topics = (const char *const[]){ "shapes" },
        .topic_count = 1,
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_Shape,
        .process = process_shapes,
    },
};

static const struct weir_sink sinks[] = {
    [sink_expressions] = {
        .name = "expressions",
        .topic = "expressions",
        .key = &weir_serde_string,
        .value = &serde_expressions,
    },
    [sink_areas] = {
        .name = "areas",
        .topic = "areas",
        .subtopology = 1,
        .key = &weir_serde_string,
        .value = &serde_areas,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "expressions",
    .file = "expressions.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 2,
};
