package weir.oracle;

/** A row of a block's store, or a range of rows: as a statement says it, and as it is at the time. */
record Place(String store, Expr key, Expr at, Expr from, Expr to) {
    /** Null: open. */
    record Found(Object key, Long at, Object from, Object to) {}

    static Place read(Json json, Program program) {
        return json == null ? null : new Place(json.text("store"), program.expr(json.get("key")), program.expr(json.get("at")),
            program.expr(json.get("from")), program.expr(json.get("to")));
    }

    Found find(Scope s) {
        return new Found(eval(key, s), (Long) eval(at, s), eval(from, s), eval(to, s));
    }

    BlockStore in(Scope s) {
        return s.store(store);
    }

    private static Object eval(Expr e, Scope s) {
        return e == null ? null : e.eval(s);
    }
}
