package weir.oracle;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.GlobalKTable;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.KeyValueMapper;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.kstream.ValueJoiner;
import org.apache.kafka.streams.kstream.internals.AbstractStream;
import org.apache.kafka.streams.state.KeyValueStore;
import weir.oracle.Operators.Row;

/** Joins: one method for each form. Behind one a row has the left side's value, and the right one's in a variable. */
final class Joins {
    /** A record whose key is put aside while another one is looked up. */
    private record Aside(Object key, Row row) {}

    private final Program program;
    private final Reads reads;
    private final StreamsBuilder builder;
    private final Tables tables;
    private final Map<Integer, GlobalKTable<Object, Object>> globals = new HashMap<>();

    Joins(Program program, Reads reads, StreamsBuilder builder, Tables tables) {
        this.program = program;
        this.reads = reads;
        this.builder = builder;
        this.tables = tables;
    }

    // ---- what a stage is ----

    static boolean is(Program.Stage stage, String... forms) {
        return stage.kind.equals("join") && List.of(forms).contains(stage.json.get("join").text("form"));
    }

    /** Of the stages that a join by a foreign key has in front of it: for Kafka Streams all of it is one operator. */
    static boolean isPart(Program.Stage stage) {
        Json repartition = stage.json.get("repartition");
        return stage.kind.equals("subscribe")
            || repartition != null && (repartition.flag("subscriptions") || repartition.flag("answers"));
    }

    /** Where a join finds its right side. */
    static Program.Stage right(Program.Stage stage) {
        return is(stage, "foreign") ? stage.input().input().inputs.get(1) : stage.inputs.get(1);
    }

    static Program.Stage left(Program.Stage stage) {
        return is(stage, "foreign") ? stage.inputs.get(1) : stage.input();
    }

    private static String kind(Program.Stage stage) {
        return stage.json.get("join").text("kind");
    }

    private static String name(Program.Stage stage) {
        return "join-" + stage.id;
    }

    private static Duration duration(Program.Stage stage, String name) {
        return Duration.ofMillis(stage.json.get("join").number(name));
    }

    // ---- what comes of it ----

    /** SCOPE is what goes on of the left side's. */
    private Row joined(Program.Stage stage, Row left, Object right, Scope scope) {
        return new Row(left == null ? null : left.value(), scope.with(program.var(stage.json.get("join").get("right")).id(), right));
    }

    private ValueJoiner<Row, Row, Row> joiner(Program.Stage stage) {
        return (left, right) -> joined(stage, left, right == null ? null : right.value(), new Scope(null));
    }

    /** A record without a value is none for a join. */
    private static KStream<Object, Row> values(KStream<Object, Row> in) {
        return in.mapValues(row -> row.value() == null ? null : row);
    }

    private Serde<Object> key(Program.Stage stage) {
        return program.wire(stage.json.get("out").get("key_serde")).serde();
    }

    // ---- streams ----

    KStream<Object, Row> streams(Program.Stage stage, KStream<Object, Row> left, KStream<Object, Row> right) {
        KStream<Object, Row> one = values(left).processValues(Due::new), other = values(right).processValues(Due::new);
        JoinWindows windows = JoinWindows.ofTimeDifferenceAndGrace(Duration.ZERO, duration(stage, "grace"))
            .before(duration(stage, "before")).after(duration(stage, "after"));
        StreamJoined<Object, Row, Row> stores = StreamJoined.with(key(stage), Intern.<Row>serde(), Intern.<Row>serde())
            .withStoreName(name(stage));
        return switch (kind(stage)) {
            case "inner" -> one.join(other, joiner(stage), windows, stores);
            case "left" -> one.leftJoin(other, joiner(stage), windows, stores);
            default -> one.outerJoin(other, joiner(stage), windows, stores);
        };
    }

    // ---- a stream that finds rows ----

    KStream<Object, Row> lookup(Program.Stage stage, KStream<Object, Row> in) {
        KStream<Object, Row> left = values(in);
        Program.Stage right = right(stage);
        if (globals.containsKey(right.id))
            return global(stage, left, globals.get(right.id));
        if (left(stage).window != null && right.window == null)
            return byInnerKey(stage, left, tables.of(right));
        return find(stage, left, tables.of(right), joined(stage), key(stage));
    }

    static boolean waits(Program.Stage stage) {
        return stage.json.get("join").has("wait");
    }

    /** What waits comes again as a record of its own. */
    private ValueJoiner<Row, Row, Row> joined(Program.Stage stage) {
        return waits(stage) ? joiner(stage)
            : (left, right) -> joined(stage, left, right == null ? null : right.value(), new Scope(left.scope()));
    }

