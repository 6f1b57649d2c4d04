package weir.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** What `to` computes for each record: topic, time, headers. */
final class Send {
    static final String TOPIC = "weir.oracle.topic"; // the header in which a computed topic is handed on to the sink

    interface Scopes {
        Scope of(Program.Stage at, Object key, Operators.Row row);
    }

    private final Program.Stage stage;
    private final String topic;
    private final Expr route, time;
    private final List<Program.Header> headers = new ArrayList<>();

    Send(Program program, Program.Stage stage) {
        this.stage = stage;
        Json sink = stage.json.get("sink");
        topic = sink.text("topic");
        route = program.expr(sink.get("route"));
        time = program.expr(sink.get("time"));
        for (Json header : sink.items("headers"))
            headers.add(new Program.Header(header.text("name"), program.expr(header.get("value"))));
    }

    Expr[] exprs() {
        List<Expr> all = new ArrayList<>();
        all.add(route);
        all.add(time);
        headers.forEach(h -> all.add(h.value()));
        return all.toArray(Expr[]::new);
    }

    String topic(Headers of) {
        return topic != null ? topic : new String(of.lastHeader(TOPIC).value(), StandardCharsets.UTF_8);
    }

    FixedKeyProcessor<Object, Operators.Row, Object> processor(Scopes scopes) {
        return new ContextualFixedKeyProcessor<>() {
            @Override
            public void process(FixedKeyRecord<Object, Operators.Row> record) {
                Scope scope = scopes.of(stage.input(), record.key(), record.value());
                Headers out = new RecordHeaders(record.headers());
                for (Program.Header header : headers)
                    put(out, header.name(), header.value().eval(scope));
                if (route != null)
                    put(out, TOPIC, route.eval(scope));
                long at = time == null ? record.timestamp() : (Long) time.eval(scope);
                if (at < 0)
                    throw new Bad("a negative time");
                Units.mark(out, stage.id);
                context().forward(record.withValue(record.value().value()).withHeaders(out).withTimestamp(at));
            }
        };
    }

    static void put(Headers headers, String name, Object v) {
        headers.remove(name);
        if (v != null)
            headers.add(name, Texts.raw(v));
    }
}
