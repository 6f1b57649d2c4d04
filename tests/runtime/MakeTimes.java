import java.time.*;
import java.time.format.*;
import java.time.temporal.*;
import java.util.*;

/** Writes tests/runtime/times.txt, what java.time says: java MakeTimes.java > times.txt. Fields are parted by tabs. */
class MakeTimes {
    static final String[] ZONES = {"UTC", "Z", "+09:00", "-03:30", "+05:45", "Asia/Seoul", "America/New_York", "Europe/Paris", "America/Sao_Paulo",
        "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London", "Pacific/Apia", "America/St_Johns", "Asia/Tehran", "Pacific/Chatham", "Australia/Sydney"};
    static final String[] PATTERNS = {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "uuuu/M/d H:m:s", "yy y yyy yyyyy uu u", "MMM MMMM MMMMM E EEEE EEEEE", "D DD DDD",
        "h hh K KK k kk a", "S SS SSS SSSSSS SSSSSSSSS n", "X XX XXX XXXX XXXXX", "x xx xxx xxxx xxxxx", "Z ZZZ ZZZZ ZZZZZ O OOOO", "VV",
        "'at' ''HH'h'[ mm]", "yyyyMMddHHmmssSSS", "dd/MMM/yyyy:HH:mm:ss Z", "EEE, d MMM yyyy HH:mm:ss 'GMT'", "[[uuuu]-]MM", "LL L LLL"};
    static final long[] INSTANTS = {0, 1, -1, 999, -999, 1714557600000L, 1714557600123L, 951782400000L, 1709164800000L, -62135596800000L, -62135596800001L,
        -62167219200000L, -62198755200000L, 253402300799999L, 253402300800000L, 4102444800000L, 7258118400000L, 1711846799999L, 1711846800000L,
        1729990800000L, 1729994400000L, 1710054000000L, 1710053999999L, 1730613600000L, 1325246400000L, 1325239199000L, -1000000000000L, -3000000000000L,
        32503680000000L, 1720000000000L, Long.MAX_VALUE / 2, Long.MIN_VALUE / 2, Long.MAX_VALUE - 86400000, Long.MIN_VALUE + 86400000};

    static ZoneId zone(String name) {
        return ZoneId.of(name);
    }

    static void formats() {
        for (String pattern : PATTERNS)
            for (long at : INSTANTS)
                for (String zone : ZONES) {
                    if (new Random(at ^ pattern.hashCode() ^ zone.hashCode()).nextInt(4) != 0)
                        continue;
                    ZonedDateTime t = Instant.ofEpochMilli(at).atZone(zone(zone));
                    try {
                        System.out.println("format\t" + at + "\t" + zone + "\t" + pattern + "\t" + DateTimeFormatter.ofPattern(pattern, Locale.US).format(t));
                    } catch (DateTimeException e) {
                        continue; // yy of a year of more than Java's digits
                    }
                }
    }

    static void parts() {
        for (long at : INSTANTS)
            for (String zone : ZONES) {
                ZonedDateTime t = Instant.ofEpochMilli(at).atZone(zone(zone));
                System.out.println("parts\t" + at + "\t" + zone + "\t" + t.getYear() + "\t" + t.getMonthValue() + " " + t.getDayOfMonth() + " " + t.getHour() + " "
                    + t.getMinute() + " " + t.getSecond() + " " + t.getDayOfWeek().getValue());
            }
    }

    /** Local times around every change of the clocks of a few years, and the same with the Julian rules of long ago. */
    static void locals() {
        DateTimeFormatter form = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
        for (String zone : ZONES) {
            if (!zone.contains("/"))
                continue;
            Instant at = Instant.parse("1975-01-01T00:00:00Z");
            for (int i = 0; i < 120; i++) {
                var next = zone(zone).getRules().nextTransition(at);
                if (next == null || next.getInstant().isAfter(Instant.parse("2060-01-01T00:00:00Z")))
                    break;
                at = next.getInstant();
                if (i % 3 != 0)
                    continue;
                for (int minutes : new int[] {-61, -30, -1, 0, 1, 29, 30, 59, 60, 61, 90, 120}) {
                    LocalDateTime local = next.getDateTimeBefore().plusMinutes(minutes);
                    System.out.println("local\t" + local.atZone(zone(zone)).toInstant().toEpochMilli() + "\t" + zone + "\tuuuu-MM-dd HH:mm:ss\t" + form.format(local));
                }
            }
        }
    }

