package dev.aside.cache;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads keys batch by batch and tells how far it got. A batch that fails does not stop the others. One thread. */
final class WarmUp {
    private final int batchSize;
    private final Consumer<WarmUpProgress> listener;
    private int failed;
    private int notKept;
    private @Nullable Throwable failure;

    WarmUp(int batchSize, Consumer<WarmUpProgress> listener) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize " + batchSize + " is not a positive number [hint: 100]");
        }
        this.batchSize = batchSize;
        this.listener = Objects.requireNonNull(listener, "progress");
    }

    WarmUpProgress run(List<?> keys, Function<List<?>, Collection<Served>> read) {
        WarmUpProgress progress = new WarmUpProgress(keys.size(), 0, 0, 0, null);
        for (int from = 0; from < keys.size(); from += batchSize) {
            List<?> batch = keys.subList(from, Math.min(keys.size(), from + batchSize));
            attempt(batch, read);
            progress = new WarmUpProgress(keys.size(), from + batch.size(), failed, notKept, failure);
            listener.accept(progress);
        }
        return progress;
    }

    private void attempt(List<?> batch, Function<List<?>, Collection<Served>> read) {
        try {
            for (Served served : read.apply(batch)) {
                notKept += served.kept() ? 0 : 1;
            }
        } catch (LoadInterruptedException | Error e) {
            throw e;
        } catch (Throwable e) {
            // whatever the loader throws, checked exceptions included: told, and the next batch is tried
            failed += batch.size();
            failure = e;
        }
    }
}
