package dev.aside.offload;

import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.Holding;
import dev.aside.offload.spi.TimeSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Signs of life for what runs here, and the look for leases of others that ran out. Runs on the timer; without leases
 * it does nothing. Thread-safe.
 */
final class Beats {
    private final Engine engine;
    private final long leaseNanos;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean over;
    private volatile TimeSource.@Nullable Timeout beatTimer;
    private volatile TimeSource.@Nullable Timeout tickTimer;

    Beats(Engine engine) {
        this.engine = engine;
        this.leaseNanos = engine.store.lease().toNanos();
    }

    /** Something is held from now on. */
    void begin() {
        if (leaseNanos > 0 && begun.compareAndSet(false, true)) {
            scheduleBeat();
            scheduleTick();
        }
    }

    private void scheduleBeat() {
        if (!over) {
            beatTimer = engine.time.schedule(engine.time.nanoTime() + leaseNanos / 3, this::beat);
        }
    }

    /** Every fifteenth of a lease (2 s of 30 s), give or take a half, so that processes do not do it all at once. */
    private void scheduleTick() {
        if (!over) {
            long pause = (long) (leaseNanos / 15.0 * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
            tickTimer = engine.time.schedule(engine.time.nanoTime() + pause, this::tick);
        }
    }

    private void beat() {
        scheduleBeat();
        beatNow();
    }

    /** Also when the store was away: others may take what it has not heard of for long. */
    void beatNow() {
        List<Execution<?>> held = List.copyOf(engine.live.values());
        if (held.isEmpty()) {
            return;
        }
        List<Holding> holdings = held.stream()
                .map(execution -> new Holding(execution.id(), execution.owner().epoch()))
                .toList();
        engine.store.beat(engine.node, holdings).whenComplete((answers, failure) -> {
            if (answers == null) {
                engine.health.failed("a sign of life for " + held.size() + " jobs", failure);
                return;
            }
            engine.health.works();
            for (int i = 0; i < held.size(); i++) {
                heard(held.get(i), answers.get(i));
            }
        });
    }

    private static void heard(Execution<?> execution, BeatAnswer answer) {
        switch (answer) {
            case OK -> {}
            case CANCEL -> execution.cancel(CancelCause.asked("asked through the store"));
            case FENCED, GONE -> execution.cancel(CancelCause.fenced());
        }
    }

    private void tick() {
        scheduleTick();
        engine.store.tick().whenComplete((lost, failure) -> {
            if (failure != null) {
                engine.health.failed("the look for lost owners", failure);
            } else {
                engine.health.works();
            }
        });
    }

    void close() {
        over = true;
        cancel(beatTimer);
        cancel(tickTimer);
    }

    private static void cancel(TimeSource.@Nullable Timeout timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
