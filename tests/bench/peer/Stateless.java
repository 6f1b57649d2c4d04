// stateless.weir by hand with Kafka Streams, as fast as a careful person would make it: Jackson's streaming parser reads the three fields that
// are used and skips the others, its generator writes into a buffer that is kept.
//
//   Stateless BROKERS IN OUT SCRATCH COUNT COMMIT-MS
//
// Reads COUNT records of IN twice in one JVM: first into SCRATCH, so that everything is compiled, then into OUT. Prints, of the second time, the
// CPU seconds of the process from the first record until all is flushed, when that first record came, in seconds since 1970, and the most memory in
// MB.
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

class Stateless {
    static final class Order {
        String id, customer;
        double amount;
    }

    static final class OrderReader implements Deserializer<Order> {
        @Override
        public Order deserialize(String topic, byte[] data) {
            if (data == null)
                return null;
            Order order = new Order();
            try (JsonParser p = Peer.JSON.createParser(data)) {
                p.nextToken();
                while (p.nextToken() == JsonToken.FIELD_NAME) {
                    String name = p.currentName();
                    p.nextToken();
                    switch (name) {
                        case "id" -> order.id = p.getText();
                        case "customer" -> order.customer = p.getText();
                        case "amount" -> order.amount = p.getDoubleValue();
                        default -> p.skipChildren();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return order;
        }
    }

    static final class OrderWriter implements Serializer<Order> {
        private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);

        @Override
        public byte[] serialize(String topic, Order order) {
            if (order == null)
                return null;
            buffer.reset();
            try (JsonGenerator g = Peer.JSON.createGenerator(buffer)) {
                g.writeStartObject();
                g.writeStringField("id", order.id);
                g.writeStringField("customer", order.customer);
                g.writeNumberField("amount", order.amount);
                g.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return buffer.toByteArray();
        }
    }

    static Peer.Progress run(String brokers, String in, String out, long count, long commitMs) throws Exception {
        Peer.Progress progress = new Peer.Progress(count);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(in, Consumed.with(Serdes.ByteArray(), Serdes.serdeFrom(new OrderWriter(), new OrderReader())))
            .filter((key, order) -> {
                progress.record();
                return order.amount > 100;
            })
            .to(out, Produced.with(Serdes.ByteArray(), Serdes.serdeFrom(new OrderWriter(), new OrderReader())));
        KafkaStreams streams = new KafkaStreams(builder.build(), Peer.settings(brokers, Peer.newName(), commitMs));
        streams.start();
        progress.done.await();
        streams.close(Duration.ofSeconds(60)); // commits: everything is flushed
        return progress;
    }

    public static void main(String[] args) throws Exception {
        long count = Long.parseLong(args[4]), commitMs = Long.parseLong(args[5]);
        run(args[0], args[1], args[3], count, commitMs);
        Peer.forgetMegabytes();
        Peer.Progress p = run(args[0], args[1], args[2], count, commitMs);
        System.out.printf("%.3f %.3f %d%n", Peer.cpuSeconds() - p.beganCpu, p.beganMillis / 1e3, Peer.megabytes());
    }
}
