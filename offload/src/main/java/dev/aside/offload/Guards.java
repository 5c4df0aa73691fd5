package dev.aside.offload;

import java.util.Arrays;
import java.util.function.Supplier;

/** Refuses waits that would stall the executor or an event loop. */
final class Guards {
    private static final System.Logger LOG = System.getLogger(Guards.class.getName());

    private static final ClassValue<Kind> KIND = new ClassValue<>() {
        @Override
        protected Kind computeValue(Class<?> type) {
            for (Class<?> c = type; c != null; c = c.getSuperclass()) {
                if (Arrays.stream(c.getInterfaces())
                        .anyMatch(i -> i.getName().equals("reactor.core.scheduler.NonBlocking"))) {
                    return Kind.EVENT_LOOP;
                }
                if (c.getName().equals("io.netty.util.concurrent.FastThreadLocalThread")) {
                    return Kind.BY_NAME; // Netty and Vert.x also use it for threads that may block
                }
            }
            return Kind.ORDINARY;
        }
    };

    private enum Kind {
        ORDINARY,
        EVENT_LOOP,
        BY_NAME
    }

    private Guards() {}

    /**
     * @throws IllegalStateException if the calling thread runs work of the same executor, or is an event loop and those
     *     are refused
     */
    static void mayWait(Supplier<String> what, Engine engine) {
        Execution<?> current = Execution.current();
        if (current != null && current.engine == engine) {
            throw new IllegalStateException(what.get() + " was asked for inside work of job type '" + current.lane.type
                    + "' of the same executor: it would hold a worker to wait for a worker."
                    + " Hint: do it directly, the caller of this work does not wait for it any longer than its"
                    + " threshold.");
        }
        mayBlock(what, engine);
    }

    /**
     * @throws IllegalStateException if the calling thread is an event loop and those are refused
     */
    static void mayBlock(Supplier<String> what, Engine engine) {
        if (engine.eventLoopGuard != EventLoopGuard.OFF && isEventLoop(Thread.currentThread())) {
            String message = what.get() + " would block the event loop thread '"
                    + Thread.currentThread().getName()
                    + "'. Hint: use callAsync, findAsync or completion(); EventLoopGuard.OFF if it may block.";
            if (engine.eventLoopGuard == EventLoopGuard.REFUSE) {
                throw new IllegalStateException(message);
            }
            LOG.log(System.Logger.Level.WARNING, message);
        }
    }

    private static boolean isEventLoop(Thread thread) {
        Kind kind = thread.getClass() == Thread.class ? Kind.ORDINARY : KIND.get(thread.getClass());
        return kind == Kind.EVENT_LOOP
                || (kind == Kind.BY_NAME
                        && (thread.getName().contains("ventLoop")
                                || thread.getName().contains("eventloop")));
    }
}
