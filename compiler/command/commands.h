// The commands of `weir`: one file each. All return the exit codes of LANGUAGE.md.
#ifndef WEIR_COMMAND_COMMANDS_H
#define WEIR_COMMAND_COMMANDS_H

#include "driver.h"

enum exit_code { EXIT_DONE = 0, EXIT_WRONG = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

int command_run(int argc, char **argv);
int command_build(int argc, char **argv);
int command_emit(int argc, char **argv);
int command_check(int argc, char **argv);
int command_test(int argc, char **argv);
int command_graph(int argc, char **argv);
int command_fmt(int argc, char **argv);
int command_new(int argc, char **argv);

#endif
