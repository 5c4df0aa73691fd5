package dev.aside.offload.redis.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;

/** Many jobs through three processes of which one is killed every so often, and one started in its place. One thread. */
final class BigRun {
    private static final int NODES = 3;

    private final Arena arena;
    private final Random random;
    private final Duration between;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private int kills;

    BigRun(Arena arena, long seed, Duration between) {
        this.arena = arena;
        this.random = new Random(seed);
        this.between = between;
    }

    Verdict run(int jobs, int millisEach, Duration patience) {
        for (int i = 0; i < NODES; i++) {
            nodes.add(begin(arena.starting(arena.options)));
        }
        nodes.forEach(NodeProcess::awaitReady);
        for (int i = 0; i < jobs; i++) {
            arena.client.enqueue(Work.taking(millisEach / 2 + random.nextInt(millisEach)));
        }
        List<String> all = arena.journal.acked();
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isOverWithin(all, between) && System.nanoTime() - deadline < 0) {
            int victim = random.nextInt(NODES);
            nodes.get(victim).kill();
            kills++;
            nodes.set(victim, begin(arena.starting(arena.options)));
        }
        return arena.end(Duration.ofSeconds(1).plus(NodeOptions.LEASE.multipliedBy(4)));
    }

    private static NodeProcess begin(NodeProcess node) {
        node.orderOnly("start");
        return node;
    }

    private boolean isOverWithin(List<String> jobs, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Awaitility.await()
                .atMost(time.plusSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> System.nanoTime() - end > 0 || isOver(jobs));
        return isOver(jobs);
    }

    private boolean isOver(List<String> jobs) {
        return Ends.areOver(arena.store(), jobs.subList(jobs.size() - 1, jobs.size()))
                && Ends.areOver(arena.store(), jobs);
    }

    int kills() {
        return kills;
    }
}
