#!/usr/bin/env bash
# gdb stops on a line of the .weir file, of a stage or in a block, and prints variables under the user's names: `weir build -g`, and `weir run -g`.
# timeout: 120
set -euo pipefail
command -v gdb >/dev/null || exit 77
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >orders.weir <<'END_OF_PROGRAM'
app orders
type Order { id: string, amount: int64 }
stream orders from "orders" string => json Order
orders
  | filter amount > 10
  | let doubled = amount * 2
  | map { id, doubled }
  | to "large"
process spending(Order) -> { id: string, total: int64 } {
  store sums: string => int64
  on record {
    let before = sums[key]
    let total = (before ?? 100) + amount
    sums[key] = total
    if total > 130 {
      emit { id, total }
    }
  }
  every 1h stream {
    for who, spent in sums {
      let rest = 1000 - spent
      if rest < 0 { delete sums[who] }
    }
  }
}
orders | process spending | to "spent"
END_OF_PROGRAM
mkdir topics
cat >topics/orders.jsonl <<'END_OF_RECORDS'
{"key":"k","value":{"id":"o1","amount":21},"timestamp":1}
{"key":"k","value":{"id":"o2","amount":11},"timestamp":2}
END_OF_RECORDS

# stops LINE IGNORED TEXT COMMAND...: breaks on LINE, after IGNORED times, where gdb prints TEXT of the local variables.
stops() {
    local line=$1 ignored=$2 text=$3 out
    shift 3
    rm -rf topics/.weir topics/large.jsonl topics/spent.jsonl
    out=$(gdb -q -batch -nx -ex 'set breakpoint pending on' -ex 'set debuginfod enabled off' -ex "break orders.weir:$line" \
        -ex "ignore 1 $ignored" -ex run -ex 'info locals' --args "$@" </dev/null 2>&1) || true
    if ! grep -q "orders.weir:$line" <<<"$out" || ! grep -qxF "$text" <<<"$out"; then
        printf 'gdb did not stop where it was told to (line %s, %s):\n%s\n' "$line" "$text" "$out"
        return 1
    fi
}

"$WEIR" build -g orders.weir -o app
stops 7 0 'doubled = 42' ./app --local topics -e
stops 13 0 'before = {v = 0, some = false}' ./app --local topics -e
stops 13 1 'before = {v = 121, some = true}' ./app --local topics -e
stops 16 0 'total = 132' ./app --local topics -e
stops 22 0 'rest = 879' ./app --local topics -e
export XDG_CACHE_HOME=$dir/cache
stops 7 0 'doubled = 42' "$WEIR" run -g orders.weir --local topics -e
stops 16 0 'total = 132' "$WEIR" run -g orders.weir --local topics -e
