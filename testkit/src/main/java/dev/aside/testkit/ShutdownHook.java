package dev.aside.testkit;

/** Threads that tidy up when the JVM ends in good order; when it is killed, the guards of the servers do. */
final class ShutdownHook {
    private ShutdownHook() {}

    static void add(String name, Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action, name));
    }
}
