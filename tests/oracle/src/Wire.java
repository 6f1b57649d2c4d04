package weir.oracle;

import java.util.Base64;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.kstream.Window;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.kstream.internals.TimeWindow;

/**
 * A serde of the language: Kafka's own for scalars, JSON text else. Topics as files show keys and values as JSON. USES: what is read
 * of a value that comes in.
 */
record Wire(String format, Type type, String delimiter, Uses uses, String window, long windowSize) {
    @SuppressWarnings("unchecked")
    private Serde<Object> inner() {
        return (Serde<Object>) switch (format) {
            case "string" -> Serdes.String();
            case "bool" -> Serdes.Boolean();
            case "int32" -> Serdes.Integer();
            case "int64" -> Serdes.Long();
            case "float32" -> Serdes.Float();
            case "float64" -> Serdes.Double();
            case "bytes" -> Serdes.serdeFrom((t, v) -> ((Values.Bytes) v).bytes(), (t, b) -> (Object) new Values.Bytes(b));
            case "json" -> Serdes.serdeFrom((t, v) -> Values.utf8(Codec.write(type, v)), (t, b) -> readJson(b));
            case "csv" -> Serdes.serdeFrom((t, v) -> Values.utf8(Csv.write(this, v)), (t, b) -> Csv.read(this, Texts.text(b)));
            default -> throw new IllegalStateException("no serde " + format);
        };
    }

    @SuppressWarnings("unchecked")
    private Serde<Object> whole() {
        Serde<?> serde = window == null ? inner()
            : window.equals("session") ? new WindowedSerdes.SessionWindowedSerde<>(inner())
            : new WindowedSerdes.TimeWindowedSerde<>(inner(), windowSize);
        return (Serde<Object>) serde;
    }

    private Object readJson(byte[] bytes) {
        Json json = Json.parse(Texts.text(bytes));
        if (json.isNull() && type.kind != Type.Kind.JSON && !type.optional())
            throw new Bad("null");
        return Codec.read(type, json, uses);
    }

    byte[] bytes(Object v) {
        return v == null ? null : whole().serializer().serialize("", v);
    }

    Object read(byte[] bytes) {
        return bytes == null ? null : whole().deserializer().deserialize("", bytes);
    }

    Serializer<Object> serializer() {
        return (topic, v) -> bytes(v);
    }

    Deserializer<Object> deserializer() {
        return (topic, bytes) -> read(bytes);
    }

    Serde<Object> serde() {
        return Serdes.serdeFrom(serializer(), deserializer());
    }

    /** The same without the windows. */
    Wire unwindowed() {
        return new Wire(format, type, delimiter, uses, null, 0);
    }

    /** A key as a line of a file has it: its window is a member beside it. */
    byte[] keyOfFile(Json line) {
        byte[] key = unwindowed().ofFile(line.get("key"));
        if (window == null || key == null)
            return key;
        long start = Long.parseLong(line.get("window").get("start").raw), end = Long.parseLong(line.get("window").get("end").raw);
        Window bounds = window.equals("session") ? new SessionWindow(start, end) : new TimeWindow(start, end);
        return bytes(new Windowed<>(inner().deserializer().deserialize("", key), bounds));
    }

    /** The members key and window of a line. */
    String keyInFile(byte[] bytes) {
        if (window == null || bytes == null)
            return "\"key\":" + inFile(bytes);
        Windowed<?> key = (Windowed<?>) read(bytes);
        return "\"key\":" + unwindowed().inFile(inner().serializer().serialize("", key.key())) + Keys.inFile(key);
    }

    /** The bytes of what a file has as JSON. */
    byte[] ofFile(Json json) {
        if (json == null || json.isNull())
            return null;
        return switch (format) {
            case "json" -> Values.utf8(json.raw);
            case "string" -> Values.utf8((String) json.value);
            case "csv" -> json.value instanceof String line && type.plain().kind == Type.Kind.RECORD ? Values.utf8(line)
                : bytes(Codec.read(type.plain(), json, Uses.WHOLE));
            case "bytes" -> Base64.getDecoder().decode((String) json.value);
            default -> bytes(Codec.read(type.plain(), json, Uses.WHOLE));
        };
    }

    /** JSON has no infinities: a file has their bytes. */
    private static String finite(String text, byte[] bytes) {
        return text.matches("-?(Infinity|NaN)") ? "{\"base64\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}" : text;
    }

    /** What a file has for the bytes. */
    String inFile(byte[] bytes) {
        if (bytes == null)
            return "null";
        return switch (format) {
            case "json" -> Texts.text(bytes);
            case "csv" -> Codec.write(type, read(bytes));
            case "string" -> Json.quote(Texts.text(bytes));
            case "bytes" -> '"' + Base64.getEncoder().encodeToString(bytes) + '"';
            case "float32" -> finite(Numbers.text((Float) read(bytes)), bytes);
            case "float64" -> finite(Numbers.text((Double) read(bytes)), bytes);
            default -> read(bytes).toString();
        };
    }
}
