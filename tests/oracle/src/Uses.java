package weir.oracle;

import java.util.HashMap;
import java.util.Map;

/** Which parts of a value are read: by field, by case, or part 0 of what a list, map or optional holds. */
final class Uses {
    static final Uses WHOLE = new Uses(true);

    boolean whole;
    final Map<Integer, Uses> parts = new HashMap<>();

    Uses() {}

    private Uses(boolean whole) {
        this.whole = whole;
    }

    /** What of a part is read; null: nothing, not even whether it is there. */
    Uses part(int index) {
        return whole ? WHOLE : parts.get(index);
    }

    /** Of whose part INDEX all that PART says is read. */
    static Uses only(int index, Uses part) {
        Uses uses = new Uses();
        if (part != null)
            uses.parts.put(index, part);
        return uses;
    }

    static Uses both(Uses a, Uses b) {
        if (a == null || b == null)
            return a == null ? b : a;
        if (a.whole || b.whole)
            return WHOLE;
        Uses uses = new Uses();
        uses.parts.putAll(a.parts);
        b.parts.forEach((index, part) -> uses.parts.merge(index, part, Uses::both));
        return uses;
    }
}
