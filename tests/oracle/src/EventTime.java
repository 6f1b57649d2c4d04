package weir.oracle;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/** `time EXPR` of a source. A record without a value keeps its own time if the expression reads the value. */
final class EventTime implements TimestampExtractor {
    private final Program program;
    private final Program.Stage source;
    private final Expr time;

    EventTime(Program program, Program.Stage source) {
        this.program = program;
        this.source = source;
        time = program.expr(source.json.get("source").get("time"));
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        if (record.value() == null && !source.value.type().optional() && program.readsValue(time))
            return record.timestamp();
        Scope scope = Metadata.scope(program, record.headers(), record.timestamp());
        Metadata.place(program, scope, record.topic(), record.partition(), record.offset());
        scope.with(source.key.id(), Keys.inner(record.key())).with(source.value.id(), record.value());
        try {
            return (Long) time.eval(scope);
        } catch (Bad e) {
            Units.spoil();
            return record.timestamp();
        }
    }
}
