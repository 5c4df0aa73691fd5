package dev.aside.offload;

import dev.aside.offload.spi.KeyClaim;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The one way of every call: taken in, waited for, answered; closures and named work alike. Thread-safe. */
final class Calls {
    private final Engine engine;

    Calls(Engine engine) {
        this.engine = engine;
    }

    /** Blocks until there is an outcome. What the task threw is thrown as it is. */
    <T extends @Nullable Object> Outcome<T> await(TypeLane lane, Request<T> request) throws Throwable {
        long arrival = request.arrivalNanos();
        Wait wait = Wait.of(lane, request.options());
        KeyClaim key = request.options().key;
        if (key == null) {
            return Promotion.await(engine.admissions.admit(lane, request, false), wait, arrival, false);
        }
        Admissions.Keyed<T> keyed =
                Stages.join(engine.admissions.admitKeyed(lane, request, key, arrival + wait.thresholdNanos()));
        return keyed.execution() != null
                ? Promotion.await(keyed.execution(), wait, arrival, keyed.replayed())
                : Objects.requireNonNull(keyed.outcome());
    }

    /** {@link #await} for a caller that must not wait. */
    <T extends @Nullable Object> CompletionStage<Outcome<T>> answer(TypeLane lane, Request<T> request) {
        long arrival = request.arrivalNanos();
        Wait wait = Wait.of(lane, request.options());
        KeyClaim key = request.options().key;
        if (key == null) {
            return AsyncPromotion.await(engine.admissions.admit(lane, request, true), wait, arrival, false);
        }
        return Stages.unwrapped(engine.admissions
                .admitKeyed(lane, request, key, arrival + wait.thresholdNanos())
                .thenCompose(keyed -> keyed.execution() != null
                        ? AsyncPromotion.await(keyed.execution(), wait, arrival, keyed.replayed())
                        : CompletableFuture.completedFuture(Objects.requireNonNull(keyed.outcome()))));
    }
}
