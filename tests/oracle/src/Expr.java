package weir.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A typed expression, and the slow and obvious way to compute it. */
final class Expr {
    record Var(String kind, int id, String name, Type type) {
        static Var read(Json json, Program program) {
            Var v = new Var(json.text("kind"), json.integer("id"), json.text("name"), program.types.get(json.integer("type")));
            program.metadata.put(v.kind, v.id); // of the kinds that are metadata there is one variable each
            return v;
        }
    }

    record Arm(int index, Var binding, Expr value) {}

    final String is;
    final Type type;
    final Program program;
    final Json json;
    final Expr cond, left, right;
    final List<Expr> items = new ArrayList<>(), keys = new ArrayList<>();
    final List<Var> vars = new ArrayList<>();
    final List<Arm> arms = new ArrayList<>();
    final Var var;
    final Place place;
    final int index;
    final Object constant;

    private Expr(Json json, Program program) {
        this.json = json;
        this.program = program;
        is = json.text("is");
        type = program.types.get(json.integer("type"));
        cond = read(json.get("cond"), program);
        left = read(json.get("left"), program);
        right = read(json.get("right"), program);
        for (Json item : json.items("items"))
            items.add(read(item, program));
        for (Json key : json.items("keys"))
            keys.add(read(key, program));
        for (Json v : json.items("vars"))
            vars.add(Var.read(v, program));
        for (Json arm : json.items("arms"))
            arms.add(new Arm(arm.integer("index"), arm.has("binding") ? Var.read(arm.get("binding"), program) : null,
                read(arm.get("value"), program)));
        var = json.has("var") ? Var.read(json.get("var"), program) : null;
        place = Place.read(json.get("place"), program);
        index = json.has("index") ? json.integer("index") : -1;
        constant = is.equals("const") ? constant(json.get("value")) : null;
    }

    static Expr read(Json json, Program program) {
        return json == null ? null : new Expr(json, program);
    }

    private Object constant(Json value) {
        return switch (type.kind) {
            case BOOL -> !value.raw.equals("0");
            case INT32, ENUM -> Integer.parseInt(value.raw);
            case FLOAT32 -> (float) number((String) value.value);
            case FLOAT64 -> number((String) value.value);
            case DECIMAL -> new BigDecimal(new java.math.BigInteger((String) value.value), type.scale);
            case STRING -> value.value;
            case BYTES -> Builtins.hex((String) value.value);
            case JSON -> new Values.JsonText((String) value.value);
            default -> Long.parseLong(value.raw);
        };
    }

