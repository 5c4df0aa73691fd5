package dev.aside.offload.redis;

import dev.aside.offload.JobType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The way of a type's payloads from its oldest version to the present one, a step for each version between. Immutable.
 *
 * @param oldest the oldest version there may be
 * @param steps the first one takes {@code oldest}
 */
record Upcasts(int oldest, List<UnaryOperator<JsonNode>> steps) {
    /** Of a type in its first version. */
    static final Upcasts NONE = new Upcasts(1, List.of());

    Upcasts {
        steps = List.copyOf(steps);
    }

    /** The version the last step gives. */
    int present() {
        return oldest + steps.size();
    }

    /**
     * @throws IllegalArgumentException if there is no way from this version to the present one
     */
    void checkReadable(String type, int version) {
        if (version < oldest || version > present()) {
            throw new IllegalArgumentException("the payload of a job of type '" + type + "' is of version " + version
                    + " and this codec reads versions " + oldest + ".." + present()
                    + (version < oldest
                            ? ". Hint: an upcaster from version " + version + ", then run the job again."
                            : ". Hint: it is for a process with newer code."));
        }
    }

    /**
     * @throws IllegalArgumentException if the steps lead to another version than the one that is handled
     */
    void checkHandler(String type, int version) {
        if (version > present()) {
            throw new IllegalArgumentException("job type '" + type + "' is handled in version " + version
                    + " and has no upcaster from version " + present()
                    + ". Hint: JacksonPayloadCodec.builder().upcaster(\""
                    + type + "\", " + present() + ", node -> ...), or oldest(\"" + type + "\", " + version
                    + ") if no older payload is left.");
        }
        if (version < present()) {
            throw new IllegalArgumentException("job type '" + type + "' is handled in version " + version
                    + " and its upcasters lead to version " + present() + ". Hint: raise the version of the JobType.");
        }
    }

    JsonNode apply(String type, int version, JsonNode old) {
        JsonNode node = old;
        for (int from = version; from < present(); from++) {
            try {
                node = Objects.requireNonNull(steps.get(from - oldest).apply(node), "it returned null");
            } catch (RuntimeException | StackOverflowError e) {
                throw new IllegalArgumentException(
                        "the upcaster of job type '" + type + "' from version " + from + " failed with "
                                + e.getClass().getName(),
                        e);
            }
        }
        return node;
    }

    /** What a builder has been told of one type. Not thread-safe. */
    static final class Collected {
        private final TreeMap<Integer, UnaryOperator<JsonNode>> byVersion = new TreeMap<>();
        private int oldest = 1;

        Collected(String type) {
            check(type, 1);
        }

        private static int check(String type, int version) {
            return JobType.of(type, Object.class, Object.class).version(version).version();
        }

        void add(String type, int from, UnaryOperator<JsonNode> step) {
            Objects.requireNonNull(step, "step");
            if (byVersion.putIfAbsent(check(type, from), step) != null) {
                throw new IllegalArgumentException(
                        "job type '" + type + "' has an upcaster from version " + from + " already.");
            }
        }

        void oldest(String type, int version) {
            oldest = check(type, version);
        }

        /**
         * @throws IllegalArgumentException if a step is missing, or is before the oldest version
         */
        Upcasts build(String type) {
            List<UnaryOperator<JsonNode>> steps = new ArrayList<>();
            int last = byVersion.isEmpty() ? 0 : byVersion.lastKey();
            for (int from = oldest; from <= last; from++) {
                @Nullable UnaryOperator<JsonNode> step = byVersion.get(from);
                if (step == null) {
                    throw new IllegalArgumentException("job type '" + type + "' has upcasters from versions "
                            + byVersion.keySet() + " and none from " + from + ". Hint: add it, or say oldest(\"" + type
                            + "\", " + byVersion.ceilingKey(from) + ") if no older payload is left.");
                }
                steps.add(step);
            }
            if (steps.size() < byVersion.size()) {
                throw new IllegalArgumentException("job type '" + type + "' has upcasters from versions "
                        + byVersion.keySet() + " and its oldest version is " + oldest
                        + ". Hint: leave out the earlier ones, or lower oldest.");
            }
            return new Upcasts(oldest, steps);
        }
    }
}
