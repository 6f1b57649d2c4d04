#!/usr/bin/env bash
# gdb stops on a line of the .weir file and prints a variable under the user's name: `weir build -g`, and `weir run -g`.
# timeout: 120
set -euo pipefail
command -v gdb >/dev/null || exit 77
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >orders.weir <<'END'
app orders
stream orders from "orders" string => json { id: string, amount: int64 }
orders
  | filter amount > 10
  | let doubled = amount * 2
  | map { id, doubled }
  | to "large"
END
mkdir topics
echo '{"key":"k","value":{"id":"o1","amount":21},"timestamp":1}' >topics/orders.jsonl

# stops COMMAND...: breaks on line 6, where `doubled` is known.
stops() {
    local out
    rm -rf topics/.weir topics/large.jsonl
    out=$(gdb -q -batch -nx -ex 'set breakpoint pending on' -ex 'set debuginfod enabled off' -ex 'break orders.weir:6' -ex run \
        -ex 'info locals' --args "$@" </dev/null 2>&1) || true
    if ! grep -q 'orders.weir:6' <<<"$out" || ! grep -qE 'doubled = 42' <<<"$out"; then
        printf 'gdb did not stop where it was told to:\n%s\n' "$out"
        return 1
    fi
}

"$WEIR" build -g orders.weir -o app
stops ./app --local topics -e
export XDG_CACHE_HOME=$dir/cache
stops "$WEIR" run -g orders.weir --local topics -e
