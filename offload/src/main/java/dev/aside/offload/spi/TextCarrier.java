package dev.aside.offload.spi;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries texts by name, which others keep for the thread.
 *
 * @param prefix of the names outside the process
 * @param exported names that may leave the process
 */
record TextCarrier(
        String prefix,
        Supplier<? extends @Nullable Map<String, String>> get,
        Consumer<? super Map<String, String>> set,
        Set<String> exported)
        implements ContextCarrier {

    @Override
    public Captured capture() {
        return new Taken(this, now());
    }

    @Override
    public Captured load(Map<String, String> stored) {
        Map<String, String> values = new HashMap<>();
        for (String name : exported) {
            String value = stored.get(prefix + name);
            if (value != null) {
                values.put(name, value);
            }
        }
        return new Taken(this, values);
    }

    private Map<String, String> now() {
        Map<String, String> values = get.get();
        return values == null ? Map.of() : new HashMap<>(values);
    }

    private record Taken(TextCarrier carrier, Map<String, String> values) implements Captured {
        @Override
        public Scope restore() {
            Map<String, String> before = carrier.now();
            carrier.set.accept(new HashMap<>(values)); // whoever gets it may change it
            return () -> carrier.set.accept(before);
        }

        @Override
        public Map<String, String> export() {
            Map<String, String> all = new HashMap<>();
            for (String name : carrier.exported) {
                String value = values.get(name);
                if (value != null) {
                    all.put(carrier.prefix + name, value);
                }
            }
            return all;
        }
    }
}
