package dev.aside.benchmarks.jobs;

/**
 * A queue of jobs that do nothing but call {@link Starts#begun}. One node enqueues, another one works, in one JVM and
 * without anything in common but the server.
 */
interface JobQueue extends AutoCloseable {
    /** Takes so many jobs in, as fast as it can; returns when all of them are acknowledged. */
    void accept(int jobs) throws Exception;

    /** Has the other node work from now on. */
    void work(int workers) throws Exception;

    @Override
    void close();
}
