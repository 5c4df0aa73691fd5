package dev.aside.spring.cache;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls that return a publisher. Only to be asked if Reactor is {@link #PRESENT}. */
final class Publishers {
    /** Whether Reactor is there. */
    static final boolean PRESENT =
            ClassUtils.isPresent("reactor.core.publisher.Mono", Publishers.class.getClassLoader());

    private static final boolean TRANSACTIONS = ClassUtils.isPresent(
            "org.springframework.transaction.reactive.TransactionSynchronizationManager",
            Publishers.class.getClassLoader());

    private Publishers() {}

    /** A call that gives a publisher. */
    @FunctionalInterface
    interface Making {
        @Nullable Object call() throws Throwable;
    }

    static boolean isPublisher(Object result) {
        return result instanceof Mono || result instanceof Flux;
    }

    static boolean isPublisher(Class<?> type) {
        return type == Mono.class || type == Flux.class;
    }

    /** Makes the call anew for each subscription. */
    static Object deferred(Class<?> type, Making call) {
        return type == Mono.class ? Mono.defer(() -> (Mono<?>) made(call)) : Flux.defer(() -> (Flux<?>) made(call));
    }

    private static Object made(Making call) {
        try {
            return Objects.requireNonNull(call.call(), "the method returned null instead of a publisher");
        } catch (Throwable e) {
            throw Exceptions.propagate(e); // which Reactor takes off again
        }
    }

    /**
     * The same publisher. If a subscription runs inside a reactive transaction, nothing that it loads is kept and its writes
     * wait for the commit; when it ends, so do the misses of the call.
     */
    static Object watched(Object publisher, Call call) {
        Mono<?> before = TRANSACTIONS ? ReactiveTransactions.found(call) : Mono.just(call);
        return publisher instanceof Mono<?> mono
                ? before.flatMap(found -> (Mono<?>) mono).doOnError(call::end).doFinally(signal -> call.end(null))
                : before.flatMapMany(found -> (Flux<?>) publisher)
                        .doOnError(call::end)
                        .doFinally(signal -> call.end(null));
    }
}
