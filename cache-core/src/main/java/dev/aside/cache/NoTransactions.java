package dev.aside.cache;

import dev.aside.cache.spi.TransactionBridge;
import java.util.function.Consumer;

/** Nothing is ever in a transaction. */
enum NoTransactions implements TransactionBridge {
    INSTANCE;

    @Override
    public boolean active() {
        return false;
    }

    @Override
    public Object transaction() {
        throw none();
    }

    @Override
    public boolean readOnly() {
        throw none();
    }

    @Override
    public Isolation isolation() {
        throw none();
    }

    @Override
    public void beforeCommit(Runnable action) {
        throw none();
    }

    @Override
    public void afterCommit(Runnable action) {
        throw none();
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        throw none();
    }

    private static IllegalStateException none() {
        return new IllegalStateException("no transaction is active");
    }
}
