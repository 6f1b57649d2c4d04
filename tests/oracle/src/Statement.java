package weir.oracle;

import java.util.ArrayList;
import java.util.List;

/** A statement of a processor block. */
final class Statement {
    final String what;
    final Expr.Var var;
    final List<Expr.Var> vars = new ArrayList<>(); // null: nobody named it
    final Place place;
    final Expr expr, key, value, time;
    final int to;
    final List<Program.Header> headers = new ArrayList<>();
    final List<Statement> body, otherwise;

    private Statement(Json json, Program program) {
        what = json.text("do");
        var = json.has("var") ? program.var(json.get("var")) : null;
        for (Json v : json.items("vars"))
            vars.add(v.isNull() ? null : program.var(v));
        place = Place.read(json.get("place"), program);
        expr = program.expr(json.get("expr"));
        key = program.expr(json.get("key"));
        value = program.expr(json.get("value"));
        time = program.expr(json.get("time"));
        to = json.has("to") ? json.integer("to") : -1;
        for (Json header : json.items("headers"))
            headers.add(new Program.Header(header.text("name"), program.expr(header.get("value"))));
        body = readAll(json.items("body"), program);
        otherwise = readAll(json.items("otherwise"), program);
    }

    static List<Statement> readAll(List<Json> list, Program program) {
        List<Statement> all = new ArrayList<>();
        for (Json one : list)
            all.add(new Statement(one, program));
        return all;
    }
}
