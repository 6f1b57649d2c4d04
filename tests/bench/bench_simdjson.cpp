// The peer of bench_json.c.
#include <simdjson.h>

using namespace simdjson;

extern "C" size_t bench_simdjson(const char *text, size_t n, size_t capacity)
{
    static ondemand::parser parser;
    ondemand::document order = parser.iterate(text, n, capacity);
    std::string_view id = order["id"], customer = order["customer"];
    double amount = order["amount"];
    return id.size() + customer.size() + static_cast<size_t>(amount);
}
