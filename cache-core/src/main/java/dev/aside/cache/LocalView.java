package dev.aside.cache;

import java.util.AbstractMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a process holds of a cache and may serve, as a map that cannot be changed; for looking at. Thread-safe. */
final class LocalView<K, V> extends AbstractMap<K, V> {
    private final LocalLevel local;
    private final Function<Object, @Nullable V> peek;

    LocalView(LocalLevel local, Function<Object, @Nullable V> peek) {
        this.local = local;
        this.peek = peek;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        return key == null ? null : peek.apply(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    /** The entries now; a set of its own. */
    @Override
    @SuppressWarnings("unchecked") // keys were typed when the cache was defined
    public Set<Map.Entry<K, V>> entrySet() {
        Set<Map.Entry<K, V>> entries = new LinkedHashSet<>();
        for (Object key : local.keys()) {
            V value = peek.apply(key);
            if (value != null) {
                entries.add(Map.entry((K) key, value));
            }
        }
        return java.util.Collections.unmodifiableSet(entries);
    }
}
