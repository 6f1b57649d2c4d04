package weir.oracle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** What Kafka Streams keeps in its stores, in an order and under keys that count, while the values' bytes do not: they are numbers of objects. */
public final class Intern implements Serde<Object> {
    private static final List<Object> objects = new ArrayList<>();

    static void reset() {
        objects.clear();
    }

    @SuppressWarnings("unchecked")
    static <T> Serde<T> serde() {
        return (Serde<T>) new Intern();
    }

    @Override
    public Serializer<Object> serializer() {
        return (topic, v) -> {
            if (v == null)
                return null;
            objects.add(v);
            return ByteBuffer.allocate(Integer.BYTES).putInt(objects.size() - 1).array();
        };
    }

    @Override
    public Deserializer<Object> deserializer() {
        return (topic, bytes) -> bytes == null ? null : objects.get(ByteBuffer.wrap(bytes).getInt());
    }
}
