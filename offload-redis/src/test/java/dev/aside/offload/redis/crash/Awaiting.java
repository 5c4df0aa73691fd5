package dev.aside.offload.redis.crash;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits, with the patience of these tests. */
final class Awaiting {
    private Awaiting() {}

    /** Whatever is thrown meanwhile counts as no. */
    static void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Arena.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(condition);
    }

    /** Lets time pass. */
    static void pass(Duration time) {
        Awaitility.await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }
}
