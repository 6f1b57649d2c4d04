package weir.oracle;

import static weir.oracle.Builtins.NOT_MINE;
import static weir.oracle.Expr.list;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Utils;

/** Functions on text, bytes, hashes and the web. Positions and lengths count code points. */
final class Texts {
    private Texts() {}

    static Object call(String name, Expr e, Object[] a) {
        return switch (name) {
            case "LENGTH_STRING" -> (long) length((String) a[0]);
            case "LENGTH_BYTES" -> (long) ((Values.Bytes) a[0]).bytes().length;
            case "LOWER" -> ((String) a[0]).toLowerCase(Locale.ROOT);
            case "UPPER" -> ((String) a[0]).toUpperCase(Locale.ROOT);
            case "INITCAP" -> initcap((String) a[0]);
            case "TRIM" -> ((String) a[0]).strip();
            case "TRIM_CHARS" -> trim((String) a[0], (String) a[1]);
            case "PAD_LEFT" -> padding((String) a[0], (Long) a[1], (String) a[2]) + cut((String) a[0], (Long) a[1]);
            case "PAD_RIGHT" -> cut((String) a[0], (Long) a[1]) + padding((String) a[0], (Long) a[1], (String) a[2]);
            case "SUBSTR" -> substr((String) a[0], (Long) a[1], (Long) a[2]);
            case "INDEX_OF" -> indexOf((String) a[0], (String) a[1]);
            case "CONTAINS" -> ((String) a[0]).contains((String) a[1]);
            case "STARTS_WITH" -> ((String) a[0]).startsWith((String) a[1]);
            case "ENDS_WITH" -> ((String) a[0]).endsWith((String) a[1]);
            case "REPLACE" -> ((String) a[1]).isEmpty() ? a[0] : ((String) a[0]).replace((String) a[1], (String) a[2]);
            case "SPLIT" -> split((String) a[0], (String) a[1]);
            case "JOIN" -> list(a[0]).stream().map(v -> (String) v).collect(Collectors.joining((String) a[1]));
            case "REPEAT" -> repeat((String) a[0], (Long) a[1]);
            case "CHR" -> chr((Long) a[0]);
            case "CONCAT_STRING" -> String.join("", java.util.Arrays.asList(a).toArray(String[]::new));
            case "REVERSE_STRING" -> new StringBuilder((String) a[0]).reverse().toString();
            default -> NOT_MINE;
        };
    }

    private static int length(String s) {
        return s.codePointCount(0, s.length());
    }

    /** The code points from FROM up to TO, both clamped. */
    private static String points(String s, long from, long to) {
        int[] points = s.codePoints().toArray();
        int begin = (int) Math.max(0, Math.min(points.length, from)), end = (int) Math.max(0, Math.min(points.length, to));
        return begin >= end ? "" : new String(points, begin, end - begin);
    }

