package dev.aside.spring.offload;

import dev.aside.offload.OffloadExecutor;
import java.util.Objects;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Lets unfinished work end when the application does: after the web server has answered its last request, before beans
 * are destroyed, and within the time that Spring gives to a phase. A context that is only stopped, or paused, goes on: an
 * executor cannot be opened again. Thread-safe.
 */
public final class OffloadDrain implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
    /** Below that of Boot's web server, so that it comes later. */
    public static final int PHASE = DEFAULT_PHASE - 3_072;

    private final OffloadExecutor offload;
    private final ApplicationContext context;
    private volatile boolean running;
    private volatile boolean closing;

    /** Drains this executor with this context. */
    public OffloadDrain(OffloadExecutor offload, ApplicationContext context) {
        this.offload = Objects.requireNonNull(offload, "offload");
        this.context = Objects.requireNonNull(context, "context");
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        closing |= event.getApplicationContext() == context;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (closing) {
            offload.close();
        }
    }

    @Override
    public void stop(Runnable done) {
        running = false;
        if (!closing) {
            done.run();
            return;
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        offload.close();
                    } finally {
                        done.run();
                    }
                },
                "aside-offload-drain");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
