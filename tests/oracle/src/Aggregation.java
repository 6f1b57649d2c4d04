package weir.oracle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.kstream.Aggregator;
import org.apache.kafka.streams.kstream.CogroupedKStream;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KGroupedTable;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Merger;
import org.apache.kafka.streams.kstream.Reducer;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Window;
import org.apache.kafka.streams.kstream.Windows;
import org.apache.kafka.streams.processor.StateStore;
import weir.oracle.Operators.Row;

/** One `aggregate` stage: count, reduce, aggregate, fold, over streams, windows, tables and cogroups. */
final class Aggregation {
    /** A function of a step: over the group's key, a record (or a second state) and the state. */
    private interface Step {
        Object of(Object key, Row row, Object state);
    }

    private final Program program;
    private final Program.Stage stage;
    private final Map<Integer, KStream<Object, Row>> streams;
    private final Tables tables;
    private final Json json, window;
    private final List<Aggregates.Call> calls = new ArrayList<>();
    private final Expr value, init;

    Aggregation(Program program, Program.Stage stage, Map<Integer, KStream<Object, Row>> streams, Tables tables) {
        this.program = program;
        this.stage = stage;
        this.streams = streams;
        this.tables = tables;
        json = stage.json.get("aggregate");
        window = json.get("window");
        value = program.expr(json.get("value"));
        init = program.expr(json.get("init"));
        json.items("calls").forEach(call -> calls.add(Aggregates.Call.read(call, program)));
    }

    KTable<Object, Row> table(Stores stores) {
        stores.add(program, stage, window, this::shown);
        return kept().mapValues((k, state) -> row(k, state));
    }

    private Row row(Object key, Object state) {
        Object value = result(key, state);
        return value == null ? null : new Row(value, new Scope(null));
    }

    // ---- what is kept: of calls, all that came of each; of fold and reduce, the value ----

    private boolean isCalls() {
        return json.text("form").equals("calls");
    }

    Object result(Object key, Object state) {
        if (!isCalls())
            return state;
        Scope scope = scope(key);
        for (int i = 0; i < calls.size(); i++) {
            Expr.Var result = calls.get(i).result();
            Object v = Aggregates.result(calls.get(i), all(state, i));
            if (v == null && !result.type().optional())
                return null; // of nothing
            scope.with(result.id(), v);
        }
        return value.eval(scope);
    }

    // ---- what the changelog promises: a call that is a field of the result, where its state is its result ----

