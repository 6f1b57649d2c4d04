// The JSON reader beside simdjson's, on random documents, right and broken: both accept the same, and find the same values.
// Arguments: how many documents (20000), and the seed (1).
#include "kernel_test.h"
#include "simdjson_peer.h"

enum { LARGEST = 4096, DEEPEST = 12 };

static int documents = 20000;
static uint64_t seed = 1;

static uint64_t random_bits(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed * 0x2545F4914F6CDD1D >> 11;
}

static int below(int n)
{
    return (int)(random_bits() % (uint64_t)n);
}

// ---- making documents ----

static char *blank(char *p)
{
    while (below(6) == 0)
        *p++ = " \n\r\t"[below(4)];
    return p;
}

static char *make_string(char *p)
{
    static const char *const pieces[] = {"a",
                                         "key",
                                         "\\n",
                                         "\\\"",
                                         "\\\\",
                                         "\\u0041",
                                         "\\u00e9",
                                         "\\ud83d\\ude00",
                                         "\xC3\xA9",
                                         "\xED\x95\x9C",
                                         "\xF0\x9F\x98\x80",
                                         "0123456789abcdef",
                                         "\x7F",
                                         "/",
                                         "\\/",
                                         "\\u0000",
                                         " ",
                                         "{",
                                         "]",
                                         ":"};
    *p++ = '"';
    for (int n = below(8); n > 0; n--) {
        const char *piece = pieces[below(20)];
        size_t size = strlen(piece);
        memcpy(p, piece, size);
        p += size;
    }
    *p++ = '"';
    return p;
}

static char *make_number(char *p)
{
    switch (below(6)) {
    case 0: return p + sprintf(p, "%d", below(100) - 50);
    case 1: return p + sprintf(p, "%lld", (long long)(random_bits() << below(11)));
    case 2: return p + sprintf(p, "%d.%0*d", below(2000) - 1000, 1 + below(6), below(10));
    case 3: return p + sprintf(p, "%.17ge%d", (double)below(1000000) / 977, below(600) - 300);
    case 4: return p + sprintf(p, "%d%s%d", below(10), below(2) ? "E+" : "e-", below(320));
    default: return p + sprintf(p, "0.%llu%llu", (unsigned long long)random_bits(), (unsigned long long)random_bits());
    }
}

static const char *const words[] = {"true", "false", "null"};

static char *make_value(char *p, const char *end, int depth)
{
    int kind = end - p < 512 || depth == DEEPEST ? below(4) : below(8);
    p = blank(p);
    switch (kind) {
    case 0:
    case 1: p = make_number(p); break;
    case 2: p = make_string(p); break;
    case 3:
        strcpy(p, words[below(3)]);
        p += strlen(p);
        break;
    default:
        *p++ = kind < 6 ? '{' : '[';
        for (int n = below(6); n > 0; n--) {
            p = blank(p);
            if (kind < 6) {
                p = blank(make_string(p));
                *p++ = ':';
            }
            p = make_value(p, end, depth + 1);
            if (n > 1)
                *p++ = ',';
        }
        p = blank(p);
        *p++ = kind < 6 ? '}' : ']';
    }
    return blank(p);
}

// One to three bytes changed, taken out, or put in.
static size_t break_text(char *text, size_t n)
{
    for (int times = 1 + below(3); times > 0 && n > 0; times--) {
        size_t at = (size_t)below((int)n);
        static const char likely[] = "\"\\{}[]:,0123456789eE+-.tfnu \n\x01\x80\xC3\xED\xF4";
        char c = below(4) ? likely[below((int)sizeof likely)] : (char)below(256);
        switch (below(3)) {
        case 0: text[at] = c; break;
        case 1: memmove(text + at, text + at + 1, --n - at); break;
        default: memmove(text + at + 1, text + at, n++ - at); text[at] = c;
        }
    }
    return n;
}

// ---- what weir finds ----

static bool dump(struct weir_json *j, struct weir_buf *b);

static bool dump_string(struct weir_json *j, struct weir_buf *b)
{
    struct weir_str text;
    char head[32];
    if (!weir_json_read_string(w, j, &text))
        return false;
    weir_put(b, head, (size_t)snprintf(head, sizeof head, "\"%zu:", text.n));
    weir_put(b, text.p, text.n);
    return true;
}

