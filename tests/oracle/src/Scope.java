package weir.oracle;

import java.util.HashMap;
import java.util.Map;

/** What variables hold while the expressions of one record are computed; by number. */
final class Scope {
    final Scope outer;
    final Map<Integer, Object> held = new HashMap<>();
    Map<String, BlockStore> stores = Map.of();

    Scope(Scope outer) {
        this.outer = outer;
    }

    Scope with(int id, Object v) {
        held.put(id, v);
        return this;
    }

    Object get(int id) {
        for (Scope s = this; s != null; s = s.outer)
            if (s.held.containsKey(id))
                return s.held.get(id);
        throw new IllegalStateException("variable " + id + " holds nothing");
    }

    /** That of the block whose statements are at work. */
    BlockStore store(String name) {
        for (Scope s = this; s != null; s = s.outer)
            if (s.stores.containsKey(name))
                return s.stores.get(name);
        throw new IllegalStateException("no store " + name);
    }

    void copyTo(Scope other) {
        if (outer != null)
            outer.copyTo(other);
        other.held.putAll(held);
    }
}