    private <V, R> KStream<Object, R> find(Program.Stage stage, KStream<Object, V> left, KTable<Object, Row> right,
            ValueJoiner<V, Row, R> joiner, Serde<Object> key) {
        Joined<Object, V, Row> how = Joined.with(key, Intern.<V>serde(), Intern.<Row>serde(), name(stage));
        if (waits(stage))
            how = how.withGracePeriod(duration(stage, "wait"));
        if (kind(stage).equals("inner"))
            return left.join(right, joiner, how);
        return waits(stage) ? waitLeft(left, right, joiner, how) : left.leftJoin(right, joiner, how);
    }

    /** Kafka Streams ends at a null key that is to wait (NullPointerException); in weir it does not wait. */
    private static <V, R> KStream<Object, R> waitLeft(KStream<Object, V> left, KTable<Object, Row> right, ValueJoiner<V, Row, R> joiner,
            Joined<Object, V, Row> how) {
        KStream<Object, R> withoutKey = left.filter((k, v) -> k == null && v != null).mapValues(v -> joiner.apply(v, null));
        return left.filter((k, v) -> k != null).leftJoin(right, joiner, how).merge(withoutKey);
    }

    /** A windowed stream goes to the row's partition and gets its windows back behind the join. */
    private KStream<Object, Row> byInnerKey(Program.Stage stage, KStream<Object, Row> left, KTable<Object, Row> right) {
        ValueJoiner<Row, Row, Row> joiner = joined(stage);
        KStream<Object, Aside> inner = left.map((k, row) -> KeyValue.pair(Keys.inner(k), row == null ? null : new Aside(k, row)));
        ValueJoiner<Aside, Row, Aside> aside = (a, row) -> new Aside(a.key, joiner.apply(a.row, row));
        return find(stage, inner, right, aside, tables.key(stage)).map((k, a) -> KeyValue.pair(a.key, a.row));
    }

    private KStream<Object, Row> global(Program.Stage stage, KStream<Object, Row> left, GlobalKTable<Object, Object> right) {
        Expr on = program.expr(stage.json.get("join").get("on"));
        KeyValueMapper<Object, Row, Object> wanted = (k, row) -> row == null ? null : on == null ? Keys.inner(k)
            : on.eval(Operators.scope(left(stage), k, row));
        ValueJoiner<Row, Object, Row> joiner = (row, found) -> joined(stage, row, found, new Scope(row.scope()));
        return kind(stage).equals("inner") ? left.join(right, wanted, joiner) : left.leftJoin(right, wanted, joiner);
    }

    void addGlobal(Program.Stage stage) {
        Json source = stage.json.get("source");
        globals.put(stage.id, builder.globalTable(source.items("topics").get(0).text("name"),
            Consumed.with(program.wire(source.get("key")).serde(), program.wire(source.get("value"), reads.of(stage.value)).serde()),
            Materialized.<Object, Object, KeyValueStore<Bytes, byte[]>>as(name(stage)).withKeySerde(key(stage)).withValueSerde(Intern.serde())));
    }

    // ---- tables ----

    KTable<Object, Row> tables(Program.Stage stage) {
        if (is(stage, "foreign"))
            return foreign(stage);
        KTable<Object, Row> left = tables.of(left(stage)), right = tables.of(right(stage));
        return switch (kind(stage)) {
            case "inner" -> left.join(right, joiner(stage));
            case "left" -> left.leftJoin(right, joiner(stage));
            default -> left.outerJoin(right, joiner(stage));
        };
    }

    private KTable<Object, Row> foreign(Program.Stage stage) {
        Json join = stage.json.get("join");
        Expr on = program.expr(join.get("on"));
        Program.Stage left = left(stage);
        KTable<Object, Row> one = withValues(tables.of(left).mapValues(row -> row), rows(program.wire(join.get("left_value"))));
        KTable<Object, Row> other = tables.of(right(stage));
        BiFunction<Object, Row, Object> wanted = (k, row) -> on.eval(Operators.scope(left, k, row));
        TableJoined<Object, Object> topics = TableJoined.as(name(stage));
        Materialized<Object, Row, KeyValueStore<Bytes, byte[]>> result = Materialized.with(key(left), Intern.serde());
        return kind(stage).equals("inner") ? one.join(other, wanted, joiner(stage), topics, result)
            : one.leftJoin(other, wanted, joiner(stage), topics, result);
    }

    /** Rows as the bytes of their values: what answers are told apart by. */
    private static Serde<Row> rows(Wire value) {
        return Serdes.serdeFrom((topic, row) -> row == null ? null : value.bytes(row.value()),
            (topic, bytes) -> bytes == null ? null : new Row(value.read(bytes), new Scope(null)));
    }

    /** Kafka Streams takes a serde only with a store, which would make of a versioned table one that is not. */
    private static KTable<Object, Row> withValues(KTable<Object, Row> table, Serde<Row> serde) {
        try {
            Field field = AbstractStream.class.getDeclaredField("valueSerde");
            field.setAccessible(true);
            field.set(table, serde);
            return table;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
