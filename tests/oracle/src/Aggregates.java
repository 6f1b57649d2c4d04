package weir.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The aggregate functions, the slow way: what is kept of a call is all that came (its arguments, record by record), and the result is computed
 * from that list anew each time.
 */
final class Aggregates {
    /** One call: `sum(amount) where paid`. */
    record Call(String id, int input, int n, List<Expr> args, Expr where, Expr.Var result) {
        static Call read(Json json, Program program) {
            List<Expr> args = new ArrayList<>();
            for (Json arg : json.items("args"))
                args.add(program.expr(arg));
            return new Call(json.text("id"), json.has("input") ? json.integer("input") : 0, json.has("n") ? json.integer("n") : 0,
                args, program.expr(json.get("where")), program.var(json.get("result")));
        }

        /** The arguments of a record, or null if it does not count. */
        List<Object> take(Scope scope) {
            if (where != null && !Boolean.TRUE.equals(where.eval(scope)))
                return null;
            List<Object> taken = new ArrayList<>();
            for (Expr arg : args)
                taken.add(arg.eval(scope));
            for (int i = 0; i < taken.size(); i++)
                if (taken.get(i) == null && skipsNull(i))
                    return null;
            return taken;
        }

        /** Is what weir keeps of it its result? */
        boolean isItsState() {
            return List.of("COUNT", "COUNT_VALUES", "SUM", "MIN", "MAX", "FIRST", "LAST", "COLLECT").contains(id);
        }

        private boolean skipsNull(int arg) {
            return !id.equals("COLLECT") && (arg == args.size() - 1 || id.equals("CORRELATION"));
        }
    }

    private Aggregates() {}

    static List<List<Object>> add(List<List<Object>> all, List<Object> one) {
        List<List<Object>> more = new ArrayList<>(all);
        more.add(one);
        return more;
    }

    /** Marks what was taken away before it came: behind `emit every`, Kafka Streams takes back values that it never sent. */
    private static final Object MINUS = new Object();

    private static boolean isMinus(List<Object> one) {
        return !one.isEmpty() && one.get(0) == MINUS;
    }

    private static List<List<Object>> minus(List<List<Object>> all) {
        return all.stream().filter(Aggregates::isMinus).map(one -> Expr.list(one.get(1))).toList();
    }

    /** Without one that is equal: the first, but of a histogram the last, so that the others stay in their order. */
    static List<List<Object>> remove(Call call, List<List<Object>> all, List<Object> one) {
        List<List<Object>> fewer = new ArrayList<>(all);
        boolean last = call.id.equals("HISTOGRAM");
        for (int i = 0; i < all.size(); i++) {
            int at = last ? all.size() - 1 - i : i;
            if (!isMinus(all.get(at)) && Values.equal(all.get(at), one)) {
                fewer.remove(at);
                return fewer;
            }
        }
        fewer.add(List.of(MINUS, one));
        return fewer;
    }

    static Object result(Call call, List<List<Object>> signed) {
        Type type = call.result.type();
        List<List<Object>> all = signed.stream().filter(one -> !isMinus(one)).toList();
        List<Object> xs = column(all, 0);
        return switch (call.id) {
            case "COUNT", "COUNT_VALUES" -> (long) all.size() - minus(signed).size();
            case "SUM" -> Numbers.arith("-", type.plain(), sum(type.plain(), xs), sum(type.plain(), column(minus(signed), 0)));
            case "MIN" -> xs.isEmpty() ? null : xs.get(best(xs, -1));
            case "MAX" -> xs.isEmpty() ? null : xs.get(best(xs, 1));
            case "AVG" -> average(type, xs);
            case "FIRST" -> xs.isEmpty() ? null : xs.get(0);
            case "LAST" -> xs.isEmpty() ? null : xs.get(xs.size() - 1);
            case "FIRST_N" -> xs.subList(0, Math.min(call.n, xs.size()));
            case "LAST_N" -> xs.subList(Math.max(0, xs.size() - call.n), xs.size());
            case "ARGMIN" -> xs.isEmpty() ? null : xs.get(best(column(all, 1), -1));
            case "ARGMAX" -> xs.isEmpty() ? null : xs.get(best(column(all, 1), 1));
            case "ARGMIN_ALL" -> allBest(all, -1);
            case "ARGMAX_ALL" -> allBest(all, 1);
            case "COLLECT" -> xs;
            case "COLLECT_SET" -> distinct(xs);
            case "COUNT_DISTINCT" -> (long) distinct(xs).size();
            case "TOP" -> top(call.n, all, 0);
            case "TOP_BY" -> top(call.n, all, 1);
            case "TOP_DISTINCT" -> top(call.n, distinct(xs).stream().map(List::of).toList(), 0);
            case "STDDEV" -> deviation(doubles(xs));
            case "CORRELATION" -> correlation(doubles(xs), doubles(column(all, 1)));
            case "HISTOGRAM" -> histogram(xs);
            default -> throw new IllegalStateException("no aggregate " + call.id);
        };
    }

