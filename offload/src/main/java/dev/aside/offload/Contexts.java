package dev.aside.offload;

import dev.aside.offload.spi.ContextCarrier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All context carriers of an executor as one. */
final class Contexts {
    private final List<ContextCarrier> carriers;

    Contexts(List<ContextCarrier> carriers) {
        this.carriers = List.copyOf(carriers);
    }

    /** What the calling thread has, null if nothing is carried. */
    ContextCarrier.@Nullable Captured capture() {
        return carriers.isEmpty()
                ? null
                : new All(carriers.stream().map(ContextCarrier::capture).toList());
    }

    ContextCarrier.@Nullable Captured load(Map<String, String> exported) {
        return carriers.isEmpty()
                ? null
                : new All(
                        carriers.stream().map(carrier -> carrier.load(exported)).toList());
    }

    private record All(List<ContextCarrier.Captured> parts) implements ContextCarrier.Captured {
        @Override
        public ContextCarrier.Scope restore() {
            List<ContextCarrier.Scope> scopes = new ArrayList<>(parts.size());
            for (ContextCarrier.Captured part : parts) {
                scopes.add(part.restore());
            }
            return () -> {
                for (int i = scopes.size() - 1; i >= 0; i--) {
                    scopes.get(i).close();
                }
            };
        }

        @Override
        public Map<String, String> export() {
            Map<String, String> all = new HashMap<>();
            parts.forEach(part -> all.putAll(part.export()));
            return all;
        }
    }
}
