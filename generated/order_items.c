// Made by weir from "dsl-examples/order_items.weir".
#include <weir.h>

struct Item {
    struct weir_str sku;
    int32_t qty;
    struct weir_dec price;
};

struct Order {
    struct weir_str id;
    struct weir_str customer;
    struct weir_list items; // of struct Item
};

struct items {
    struct weir_str sku;
    struct weir_str order;
    struct weir_str customer;
    int32_t qty;
    struct weir_dec total;
    struct weir_dec order_total;
};

enum { source_orders };
enum { sink_order_items };

// ---- decoders ----

static bool read_Item(struct weir_ctx *w, struct weir_json *j, struct Item *v)
{
    static const struct weir_json_name fields[] = {
        { "sku", 3, 6, "\"sku\":" },
        { "qty", 3, 6, "\"qty\":" },
        { "price", 5, 8, "\"price\":" },
    };
    bool first = true, has_sku = false, has_qty = false, has_price = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 3, &next)) != WEIR_JSON_END) {
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
            if (!weir_json_read_dec(w, j, 10, 2, &v->price))
                return weir_json_in_field(w, "price");
            has_price = true;
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

static bool read_orders(struct weir_ctx *w, struct weir_json *j, struct Order *v)
{
    static const struct weir_json_name fields[] = {
        { "id", 2, 5, "\"id\":" },
        { "customer", 8, 11, "\"customer\":" },
        { "items", 5, 8, "\"items\":" },
        { "coupon", 6, 9, "\"coupon\":" },
    };
    bool first = true, has_id = false, has_customer = false, has_items = false;
    int field, next = 0;
    if (!weir_json_object(w, j))
        return false;
    while ((field = weir_json_next_known(w, j, &first, fields, 4, &next)) != WEIR_JSON_END) {
        switch (field) {
        case 0:
            if (!weir_json_read_string(w, j, &v->id))
                return weir_json_in_field(w, "id");
            has_id = true;
            break;
        case 1:
            if (!weir_json_read_string(w, j, &v->customer))
                return weir_json_in_field(w, "customer");
            has_customer = true;
            break;
        case 2:
            if (!read_list_of_Item(w, j, &v->items))
                return weir_json_in_field(w, "items");
            has_items = true;
            break;
        default:
            if (!weir_json_skip(w, j))
                return false;
        }
    }
    if (w->bad)
        return false;
    if (!has_id)
        return weir_json_missing(w, "id");
    if (!has_customer)
        return weir_json_missing(w, "customer");
    if (!has_items)
        return weir_json_missing(w, "items");
    return true;
}

// ---- encoders ----

static void write_items(struct weir_buf *b, const struct items *v)
{
    weir_put_lit(b, "{\"sku\":");
    weir_put_string(b, v->sku);
    weir_put_lit(b, ",\"order\":");
    weir_put_string(b, v->order);
    weir_put_lit(b, ",\"customer\":");
    weir_put_string(b, v->customer);
    weir_put_lit(b, ",\"qty\":");
    weir_put_i64(b, v->qty);
    weir_put_lit(b, ",\"total\":");
    weir_put_dec(b, v->total, 2);
    weir_put_lit(b, ",\"order_total\":");
    weir_put_dec(b, v->order_total, 2);
    weir_put_lit(b, "}");
}

// ---- serdes ----

static const struct weir_serde serde_Order = { .name = "json Order" };
static const struct weir_serde serde_items = { .name = "json" };

// ---- stages ----

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
    // | let order_total = sum(items, i => i.price * i.qty)
    struct weir_dec order_total = { 0 };
    for (size_t at = 0; at < order.items.n; at++) {
        const struct Item *i = &((const struct Item *)order.items.v)[at];
        order_total = weir_add_dec(w, order_total, 2, weir_mul_dec(w, i->price, 2, weir_dec_of_i64(w, i->qty, 10, 0), 0, 20, 2),
            2, 38, 2);
    }
    if (w->bad)
        return;
    // | expand items as item
    for (size_t i = 0; i < order.items.n; i++) {
        const struct Item *item = &((const struct Item *)order.items.v)[i];
        // | filter item.qty > 0
        if (item->qty > 0) {
            // | map {
            //   sku:   item.sku
            //   order: id
            //   customer
            //   qty:   item.qty
            //   total: item.price * item.qty
            //   order_total
            // }
            struct items items = {
                .sku = item->sku,
                .order = order.id,
                .customer = order.customer,
                .qty = item->qty,
                .total = weir_mul_dec(w, item->price, 2, weir_dec_of_i64(w, item->qty, 10, 0), 0, 20, 2),
                .order_total = order_total,
            };
            if (w->bad)
                return;
            // | key by sku
            // | to "order-items"
            struct weir_buf json;
            weir_buf_init(w, &json, 256);
            write_items(&json, &items);
            struct weir_out out = {
                .sink = sink_order_items,
                .key = items.sku,
                .value = weir_buf_str(&json),
                .timestamp = w->record->timestamp,
                .headers = w->record->headers,
                .header_count = w->record->header_count,
            };
            weir_send(w, &out);
        }
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
};

static const struct weir_sink sinks[] = {
    [sink_order_items] = {
        .name = "order_items",
        .topic = "order-items",
        .key = &weir_serde_string,
        .value = &serde_items,
    },
};

const struct weir_program weir_program = {
    .abi = WEIR_ABI,
    .app = "order_items",
    .file = "dsl-examples/order_items.weir",
    .sources = sources,
    .source_count = 1,
    .sinks = sinks,
    .sink_count = 1,
};
