package weir.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value with the text that it was read from. */
final class Json {
    final String raw;
    final Object value; // Map, List, String, Boolean, null; of a number its text as Num

    record Num(String text) {}

    private Json(String raw, Object value) {
        this.raw = raw;
        this.value = value;
    }

    static Json parse(String text) {
        Reader r = new Reader(text);
        r.space();
        Json json = r.read(0);
        r.space();
        if (r.at != text.length())
            throw new Bad("something behind the JSON value");
        return json;
    }

    // ---- what a program's description is read with; none of it fails on what weir writes ----

    @SuppressWarnings("unchecked")
    Map<String, Json> object() {
        return (Map<String, Json>) value;
    }

    @SuppressWarnings("unchecked")
    List<Json> list() {
        return (List<Json>) value;
    }

    Json get(String name) {
        return object().get(name);
    }

    boolean has(String name) {
        return object().containsKey(name);
    }

    String text(String name) {
        return has(name) ? (String) get(name).value : null;
    }

    int integer(String name) {
        return Integer.parseInt(get(name).raw);
    }

    long number(String name) {
        return Long.parseLong(get(name).raw);
    }

    boolean flag(String name) {
        return has(name) && Boolean.TRUE.equals(get(name).value);
    }

    List<Json> items(String name) {
        return has(name) ? get(name).list() : List.of();
    }

    boolean isNull() {
        return value == null;
    }

    static String quote(String s) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : s.toCharArray()) {
            int escape = "\"\\\b\f\n\r\t".indexOf(c);
            if (escape >= 0)
                out.append('\\').append("\"\\bfnrt".charAt(escape));
            else if (c < 0x20)
                out.append(String.format("\\u%04x", (int) c));
            else
                out.append(c);
        }
        return out.append('"').toString();
    }

    private static final class Reader {
        final String text;
        int at;

        Reader(String text) {
            this.text = text;
        }

        char peek() {
            if (at == text.length())
                throw new Bad("the JSON ends early");
            return text.charAt(at);
        }

        void space() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0)
                at++;
        }

        void expect(String word) {
            if (!text.startsWith(word, at))
                throw new Bad("not JSON");
            at += word.length();
        }

        Json read(int depth) {
            int begin = at;
            Object value = switch (peek()) {
                case '{' -> object(depth);
                case '[' -> list(depth);
                case '"' -> string();
                case 't' -> word("true", true);
                case 'f' -> word("false", false);
                case 'n' -> word("null", null);
                default -> number();
            };
            return new Json(text.substring(begin, at), value);
        }

        Object word(String word, Object value) {
            expect(word);
            return value;
        }

        Map<String, Json> object(int depth) {
            Map<String, Json> map = new LinkedHashMap<>();
            at++;
            space();
            if (peek() == '}') {
                at++;
                return map;
            }
            while (true) {
                space();
                if (peek() != '"')
                    throw new Bad("a name is missing");
                String name = string();
                space();
                expect(":");
                space();
                map.put(name, read(depth + 1));
                space();
                if (peek() == '}') {
                    at++;
                    return map;
                }
                expect(",");
            }
        }

        List<Json> list(int depth) {
            List<Json> list = new ArrayList<>();
            at++;
            space();
            if (peek() == ']') {
                at++;
                return list;
            }
            while (true) {
                space();
                list.add(read(depth + 1));
                space();
                if (peek() == ']') {
                    at++;
                    return list;
                }
                expect(",");
            }
        }

        String string() {
            StringBuilder out = new StringBuilder();
            for (at++; peek() != '"'; at++) {
                char c = peek();
                if (c < 0x20)
                    throw new Bad("a control character in a string");
                if (c != '\\') {
                    out.append(c);
                    continue;
                }
                at++;
                int simple = "\"\\/bfnrt".indexOf(peek());
                if (simple >= 0)
                    out.append("\"\\/\b\f\n\r\t".charAt(simple));
                else if (peek() == 'u' && at + 4 < text.length()) {
                    try {
                        out.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    } catch (NumberFormatException e) {
                        throw new Bad("not an escape");
                    }
                    at += 4;
                } else
                    throw new Bad("not an escape");
            }
            at++;
            return out.toString();
        }

        Num number() {
            java.util.regex.Matcher m = NUMBER.matcher(text).region(at, text.length());
            if (!m.lookingAt())
                throw new Bad("not JSON");
            at = m.end();
            return new Num(m.group());
        }
    }

    private static final java.util.regex.Pattern NUMBER =
        java.util.regex.Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
}