    static void parses() {
        String[][] cases = {
            {"2024-05-01 10:20:30", "yyyy-MM-dd HH:mm:ss"}, {"20240501102030", "yyyyMMddHHmmss"}, {"20240501102030123", "yyyyMMddHHmmssSSS"},
            {"10/Oct/2000:13:55:36 -0700", "dd/MMM/yyyy:HH:mm:ss Z"}, {"Tue, 3 Jun 2008 11:05:30 GMT", "EEE, d MMM yyyy HH:mm:ss 'GMT'"},
            {"Wed, 3 Jun 2008 11:05:30 GMT", "EEE, d MMM yyyy HH:mm:ss 'GMT'"}, {"2024-5-1 1:2:3", "yyyy-M-d H:m:s"}, {"2024-05-01 1:02 PM", "yyyy-MM-dd h:mm a"},
            {"2024-05-01 12:02 AM", "yyyy-MM-dd h:mm a"}, {"2024-05-01 12:02 PM", "yyyy-MM-dd hh:mm a"}, {"2024-05-01 13:02 PM", "yyyy-MM-dd hh:mm a"},
            {"2024-05-01T10:20:30.123456789+02:00", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX"}, {"2024-05-01T10:20:30Z", "yyyy-MM-dd'T'HH:mm:ssX"},
            {"2024-05-01T10:20:30+0530", "yyyy-MM-dd'T'HH:mm:ssXX"}, {"2024-05-01T10:20:30+05", "yyyy-MM-dd'T'HH:mm:ssX"}, {"2024-05-01T10:20:30+0530", "yyyy-MM-dd'T'HH:mm:ssX"},
            {"2024-05-01T10:20:30+05:30:15", "yyyy-MM-dd'T'HH:mm:ssXXXXX"}, {"2024-05-01T10:20:30Z", "yyyy-MM-dd'T'HH:mm:ssx"}, {"2024-05-01T10:20:30+00", "yyyy-MM-dd'T'HH:mm:ssx"},
            {"2024-05-01 10:20 GMT+8", "yyyy-MM-dd HH:mm O"}, {"2024-05-01 10:20 GMT+08:00", "yyyy-MM-dd HH:mm OOOO"}, {"2024-05-01 10:20 GMT", "yyyy-MM-dd HH:mm O"},
            {"2024-05-01 10:20 Asia/Seoul", "yyyy-MM-dd HH:mm VV"}, {"2024-05-01 10:20[Asia/Seoul]", "yyyy-MM-dd HH:mm'['VV']'"}, {"2024-05-01 10:20 +09:00", "yyyy-MM-dd HH:mm VV"},
            {"2024-05-01 10:20", "yyyy-MM-dd HH:mm[:ss]"}, {"2024-05-01 10:20:30", "yyyy-MM-dd HH:mm[:ss]"}, {"2024-05-01 10:20:30.5", "yyyy-MM-dd HH:mm[:ss[.S]]"},
            {"2024-05-01 10:20:", "yyyy-MM-dd HH:mm[:ss]"}, {"99-05-01 10:20", "yy-MM-dd HH:mm"}, {"2024-122 10:20", "yyyy-DDD HH:mm"}, {"2024-366 10:20", "yyyy-DDD HH:mm"},
            {"2023-366 10:20", "yyyy-DDD HH:mm"}, {"1 May 2024 10:20", "d MMMM yyyy HH:mm"}, {"1 may 2024 10:20", "d MMMM yyyy HH:mm"}, {"01 September 2024 10:20", "dd MMMM yyyy HH:mm"},
            {"24-05-01 10:20", "yyyy-MM-dd HH:mm"}, {"2024-13-01 10:20", "yyyy-MM-dd HH:mm"}, {"2024-00-01 10:20", "yyyy-MM-dd HH:mm"}, {"2024-05-32 10:20", "yyyy-MM-dd HH:mm"},
            {"2024-05-01 25:20", "yyyy-MM-dd HH:mm"}, {"2024-05-01 10:60", "yyyy-MM-dd HH:mm"}, {"2024-05-01  10:20", "yyyy-MM-dd HH:mm"}, {"2024-05-01 10:20 ", "yyyy-MM-dd HH:mm"},
            {" 2024-05-01 10:20", "yyyy-MM-dd HH:mm"}, {"", "yyyy-MM-dd HH:mm"}, {"2024-05-01T10:20", "yyyy-MM-dd'T'HH:mm"}, {"it's 2024-05-01 10:20", "'it''s' yyyy-MM-dd HH:mm"},
            {"-0044-03-15 12:00", "uuuu-MM-dd HH:mm"}, {"+12024-05-01 10:20", "uuuu-MM-dd HH:mm"}, {"12024-05-01 10:20", "uuuu-MM-dd HH:mm"}, {"2024-05-01 24:20", "yyyy-MM-dd kk:mm"},
            {"2024-05-01 11:20 PM", "yyyy-MM-dd KK:mm a"}, {"2024-05-01 10:20:30.007", "yyyy-MM-dd HH:mm:ss.SSS"}, {"2024-05-01 10:20:30.07", "yyyy-MM-dd HH:mm:ss.SSS"},
            {"2024-05-01 10:20:30,070", "yyyy-MM-dd HH:mm:ss,SSS"}, {"5/1/24 3:04", "M/d/yy H:mm"}, {"12/31/1999 23:59", "MM/dd/yyyy HH:mm"}};
        for (String[] c : cases)
            for (String zone : new String[] {"UTC", "America/New_York"}) {
                String result;
                try {
                    TemporalAccessor t = DateTimeFormatter.ofPattern(c[1], Locale.US).withZone(zone(zone)).parse(c[0]);
                    result = "" + Instant.from(t).toEpochMilli();
                } catch (DateTimeException e) {
                    result = "wrong";
                }
                System.out.println("parse\t" + result + "\t" + zone + "\t" + c[1] + "\t" + c[0]);
            }
    }

    public static void main(String[] args) {
        formats();
        parts();
        locals();
        parses();
    }
}
