package dev.aside.offload.redis;

import java.util.concurrent.atomic.AtomicInteger;

/** Namespaces that no other test uses, so that tests may share a server. */
final class Namespaces {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Namespaces() {}

    static String next() {
        return "t" + ProcessHandle.current().pid() + '-' + NEXT.incrementAndGet();
    }
}
