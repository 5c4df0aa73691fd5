package dev.aside.offload;

import dev.aside.offload.job.JobPriority;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
    private final JobPriority priority;
    private final @Nullable Duration timeLimit;
    private final @Nullable RetryConfig retry;
    private final @Nullable CircuitBreaker circuitBreaker;
    private final @Nullable RateLimiter rateLimiter;
    private final boolean adaptive;

    private TypeOptions(Builder b) {
        this.threshold = b.threshold;
        this.onWaitTimeout = b.onWaitTimeout;
        this.maxConcurrent = b.maxConcurrent;
        this.maxBacklog = b.maxBacklog;
        this.interruptAfter = b.interruptAfter;
        this.abandonAfter = b.abandonAfter;
        this.priority = b.priority;
        this.timeLimit = b.timeLimit;
        this.retry = b.retry;
        this.circuitBreaker = b.circuitBreaker;
        this.rateLimiter = b.rateLimiter;
        this.adaptive = b.adaptive;
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
        b.priority = priority;
        b.timeLimit = timeLimit;
        b.retry = retry;
        b.circuitBreaker = circuitBreaker;
        b.rateLimiter = rateLimiter;
        b.adaptive = adaptive;
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

    /** Who goes first among waiting work of the type. */
    public JobPriority priority() {
        return priority;
    }

    /** How long one attempt may run, or null. */
    public @Nullable Duration timeLimit() {
        return timeLimit;
    }

    /** How failed attempts are repeated, or null. */
    public @Nullable RetryConfig retry() {
        return retry;
    }

    /** What stops attempts while they would fail, or null. */
    public @Nullable CircuitBreaker circuitBreaker() {
        return circuitBreaker;
    }

    /** What spaces attempts, or null. */
    public @Nullable RateLimiter rateLimiter() {
        return rateLimiter;
    }

    /** Whether callers get their job at once while waiting for the threshold hardly ever pays. */
    public boolean adaptive() {
        return adaptive;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private Duration threshold = Duration.ofMillis(200);
        private OnWaitTimeout onWaitTimeout = OnWaitTimeout.CONTINUE;
        private int maxConcurrent;
        private int maxBacklog = 1_000;
        private Duration interruptAfter = Duration.ofSeconds(5);
        private Duration abandonAfter = Duration.ofSeconds(30);
        private JobPriority priority = JobPriority.NORMAL;
        private @Nullable Duration timeLimit;
        private @Nullable RetryConfig retry;
        private @Nullable CircuitBreaker circuitBreaker;
        private @Nullable RateLimiter rateLimiter;
        private boolean adaptive;

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

        /** Who goes first among waiting work of the type, when the call does not say; NORMAL unless set. */
        public Builder priority(JobPriority priority) {
            this.priority = Objects.requireNonNull(priority, "priority");
            return this;
        }

        /**
         * How long one attempt may run; then it is cancelled, and the job FAILED with {@code job-timeout} unless it is
         * tried again. No limit unless set.
         *
         * @throws IllegalArgumentException if it is below a millisecond or above 30 days
         */
        public Builder timeLimit(Duration timeLimit) {
            this.timeLimit = Ranges.within("timeLimit", timeLimit, Duration.ofMillis(1), Duration.ofDays(30));
            return this;
        }

        /**
         * Repeats failed attempts as the configuration says: how many, which exceptions, with what pauses. A cause that
         * is {@link RetryAfter} makes the pause longer, never shorter. Between attempts the job is SCHEDULED. No
         * repetition unless set.
         */
        public Builder retry(RetryConfig retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /**
         * So many attempts, with pauses of 2 s, 4 s, 8 s ... up to an hour, each times a random factor of 0.5 to 1.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder retry(int maxAttempts) {
            return retry(RetryPlan.exponential(Ranges.atLeast("maxAttempts", maxAttempts, 1)));
        }

        /** While it is open the work of the type waits; no attempt is spent. */
        public Builder circuitBreaker(CircuitBreaker circuitBreaker) {
            this.circuitBreaker = Objects.requireNonNull(circuitBreaker, "circuitBreaker");
            return this;
        }

        /** Attempts of the type wait for their turn. */
        public Builder rateLimiter(RateLimiter rateLimiter) {
            this.rateLimiter = Objects.requireNonNull(rateLimiter, "rateLimiter");
            return this;
        }

        /**
         * Learns from the last calls of the type, about a hundred, how long they take. While fewer than one in ten is
         * done within the threshold, callers get their job at once instead of waiting in vain; as soon as more than one
         * in five is, they wait again. Each fiftieth call waits all the same. Also gives jobs of the type an estimate of
         * when to ask again. Begins with the fiftieth call; a call with another threshold than the type's always waits for it. Off
         * unless set.
         */
        public Builder adaptive(boolean adaptive) {
            this.adaptive = adaptive;
            return this;
        }

        /** The options. */
        public TypeOptions build() {
            return new TypeOptions(this);
        }
    }
}
