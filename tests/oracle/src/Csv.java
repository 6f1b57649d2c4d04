package weir.oracle;

import java.util.ArrayList;
import java.util.List;

/** CSV of one record or one scalar, as RFC 4180 has it. An empty field without quotes is null where null may be; empty text has quotes. */
final class Csv {
    private Csv() {}

    private record Field(String text, boolean quoted) {}

    static Object read(Wire wire, String line) {
        List<Field> fields = split(line.replaceFirst("\r?\n$", ""), wire.delimiter().charAt(0));
        Type type = wire.type().plain();
        if (type.kind != Type.Kind.RECORD) {
            if (fields.size() != 1)
                throw new Bad("more than one field");
            return scalar(wire.type(), fields.get(0));
        }
        if (fields.size() != type.fields.size())
            throw new Bad("not as many fields as the type has");
        List<Object> record = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++)
            record.add(scalar(type.fields.get(i).type(), fields.get(i)));
        return record;
    }

    private static Object scalar(Type type, Field field) {
        if (type.optional() && field.text.isEmpty() && !field.quoted)
            return null;
        String text = field.text;
        return switch (type.plain().kind) {
            case STRING, BYTES, TIMESTAMP, DATE, ENUM -> text.matches("-?[0-9]+") && type.plain().kind == Type.Kind.TIMESTAMP
                ? (Object) Long.parseLong(text) : Codec.read(type.plain(), Json.parse(Json.quote(text)), Uses.WHOLE);
            default -> Codec.read(type.plain(), Json.parse(text), Uses.WHOLE);
        };
    }

    private static List<Field> split(String line, char delimiter) {
        List<Field> fields = new ArrayList<>();
        int at = 0;
        while (true) {
            StringBuilder text = new StringBuilder();
            boolean quoted = at < line.length() && line.charAt(at) == '"';
            if (quoted) {
                for (at++; ; at++) {
                    if (at >= line.length())
                        throw new Bad("no closing quote");
                    if (line.charAt(at) == '"' && (at + 1 >= line.length() || line.charAt(++at) != '"'))
                        break;
                    text.append(line.charAt(at));
                }
                if (line.charAt(at) == '"')
                    at++;
            } else {
                while (at < line.length() && line.charAt(at) != delimiter)
                    text.append(line.charAt(at++));
            }
            fields.add(new Field(text.toString(), quoted));
            if (at >= line.length())
                return fields;
            if (line.charAt(at++) != delimiter)
                throw new Bad("text behind the closing quote");
        }
    }

    @SuppressWarnings("unchecked")
    static String write(Wire wire, Object v) {
        Type type = wire.type().plain();
        if (type.kind != Type.Kind.RECORD)
            return field(wire, wire.type(), v);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < type.fields.size(); i++)
            parts.add(field(wire, type.fields.get(i).type(), ((List<Object>) v).get(i)));
        return String.join(wire.delimiter(), parts);
    }

    private static String field(Wire wire, Type type, Object v) {
        if (v == null)
            return "";
        String text = Codec.write(type, v);
        if (text.startsWith("\""))
            text = (String) Json.parse(text).value;
        return text.isEmpty() || text.contains(wire.delimiter()) || text.matches("(?s).*[\"\r\n].*")
            ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
