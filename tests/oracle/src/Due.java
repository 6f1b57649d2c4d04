package weir.oracle;

import java.lang.reflect.Field;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import weir.oracle.Operators.Row;

/**
 * In front of a side of a join of streams. Kafka Streams looks for records that are due only if the least time it remembers of them says so; what it
 * remembers is too late once it has looked. With no least time it looks always: records leave as soon as they are due, as weir's do.
 */
final class Due extends ContextualFixedKeyProcessor<Object, Row, Row> {
    @Override
    public void process(FixedKeyRecord<Object, Row> record) {
        forgetLeastTime(((InternalProcessorContext<?, ?>) context()).currentNode());
        context().forward(record);
    }

    private static void forgetLeastTime(ProcessorNode<?, ?, ?, ?> node) {
        try {
            Object processor = field(node, "processor");
            Object tracker = processor == null ? null : field(processor, "sharedTimeTracker");
            if (tracker != null)
                declared(tracker.getClass(), "minTime").setLong(tracker, Long.MIN_VALUE / 2);
            else
                node.children().forEach(Due::forgetLeastTime);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object field(Object of, String name) throws IllegalAccessException {
        Field field = declared(of.getClass(), name);
        return field == null ? null : field.get(of);
    }

    private static Field declared(Class<?> type, String name) {
        for (Class<?> c = type; c != null; c = c.getSuperclass())
            for (Field field : c.getDeclaredFields())
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field;
                }
        return null;
    }
}
