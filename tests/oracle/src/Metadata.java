package weir.oracle;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** What an expression may ask of the record besides key and value. */
final class Metadata {
    private Metadata() {}

    static Scope scope(Program program, Headers headers, long timestamp) {
        Scope scope = new Scope(null);
        headers(program, scope, headers);
        bind(program, scope, "timestamp", timestamp);
        return scope;
    }

    static void headers(Program program, Scope scope, Headers headers) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Header header : headers)
            map.put(header.key(), header.value() == null ? null : Texts.text(header.value()));
        bind(program, scope, "headers", map);
    }

    static void place(Program program, Scope scope, String topic, int partition, long offset) {
        bind(program, scope, "topic", topic);
        bind(program, scope, "partition", partition);
        bind(program, scope, "offset", offset);
    }

    private static void bind(Program program, Scope scope, String kind, Object v) {
        if (program.metadata.containsKey(kind))
            scope.with(program.metadata.get(kind), v);
    }
}
