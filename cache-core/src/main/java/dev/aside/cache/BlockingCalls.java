package dev.aside.cache;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps blocking calls off event loops. Asked only when a call is about to wait. Knows the event loops of others by name,
 * so it depends on none of them:
 *
 * <ul>
 *   <li>Reactor marks its threads with an interface;
 *   <li>Netty, and Vert.x on top of it, knows which executor runs the current thread, and event loops are of one type.
 *       Worker threads are of the same class, so the class alone says nothing.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class BlockingCalls {
    private static final Logger LOG = System.getLogger(BlockingCalls.class.getName());

    private static final String REACTOR = "reactor.core.scheduler.NonBlocking";
    private static final String NETTY = "io.netty.util.concurrent.FastThreadLocalThread";
    private static final String NETTY_EXECUTORS = "io.netty.util.internal.ThreadExecutorMap";
    private static final String NETTY_EVENT_LOOP = "io.netty.channel.EventLoop";

    /** By class of thread: whether the current thread, being of that class, is an event loop. */
    private static final ClassValue<BooleanSupplier> CHECKS = new ClassValue<>() {
        @Override
        protected BooleanSupplier computeValue(Class<?> type) {
            return check(type);
        }
    };

    private final EventLoopGuard guard;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    BlockingCalls(EventLoopGuard guard) {
        this.guard = guard;
    }

    /**
     * To be called before a call waits.
     *
     * @param instead the method that does not
     * @throws BlockingCallException if the thread is an event loop and the guard refuses
     */
    void check(String cache, String instead) {
        if (guard == EventLoopGuard.OFF || !onEventLoop()) {
            return;
        }
        BlockingCallException refusal =
                new BlockingCallException(cache, Thread.currentThread().getName(), instead);
        if (guard == EventLoopGuard.REFUSE) {
            throw refusal;
        }
        if (warned.add(cache)) {
            LOG.log(Level.WARNING, "logged once for cache '" + cache + "'", refusal);
        }
    }

    /** Whether the current thread must not wait, whatever the guard says to those who do. */
    static boolean onEventLoop() {
        return CHECKS.get(Thread.currentThread().getClass()).getAsBoolean();
    }

    private static BooleanSupplier check(Class<?> thread) {
        if (is(thread, REACTOR)) {
            return () -> true;
        }
        MethodHandle executor = is(thread, NETTY) ? currentExecutor(thread) : null;
        if (executor == null) {
            return () -> false;
        }
        return () -> {
            try {
                Object current = (Object) executor.invokeExact();
                return current != null && is(current.getClass(), NETTY_EVENT_LOOP);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("Netty cannot tell the executor of this thread", e);
            }
        };
    }

    private static @Nullable MethodHandle currentExecutor(Class<?> thread) {
        try {
            Class<?> executors = Class.forName(NETTY_EXECUTORS, true, thread.getClassLoader());
            Method current = executors.getMethod("currentExecutor");
            return MethodHandles.publicLookup().unreflect(current).asType(MethodType.methodType(Object.class));
        } catch (ReflectiveOperationException e) {
            LOG.log(
                    Level.DEBUG,
                    "this Netty does not tell which executor runs a thread; its event loops go unguarded",
                    e);
            return null;
        }
    }

    private static boolean is(@Nullable Class<?> type, String name) {
        if (type == null) {
            return false;
        }
        if (type.getName().equals(name) || is(type.getSuperclass(), name)) {
            return true;
        }
        for (Class<?> parent : type.getInterfaces()) {
            if (is(parent, name)) {
                return true;
            }
        }
        return false;
    }
}
