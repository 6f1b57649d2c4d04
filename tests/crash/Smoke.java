// Kafka's SmokeTestDriver writes its records in about so many seconds, and verifies what comes of them; its last line is SUCCESS or FAILURE.
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.tests.SmokeTestDriver;

class Smoke {
    static final int KEYS = 20, RECORDS_PER_KEY = 1000;

    public static void main(String[] args) {
        Map<String, Set<Integer>> all = SmokeTestDriver.generate(args[0], KEYS, RECORDS_PER_KEY, Duration.ofSeconds(Long.parseLong(args[1])));
        System.out.println("ALL-RECORDS-WRITTEN");
        // A program that still works may write between the driver's two looks at the ends of a topic, which the driver takes for a failure.
        while (SmokeTestDriver.verify(args[0], all, RECORDS_PER_KEY, true).result().contains("is larger than topic endOffset"))
            System.out.println("The program still works.");
    }
}
