package dev.aside.cache;

import dev.aside.cache.proxy.DurationText;
import dev.aside.cache.spi.CacheConfigurationException;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How long the values of a cache live, and when an old one may still be served. Immutable.
 *
 * <p>Three presets cover the usual kinds of data: {@link #reference()}, {@link #permissions()} and
 * {@link #aggregate()}. An own policy starts from {@link #named} or from another policy's {@link #toBuilder()}.
 */
public final class TtlPolicy {

    /** Who waits for whom when a key is missing. */
    public enum SingleFlight {
        /** One load per key in a process; nodes do not wait for each other. */
        PROCESS,
        /** One load per key in the whole cluster; other nodes wait for it, within a bound. */
        CLUSTER
    }

    /** What may be served from a process that has lost touch with the invalidation log. */
    public enum Coherence {
        /** Nothing but stale-if-error, and only when the load failed. */
        NORMAL,
        /** Nothing. */
        STRICT
    }

    /**
     * When loads are given up because they fail: after {@code calls} loads of which at least {@code failureShare} failed,
     * none is tried for {@code openFor}; then one is.
     *
     * @param failureShare more than 0, at most 1
     * @param calls the loads that are looked at, 1 and more
     * @param openFor 1 ms and more
     */
    public record LoadBreaker(double failureShare, int calls, Duration openFor) {}

    private final Builder values;

    /** Asked for on each hit. */
    private final @Nullable UnaryOperator<Object> copier;

    private TtlPolicy(Builder builder) {
        this.values = new Builder(builder);
        this.copier = builder.copyOnRead;
    }

    /** What a cache gets that names no policy: 5 min, absences 30 s. */
    public static TtlPolicy standard() {
        return named("default")
                .ttl(Duration.ofMinutes(5))
                .localTtl(Duration.ofMinutes(1))
                .jitter(0.1)
                .nullTtl(Duration.ofSeconds(30))
                .build();
    }

    /**
     * Data that changes rarely, such as countries and products: 30 min within 5 to 60 min, reloaded behind the reader
     * from 80 % on, served for 6 h when the load fails.
     */
    public static TtlPolicy reference() {
        return named("reference")
                .ttl(Duration.ofMinutes(30))
                .bounds(Duration.ofMinutes(5), Duration.ofMinutes(60))
                .localTtl(Duration.ofMinutes(5))
                .jitter(0.1)
                .nullTtl(Duration.ofMinutes(1))
                .refreshAhead(0.8)
                .staleIfError(Duration.ofHours(6))
                .build();
    }

    /**
     * What a user may do: 5 min, 15 s in a process, never served stale, not even after an error, and no absences: "no
     * permissions" is an empty set.
     */
    public static TtlPolicy permissions() {
        return named("permissions")
                .ttl(Duration.ofMinutes(5))
                .bounds(Duration.ofSeconds(1), Duration.ofMinutes(15))
                .localTtl(Duration.ofSeconds(15))
                .jitter(0.05)
                .coherence(Coherence.STRICT)
                .build();
    }

    /**
     * Figures that are expensive to compute, such as dashboards: 120 s within 30 to 300 s, served for another 5 min
     * while one node of the cluster computes them anew.
     */
    public static TtlPolicy aggregate() {
        return named("aggregate")
                .ttl(Duration.ofSeconds(120))
                .bounds(Duration.ofSeconds(30), Duration.ofSeconds(300))
                .jitter(0.2)
                .staleWhileRevalidate(Duration.ofMinutes(5))
                .singleFlight(SingleFlight.CLUSTER)
                .slowLoad(Duration.ofSeconds(10))
                .build();
    }

    /** Starts a policy. The name is how annotations ask for it: letters, digits, {@code . _ -}. */
    public static Builder named(String name) {
        return new Builder(Names.check("policy name", name));
    }

    /** A builder that starts from this policy, to change a copy. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** The name annotations ask for. */
    public String name() {
        return values.name;
    }

    /** How long a value is fresh; more than zero. No node serves it as fresh for longer. */
    public Duration ttl() {
        return values.ttl;
    }

    /** How long a process serves its own copy before it asks the remote tier again; at most the ttl. */
    public Duration localTtl() {
        return values.localTtl == null ? values.ttl : values.localTtl;
    }

    /** The shortest ttl that caches of this policy may ask for. */
    public Duration minTtl() {
        return values.minTtl;
    }

    /** The longest ttl that caches of this policy may ask for. */
    public Duration maxTtl() {
        return values.maxTtl;
    }

    /** The share of the ttl by which entries expire earlier at random, 0 to 0.5. It only ever shortens. */
    public double jitter() {
        return values.jitter;
    }

    /** How long an absence is fresh; zero if absences are not cached. */
    public Duration nullTtl() {
        return values.nullTtl;
    }

    /** The share of the ttl after which a hit reloads the value behind the reader; 1 for never. */
    public double refreshAhead() {
        return values.refreshAhead;
    }

    /** How long past its ttl a value is served while one reader's load replaces it; zero for never. */
    public Duration staleWhileRevalidate() {
        return values.staleWhileRevalidate;
    }

    /** How long past its ttl a value is served if its load fails; zero for never. */
    public Duration staleIfError() {
        return values.staleIfError;
    }

    /** After a failed load of a value that is served stale: how long until the next attempt. */
    public Duration errorBackoff() {
        return values.errorBackoff;
    }

    /** The most entries a process keeps of a cache; the least valuable leave first. */
    public long maximumSize() {
        return values.maximumSize;
    }

    /** Who waits for whom when a key is missing. */
    public SingleFlight singleFlight() {
        return values.singleFlight;
    }

    /** How long a reader waits for another node's load of the same key, if the single flight is the cluster's. */
    public Duration clusterWait() {
        return values.clusterWait;
    }

    /** What may be served from a process that has lost touch with the invalidation log. */
    public Coherence coherence() {
        return values.coherence;
    }

    /** The ttl of one value, if it has its own; null if every value has the policy's. */
    public @Nullable Function<Object, @Nullable Duration> ttlFrom() {
        return values.ttlFrom;
    }

    /** The tags of a value, computed from it; null if values have only those of their methods. */
    public @Nullable Function<Object, Collection<String>> tagsFrom() {
        return values.tagsFrom;
    }

    /** The most weight a process keeps of a cache; zero if entries are counted instead. */
    public long maximumWeight() {
        return values.maximumWeight;
    }

    /** How much a value weighs; null if entries are counted instead. */
    public @Nullable ToIntFunction<Object> weigher() {
        return values.weigher;
    }

    /** Copies a value for each reader; null if readers get the value itself. */
    public @Nullable UnaryOperator<Object> copyOnRead() {
        return copier;
    }

    /** How long readers wait for a load before they are given the old value; zero for as long as it takes. */
    public Duration softTimeout() {
        return values.softTimeout;
    }

    /** How long readers wait for a load before it fails for them; zero for as long as it takes. */
    public Duration hardTimeout() {
        return values.hardTimeout;
    }

    /** The most loads of a cache that run at a time in this process; zero for any number. */
    public int maxConcurrentLoads() {
        return values.maxConcurrentLoads;
    }

    /** How long a blocking reader waits for its turn to load. */
    public Duration loadWait() {
        return values.loadWait;
    }

    /** When loads are given up because they fail; null for never. */
    public @Nullable LoadBreaker loadBreaker() {
        return values.loadBreaker;
    }

    /** From how long on a load is logged as slow; zero for never. */
    public Duration slowLoad() {
        return values.slowLoad;
    }

    /** Whether somebody may stop waiting for a load before it ends. */
    boolean timesLoads() {
        return !values.softTimeout.isZero() || !values.hardTimeout.isZero();
    }

    /** How long past the ttl anything may still want the value. */
    Duration longestStale() {
        Duration revalidate = values.staleWhileRevalidate;
        return revalidate.compareTo(values.staleIfError) > 0 ? revalidate : values.staleIfError;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TtlPolicy that
                && toString().equals(that.toString())
                && Objects.equals(ttlFrom(), that.ttlFrom())
                && Objects.equals(tagsFrom(), that.tagsFrom())
                && Objects.equals(weigher(), that.weigher())
                && Objects.equals(copyOnRead(), that.copyOnRead());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** All settings on one line, in the notation of the annotations. */
    @Override
    public String toString() {
        return PolicyText.of(this);
    }

    /** Collects the settings of a policy. Refuses contradictions as they are made. Not thread-safe. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(365);

        private final String name;
        private Duration ttl = Duration.ofMinutes(5);
        private @Nullable Duration localTtl;
        private Duration minTtl = Duration.ofMillis(1);
        private Duration maxTtl = LONGEST;
        private double jitter;
        private Duration nullTtl = Duration.ZERO;
        private double refreshAhead = 1;
        private Duration staleWhileRevalidate = Duration.ZERO;
        private Duration staleIfError = Duration.ZERO;
        private Duration errorBackoff = Duration.ofSeconds(5);
        private long maximumSize = 10_000;
        private SingleFlight singleFlight = SingleFlight.PROCESS;
        private Duration clusterWait = Duration.ofSeconds(5);
        private Coherence coherence = Coherence.NORMAL;
        private @Nullable Function<Object, @Nullable Duration> ttlFrom;
        private @Nullable Function<Object, Collection<String>> tagsFrom;
        private long maximumWeight;
        private @Nullable ToIntFunction<Object> weigher;
        private @Nullable UnaryOperator<Object> copyOnRead;
        private Duration softTimeout = Duration.ZERO;
        private Duration hardTimeout = Duration.ZERO;
        private int maxConcurrentLoads;
        private Duration loadWait = Duration.ofSeconds(1);
        private @Nullable LoadBreaker loadBreaker;
        private Duration slowLoad = Duration.ofSeconds(1);

        private Builder(String name) {
            this.name = name;
        }

        private Builder(Builder from) {
            this.name = from.name;
            this.ttl = from.ttl;
            this.localTtl = from.localTtl;
            this.minTtl = from.minTtl;
            this.maxTtl = from.maxTtl;
            this.jitter = from.jitter;
            this.nullTtl = from.nullTtl;
            this.refreshAhead = from.refreshAhead;
            this.staleWhileRevalidate = from.staleWhileRevalidate;
            this.staleIfError = from.staleIfError;
            this.errorBackoff = from.errorBackoff;
            this.maximumSize = from.maximumSize;
            this.singleFlight = from.singleFlight;
            this.clusterWait = from.clusterWait;
            this.coherence = from.coherence;
            this.ttlFrom = from.ttlFrom;
            this.tagsFrom = from.tagsFrom;
            this.maximumWeight = from.maximumWeight;
            this.weigher = from.weigher;
            this.copyOnRead = from.copyOnRead;
            this.softTimeout = from.softTimeout;
            this.hardTimeout = from.hardTimeout;
            this.maxConcurrentLoads = from.maxConcurrentLoads;
            this.loadWait = from.loadWait;
            this.loadBreaker = from.loadBreaker;
            this.slowLoad = from.slowLoad;
        }

        /** How long a value is fresh: 1 ms to 365 days, default 5 min, within the {@linkplain #bounds bounds}. */
        public Builder ttl(Duration ttl) {
            this.ttl = between("ttl", ttl, Duration.ofMillis(1), LONGEST);
            return this;
        }

        /** How long a process serves its own copy; more than zero, at most the ttl, which is the default. */
        public Builder localTtl(Duration localTtl) {
            this.localTtl = between("localTtl", localTtl, Duration.ofMillis(1), LONGEST);
            return this;
        }

        /** The ttl that caches may ask for, both ends included. */
        public Builder bounds(Duration min, Duration max) {
            this.minTtl = between("lower bound", min, Duration.ofMillis(1), LONGEST);
            this.maxTtl = between("upper bound", max, min, LONGEST);
            return this;
        }

        /** The share of the ttl by which entries expire earlier at random: 0 (default) to 0.5. */
        public Builder jitter(double share) {
            this.jitter = share("jitter", share, 0, 0.5);
            return this;
        }

        /** How long an absence is fresh: zero (default) for not cached, at most the ttl. */
        public Builder nullTtl(Duration nullTtl) {
            this.nullTtl = between("nullTtl", nullTtl, Duration.ZERO, LONGEST);
            return this;
        }

        /** The share of the ttl after which a hit reloads behind the reader: 0.1 to 1 (default: never). */
        public Builder refreshAhead(double share) {
            this.refreshAhead = share("refreshAhead", share, 0.1, 1);
            return this;
        }

        /** How long past its ttl a value is served while it is loaded anew; zero (default) for never. */
        public Builder staleWhileRevalidate(Duration time) {
            this.staleWhileRevalidate = between("staleWhileRevalidate", time, Duration.ZERO, LONGEST);
            return this;
        }

        /** How long past its ttl a value is served if its load fails; zero (default) for never. */
        public Builder staleIfError(Duration time) {
            this.staleIfError = between("staleIfError", time, Duration.ZERO, LONGEST);
            return this;
        }

        /** How long after a failed load the next one is tried while the old value is served: default 5 s. */
        public Builder errorBackoff(Duration time) {
            this.errorBackoff = between("errorBackoff", time, Duration.ZERO, LONGEST);
            return this;
        }

        /** The most entries a process keeps: 1 and more, default 10,000. */
        public Builder maximumSize(long entries) {
            if (entries < 1) {
                throw wrong("maximumSize " + entries + " is not a positive number", "maximumSize(10_000)");
            }
            this.maximumSize = entries;
            this.maximumWeight = 0;
            this.weigher = null;
            return this;
        }

        /**
         * The most weight a process keeps, instead of a number of entries: 1 and more. An absence weighs 1.
         *
         * @param weigher the weight of a value, zero or more; quick, and the same for the same value
         */
        public Builder maximumWeight(long weight, ToIntFunction<Object> weigher) {
            if (weight < 1) {
                throw wrong("maximumWeight " + weight + " is not a positive number", "maximumWeight(10_000_000, ...)");
            }
            this.maximumWeight = weight;
            this.weigher = Objects.requireNonNull(weigher, "weigher");
            return this;
        }

        /**
         * The ttl of one value, computed from it when it has been loaded. What is outside the {@linkplain #bounds bounds}
         * counts as the nearer bound; null takes the policy's ttl. Absences keep {@link #nullTtl}. What it throws is a
         * failed load.
         */
        public Builder ttlFrom(Function<Object, @Nullable Duration> function) {
            this.ttlFrom = Objects.requireNonNull(function, "function");
            return this;
        }

        /**
         * The tags of a value, computed from it when it has been loaded or put, beside those of its method; see
         * {@link Cache#invalidateTag}. Tags must not be blank. What it throws is a failed load.
         */
        public Builder tagsFrom(Function<Object, Collection<String>> function) {
            this.tagsFrom = Objects.requireNonNull(function, "function");
            return this;
        }

        /** Copies a value for each reader, for values that readers change; the copy must not be null. Costs that on a hit. */
        public Builder copyOnRead(UnaryOperator<Object> copier) {
            this.copyOnRead = Objects.requireNonNull(copier, "copier");
            return this;
        }

        /**
         * How long readers wait for a load before they are given the old value, which {@link #staleIfError} or
         * {@link #staleWhileRevalidate} must allow; the load goes on and its value is stored. Zero (default) waits.
         *
         * <p>With a time-out, blocking readers do not run the load on their own thread but on one of the cache's, without
         * their thread-locals.
         */
        public Builder softTimeout(Duration time) {
            this.softTimeout = between("softTimeout", time, Duration.ZERO, LONGEST);
            return this;
        }

        /**
         * How long readers wait for a load before they get a {@link LoadTimeoutException}, or the old value if
         * {@link #staleIfError} allows it. The load itself cannot be stopped; what it brings is thrown away. Zero
         * (default) waits. See {@link #softTimeout} for where the load runs.
         */
        public Builder hardTimeout(Duration time) {
            this.hardTimeout = between("hardTimeout", time, Duration.ZERO, LONGEST);
            return this;
        }

        /** As {@link #maxConcurrentLoads(int, Duration)} with a wait of one second. */
        public Builder maxConcurrentLoads(int loads) {
            return maxConcurrentLoads(loads, Duration.ofSeconds(1));
        }

        /**
         * The most loads of a cache that run at a time in this process, such as the connections it may take from a pool.
         * A blocking reader waits for its turn up to the given time; asynchronous loads and reloads do not wait. Who gets
         * no turn gets a {@link LoadRejectedException}, or the old value if {@link #staleIfError} allows it.
         */
        public Builder maxConcurrentLoads(int loads, Duration wait) {
            if (loads < 1) {
                throw wrong("maxConcurrentLoads " + loads + " is not a positive number", "maxConcurrentLoads(8)");
            }
            this.maxConcurrentLoads = loads;
            this.loadWait = between("load wait", wait, Duration.ZERO, Duration.ofMinutes(1));
            return this;
        }

        /**
         * Stops trying to load for a while when loads fail: after {@code calls} loads of which {@code failureShare}
         * failed, for {@code openFor}. Readers get a {@link LoadRejectedException} meanwhile, or the old value if
         * {@link #staleIfError} allows it.
         */
        public Builder loadBreaker(double failureShare, int calls, Duration openFor) {
            share("failure share", failureShare, 0.01, 1);
            if (calls < 1) {
                throw wrong("the number of calls " + calls + " is not positive", "loadBreaker(0.5, 20, ...)");
            }
            this.loadBreaker = new LoadBreaker(
                    failureShare, calls, between("openFor", openFor, Duration.ofMillis(1), Duration.ofHours(1)));
            return this;
        }

        /** From how long on a load is logged, at most once in ten seconds per cache; zero for never, default 1 s. */
        public Builder slowLoad(Duration threshold) {
            this.slowLoad = between("slowLoad", threshold, Duration.ZERO, LONGEST);
            return this;
        }

        /** Who waits for whom; default {@link SingleFlight#PROCESS}. */
        public Builder singleFlight(SingleFlight scope) {
            this.singleFlight = Objects.requireNonNull(scope, "scope");
            return this;
        }

        /** How long to wait for another node's load before loading without it: 1 ms and more, default 5 s. */
        public Builder clusterWait(Duration time) {
            this.clusterWait = between("clusterWait", time, Duration.ofMillis(1), LONGEST);
            return this;
        }

        /** What may be served without trust; default {@link Coherence#NORMAL}. */
        public Builder coherence(Coherence coherence) {
            this.coherence = Objects.requireNonNull(coherence, "coherence");
            return this;
        }

        /**
         * The finished policy.
         *
         * @throws CacheConfigurationException if settings contradict each other
         */
        public TtlPolicy build() {
            if (ttl.compareTo(minTtl) < 0 || ttl.compareTo(maxTtl) > 0) {
                throw wrong(
                        "ttl " + DurationText.format(ttl) + " is outside the bounds " + DurationText.format(minTtl)
                                + ".." + DurationText.format(maxTtl),
                        "choose a ttl within the bounds, or another policy");
            }
            if (localTtl != null && localTtl.compareTo(ttl) > 0) {
                throw wrong(
                        "localTtl " + DurationText.format(localTtl) + " is longer than ttl " + DurationText.format(ttl),
                        "the copy in a process may not outlive the value");
            }
            if (nullTtl.compareTo(ttl) > 0) {
                throw wrong(
                        "nullTtl " + DurationText.format(nullTtl) + " is longer than ttl " + DurationText.format(ttl),
                        "absences are cached for a shorter time than values");
            }
            if (coherence == Coherence.STRICT && !staleIfError.isZero()) {
                throw wrong(
                        "coherence STRICT and staleIfError " + DurationText.format(staleIfError)
                                + " contradict each other",
                        "drop one of them");
            }
            refuseUselessTimeouts();
            return new TtlPolicy(this);
        }

        private void refuseUselessTimeouts() {
            if (!softTimeout.isZero() && staleIfError.isZero() && staleWhileRevalidate.isZero()) {
                throw wrong(
                        "softTimeout " + DurationText.format(softTimeout) + " has no old value to serve",
                        "set staleIfError or staleWhileRevalidate, or use hardTimeout");
            }
            if (!softTimeout.isZero() && !hardTimeout.isZero() && softTimeout.compareTo(hardTimeout) >= 0) {
                throw wrong(
                        "softTimeout " + DurationText.format(softTimeout) + " is not shorter than hardTimeout "
                                + DurationText.format(hardTimeout),
                        "the old value is offered before the load is given up");
            }
        }

        private Duration between(String what, Duration value, Duration min, Duration max) {
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw wrong(
                        what + " " + value + " is not between " + DurationText.format(min) + " and "
                                + DurationText.format(max),
                        "give a duration such as Duration.ofMinutes(10)");
            }
            return value;
        }

        private double share(String what, double value, double min, double max) {
            if (!(value >= min && value <= max)) {
                throw wrong(what + " " + value + " is not between " + min + " and " + max, "give a share, not percent");
            }
            return value;
        }

        private CacheConfigurationException wrong(String sentence, String hint) {
            return new CacheConfigurationException(sentence + "\n    for policy '" + name + "' [hint: " + hint + "]");
        }
    }
}
