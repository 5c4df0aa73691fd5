package dev.aside.offload;

import java.time.Duration;
import java.util.Objects;

/**
 * How the work of one type is treated. Immutable; what a type does not say, the executor's defaults say.
 */
public final class TypeOptions {
    /** The longest threshold: more is a wait no HTTP client sits through. */
    public static final Duration MAX_THRESHOLD = Duration.ofSeconds(60);

    private final Duration threshold;
    private final OnWaitTimeout onWaitTimeout;
    private final int maxConcurrent;
    private final int maxBacklog;
    private final Duration interruptAfter;
    private final Duration abandonAfter;

    private TypeOptions(Builder b) {
        this.threshold = b.threshold;
        this.onWaitTimeout = b.onWaitTimeout;
        this.maxConcurrent = b.maxConcurrent;
        this.maxBacklog = b.maxBacklog;
        this.interruptAfter = b.interruptAfter;
        this.abandonAfter = b.abandonAfter;
    }

    /** The defaults of the library. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these values. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.threshold = threshold;
        b.onWaitTimeout = onWaitTimeout;
        b.maxConcurrent = maxConcurrent;
        b.maxBacklog = maxBacklog;
        b.interruptAfter = interruptAfter;
        b.abandonAfter = abandonAfter;
        return b;
    }

    /** How long a caller waits, counted from the arrival of the call. */
    public Duration threshold() {
        return threshold;
    }

    /** What becomes of work that is not done by then. */
    public OnWaitTimeout onWaitTimeout() {
        return onWaitTimeout;
    }

    /** How many run at once; 0 stands for three quarters of the workers, so that no type takes them all. */
    public int maxConcurrent() {
        return maxConcurrent;
    }

    /** How many may wait. */
    public int maxBacklog() {
        return maxBacklog;
    }

    /** From the wish to cancel to the interrupt. */
    public Duration interruptAfter() {
        return interruptAfter;
    }

    /** From the interrupt to giving the thread up. */
    public Duration abandonAfter() {
        return abandonAfter;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private Duration threshold = Duration.ofMillis(200);
        private OnWaitTimeout onWaitTimeout = OnWaitTimeout.CONTINUE;
        private int maxConcurrent;
        private int maxBacklog = 1_000;
        private Duration interruptAfter = Duration.ofSeconds(5);
        private Duration abandonAfter = Duration.ofSeconds(30);

        private Builder() {}

        /**
         * How long a caller waits before the call becomes a job; 200 ms unless said otherwise.
         *
         * @throws IllegalArgumentException if it is negative or above {@link #MAX_THRESHOLD}
         */
        public Builder threshold(Duration threshold) {
            this.threshold = Ranges.within("threshold", threshold, Duration.ZERO, MAX_THRESHOLD);
            return this;
        }

        /** What becomes of work that is not done at the threshold; {@link OnWaitTimeout#CONTINUE} unless said. */
        public Builder onWaitTimeout(OnWaitTimeout onWaitTimeout) {
            this.onWaitTimeout = Objects.requireNonNull(onWaitTimeout, "onWaitTimeout");
            return this;
        }

        /**
         * How many run at once; three quarters of the workers unless said otherwise.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder maxConcurrent(int maxConcurrent) {
            this.maxConcurrent = Ranges.atLeast("maxConcurrent", maxConcurrent, 1);
            return this;
        }

        /**
         * How many may wait before further calls are refused; 1 000 unless said otherwise.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder maxBacklog(int maxBacklog) {
            this.maxBacklog = Ranges.atLeast("maxBacklog", maxBacklog, 0);
            return this;
        }

        /**
         * How long cancelled work has to stop by itself before its thread is interrupted (5 s), and then before it is
         * given up: the job is over, the thread and its permit stay taken until it really ends (30 s). Zero is
         * allowed.
         *
         * @throws IllegalArgumentException if one is negative or above a day
         */
        public Builder cancellation(Duration interruptAfter, Duration abandonAfter) {
            this.interruptAfter = Ranges.within("interruptAfter", interruptAfter, Duration.ZERO, Ranges.DAY);
            this.abandonAfter = Ranges.within("abandonAfter", abandonAfter, Duration.ZERO, Ranges.DAY);
            return this;
        }

        /** The options. */
        public TypeOptions build() {
            return new TypeOptions(this);
        }
    }
}