    private static String initcap(String s) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (int c : s.toLowerCase(Locale.ROOT).codePoints().toArray()) {
            out.append(first ? title(c) : Character.toString(c));
            first = Character.isWhitespace(c);
        }
        return out.toString();
    }

    /** Unicode's: ß becomes Ss, which Character.toTitleCase can't say. */
    private static String title(int c) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        return upper.codePointCount(0, upper.length()) == 1 ? Character.toString(Character.toTitleCase(c))
            : upper.charAt(0) + upper.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String trim(String s, String chars) {
        int begin = 0, end = length(s);
        int[] points = s.codePoints().toArray();
        while (begin < end && chars.indexOf(points[begin]) >= 0)
            begin++;
        while (end > begin && chars.indexOf(points[end - 1]) >= 0)
            end--;
        return points(s, begin, end);
    }

    private static String cut(String s, long to) {
        return points(s, 0, to);
    }

    private static String padding(String s, long to, String with) {
        long missing = to - length(s);
        if (missing <= 0 || with.isEmpty())
            return "";
        return points(with.repeat((int) (missing / length(with)) + 1), 0, missing);
    }

    private static String substr(String s, long from, long count) {
        long begin = Math.max(0, from);
        return points(s, begin, count > Long.MAX_VALUE - begin ? Long.MAX_VALUE : begin + Math.max(0, count));
    }

    private static long indexOf(String s, String part) {
        int at = s.indexOf(part);
        return at < 0 ? -1 : s.codePointCount(0, at);
    }

    private static List<Object> split(String s, String by) {
        List<Object> out = new ArrayList<>();
        if (by.isEmpty()) {
            s.codePoints().forEach(c -> out.add(Character.toString(c)));
            return out;
        }
        int from = 0;
        for (int at; (at = s.indexOf(by, from)) >= 0; from = at + by.length())
            out.add(s.substring(from, at));
        out.add(s.substring(from));
        return out;
    }

    private static String repeat(String s, long count) {
        if (count < 0)
            throw new Bad("fewer than no repeats");
        return s.repeat((int) count);
    }

    private static String chr(long c) {
        if (c < 0 || c > 0x10FFFF || c >= 0xD800 && c < 0xE000)
            throw new Bad("no code point");
        return Character.toString((int) c);
    }

    // ---- regular expressions ----

    static Object regex(String name, Expr e, Object[] a) {
        return switch (name) {
            case "MATCHES" -> pattern(a[1]).matcher((String) a[0]).matches();
            case "REGEX_EXTRACT" -> {
                Matcher m = pattern(a[1]).matcher((String) a[0]);
                yield m.find() ? group(m, (Long) a[2]) : checked(m, (Long) a[2]);
            }
            case "REGEX_EXTRACT_ALL" -> all(pattern(a[1]).matcher((String) a[0]), (Long) a[2]);
            case "REGEX_REPLACE" -> pattern(a[1]).matcher((String) a[0]).replaceAll((String) a[2]);
            case "REGEX_SPLIT" -> regexSplit((String) a[0], pattern(a[1]));
            default -> NOT_MINE;
        };
    }

    private static Pattern pattern(Object text) {
        try {
            return Pattern.compile((String) text);
        } catch (PatternSyntaxException e) {
            throw new Bad("not a pattern");
        }
    }

    private static Object checked(Matcher m, long group) {
        if (group < 0 || group > m.groupCount())
            throw new Bad("no such group");
        return null;
    }

    private static Object group(Matcher m, long group) {
        checked(m, group);
        return m.group((int) group);
    }

    private static List<Object> all(Matcher m, long group) {
        List<Object> out = new ArrayList<>();
        checked(m, group);
        while (m.find())
            if (m.group((int) group) != null)
                out.add(m.group((int) group));
        return out;
    }

    private static List<Object> regexSplit(String s, Pattern by) {
        return new ArrayList<>(List.of(by.split(s, -1)));
    }

    // ---- bytes, hashes, the web ----

    static Object bytes(String name, Expr e, Object[] a) {
        return switch (name) {
            case "ENCODE", "ENCODE_STRING" -> encode(raw(a[0]), (String) a[1]);
            case "DECODE" -> new Values.Bytes(decode((String) a[0], (String) a[1]));
            case "DECODE_BYTES" -> ((String) a[1]).equals("utf8") ? text(raw(a[0]))
                : text(decode(text(raw(a[0])), (String) a[1]));
            case "MD5", "MD5_BYTES" -> digest("MD5", raw(a[0]));
            case "SHA256", "SHA256_BYTES" -> digest("SHA-256", raw(a[0]));
            case "MURMUR2", "MURMUR2_BYTES" -> Utils.murmur2(raw(a[0]));
            case "XXHASH", "XXHASH_BYTES" -> net.jpountz.xxhash.XXHashFactory.safeInstance().hash64()
                .hash(raw(a[0]), 0, raw(a[0]).length, 0);
            case "UUID_OF" -> java.util.UUID.nameUUIDFromBytes(raw(a[0])).toString();
            case "URL_ENCODE" -> URLEncoder.encode((String) a[0], StandardCharsets.UTF_8);
            case "URL_DECODE" -> URLDecoder.decode((String) a[0], StandardCharsets.UTF_8);
            default -> NOT_MINE;
        };
    }

    static byte[] raw(Object v) {
        return v instanceof String s ? Values.utf8(s) : ((Values.Bytes) v).bytes();
    }

    static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new Bad("not UTF-8");
        }
    }

    private static String encode(byte[] bytes, String how) {
        return switch (how) {
            case "hex" -> HexFormat.of().formatHex(bytes);
            case "base64" -> Base64.getEncoder().encodeToString(bytes);
            default -> text(bytes);
        };
    }

    private static byte[] decode(String text, String how) {
        try {
            return switch (how) {
                case "hex" -> HexFormat.of().parseHex(text);
                case "base64" -> Base64.getDecoder().decode(text);
                default -> Values.utf8(text);
            };
        } catch (IllegalArgumentException e) {
            throw new Bad("not " + how);
        }
    }

    private static String digest(String how, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(how).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
