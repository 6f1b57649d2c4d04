#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/flags.h"
#include "syntax/parse.h"

static const char usage[] =
    "usage: weir fmt FILE... [--check]\n\n"
    "Formats files in place; `-` formats standard input to standard output.\n\n"
    "  --check   change nothing, name the files that are not formatted, and exit with 1 if there are any\n"
    "  --error-format text|json\n";

// Replaced as a whole, so that no interruption leaves half a program behind.
static bool replace(struct arena *arena, const char *path, const struct writer *text)
{
    // A link stays a link: what it points to is replaced.
    char *target = realpath(path, NULL);
    if (target == NULL)
        return false;
    const char *unfinished = arena_printf(arena, "%s.%ld.tmp", target, (long)getpid());
    FILE *file = fopen(unfinished, "wx");
    struct stat before;
    bool ok = file != NULL && fwrite(text->text, 1, text->len, file) == text->len;
    ok = ok && stat(target, &before) == 0 && fchmod(fileno(file), before.st_mode & 07777) == 0; // who may read it stays
    ok = file != NULL && fclose(file) == 0 && ok && rename(unfinished, target) == 0;
    if (!ok && file != NULL) {
        int why = errno;
        unlink(unfinished);
        errno = why;
    }
    free(target);
    return ok;
}

static int use(struct compilation *c, const char *path, const struct source *source, const struct writer *text,
               bool check)
{
    if (strcmp(path, "-") == 0 && !check) {
        fwrite(text->text, 1, text->len, stdout);
        return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
    }
    if (text->len == source->len && memcmp(text->text, source->text, text->len) == 0)
        return EXIT_DONE;
    if (check) {
        printf("%s\n", source->name);
        return EXIT_WRONG;
    }
    if (replace(c->arena, source->name, text))
        return EXIT_DONE;
    fprintf(stderr, "weir fmt: can't write %s: %s\n", source->name, strerror(errno));
    return EXIT_FAILED;
}

static int format_file(const struct flags *flags, const char *path, bool check)
{
    struct compilation *c = compilation_new();
    const char *why;
    struct source *source = source_read(&c->sources, path, &why);
    if (source == NULL) {
        fprintf(stderr, "weir fmt: can't read %s: %s\n", path, why);
        compilation_free(c);
        return EXIT_USAGE;
    }
    struct writer text = {0};
    bool ok = format_source(c->arena, c->names, &c->bag, source, &text);
    diag_print(&c->bag, stderr, flags->format, flags_colour(STDERR_FILENO));
    int status = ok ? use(c, path, source, &text, check) : EXIT_WRONG;
    writer_free(&text);
    compilation_free(c);
    return status;
}

int command_fmt(int argc, char **argv)
{
    bool check = false;
    const struct flag own[] = {{"--check", NULL, NULL, &check}};
    struct arena *arena = arena_new();
    struct flags flags = {.command = "fmt", .usage = usage, .own = own, .own_count = 1, .arena = arena};
    enum flags_result read = flags_read(&flags, argc, argv);
    int status = read == FLAGS_WRONG ? EXIT_USAGE : EXIT_DONE;
    if (read == FLAGS_OK && flags.files.count == 0) {
        fputs("weir fmt: which .weir files?\nTry `weir fmt --help`.\n", stderr);
        status = EXIT_USAGE;
    }
    for (int i = 0; read == FLAGS_OK && i < flags.files.count; i++) {
        int one = format_file(&flags, flags.files.items[i], check);
        status = one > status ? one : status;
    }
    arena_free(arena);
    return status;
}
