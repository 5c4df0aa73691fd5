package dev.aside.offload.job;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state of one job at one moment, as a store keeps it; the result lives beside it. Immutable. */
public final class JobRecord {
    private final String id;
    private final String type;
    private final JobKind kind;
    private final JobState state;
    private final long version;
    private final String node;
    private final long epoch;
    private final int attempts;
    private final int failures;
    private final int crashes;
    private final Instant createdAt;
    private final @Nullable Instant startedAt;
    private final @Nullable Instant finishedAt;
    private final @Nullable Instant dueAt;
    private final boolean cancelRequested;
    private final boolean detached;
    private final String reason;
    private final JobProgress progress;
    private final @Nullable JobProblem problem;
    private final String error;
    private final JobPriority priority;
    private final int typeVersion;
    private final @Nullable Instant expiresAt;
    private final Map<String, String> context;

    private JobRecord(Builder b) {
        id = b.id;
        type = b.type;
        kind = b.kind;
        state = b.state;
        version = b.version;
        node = b.node;
        epoch = b.epoch;
        attempts = b.attempts;
        failures = b.failures;
        crashes = b.crashes;
        createdAt = b.createdAt;
        startedAt = b.startedAt;
        finishedAt = b.finishedAt;
        dueAt = b.dueAt;
        cancelRequested = b.cancelRequested;
        detached = b.detached;
        reason = b.reason;
        progress = b.progress;
        problem = b.problem;
        error = b.error;
        priority = b.priority;
        typeVersion = b.typeVersion;
        expiresAt = b.expiresAt;
        context = b.context;
    }

    /** A new record: QUEUED, version 0, no owner. */
    public static Builder builder(String id, String type) {
        return new Builder(id, type);
    }

