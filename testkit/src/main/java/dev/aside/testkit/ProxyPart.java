package dev.aside.testkit;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The faults of some of a proxy's connections. Confined to the loop's thread. */
final class ProxyPart {
    private final Map<FaultProxy.Direction, ProxyLine> lines = new EnumMap<>(FaultProxy.Direction.class);

    ProxyPart() {
        for (FaultProxy.Direction direction : FaultProxy.Direction.values()) {
            lines.put(direction, new ProxyLine());
        }
    }

    ProxyLine line(FaultProxy.Direction direction) {
        return Objects.requireNonNull(lines.get(direction));
    }

    void clear() {
        lines.values().forEach(ProxyLine::clear);
    }
}
