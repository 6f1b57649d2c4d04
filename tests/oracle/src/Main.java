package weir.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The oracle. A request is a line of JSON, {"program": ..., "records": [...]}; the answer is a line: {"bad": N, "records": [...],
 * "changelogs": [...], "repartitions": [...]}, with the records of each topic in order, or {"error": "..."}. Records are as in topics as files, with their topic.
 */
final class Main {
    private static final String APP = "oracle";

    public static void main(String[] args) throws IOException {
        String stateDir = args[0];
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line; (line = in.readLine()) != null;) {
            out.println(answer(Json.parse(line), stateDir));
            out.flush();
        }
    }

    private static String answer(Json request, String stateDir) {
        try {
            Units.reset();
            Intern.reset();
            Program program = new Program(request.get("program"));
            Operators operators = new Operators(program);
            List<Json> records = request.items("records");
            Clock clock = new Clock(records);
            try (TopologyTestDriver driver = new TopologyTestDriver(operators.build(), settings(stateDir), clock.start())) {
                for (Json record : records) {
                    clock.advance(driver, record);
                    pipe(driver, program, record);
                }
                return result(driver, program, operators);
            }
        } catch (RuntimeException | Error e) {
            return error(e);
        }
    }

    private static String error(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return "{\"error\":" + Json.quote(trace.toString()) + "}";
    }

    private static Properties settings(String stateDir) {
        Properties p = new Properties();
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, APP);
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        p.put(StreamsConfig.STATE_DIR_CONFIG, stateDir);
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        p.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_OUTER_JOIN_SPURIOUS_RESULTS_FIX, 0L);
        p.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Intern.class);
        p.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, Units.Decoding.class);
        p.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, Units.Processing.class);
        p.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, Units.Producing.class);
        return p;
    }

    private static void pipe(TopologyTestDriver driver, Program program, Json record) {
        String topic = record.text("topic");
        Json source = source(program, topic);
        if (source == null)
            return; // nothing that is read leads anywhere
        Headers headers = new RecordHeaders();
        if (record.has("headers"))
            record.get("headers").object().forEach((k, v) -> headers.add(k, v.isNull() ? null : Values.utf8((String) v.value)));
        byte[] key = program.wire(source.get("key")).keyOfFile(record);
        byte[] value = program.wire(source.get("value")).ofFile(record.object().get("value"));
        Units.begin();
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
            .pipeInput(new TestRecord<>(key, value, headers, Long.valueOf(record.get("timestamp").raw)));
        if (Units.bug != null)
            throw new IllegalStateException("the oracle is wrong", Units.bug);
    }

    private static Json source(Program program, String topic) {
        Reads reads = new Reads(program);
        for (Program.Stage stage : program.stages)
            if (stage.kind.equals("source") && reads.isLive(stage))
                for (Json t : stage.json.get("source").items("topics"))
                    if (t.has("name") ? t.text("name").equals(topic) : Pattern.matches(t.text("pattern"), topic))
                        return stage.json.get("source");
        return null;
    }

    private static String result(TopologyTestDriver driver, Program program, Operators operators) {
        List<String> records = new ArrayList<>(), changelogs = new ArrayList<>(), repartitions = new ArrayList<>();
        for (String topic : driver.producedTopicNames()) {
            Stores.Store store = operators.stores().ofChangelog(APP, topic);
            int repartition = Stores.repartitionOf(APP, topic);
            if (topic.startsWith(APP + "-") && store == null && repartition < 0)
                continue;
            for (TestRecord<byte[], byte[]> r : driver.createOutputTopic(topic, new ByteArrayDeserializer(),
                    new ByteArrayDeserializer()).readRecordsToList())
                if (store != null)
                    changelogs.add(Stores.line(store, r));
                else if (repartition >= 0)
                    repartitions.add(Stores.line(repartition, r));
                else if (Units.isGood(r.headers()))
                    records.add(record(program, topic, r));
        }
        return "{\"bad\":" + Units.bad() + ",\"records\":[" + String.join(",", records) + "],\"changelogs\":["
            + String.join(",", changelogs) + "],\"repartitions\":[" + String.join(",", repartitions) + "]}";
    }

    private static String record(Program program, String topic, TestRecord<byte[], byte[]> r) {
        Json sink = program.stages.get(Units.sentBy(r.headers())).json.get("sink");
        List<String> headers = new ArrayList<>();
        for (Header h : r.headers())
            if (!h.key().equals(Units.HEADER) && !h.key().equals(Send.TOPIC))
                headers.add(Json.quote(h.key()) + ":" + Json.quote(Texts.text(h.value())));
        return "{\"topic\":" + Json.quote(topic) + "," + program.wire(sink.get("key")).keyInFile(r.key()) + ",\"value\":"
            + program.wire(sink.get("value")).inFile(r.value()) + ",\"timestamp\":" + r.timestamp()
            + ",\"headers\":{" + String.join(",", headers) + "}}";
    }
}
