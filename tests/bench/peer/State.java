// The programs of state/*.weir by hand with Kafka Streams: keys and values of the store are bytes of fixed layout, Jackson's streaming parser stops at
// the one field that is used, its generator writes into a buffer that is kept.
//
//   State BROKERS rows|windows|restore IN OUT SCRATCH COUNT CACHE-BYTES COMMIT-MS
//
// rows, windows: count and sum by key (and by minute) of COUNT records of IN, twice in one JVM: first into SCRATCH, so that everything is compiled,
// then into OUT. Prints, of the second time, the CPU seconds of the process from the first record until all is flushed, when that first
// record came, in seconds since 1970, and the most memory in MB.
// restore: after rows into SCRATCH, the store is lost twice and restored from its changelog. Prints, of the second time, the CPU seconds and the seconds from
// the first partition's begin to the last one's end, and the memory.
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindowedDeserializer;
import org.apache.kafka.streams.kstream.TimeWindowedSerializer;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.StateRestoreListener;

class State {
    static final Duration MINUTE = Duration.ofMinutes(1);

    record Totals(long orders, double total) {
        static final Totals NONE = new Totals(0, 0);

        Totals plus(double amount) {
            return new Totals(orders + 1, total + amount);
        }
    }

    static final class AmountReader implements Deserializer<Double> {
        @Override
        public Double deserialize(String topic, byte[] data) {
            if (data == null)
                return null;
            try (JsonParser p = Peer.JSON.createParser(data)) {
                p.nextToken();
                while (p.nextToken() == JsonToken.FIELD_NAME) {
                    boolean wanted = p.currentName().equals("amount");
                    p.nextToken();
                    if (wanted)
                        return p.getDoubleValue();
                    p.skipChildren();
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // In the store and the changelog.
    static final Serde<Totals> STORED = Serdes.serdeFrom(
        (topic, t) -> t == null ? null : ByteBuffer.allocate(16).putLong(t.orders).putDouble(t.total).array(),
        (topic, data) -> {
            if (data == null)
                return null;
            ByteBuffer b = ByteBuffer.wrap(data);
            return new Totals(b.getLong(), b.getDouble());
        });

    static final class TotalsWriter implements Serializer<Totals> {
        private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);

        @Override
        public byte[] serialize(String topic, Totals t) {
            if (t == null)
                return null;
            buffer.reset();
            try (JsonGenerator g = Peer.JSON.createGenerator(buffer)) {
                g.writeStartObject();
                g.writeNumberField("orders", t.orders);
                g.writeNumberField("total", t.total);
                g.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return buffer.toByteArray();
        }
    }

    static void rows(KGroupedStream<Bytes, Double> orders, Serde<Totals> written, String out) {
        orders.aggregate(() -> Totals.NONE, (key, amount, totals) -> totals.plus(amount), Materialized.with(Serdes.Bytes(), STORED))
            .toStream()
            .to(out, Produced.with(Serdes.Bytes(), written));
    }

    static void windows(KGroupedStream<Bytes, Double> orders, Serde<Totals> written, String out) {
        orders.windowedBy(TimeWindows.ofSizeWithNoGrace(MINUTE))
            .aggregate(() -> Totals.NONE, (key, amount, totals) -> totals.plus(amount), Materialized.with(Serdes.Bytes(), STORED))
            .toStream()
            .to(out, Produced.with(Serdes.serdeFrom(new TimeWindowedSerializer<>(Serdes.Bytes().serializer()),
                                       new TimeWindowedDeserializer<>(Serdes.Bytes().deserializer(), MINUTE.toMillis())),
                         written));
    }

    static KafkaStreams build(String[] args, String name, Peer.Progress progress, TotalsWriter writer, String out) throws IOException {
        StreamsBuilder builder = new StreamsBuilder();
        Serde<Double> amounts = Serdes.serdeFrom(Serdes.Double().serializer(), new AmountReader());
        KGroupedStream<Bytes, Double> orders = builder.stream(args[2], Consumed.with(Serdes.Bytes(), amounts))
                                                   .peek((key, amount) -> progress.record())
                                                   .groupByKey(Grouped.with(Serdes.Bytes(), amounts));
        Serde<Totals> written = Serdes.serdeFrom(writer, STORED.deserializer());
        if (args[1].equals("windows"))
            windows(orders, written, out);
        else
            rows(orders, written, out);
        Properties p = Peer.settings(args[0], name, Long.parseLong(args[7]));
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, Long.parseLong(args[6]));
        return new KafkaStreams(builder.build(), p);
    }

    static void close(KafkaStreams streams) {
        streams.close(Duration.ofSeconds(120)); // commits: everything is flushed
    }

    static void report(double cpu, double seconds) throws IOException {
        System.out.printf("%.3f %.3f %d%n", cpu, seconds, Peer.megabytes());
    }

    static void process(String[] args, String name, String out, boolean measured) throws Exception {
        Peer.Progress progress = new Peer.Progress(Long.parseLong(args[5]));
        TotalsWriter writer = new TotalsWriter();
        KafkaStreams streams = build(args, name, progress, writer, out);
        streams.start();
        progress.done.await();
        close(streams);
        if (measured)
            report(Peer.cpuSeconds() - progress.beganCpu, progress.beganMillis / 1e3);
        streams.cleanUp();
    }

    static final class Restored implements StateRestoreListener {
        final CountDownLatch left = new CountDownLatch(4); // partitions
        double cpu;
        long beganNanos, endedNanos, records;

        @Override
        public synchronized void onRestoreStart(TopicPartition tp, String store, long start, long end) {
            if (beganNanos == 0) {
                beganNanos = System.nanoTime();
                cpu = Peer.cpuSeconds();
            }
        }

        @Override
        public void onBatchRestored(TopicPartition tp, String store, long end, long count) {}

        @Override
        public synchronized void onRestoreEnd(TopicPartition tp, String store, long total) {
            records += total;
            left.countDown();
            if (left.getCount() == 0) {
                endedNanos = System.nanoTime();
                cpu = Peer.cpuSeconds() - cpu;
            }
        }
    }

    static void restore(String[] args, String name, boolean measured) throws Exception {
        KafkaStreams streams = build(args, name, new Peer.Progress(1), new TotalsWriter(), args[4]);
        Restored restored = new Restored();
        streams.setGlobalStateRestoreListener(restored);
        streams.start();
        restored.left.await();
        close(streams);
        if (restored.records != Long.parseLong(args[5]))
            throw new IllegalStateException("restored " + restored.records);
        if (measured)
            report(restored.cpu, (restored.endedNanos - restored.beganNanos) / 1e9);
        streams.cleanUp();
    }

    public static void main(String[] args) throws Exception {
        String name = Peer.newName();
        process(args, name, args[4], false);
        if (args[1].equals("restore"))
            restore(args, name, false);
        Peer.forgetMegabytes();
        if (args[1].equals("restore"))
            restore(args, name, true);
        else
            process(args, Peer.newName(), args[3], true);
    }
}