    /** A builder that starts from this record. */
    public Builder toBuilder() {
        Builder b = new Builder(id, type);
        b.kind = kind;
        b.state = state;
        b.version = version;
        b.node = node;
        b.epoch = epoch;
        b.attempts = attempts;
        b.failures = failures;
        b.crashes = crashes;
        b.createdAt = createdAt;
        b.startedAt = startedAt;
        b.finishedAt = finishedAt;
        b.dueAt = dueAt;
        b.cancelRequested = cancelRequested;
        b.detached = detached;
        b.reason = reason;
        b.progress = progress;
        b.problem = problem;
        b.error = error;
        b.priority = priority;
        b.typeVersion = typeVersion;
        b.expiresAt = expiresAt;
        b.context = context;
        return b;
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** Its type. */
    public String type() {
        return type;
    }

    /** Closure or named. */
    public JobKind kind() {
        return kind;
    }

    /** Where it stands. */
    public JobState state() {
        return state;
    }

    /** Grows by one with every change; the ETag. */
    public long version() {
        return version;
    }

    /** The process that holds it, empty when none. */
    public String node() {
        return node;
    }

    /** Grows with every claim; a writer with an older one is refused. */
    public long epoch() {
        return epoch;
    }

    /** Times it was started. */
    public int attempts() {
        return attempts;
    }

    /** Attempts that ended in an exception. */
    public int failures() {
        return failures;
    }

    /** Owners lost while it ran. */
    public int crashes() {
        return crashes;
    }

    /** When it came. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When it was last started, or null. */
    public @Nullable Instant startedAt() {
        return startedAt;
    }

    /** When it ended, or null. */
    public @Nullable Instant finishedAt() {
        return finishedAt;
    }

    /** When it becomes ready, for SCHEDULED, or null. */
    public @Nullable Instant dueAt() {
        return dueAt;
    }

    /** Whether somebody asked to cancel it. */
    public boolean cancelRequested() {
        return cancelRequested;
    }

    /** Whether it ended while its thread ran on. */
    public boolean detached() {
        return detached;
    }

    /** Why it was cancelled, is waiting or was lost; may be empty. */
    public String reason() {
        return reason;
    }

    /** What it reported last. */
    public JobProgress progress() {
        return progress;
    }

    /** Why it has no result, for clients, or null. */
    public @Nullable JobProblem problem() {
        return problem;
    }

    /** The exception in short, for operators only; may be empty. */
    public String error() {
        return error;
    }

    /** Who goes first among waiting jobs. */
    public JobPriority priority() {
        return priority;
    }

    /** The version of the payload, from 1. */
    public int typeVersion() {
        return typeVersion;
    }

    /** By when it has to be started, or null. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** What it carries from the thread that asked for it. */
    public Map<String, String> context() {
        return context;
    }

    /** Whether {@code node} and {@code epoch} are those of the present owner. */
    public boolean isOwnedBy(String node, long epoch) {
        return this.epoch == epoch && this.node.equals(node);
    }

    @Override
    public String toString() {
        return "JobRecord[" + id + " " + type + " " + state + " v" + version + "]";
    }

    /** Collects the parts of a record. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private final String type;
        private JobKind kind = JobKind.LOCAL;
        private JobState state = JobState.QUEUED;
        private long version;
        private String node = "";
        private long epoch;
        private int attempts;
        private int failures;
        private int crashes;
        private Instant createdAt = Instant.EPOCH;
        private @Nullable Instant startedAt;
        private @Nullable Instant finishedAt;
        private @Nullable Instant dueAt;
        private boolean cancelRequested;
        private boolean detached;
        private String reason = "";
        private JobProgress progress = JobProgress.NONE;
        private @Nullable JobProblem problem;
        private String error = "";
        private JobPriority priority = JobPriority.NORMAL;
        private int typeVersion = 1;
        private @Nullable Instant expiresAt;
        private Map<String, String> context = Map.of();

        private Builder(String id, String type) {
            this.id = Objects.requireNonNull(id, "id");
            this.type = Objects.requireNonNull(type, "type");
        }

        /** See {@link JobRecord#kind()}. */
        public Builder kind(JobKind kind) {
            this.kind = kind;
            return this;
        }

        /** See {@link JobRecord#state()}. */
        public Builder state(JobState state) {
            this.state = state;
            return this;
        }

        /** See {@link JobRecord#version()}. */
        public Builder version(long version) {
            this.version = version;
            return this;
        }

        /** See {@link JobRecord#node()}. */
        public Builder node(String node) {
            this.node = node;
            return this;
        }

        /** See {@link JobRecord#epoch()}. */
        public Builder epoch(long epoch) {
            this.epoch = epoch;
            return this;
        }

        /** See {@link JobRecord#attempts()}. */
        public Builder attempts(int attempts) {
            this.attempts = attempts;
            return this;
        }

        /** See {@link JobRecord#failures()}. */
        public Builder failures(int failures) {
            this.failures = failures;
            return this;
        }

        /** See {@link JobRecord#crashes()}. */
        public Builder crashes(int crashes) {
            this.crashes = crashes;
            return this;
        }

        /** See {@link JobRecord#createdAt()}. */
        public Builder createdAt(Instant createdAt) {
            this.createdAt = createdAt;
            return this;
        }

        /** See {@link JobRecord#startedAt()}. */
        public Builder startedAt(@Nullable Instant startedAt) {
            this.startedAt = startedAt;
            return this;
        }

        /** See {@link JobRecord#finishedAt()}. */
        public Builder finishedAt(@Nullable Instant finishedAt) {
            this.finishedAt = finishedAt;
            return this;
        }

        /** See {@link JobRecord#dueAt()}. */
        public Builder dueAt(@Nullable Instant dueAt) {
            this.dueAt = dueAt;
            return this;
        }

        /** See {@link JobRecord#cancelRequested()}. */
        public Builder cancelRequested(boolean cancelRequested) {
            this.cancelRequested = cancelRequested;
            return this;
        }

        /** See {@link JobRecord#detached()}. */
        public Builder detached(boolean detached) {
            this.detached = detached;
            return this;
        }

        /** See {@link JobRecord#reason()}. */
        public Builder reason(String reason) {
            this.reason = reason;
            return this;
        }

        /** See {@link JobRecord#progress()}. */
        public Builder progress(JobProgress progress) {
            this.progress = progress;
            return this;
        }

        /** See {@link JobRecord#problem()}. */
        public Builder problem(@Nullable JobProblem problem) {
            this.problem = problem;
            return this;
        }

        /** See {@link JobRecord#error()}. */
        public Builder error(String error) {
            this.error = error;
            return this;
        }

        /** See {@link JobRecord#priority()}. */
        public Builder priority(JobPriority priority) {
            this.priority = priority;
            return this;
        }

        /** See {@link JobRecord#typeVersion()}. */
        public Builder typeVersion(int typeVersion) {
            this.typeVersion = typeVersion;
            return this;
        }

        /** See {@link JobRecord#expiresAt()}. */
        public Builder expiresAt(@Nullable Instant expiresAt) {
            this.expiresAt = expiresAt;
            return this;
        }

        /** See {@link JobRecord#context()}. */
        public Builder context(Map<String, String> context) {
            this.context = Map.copyOf(context);
            return this;
        }

        /** The record. */
        public JobRecord build() {
            return new JobRecord(this);
        }
    }
}
