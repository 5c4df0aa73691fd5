package dev.aside.offload;

import dev.aside.offload.job.JobPriority;
import dev.aside.offload.spi.KeyClaim;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is particular to one call; what it does not say, its type says. Immutable. */
public final class CallOptions {
    private static final CallOptions NONE = new CallOptions(new Builder());

    final @Nullable Duration threshold;
    final @Nullable OnWaitTimeout onWaitTimeout;
    final @Nullable JobPriority priority;
    final @Nullable KeyClaim key;
    final @Nullable Object coalesceBy;
    final @Nullable Class<?> replayAs;
    final long estimatedBytes;

    private CallOptions(Builder b) {
        this.threshold = b.threshold;
        this.onWaitTimeout = b.onWaitTimeout;
        this.priority = b.priority;
        this.key = b.key;
        this.coalesceBy = b.coalesceBy;
        this.replayAs = b.replayAs;
        this.estimatedBytes = b.estimatedBytes;
    }

    private CallOptions(CallOptions from, Class<?> replayAs) {
        this.threshold = from.threshold;
        this.onWaitTimeout = from.onWaitTimeout;
        this.priority = from.priority;
        this.key = from.key;
        this.coalesceBy = from.coalesceBy;
        this.replayAs = replayAs;
        this.estimatedBytes = from.estimatedBytes;
    }

    /** What a stored answer is read as. */
    Class<?> replayType() {
        return replayAs == null ? Object.class : replayAs;
    }

    /** The same, with what a stored answer is read as unless that has been said. */
    CallOptions replayedAs(Class<?> type) {
        return replayAs == null ? new CallOptions(this, type) : this;
    }

    /** Nothing particular. */
    public static CallOptions none() {
        return NONE;
    }

    /** Says something particular. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private @Nullable Duration threshold;
        private @Nullable OnWaitTimeout onWaitTimeout;
        private @Nullable JobPriority priority;
        private @Nullable KeyClaim key;
        private @Nullable Object coalesceBy;
        private @Nullable Class<?> replayAs;
        private long estimatedBytes = 1_024;

        private Builder() {}

        /**
         * How long this caller waits; zero: it gets the job at once.
         *
         * @throws IllegalArgumentException if it is negative or above {@link TypeOptions#MAX_THRESHOLD}
         */
        public Builder threshold(Duration threshold) {
            this.threshold = Ranges.within("threshold", threshold, Duration.ZERO, TypeOptions.MAX_THRESHOLD);
            return this;
        }

        /** What becomes of the work when this caller's wait is over. */
        public Builder onWaitTimeout(OnWaitTimeout onWaitTimeout) {
            this.onWaitTimeout = Objects.requireNonNull(onWaitTimeout, "onWaitTimeout");
            return this;
        }

        /** Who goes first among waiting work of the type. */
        public Builder priority(JobPriority priority) {
            this.priority = Objects.requireNonNull(priority, "priority");
            return this;
        }

        /**
         * Makes a repeated call the same call: while the first one is known, a call of the type with this key gets its
         * answer or its job. The answer of such a call is kept in the store even when it is fast. Remembered for 24
         * hours, or as long as the store keeps the job if that is shorter.
         *
         * @param key 1..255 characters, chosen by the caller, unique within the type; put the caller's name into it
         *     where callers must not see each other's answers
         * @param fingerprint of what is asked for, e.g. a hash of the request; the same key with another one is refused
         * @throws IllegalArgumentException if the key is empty or too long
         */
        public Builder idempotencyKey(String key, String fingerprint) {
            this.key = new KeyClaim(Ranges.idempotencyKey(key), fingerprint, Ranges.DAY);
            return this;
        }

        /**
         * What the answer of an earlier call with the same key is read as, where the store keeps bytes. Without it such
         * a call gets the earlier job instead of its result.
         */
        public Builder replayAs(Class<?> resultType) {
            this.replayAs = Objects.requireNonNull(resultType, "resultType");
            return this;
        }

        /**
         * Joins a call to one that is under way in this process with an equal value and the same type, instead of doing
         * the work twice. Each caller keeps its own threshold.
         */
        public Builder coalesceBy(Object value) {
            this.coalesceBy = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * What the waiting call holds on the heap, for the bound of the backlog; 1 KiB unless said.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder estimatedBytes(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("estimatedBytes " + bytes + " is below 0.");
            }
            this.estimatedBytes = bytes;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if both an idempotency key and a value to coalesce by are set
         */
        public CallOptions build() {
            if (key != null && coalesceBy != null) {
                throw new IllegalArgumentException("idempotencyKey and coalesceBy are both set."
                        + " Hint: a key joins running calls too; leave out coalesceBy.");
            }
            return new CallOptions(this);
        }
    }
}
