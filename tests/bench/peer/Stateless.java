// stateless.weir by hand with Kafka Streams, as fast as a careful person would make it: Jackson's streaming parser reads the three fields that
// are used and skips the others, its generator writes into a buffer that is kept.
//
//   Stateless BROKERS IN OUT SCRATCH COUNT
//
// Reads COUNT records of IN twice in one JVM: first into SCRATCH, so that everything is compiled, then into OUT. Prints, of the second time, the
// CPU seconds of the process from the first record until all is flushed, and the seconds from the first record to the last.
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

class Stateless {
    static final class Order {
        String id, customer;
        double amount;
    }

    static final JsonFactory JSON = new JsonFactory();

    static final class OrderReader implements Deserializer<Order> {
        @Override
        public Order deserialize(String topic, byte[] data) {
            if (data == null)
                return null;
            Order order = new Order();
            try (JsonParser p = JSON.createParser(data)) {
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
            try (JsonGenerator g = JSON.createGenerator(buffer)) {
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

    // One thread counts: no atomics in the record path.
    static final class Progress {
        final long wanted;
        long seen, beganNanos, endedNanos;
        double beganCpu;
        final CountDownLatch done = new CountDownLatch(1);

        Progress(long wanted) {
            this.wanted = wanted;
        }

        void record() {
            if (seen++ == 0) {
                beganCpu = cpuSeconds();
                beganNanos = System.nanoTime();
            }
            if (seen == wanted) {
                endedNanos = System.nanoTime();
                done.countDown();
            }
        }
    }

    static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    static Properties settings(String brokers) throws IOException {
        Properties p = new Properties();
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-" + UUID.randomUUID());
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        p.put(StreamsConfig.STATE_DIR_CONFIG, Files.createTempDirectory("bench").toString());
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200); // as often as weir
        p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 5000);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5000);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.CHECK_CRCS_CONFIG), false);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 262144);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 67108864);
        return p;
    }

    static Progress run(String brokers, String in, String out, long count) throws Exception {
        Progress progress = new Progress(count);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(in, Consumed.with(Serdes.ByteArray(), Serdes.serdeFrom(new OrderWriter(), new OrderReader())))
            .filter((key, order) -> {
                progress.record();
                return order.amount > 100;
            })
            .to(out, Produced.with(Serdes.ByteArray(), Serdes.serdeFrom(new OrderWriter(), new OrderReader())));
        KafkaStreams streams = new KafkaStreams(builder.build(), settings(brokers));
        streams.start();
        progress.done.await();
        streams.close(Duration.ofSeconds(60)); // commits: everything is flushed
        return progress;
    }

    public static void main(String[] args) throws Exception {
        long count = Long.parseLong(args[4]);
        run(args[0], args[1], args[3], count);
        Progress p = run(args[0], args[1], args[2], count);
        System.out.printf("%.3f %.3f%n", cpuSeconds() - p.beganCpu, (p.endedNanos - p.beganNanos) / 1e9);
    }
}
