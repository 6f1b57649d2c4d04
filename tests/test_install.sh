#!/usr/bin/env bash
# What cmake --install and cpack put in place works from there: the command, its parts for `weir build`, weir.pc.
# timeout: 300
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cat >"$dir/pass.weir" <<'END'
app pass
stream words from "words" string => string
words | to "copies"
END
mkdir "$dir/topics"
echo '{"key":"k","value":"v","timestamp":1}' >"$dir/topics/words.jsonl"

# try PREFIX: everything an installed weir does.
try() {
    local prefix=$1 file
    for file in bin/weir lib/libweir_rt.a include/weir/weir.h include/weir/weir_extern.h lib/pkgconfig/weir.pc share/man/man1/weir.1 \
        share/bash-completion/completions/weir share/zsh/site-functions/_weir \
        share/fish/vendor_completions.d/weir.fish; do
        [ -s "$prefix/$file" ] || { echo "not installed: $file" && return 1; }
    done
    rm -f "$dir/topics/copies.jsonl"
    "$prefix/bin/weir" run "$dir/pass.weir" --local "$dir/topics" -e
    cmp "$dir/topics/words.jsonl" "$dir/topics/copies.jsonl"

    rm -f "$dir/topics/copies.jsonl"
    "$prefix/bin/weir" build "$dir/pass.weir" -o "$dir/pass"
    "$dir/pass" --local "$dir/topics" -e
    cmp "$dir/topics/words.jsonl" "$dir/topics/copies.jsonl"

    # The emitted text and a main make a program for whoever has the runtime's flags.
    local flags
    read -ra flags < <(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --cflags --libs weir)
    "$prefix/bin/weir" emit "$dir/pass.weir" >"$dir/pass.c"
    echo 'int main(int argc, char **argv) { return weir_main(&weir_program, argc, argv); }' >>"$dir/pass.c"
    cc "$dir/pass.c" -o "$dir/pass-by-hand" "${flags[@]}"
    "$dir/pass-by-hand" --help >/dev/null
}

cmake --install "$WEIR_BUILD" --prefix "$dir/prefix" >/dev/null
try "$dir/prefix"

cpack --config "$WEIR_BUILD/CPackConfig.cmake" -G DEB -B "$dir/package" >/dev/null
deb=$(find "$dir/package" -maxdepth 1 -name 'weir_*.deb')
dpkg-deb -x "$deb" "$dir/root"
try "$dir/root/usr"
depends=$(dpkg-deb -f "$deb" Depends)
[[ $depends == *librdkafka1* && $depends == *tzdata* ]] || { echo "Depends: $depends" && exit 1; }
