package weir.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What `weir emit --stage program` says of a program. */
final class Program {
    record Fn(List<Expr.Var> params, Expr body) {}

    record Header(String name, Expr value) {}

    /** Of a processor block; EVERY 0: of the records of an input. */
    record Handler(int input, long every, boolean wall, List<Statement> body) {
        static Handler read(Json json, Program program) {
            if (json.has("timestamp"))
                program.var(json.get("timestamp"));
            return new Handler(json.has("input") ? json.integer("input") : -1, json.has("every") ? json.number("every") : 0,
                json.flag("wall"), Statement.readAll(json.items("body"), program));
        }
    }

    final class Stage {
        final Json json;
        final int id;
        final String kind;
        final List<Stage> inputs = new ArrayList<>();
        final Expr expr;
        final Expr.Var key, value, let, window;
        final List<Expr.Var> vars = new ArrayList<>(), lets = new ArrayList<>();
        final List<Handler> handlers = new ArrayList<>();

        Stage(Json json) {
            this.json = json;
            id = json.integer("id");
            kind = json.text("kind");
            for (Json input : json.items("inputs"))
                inputs.add(stages.get(Integer.parseInt(input.raw)));
            expr = expr(json.get("expr"));
            let = json.has("var") ? var(json.get("var")) : null;
            for (Json v : json.items("vars"))
                vars.add(var(v));
            if (json.has("process"))
                for (Json handler : json.get("process").items("handlers"))
                    handlers.add(Handler.read(handler, Program.this));
            Json out = json.get("out");
            key = var(out.get("key"));
            value = var(out.get("value"));
            window = out.has("window") ? var(out.get("window")) : null;
            for (Json v : out.items("lets"))
                lets.add(var(v));
        }

        Stage input() {
            return inputs.get(0);
        }
    }

    final List<Type> types;
    final Map<String, Fn> fns = new HashMap<>();
    final Map<String, Integer> metadata = new HashMap<>(); // by kind: its variable, if an expression asks for it
    final List<Stage> stages = new ArrayList<>();
    private final Set<Integer> ofValue = new HashSet<>();

    Program(Json json) {
        types = Type.readAll(json.items("types"));
        for (Json fn : json.items("fns")) {
            List<Expr.Var> params = new ArrayList<>();
            for (Json param : fn.items("params"))
                params.add(var(param));
            fns.put(fn.text("name"), new Fn(params, expr(fn.get("body"))));
        }
        for (Json stage : json.items("stages"))
            stages.add(new Stage(stage));
        for (Stage stage : stages) {
            if (stage.let != null && readsValue(stage.expr))
                ofValue.add(stage.let.id());
            if (stage.kind.equals("expand"))
                stage.vars.forEach(v -> ofValue.add(v.id()));
        }
    }

    Expr expr(Json json) {
        return Expr.read(json, this);
    }

    Expr.Var var(Json json) {
        return Expr.Var.read(json, this);
    }

    Wire wire(Json serde) {
        return wire(serde, Uses.WHOLE);
    }

    /** Of a source's value, as far as the program reads it. */
    Wire wire(Json serde, Uses uses) {
        return new Wire(serde.text("format"), types.get(serde.integer("type")), serde.text("delimiter"), uses, serde.text("window"),
            serde.has("window_size") ? serde.number("window_size") : 0);
    }

    /** Does it read the flow's value, itself or through a `let`? */
    boolean readsValue(Expr e) {
        if (e == null)
            return false;
        if (e.var != null && (e.var.kind().equals("value") || ofValue.contains(e.var.id())))
            return true;
        if (readsValue(e.cond) || readsValue(e.left) || readsValue(e.right))
            return true;
        for (Expr part : e.items)
            if (readsValue(part))
                return true;
        for (Expr part : e.keys)
            if (readsValue(part))
                return true;
        for (Expr.Arm arm : e.arms)
            if (readsValue(arm.value()))
                return true;
        return false;
    }
}
