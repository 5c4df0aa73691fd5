package dev.aside.cache.redis.torture;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** F2, F8, F9, F10, F15: what nodes and loaders do, and what is done to them. */
final class NodeFaults {
    private static final int FLOOD = 100_000;
    private static final int FLOOD_BATCH = 5_000;
    private static final int STORMS = 100;

    private NodeFaults() {}

    /** A fifth of the loads take up to so long; perhaps they fail then. */
    static Fault slowLoads(Duration longest, boolean failing, Duration lasts) {
        return new Fault(failing ? "loads fail" : "loads are slow", lasts, Fault.Reach.SOME, world -> {
            world.longestLoad(longest.toNanos());
            world.nodes.forEach(node -> node.loaderFaults.set(0.2, longest.toNanos(), failing));
            return () -> world.nodes.forEach(node -> node.loaderFaults.none());
        });
    }

    /** The process is stopped in the middle of whatever it does, and goes on later. */
    static Fault frozenNode(Duration lasts) {
        return new Fault("node frozen", lasts, Fault.Reach.SOME, world -> {
            world.longestLoad(lasts.toNanos()); // its calls take as long
            NodeProcess child = world.child();
            child.writes(true);
            World.pause(Duration.ofMillis(300));
            child.freeze(true);
            return () -> child.freeze(false);
        });
    }

    /** The process is killed in the middle of whatever it does: between a commit and its invalidation, with leases. */
    static Fault killedNode(Random random) {
        Duration at = Duration.ofMillis(300).plusNanos(random.nextInt(200_000_000));
        return new Fault("node killed", Duration.ofMillis(300), Fault.Reach.LOST_WRITES, world -> {
            world.child().writes(true);
            World.pause(at);
            world.killChild();
            return () -> {};
        });
    }

    /** A hundred thousand invalidations as fast as they go. */
    static Fault flood() {
        return new Fault("100,000 invalidations", Duration.ofMillis(100), Fault.Reach.SOME, world -> {
            for (int from = 0; from < FLOOD; from += FLOOD_BATCH) {
                List<String> keys = IntStream.range(from, from + FLOOD_BATCH)
                        .mapToObj(i -> "other" + i)
                        .toList();
                world.nodes.get(1).flood(keys);
            }
            return () -> {};
        });
    }

    /** Invalidations and clears without a pause, during everybody's fills. */
    static Fault storm() {
        return new Fault("storm", Duration.ofMillis(100), Fault.Reach.SOME, world -> {
            for (int i = 0; i < STORMS; i++) {
                Kind kind = List.of(Kind.values()).get(i % Kind.values().length);
                world.nodes.get(1).write(kind.keys());
                world.nodes.get(2).writeAndClear(kind.keys().get(0));
            }
            return () -> {};
        });
    }

    static Fault any(Random random, Duration longest) {
        Duration lasts = Duration.ofMillis(500 + random.nextInt((int) longest.toMillis()));
        return switch (random.nextInt(7)) {
            case 0 -> slowLoads(TortureNode.LEASE.dividedBy(4), random.nextBoolean(), lasts);
            case 1 ->
                slowLoads(
                        TortureNode.LEASE.multipliedBy(longest.toSeconds() > 5 ? 10 : 3), random.nextBoolean(), lasts);
            case 2, 3 -> frozenNode(lasts);
            case 4 -> killedNode(random);
            case 5 -> flood();
            default -> storm();
        };
    }
}
