package weir.oracle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which fields of each value a program reads: what nobody reads is not decoded, and can't make a bad record. */
final class Reads {
    private static final int PASSES = 4; // over a handler: a loop reads what it has set further down

    private final Map<Integer, Uses> of = new HashMap<>();

    private final Set<Integer> unreached = new HashSet<>(), live = new HashSet<>();

    Reads(Program program) {
        for (Program.Stage stage : program.stages)
            if (!isReached(program, stage))
                unreached.add(stage.id);
        for (int i = program.stages.size() - 1; i >= 0; i--)
            if (doesSomething(program, program.stages.get(i)))
                live.add(i);
        for (int i = program.stages.size() - 1; i >= 0; i--)
            if (live.contains(i))
                stage(program, program.stages.get(i));
    }

    /** Stages that nothing comes to, or that lead nowhere, compute nothing. */
    boolean isLive(Program.Stage stage) {
        return live.contains(stage.id);
    }

    /** What a branch takes, the branches behind it don't get. */
    private boolean doesSomething(Program program, Program.Stage stage) {
        if (unreached.contains(stage.id))
            return false;
        return List.of("to", "peek", "log", "process").contains(stage.kind) || program.stages.stream().anyMatch(other -> live.contains(other.id)
            && (other.inputs.contains(stage) || other.kind.equals("branch") && stage.kind.equals("branch")
                && other.id > stage.id && other.json.integer("group") == stage.json.integer("group")));
    }

    /** Nothing comes through conditions that are constants, nor to the branches behind one that always matches. */
    private boolean isReached(Program program, Program.Stage stage) {
        if (stage.inputs.stream().anyMatch(in -> !unreached.contains(in.id)) || stage.inputs.isEmpty())
            return !isAlways(stage, false) && program.stages.stream().noneMatch(other -> other.id < stage.id
                && stage.kind.equals("branch") && isAlways(other, true) && other.json.text("kind").equals("branch")
                && other.json.integer("group") == stage.json.integer("group"));
        return false;
    }

    private static boolean isAlways(Program.Stage stage, boolean result) {
        return (stage.kind.equals("filter") || stage.kind.equals("branch")) && stage.expr != null
            && stage.expr.is.equals("const") && stage.expr.constant.equals(result);
    }

    /** What of a variable is read. */
    Uses of(Expr.Var v) {
        return of.getOrDefault(v.id(), new Uses());
    }

    /** Is a variable of a block? */
    boolean isRead(Expr.Var v) {
        return of.containsKey(v.id());
    }

    private void stage(Program program, Program.Stage stage) {
        for (Program.Handler handler : stage.handlers)
            for (int pass = 0; pass < PASSES; pass++)
                body(program, handler.body());
        expr(stage.expr, wanted(stage));
        if (stage.kind.equals("merge"))
            stage.inputs.forEach(in -> add(in.value.id(), of.get(stage.value.id())));
        else if (stage.inputs.size() == 1 && List.of("group", "window", "suppress", "as_stream").contains(stage.kind))
            add(stage.input().value.id(), of.get(stage.value.id()));
        if (stage.kind.equals("as_table") || stage.kind.equals("keep"))
            add(stage.input().value.id(), Uses.WHOLE);
        if (stage.kind.equals("join"))
            join(program, stage);
        if (stage.kind.equals("source") && stage.json.get("source").flag("table") && isLookedBackAt(program, stage))
            add(stage.value.id(), Uses.WHOLE); // a table that is kept is kept whole
        if (stage.kind.equals("aggregate"))
            aggregate(program, stage, stage.json.get("aggregate"));
        for (String part : List.of("source", "sink", "repartition"))
            if (stage.json.has(part))
                ends(program, stage.json.get(part));
        if (stage.json.has("sink") || stage.json.has("repartition"))
            add(stage.input().value.id(), Uses.WHOLE);
    }

    /** Does somebody need the value before a change? */
    private boolean isLookedBackAt(Program program, Program.Stage table) {
        return program.stages.stream().anyMatch(stage -> live.contains(stage.id) && stage.inputs.contains(table)
            && (List.of("filter", "repartition", "suppress", "join", "subscribe").contains(stage.kind)
                || List.of("map", "let").contains(stage.kind) && isLookedBackAt(program, stage)));
    }

    private Uses wanted(Program.Stage stage) {
        if (stage.kind.equals("map"))
            return of.get(stage.value.id());
        return stage.let != null && stage.expr.is.equals("var") ? of.get(stage.let.id()) : Uses.WHOLE;
    }

