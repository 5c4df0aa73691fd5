package dev.aside.offload;

import dev.aside.offload.job.JobPriority;
import dev.aside.offload.spi.KeyClaim;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is particular to one named job. Immutable. */
public final class EnqueueOptions {
    private static final Duration YEAR = Duration.ofDays(366);
    private static final EnqueueOptions NONE = new EnqueueOptions(new Builder());

    final Duration delay;
    final @Nullable Duration startWithin;
    final @Nullable JobPriority priority;
    final @Nullable KeyClaim key;

    private EnqueueOptions(Builder b) {
        this.delay = b.delay;
        this.startWithin = b.startWithin;
        this.priority = b.priority;
        this.key = b.key;
    }

    /** Nothing particular. */
    public static EnqueueOptions none() {
        return NONE;
    }

    /** Says something particular. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private Duration delay = Duration.ZERO;
        private @Nullable Duration startWithin;
        private @Nullable JobPriority priority;
        private @Nullable KeyClaim key;

        private Builder() {}

        /**
         * Lets it wait before it may start.
         *
         * @throws IllegalArgumentException if it is negative or above a year
         */
        public Builder delay(Duration delay) {
            this.delay = Ranges.within("delay", delay, Duration.ZERO, YEAR);
            return this;
        }

        /**
         * Gives it up, as EXPIRED, if it has not started so long after it became ready.
         *
         * @throws IllegalArgumentException if it is below a millisecond or above a year
         */
        public Builder startWithin(Duration startWithin) {
            this.startWithin = Ranges.within("startWithin", startWithin, Duration.ofMillis(1), YEAR);
            return this;
        }

        /** Who goes first among waiting jobs of the type; what the type says unless set. */
        public Builder priority(JobPriority priority) {
            this.priority = Objects.requireNonNull(priority, "priority");
            return this;
        }

        /**
         * Makes a repeated request the same job: while the first one is known, a request with this type, key and
         * fingerprint gets its handle; with another fingerprint it is refused. Remembered for 24 hours, or as long as
         * the store keeps the job if that is shorter.
         *
         * @param key 1..255 characters, chosen by the caller
         * @param fingerprint of what is asked for, e.g. a hash of the request
         * @throws IllegalArgumentException if the key is empty or too long
         */
        public Builder idempotencyKey(String key, String fingerprint) {
            this.key = new KeyClaim(Ranges.idempotencyKey(key), fingerprint, Ranges.DAY);
            return this;
        }

        /** The options. */
        public EnqueueOptions build() {
            return new EnqueueOptions(this);
        }
    }
}
