package dev.aside.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One client of a proxy and its way to the server. Confined to the loop's thread. */
final class ProxyConnection {
    private final SocketChannel client;
    private final SelectionKey clientKey;
    private final ProxyFlow toServer;
    private final ProxyFlow toClient;

    private final ProxyMembership membership;

    /* Null once the server side is gone without a word: a half-open connection. */
    private @Nullable SelectionKey serverKey;

    ProxyConnection(SocketChannel client, Selector selector, ProxyFlow toServer, ProxyFlow toClient)
            throws IOException {
        this.client = client;
        this.toServer = toServer;
        this.toClient = toClient;
        this.membership = new ProxyMembership(toServer, toClient);
        clientKey = register(client, selector, SelectionKey.OP_READ);
    }

    /** Begins to connect to the server; a failure resets the client, as a proxy cannot refuse it any more. */
    void connect(Selector selector, InetSocketAddress target) {
        try {
            SocketChannel server = SocketChannel.open();
            serverKey = register(server, selector, SelectionKey.OP_CONNECT);
            server.connect(target);
        } catch (IOException e) {
            reset();
        }
    }

    private SelectionKey register(SocketChannel channel, Selector selector, int interest) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel.register(selector, interest, this);
    }

    /** Which parts of the proxy's connections this one belongs to. */
    ProxyMembership membership() {
        return membership;
    }

    boolean isOpen() {
        return client.isOpen();
    }

    /** Reads what is there, passes on what is due, and says what it waits for. */
    void work(ByteBuffer scratch, boolean halfOpen, long now) {
        if (!isOpen()) {
            return;
        }
        try {
            if (serverKey == null) {
                swallow(scratch, halfOpen);
            } else {
                forward(serverKey, scratch, now);
            }
        } catch (IOException e) {
            reset(); // one side reset its connection: so does the other
        }
    }

    /** How long until it has something to do without an event. */
    long waitNanos(long now) {
        boolean connected = serverKey != null && isConnected(serverKey);
        return isOpen() && connected ? Math.min(blocked(toServer, now), blocked(toClient, now)) : ProxyLine.NEVER;
    }

    private static long blocked(ProxyFlow flow, long now) {
        return flow.wantsToWrite() ? ProxyLine.NEVER : flow.waitNanos(now);
    }

    /** The server's side closes, the client's stays. */
    void loseServer() {
        if (serverKey != null) {
            close((SocketChannel) serverKey.channel());
            serverKey = null;
            clientKey.interestOps(SelectionKey.OP_READ);
        }
    }

    void reset() {
        abort(client);
        if (serverKey != null) {
            abort((SocketChannel) serverKey.channel());
        }
    }

    private void forward(SelectionKey key, ByteBuffer scratch, long now) throws IOException {
        SocketChannel server = (SocketChannel) key.channel();
        if (!isConnected(key) && key.isConnectable()) {
            server.finishConnect();
        }
        if (clientKey.isReadable() && toServer.wantsToRead()) {
            membership.sent(toServer.read(client, scratch, now));
        }
        if (isConnected(key)) {
            if (key.isReadable() && toClient.wantsToRead()) {
                toClient.read(server, scratch, now);
            }
            if (toServer.write(server, now) || toClient.write(client, now)) {
                reset();
                return;
            }
        }
        if (toServer.ended() && toClient.ended()) {
            close(client);
            close(server);
            return;
        }
        clientKey.interestOps(interest(toServer, toClient));
        key.interestOps(isConnected(key) ? interest(toClient, toServer) : SelectionKey.OP_CONNECT);
    }

    private void swallow(ByteBuffer scratch, boolean halfOpen) throws IOException {
        int n = clientKey.isReadable() ? client.read(scratch.clear()) : 0;
        if (n < 0) {
            close(client);
        } else if (n > 0 && !halfOpen) {
            reset(); // the host is back and knows nothing of this connection
        }
    }

    private static boolean isConnected(SelectionKey key) {
        return ((SocketChannel) key.channel()).isConnected();
    }

    private static int interest(ProxyFlow from, ProxyFlow to) {
        return (from.wantsToRead() ? SelectionKey.OP_READ : 0) | (to.wantsToWrite() ? SelectionKey.OP_WRITE : 0);
    }

    private static void abort(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // close sends RST
        } catch (IOException e) {
            // already closed or never connected: nothing to reset
        }
        close(channel);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new TestServerException("Cannot close " + channel, e);
        }
    }
}
