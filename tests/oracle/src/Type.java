package weir.oracle;

import java.util.ArrayList;
import java.util.List;

/** A type of the language; types are numbered, and equal types have one number. */
final class Type {
    enum Kind {
        BOOL, INT32, INT64, FLOAT32, FLOAT64, DECIMAL, STRING, BYTES, TIMESTAMP, DATE, DURATION, JSON,
        ENUM, RECORD, UNION, LIST, MAP, OPTIONAL, NULL, ERROR
    }

    record Field(String name, Type type) {}

    Kind kind;
    int precision, scale;
    boolean iso;
    Type element;
    String tag;
    final List<Field> fields = new ArrayList<>();

    static List<Type> readAll(List<Json> list) {
        List<Type> types = new ArrayList<>();
        for (int i = 0; i < list.size(); i++)
            types.add(new Type());
        for (int i = 0; i < list.size(); i++)
            types.get(i).read(list.get(i), types);
        return types;
    }

    private void read(Json json, List<Type> types) {
        kind = Kind.valueOf(json.text("kind").toUpperCase());
        if (kind == Kind.DECIMAL) {
            precision = json.integer("precision");
            scale = json.integer("scale");
        }
        iso = json.flag("iso");
        tag = json.text("tag");
        if (json.has("element"))
            element = types.get(json.integer("element"));
        for (Json field : json.items("fields"))
            fields.add(new Field(field.text("name"), field.has("type") ? types.get(field.integer("type")) : null));
    }

    boolean optional() {
        return kind == Kind.OPTIONAL;
    }

    Type plain() {
        return optional() ? element : this;
    }

    int fieldIndex(String name) {
        for (int i = 0; i < fields.size(); i++)
            if (fields.get(i).name().equals(name))
                return i;
        return -1;
    }
}
