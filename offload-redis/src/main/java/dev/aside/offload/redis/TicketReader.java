package dev.aside.offload.redis;

import dev.aside.offload.spi.TimeSource;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Waits for tickets of one shard over a connection of its own, without a thread. A ticket says that a job of its type
 * can start; which one, a claim decides. Tickets that no claim takes within a moment are given back, so that one process
 * without room never keeps work from the others.
 *
 * <pre>
 *   IDLE -room for a type-> READING -tickets-> HOLDING -claim-> READING, or IDLE when there is no room
 *                             |  ^                |
 *        other types have room`--'                `-no claim within a moment: given back-> READING or IDLE
 * </pre>
 *
 * Thread-safe; the monitor guards the fields, never held while something is sent.
 */
final class TicketReader {
    private static final String GROUP = "w";
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** What the reader needs of its store. */
    interface Host {
        CompletionStage<StatefulRedisConnection<String, byte[]>> connect(String key);

        /** Ends the blocking read of a connection. */
        void unblock(String key, long clientId);

        /** A claim for the type may find something. */
        void ready(String type);

        /** Gives tickets back. */
        void pass(int shard, String type, List<String> tickets);
    }

    private final int shard;
    private final String prefix;
    private final Host host;
    private final TimeSource time;
    private final Tickets held = new Tickets();
    /** By node: several executors may share a store. */
    private final Map<String, Map<String, Integer>> rooms = new HashMap<>();
    /** That of all nodes together. */
    private Map<String, Integer> room = Map.of();

    private Set<String> reading = Set.of();
    private String node = "";

    private @Nullable StatefulRedisConnection<String, byte[]> connection;
    private long clientId;
    private long generation;
    private boolean busy;
    private boolean unblocking;
    private boolean closed;

    TicketReader(int shard, String prefix, Host host, TimeSource time) {
        this.shard = shard;
        this.prefix = prefix;
        this.host = host;
        this.time = time;
    }

    /** The tickets of a type, for a claim to use up. */
    synchronized List<String> take(String type) {
        return held.take(type);
    }

    synchronized boolean hasTickets() {
        return !held.isEmpty();
    }

    /** Whether tickets of the type would be noticed now. */
    synchronized boolean hears(String type) {
        return busy && reading.contains(type) && connection != null;
    }

    /** How much room there is after a claim: from now on a node wants tickets of these types, and no others. */
    void wants(String forNode, Map<String, Integer> left) {
        synchronized (this) {
            node = forNode;
            rooms.put(forNode, Map.copyOf(left));
            addUp();
        }
        proceed();
    }

