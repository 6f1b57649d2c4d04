package weir.oracle;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Timestamps are milliseconds, dates days since 1970. */
final class Times {
    private static final long DAY = 86_400_000;

    private Times() {}

    static long parseIso(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            try {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
            } catch (DateTimeException f) {
                throw new Bad("not a timestamp");
            }
        }
    }

    static long parseDate(String text) {
        try {
            return LocalDate.parse(text).toEpochDay();
        } catch (DateTimeException e) {
            throw new Bad("not a date");
        }
    }

    static String iso(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }

    static String isoDate(long days) {
        return LocalDate.ofEpochDay(days).toString();
    }

    static ZonedDateTime at(long ms, String zone) {
        return Instant.ofEpochMilli(ms).atZone(zone(zone));
    }

    private static ZoneId zone(String zone) {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new Bad("no zone " + zone);
        }
    }

    static String format(long ms, String pattern, String zone) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(at(ms, zone));
    }

    static String formatDate(long days, String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(LocalDate.ofEpochDay(days));
    }

    static long parse(String text, String pattern, String zone) {
        DateTimeFormatter format = new DateTimeFormatterBuilder().appendPattern(pattern)
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0).toFormatter(Locale.ENGLISH);
        try {
            return ZonedDateTime.of(LocalDateTime.from(format.parse(text)), zone(zone)).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw new Bad("not a time");
        }
    }

    /** The start of the step that MS is in, counted from the zone's midnight for whole days, else from the local clock's epoch. */
    static long truncate(long ms, long step, String zone) {
        if (step <= 0)
            throw new Bad("truncate to nothing");
        ZonedDateTime local = at(ms, zone);
        long wall = local.toLocalDateTime().toInstant(ZoneOffset.UTC).toEpochMilli();
        long start = Math.floorDiv(wall, step) * step;
        if (zone.equals("UTC"))
            return start;
        return LocalDateTime.ofEpochSecond(Math.floorDiv(start, 1000), Math.floorMod(start, 1000) * 1_000_000,
            ZoneOffset.UTC).atZone(zone(zone)).toInstant().toEpochMilli();
    }

    static long midnight(long days) {
        return Math.multiplyExact(days, DAY);
    }

    static long dayOf(long ms, String zone) {
        return at(ms, zone).toLocalDate().toEpochDay();
    }

    /** As a literal: 1h, 90m, 250ms. */
    static String duration(long ms) {
        Object[][] units = {{DAY, "d"}, {3_600_000L, "h"}, {60_000L, "m"}, {1000L, "s"}};
        for (Object[] unit : units)
            if (ms != 0 && ms % (Long) unit[0] == 0)
                return ms / (Long) unit[0] + (String) unit[1];
        return ms + "ms";
    }
}
