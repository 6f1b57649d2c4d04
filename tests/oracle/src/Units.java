package weir.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A unit is what a record does between the topic it comes from and the topics it goes to. One that fails leaves nothing behind: what
 * it sends is marked with its number, and what failed units sent is not looked at. Kafka Streams processes one unit at a time here.
 */
final class Units {
    static final String HEADER = "weir.oracle";

    private static int current, undecoded;
    private static boolean spoiled;
    private static final Set<Integer> failed = new HashSet<>();
    private static final Deque<Runnable> undo = new ArrayDeque<>(); // the last one first
    static Throwable bug;

    private Units() {}

    static void reset() {
        current = 0;
        undecoded = 0;
        spoiled = false;
        failed.clear();
        undo.clear();
        bug = null;
    }

    /** A record comes in from outside. What it does to tables belongs to it as well. */
    static void begin() {
        current++;
        undo.clear();
    }

    /** A record comes to a stream. False if it was sent by a unit that failed. */
    static boolean enter(Headers headers) {
        boolean good = isGood(headers);
        headers.remove(HEADER);
        begin();
        if (spoiled)
            failed.add(current);
        spoiled = false;
        return good && !failed.contains(current);
    }

    /** Its time can't be computed. */
    static void spoil() {
        spoiled = true;
    }

    static void mark(Headers headers, int stage) {
        headers.remove(HEADER);
        headers.add(HEADER, (current + ":" + stage).getBytes(StandardCharsets.UTF_8));
    }

    private static String[] read(Headers headers) {
        return new String(headers.lastHeader(HEADER).value(), StandardCharsets.UTF_8).split(":");
    }

    static boolean isGood(Headers headers) {
        return headers.lastHeader(HEADER) == null || !failed.contains(Integer.parseInt(read(headers)[0]));
    }

    static int sentBy(Headers headers) {
        return Integer.parseInt(read(headers)[1]);
    }

    static int bad() {
        return failed.size() + undecoded;
    }

    static boolean isFailed() {
        return failed.contains(current);
    }

    /** What the unit has done, and how it is taken back if it fails. */
    static void onFailure(Runnable back) {
        undo.push(back);
    }

    static void fail(Throwable why) {
        failed.add(current);
        while (!undo.isEmpty())
            undo.pop().run();
        for (Throwable t = why; t != null; t = t.getCause())
            if (t instanceof Bad)
                return;
        bug = why;
    }

    public static final class Decoding implements DeserializationExceptionHandler {
        @Override
        public Response handleError(ErrorHandlerContext context,
                org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]> record, Exception why) {
            undecoded++;
            return Response.resume();
        }

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    public static final class Processing implements ProcessingExceptionHandler {
        @Override
        public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception why) {
            fail(why);
            return Response.resume();
        }

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    public static final class Producing implements ProductionExceptionHandler {
        @Override
        @SuppressWarnings("rawtypes")
        public Response handleSerializationError(ErrorHandlerContext context, ProducerRecord record, Exception why,
                SerializationExceptionOrigin origin) {
            fail(why);
            return Response.resume();
        }

        @Override
        public void configure(Map<String, ?> configs) {}
    }
}
