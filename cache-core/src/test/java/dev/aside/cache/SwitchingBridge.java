package dev.aside.cache;

import dev.aside.cache.spi.TransactionBridge;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A bridge to whichever transaction is current. */
record SwitchingBridge(Supplier<? extends TransactionBridge> current) implements TransactionBridge {
    @Override
    public boolean active() {
        return current.get().active();
    }

    @Override
    public Object transaction() {
        return current.get().transaction();
    }

    @Override
    public boolean readOnly() {
        return current.get().readOnly();
    }

    @Override
    public Isolation isolation() {
        return current.get().isolation();
    }

    @Override
    public void beforeCommit(Runnable action) {
        current.get().beforeCommit(action);
    }

    @Override
    public void afterCommit(Runnable action) {
        current.get().afterCommit(action);
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        current.get().afterCompletion(action);
    }
}
