package weir.oracle;

import static weir.oracle.Expr.list;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Functions on numbers, lists, maps and time, and conversions; those on text and bytes are in Texts. */
final class Builtins {
    private Builtins() {}

    static Object call(Expr e, Scope s) {
        String name = e.json.text("builtin");
        Object of = lambdas(name, e, s);
        if (of != NOT_MINE)
            return of;
        Object[] a = new Object[e.items.size()];
        for (int i = 0; i < a.length; i++)
            a[i] = e.items.get(i).eval(s);
        for (Step step : STEPS) {
            of = step.call(name, e, a);
            if (of != NOT_MINE)
                return of;
        }
        throw new IllegalStateException("no function " + name);
    }

    static final Object NOT_MINE = new Object();

    interface Step {
        Object call(String name, Expr e, Object[] a);
    }

    private static final Step[] STEPS = {
        Builtins::numbers, Builtins::floats, Builtins::lists, Builtins::maps, Builtins::times, Texts::call, Texts::regex,
        Texts::bytes, Conversions::call,
    };

    static Values.Bytes hex(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        return new Values.Bytes(bytes);
    }

    // ---- numbers ----

    private static Object numbers(String name, Expr e, Object[] a) {
        return switch (name) {
            case "ABS_I32" -> abs(((Integer) a[0]).longValue(), Integer.MIN_VALUE).intValue();
            case "ABS_I64", "ABS_DURATION" -> abs((Long) a[0], Long.MIN_VALUE);
            case "ABS_F32" -> Math.abs((Float) a[0]);
            case "ABS_F64" -> Math.abs((Double) a[0]);
            case "ABS_DEC" -> ((BigDecimal) a[0]).abs();
            case "SIGN_I64" -> (long) Long.signum((Long) a[0]);
            case "SIGN_F64" -> (long) Math.signum((Double) a[0]);
            case "SIGN_DEC" -> (long) ((BigDecimal) a[0]).signum();
            case "ROUND_I64", "FLOOR_I64", "CEIL_I64", "TRUNC_I64" -> a[0];
            case "ROUND_DEC" -> round(e.type, (BigDecimal) a[0], (Long) a[1], RoundingMode.HALF_UP);
            case "FLOOR_DEC" -> round(e.type, (BigDecimal) a[0], 0, RoundingMode.FLOOR);
            case "CEIL_DEC" -> round(e.type, (BigDecimal) a[0], 0, RoundingMode.CEILING);
            case "TRUNC_DEC" -> round(e.type, (BigDecimal) a[0], 0, RoundingMode.DOWN);
            case "LEAST" -> Collections.min(Arrays.asList(a), Values::compare);
            case "GREATEST" -> Collections.max(Arrays.asList(a), Values::compare);
            case "NULLIF" -> Values.equal(a[0], a[1]) ? null : a[0];
            default -> NOT_MINE;
        };
    }

    private static Long abs(long v, long least) {
        if (v == least)
            throw new Bad("overflow");
        return Math.abs(v);
    }

    /** The scale stays. */
    private static BigDecimal round(Type type, BigDecimal v, long digits, RoundingMode how) {
        if (digits >= v.scale())
            return v;
        if (digits < -50)
            digits = -50;
        return Codec.fit(type, v.setScale((int) digits, how).setScale(v.scale(), RoundingMode.UNNECESSARY));
    }

    private static Object floats(String name, Expr e, Object[] a) {
        return switch (name) {
            case "ROUND_F64" -> roundFloat((Double) a[0], (Long) a[1]);
            case "FLOOR_F64" -> Math.floor((Double) a[0]);
            case "CEIL_F64" -> Math.ceil((Double) a[0]);
            case "TRUNC_F64" -> (Double) a[0] < 0 ? Math.ceil((Double) a[0]) : Math.floor((Double) a[0]);
            case "SQRT" -> Math.sqrt((Double) a[0]);
            case "POW" -> StrictMath.pow((Double) a[0], (Double) a[1]);
            case "EXP" -> StrictMath.exp((Double) a[0]);
            case "LN" -> StrictMath.log((Double) a[0]);
            case "LOG" -> StrictMath.log10((Double) a[0]);
            case "LOG_BASE" -> StrictMath.log((Double) a[1]) / StrictMath.log((Double) a[0]);
            case "SIN" -> StrictMath.sin((Double) a[0]);
            case "COS" -> StrictMath.cos((Double) a[0]);
            case "TAN" -> StrictMath.tan((Double) a[0]);
            case "ASIN" -> StrictMath.asin((Double) a[0]);
            case "ACOS" -> StrictMath.acos((Double) a[0]);
            case "ATAN" -> StrictMath.atan((Double) a[0]);
            case "ATAN2" -> StrictMath.atan2((Double) a[0], (Double) a[1]);
            default -> NOT_MINE;
        };
    }

