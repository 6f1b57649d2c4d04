#include <errno.h>
#include <string.h>

#include "command/flags.h"
#include "syntax/parse.h"
#include "types/check.h"

static const char usage[] =
    "usage: weir emit FILE [--stage ast|types|program|topology|plan|c] [-o OUTPUT] [-g]\n\n"
    "Prints the generated C, or what the compiler made on the way to it.\n\n"
    "  --stage STAGE   ast, types, program (the typed program as JSON), topology, plan, or c (default)\n"
    "  -o, --output F  write to F instead of standard output\n"
    "  -g              with #line directives to the .weir file\n"
    "  --error-format text|json\n";

static const struct stage_name {
    const char *name;
    enum driver_stage needs;
} stages[] = {
    {"ast", DRIVER_AST},       {"types", DRIVER_TYPES}, {"program", DRIVER_TYPES},
    {"topology", DRIVER_PLAN}, {"plan", DRIVER_PLAN},   {"c", DRIVER_PLAN},
};

static const struct stage_name *find_stage(const char *name)
{
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (strcmp(stages[i].name, name) == 0)
            return &stages[i];
    fprintf(stderr, "weir emit: no stage \"%s\": there are ast, types, program, topology, plan and c\n", name);
    return NULL;
}

static void write_stage(const struct compilation *c, const char *stage, bool lines, struct writer *out)
{
    if (strcmp(stage, "ast") == 0)
        ast_dump(out, c->files.items[0]);
    else if (strcmp(stage, "types") == 0)
        types_dump(out, c->program);
    else if (strcmp(stage, "program") == 0)
        types_json(out, c->program);
    else if (strcmp(stage, "topology") == 0)
        topology_dump(out, c->topology);
    else if (strcmp(stage, "plan") == 0)
        plan_dump(out, c->plan);
    else
        driver_emit(c, lines, out);
}

static int write_output(const struct writer *out, const char *output)
{
    FILE *file = output == NULL ? stdout : fopen(output, "w");
    bool ok = file != NULL && fwrite(out->text, 1, out->len, file) == out->len;
    if (file != NULL)
        ok = (output == NULL ? fflush(file) : fclose(file)) == 0 && ok;
    if (!ok)
        fprintf(stderr, "weir emit: can't write %s: %s\n", output == NULL ? "standard output" : output,
                strerror(errno));
    return ok ? EXIT_DONE : EXIT_FAILED;
}

int command_emit(int argc, char **argv)
{
    const char *stage_name = "c", *output = NULL, *file;
    bool lines = false;
    const struct flag own[] = {
        {"--stage", NULL, &stage_name, NULL},
        {"--output", "-o", &output, NULL},
        {"-g", NULL, NULL, &lines},
    };
    struct compilation *c = compilation_new();
    struct flags flags = {.command = "emit", .usage = usage, .own = own, .own_count = 3, .arena = c->arena};
    enum flags_result read = flags_read(&flags, argc, argv);
    const struct stage_name *stage = read == FLAGS_OK ? find_stage(stage_name) : NULL;
    int status = read == FLAGS_HELP ? EXIT_DONE : EXIT_USAGE;
    if (stage != NULL && flags_one_file(&flags, &file)) {
        status = flags_compile(&flags, c, file, stage->needs, (struct plan_options){0});
        struct writer out = {0};
        if (status == EXIT_DONE) {
            write_stage(c, stage->name, lines, &out);
            status = write_output(&out, output);
        }
        writer_free(&out);
    }
    compilation_free(c);
    return status;
}
