package dev.aside.demo.web;

/** Stops and starts the Redis of the demo, to see what the shop does without it. Thread-safe. */
public interface RedisControl {

    /** Whether the demo started the Redis, so that it may stop it. */
    boolean isOurs();

    /** Whether it runs; true for one that is not ours. */
    boolean isRunning();

    /** Stops it in good order; does nothing if it does not run. */
    void stop();

    /** Starts it, empty, on the same port; does nothing if it runs. */
    void start();
}
