package weir.oracle;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import weir.oracle.Operators.Row;

/** A processor block as a Processor of Kafka Streams: its statements, one after the other. */
final class Block implements Processor<Object, Block.Came, Object, Block.Sent> {
    /** A record of an input. */
    record Came(int input, Row row) {}

    /** What goes to a place that the block emits to. */
    record Sent(int stage, Row row) {}

    private final Program program;
    private final Reads reads;
    private final Program.Stage stage;
    private final Map<String, String> stores; // by the block's names: Kafka Streams'
    private final Map<String, BlockStore> found = new HashMap<>();
    private ProcessorContext<Object, Sent> context;

    Block(Program program, Reads reads, Program.Stage stage, Map<String, String> stores) {
        this.program = program;
        this.reads = reads;
        this.stage = stage;
        this.stores = stores;
    }

    @Override
    public void init(ProcessorContext<Object, Sent> context) {
        this.context = context;
        stores.forEach((name, full) -> found.put(name, BlockStore.of(context.getStateStore(full))));
        for (Program.Handler handler : stage.handlers)
            if (handler.every() > 0)
                context.schedule(Duration.ofMillis(handler.every()),
                    handler.wall() ? PunctuationType.WALL_CLOCK_TIME : PunctuationType.STREAM_TIME, time -> fire(handler, time));
    }

    @Override
    public void process(Record<Object, Came> record) {
        Came came = record.value();
        Program.Stage from = stage.inputs.get(came.input);
        if (Operators.isTombstone(from, came.row))
            return;
        for (Program.Handler handler : stage.handlers)
            if (handler.every() == 0 && handler.input() == came.input)
                new Run(Operators.scope(from, record.key(), came.row), record.key(), record.timestamp(), record.headers()).all(handler.body());
    }

    private void fire(Program.Handler handler, long time) {
        Units.begin();
        Headers none = new RecordHeaders();
        Scope scope = Metadata.scope(program, none, time);
        try {
            new Run(scope, null, time, none).all(handler.body());
        } catch (RuntimeException why) {
            Units.fail(why);
        }
    }

    /** One record, or one call of a timer. */
    private final class Run {
        private final Scope scope;
        private final Object key;
        private final long timestamp;
        private final Headers headers;

        Run(Scope outer, Object key, long timestamp, Headers headers) {
            scope = new Scope(outer);
            scope.stores = found;
            this.key = key;
            this.timestamp = timestamp;
            this.headers = new RecordHeaders(headers);
        }

        void all(List<Statement> statements) {
            for (Statement s : statements)
                one(s);
        }

        private void one(Statement s) {
            switch (s.what) {
                case "let", "set" -> {
                    if (reads.isRead(s.var))
                        hold(s.var, s.expr.evalWanted(scope, reads.of(s.var)));
                }
                case "if" -> all(Boolean.TRUE.equals(s.expr.eval(scope)) ? s.body : s.otherwise);
                case "for" -> loop(s);
                case "scan" -> s.place.in(scope).scan(s.place.find(scope), held -> turn(s, held));
                case "put" -> s.place.in(scope).put(s.place.find(scope), s.expr.eval(scope), timestamp);
                case "delete" -> s.place.in(scope).put(s.place.find(scope), null, timestamp);
                case "header" -> header(s);
                case "emit" -> emit(s);
                case "commit" -> context.commit();
                case "expr" -> s.expr.eval(scope);
                default -> throw new IllegalStateException("no statement " + s.what);
            }
        }

        private void hold(Expr.Var v, Object value) {
            if (v != null)
                scope.with(v.id(), value);
        }

        private void turn(Statement s, Object... held) {
            for (int i = 0; i < s.vars.size(); i++)
                hold(s.vars.get(i), held[i]);
            all(s.body);
        }

        private void loop(Statement s) {
            Object over = s.expr.eval(scope);
            if (over instanceof Map<?, ?> map) {
                new LinkedHashMap<>(map).forEach((k, v) -> turn(s, k, v));
                return;
            }
            long i = 0;
            for (Object element : Expr.list(over)) {
                if (s.vars.size() == 1)
                    turn(s, element);
                else
                    turn(s, i++, element);
            }
        }

        private void header(Statement s) {
            Send.put(headers, (String) s.expr.eval(scope), s.value == null ? null : s.value.eval(scope));
            Metadata.headers(program, scope, headers);
        }

        private void emit(Statement s) {
            Program.Stage to = program.stages.get(s.to);
            if (!reads.isLive(to))
                return;
            Object as = s.key == null ? key : s.key.eval(scope);
            Object value = s.value == null ? null : s.value.evalWanted(scope, reads.of(to.value));
            long time = s.time == null ? timestamp : (Long) s.time.eval(scope);
            if (time < 0)
                return; // Kafka Streams makes no such record; in weir it is dropped
            Headers with = new RecordHeaders(headers);
            for (Program.Header header : s.headers)
                Send.put(with, header.name(), header.value().eval(scope));
            context.forward(new Record<>(as, new Sent(s.to, new Row(value, Metadata.scope(program, with, time))), time, with));
        }
    }
}
