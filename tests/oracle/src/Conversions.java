package weir.oracle;

import static weir.oracle.Builtins.NOT_MINE;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Conversions by a type's name, and JSON values. */
final class Conversions {
    private Conversions() {}

    static Object call(String name, Expr e, Object[] a) {
        return switch (name) {
            case "TO_JSON" -> new Values.JsonText(Codec.write(e.items.get(0).type, a[0]));
            case "PARSE_JSON" -> new Values.JsonText(Json.parse((String) a[0]).raw);
            case "JSON_GET" -> get(Json.parse(text(a[0])), (String) a[1]);
            case "INT64_OF_JSON" -> in(exact(new BigDecimal(number(content(a[0])))), 63);
            case "FLOAT64_OF_JSON" -> Codec.float64(number(content(a[0])));
            case "STRING_OF_JSON" -> content(a[0]);
            case "BOOL_OF_JSON" -> bool(content(a[0]));
            case "INT32_OF_I64" -> (int) in(BigInteger.valueOf((Long) a[0]), 31);
            case "INT32_OF_F64" -> (int) in(whole((Double) a[0]), 31);
            case "INT32_OF_DEC" -> (int) in(((BigDecimal) a[0]).toBigInteger(), 31);
            case "INT32_OF_STRING" -> (int) in(integer((String) a[0]), 31);
            case "INT64_OF_F64" -> in(whole((Double) a[0]), 63);
            case "INT64_OF_DEC" -> in(((BigDecimal) a[0]).toBigInteger(), 63);
            case "INT64_OF_BOOL" -> (Boolean) a[0] ? 1L : 0L;
            case "INT64_OF_STRING" -> in(integer((String) a[0]), 63);
            case "FLOAT32_OF_F64" -> narrow((Double) a[0]);
            case "FLOAT32_OF_STRING" -> Codec.float32(number((String) a[0]));
            case "FLOAT64_OF_I64" -> ((Long) a[0]).doubleValue();
            case "FLOAT64_OF_DEC" -> ((BigDecimal) a[0]).doubleValue();
            case "FLOAT64_OF_STRING" -> Codec.float64(number((String) a[0]));
            case "STRING_OF_F32" -> Numbers.text((Float) a[0]);
            case "STRING_OF_F64" -> Numbers.text((Double) a[0]);
            case "STRING_OF_DEC" -> ((BigDecimal) a[0]).toPlainString();
            case "STRING_OF_BOOL", "STRING_OF_I64" -> a[0].toString();
            case "STRING_OF_TIMESTAMP" -> Times.iso((Long) a[0]);
            case "STRING_OF_DATE" -> Times.isoDate((Long) a[0]);
            case "STRING_OF_DURATION" -> Times.duration((Long) a[0]);
            case "STRING_OF_BYTES" -> Texts.text(Texts.raw(a[0]));
            case "STRING_OF_ENUM" -> e.items.get(0).type.fields.get((Integer) a[0]).name();
            case "BOOL_OF_I64" -> (Long) a[0] != 0;
            case "BOOL_OF_STRING" -> bool((String) a[0]);
            case "BYTES_OF_STRING" -> new Values.Bytes(Values.utf8((String) a[0]));
            case "DECIMAL_OF_I64" -> decimal(e.type, BigDecimal.valueOf((Long) a[0]));
            case "DECIMAL_OF_F64" -> decimal(e.type, shortest((Double) a[0]));
            case "DECIMAL_OF_DEC" -> decimal(e.type, (BigDecimal) a[0]);
            case "DECIMAL_OF_STRING" -> decimal(e.type, new BigDecimal(number((String) a[0])));
            case "TIMESTAMP_OF_STRING" -> Times.parseIso((String) a[0]);
            case "TIMESTAMP_OF_DATE" -> Times.midnight((Long) a[0]);
            case "DATE_OF_STRING" -> Times.parseDate((String) a[0]);
            case "DATE_OF_TIMESTAMP" -> Times.dayOf((Long) a[0], (String) a[1]);
            case "INT64_OF_I64", "INT64_OF_TIMESTAMP", "INT64_OF_DURATION", "FLOAT64_OF_F64", "STRING_OF_STRING",
                "BOOL_OF_BOOL", "BYTES_OF_BYTES", "TIMESTAMP_OF_I64", "TIMESTAMP_OF_TIMESTAMP", "DURATION_OF_I64" -> a[0];
            default -> NOT_MINE;
        };
    }

    private static String text(Object json) {
        return ((Values.JsonText) json).text();
    }

    /** A JSON string's text, else the JSON text. */
    private static String content(Object json) {
        Json v = Json.parse(text(json));
        return v.value instanceof String s ? s : v.raw;
    }

    private static BigInteger exact(BigDecimal v) {
        try {
            return v.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw new Bad("not an integer");
        }
    }

    /** $.a.b[0], a.b[0] or /a/b/0; null: nothing there, or JSON's null. */
    private static Object get(Json json, String path) {
        for (String step : path.replaceFirst("^\\$", "").split("[./\\[\\]]+")) {
            if (step.isEmpty())
                continue;
            if (json.value instanceof java.util.Map)
                json = json.get(step);
            else if (json.value instanceof java.util.List && step.matches("[0-9]{1,9}") && Integer.parseInt(step) < json.list().size())
                json = json.list().get(Integer.parseInt(step));
            else
                return null;
            if (json == null)
                return null;
        }
        return json.isNull() ? null : new Values.JsonText(json.raw);
    }

    private static long in(BigInteger v, int bits) {
        if (v.bitLength() > bits)
            throw new Bad("does not fit");
        return v.longValue();
    }

    private static BigInteger whole(double v) {
        if (Double.isNaN(v) || Double.isInfinite(v))
            throw new Bad("not a number");
        return Numbers.whole(v);
    }

    private static float narrow(double v) {
        if (Float.isInfinite((float) v) && !Double.isInfinite(v))
            throw new Bad("does not fit float32");
        return (float) v;
    }

    private static BigInteger integer(String text) {
        if (!text.matches("[-+]?[0-9]+"))
            throw new Bad("not an integer");
        return new BigInteger(text);
    }

    private static String number(String text) {
        if (!text.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?"))
            throw new Bad("not a number");
        return text;
    }

    private static BigDecimal shortest(double v) {
        if (Double.isNaN(v) || Double.isInfinite(v))
            throw new Bad("not a number");
        return new BigDecimal(Numbers.text(v));
    }

    private static BigDecimal decimal(Type type, BigDecimal v) {
        return Codec.fit(type, v.setScale(type.scale, RoundingMode.HALF_UP));
    }

    private static boolean bool(String text) {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))
            return text.equalsIgnoreCase("true");
        throw new Bad("not a bool");
    }
}
