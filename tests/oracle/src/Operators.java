package weir.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.BranchedKStream;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Builds with Kafka Streams' own operators what a program says: one method for each kind of stage. Those of tables are in Tables. */
final class Operators {
    /** What flows: a value (null: none, or a null of an optional type) and the variables that were bound on the way. */
    record Row(Object value, Scope scope) {}

    private final Program program;
    private final Reads reads;
    private final StreamsBuilder builder = new StreamsBuilder();
    private final Map<Integer, KStream<Object, Row>> made = new HashMap<>();
    private final Map<Integer, Map<Integer, KStream<Object, Row>>> splits = new HashMap<>();
    private final Stores stores = new Stores();
    private final Tables tables;
    private final Blocks blocks;

    Operators(Program program) {
        this.program = program;
        reads = new Reads(program);
        tables = new Tables(program, reads, builder, stores);
        blocks = new Blocks(program, reads, builder, stores);
    }

    Stores stores() {
        return stores;
    }

    Topology build() {
        for (Program.Stage stage : program.stages) {
            if (!reads.isLive(stage))
                continue;
            if (tables.make(stage))
                continue;
            switch (stage.kind) {
                case "as_table" -> tables.add(stage, tables.ofStream(stage, made.get(stage.input().id)));
                case "process" -> blocks.process(stage, stage.inputs.stream().map(this::input).toList());
                case "aggregate" -> tables.add(stage, new Aggregation(program, stage, made, tables).table(stores));
                default -> made.put(stage.id, stream(stage));
            }
        }
        return builder.build();
    }

    private KStream<Object, Row> stream(Program.Stage stage) {
        KStream<Object, Row> in = stage.inputs.isEmpty() ? null : input(stage.input());
        return switch (stage.kind) {
            case "source" -> source(stage);
            case "filter" -> filter(stage, in);
            case "map" -> map(stage, in);
            case "let" -> let(stage, in);
            case "key_by" -> keyBy(stage, in);
            case "expand" -> expand(stage, in);
            case "merge" -> merge(stage);
            case "branch" -> branch(stage, in);
            case "peek", "log" -> peek(stage, in);
            case "repartition" -> repartition(stage, in);
            case "to" -> to(stage, in);
            case "join" -> join(stage, in);
            case "emit" -> blocks.emitted(stage);
            case "prev" -> blocks.prev(stage, in);
            case "as_stream", "group", "window" -> in;
            default -> throw new IllegalStateException("no stage " + stage.kind);
        };
    }

    /** What comes of a stage as a stream; of a table its changes. */
    private KStream<Object, Row> input(Program.Stage stage) {
        return tables.has(stage) ? tables.of(stage).toStream().processValues(Rebind::new) : made.get(stage.id);
    }

    /** Binds what is known of the record again: behind a table it is that of the result. */
    private final class Rebind extends ContextualFixedKeyProcessor<Object, Row, Row> {
        @Override
        public void process(FixedKeyRecord<Object, Row> record) {
            Scope scope = Metadata.scope(program, record.headers(), record.timestamp());
            Row row = record.value();
            if (row != null)
                row.scope.copyTo(scope);
            context().forward(record.withValue(new Row(row == null ? null : row.value, scope)));
        }
    }

    // ---- what stages have in common ----

    /** The variables of an expression behind AT. */
    static Scope scope(Program.Stage at, Object key, Row row) {
        Scope scope = new Scope(row.scope).with(at.key.id(), Keys.inner(key)).with(at.value.id(), row.value);
        return at.window == null ? scope : scope.with(at.window.id(), Keys.window(key));
    }

    /** Behind a map what it was made of may still be asked for. */
    static Scope mapped(Program.Stage stage, Row row) {
        return new Scope(row.scope).with(stage.input().value.id(), row.value);
    }

    /** A record without a value, where the type says that there is one. */
    static boolean isTombstone(Program.Stage at, Row row) {
        return row.value == null && !at.value.type().optional();
    }

