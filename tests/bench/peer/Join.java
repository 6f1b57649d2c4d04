// The programs of join/*.weir by hand with Kafka Streams: Jackson's streaming parser reads the fields that are used, its generator writes into a buffer that is
// kept; what stores keep are bytes of a fixed order.
//
//   Join BROKERS lookup|near|foreign LEFT RIGHT OUT SCRATCH RESULTS CACHE-BYTES COMMIT-MS
//
// Runs until RESULTS have come out, twice in one JVM: first into SCRATCH, so that everything is compiled, then into OUT. Prints, of the second time, the CPU
// seconds of the process from the first record (of either side) until all is flushed, when that first record came, in seconds since 1970, and the most memory
// in MB.
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;

class Join {
    static final Duration NEAR = Duration.ofMinutes(10);

    record Order(String id, String customer, double amount) {}
    record Result(String id, double amount, String name) {}

    // From the first record of a run to the last result.
    static final class Meter {
        final Peer.Progress progress;
        double beganCpu;
        long beganMillis; // since 1970

        Meter(long results) {
            progress = new Peer.Progress(results);
        }

        void begin() {
            if (beganMillis == 0) {
                beganCpu = Peer.cpuSeconds();
                beganMillis = System.currentTimeMillis();
            }
        }
    }

    static JsonParser parser(byte[] data) throws IOException {
        JsonParser p = Peer.JSON.createParser(data);
        p.nextToken();
        return p;
    }

    static final class OrderReader implements Deserializer<Order> {
        private final Meter meter;
        private final boolean byCustomer; // that is, its customer is needed

        OrderReader(Meter meter, boolean byCustomer) {
            this.meter = meter;
            this.byCustomer = byCustomer;
        }

        @Override
        public Order deserialize(String topic, byte[] data) {
            meter.begin();
            if (data == null)
                return null;
            String id = null, customer = null;
            double amount = 0;
            int left = byCustomer ? 3 : 2;
            try (JsonParser p = parser(data)) {
                while (left > 0 && p.nextToken() == JsonToken.FIELD_NAME) {
                    String name = p.currentName();
                    p.nextToken();
                    if (name.equals("id")) {
                        id = p.getText();
                        left--;
                    } else if (name.equals("amount")) {
                        amount = p.getDoubleValue();
                        left--;
                    } else if (byCustomer && name.equals("customer")) {
                        customer = p.getText();
                        left--;
                    } else {
                        p.skipChildren();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Order(id, customer, amount);
        }
    }

    // The one field FIELD.
    static final class TextReader implements Deserializer<String> {
        private final Meter meter;
        private final String field;

        TextReader(Meter meter, String field) {
            this.meter = meter;
            this.field = field;
        }

        @Override
        public String deserialize(String topic, byte[] data) {
            meter.begin();
            if (data == null)
                return null;
            try (JsonParser p = parser(data)) {
                while (p.nextToken() == JsonToken.FIELD_NAME) {
                    boolean wanted = p.currentName().equals(field);
                    p.nextToken();
                    if (wanted)
                        return p.getText();
                    p.skipChildren();
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // In stores and changelogs.
    static final Serde<Order> STORED = Serdes.serdeFrom((topic, o) -> {
        if (o == null)
            return null;
        byte[] id = o.id.getBytes(StandardCharsets.UTF_8);
        byte[] customer = o.customer == null ? new byte[0] : o.customer.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(16 + id.length + customer.length).putDouble(o.amount).putInt(id.length).putInt(customer.length).put(id).put(customer).array();
    }, (topic, data) -> {
        if (data == null)
            return null;
        ByteBuffer b = ByteBuffer.wrap(data);
        double amount = b.getDouble();
        int id = b.getInt(), customer = b.getInt();
        return new Order(new String(data, 16, id, StandardCharsets.UTF_8), new String(data, 16 + id, customer, StandardCharsets.UTF_8), amount);
    });

    static final class ResultWriter implements Serializer<Result> {
        private final Meter meter;
        private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);

        ResultWriter(Meter meter) {
            this.meter = meter;
        }

        @Override
        public byte[] serialize(String topic, Result r) {
            if (r == null)
                return null;
            buffer.reset();
            try (JsonGenerator g = Peer.JSON.createGenerator(buffer)) {
                g.writeStartObject();
                g.writeStringField("id", r.id);
                g.writeNumberField("amount", r.amount);
                g.writeStringField("name", r.name);
                g.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            meter.progress.record();
            return buffer.toByteArray();
        }
    }

    static Result result(Order order, String name) {
        return new Result(order.id, order.amount, name);
    }

    // A table keeps values in the serde that its topic is read with; one made of a stream has its own.
    static KTable<Bytes, String> customers(StreamsBuilder builder, String topic, Meter meter) {
        Serde<String> read = Serdes.serdeFrom(Serdes.String().serializer(), new TextReader(meter, "name"));
        return builder.stream(topic, Consumed.with(Serdes.Bytes(), read)).toTable(Materialized.with(Serdes.Bytes(), Serdes.String()));
    }

    static KStream<Bytes, Result> results(String[] args, StreamsBuilder builder, Meter meter) {
        boolean foreign = args[1].equals("foreign");
        Serde<Order> orders = Serdes.serdeFrom(STORED.serializer(), new OrderReader(meter, foreign));
        Consumed<Bytes, Order> left = Consumed.with(Serdes.Bytes(), orders);
        if (foreign)
            return builder.stream(args[2], left)
                .toTable(Materialized.with(Serdes.Bytes(), STORED))
                .join(customers(builder, args[3], meter), o -> new Bytes(o.customer.getBytes(StandardCharsets.UTF_8)), Join::result)
                .toStream();
        if (args[1].equals("lookup"))
            return builder.stream(args[2], left).join(customers(builder, args[3], meter), Join::result, Joined.with(Serdes.Bytes(), STORED, Serdes.String()));
        Serde<String> methods = Serdes.serdeFrom(Serdes.String().serializer(), new TextReader(meter, "method"));
        return builder.stream(args[2], left)
            .join(builder.stream(args[3], Consumed.with(Serdes.Bytes(), methods)), Join::result, JoinWindows.ofTimeDifferenceWithNoGrace(NEAR),
                  StreamJoined.with(Serdes.Bytes(), STORED, Serdes.String()));
    }

    static Meter run(String[] args, String out) throws Exception {
        Meter meter = new Meter(Long.parseLong(args[6]));
        StreamsBuilder builder = new StreamsBuilder();
        Serde<Result> written = Serdes.serdeFrom(new ResultWriter(meter), (topic, data) -> null);
        results(args, builder, meter).to(out, Produced.with(Serdes.Bytes(), written));
        Properties p = Peer.settings(args[0], Peer.newName(), Long.parseLong(args[8]));
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, Long.parseLong(args[7]));
        KafkaStreams streams = new KafkaStreams(builder.build(), p);
        streams.start();
        meter.progress.done.await();
        streams.close(Duration.ofSeconds(120)); // commits: everything is flushed
        streams.cleanUp();
        return meter;
    }

    public static void main(String[] args) throws Exception {
        run(args, args[5]);
        Peer.forgetMegabytes();
        Meter m = run(args, args[4]);
        System.out.printf("%.3f %.3f %d%n", Peer.cpuSeconds() - m.beganCpu, m.beganMillis / 1e3, Peer.megabytes());
    }
}
