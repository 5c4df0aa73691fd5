package dev.aside.cache;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The flights a batch of keys needs, and what was held already. One thread. */
final class Boarding {
    final Map<Object, Served> held = new LinkedHashMap<>();
    final Map<Object, Flight> flights = new LinkedHashMap<>();
    final Set<Flight> mine = new LinkedHashSet<>();

    /** All keys in the order asked for; those in flight are still to be put. */
    Map<Object, Served> inOrder() {
        return held;
    }

    CompletableFuture<Void> ownLanded() {
        return landed(mine);
    }

    CompletableFuture<Void> allLanded() {
        return landed(flights.values());
    }

    private static CompletableFuture<Void> landed(Collection<Flight> flights) {
        return CompletableFuture.allOf(
                flights.stream().map(flight -> flight.result).toArray(CompletableFuture<?>[]::new));
    }
}
