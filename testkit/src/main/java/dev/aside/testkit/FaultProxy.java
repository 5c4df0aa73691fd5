package dev.aside.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;

/**
 * A TCP proxy in front of a server that misbehaves on demand, as networks and servers do.
 *
 * <pre>{@code
 * try (RedisServer redis = RedisServer.start();
 *         FaultProxy proxy = FaultProxy.to(redis.host(), redis.port())) {
 *     client.connect(proxy.through(redis.uri()));
 *     proxy.blackHole(); // from here on nothing gets through
 *     ...
 *     proxy.pass(); // the network is well again; what was held arrives
 * }
 * }</pre>
 *
 * <p>Faults add up until {@link #pass()} and may be changed while bytes flow; a method returns when its fault is in force.
 * Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    /** The way that bytes go. */
    public enum Direction {
        /** Requests: from the client to the server. */
        TO_SERVER,
        /** Replies: from the server to the client. */
        TO_CLIENT
    }

    private final ProxyLoop loop;

    private FaultProxy(ProxyLoop loop) {
        this.loop = loop;
    }

    /** A proxy on a free port of the loopback interface that passes everything to the given server. */
    public static FaultProxy to(String host, int port) {
        try {
            return new FaultProxy(ProxyLoop.start(address(host, port)));
        } catch (IOException e) {
            throw new TestServerException("Cannot open a proxy to " + host + ":" + port, e);
        }
    }

    /** The address the proxy listens on: 127.0.0.1. */
    public String host() {
        return loop.address().getAddress().getHostAddress();
    }

    /** The port the proxy listens on. */
    public int port() {
        return loop.address().getPort();
    }

    /** The URI with its host and port replaced by the proxy's; for {@code redis://}, {@code jdbc:postgresql://}, {@code http://} ... */
    public String through(String uri) {
        String authority = Matcher.quoteReplacement(host() + ":" + port());
        return uri.replaceFirst("//([^/?#@]*@)?[^/?#]*", "//$1" + authority);
    }

    /** Lets new connections go to another server; open ones stay where they are. */
    public void target(String host, int port) {
        InetSocketAddress target = address(host, port);
        loop.run(() -> loop.target(target));
    }

    /**
     * Ends all faults: everything passes, held bytes go on their way, connections are accepted. A connection that lost
     * its server to {@link #halfOpen()} is reset at the client's next byte, as a restarted host would do.
     */
    public void pass() {
        loop.run(loop::pass);
    }

    /** Both directions take so much longer; a round trip takes twice that. Throughput stays. */
    public void delay(Duration delay) {
        delay(Direction.TO_SERVER, delay);
        delay(Direction.TO_CLIENT, delay);
    }

    /** Bytes read from now on arrive so much later in one direction; {@code Duration.ZERO} ends it. */
    public void delay(Direction direction, Duration delay) {
        requireNotNegative(delay);
        loop.run(() -> loop.line(direction).delayNanos = delay.toNanos());
    }

    /** Holds all bytes in both directions, as a network that drops all packets: connections stay open and hear nothing. */
    public void blackHole() {
        blackHole(Direction.TO_SERVER);
        blackHole(Direction.TO_CLIENT);
    }

    /** Holds all bytes in one direction; with {@code TO_CLIENT} the server works on requests whose replies get lost. */
    public void blackHole(Direction direction) {
        loop.run(() -> loop.line(direction).held = true);
    }

    /**
     * The server is gone without a word, as after a power cut: it sees its connections close, the client sees nothing.
     * New connections are accepted and lead nowhere.
     */
    public void halfOpen() {
        loop.run(() -> loop.halfOpen(true));
    }

    /** Resets (RST) all open connections, once. New ones are accepted. */
    public void reset() {
        loop.run(loop::reset);
    }

    /**
     * Resets (RST) one connection in the middle of a reply, once: the connection that carries the last of so many bytes
     * to a client, counted from now. The client receives those bytes first.
     *
     * @param bytes at least 1
     */
    public void resetAfter(long bytes) {
        requirePositive(bytes);
        loop.run(() -> loop.line(Direction.TO_CLIENT).cutAfter = bytes);
    }

    /** The server is down: open connections are reset, new ones refused. */
    public void refuse() {
        loop.run(loop::refuse);
    }

    /** Accepts connections again after {@link #refuse()}, on the same port. */
    public void accept() {
        loop.run(loop::accept);
    }

    /** Each connection carries at most so many bytes a second in each direction. */
    public void throttle(long bytesPerSecond) {
        throttle(Direction.TO_SERVER, bytesPerSecond);
        throttle(Direction.TO_CLIENT, bytesPerSecond);
    }

    /** Each connection carries at most so many bytes a second, at least 1, in one direction; they come in drops. */
    public void throttle(Direction direction, long bytesPerSecond) {
        requirePositive(bytesPerSecond);
        loop.run(() -> loop.line(direction).bytesPerSecond = bytesPerSecond);
    }

    /**
     * The connections whose client has sent a text since this was first asked for, as {@code XREAD}: a client that uses
     * several connections can lose one of them. A connection belongs to it from the bytes with the text on, these
     * included.
     *
     * @param text at least one ASCII character
     */
    public Part sending(String text) {
        return part(text, true);
    }

    /** All other connections, those that were not opened yet included. */
    public Part notSending(String text) {
        return part(text, false);
    }

    private Part part(String text, boolean sending) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c < 128)) {
            throw new IllegalArgumentException("At least one ASCII character, not '" + text + "'");
        }
        AtomicReference<ProxySplit> split = new AtomicReference<>();
        loop.run(() -> split.set(loop.split(text)));
        return new Part(Objects.requireNonNull(split.get()).part(sending));
    }

    /**
     * Some of the connections. Faults here add to those of the whole proxy; {@link FaultProxy#pass()} ends both.
     * Thread-safe.
     */
    public final class Part {
        private final ProxyPart part;

        private Part(ProxyPart part) {
            this.part = part;
        }

        /** As {@link FaultProxy#pass()}, for these connections. */
        public void pass() {
            loop.run(part::clear);
        }

        /** As {@link FaultProxy#delay(Direction, Duration)}, for these connections. */
        public void delay(Direction direction, Duration delay) {
            requireNotNegative(delay);
            loop.run(() -> part.line(direction).delayNanos = delay.toNanos());
        }

        /** As {@link FaultProxy#blackHole(Direction)}, for these connections. */
        public void blackHole(Direction direction) {
            loop.run(() -> part.line(direction).held = true);
        }

        /** As {@link FaultProxy#throttle(Direction, long)}, for these connections. */
        public void throttle(Direction direction, long bytesPerSecond) {
            requirePositive(bytesPerSecond);
            loop.run(() -> part.line(direction).bytesPerSecond = bytesPerSecond);
        }

        /** As {@link FaultProxy#reset()}, for these connections. */
        public void reset() {
            loop.run(() -> loop.reset(part));
        }
    }

    /** How many connections were accepted so far. */
    public long connections() {
        return loop.accepted();
    }

    /** How many connections are open now: not closed by both sides, nor reset. */
    public int openConnections() {
        return loop.open();
    }

    /** How many bytes were passed on in a direction so far. */
    public long bytes(Direction direction) {
        return loop.line(direction).bytes.get();
    }

    /** Resets all connections and stops listening. */
    @Override
    public void close() {
        loop.close();
    }

    @Override
    public String toString() {
        return "FaultProxy " + host() + ":" + port();
    }

    private static InetSocketAddress address(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, Ports.require(port));
        if (address.isUnresolved()) {
            throw new TestServerException("Unknown host " + host);
        }
        return address;
    }

    private static void requireNotNegative(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("A delay cannot be negative: " + delay);
        }
    }

    private static void requirePositive(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("At least 1 byte, not " + bytes);
        }
    }
}
