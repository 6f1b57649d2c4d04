package weir.oracle;

/** A bad record: what can't be decoded or computed. */
final class Bad extends RuntimeException {
    Bad(String why) {
        super(why, null, false, false);
    }
}