    // ---- processor blocks ----

    private void body(Program program, List<Statement> statements) {
        for (int i = statements.size() - 1; i >= 0; i--)
            statement(program, statements.get(i));
    }

    private void statement(Program program, Statement s) {
        body(program, s.otherwise);
        body(program, s.body);
        if (s.place != null)
            place(s.place);
        if (s.what.equals("emit") && !isLive(program.stages.get(s.to)))
            return;
        for (Expr e : new Expr[] {s.key, s.time})
            expr(e, Uses.WHOLE);
        expr(s.value, s.what.equals("emit") ? of.get(program.stages.get(s.to).value.id()) : Uses.WHOLE);
        expr(s.expr, s.var != null ? of.get(s.var.id()) : Uses.WHOLE);
        s.headers.forEach(header -> expr(header.value(), Uses.WHOLE));
    }

    private void place(Place place) {
        for (Expr e : new Expr[] {place.key(), place.at(), place.from(), place.to()})
            expr(e, Uses.WHOLE);
    }

    // ---- what the others read ----

    private void join(Program program, Program.Stage stage) {
        if (!Joins.is(stage, "lookup") || Joins.waits(stage))
            add(Joins.left(stage).value.id(), Uses.WHOLE);
        add(Joins.right(stage).value.id(), Uses.WHOLE);
        expr(program.expr(stage.json.get("join").get("on")), Uses.WHOLE);
    }

    private void aggregate(Program program, Program.Stage stage, Json aggregate) {
        if (aggregate.text("form").equals("reduce"))
            add(stage.input().value.id(), Uses.WHOLE);
        for (Json call : aggregate.items("calls")) {
            call.items("args").forEach(arg -> expr(program.expr(arg), Uses.WHOLE));
            expr(program.expr(call.get("where")), Uses.WHOLE);
        }
        for (String name : List.of("value", "init"))
            expr(program.expr(aggregate.get(name)), Uses.WHOLE);
        for (String name : List.of("add", "undo", "merge"))
            if (aggregate.has(name))
                step(program, aggregate.get(name));
    }

    private void step(Program program, Json step) {
        expr(program.expr(step.get("result")), Uses.WHOLE);
    }

    private void ends(Program program, Json end) {
        for (String name : List.of("time", "route", "by"))
            expr(program.expr(end.get(name)), Uses.WHOLE);
        for (Json header : end.items("headers"))
            expr(program.expr(header.get("value")), Uses.WHOLE);
    }

    private void add(int id, Uses uses) {
        if (uses != null)
            of.merge(id, uses, Uses::both);
    }

    /** WANT: what of its result is read; null: nothing. */
    private void expr(Expr e, Uses want) {
        if (e == null || want == null)
            return;
        switch (e.is) {
            case "var" -> add(e.var.id(), want);
            case "field", "case" -> expr(e.left, Uses.only(e.index, want));
            case "unwrap" -> expr(e.left, Uses.only(0, want));
            case "is_null", "is_case" -> expr(e.left, new Uses());
            case "stored" -> place(e.place);
            case "match" -> match(e, want);
            case "lift" -> lift(e, want);
            case "if" -> {
                expr(e.cond, Uses.WHOLE);
                expr(e.left, want);
                expr(e.right, want);
            }
            case "record" -> {
                for (int i = 0; i < e.items.size(); i++)
                    expr(e.items.get(i), want.part(i));
            }
            default -> parts(e);
        }
    }

    private void parts(Expr e) {
        expr(e.cond, Uses.WHOLE);
        expr(e.left, Uses.WHOLE);
        expr(e.right, Uses.WHOLE);
        e.items.forEach(part -> expr(part, Uses.WHOLE));
        e.keys.forEach(part -> expr(part, Uses.WHOLE));
    }

    private void lift(Expr e, Uses want) {
        expr(e.left, want);
        for (int i = 0; i < e.items.size(); i++)
            expr(e.items.get(i), Uses.only(0, of.get(e.vars.get(i).id())));
    }

    private void match(Expr e, Uses want) {
        Uses matched = new Uses();
        for (Expr.Arm arm : e.arms) {
            expr(arm.value(), want);
            Uses bound = arm.binding() == null ? null : of.get(arm.binding().id());
            matched = Uses.both(matched, arm.index() < 0 ? bound : Uses.only(arm.index(), bound));
        }
        expr(e.left, matched);
    }
}
