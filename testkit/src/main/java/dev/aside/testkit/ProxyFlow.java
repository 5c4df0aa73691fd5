package dev.aside.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The bytes of one connection in one direction, on their way. Confined to the loop's thread. */
final class ProxyFlow {
    private static final int MOST_QUEUED = 4 << 20;
    private static final byte[] NOTHING = {};

    /** Bytes, or the end of them ({@code bytes} null), that arrive at a time of {@code System.nanoTime}. */
    private record Chunk(@Nullable ByteBuffer bytes, long due) {}

    private final List<ProxyLine> lines; // the whole proxy's, then those of the parts it belongs to
    private final Queue<Chunk> queue = new ArrayDeque<>();
    private int queued;
    private boolean sourceEnded;
    private boolean ended;
    private boolean sinkFull;
    private long pausedUntil;

    ProxyFlow(ProxyLine line, long now) {
        this.lines = new ArrayList<>(List.of(line));
        this.pausedUntil = now;
    }

    /** Makes it suffer the faults of another line too. */
    void join(ProxyLine line) {
        lines.add(line);
    }

    void leave(ProxyLine line) {
        lines.remove(line);
    }

    /** Whether it takes more bytes from its source; a full queue slows the sender down, as a full network does. */
    boolean wantsToRead() {
        return !sourceEnded && queued < MOST_QUEUED;
    }

    /** Whether it waits for room in the sink's send buffer. */
    boolean wantsToWrite() {
        return sinkFull;
    }

    /** Whether the end was passed on. */
    boolean ended() {
        return ended;
    }

    /** Takes what the source has, and gives it to see. */
    byte[] read(SocketChannel source, ByteBuffer scratch, long now) throws IOException {
        int n = source.read(scratch.clear());
        if (n < 0) {
            sourceEnded = true;
            queue.add(new Chunk(null, now + delayNanos()));
        } else if (n > 0) {
            byte[] bytes = new byte[n];
            scratch.flip().get(bytes);
            queued += n;
            queue.add(new Chunk(ByteBuffer.wrap(bytes), now + delayNanos()));
            return bytes;
        }
        return NOTHING;
    }

    private long delayNanos() {
        return lines.stream().mapToLong(line -> line.delayNanos).sum();
    }

    /**
     * Passes on what is due.
     *
     * @return true if the connection is to be reset here
     */
    boolean write(SocketChannel sink, long now) throws IOException {
        sinkFull = false;
        for (Chunk chunk = queue.peek(); chunk != null && waitNanos(now) == 0 && !sinkFull; chunk = queue.peek()) {
            if (chunk.bytes == null) {
                sink.shutdownOutput();
                ended = true;
                queue.remove();
            } else if (writePiece(sink, chunk.bytes, now)) {
                return true;
            }
        }
        return false;
    }

    private boolean writePiece(SocketChannel sink, ByteBuffer bytes, long now) throws IOException {
        int piece = bytes.remaining();
        for (ProxyLine line : lines) {
            piece = line.piece(piece);
        }
        int n = sink.write(bytes.slice().limit(piece));
        bytes.position(bytes.position() + n);
        queued -= n;
        sinkFull = n < piece;
        if (!bytes.hasRemaining()) {
            queue.remove();
        }
        long pause = 0;
        boolean cut = false;
        for (ProxyLine line : lines) {
            pause = Math.max(pause, line.pauseNanos(n));
            cut |= line.passed(n);
        }
        pausedUntil = now + pause;
        return cut;
    }

    /** How long until something is due; {@link ProxyLine#NEVER} if only an event can bring it. */
    long waitNanos(long now) {
        Chunk next = queue.peek();
        if (next == null || lines.stream().anyMatch(line -> line.held)) {
            return ProxyLine.NEVER;
        }
        long pause = lines.stream().allMatch(line -> line.bytesPerSecond == 0) ? 0 : pausedUntil - now;
        return Math.max(0, Math.max(next.due - now, pause));
    }
}
