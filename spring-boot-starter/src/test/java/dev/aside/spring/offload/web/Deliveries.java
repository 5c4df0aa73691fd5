package dev.aside.spring.offload.web;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What was delivered by all nodes, and how often each name got something. Thread-safe. */
final class Deliveries {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    private final Set<String> kinds = ConcurrentHashMap.newKeySet();

    /** What the job results in. */
    String add(String kind, String name) {
        counts.merge(name, 1, Integer::sum);
        kinds.add(kind);
        return kind + " to " + name;
    }

    boolean hasBeen(String kind) {
        return kinds.contains(kind);
    }

    Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }
}
