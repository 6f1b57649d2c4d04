package weir.oracle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedTable;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.state.KeyValueStore;
import weir.oracle.Operators.Row;

/** Tables, and what is done to them: one method for each kind of stage. */
final class Tables {
    private final Program program;
    private final Reads reads;
    private final StreamsBuilder builder;
    private final Stores stores;
    private final Joins joins;
    private final Map<Integer, KTable<Object, Row>> made = new HashMap<>();
    private final Map<Integer, KGroupedTable<Object, Object>> grouped = new HashMap<>();

    Tables(Program program, Reads reads, StreamsBuilder builder, Stores stores) {
        this.program = program;
        this.reads = reads;
        this.stores = stores;
        this.builder = builder;
        joins = new Joins(program, reads, builder, this);
    }

    Joins joins() {
        return joins;
    }

    boolean has(Program.Stage stage) {
        return made.containsKey(stage.id);
    }

    KTable<Object, Row> of(Program.Stage stage) {
        return made.get(stage.id);
    }

    KGroupedTable<Object, Object> grouped(Program.Stage stage) {
        return grouped.get(stage.id);
    }

    void add(Program.Stage stage, KTable<Object, Row> table) {
        made.put(stage.id, table);
    }

    /** False if the stage is none of a table. */
    boolean make(Program.Stage stage) {
        if (stage.kind.equals("source")) {
            if (!stage.json.get("source").flag("table"))
                return false;
            if (stage.json.get("source").flag("global"))
                joins.addGlobal(stage);
            else
                add(stage, source(stage));
            return true;
        }
        if (Joins.isPart(stage))
            return true;
        if (Joins.is(stage, "tables", "foreign")) {
            add(stage, joins.tables(stage));
            return true;
        }
        Program.Stage input = stage.input();
        if (grouped.containsKey(input.id) && stage.kind.equals("group")) {
            grouped.put(stage.id, grouped(input));
            return true;
        }
        if (!has(input))
            return false;
        switch (stage.kind) {
            case "filter" -> add(stage, of(input).filter((k, row) -> (Boolean) eval(stage, k, row)));
            case "map" -> add(stage, of(input).mapValues((k, row) -> row(eval(stage, k, row), Operators.mapped(stage, row))));
            case "let" -> add(stage, of(input).mapValues((k, row) -> new Row(row.value(),
                new Scope(row.scope()).with(stage.let.id(), eval(stage, k, row)))));
            case "suppress" -> add(stage, suppress(stage));
            case "keep" -> add(stage, keep(stage));
            case "repartition" -> grouped.put(stage.id, repartition(stage));
            case "group" -> grouped.put(stage.id, of(input).groupBy(
                (k, row) -> KeyValue.pair(k, row.value()), Grouped.with(key(stage), Intern.serde())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private Object eval(Program.Stage stage, Object key, Row row) {
        return stage.expr.eval(Operators.scope(stage.input(), key, row));
    }

    /** A row without a value is gone. */
    private static Row row(Object value, Scope scope) {
        return value == null ? null : new Row(value, scope);
    }

    Serde<Object> key(Program.Stage stage) {
        return program.wire(stage.json.get("out").get("key_serde")).unwindowed().serde();
    }

    /** Where the table is kept. Kafka Streams' store has our number for the stage, so that its changelog is found. */
    <T> Materialized<Object, T, KeyValueStore<Bytes, byte[]>> store(Program.Stage stage) {
        return Materialized.<Object, T, KeyValueStore<Bytes, byte[]>>as(Stores.name(stage)).withKeySerde(key(stage))
            .withValueSerde(Intern.serde());
    }

    private KTable<Object, Row> source(Program.Stage stage) {
        Json source = stage.json.get("source");
        Consumed<Object, Object> consumed =
            Consumed.with(program.wire(source.get("key")).serde(), program.wire(source.get("value"), reads.of(stage.value)).serde());
        if (source.has("time"))
            consumed = consumed.withTimestampExtractor(new EventTime(program, stage));
        List<String> topics = new ArrayList<>();
        source.items("topics").forEach(topic -> topics.add(topic.text("name")));
        KTable<Object, Object> table = source.has("versioned") ? builder.table(topics.get(0), consumed, versions(stage))
            : stage.json.has("materialized") ? builder.table(topics.get(0), consumed, store(stage))
            : builder.table(topics.get(0), consumed, Materialized.with(key(stage), Intern.serde()));
        return table.mapValues(v -> row(v, new Scope(null)));
    }

    private Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> versions(Program.Stage stage) {
        return Materialized.<Object, Object>as(org.apache.kafka.streams.state.Stores.persistentVersionedKeyValueStore(Stores.name(stage),
            Duration.ofMillis(stage.json.get("source").number("versioned")))).withKeySerde(key(stage)).withValueSerde(Intern.serde());
    }

    /** The same rows, in a store of their own. */
    private KTable<Object, Row> keep(Program.Stage stage) {
        if (stage.window == null)
            stores.add(program, stage, null, (k, row) -> Codec.write(stage.value.type().plain(), ((Row) row).value()));
        Materialized<Object, Row, KeyValueStore<Bytes, byte[]>> store = store(stage);
        return of(stage.input()).mapValues(row -> new Row(row.value(), new Scope(null)),
            store.withKeySerde(program.wire(stage.json.get("out").get("key_serde")).serde()));
    }

    KTable<Object, Row> ofStream(Program.Stage stage, KStream<Object, Row> in) {
        stores.add(program, stage, null, (k, v) -> Codec.write(stage.value.type().plain(), v));
        KTable<Object, Object> table = in.mapValues(row -> row.value()).toTable(store(stage));
        return table.mapValues(v -> row(v, new Scope(null)));
    }

    private KGroupedTable<Object, Object> repartition(Program.Stage stage) {
        Json json = stage.json.get("repartition");
        Expr by = program.expr(json.get("by"));
        return of(stage.input()).groupBy(
            (k, row) -> KeyValue.pair(by == null ? k : by.eval(Operators.scope(stage.input(), k, row)), row.value()),
            Grouped.with(Stores.name(stage), program.wire(json.get("key")).serde(), program.wire(json.get("value")).serde()));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private KTable<Object, Row> suppress(Program.Stage stage) {
        Json json = stage.json.get("suppress");
        KTable<Object, Row> table = of(stage.input());
        if (!json.flag("final"))
            return table.suppress(Suppressed.untilTimeLimit(Duration.ofMillis(json.number("every")),
                Suppressed.BufferConfig.unbounded()));
        return table.suppress((Suppressed) Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()));
    }
}
