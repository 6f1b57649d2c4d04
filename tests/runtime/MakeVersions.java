import java.time.Duration;
import java.util.*;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.*;

/**
 * Writes tests/runtime/versions.txt, what Kafka Streams' versioned store answers: java -cp 'JARS/*' MakeVersions.java > versions.txt, with the jars of
 * tests/oracle. A line is `put KEY TIME VALUE RESULT` (VALUE - for none; RESULT latest, late or expired) or `get KEY TIME ANSWER` (- for nothing;
 * TIME now for the latest).
 */
class MakeVersions {
    static final int HISTORY = 200000, KEYS = 12, OPERATIONS = 4000;

    static class Asker implements Processor<String, String, String, String> {
        ProcessorContext<String, String> context;
        VersionedKeyValueStore<String, String> store;

        @Override
        public void init(ProcessorContext<String, String> context) {
            this.context = context;
            store = context.getStateStore("s");
        }

        @Override
        public void process(Record<String, String> record) {
            String[] words = record.value().split(" ");
            long time = words[2].equals("now") ? 0 : Long.parseLong(words[2]);
            String answer;
            if (words[0].equals("put")) {
                long code = store.put(words[1], words[3].equals("-") ? null : words[3], time);
                answer = code == VersionedKeyValueStore.PUT_RETURN_CODE_NOT_PUT ? "expired"
                    : code == VersionedKeyValueStore.PUT_RETURN_CODE_VALID_TO_UNDEFINED ? "latest" : "late";
            } else {
                VersionedRecord<String> found = words[2].equals("now") ? store.get(words[1]) : store.get(words[1], time);
                answer = found == null ? "-" : found.value() + "@" + found.timestamp();
            }
            context.forward(record.withValue(record.value() + " " + answer));
        }
    }

    public static void main(String[] args) throws Exception {
        Topology topology = new Topology();
        topology.addSource("in", new StringDeserializer(), new StringDeserializer(), "in");
        topology.addProcessor("asker", Asker::new, "in");
        topology.addStateStore(Stores.versionedKeyValueStoreBuilder(
            Stores.persistentVersionedKeyValueStore("s", Duration.ofMillis(HISTORY)), Serdes.String(), Serdes.String()), "asker");
        topology.addSink("out", "out", new StringSerializer(), new StringSerializer(), "asker");
        Properties p = new Properties();
        p.put("application.id", "versions");
        p.put("bootstrap.servers", "nowhere:1");
        p.put("state.dir", java.nio.file.Files.createTempDirectory("versions").toString());
        Random random = new Random(20240501);
        long now = 0;
        try (TopologyTestDriver driver = new TopologyTestDriver(topology, p)) {
            TestInputTopic<String, String> in = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            TestOutputTopic<String, String> out = driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
            for (int n = 0; n < OPERATIONS; n++) {
                String key = "k" + random.nextInt(KEYS);
                now += random.nextInt(100) == 0 ? random.nextInt(3 * HISTORY) : random.nextInt(2000);
                long back = random.nextInt(3) == 0 ? 0 : random.nextInt(10) == 0 ? random.nextInt(2 * HISTORY) : random.nextInt(60000);
                long time = Math.max(0, (now - back) / 1000 * 1000);
                String operation = random.nextInt(2) == 0 ? "put " + key + " " + time + " " + (random.nextInt(4) == 0 ? "-" : "v" + n)
                    : "get " + key + " " + (random.nextInt(8) == 0 ? "now" : "" + time);
                in.pipeInput(key, operation, n);
                System.out.println(out.readValue());
            }
        }
    }
}
