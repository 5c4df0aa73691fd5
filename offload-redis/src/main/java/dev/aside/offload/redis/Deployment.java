package dev.aside.offload.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** How to get connections: of one server or what Sentinel names, or of a cluster. Thread-safe. */
interface Deployment extends AutoCloseable {
    /**
     * Of the kind that the address names. Nothing is sent yet.
     *
     * @param command how long a command may take
     * @param wait how long one may take that waits for replicas
     */
    static Deployment at(Address address, Duration command, Duration wait) {
        return address.cluster()
                ? new ClusterDeployment(address.uris(), command, wait)
                : new SingleDeployment(address.uris().get(0), command, wait);
    }

    /** A connection for commands about any shard; reconnects by itself and refuses commands meanwhile. */
    CompletionStage<Commands> commands();

    /** A connection of its own to the primary that has a key; for what blocks. Does not reconnect. */
    CompletionStage<StatefulRedisConnection<String, byte[]>> primaryOf(String key);

    /** A connection for signals; reconnects and subscribes again by itself. */
    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> signals();

    /** Wakes a connection of {@link #primaryOf} from a blocking command. */
    CompletionStage<?> unblock(Commands commands, String key, long clientId);

    /** What every primary says of its memory. */
    CompletionStage<List<String>> memory(Commands commands);

    /** Has the actions run whenever a connection was made or made again, and was lost; they return at once. */
    void onConnection(Runnable made, Runnable lost);

    @Override
    void close();

    /** A connection and its commands. */
    record Commands(StatefulConnection<String, byte[]> connection, RedisClusterAsyncCommands<String, byte[]> async) {}
}
