package dev.aside.offload;

import dev.aside.offload.job.JobRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The lanes by type name. A type that is not declared comes into being with its first call. Thread-safe. */
final class Types {
    private final ConcurrentMap<String, TypeLane> lanes = new ConcurrentHashMap<>();
    private final TypeOptions defaults;
    private final boolean declaredOnly;
    private final int maxTypes;
    private final int workers;

    Types(OffloadBuilder options) {
        this.defaults = options.defaults;
        this.declaredOnly = options.declaredTypesOnly;
        this.maxTypes = options.maxTypes;
        this.workers = options.effectiveWorkers();
        for (Map.Entry<String, UnaryOperator<TypeOptions.Builder>> type : options.types.entrySet()) {
            TypeOptions own = type.getValue().apply(defaults.toBuilder()).build();
            lanes.put(type.getKey(), new TypeLane(type.getKey(), own, workers));
        }
    }

    /**
     * The lane of a type.
     *
     * @throws IllegalArgumentException if the name is not one, is not declared although it has to be, or is one too many
     */
    TypeLane lane(String type) {
        TypeLane known = type == null ? null : lanes.get(type);
        return known != null ? known : added(Ranges.typeName(type));
    }

    private TypeLane added(String type) {
        if (declaredOnly) {
            throw new IllegalArgumentException("job type '" + type + "' is not declared. Hint: known are "
                    + lanes.keySet().stream().sorted().toList() + "; declare it with OffloadBuilder.type.");
        }
        if (lanes.size() >= maxTypes) {
            throw new IllegalArgumentException("job type '" + type + "' is one more than " + maxTypes
                    + " types. Hint: a type is a kind of work such as 'sales-report', not an id.");
        }
        return lanes.computeIfAbsent(type, name -> new TypeLane(name, defaults, workers));
    }

    /** When to ask again for a job; null when that is not known here, or the job is over. */
    @Nullable Duration retryAfter(JobRecord job, Instant now) {
        TypeLane lane = lanes.get(job.type());
        if (lane == null || lane.forecast == null || job.state().isTerminal()) {
            return null;
        }
        long nanos = lane.forecast.retryAfterNanos(
                Duration.between(job.createdAt(), now).toNanos());
        return nanos == 0 ? null : Duration.ofNanos(nanos);
    }

    /** All lanes. */
    Iterable<TypeLane> all() {
        return lanes.values();
    }
}