    private static List<Object> column(List<List<Object>> all, int at) {
        List<Object> column = new ArrayList<>();
        for (List<Object> one : all)
            if (!one.isEmpty())
                column.add(one.get(at));
        return column;
    }

    static Object sum(Type type, List<Object> xs) {
        Object sum = switch (type.kind) {
            case INT32 -> 0;
            case FLOAT32 -> 0f;
            case FLOAT64 -> 0d;
            case DECIMAL -> BigDecimal.ZERO.setScale(type.scale);
            default -> 0L;
        };
        for (Object x : xs)
            sum = Numbers.arith("+", type, sum, x);
        return sum;
    }

    private static Object average(Type type, List<Object> xs) {
        if (xs.isEmpty())
            return null;
        if (type.plain().kind == Type.Kind.DECIMAL) {
            BigDecimal sum = xs.stream().map(BigDecimal.class::cast).reduce(BigDecimal.ZERO, BigDecimal::add);
            return sum.divide(BigDecimal.valueOf(xs.size()), type.plain().scale, RoundingMode.HALF_UP);
        }
        BigDecimal sum = doubles(xs).stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        return sum.doubleValue() / xs.size();
    }

    /** The first of the greatest (WAY 1) or least (-1). */
    private static int best(List<Object> xs, int way) {
        int best = 0;
        for (int i = 1; i < xs.size(); i++)
            if (Values.compare(xs.get(i), xs.get(best)) * way > 0)
                best = i;
        return best;
    }

    private static List<Object> allBest(List<List<Object>> all, int way) {
        List<Object> by = column(all, 1), chosen = new ArrayList<>();
        for (List<Object> one : all)
            if (Values.compare(one.get(1), by.get(best(by, way))) == 0)
                chosen.add(one.get(0));
        return chosen;
    }

    private static List<Object> distinct(List<Object> xs) {
        List<Object> distinct = new ArrayList<>();
        for (Object x : xs)
            if (distinct.stream().noneMatch(y -> Values.equal(x, y)))
                distinct.add(x);
        return distinct;
    }

    private static List<Object> top(int n, List<List<Object>> all, int by) {
        Comparator<List<Object>> order = (a, b) -> Values.compare(b.get(by), a.get(by));
        return all.stream().sorted(order).limit(n).map(one -> one.get(0)).toList();
    }

    private static List<Double> doubles(List<Object> xs) {
        return xs.stream().map(x -> ((Number) x).doubleValue()).toList();
    }

    private static double mean(List<Double> xs, Function<Double, Double> of) {
        return xs.stream().mapToDouble(of::apply).sum() / xs.size();
    }

    /** Of a sample. */
    private static Object deviation(List<Double> xs) {
        if (xs.isEmpty())
            return null;
        double mean = mean(xs, x -> x);
        return xs.size() < 2 ? 0d : Math.sqrt(mean(xs, x -> (x - mean) * (x - mean)) * xs.size() / (xs.size() - 1));
    }

    private static Object correlation(List<Double> xs, List<Double> ys) {
        if (xs.size() < 2)
            return null;
        double mx = mean(xs, x -> x), my = mean(ys, y -> y), xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < xs.size(); i++) {
            xy += (xs.get(i) - mx) * (ys.get(i) - my);
            xx += (xs.get(i) - mx) * (xs.get(i) - mx);
            yy += (ys.get(i) - my) * (ys.get(i) - my);
        }
        return xx == 0 || yy == 0 ? null : (Object) (xy / Math.sqrt(xx * yy));
    }

    private static Map<String, Object> histogram(List<Object> xs) {
        Map<String, Object> counts = new LinkedHashMap<>();
        for (Object x : xs)
            counts.merge((String) x, 1L, (a, b) -> (Long) a + (Long) b);
        return counts;
    }
}