    private void addUp() {
        room = rooms.values().stream()
                .flatMap(types -> types.entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue, Integer::sum));
    }

    private void proceed() {
        StatefulRedisConnection<String, byte[]> open;
        long client;
        boolean wake;
        synchronized (this) {
            open = connection;
            client = clientId;
            wake = busy && open != null && !unblocking && !reading.equals(room.keySet());
            unblocking |= wake;
            if (!wake && (closed || busy || !held.isEmpty() || room.isEmpty())) {
                return;
            }
            busy = true;
        }
        if (wake) {
            host.unblock(prefix + "meta", client);
        } else if (open == null) {
            connect();
        } else {
            read(open);
        }
    }

    private void connect() {
        host.connect(prefix + "meta")
                .thenCompose(opened -> named(opened).thenApply(id -> {
                    synchronized (this) {
                        connection = opened;
                        clientId = id;
                    }
                    return opened;
                }))
                .whenComplete((opened, failure) -> {
                    if (opened == null) {
                        failed(null);
                    } else {
                        read(opened);
                        announce(); // what came while nobody listened
                    }
                });
    }

    private static CompletionStage<Long> named(StatefulRedisConnection<String, byte[]> opened) {
        return opened.async().clientId().whenComplete((id, failure) -> {
            if (failure != null) {
                var unused = opened.closeAsync();
            }
        });
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private void read(StatefulRedisConnection<String, byte[]> open) {
        Set<String> types;
        int count;
        synchronized (this) {
            types = room.keySet();
            reading = types;
            busy = !types.isEmpty() && !closed;
            if (!busy) {
                return;
            }
            count = room.values().stream().mapToInt(Integer::intValue).max().orElse(1);
        }
        XReadArgs.StreamOffset[] streams = types.stream()
                .map(type -> XReadArgs.StreamOffset.lastConsumed(stream(type)))
                .toArray(XReadArgs.StreamOffset[]::new);
        CompletionStage<List<StreamMessage<String, byte[]>>> answer = open.async()
                .xreadgroup(
                        Consumer.from(GROUP, node),
                        XReadArgs.Builder.block(Clients.BLOCK).count(count),
                        streams);
        answer.whenComplete((tickets, failure) -> {
            if (failure != null) {
                broken(open, Calls.unwrapped(failure));
            } else {
                came(tickets == null ? List.of() : tickets);
            }
        });
    }

    private String stream(String type) {
        return prefix + "tkt:" + type;
    }

    private void came(List<StreamMessage<String, byte[]>> tickets) {
        Set<String> types = new HashSet<>();
        long mine;
        synchronized (this) {
            busy = false;
            unblocking = false;
            for (StreamMessage<String, byte[]> ticket : tickets) {
                String type = ticket.getStream().substring(prefix.length() + "tkt:".length());
                held.add(type, ticket.getId());
                types.add(type);
            }
            mine = ++generation;
        }
        if (types.isEmpty()) {
            proceed();
            return;
        }
        time.schedule(time.nanoTime() + MOMENT_NANOS, () -> giveBack(mine));
        types.forEach(host::ready);
    }

    private void giveBack(long ofGeneration) {
        Map<String, List<String>> unused;
        synchronized (this) {
            if (generation != ofGeneration || held.isEmpty()) {
                return;
            }
            unused = held.takeAll();
            rooms.replaceAll((name, types) -> without(types, unused.keySet()));
            addUp();
        }
        unused.forEach((type, tickets) -> host.pass(shard, type, tickets));
        proceed();
    }

    private static Map<String, Integer> without(Map<String, Integer> room, Set<String> types) {
        Map<String, Integer> left = new HashMap<>(room);
        left.keySet().removeAll(types);
        return left;
    }

    private void broken(StatefulRedisConnection<String, byte[]> open, @Nullable Throwable failure) {
        if (failure instanceof RedisCommandExecutionException refused
                && String.valueOf(refused.getMessage()).startsWith("NOGROUP")) {
            makeGroups(open);
            return;
        }
        failed(open);
    }

    /** Also after the data was lost: from the first ticket on. */
    private void makeGroups(StatefulRedisConnection<String, byte[]> open) {
        Set<String> types;
        synchronized (this) {
            types = reading;
        }
        Stream<CompletableFuture<String>> made = types.stream()
                .map(type -> open.async()
                        .xgroupCreate(
                                XReadArgs.StreamOffset.from(stream(type), "0"),
                                GROUP,
                                XGroupCreateArgs.Builder.mkstream())
                        .toCompletableFuture()
                        .exceptionally(TicketReader::unlessThere));
        CompletableFuture.allOf(made.toArray(CompletableFuture[]::new)).whenComplete((done, failure) -> {
            if (failure == null) {
                read(open);
            } else {
                failed(open);
            }
        });
    }

    private static String unlessThere(Throwable refused) {
        Throwable cause = Calls.unwrapped(refused);
        if (cause != null && String.valueOf(cause.getMessage()).startsWith("BUSYGROUP")) {
            return "";
        }
        throw new CompletionException(cause);
    }

    /** The connection is of no use: another one after a moment. */
    private void failed(@Nullable StatefulRedisConnection<String, byte[]> broken) {
        synchronized (this) {
            connection = null;
            busy = false;
            unblocking = false;
            if (closed) {
                return;
            }
        }
        if (broken != null) {
            var unused = broken.closeAsync();
        }
        time.schedule(time.nanoTime() + PAUSE_NANOS, this::proceed);
    }

    private void announce() {
        Set<String> types;
        synchronized (this) {
            types = room.keySet();
        }
        types.forEach(host::ready);
    }

    void close() {
        StatefulRedisConnection<String, byte[]> last;
        synchronized (this) {
            closed = true;
            last = connection;
            connection = null;
        }
        if (last != null) {
            var unused = last.closeAsync();
        }
    }
}
