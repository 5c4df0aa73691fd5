package dev.aside.offload;

import java.time.Duration;
import java.util.List;

/** Tells the listeners; free of cost without any. */
final class Events {
    private static final System.Logger LOG = System.getLogger(Events.class.getName());

    private final OffloadListener[] listeners;

    Events(List<OffloadListener> listeners) {
        this.listeners = listeners.toArray(new OffloadListener[0]);
    }

    boolean areHeard() {
        return listeners.length > 0;
    }

    void tell(OffloadEvent event) {
        for (OffloadListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a listener threw at " + event.getClass().getSimpleName(),
                        e);
            }
        }
    }

    void answered(Execution<?> execution, OffloadEvent.Mode mode) {
        if (areHeard()) {
            tell(new OffloadEvent.Answered(execution.lane.type, mode, since(execution, execution.arrivalNanos)));
        }
    }

    void started(Execution<?> execution, Run<?> run) {
        if (areHeard()) {
            tell(new OffloadEvent.Started(
                    execution.lane.type, run.attempt, Duration.ofNanos(run.startNanos - execution.readyNanos())));
        }
    }

    void failed(Execution<?> execution, int failures, Throwable thrown, long pauseNanos) {
        if (areHeard()) {
            tell(new OffloadEvent.AttemptFailed(
                    execution.lane.type, failures, thrown, pauseNanos < 0 ? null : Duration.ofNanos(pauseNanos)));
        }
    }

    void ended(Execution<?> execution, End<?> end) {
        if (areHeard()) {
            tell(new OffloadEvent.Ended(
                    execution.lane.type,
                    end.state,
                    execution.attempts(),
                    Duration.ofNanos(Math.max(0, execution.lastRunNanos()))));
        }
    }

    void detached(Execution<?> execution) {
        if (areHeard()) {
            tell(new OffloadEvent.Detached(execution.lane.type));
        }
    }

    private static Duration since(Execution<?> execution, long nanos) {
        return Duration.ofNanos(execution.engine.time.nanoTime() - nanos);
    }
}
