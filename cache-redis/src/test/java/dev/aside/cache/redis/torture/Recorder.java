package dev.aside.cache.redis.torture;

/** Takes down what happens on a node. Thread-safe. All times are of {@code System.nanoTime}. */
interface Recorder {
    /** The version of a read that the loader answered with null. */
    long NOTHING = 0;

    /** The version of a read that failed because its load did. */
    long FAILED = -1;

    /** A read that has ended, however. */
    record Read(int node, String key, long start, long end, long version) {}

    /**
     * An invalidation that has ended, once per key it covers.
     *
     * @param version that the key had at least when it began
     * @param pending whether it said so; else it has returned
     */
    record Invalidated(int node, String key, long version, long start, long end, boolean pending) {}

    void read(Read read);

    void invalidated(Invalidated invalidated);

    /** Something that no fault explains. */
    void unexpected(Oracle oracle, String what);
}