    private String shown(Object key, Object kept) {
        Type type = stage.value.type().plain();
        if (!isCalls())
            return Codec.write(type, kept instanceof Row row ? row.value() : kept);
        if (isKept(value))
            return Codec.write(type, result(key, kept));
        if (!value.is.equals("record"))
            return null;
        List<?> fields = (List<?>) result(key, kept);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < value.items.size(); i++)
            if (isKept(value.items.get(i)))
                members.add(Json.quote(type.fields.get(i).name()) + ":" + Codec.write(type.fields.get(i).type(), fields.get(i)));
        return "{" + String.join(",", members) + "}";
    }

    private boolean isKept(Expr e) {
        return e.var != null && calls.stream().anyMatch(call -> call.result().id() == e.var.id() && call.isItsState());
    }

    private Scope scope(Object key) {
        Scope scope = new Scope(null).with(stage.key.id(), Keys.inner(key));
        if (stage.window != null)
            scope.with(stage.window.id(), Keys.window(key));
        for (Program.Stage input : stage.inputs)
            scope.with(input.key.id(), Keys.inner(key));
        return scope;
    }

    @SuppressWarnings("unchecked")
    private static List<List<Object>> all(Object state, int call) {
        return ((List<List<List<Object>>>) state).get(call);
    }

    /** What a record finds. */
    private Object begun(Object state) {
        return state == null ? init() : state;
    }

    /**
     * Kafka Streams forwards its initializer's result as the old value of a group's first change, if there is no cache (docs/kafka-streams-facts.md).
     * With none, as with a cache, it is null. Sessions are merged into it; there it is none's old value.
     */
    private Initializer<Object> initializer() {
        return window != null && window.text("kind").equals("session") ? this::init : () -> null;
    }

    private Object init() {
        if (!isCalls())
            return init.eval(new Scope(null));
        List<List<List<Object>>> nothing = new ArrayList<>();
        calls.forEach(call -> nothing.add(List.of()));
        return nothing;
    }

    private Step step(int input, boolean undo) {
        if (!isCalls())
            return expression(json.get(undo ? "undo" : "add"));
        return (key, row, state) -> {
            Scope scope = Operators.scope(stage.inputs.get(input), key, row);
            List<List<List<Object>>> next = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                Aggregates.Call call = calls.get(i);
                List<Object> one = call.input() == input ? call.take(scope) : null;
                List<List<Object>> all = all(state, i);
                next.add(one == null ? all : undo ? Aggregates.remove(call, all, one) : Aggregates.add(all, one));
            }
            return next;
        };
    }

    private Step expression(Json step) {
        Expr result = program.expr(step.get("result"));
        Expr.Var acc = program.var(step.get("acc"));
        return (key, row, state) -> result.eval(Operators.scope(stage.input(), key, row).with(acc.id(), state));
    }

    private Object merge(Object key, Object a, Object b) {
        if (!isCalls())
            return two(json.get(json.text("form").equals("reduce") ? "add" : "merge"), key, a, b);
        List<List<List<Object>>> both = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            List<List<Object>> one = new ArrayList<>(all(a, i));
            one.addAll(all(b, i));
            both.add(one);
        }
        return both;
    }

    /** (a, b) => EXPR. */
    private Object two(Json step, Object key, Object a, Object b) {
        Scope scope = scope(key).with(program.var(step.get("acc")).id(), a).with(program.var(step.get("other")).id(), b);
        return program.expr(step.get("result")).eval(scope);
    }

    // ---- Kafka Streams' operators ----

    private KTable<Object, Object> kept() {
        Program.Stage input = stage.input();
        if (tables.grouped(input) != null)
            return ofTable(input, tables.grouped(input));
        if (json.text("form").equals("reduce"))
            return reduce(grouped(input));
        return stage.inputs.size() == 1 ? aggregate(grouped(input)) : cogroup();
    }

    private KTable<Object, Object> ofTable(Program.Stage input, KGroupedTable<Object, Object> table) {
        Step add = step(0, false), undo = step(0, true);
        return table.aggregate(this::init, (k, v, state) -> add.of(k, new Row(v, new Scope(null)), state),
            (k, v, state) -> undo.of(k, new Row(v, new Scope(null)), state), tables.store(stage));
    }

    /** What has no value is no record for Kafka Streams, but in time windows and sessions it may be one. */
    private KGroupedStream<Object, Row> grouped(Program.Stage input) {
        boolean nullsCount = window != null && !window.text("kind").equals("sliding") && !stage.json.flag("drops_tombstones");
        KStream<Object, Row> in = streams.get(input.id).mapValues(row -> row.value() == null && !nullsCount ? null : row);
        if (!nullsCount)
            in = in.filter((k, row) -> row != null);
        return in.groupByKey(Grouped.with(tables.key(input), Intern.serde()));
    }

    private Aggregator<Object, Row, Object> adder(int input) {
        Step add = step(input, false);
        return (k, row, state) -> add.of(k, row, begun(state));
    }

    private KTable<Object, Object> aggregate(KGroupedStream<Object, Row> in) {
        Aggregator<Object, Row, Object> adder = adder(0);
        Initializer<Object> init = initializer();
        Merger<Object, Object> merger = this::merge;
        if (window == null)
            return in.aggregate(init, adder, tables.store(stage));
        return plain(switch (window.text("kind")) {
            case "sliding" -> in.windowedBy(sliding()).aggregate(init, adder, store());
            case "session" -> in.windowedBy(sessions()).aggregate(init, adder, merger, store());
            default -> in.windowedBy(times()).aggregate(init, adder, store());
        });
    }

    private KTable<Object, Object> reduce(KGroupedStream<Object, Row> grouped) {
        Reducer<Row> reducer = (a, b) -> new Row(two(json.get("add"), null, a.value(), b.value()), new Scope(null));
        KTable<Object, Row> rows;
        if (window == null)
            rows = grouped.reduce(reducer, tables.store(stage));
        else
            rows = plain(switch (window.text("kind")) {
                case "sliding" -> grouped.windowedBy(sliding()).reduce(reducer, store());
                case "session" -> grouped.windowedBy(sessions()).reduce(reducer, store());
                default -> grouped.windowedBy(times()).reduce(reducer, store());
            });
        return rows.mapValues(row -> row.value());
    }

    private KTable<Object, Object> cogroup() {
        CogroupedKStream<Object, Object> all = null;
        for (int i = 0; i < stage.inputs.size(); i++) {
            Aggregator<Object, Row, Object> adder = adder(i);
            KGroupedStream<Object, Row> one = grouped(stage.inputs.get(i));
            all = all == null ? one.cogroup(adder) : all.cogroup(one, adder);
        }
        Initializer<Object> init = initializer();
        if (window == null)
            return all.aggregate(init, tables.store(stage));
        return plain(switch (window.text("kind")) {
            case "sliding" -> all.windowedBy(sliding()).aggregate(init, store());
            case "session" -> all.windowedBy(sessions()).aggregate(init, this::merge, store());
            default -> all.windowedBy(times()).aggregate(init, store());
        });
    }

    @SuppressWarnings("unchecked")
    private static <V> KTable<Object, V> plain(KTable<?, V> windowed) {
        return (KTable<Object, V>) windowed;
    }

    // ---- windows ----

    private Duration duration(String name) {
        return Duration.ofMillis(window.has(name) ? window.number(name) : 0);
    }

    private Windows<? extends Window> times() {
        return TimeWindows.ofSizeAndGrace(duration("size"), duration("grace")).advanceBy(duration("every"));
    }

    private SlidingWindows sliding() {
        return SlidingWindows.ofTimeDifferenceAndGrace(duration("size"), duration("grace"));
    }

    private SessionWindows sessions() {
        return SessionWindows.ofInactivityGapAndGrace(duration("size"), duration("grace"));
    }

    /** Sessions are kept a moment longer: at the edge of its retention Kafka Streams loses a session (SEMANTICS W6), weir doesn't. */
    private <V, S extends StateStore> Materialized<Object, V, S> store() {
        Duration retention = duration("retention").plusMillis(window.text("kind").equals("session") ? 1 : 0);
        return Materialized.<Object, V, S>as(Stores.name(stage)).withKeySerde(tables.key(stage)).withValueSerde(Intern.serde())
            .withRetention(retention);
    }
}
