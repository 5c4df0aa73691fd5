package dev.aside.cache.redis.torture;

import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** F3: what a network does to the connections of one node, or of all. Node 0 is the one that suffers alone. */
final class NetworkFaults {
    private static final String LOG = "XREAD";

    /** Which connections of a node. */
    enum Wire {
        BOTH,
        COMMANDS,
        LOG;

        private FaultProxy.Part part(FaultProxy proxy) {
            return this == COMMANDS ? proxy.notSending(NetworkFaults.LOG) : proxy.sending(NetworkFaults.LOG);
        }
    }

    private NetworkFaults() {}

    static Fault cut(boolean all, Duration lasts) {
        return fault("cut", all, lasts, FaultProxy::refuse);
    }

    static Fault halfOpen(boolean all, Duration lasts) {
        return fault("half-open", all, lasts, FaultProxy::halfOpen);
    }

    static Fault blackHole(boolean all, Wire wire, List<Direction> ways, Duration lasts) {
        return fault("black hole", all && wire == Wire.BOTH && ways.size() == 2, all, lasts, proxy -> {
            for (Direction way : ways) {
                if (wire == Wire.BOTH) {
                    proxy.blackHole(way);
                } else {
                    wire.part(proxy).blackHole(way);
                }
            }
        });
    }

    static Fault delay(boolean all, Wire wire, Duration delay, Duration lasts) {
        return fault("delay", false, all, lasts, proxy -> {
            for (Direction way : Direction.values()) {
                if (wire == Wire.BOTH) {
                    proxy.delay(way, delay);
                } else {
                    wire.part(proxy).delay(way, delay);
                }
            }
        });
    }

    static Fault dribble(boolean all, Wire wire, long bytesPerSecond, Duration lasts) {
        return fault("dribble", false, all, lasts, proxy -> {
            for (Direction way : Direction.values()) {
                if (wire == Wire.BOTH) {
                    proxy.throttle(way, bytesPerSecond);
                } else {
                    wire.part(proxy).throttle(way, bytesPerSecond);
                }
            }
        });
    }

    static Fault reset(boolean all, Wire wire) {
        return fault("reset", false, all, Duration.ofMillis(200), proxy -> {
            if (wire == Wire.BOTH) {
                proxy.reset();
            } else {
                wire.part(proxy).reset();
            }
        });
    }

    static Fault resetInAReply(boolean all, long bytes) {
        return fault("reset in a reply", false, all, Duration.ofMillis(500), proxy -> proxy.resetAfter(bytes));
    }

    private static Fault fault(String kind, boolean all, Duration lasts, Consumer<FaultProxy> begin) {
        return fault(kind, all, all, lasts, begin);
    }

    private static Fault fault(String kind, boolean outage, boolean all, Duration lasts, Consumer<FaultProxy> begin) {
        return new Fault(kind, lasts, outage ? Fault.Reach.ALL : Fault.Reach.SOME, world -> {
            List<FaultProxy> proxies = all ? List.copyOf(world.proxies) : List.of(world.proxies.get(0));
            proxies.forEach(begin);
            return () -> proxies.forEach(FaultProxy::pass);
        });
    }

    /** One of these, of any strength. */
    static Fault any(Random random, Duration longest) {
        boolean all = random.nextInt(3) == 0;
        Wire wire = List.of(Wire.values()).get(random.nextInt(3));
        Duration lasts = Duration.ofMillis(100 + random.nextInt((int) longest.toMillis()));
        return switch (random.nextInt(7)) {
            case 0 -> cut(all, lasts);
            case 1 -> halfOpen(all, lasts);
            case 2 ->
                blackHole(
                        all,
                        wire,
                        random.nextBoolean()
                                ? List.of(Direction.values())
                                : List.of(random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT),
                        lasts);
            case 3 -> delay(all, wire, Duration.ofMillis(random.nextInt(10) < 7 ? random.nextInt(200) : 2000), lasts);
            case 4 -> dribble(all, wire, 500 + random.nextInt(20_000), lasts);
            case 5 -> reset(all, wire);
            default -> resetInAReply(all, 1 + random.nextInt(2000));
        };
    }
}
