package weir.oracle;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Values while a program runs: Boolean, Integer, Long, Float, Double, BigDecimal (with the scale of its type), String, Bytes,
 * Long for timestamps (ms), dates (days) and durations (ms), JsonText, Integer for an enum's case, Object lists for records and lists,
 * LinkedHashMap for maps, Case for unions, null.
 */
final class Values {
    record Bytes(byte[] bytes) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Bytes b && Arrays.equals(bytes, b.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    record JsonText(String text) {}

    record Case(int index, List<Object> record) {}

    static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    /** Deep and by value; null equals null. */
    static boolean equal(Object a, Object b) {
        if (a == null || b == null)
            return a == b;
        if (a instanceof BigDecimal x)
            return x.compareTo((BigDecimal) b) == 0;
        if (a instanceof Double || a instanceof Float)
            return ((Number) a).doubleValue() == ((Number) b).doubleValue();
        if (a instanceof Case x)
            return x.index == ((Case) b).index && equal(x.record, ((Case) b).record);
        if (a instanceof List<?> x)
            return equalLists(x, (List<?>) b);
        if (a instanceof Map<?, ?> x)
            return equalMaps(x, (Map<?, ?>) b);
        if (a instanceof JsonText x)
            return equalJson(Json.parse(x.text), Json.parse(((JsonText) b).text));
        return a.equals(b);
    }

    private static boolean equalLists(List<?> a, List<?> b) {
        if (a.size() != b.size())
            return false;
        for (int i = 0; i < a.size(); i++)
            if (!equal(a.get(i), b.get(i)))
                return false;
        return true;
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size())
            return false;
        for (Object key : a.keySet())
            if (!b.containsKey(key) || !equal(a.get(key), b.get(key)))
                return false;
        return true;
    }

    private static boolean equalJson(Json a, Json b) {
        if (a.value instanceof Json.Num x && b.value instanceof Json.Num y)
            return new BigDecimal(x.text()).compareTo(new BigDecimal(y.text())) == 0;
        if (a.value instanceof List<?> && b.value instanceof List<?>) {
            List<Json> x = a.list(), y = b.list();
            if (x.size() != y.size())
                return false;
            for (int i = 0; i < x.size(); i++)
                if (!equalJson(x.get(i), y.get(i)))
                    return false;
            return true;
        }
        if (a.value instanceof Map<?, ?> && b.value instanceof Map<?, ?>) {
            Map<String, Json> x = a.object(), y = b.object();
            return x.keySet().equals(y.keySet()) && x.keySet().stream().allMatch(k -> equalJson(x.get(k), y.get(k)));
        }
        return a.value == null ? b.value == null : a.value.equals(b.value);
    }

    /** Of one ordered type. Text is ordered by code points, bytes as unsigned. NaN is never asked for. */
    static int compare(Object a, Object b) {
        if (a instanceof String)
            return Arrays.compareUnsigned(utf8((String) a), utf8((String) b));
        if (a instanceof Bytes x)
            return Arrays.compareUnsigned(x.bytes, ((Bytes) b).bytes);
        if (a instanceof BigDecimal x)
            return x.compareTo((BigDecimal) b);
        if (a instanceof Double || a instanceof Float) {
            double x = ((Number) a).doubleValue(), y = ((Number) b).doubleValue();
            return x < y ? -1 : x > y ? 1 : 0;
        }
        if (a instanceof Boolean x)
            return x.compareTo((Boolean) b);
        return Long.compare(((Number) a).longValue(), ((Number) b).longValue());
    }
}
