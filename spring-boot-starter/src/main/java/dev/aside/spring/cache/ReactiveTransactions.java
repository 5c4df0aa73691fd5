package dev.aside.spring.cache;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** The reactive transaction that a subscription runs in. */
final class ReactiveTransactions {
    private ReactiveTransactions() {}

    /** The call, once it knows whether it runs inside a transaction. */
    static Mono<Call> found(Call call) {
        return TransactionSynchronizationManager.forCurrentTransaction()
                .filter(TransactionSynchronizationManager::isSynchronizationActive)
                .doOnNext(transaction -> join(call, transaction))
                .onErrorResume(NoTransactionException.class, none -> Mono.empty())
                .thenReturn(call);
    }

    private static void join(Call call, TransactionSynchronizationManager transaction) {
        call.keepNothing();
        call.writes().waitFor(eviction -> transaction.registerSynchronization(after(eviction)));
    }

    /** Also where nobody knows how it ended. */
    private static TransactionSynchronization after(Supplier<CompletableFuture<Void>> eviction) {
        return new TransactionSynchronization() {
            @Override
            public Mono<Void> afterCompletion(int status) {
                return status == STATUS_ROLLED_BACK ? Mono.empty() : Mono.fromFuture(eviction);
            }
        };
    }
}
