package dev.aside.offload.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ids of tickets by type of job. Not thread-safe. */
final class Tickets {
    private final Map<String, List<String>> byType = new HashMap<>();

    void add(String type, String ticket) {
        byType.computeIfAbsent(type, name -> new ArrayList<>()).add(ticket);
    }

    /** Those of a type, taken out. */
    List<String> take(String type) {
        List<String> taken = byType.remove(type);
        return taken == null ? List.of() : taken;
    }

    /** All of them, taken out. */
    Map<String, List<String>> takeAll() {
        Map<String, List<String>> taken = new HashMap<>(byType);
        byType.clear();
        return taken;
    }

    boolean isEmpty() {
        return byType.isEmpty();
    }
}