    private Object eval(Program.Stage stage, Object key, Row row) {
        return stage.expr.eval(scope(stage.input(), key, row));
    }

    // ---- topics in ----

    private KStream<Object, Row> source(Program.Stage stage) {
        Json source = stage.json.get("source");
        Consumed<Object, Object> consumed = Consumed.with(program.wire(source.get("key")).serde(),
            program.wire(source.get("value"), reads.of(stage.value)).serde());
        if (source.has("time"))
            consumed = consumed.withTimestampExtractor(new EventTime(program, stage));
        List<String> topics = new ArrayList<>();
        for (Json topic : source.items("topics")) {
            if (topic.has("pattern"))
                return enter(builder.stream(Pattern.compile(topic.text("pattern")), consumed));
            topics.add(topic.text("name"));
        }
        return enter(builder.stream(topics, consumed));
    }

    private KStream<Object, Row> enter(KStream<Object, Object> stream) {
        return stream.processValues(Enter::new);
    }

    /** Begins a unit, and binds what is known of the record. */
    private final class Enter extends ContextualFixedKeyProcessor<Object, Object, Row> {
        @Override
        public void process(FixedKeyRecord<Object, Object> record) {
            Headers headers = new RecordHeaders(record.headers());
            if (!Units.enter(headers))
                return;
            Scope scope = Metadata.scope(program, headers, record.timestamp());
            context().recordMetadata().ifPresent(m -> Metadata.place(program, scope, m.topic(), m.partition(), m.offset()));
            context().forward(record.withValue(new Row(record.value(), scope)).withHeaders(headers));
        }
    }

    // ---- stages ----

    private KStream<Object, Row> filter(Program.Stage stage, KStream<Object, Row> in) {
        return in.filter((k, row) -> !isTombstone(stage.input(), row) && (Boolean) eval(stage, k, row));
    }

    private KStream<Object, Row> map(Program.Stage stage, KStream<Object, Row> in) {
        Uses wanted = reads.of(stage.value);
        return in.mapValues((k, row) -> isTombstone(stage.input(), row) ? row
            : new Row(stage.expr.evalWanted(scope(stage.input(), k, row), wanted), mapped(stage, row)));
    }

    private KStream<Object, Row> let(Program.Stage stage, KStream<Object, Row> in) {
        return in.mapValues((k, row) -> isTombstone(stage.input(), row) ? row
            : new Row(row.value, new Scope(row.scope).with(stage.let.id(), eval(stage, k, row))));
    }

    private KStream<Object, Row> keyBy(Program.Stage stage, KStream<Object, Row> in) {
        return readable(stage.input(), in, stage.expr).selectKey((k, row) -> eval(stage, k, row));
    }

    /** Tombstones pass what does not read the value. */
    private KStream<Object, Row> readable(Program.Stage at, KStream<Object, Row> in, Expr... exprs) {
        for (Expr e : exprs)
            if (program.readsValue(e))
                return in.filter((k, row) -> !isTombstone(at, row));
        return in;
    }

    private KStream<Object, Row> expand(Program.Stage stage, KStream<Object, Row> in) {
        return in.flatMapValues((k, row) -> {
            List<Row> rows = new ArrayList<>();
            if (isTombstone(stage.input(), row))
                return rows;
            for (Object element : Expr.list(eval(stage, k, row))) {
                Scope scope = new Scope(row.scope);
                for (int i = 0; i < stage.vars.size(); i++)
                    scope.with(stage.vars.get(i).id(), stage.vars.size() == 1 ? element : Expr.list(element).get(i));
                rows.add(new Row(row.value, scope));
            }
            return rows;
        });
    }

    private KStream<Object, Row> merge(Program.Stage stage) {
        KStream<Object, Row> all = null;
        for (Program.Stage input : stage.inputs) {
            if (!reads.isLive(input))
                continue;
            KStream<Object, Row> one = input(input).mapValues(row -> new Row(row.value, merged(stage, input, row.scope)));
            all = all == null ? one : all.merge(one);
        }
        return all;
    }

