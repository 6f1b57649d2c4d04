#!/usr/bin/env bash
# Emitted C, and the headers that it includes, compile clean in gcc and clang under warnings that catch real mistakes. So does, under -Wall, what
# benchmarks compile with a program's C only when they run.
# timeout: 600
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
shopt -s nullglob globstar
files=(generated/*.c tests/emit/**/*.c)
[ ${#files[@]} -gt 0 ] || { echo "no emitted C yet" && exit 77; }
status=0
for compiler in gcc clang; do
    for file in "${files[@]}"; do
        "$compiler" -std=c11 -fsyntax-only -Wall -Wextra -Werror -Wconversion -I runtime "$file" || {
            echo "$compiler: $file"
            status=1
        }
    done
    "$compiler" -std=c11 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Werror -I runtime tests/bench/memory/*.c tests/bench/process/*.c || status=1
done
exit $status
