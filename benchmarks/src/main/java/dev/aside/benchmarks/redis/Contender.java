package dev.aside.benchmarks.redis;

import java.util.Map;

/**
 * One way to do the same work, set up and filled. Its operations are called by several threads at once; which key or
 * keys they are about follows from the number they are given.
 */
interface Contender extends AutoCloseable {

    /** Keys that every contender holds. */
    int KEYS = 20_000;

    /** Keys of one batch. */
    int BATCH = 100;

    String name();

    /** What it can do: one operation for each kind of work. */
    Map<Work, Operation> operations();

    /** One kind of work. */
    enum Work {
        HIT,
        BATCH,
        INVALIDATE
    }

    /** One call. */
    @FunctionalInterface
    interface Operation {
        /**
         * Does the work once.
         *
         * @param number counts the calls of one thread
         * @return something that depends on the answer, so that none of it can be left out
         */
        Object run(int number) throws Exception;
    }

    /** The keys of a batch: batches near each other in time have none in common. */
    static long key(int number, int inBatch) {
        return key(number * BATCH + inBatch);
    }

    /** The key of a call: neighbours in time are far apart. */
    static long key(int number) {
        return Math.floorMod(number * 7919L, (long) KEYS);
    }

    @Override
    void close();
}
