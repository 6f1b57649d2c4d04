#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "command/flags.h"

static const char usage[] =
    "usage: weir new NAME\n\n"
    "Starts a project in the new folder NAME: a program with a test, and a topic as a file to run it on.\n";

static const char program_text[] =
    "// Large orders, with only the fields that the alert needs.\n"
    "app %s\n"
    "\n"
    "type Order {\n"
    "  id:       string\n"
    "  customer: string\n"
    "  amount:   decimal(12, 2)\n"
    "  note:     string?\n"
    "}\n"
    "\n"
    "stream orders from \"orders\" string => json Order\n"
    "\n"
    "stream large =\n"
    "  orders\n"
    "  | filter amount >= 100\n"
    "  | map { id, customer, amount }\n"
    "\n"
    "large | to \"large-orders\"\n"
    "\n"
    "test \"only large orders pass\" {\n"
    "  orders <- \"ann\" => { id: \"o1\", customer: \"ann\", amount: 99.99 }\n"
    "  orders <- \"bob\" => { id: \"o2\", customer: \"bob\", amount: 100.00, note: \"urgent\" }\n"
    "  large -> \"bob\" => { id: \"o2\", customer: \"bob\", amount: 100.00 }\n"
    "  large -> nothing\n"
    "}\n";

static const char topic_text[] =
    "{\"key\":\"ann\",\"value\":{\"id\":\"o1\",\"customer\":\"ann\",\"amount\":99.99},\"timestamp\":1714557600000}\n"
    "{\"key\":\"bob\",\"value\":{\"id\":\"o2\",\"customer\":\"bob\",\"amount\":100.00,\"note\":\"urgent\"},"
    "\"timestamp\":1714557601000}\n";

static const char ignore_text[] = "/topics/.weir/\n/%s\n";

// A name that is a folder, an app, and a part of topic names at once.
static bool valid_name(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > 100 || !(isalpha((unsigned char)name[0]) || name[0] == '_'))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_')
            return false;
    return true;
}

static bool write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wx");
    bool ok = file != NULL && fputs(text, file) >= 0;
    ok = file != NULL && fclose(file) == 0 && ok;
    if (!ok)
        fprintf(stderr, "weir new: can't write %s: %s\n", path, strerror(errno));
    return ok;
}

static int create(struct arena *arena, const char *name)
{
    const char *topics = arena_printf(arena, "%s/topics", name);
    if (mkdir(name, 0777) != 0 || mkdir(topics, 0777) != 0) {
        fprintf(stderr, "weir new: can't make the folder %s: %s\n", name, strerror(errno));
        return EXIT_FAILED;
    }
    if (!write_file(arena_printf(arena, "%s/%s.weir", name, name), arena_printf(arena, program_text, name)) ||
        !write_file(arena_printf(arena, "%s/orders.jsonl", topics), topic_text) ||
        !write_file(arena_printf(arena, "%s/.gitignore", name), arena_printf(arena, ignore_text, name)))
        return EXIT_FAILED;
    printf("%s/%s.weir is a program with a test, %s/ its topics as files. Try:\n\n", name, name, topics);
    printf("  weir test %s/%s.weir\n  weir run %s/%s.weir -e && cat %s/large-orders.jsonl\n", name, name, name, name,
           topics);
    return EXIT_DONE;
}

int command_new(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct flags flags = {.command = "new", .usage = usage, .arena = arena};
    enum flags_result read = flags_read(&flags, argc, argv);
    int status = read == FLAGS_HELP ? EXIT_DONE : EXIT_USAGE;
    if (read == FLAGS_OK && flags.files.count != 1)
        fputs("weir new: one name, please\nTry `weir new --help`.\n", stderr);
    else if (read == FLAGS_OK && !valid_name(flags.files.items[0]))
        fprintf(stderr, "weir new: \"%s\" can't be an app's name: letters, digits and _, not a digit first\n",
                flags.files.items[0]);
    else if (read == FLAGS_OK)
        status = create(arena, flags.files.items[0]);
    arena_free(arena);
    return status;
}
