package weir.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Typed values from JSON and to JSON. */
final class Codec {
    private Codec() {}

    // ---- reading; what nobody reads is not looked at ----

    static Object read(Type type, Json json, Uses uses) {
        if (type.optional())
            return json.isNull() ? null : uses.part(0) == null && !isScalar(type.element) ? new Object()
                : read(type.element, json, uses.part(0) == null ? new Uses() : uses.part(0));
        return switch (type.kind) {
            case BOOL -> need(json, Boolean.class, "a bool");
            case INT32 -> (int) integer(json, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64, DURATION -> integer(json, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT32 -> float32(number(json));
            case FLOAT64 -> float64(number(json));
            case DECIMAL -> decimal(type, number(json));
            case STRING -> need(json, String.class, "a string");
            case BYTES -> base64((String) need(json, String.class, "a string"));
            case TIMESTAMP -> json.value instanceof String s ? (Object) Times.parseIso(s)
                : (Object) integer(json, Long.MIN_VALUE, Long.MAX_VALUE);
            case DATE -> json.value instanceof String s ? (Object) Times.parseDate(s)
                : (Object) integer(json, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case JSON -> new Values.JsonText(json.raw);
            case ENUM -> enumCase(type, (String) need(json, String.class, "a string"));
            case RECORD -> record(type, json, uses);
            case UNION -> union(type, json, uses);
            case LIST -> list(type, json, uses);
            case MAP -> map(type, json, uses);
            default -> throw new IllegalStateException("no value is of type " + type.kind);
        };
    }

    private static boolean isScalar(Type type) {
        return type.kind != Type.Kind.RECORD && type.kind != Type.Kind.UNION && type.kind != Type.Kind.LIST
            && type.kind != Type.Kind.MAP;
    }

    private static Object need(Json json, Class<?> what, String name) {
        if (!what.isInstance(json.value))
            throw new Bad("expected " + name);
        return json.value;
    }

    private static String number(Json json) {
        return ((Json.Num) need(json, Json.Num.class, "a number")).text();
    }

    private static long integer(Json json, long min, long max) {
        BigDecimal v = new BigDecimal(number(json));
        try {
            BigInteger whole = v.toBigIntegerExact();
            if (whole.compareTo(BigInteger.valueOf(min)) >= 0 && whole.compareTo(BigInteger.valueOf(max)) <= 0)
                return whole.longValue();
        } catch (ArithmeticException e) {
            throw new Bad("not an integer");
        }
        throw new Bad("does not fit");
    }

    static double float64(String text) {
        double v = Double.parseDouble(text);
        if (Double.isInfinite(v))
            throw new Bad("does not fit float64");
        return v;
    }

    static float float32(String text) {
        float v = Float.parseFloat(text);
        if (Float.isInfinite(v))
            throw new Bad("does not fit float32");
        return v;
    }

    static BigDecimal decimal(Type type, String text) {
        try {
            return fit(type, new BigDecimal(text).setScale(type.scale, RoundingMode.UNNECESSARY));
        } catch (ArithmeticException e) {
            throw new Bad("more digits than the decimal has");
        }
    }

    static BigDecimal fit(Type type, BigDecimal v) {
        if (v.unscaledValue().abs().compareTo(BigInteger.TEN.pow(type.precision)) >= 0)
            throw new Bad("does not fit the decimal");
        return v;
    }

    static Values.Bytes base64(String text) {
        try {
            return new Values.Bytes(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new Bad("not base64");
        }
    }

    private static Object enumCase(Type type, String name) {
        int index = type.fieldIndex(name);
        if (index < 0)
            throw new Bad("no case " + name);
        return index;
    }

    private static List<Object> record(Type type, Json json, Uses uses) {
        Map<?, ?> map = (Map<?, ?>) need(json, Map.class, "an object");
        List<Object> record = new ArrayList<>();
        for (int i = 0; i < type.fields.size(); i++) {
            Type.Field field = type.fields.get(i);
            Json part = (Json) map.get(field.name());
            Uses of = uses.part(i);
            if (of == null)
                record.add(null);
            else if (part != null)
                record.add(read(field.type(), part, of));
            else if (field.type().optional())
                record.add(null);
            else
                throw new Bad("no " + field.name());
        }
        return record;
    }

    private static Object union(Type type, Json json, Uses uses) {
        need(json, Map.class, "an object");
        if (!json.has(type.tag))
            throw new Bad("no " + type.tag);
        int index = type.fieldIndex((String) need(json.get(type.tag), String.class, "a string"));
        if (index < 0)
            throw new Bad("no such case");
        Uses of = uses.part(index);
        return new Values.Case(index, record(type.fields.get(index).type(), json, of == null ? new Uses() : of));
    }

    private static Object list(Type type, Json json, Uses uses) {
        need(json, List.class, "a list");
        List<Object> list = new ArrayList<>();
        for (Json item : json.list())
            list.add(uses.part(0) == null ? null : read(type.element, item, uses.part(0)));
        return list;
    }

    private static Object map(Type type, Json json, Uses uses) {
        need(json, Map.class, "an object");
        Map<String, Object> map = new LinkedHashMap<>();
        json.object().forEach((k, v) -> map.put(k, uses.part(0) == null ? null : read(type.element, v, uses.part(0))));
        return map;
    }

    // ---- writing ----

    @SuppressWarnings("unchecked")
    static String write(Type type, Object v) {
        if (v == null)
            return "null";
        return switch (type.kind) {
            case OPTIONAL -> write(type.element, v);
            case FLOAT32 -> finite(Numbers.text((Float) v));
            case FLOAT64 -> finite(Numbers.text((Double) v));
            case DECIMAL -> ((BigDecimal) v).toPlainString();
            case STRING -> Json.quote((String) v);
            case BYTES -> '"' + Base64.getEncoder().encodeToString(((Values.Bytes) v).bytes()) + '"';
            case TIMESTAMP -> type.iso ? '"' + Times.iso((Long) v) + '"' : v.toString();
            case DATE -> '"' + Times.isoDate((Long) v) + '"';
            case JSON -> ((Values.JsonText) v).text();
            case ENUM -> Json.quote(type.fields.get((Integer) v).name());
            case RECORD -> "{" + fields(type, (List<Object>) v) + "}";
            case UNION -> union(type, (Values.Case) v);
            case LIST -> list(type, (List<Object>) v);
            case MAP -> map(type, (Map<String, Object>) v);
            default -> v.toString();
        };
    }

    private static String finite(String text) {
        if (text.endsWith("N") || text.endsWith("y"))
            throw new Bad("JSON has no " + text);
        return text;
    }

    private static String fields(Type type, List<Object> record) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < type.fields.size(); i++)
            parts.add(Json.quote(type.fields.get(i).name()) + ":" + write(type.fields.get(i).type(), record.get(i)));
        return String.join(",", parts);
    }

    private static String union(Type type, Values.Case v) {
        Type.Field field = type.fields.get(v.index());
        String rest = fields(field.type(), v.record());
        return "{" + Json.quote(type.tag) + ":" + Json.quote(field.name()) + (rest.isEmpty() ? "" : ",") + rest + "}";
    }

    private static String list(Type type, List<Object> list) {
        List<String> parts = new ArrayList<>();
        for (Object item : list)
            parts.add(write(type.element, item));
        return "[" + String.join(",", parts) + "]";
    }

    private static String map(Type type, Map<String, Object> map) {
        List<String> parts = new ArrayList<>();
        map.forEach((k, v) -> parts.add(Json.quote(k) + ":" + write(type.element, v)));
        return "{" + String.join(",", parts) + "}";
    }
}
