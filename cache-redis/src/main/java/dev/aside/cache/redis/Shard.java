package dev.aside.cache.redis;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What this node knows of one shard. The generation, the shapes and how far it is behind may be read by any thread; the
 * position in the log belongs to the log thread.
 */
final class Shard {
    /** What no server ever calls its generation. */
    private static final String NONE = "";

    private final int index;
    private final String meta;
    private final String log;
    private final ConcurrentMap<String, String> shapes = new ConcurrentHashMap<>();

    private final ConcurrentMap<String, Long> written = new ConcurrentHashMap<>(); // last sequence by generation

    private volatile String generation = NONE;
    private volatile String history = NONE;
    private volatile long applied;
    private volatile long announced;

    Shard(Layout layout, int index) {
        this.index = index;
        this.meta = layout.meta(index);
        this.log = layout.log(index);
    }

    int index() {
        return index;
    }

    String meta() {
        return meta;
    }

    String log() {
        return log;
    }

    /** The generation whose values count; before the first attachment none does. */
    String generation() {
        return generation;
    }

    boolean attached() {
        return !generation.equals(NONE);
    }

    String history() {
        return history;
    }

    /** Whether a server with this replication history is the one the shard was attached to, or was. */
    boolean continues(String replication) {
        return history.endsWith('|' + replication);
    }

    /** The shapes under which a cache's values may stand, as far as this node has heard. */
    String shapes(String cache) {
        return shapes.getOrDefault(cache, "");
    }

    void shapes(String cache, String known) {
        shapes.put(cache, known);
    }

    /** How many entries the log is known to hold that are not applied here yet. */
    long behind() {
        return Math.max(0, announced - applied);
    }

    /** A heartbeat said where the log stands. Log thread only. */
    void announced(long sequence) {
        announced = sequence;
    }

    /** The sequence up to which the log has been applied here. Log thread only. */
    long applied() {
        return applied;
    }

    void applied(long sequence) {
        applied = sequence;
    }

    /** A log has taken an entry of this node's. Any thread. */
    void wrote(String toGeneration, long sequence) {
        written.merge(toGeneration, sequence, Math::max);
    }

    /**
     * The latest sequence of its generation that this node knows of, applied or not. Log thread only.
     *
     * <p>Guards against race: a server that hides its history loses an invalidation that no node's log has brought yet
     * (MutantIT, LogRaces.snapshotRestored_onlyTheWriterKnows)
     */
    long latest() {
        return Math.max(applied, written.getOrDefault(generation, 0L));
    }

    /** Takes a position over; everything before it must have been applied or cleared. Log thread only. */
    void adopt(Attachment.Position position) {
        applied = position.sequence();
        announced = position.sequence();
        history = position.history();
        generation = position.generation();
        written.keySet().removeIf(other -> !other.equals(position.generation()));
    }
}
