package dev.aside.spring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The puts and evictions of one call whose method returns a publisher. Spring does them when the publisher ends, which is
 * before a reactive transaction around it has committed: they are then done once more after the commit, as evictions.
 *
 * <p>Thread-safe.
 */
final class ReactiveWrites {
    private final List<Supplier<CompletableFuture<Void>>> early = new ArrayList<>();
    private @Nullable Consumer<Supplier<CompletableFuture<Void>>> afterCommit;

    /**
     * The publisher turns out to run inside a transaction.
     *
     * @param commit takes what is to be done after its commit
     */
    synchronized void waitFor(Consumer<Supplier<CompletableFuture<Void>>> commit) {
        afterCommit = commit;
        early.forEach(commit);
        early.clear();
    }

    /** Notes an eviction; says whether it will be done after a commit. */
    synchronized boolean note(Supplier<CompletableFuture<Void>> eviction) {
        if (afterCommit == null) {
            early.add(eviction);
            return false;
        }
        afterCommit.accept(eviction);
        return true;
    }
}