    private static double number(String text) {
        return switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "-nan" -> Double.NaN;
            default -> Double.parseDouble(text);
        };
    }

    Object eval(Scope s) {
        return switch (is) {
            case "const" -> constant;
            case "none" -> null;
            case "var" -> variable(s);
            case "field" -> ((List<?>) left.eval(s)).get(index);
            case "union" -> new Values.Case(index, list(left.eval(s)));
            case "case" -> ((Values.Case) left.eval(s)).record();
            case "index" -> element(list(left.eval(s)), (Long) right.eval(s));
            case "lookup" -> ((Map<?, ?>) left.eval(s)).get(right.eval(s));
            case "arith" -> Numbers.arith(json.text("op"), type, operand(left, s), operand(right, s));
            case "neg" -> negate(left.eval(s));
            case "compare" -> compare(left.eval(s), right.eval(s));
            case "and" -> lift(left.eval(s), false, s);
            case "or" -> lift(left.eval(s), true, s);
            case "not" -> !(Boolean) left.eval(s);
            case "if" -> (Boolean) cond.eval(s) ? left.eval(s) : right.eval(s);
            case "coalesce" -> orElse(left.eval(s), s);
            case "is_null" -> left.eval(s) == null;
            case "is_case" -> ((Values.Case) left.eval(s)).index() == index;
            case "in" -> list(right.eval(s)).stream().anyMatch(new In(left.eval(s))::is) != json.flag("negated");
            case "some", "unwrap" -> left.eval(s);
            case "lift" -> lifted(s);
            case "widen" -> widen(left.eval(s));
            case "call" -> Builtins.call(this, s);
            case "call_fn" -> callFn(s);
            case "record", "list" -> all(s);
            case "map" -> map(s);
            case "match" -> match(s);
            case "try" -> attempt(s);
            case "stored" -> place.in(s).get(place.find(s));
            default -> throw new IllegalStateException("no expression " + is);
        };
    }

    /** As eval, but fields that nobody reads are not computed. */
    Object evalWanted(Scope s, Uses wanted) {
        if (is.equals("if"))
            return ((Boolean) cond.eval(s) ? left : right).evalWanted(s, wanted);
        if (!is.equals("record"))
            return eval(s);
        List<Object> record = new ArrayList<>();
        for (int i = 0; i < items.size(); i++)
            record.add(wanted.part(i) == null ? null : items.get(i).evalWanted(s, wanted.part(i)));
        return record;
    }

    private record In(Object wanted) {
        boolean is(Object v) {
            return Values.equal(wanted, v);
        }
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object v) {
        return (List<Object>) v;
    }

    private Object variable(Scope s) {
        Object v = s.get(var.id());
        if (v == null && !var.type().optional() && List.of("key", "window").contains(var.kind()))
            throw new Bad("the key is null");
        return v;
    }

    private static Object element(List<Object> list, long i) {
        if (i < 0 || i >= list.size())
            throw new Bad("index out of range");
        return list.get((int) i);
    }

    /** Dates count days: beside a duration they are their midnights, and a difference of dates is a duration. */
    private Object operand(Expr e, Scope s) {
        Object v = e.eval(s);
        return e.type.kind == Type.Kind.DATE ? (Object) Times.midnight((Long) v) : v;
    }

    private Object negate(Object v) {
        try {
            if (v instanceof BigDecimal d)
                return d.negate();
            if (v instanceof Double d)
                return -d;
            if (v instanceof Float f)
                return -f;
            if (v instanceof Integer i)
                return Math.negateExact(i);
            return Math.negateExact((Long) v);
        } catch (ArithmeticException e) {
            throw new Bad("overflow");
        }
    }

    private Object compare(Object a, Object b) {
        String op = json.text("op");
        if (op.equals("=="))
            return Values.equal(a, b);
        if (op.equals("!="))
            return !Values.equal(a, b);
        if (a == null || b == null)
            return false;
        int c = Values.compare(a, b);
        return switch (op) {
            case "<" -> c < 0;
            case "<=" -> c <= 0;
            case ">" -> c > 0;
            default -> c >= 0;
        };
    }

    /** `&&` (DECIDES false) and `||` (true), from left to right; null if an operand is, unless the left one decides. */
    private Object lift(Object a, boolean decides, Scope s) {
        if (a != null && (Boolean) a == decides)
            return decides;
        Object b = right.eval(s);
        return a == null || b == null ? null : b;
    }

    private Object orElse(Object v, Scope s) {
        return v != null ? v : right.eval(s);
    }

    private Object lifted(Scope s) {
        Scope inner = new Scope(s);
        boolean missing = false;
        for (int i = 0; i < vars.size(); i++) {
            Object v = items.get(i).eval(s);
            missing |= v == null;
            inner.with(vars.get(i).id(), v);
        }
        return missing ? null : left.eval(inner);
    }

    private Object widen(Object v) {
        return switch (type.kind) {
            case INT64 -> ((Number) v).longValue();
            case FLOAT64 -> ((Number) v).doubleValue();
            case DECIMAL -> v instanceof BigDecimal d ? d.setScale(type.scale, RoundingMode.UNNECESSARY)
                : BigDecimal.valueOf(((Number) v).longValue()).setScale(type.scale);
            default -> v;
        };
    }

    private List<Object> all(Scope s) {
        List<Object> list = new ArrayList<>();
        for (Expr item : items)
            list.add(item.eval(s));
        return list;
    }

    private Object map(Scope s) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++)
            map.put((String) keys.get(i).eval(s), items.get(i).eval(s));
        return map;
    }

    private Object callFn(Scope s) {
        Program.Fn fn = program.fns.get(json.text("fn"));
        Scope inner = new Scope(null);
        for (int i = 0; i < items.size(); i++)
            inner.with(fn.params().get(i).id(), items.get(i).eval(s));
        return fn.body().eval(inner);
    }

    private Object match(Scope s) {
        Values.Case v = (Values.Case) left.eval(s);
        for (Arm arm : arms) {
            if (arm.index >= 0 && arm.index != v.index())
                continue;
            Scope inner = new Scope(s);
            if (arm.binding != null)
                inner.with(arm.binding.id(), arm.index < 0 ? v : v.record());
            return arm.value.eval(inner);
        }
        throw new IllegalStateException("no arm for the case");
    }

    private Object attempt(Scope s) {
        try {
            return left.eval(s);
        } catch (Bad e) {
            return null;
        }
    }

    /** Of a lambda: its result for these arguments. */
    Object apply(Scope s, Object... args) {
        Scope inner = new Scope(s);
        for (int i = 0; i < args.length; i++)
            inner.with(vars.get(i).id(), args[i]);
        return left.eval(inner);
    }
}
