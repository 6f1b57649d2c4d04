package weir.oracle;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.streams.kstream.Window;
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

    /** LABEL: what the answer calls it, as JSON. */
    record Store(String label, Wire key, Json window, Shown shown) {
        boolean isSession() {
            return window.text("kind").equals("session");
        }

        /** Bytes behind the inner key: end and start of a session; start and a number of other windows. */
        int suffix() {
            return isSession() ? 16 : 12;
        }

        Window bounds(ByteBuffer suffix) {
            long first = suffix.getLong();
            return isSession() ? new SessionWindow(suffix.getLong(), first) : new TimeWindow(first, first + window.number("size"));
        }
    }

    private final Map<String, Store> stores = new HashMap<>();

    static String name(Program.Stage stage) {
        return PREFIX + stage.id;
    }

    /** WINDOW: of an aggregate, or null. */
    void add(Program program, Program.Stage stage, Json window, Shown shown) {
        stores.put(name(stage), new Store(String.valueOf(stage.id), program.wire(stage.json.get("out").get("key_serde")).unwindowed(), window, shown));
    }

    /** One that a processor block declares: Kafka Streams' store is called NAME. WINDOW as of an aggregate. */
    void add(String name, Wire key, Json window, Shown shown) {
        stores.put(name, new Store(Json.quote(name), key, window, shown));
    }

    /** The store that has the changelog TOPIC, or null. That of a table source is its topic. */
    Store ofChangelog(String app, String topic) {
        return stores.get(between(app + "-", topic, "-changelog"));
    }

    /** The stage whose repartition topic TOPIC is, or -1: it is none. */
    static int repartitionOf(String app, String topic) {
        String stage = between(app + "-" + PREFIX, topic, "-repartition");
        return stage.isEmpty() ? -1 : Integer.parseInt(stage);
    }

    /** Empty if TOPIC has not this beginning and end. */
    private static String between(String begin, String topic, String end) {
        return topic.startsWith(begin) && topic.endsWith(end) ? topic.substring(begin.length(), topic.length() - end.length()) : "";
    }

    /** A record of a repartition topic, its bytes in hexadecimal. */
    static String line(int stage, TestRecord<byte[], byte[]> record) {
        return "{\"stage\":" + stage + ",\"key\":" + hex(record.key()) + ",\"value\":" + hex(record.value()) + ",\"timestamp\":"
            + record.timestamp() + "}";
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "null" : '"' + HexFormat.of().formatHex(bytes) + '"';
    }

    /** A record of a changelog as a line of a topic as a file. */
    static String line(Store store, TestRecord<byte[], byte[]> record) {
        byte[] inner = store.window == null ? record.key() : Arrays.copyOf(record.key(), record.key().length - store.suffix());
        Object key = store.key.read(inner);
        if (store.window != null)
            key = new Windowed<>(key, store.bounds(ByteBuffer.wrap(record.key(), inner.length, store.suffix())));
        Object kept = Intern.serde().deserializer().deserialize("", record.value());
        String value = kept == null ? "null" : store.shown.of(key, kept);
        return "{\"stage\":" + store.label + ",\"bytes\":" + hex(record.key()) + ",\"key\":" + store.key.inFile(inner) + Keys.inFile(key)
            + (value == null ? "" : ",\"value\":" + value) + ",\"timestamp\":" + record.timestamp() + "}";
    }
}
