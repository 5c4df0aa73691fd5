package dev.aside.cache;

import java.util.ArrayList;
import java.util.List;

/** Runs steps at once, or keeps them in order until it is told to go on. Thread-safe: no step runs under its lock. */
final class HeldSteps {
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;

    synchronized void hold() {
        holding = true;
    }

    /** Runs what was held, and from now on everything at once. */
    void release() {
        List<Runnable> late;
        synchronized (this) {
            holding = false;
            late = List.copyOf(held);
            held.clear();
        }
        late.forEach(Runnable::run);
    }

    void run(Runnable step) {
        synchronized (this) {
            if (holding) {
                held.add(step);
                return;
            }
        }
        step.run();
    }
}
