package weir.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Arithmetic that fails instead of overflowing, and floats as text. */
final class Numbers {
    private Numbers() {}

    static Object arith(String op, Type type, Object a, Object b) {
        try {
            return switch (type.kind) {
                case STRING -> (String) a + b;
                case INT32 -> Math.toIntExact(ints(op, (Integer) a, (Integer) b));
                case FLOAT32 -> floats32(op, (Float) a, (Float) b);
                case FLOAT64 -> a instanceof Long ? (Object) ((double) (Long) a / nonZero((Long) b))
                    : (Object) floats(op, (Double) a, (Double) b);
                case DECIMAL -> decimals(op, type, (BigDecimal) a, (BigDecimal) b);
                default -> ints(op, ((Number) a).longValue(), ((Number) b).longValue());
            };
        } catch (ArithmeticException e) {
            throw new Bad(e.getMessage());
        }
    }

    private static long nonZero(long v) {
        if (v == 0)
            throw new Bad("division by zero");
        return v;
    }

    static long ints(String op, long a, long b) {
        return switch (op) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "/" -> b == -1 ? Math.negateExact(a) : a / nonZero(b);
            default -> a % nonZero(b);
        };
    }

    private static double floats(String op, double a, double b) {
        if ("/%".contains(op) && b == 0)
            throw new Bad("division by zero");
        return switch (op) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            default -> a % b;
        };
    }

    private static float floats32(String op, float a, float b) {
        if ("/%".contains(op) && b == 0)
            throw new Bad("division by zero");
        return switch (op) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            default -> a % b;
        };
    }

    private static BigDecimal decimals(String op, Type type, BigDecimal a, BigDecimal b) {
        if ("/%".contains(op) && b.signum() == 0)
            throw new Bad("division by zero");
        BigDecimal v = switch (op) {
            case "+" -> a.add(b);
            case "-" -> a.subtract(b);
            case "*" -> a.multiply(b);
            case "/" -> a.divide(b, type.scale, RoundingMode.HALF_UP);
            default -> a.remainder(b);
        };
        return Codec.fit(type, v.setScale(type.scale, RoundingMode.HALF_UP));
    }

    // ---- floats as text: the fewest digits that read back ----

    static String text(double v) {
        if (Double.isNaN(v) || Double.isInfinite(v))
            return Double.toString(v);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal rounded = new BigDecimal(v).round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == v)
                return layout(v < 0 || 1 / v < 0, rounded);
        }
        return layout(v < 0, new BigDecimal(v).round(new MathContext(17, RoundingMode.HALF_EVEN)));
    }

    static String text(float v) {
        if (Float.isNaN(v) || Float.isInfinite(v))
            return Float.toString(v);
        for (int digits = 1; digits < 9; digits++) {
            BigDecimal rounded = new BigDecimal(v).round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.floatValue() == v)
                return layout(v < 0 || 1 / v < 0, rounded);
        }
        return layout(v < 0, new BigDecimal(v).round(new MathContext(9, RoundingMode.HALF_EVEN)));
    }

    /** Plain from 1e-4 to below 1e16, with a point always; else with an exponent. */
    private static String layout(boolean negative, BigDecimal v) {
        String sign = negative ? "-" : "";
        if (v.signum() == 0)
            return sign + "0.0";
        String digits = v.unscaledValue().abs().toString().replaceAll("0+$", "");
        int exponent = v.precision() - v.scale() - 1;
        if (exponent >= 0 && exponent < 16) {
            if (digits.length() <= exponent + 1)
                return sign + digits + "0".repeat(exponent + 1 - digits.length()) + ".0";
            return sign + digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
        }
        if (exponent < 0 && exponent >= -4)
            return sign + "0." + "0".repeat(-exponent - 1) + digits;
        return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e" + exponent;
    }

    static BigInteger whole(double v) {
        return new BigDecimal(v).toBigInteger();
    }
}
