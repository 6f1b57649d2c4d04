// Every C function that builtins.def names, or that generated code may call by the contract's headers, is known to the JIT.
#include "kernel_test.h"

static const char *const symbols[] = {
#define WEIR_SYMBOL(name) #name,
#include "weir_symbols.def"
#undef WEIR_SYMBOL
};

static bool is_symbol(const char *name)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        if (strcmp(symbols[i], name) == 0)
            return true;
    }
    return false;
}

static void builtins(void **state)
{
    (void)state;
    static const struct {
        const char *name, *function;
    } rows[] = {
#define BUILTIN(id, name, signature, function) {name, #function},
#include "../../compiler/types/builtins.def"
#undef BUILTIN
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].function, "NULL") != 0 && !is_symbol(rows[i].function))
            fail_msg("%s of %s is not in weir_symbols.def", rows[i].function, rows[i].name);
    }
}

// A declaration that begins a line and ends in `;`: TYPE weir_NAME(. Not what is only inline, nor what the inline half calls.
static void declarations(const char *header)
{
    char path[300], line[400];
    snprintf(path, sizeof path, "%s/runtime/%s", WEIR_SOURCE_DIR, header);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        char *name = strstr(line, "weir_"), *bracket = strchr(line, '(');
        if (strchr(" \t/#}", line[0]) || strncmp(line, "static", 6) == 0 || strncmp(line, "typedef", 7) == 0 ||
            !bracket)
            continue;
        while (name && strstr(name + 1, "weir_") && strstr(name + 1, "weir_") < bracket)
            name = strstr(name + 1, "weir_");
        if (!name || name > bracket || strchr(name, '(') != name + strcspn(name, " (,;"))
            continue;
        *bracket = 0;
        if (!strstr(name, "_slow") && !strstr(name, "_failed_") && !is_symbol(name))
            fail_msg("%s of %s is not in weir_symbols.def", name, header);
    }
    fclose(f);
}

static void headers(void **state)
{
    (void)state;
    static const char *const all[] = {"weir_types.h", "weir_ctx.h",   "weir_call.h",   "weir_extern.h",
                                      "weir_ops.h",   "weir_list.h",  "weir_json.h",   "weir_wire.h",
                                      "weir_fn.h",    "weir_store.h", "weir_process.h"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        declarations(all[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {KERNEL_TEST(builtins), KERNEL_TEST(headers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
