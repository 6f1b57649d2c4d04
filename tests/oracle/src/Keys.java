package weir.oracle;

import java.util.List;
import org.apache.kafka.streams.kstream.Window;
import org.apache.kafka.streams.kstream.Windowed;

/** Keys of flows, windowed or not. */
final class Keys {
    private Keys() {}

    static Object inner(Object key) {
        return key instanceof Windowed<?> w ? w.key() : key;
    }

    /** As the language has a window: a record of start and end. */
    static Object window(Object key) {
        if (!(key instanceof Windowed<?> windowed))
            return null;
        Window w = windowed.window();
        return List.of((Object) w.start(), w.end());
    }

    /** The member of a line in a topic as a file. */
    static String inFile(Object key) {
        return key instanceof Windowed<?> w ? ",\"window\":{\"start\":" + w.window().start() + ",\"end\":" + w.window().end() + "}" : "";
    }
}
