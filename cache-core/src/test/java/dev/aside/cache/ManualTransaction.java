package dev.aside.cache;

import dev.aside.cache.spi.TransactionBridge;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One transaction, begun and ended by hand, that works on snapshots of its actions, as transaction managers do: what is
 * registered while actions of a kind run is not run any more. Active until its after-completion actions run.
 */
final class ManualTransaction implements TransactionBridge {
    private final ThreadLocal<Boolean> active = ThreadLocal.withInitial(() -> false);
    private final List<Runnable> before = new ArrayList<>();
    private final List<Runnable> after = new ArrayList<>();
    private final List<Consumer<Completion>> completed = new ArrayList<>();
    private int refusals;

    /** Whether the calling thread is inside. */
    void inside(boolean inside) {
        active.set(inside);
    }

    /** The next registrations fail. */
    void refuse(int registrations) {
        refusals = registrations;
    }

    void end(Completion completion) {
        if (completion == Completion.COMMITTED) {
            List.copyOf(before).forEach(Runnable::run);
            List.copyOf(after).forEach(Runnable::run);
        }
        active.set(false);
        List.copyOf(completed).forEach(action -> action.accept(completion));
        before.clear();
        after.clear();
        completed.clear();
    }

    @Override
    public boolean active() {
        return active.get();
    }

    @Override
    public Object transaction() {
        return this;
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public Isolation isolation() {
        return Isolation.READ_COMMITTED;
    }

    @Override
    public void beforeCommit(Runnable action) {
        before.add(action);
    }

    @Override
    public void afterCommit(Runnable action) {
        if (refusals > 0) {
            refusals--;
            throw new IllegalStateException("no registrations now");
        }
        after.add(action);
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        completed.add(action);
    }
}
