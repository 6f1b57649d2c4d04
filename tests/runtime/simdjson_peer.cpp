#include "simdjson_peer.h"

#include <cstdio>
#include <cstring>
#include <simdjson.h>

using namespace simdjson;

static char *put_string(char *out, std::string_view text)
{
    out += std::sprintf(out, "\"%zu:", text.size());
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

static char *put_number(char *out, double v)
{
    unsigned long long bits;
    v = v == 0 ? 0 : v; // simdjson reads -0 as an integer, which has no sign
    std::memcpy(&bits, &v, sizeof bits);
    return out + std::sprintf(out, "#%llx", bits);
}

static char *put(char *out, dom::element v)
{
    switch (v.type()) {
    case dom::element_type::ARRAY:
        *out++ = '[';
        for (dom::element item : dom::array(v))
            out = put(out, item);
        *out++ = ']';
        return out;
    case dom::element_type::OBJECT:
        *out++ = '{';
        for (dom::key_value_pair field : dom::object(v))
            out = put(put_string(out, field.key), field.value);
        *out++ = '}';
        return out;
    case dom::element_type::STRING: return put_string(out, std::string_view(v));
    case dom::element_type::INT64: return put_number(out, double(int64_t(v)));
    case dom::element_type::UINT64: return put_number(out, double(uint64_t(v)));
    case dom::element_type::DOUBLE: return put_number(out, double(v));
    case dom::element_type::BOOL: *out++ = bool(v) ? 't' : 'f'; return out;
    default: *out++ = 'n'; return out;
    }
}

enum peer_verdict peer_dump(const char *text, size_t n, char *out, size_t *out_n)
{
    static dom::parser parser;
    dom::element root;
    error_code error = parser.parse(text, n).get(root); // copies: the text has no padding
    *out_n = 0;
    if (error)
        return error == NUMBER_ERROR ? PEER_BAD_NUMBER : PEER_NOT_JSON;
    *out_n = static_cast<size_t>(put(out, root) - out);
    return PEER_JSON;
}
