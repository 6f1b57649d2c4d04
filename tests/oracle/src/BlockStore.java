package weir.oracle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.VersionedKeyValueStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.WindowStore;

/** A store of a processor block: what its statements do to Kafka Streams' own. What a unit that fails has put is taken back. */
abstract class BlockStore {
    interface Each {
        /** What a loop's names hold. */
        void of(Object... held);
    }

    abstract Object get(Place.Found at);

    /** VALUE null: it is removed. TIMESTAMP: of the handler. */
    abstract void set(Place.Found at, Object value, long timestamp);

    abstract void scan(Place.Found range, Each each);

    final void put(Place.Found at, Object value, long timestamp) {
        if (Units.isFailed())
            return;
        Object old = get(at);
        set(at, value, timestamp);
        Units.onFailure(() -> set(at, old, timestamp));
    }

    // ---- making them ----

    static StoreBuilder<?> builder(String name, Json json, Program program) {
        Serde<Object> key = program.wire(json.get("key")).serde(), value = Intern.serde();
        boolean memory = json.flag("memory");
        StoreBuilder<?> builder = switch (json.text("kind")) {
            case "keys" -> Stores.keyValueStoreBuilder(memory ? Stores.inMemoryKeyValueStore(name) : Stores.persistentKeyValueStore(name), key, value);
            case "windows" -> Stores.windowStoreBuilder(memory
                ? Stores.inMemoryWindowStore(name, ms(json, "retention"), ms(json, "size"), false)
                : Stores.persistentWindowStore(name, ms(json, "retention"), ms(json, "size"), false), key, value);
            case "sessions" -> Stores.sessionStoreBuilder(memory ? Stores.inMemorySessionStore(name, ms(json, "retention"))
                : Stores.persistentSessionStore(name, ms(json, "retention")), key, value);
            default -> Stores.versionedKeyValueStoreBuilder(Stores.persistentVersionedKeyValueStore(name, ms(json, "history")), key, value);
        };
        return json.flag("no_changelog") ? builder.withLoggingDisabled() : builder;
    }

    private static Duration ms(Json json, String name) {
        return Duration.ofMillis(json.number(name));
    }

    @SuppressWarnings("unchecked")
    static BlockStore of(StateStore store) {
        if (store instanceof WindowStore<?, ?> s)
            return new Windows((WindowStore<Object, Object>) s);
        if (store instanceof SessionStore<?, ?> s)
            return new Sessions((SessionStore<Object, Object>) s);
        if (store instanceof VersionedKeyValueStore<?, ?> s)
            return new Versions((VersionedKeyValueStore<Object, Object>) s);
        return new Keys((KeyValueStore<Object, Object>) store);
    }

    private static long from(Object t) {
        return t == null ? 0 : Math.max(0, (Long) t);
    }

    private static long to(Object t) {
        return t == null ? Long.MAX_VALUE : (Long) t;
    }

    private static final class Keys extends BlockStore {
        private final KeyValueStore<Object, Object> store;

        Keys(KeyValueStore<Object, Object> store) {
            this.store = store;
        }

        @Override
        Object get(Place.Found at) {
            return store.get(at.key());
        }

        @Override
        void set(Place.Found at, Object value, long timestamp) {
            store.put(at.key(), value);
        }

        @Override
        void scan(Place.Found range, Each each) {
            try (KeyValueIterator<Object, Object> rows = store.range(range.from(), range.to())) {
                while (rows.hasNext()) {
                    KeyValue<Object, Object> row = rows.next();
                    each.of(row.key, row.value);
                }
            }
        }
    }

    private static final class Windows extends BlockStore {
        private final WindowStore<Object, Object> store;

        Windows(WindowStore<Object, Object> store) {
            this.store = store;
        }

        @Override
        Object get(Place.Found at) {
            return store.fetch(at.key(), at.at());
        }

        @Override
        void set(Place.Found at, Object value, long timestamp) {
            store.put(at.key(), value, at.at());
        }

        @Override
        void scan(Place.Found range, Each each) {
            long from = from(range.from()), to = to(range.to());
            if (to < from)
                return; // Kafka Streams fails at times that are negative
            if (range.key() != null) {
                try (KeyValueIterator<Long, Object> rows = store.fetch(range.key(), from, to)) {
                    rows.forEachRemaining(row -> each.of(row.key, row.value));
                }
                return;
            }
            try (KeyValueIterator<Windowed<Object>, Object> rows = store.fetchAll(from, to)) {
                rows.forEachRemaining(row -> each.of(row.key.key(), row.key.window().start(), row.value));
            }
        }
    }

    private static final class Sessions extends BlockStore {
        /** Of sessions that end at the same time Kafka Streams gives from memory the one that began last first, from disk last. */
        private static final Comparator<KeyValue<Windowed<Object>, Object>> IN_TIME =
            Comparator.<KeyValue<Windowed<Object>, Object>>comparingLong(row -> row.key.window().end())
                .thenComparingLong(row -> row.key.window().start());
        private final SessionStore<Object, Object> store;

        Sessions(SessionStore<Object, Object> store) {
            this.store = store;
        }

        @Override
        Object get(Place.Found at) {
            return store.fetchSession(at.key(), (Long) at.from(), (Long) at.to());
        }

        @Override
        void set(Place.Found at, Object value, long timestamp) {
            store.put(new Windowed<>(at.key(), new SessionWindow((Long) at.from(), (Long) at.to())), value);
        }

        @Override
        void scan(Place.Found range, Each each) {
            long from = from(range.from()), to = to(range.to());
            boolean one = range.key() != null;
            List<KeyValue<Windowed<Object>, Object>> found = new ArrayList<>();
            try (KeyValueIterator<Windowed<Object>, Object> rows = one ? store.findSessions(range.key(), from, to)
                     : store.findSessions(null, null, from, to)) {
                rows.forEachRemaining(found::add);
            }
            found.sort(IN_TIME);
            for (KeyValue<Windowed<Object>, Object> row : found) {
                Object window = List.of((Object) row.key.window().start(), row.key.window().end());
                if (one)
                    each.of(window, row.value);
                else
                    each.of(row.key.key(), window, row.value);
            }
        }
    }

    private static final class Versions extends BlockStore {
        private final VersionedKeyValueStore<Object, Object> store;

        Versions(VersionedKeyValueStore<Object, Object> store) {
            this.store = store;
        }

        @Override
        Object get(Place.Found at) {
            VersionedRecord<Object> found = at.at() == null ? store.get(at.key()) : store.get(at.key(), at.at());
            return found == null ? null : found.value();
        }

        @Override
        void set(Place.Found at, Object value, long timestamp) {
            store.put(at.key(), value, at.at() == null ? timestamp : at.at());
        }

        @Override
        void scan(Place.Found range, Each each) {
            throw new IllegalStateException("no loops over versions");
        }
    }
}
