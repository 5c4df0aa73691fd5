package dev.aside.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a proxy, which owns its sockets and faults; others hand it tasks and wait until they are done.
 */
final class ProxyLoop {
    private static final int SCRATCH = 64 * 1024;
    private static final int BACKLOG = 512;
    private static final Duration BINDING = Duration.ofSeconds(2);

    /** Something to do on the loop's thread. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    private record Task(Action action, CompletableFuture<Void> done) {}

    private final Map<FaultProxy.Direction, ProxyLine> lines = new EnumMap<>(FaultProxy.Direction.class);
    private final List<ProxyConnection> connections = new ArrayList<>();
    private final Map<String, ProxySplit> splits = new TreeMap<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
    private final AtomicLong accepted = new AtomicLong();
    private final Selector selector;
    private final InetSocketAddress address;
    private final Thread thread;

    private final Queue<Task> tasks = new ArrayDeque<>(); // guarded by itself
    private boolean ended; // guarded by tasks
    private @Nullable Throwable failure; // why it ended, if not by close; guarded by tasks

    private InetSocketAddress target;
    private ServerSocketChannel listener;
    private @Nullable SocketChannel reservation; // keeps the port while connections are refused
    private boolean halfOpen;
    private boolean closing;
    private volatile int open;

    private ProxyLoop(InetSocketAddress target) throws IOException {
        this.target = target;
        for (FaultProxy.Direction direction : FaultProxy.Direction.values()) {
            lines.put(direction, new ProxyLine());
        }
        selector = Selector.open();
        listener = listen(selector, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = (InetSocketAddress) listener.getLocalAddress();
        thread = new Thread(this::loop, "aside-fault-proxy-" + address.getPort());
        thread.setDaemon(true);
    }

    static ProxyLoop start(InetSocketAddress target) throws IOException {
        ProxyLoop loop = new ProxyLoop(target);
        loop.thread.start();
        return loop;
    }

    /* ---- any thread ---- */

    InetSocketAddress address() {
        return address;
    }

    long accepted() {
        return accepted.get();
    }

    int open() {
        return open;
    }