static bool dump_number(struct weir_json *j, struct weir_buf *b)
{
    double v;
    uint64_t bits;
    char text[32];
    if (!weir_json_read_f64(w, j, &v))
        return false;
    v = v == 0 ? 0 : v;
    memcpy(&bits, &v, sizeof bits);
    weir_put(b, text, (size_t)snprintf(text, sizeof text, "#%llx", (unsigned long long)bits));
    return true;
}

static bool dump_object(struct weir_json *j, struct weir_buf *b)
{
    struct weir_str name;
    char head[32];
    bool first = true;
    weir_json_object(w, j);
    weir_put_lit(b, "{");
    while (weir_json_next_field(w, j, &first, &name)) {
        weir_put(b, head, (size_t)snprintf(head, sizeof head, "\"%zu:", name.n));
        weir_put(b, name.p, name.n);
        if (!dump(j, b))
            return false;
    }
    weir_put_lit(b, "}");
    return !w->bad;
}

static bool dump_array(struct weir_json *j, struct weir_buf *b)
{
    bool first = true;
    weir_json_array(w, j);
    weir_put_lit(b, "[");
    while (weir_json_next_item(w, j, &first)) {
        if (!dump(j, b))
            return false;
    }
    weir_put_lit(b, "]");
    return !w->bad;
}

static bool dump(struct weir_json *j, struct weir_buf *b)
{
    bool truth;
    if (weir_json_null(w, j)) {
        weir_put_lit(b, "n");
        return true;
    }
    switch (j->p < j->end ? *j->p : 0) {
    case '{': return dump_object(j, b);
    case '[': return dump_array(j, b);
    case '"': return dump_string(j, b);
    case 't':
    case 'f':
        if (!weir_json_read_bool(w, j, &truth))
            return false;
        weir_put(b, truth ? "t" : "f", 1);
        return true;
    default: return dump_number(j, b);
    }
}

// simdjson has one error for numbers that are wrong and for those that it has no room for. The latter have 20 digits or an exponent.
static bool has_large_number(const char *text, size_t n)
{
    size_t digits = 0;
    for (size_t i = 0; i < n; i++) {
        digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
        if (digits >= 19 || ((text[i] == 'e' || text[i] == 'E') && i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9'))
            return true;
    }
    return false;
}

static void compare(const char *text, size_t n)
{
    static char theirs[16 * LARGEST];
    size_t theirs_n;
    struct weir_str copy = exact(text, n);
    struct weir_json j;
    struct weir_buf b;
    enum peer_verdict verdict = peer_dump(text, n, theirs, &theirs_n);
    weir_ctx_reset(w);
    weir_json_start(&j, copy);
    bool skipped = weir_json_skip(w, &j) && weir_json_finish(w, &j);
    if (verdict == PEER_BAD_NUMBER && skipped && !has_large_number(text, n))
        fail_msg("accepted by weir, a wrong number to simdjson: %.*s", (int)n, text);
    if (verdict != PEER_BAD_NUMBER && skipped != (verdict == PEER_JSON))
        fail_msg("%s by weir (%s), %s by simdjson: %.*s", skipped ? "accepted" : "rejected", w->bad ? w->bad : "",
                 skipped ? "rejected" : "accepted", (int)n, text);
    if (verdict == PEER_JSON) {
        weir_buf_init(w, &b, 0);
        weir_json_start(&j, copy);
        bool read = dump(&j, &b) && weir_json_finish(w, &j);
        if (!read || b.n != theirs_n || memcmp(b.p, theirs, theirs_n) != 0)
            fail_msg("found %.*s (%s), simdjson %.*s: %.*s", (int)b.n, b.p, w->bad ? w->bad : "", (int)theirs_n, theirs,
                     (int)n, text);
    }
    free((char *)copy.p);
}

static void same_as_simdjson(void **state)
{
    (void)state;
    char text[LARGEST + 64];
    for (int i = 0; i < documents; i++) {
        size_t n = (size_t)(make_value(text, text + LARGEST - 512, 0) - text);
        compare(text, n);
        for (int broken = 0; broken < 4; broken++)
            compare(text, n = break_text(text, n));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {KERNEL_TEST(same_as_simdjson)};
    if (argc > 1)
        documents = atoi(argv[1]);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10) | 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
