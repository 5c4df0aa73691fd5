package dev.aside.offload;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a call came to: its result, or the job that goes on with it. A failure of the task is neither; it is thrown.
 *
 * @param <T> type of the result
 */
public sealed interface Outcome<T extends @Nullable Object> {
    /**
     * Whether this answers a repeated call: the work is that of an earlier call with the same idempotency key. A repeated
     * call that fails throws {@link JobFailedException}.
     */
    boolean replayed();

    /**
     * Takes the branch that applies.
     *
     * @param done gets the result
     * @param promoted gets the job
     * @return what the branch returned
     */
    <R extends @Nullable Object> R fold(
            Function<? super T, ? extends R> done, Function<? super JobHandle<T>, ? extends R> promoted);

    /**
     * The task ended within the threshold.
     *
     * @param value its result, null if the task returned null
     * @param replayed whether an earlier call with the same idempotency key did the work
     */
    record Done<T extends @Nullable Object>(T value, boolean replayed) implements Outcome<T> {
        /** The result of the call's own work. */
        public Done(T value) {
            this(value, false);
        }

        @Override
        public <R extends @Nullable Object> R fold(
                Function<? super T, ? extends R> done, Function<? super JobHandle<T>, ? extends R> promoted) {
            return done.apply(value);
        }
    }

    /**
     * The task goes on as a job, which could be found by its id before this outcome was returned.
     *
     * @param job the handle
     * @param replayed whether an earlier call with the same idempotency key began the work
     */
    record Promoted<T extends @Nullable Object>(JobHandle<T> job, boolean replayed) implements Outcome<T> {
        /** The job of the call's own work. */
        public Promoted(JobHandle<T> job) {
            this(job, false);
        }

        public Promoted {
            Objects.requireNonNull(job, "job");
        }

        @Override
        public <R extends @Nullable Object> R fold(
                Function<? super T, ? extends R> done, Function<? super JobHandle<T>, ? extends R> promoted) {
            return promoted.apply(job);
        }
    }
}