    /** Runs the action on the loop's thread and waits until it is done and all it closed is closed. */
    void run(Action action) {
        Task task = new Task(action, new CompletableFuture<>());
        synchronized (tasks) {
            if (ended) {
                throw new IllegalStateException("The proxy on port " + address.getPort() + " is closed", failure);
            }
            tasks.add(task);
            selector.wakeup();
        }
        try {
            task.done.get();
        } catch (ExecutionException e) {
            throw new TestServerException("The proxy on port " + address.getPort() + " failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw GuardedProcess.interrupted("waiting for the proxy on port " + address.getPort(), e);
        }
    }

    void close() {
        synchronized (tasks) {
            if (!ended) {
                tasks.add(new Task(() -> closing = true, new CompletableFuture<>()));
                selector.wakeup();
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw GuardedProcess.interrupted("closing the proxy on port " + address.getPort(), e);
        }
    }

    /* ---- the loop's thread: actions ---- */

    /** Also read by others, for its counter. */
    ProxyLine line(FaultProxy.Direction direction) {
        return Objects.requireNonNull(lines.get(direction));
    }

    void target(InetSocketAddress newTarget) {
        target = newTarget;
    }

    void halfOpen(boolean value) {
        halfOpen = value;
        if (value) {
            connections.forEach(ProxyConnection::loseServer);
        }
    }

    void reset() {
        connections.forEach(ProxyConnection::reset);
    }

    void reset(ProxyPart part) {
        connections.stream()
                .filter(connection -> connection.membership().isIn(part))
                .forEach(ProxyConnection::reset);
    }

    /** The split of the connections by a text; made when first asked for. */
    ProxySplit split(String text) {
        return splits.computeIfAbsent(text, key -> {
            ProxySplit split = new ProxySplit(key);
            connections.forEach(connection -> connection.membership().add(split));
            return split;
        });
    }

    void pass() throws IOException {
        lines.values().forEach(ProxyLine::clear);
        splits.values().forEach(ProxySplit::clear);
        halfOpen(false);
        accept();
    }

    void refuse() throws IOException {
        if (listener.isOpen()) {
            listener.close();
            reset();
            selector.selectNow(); // the listener closes here and not before
            reservation = reserve(address);
        }
    }

    void accept() throws IOException {
        if (!listener.isOpen()) {
            release();
            listener = listen(selector, address);
        }
    }

    private void release() throws IOException {
        if (reservation != null) {
            reservation.close();
            reservation = null;
        }
    }

    /* ---- the loop's thread: the loop ---- */

    private void loop() {
        try {
            while (!closing) {
                // Guards against race: tidy() may have swallowed the wakeup of a task that came meanwhile (FaultIT
                // hung)
                if (tasksWait()) {
                    selector.selectNow();
                } else {
                    selector.select(timeoutMillis());
                }
                boolean changed = runTasks();
                work(changed);
            }
            end(null);
        } catch (IOException | RuntimeException e) {
            end(e);
        }
    }

    private boolean runTasks() throws IOException {
        boolean any = false;
        for (Task task = nextTask(); task != null; task = nextTask()) {
            any = true;
            try {
                task.action.run();
                tidy();
                task.done.complete(null);
            } catch (IOException | RuntimeException e) {
                task.done.completeExceptionally(e);
            }
        }
        return any;
    }

    private boolean tasksWait() {
        synchronized (tasks) {
            return !tasks.isEmpty();
        }
    }

    private @Nullable Task nextTask() {
        synchronized (tasks) {
            return tasks.poll();
        }
    }

    private void work(boolean all) throws IOException {
        Set<SelectionKey> selected = selector.selectedKeys();
        for (SelectionKey key : selected) {
            if (key.attachment() instanceof ProxyConnection connection) {
                connection.work(scratch, halfOpen, System.nanoTime());
            } else if (key.isValid()) {
                acceptAll();
            }
        }
        selected.clear();
        for (ProxyConnection connection : connections) {
            long now = System.nanoTime();
            if (all || connection.waitNanos(now) == 0) {
                connection.work(scratch, halfOpen, now);
            }
        }
        tidy();
    }

    private void acceptAll() throws IOException {
        for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
            long now = System.nanoTime();
            ProxyConnection connection = new ProxyConnection(
                    client,
                    selector,
                    new ProxyFlow(line(FaultProxy.Direction.TO_SERVER), now),
                    new ProxyFlow(line(FaultProxy.Direction.TO_CLIENT), now));
            splits.values().forEach(connection.membership()::add);
            connections.add(connection);
            accepted.incrementAndGet();
            if (!halfOpen) {
                connection.connect(selector, target);
            }
        }
    }

    private void tidy() throws IOException {
        if (connections.removeIf(connection -> !connection.isOpen())) {
            selector.selectNow(); // closed channels really close here
        }
        open = connections.size();
    }

    /** 0 = until something happens. */
    private long timeoutMillis() {
        long now = System.nanoTime();
        long wait = ProxyLine.NEVER;
        for (ProxyConnection connection : connections) {
            wait = Math.min(wait, connection.waitNanos(now));
        }
        return wait == ProxyLine.NEVER ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
    }

    private void end(@Nullable Throwable reason) {
        synchronized (tasks) {
            ended = true;
            failure = reason;
        }
        try {
            reset();
            listener.close();
            release();
            selector.close();
        } catch (IOException | RuntimeException e) {
            synchronized (tasks) {
                failure = failure == null ? e : failure;
            }
        }
        open = 0;
        for (Task task = nextTask(); task != null; task = nextTask()) {
            task.done.completeExceptionally(new IllegalStateException("closed", reason));
        }
    }

    private static ServerSocketChannel listen(Selector selector, InetSocketAddress where) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        bind(() -> channel.bind(where, BACKLOG));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT);
        return channel;
    }

    /**
     * Guards against race: a process that is being started holds copies of our sockets for a moment, so that the port is
     * not free though they are closed here (MutantIT failed now and then)
     */
    private static void bind(Action action) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                action.run();
                return;
            } catch (BindException e) {
                if (System.nanoTime() - start > BINDING.toNanos()) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    /** A socket that is bound but does not listen: the system refuses connections to it, and gives nobody the port. */
    private static SocketChannel reserve(InetSocketAddress where) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true); // old connections may linger on the port
        bind(() -> channel.bind(where));
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, false); // but nobody shall share it
        return channel;
    }
}
