package dev.aside.spring.cache;

import org.springframework.util.ClassUtils;
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

    static boolean isPublisher(Object result) {
        return result instanceof Mono || result instanceof Flux;
    }

    /**
     * The same publisher. If a subscription runs inside a reactive transaction, nothing that it loads is kept and its writes
     * wait for the commit; when it ends, so do the misses of the call.
     */
    static Object watched(Object publisher, Call call) {
        Mono<?> before = TRANSACTIONS ? ReactiveTransactions.found(call) : Mono.just(call);
        return publisher instanceof Mono<?> mono
                ? before.flatMap(found -> (Mono<?>) mono).doFinally(signal -> call.end(null))
                : before.flatMapMany(found -> (Flux<?>) publisher).doFinally(signal -> call.end(null));
    }
}