    /** Behind a merge there are the lets that all inputs have. */
    private static Scope merged(Program.Stage stage, Program.Stage input, Scope scope) {
        Scope out = new Scope(scope);
        for (Expr.Var let : stage.lets)
            for (Expr.Var own : input.lets)
                if (own.name().equals(let.name()) && own.id() != let.id())
                    out.with(let.id(), scope.get(own.id()));
        return out;
    }

    /** All branches of a split are made with the first of them. */
    private KStream<Object, Row> branch(Program.Stage stage, KStream<Object, Row> in) {
        return splits.computeIfAbsent(stage.json.integer("group"), group -> split(group, stage.input(), in)).get(stage.id);
    }

    private Map<Integer, KStream<Object, Row>> split(int group, Program.Stage at, KStream<Object, Row> in) {
        BranchedKStream<Object, Row> split = in.filter((k, row) -> !isTombstone(at, row)).split();
        Map<Integer, KStream<Object, Row>> branches = new HashMap<>();
        for (Program.Stage stage : program.stages) {
            if (!reads.isLive(stage) || !stage.kind.equals("branch") || stage.json.integer("group") != group)
                continue;
            Branched<Object, Row> branched = Branched.withConsumer(stream -> branches.put(stage.id, stream));
            if (stage.expr == null)
                split.defaultBranch(branched);
            else
                split.branch((k, row) -> (Boolean) eval(stage, k, row), branched);
        }
        return branches;
    }

    private KStream<Object, Row> peek(Program.Stage stage, KStream<Object, Row> in) {
        return in.peek((k, row) -> {
            if (!isTombstone(stage.input(), row) && stage.expr != null)
                eval(stage, k, row);
        });
    }

    private KStream<Object, Row> repartition(Program.Stage stage, KStream<Object, Row> in) {
        Json json = stage.json.get("repartition");
        Expr by = program.expr(json.get("by"));
        if (by != null)
            in = readable(stage.input(), in, by).selectKey((k, row) -> by.eval(scope(stage.input(), k, row)));
        Repartitioned<Object, Object> topic =
            Repartitioned.with(program.wire(json.get("key")).serde(), program.wire(json.get("value")).serde()).withName(Stores.name(stage));
        return enter(in.processValues(() -> new Leave(stage)).repartition(topic));
    }

    /** Marks what a unit sends. */
    private static final class Leave extends ContextualFixedKeyProcessor<Object, Row, Object> {
        private final Program.Stage stage;

        Leave(Program.Stage stage) {
            this.stage = stage;
        }

        @Override
        public void process(FixedKeyRecord<Object, Row> record) {
            Headers headers = new RecordHeaders(record.headers());
            Units.mark(headers, stage.id);
            context().forward(record.withValue(record.value().value).withHeaders(headers));
        }
    }

    private KStream<Object, Row> join(Program.Stage stage, KStream<Object, Row> in) {
        if (Joins.is(stage, "streams"))
            return tables.joins().streams(stage, in, input(stage.inputs.get(1))).processValues(Rebind::new);
        KStream<Object, Row> out = tables.joins().lookup(stage, in);
        return Joins.waits(stage) ? out.processValues(Rebind::new) : out;
    }

    // ---- topics out ----

    private KStream<Object, Row> to(Program.Stage stage, KStream<Object, Row> in) {
        Json sink = stage.json.get("sink");
        Send send = new Send(program, stage);
        KStream<Object, Object> out = readable(stage.input(), in, send.exprs()).processValues(() -> send.processor(Operators::scope));
        out.to((k, v, context) -> send.topic(context.headers()),
            Produced.with(program.wire(sink.get("key")).serde(), program.wire(sink.get("value")).serde()));
        return null;
    }
}