    private static double roundFloat(double v, long digits) {
        if (Double.isNaN(v) || Double.isInfinite(v))
            return v;
        BigDecimal shortest = new BigDecimal(Numbers.text(v));
        int scale = (int) Math.max(-400, Math.min(400, digits));
        double rounded = shortest.setScale(scale, RoundingMode.HALF_UP).doubleValue();
        return rounded == 0 ? Math.copySign(0.0, v) : rounded;
    }

    // ---- lists ----

    private static Object lists(String name, Expr e, Object[] a) {
        return switch (name) {
            case "LENGTH_LIST" -> (long) list(a[0]).size();
            case "CONTAINS_LIST" -> indexOf(list(a[0]), a[1]) >= 0;
            case "INDEX_OF_LIST" -> indexOf(list(a[0]), a[1]);
            case "SORT" -> sorted(list(a[0]), list(a[0]));
            case "REVERSE" -> reversed(list(a[0]));
            case "CONCAT_LIST" -> concat(a);
            case "DISTINCT" -> distinct(list(a[0]));
            case "UNION" -> distinct(concat(a));
            case "INTERSECT" -> distinct(kept(list(a[0]), v -> indexOf(list(a[1]), v) >= 0));
            case "EXCEPT" -> distinct(kept(list(a[0]), v -> indexOf(list(a[1]), v) < 0));
            case "WITHOUT" -> kept(list(a[0]), v -> !Values.equal(v, a[1]));
            case "SLICE" -> slice(list(a[0]), (Long) a[1], (Long) a[2]);
            case "RANGE" -> range((Long) a[0], (Long) a[1]);
            case "FLATTEN" -> concat(list(a[0]).toArray());
            case "SUM" -> sum(e.type, list(a[0]));
            case "MIN" -> least(list(a[0]), list(a[0]), 1);
            case "MAX" -> least(list(a[0]), list(a[0]), -1);
            case "ZIP" -> zip(list(a[0]), list(a[1]));
            default -> NOT_MINE;
        };
    }

    private static Object lambdas(String name, Expr e, Scope s) {
        if (e.items.isEmpty() || !e.items.get(e.items.size() - 1).is.equals("lambda"))
            return NOT_MINE;
        List<Object> list = list(e.items.get(0).eval(s));
        Expr f = e.items.get(e.items.size() - 1);
        if (name.equals("FOLD"))
            return fold(list, e.items.get(1).eval(s), f, s);
        // any and all end at the first that decides.
        if (name.equals("ANY"))
            return list.stream().anyMatch(v -> (Boolean) f.apply(s, v));
        if (name.equals("ALL"))
            return list.stream().allMatch(v -> (Boolean) f.apply(s, v));
        List<Object> of = new ArrayList<>();
        for (Object v : list)
            of.add(f.apply(s, v));
        return switch (name) {
            case "MAP" -> of;
            case "FILTER" -> chosen(list, of);
            case "SORT_BY" -> sorted(list, of);
            case "SUM_BY" -> sum(e.type, of);
            case "MIN_BY" -> least(of, of, 1);
            case "MAX_BY" -> least(of, of, -1);
            default -> throw new IllegalStateException("no function " + name);
        };
    }

    private static Object fold(List<Object> list, Object from, Expr f, Scope s) {
        for (Object v : list)
            from = f.apply(s, from, v);
        return from;
    }

    private static long indexOf(List<Object> list, Object wanted) {
        for (int i = 0; i < list.size(); i++)
            if (Values.equal(list.get(i), wanted))
                return i;
        return -1;
    }

