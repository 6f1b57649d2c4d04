package weir.oracle;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.kstream.internals.TimeWindow;
import org.apache.kafka.streams.test.TestRecord;

/** The stores of a program, and what their changelogs say. Kafka Streams' stores have the numbers of our stages in their names. */
final class Stores {
    private static final String PREFIX = "stage-";

    /** What of a kept object the changelog is compared by, as JSON: of an object the members that are promised. Null: of nothing. */
    interface Shown {
        String of(Object key, Object kept);
    }

    private record Store(Wire key, Json window, Shown shown) {}

    private final Map<Integer, Store> stores = new HashMap<>();

    static String name(Program.Stage stage) {
        return PREFIX + stage.id;
    }

    /** WINDOW: of an aggregate, or null. */
    void add(Program program, Program.Stage stage, Json window, Shown shown) {
        stores.put(stage.id, new Store(program.wire(stage.json.get("out").get("key_serde")).unwindowed(), window, shown));
    }

    /** The stage whose store has the changelog TOPIC, or -1. */
    static int stageOf(String app, String topic) {
        String begin = app + "-" + PREFIX, end = "-changelog";
        return topic.startsWith(begin) && topic.endsWith(end)
            ? Integer.parseInt(topic.substring(begin.length(), topic.length() - end.length())) : -1;
    }

    /** A record of a changelog as a line of a topic as a file. */
    String line(Program.Stage stage, TestRecord<byte[], byte[]> record) {
        Store store = stores.get(stage.id);
        byte[] bytes = record.key(), inner = bytes;
        String window = "";
        if (store.window != null) {
            boolean session = store.window.text("kind").equals("session");
            inner = Arrays.copyOf(bytes, bytes.length - (session ? 16 : 12));
            ByteBuffer bounds = ByteBuffer.wrap(bytes, inner.length, bytes.length - inner.length);
            long first = bounds.getLong();
            window = Keys.inFile(new Windowed<>(inner, session ? new SessionWindow(bounds.getLong(), first)
                : new TimeWindow(first, first + store.window.number("size"))));
        }
        Object kept = Intern.serde().deserializer().deserialize("", record.value());
        String value = kept == null ? "null" : store.shown.of(store.key.read(inner), kept);
        return "{\"stage\":" + stage.id + ",\"key\":" + store.key.inFile(inner) + window
            + (value == null ? "" : ",\"value\":" + value) + ",\"timestamp\":" + record.timestamp() + "}";
    }
}
