package weir.oracle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import weir.oracle.Operators.Row;

/** Builds processor blocks and `prev` on Kafka Streams' Processor API. */
final class Blocks {
    private final Program program;
    private final Reads reads;
    private final StreamsBuilder builder;
    private final Stores stores;
    private final Set<String> made = new HashSet<>();
    private final Map<Integer, KStream<Object, Block.Sent>> sent = new HashMap<>();

    Blocks(Program program, Reads reads, StreamsBuilder builder, Stores stores) {
        this.program = program;
        this.reads = reads;
        this.builder = builder;
        this.stores = stores;
    }

    /** INPUTS: in the order of the stage's. */
    void process(Program.Stage stage, List<KStream<Object, Row>> inputs) {
        Map<String, String> names = new HashMap<>();
        for (Json store : stage.json.get("process").items("stores"))
            names.put(store.text("name"), add(stage, store));
        KStream<Object, Block.Came> all = null;
        for (int i = 0; i < inputs.size(); i++) {
            int input = i;
            KStream<Object, Block.Came> one = inputs.get(i).mapValues(row -> new Block.Came(input, row));
            all = all == null ? one : all.merge(one);
        }
        sent.put(stage.id, all.process(() -> new Block(program, reads, stage, names), names.values().toArray(String[]::new)));
    }

    /** Its name in Kafka Streams. Blocks that share a store have it once. */
    private String add(Program.Stage stage, Json json) {
        String name = json.text("name");
        String full = json.flag("shared") ? name : stage.json.get("process").text("name") + "-" + name;
        while (!made.add(full)) {
            if (json.flag("shared"))
                return full;
            full += "-again";
        }
        builder.addStateStore(BlockStore.builder(full, json, program));
        Type value = program.types.get(json.get("value").integer("type"));
        stores.add(full, program.wire(json.get("key")), window(json), (key, kept) -> Codec.write(value, kept));
        return full;
    }

    /** As an aggregate says its window. */
    private static Json window(Json store) {
        return switch (store.text("kind")) {
            case "windows" -> Json.parse("{\"kind\":\"tumbling\",\"size\":" + store.number("size") + "}");
            case "sessions" -> Json.parse("{\"kind\":\"session\"}");
            default -> null;
        };
    }

    KStream<Object, Row> emitted(Program.Stage stage) {
        return sent.get(stage.input().id).filter((k, s) -> s.stage() == stage.id).mapValues(s -> s.row());
    }

    // ---- prev ----

    KStream<Object, Row> prev(Program.Stage stage, KStream<Object, Row> in) {
        String name = Stores.name(stage);
        Json kept = stage.json.get("materialized");
        builder.addStateStore(org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
            org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name), program.wire(kept.get("key")).serde(), Intern.serde()));
        return in.processValues(() -> new Before(stage), name);
    }

    private final class Before extends ContextualFixedKeyProcessor<Object, Row, Row> {
        private final Program.Stage stage;

        Before(Program.Stage stage) {
            this.stage = stage;
        }

        @Override
        public void process(FixedKeyRecord<Object, Row> record) {
            Row row = record.value();
            Object before = null;
            boolean valued = !Operators.isTombstone(stage.input(), row) || !program.readsValue(stage.expr);
            if (record.key() != null && valued) {
                KeyValueStore<Object, Object> store = context().getStateStore(Stores.name(stage));
                Object now = stage.expr.eval(Operators.scope(stage.input(), record.key(), row));
                before = store.get(record.key());
                Object was = before;
                store.put(record.key(), now);
                Units.onFailure(() -> store.put(record.key(), was));
            }
            context().forward(record.withValue(new Row(row.value(), new Scope(row.scope()).with(stage.let.id(), before))));
        }
    }
}