    private static List<Object> sorted(List<Object> list, List<Object> by) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < list.size(); i++)
            order.add(i);
        order.sort((x, y) -> Values.compare(by.get(x), by.get(y)));
        List<Object> out = new ArrayList<>();
        for (int i : order)
            out.add(list.get(i));
        return out;
    }

    private static List<Object> reversed(List<Object> list) {
        List<Object> out = new ArrayList<>(list);
        Collections.reverse(out);
        return out;
    }

    private static List<Object> concat(Object[] lists) {
        List<Object> out = new ArrayList<>();
        for (Object l : lists)
            out.addAll(list(l));
        return out;
    }

    private static List<Object> distinct(List<Object> list) {
        List<Object> out = new ArrayList<>();
        for (Object v : list)
            if (indexOf(out, v) < 0)
                out.add(v);
        return out;
    }

    private static List<Object> kept(List<Object> list, Predicate<Object> keep) {
        List<Object> out = new ArrayList<>(list);
        out.removeIf(keep.negate());
        return out;
    }

    private static List<Object> chosen(List<Object> list, List<Object> keep) {
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < list.size(); i++)
            if ((Boolean) keep.get(i))
                out.add(list.get(i));
        return out;
    }

    private static List<Object> slice(List<Object> list, long from, long to) {
        int begin = (int) Math.max(0, Math.min(list.size(), from)), end = (int) Math.max(0, Math.min(list.size(), to));
        return begin >= end ? List.of() : new ArrayList<>(list.subList(begin, end));
    }

    private static List<Object> range(long from, long to) {
        if (to > from && (to - from > 1_000_000 || to - from < 0))
            throw new Bad("too long a range");
        List<Object> out = new ArrayList<>();
        for (long i = from; i < to; i++)
            out.add(i);
        return out;
    }

    private static Object sum(Type type, List<Object> list) {
        Object sum = switch (type.kind) {
            case INT32 -> (Object) 0;
            case INT64 -> 0L;
            case FLOAT32 -> 0f;
            case FLOAT64 -> 0.0;
            default -> BigDecimal.ZERO.setScale(type.scale);
        };
        for (Object v : list)
            if (v != null)
                sum = Numbers.arith("+", type, sum, type.kind == Type.Kind.INT64 ? (Object) ((Number) v).longValue() : v);
        return sum;
    }

    private static Object least(List<Object> list, List<Object> by, int way) {
        Object best = null;
        for (int i = 0; i < list.size(); i++)
            if (by.get(i) != null && (best == null || Values.compare(by.get(i), best) * way < 0))
                best = by.get(i);
        return best;
    }

    private static List<Object> zip(List<Object> a, List<Object> b) {
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < Math.min(a.size(), b.size()); i++)
            out.add(Arrays.asList(a.get(i), b.get(i)));
        return out;
    }

    // ---- maps ----

    @SuppressWarnings("unchecked")
    private static Object maps(String name, Expr e, Object[] a) {
        switch (name) {
        case "LENGTH_MAP": return (long) ((Map<?, ?>) a[0]).size();
        case "CONTAINS_MAP": return ((Map<?, ?>) a[0]).containsKey(a[1]);
        case "KEYS": return new ArrayList<Object>(((Map<String, Object>) a[0]).keySet());
        case "VALUES": return new ArrayList<>(((Map<String, Object>) a[0]).values());
        case "ENTRIES":
            List<Object> entries = new ArrayList<>();
            ((Map<String, Object>) a[0]).forEach((k, v) -> entries.add(Arrays.asList(k, v)));
            return entries;
        case "CONCAT_MAP":
            Map<String, Object> all = new LinkedHashMap<>();
            for (Object map : a)
                all.putAll((Map<String, Object>) map);
            return all;
        default: return NOT_MINE;
        }
    }

    // ---- time ----

    private static Object times(String name, Expr e, Object[] a) {
        return switch (name) {
            case "NOW" -> Clock.now;
            case "MILLIS", "MILLIS_DURATION", "FROM_MILLIS" -> a[0];
            case "FORMAT_TIME" -> Times.format((Long) a[0], (String) a[1], (String) a[2]);
            case "FORMAT_DATE" -> Times.formatDate((Long) a[0], (String) a[1]);
            case "PARSE_TIME" -> Times.parse((String) a[0], (String) a[1], (String) a[2]);
            case "TRUNCATE" -> Times.truncate((Long) a[0], (Long) a[1], (String) a[2]);
            case "YEAR" -> (long) Times.at((Long) a[0], (String) a[1]).getYear();
            case "MONTH" -> (long) Times.at((Long) a[0], (String) a[1]).getMonthValue();
            case "DAY" -> (long) Times.at((Long) a[0], (String) a[1]).getDayOfMonth();
            case "HOUR" -> (long) Times.at((Long) a[0], (String) a[1]).getHour();
            case "MINUTE" -> (long) Times.at((Long) a[0], (String) a[1]).getMinute();
            case "SECOND" -> (long) Times.at((Long) a[0], (String) a[1]).getSecond();
            case "WEEKDAY" -> (long) Times.at((Long) a[0], (String) a[1]).getDayOfWeek().getValue();
            case "YEAR_DATE" -> (long) java.time.LocalDate.ofEpochDay((Long) a[0]).getYear();
            case "MONTH_DATE" -> (long) java.time.LocalDate.ofEpochDay((Long) a[0]).getMonthValue();
            case "DAY_DATE" -> (long) java.time.LocalDate.ofEpochDay((Long) a[0]).getDayOfMonth();
            case "WEEKDAY_DATE" -> (long) java.time.LocalDate.ofEpochDay((Long) a[0]).getDayOfWeek().getValue();
            default -> NOT_MINE;
        };
    }
}
