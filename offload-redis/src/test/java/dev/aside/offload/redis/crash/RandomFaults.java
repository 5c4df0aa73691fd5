package dev.aside.offload.redis.crash;

import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.FaultProxy.Direction;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One round: two nodes, each behind a proxy of its own, one in a process of its own, a Redis that keeps its data, jobs,
 * and a few faults. Which ones follows from the seed; how the threads interleave does not. One thread.
 */
final class RandomFaults implements AutoCloseable {
    private static final int JOBS = 40;
    private static final int EVERY = 10;
    private static final int LONGEST_MILLIS = 4_500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What can go wrong; some of it for a while. */
    private enum Kind {
        REDIS_KILLED,
        REDIS_FROZEN,
        SCRIPTS_FLUSHED,
        RESET,
        ANSWER_CUT,
        BLACK_HOLE,
        ANSWERS_LOST,
        HALF_OPEN,
        NODE_FROZEN,
        NODE_KILLED
    }

    private final Random random;
    private final RedisServer redis = RedisServer.builder()
            .config("appendonly yes")
            .config("appendfsync always")
            .start();
    private final Arena arena = Arena.at(redis.uri());
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private NodeProcess process;

    RandomFaults(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 2; i++) {
            FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
            proxies.add(proxy);
            arena.node(arena.options.uri(proxy.through(redis.uri())));
        }
        startProcess();
    }

    private void startProcess() {
        process = arena.process().order("start");
    }

    Verdict run() {
        for (int i = 0; i < JOBS; i++) {
            if (i % EVERY == EVERY / 2) {
                fault(Kind.values()[random.nextInt(Kind.values().length)], proxies.get(random.nextInt(2)));
            }
            arena.submitPatiently(Work.taking(random.nextInt(200)));
        }
        return arena.end(PATIENCE);
    }

    private void fault(Kind kind, FaultProxy proxy) {
        Duration time = Duration.ofMillis(50 + random.nextInt(LONGEST_MILLIS));
        faults.add(kind + " " + time.toMillis() + " ms");
        switch (kind) {
            case REDIS_KILLED -> {
                redis.kill();
                Awaiting.pass(time);
                redis.restart();
            }
            case REDIS_FROZEN -> {
                redis.pause();
                Awaiting.pass(time);
                redis.resume();
            }
            case SCRIPTS_FLUSHED -> redis.command("SCRIPT", "FLUSH");
            case RESET -> proxy.reset();
            case ANSWER_CUT -> proxy.resetAfter(1 + random.nextInt(2_000));
            case BLACK_HOLE -> whileWaiting(time, proxy, proxy::blackHole);
            case ANSWERS_LOST -> whileWaiting(time, proxy, () -> proxy.blackHole(Direction.TO_CLIENT));
            case HALF_OPEN -> whileWaiting(time, proxy, proxy::halfOpen);
            case NODE_FROZEN -> {
                process.freeze(true);
                Awaiting.pass(time);
                process.freeze(false);
            }
            case NODE_KILLED -> {
                process.kill();
                startProcess();
            }
        }
    }

    /** A fault of one way, with jobs coming in by the other. */
    private void whileWaiting(Duration time, FaultProxy proxy, Runnable begin) {
        begin.run();
        for (int i = 0; i < 5; i++) {
            arena.submitPatiently(Work.taking(random.nextInt(200)));
        }
        Awaiting.pass(time);
        proxy.pass();
    }

    List<String> faults() {
        return faults;
    }

    @Override
    public void close() {
        arena.close();
        proxies.forEach(FaultProxy::close);
        redis.close();
    }
}
