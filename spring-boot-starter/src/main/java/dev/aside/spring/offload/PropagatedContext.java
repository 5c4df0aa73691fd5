package dev.aside.spring.offload;

import dev.aside.offload.spi.ContextCarrier;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes along to workers of this process whatever Micrometer's context propagation knows of, such as the current
 * observation and its trace.
 */
public final class PropagatedContext implements ContextCarrier {
    private final ContextSnapshotFactory snapshots =
            ContextSnapshotFactory.builder().build();

    /** The only one that is needed. */
    public PropagatedContext() {}

    @Override
    public Captured capture() {
        return new Taken(snapshots.captureAll());
    }

    @Override
    public Captured load(Map<String, String> exported) {
        return new Taken(null);
    }

    private record Taken(@Nullable ContextSnapshot snapshot) implements Captured {
        @Override
        public ContextCarrier.Scope restore() {
            if (snapshot == null) {
                return () -> {};
            }
            ContextSnapshot.Scope scope = snapshot.setThreadLocals();
            return scope::close;
        }

        @Override
        public Map<String, String> export() {
            return Map.of();
        }
    }
}
