package weir.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.TopologyTestDriver;

/** The wall clock: as with `weir run --clock record` that of the first record, then the greatest timestamp that there was. */
final class Clock {
    static long now;

    Clock(List<Json> records) {
        now = records.isEmpty() ? 0 : time(records.get(0));
    }

    Instant start() {
        return Instant.ofEpochMilli(now);
    }

    /** Timers that are due by the record's time are called before it comes. */
    void advance(TopologyTestDriver driver, Json record) {
        long before = now;
        now = Math.max(now, time(record));
        if (now > before)
            driver.advanceWallClockTime(Duration.ofMillis(now - before));
    }

    private static long time(Json record) {
        return record.number("timestamp");
    }
}
