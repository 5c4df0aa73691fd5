package dev.aside.offload;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.spi.ContextCarrier;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param task blocking work, or null
 * @param asyncTask work that does not block; given when there is no blocking one
 * @param options of this call
 * @param context of the asking thread, or null if none is carried
 * @param arrivalNanos when it was asked for
 * @param named the named job this is or becomes, or null for a closure, which nobody else can run
 */
record Request<T extends @Nullable Object>(
        @Nullable JobTask<T, ?> task,
        AsyncJobTask<T> asyncTask,
        CallOptions options,
        ContextCarrier.@Nullable Captured context,
        long arrivalNanos,
        @Nullable Named named) {
    private static final ContextCarrier.Scope NOTHING = () -> {};
    private static final AsyncJobTask<?> NO_ASYNC = context -> {
        throw new IllegalStateException("blocking work was started as asynchronous work");
    };

    static <T extends @Nullable Object> Request<T> blocking(
            JobTask<T, ?> task, CallOptions options, ContextCarrier.@Nullable Captured context, long arrivalNanos) {
        return new Request<>(task, noAsync(), options, context, arrivalNanos, null);
    }

    /** A run of a handler. */
    static <T extends @Nullable Object> Request<T> named(
            JobTask<T, ?> task,
            Named named,
            CallOptions options,
            ContextCarrier.@Nullable Captured context,
            long arrivalNanos) {
        return new Request<>(task, noAsync(), options, context, arrivalNanos, named);
    }

    /** The stored job this is a run of, null if the store has not given it out. */
    @Nullable JobRecord claimed() {
        return named == null ? null : named.claimed();
    }

    @SuppressWarnings("unchecked") // it never returns
    private static <T extends @Nullable Object> AsyncJobTask<T> noAsync() {
        return (AsyncJobTask<T>) NO_ASYNC;
    }

    boolean isAsync() {
        return task == null;
    }

    ContextCarrier.Scope restore() {
        return context == null ? NOTHING : context.restore();
    }

    /** What of the context may leave the process. */
    Map<String, String> exported() {
        return context == null ? Map.of() : context.export();
    }
}
