package dev.aside.cache.redis.torture;

import dev.aside.testkit.RedisCommandException;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** F4, F5: what happens to Redis and to the keys in it. */
final class ServerFaults {
    private static final String TAG = "{torture:0}";
    static final String META = TAG + "m";
    static final String LOG = TAG + "x";
    static final String STAMP = TAG + "c:" + Kind.LONG.cache();

    private ServerFaults() {}

    /** Something that is over as soon as it is done. */
    private interface Deed {
        void on(World world);
    }

    private static Fault deed(String kind, Deed deed) {
        return new Fault(kind, Duration.ofMillis(300), Fault.Reach.SOME, world -> {
            deed.on(world);
            return () -> {};
        });
    }

    private static Fault command(String kind, String... words) {
        return deed(kind, world -> world.redis.command(words));
    }

    static Fault killedAndEmpty(Duration down) {
        return new Fault("killed, empty", down, Fault.Reach.ALL, world -> {
            world.deleteSnapshot();
            world.redis.kill();
            return world.redis::restart;
        });
    }

    static Fault restoredFromOldSnapshot(Duration down) {
        return new Fault("old snapshot", down, Fault.Reach.ALL, world -> {
            world.redis.command("SAVE");
            World.pause(Duration.ofMillis(300)); // writes that it does not know
            world.redis.kill();
            return world.redis::restart;
        });
    }

    static Fault frozen(Duration lasts) {
        return new Fault("frozen", lasts, Fault.Reach.ALL, world -> {
            world.redis.pause();
            return world.redis::resume;
        });
    }

    static Fault flushAll() {
        return command("FLUSHALL", "FLUSHALL");
    }

    static Fault scriptFlush() {
        return command("SCRIPT FLUSH", "SCRIPT", "FLUSH");
    }

    static Fault clientsKilled() {
        return command("CLIENT KILL", "CLIENT", "KILL", "TYPE", "normal");
    }

    static Fault clientsPaused(Duration lasts, boolean writesOnly) {
        return new Fault("CLIENT PAUSE", lasts, Fault.Reach.SOME, world -> {
            world.redis.command("CLIENT", "PAUSE", Long.toString(lasts.toMillis()), writesOnly ? "WRITE" : "ALL");
            return () -> {};
        });
    }

    /** The log is cut while a node is away, so that it misses entries for good. */
    static Fault trimmedWhileAway(int left) {
        return new Fault("log trimmed", Duration.ofMillis(300), Fault.Reach.SOME, world -> {
            world.proxies.get(0).refuse();
            return () -> {
                world.redis.command("XTRIM", LOG, "MAXLEN", Integer.toString(left));
                world.proxies.get(0).pass();
            };
        });
    }

    static Fault deleted(String key) {
        return command("DEL of " + key.substring(TAG.length()), "DEL", key);
    }

    /** Something else stands under the key: a list, a text, a hash. */
    static Fault replaced(String key, int how) {
        return deed("wrong type of " + key.substring(TAG.length()), world -> {
            List<String> other = List.of(
                            List.of("LPUSH", key, "x"), List.of("SET", key, "x"), List.of("HSET", key, "g", "x"))
                    .get(how);
            // both at once: a node would put it right in between
            List<String> script = new ArrayList<>(List.of(
                    "EVAL",
                    "redis.call('DEL', KEYS[1]) return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))",
                    "1",
                    key));
            script.add(other.get(0));
            script.addAll(other.subList(2, other.size()));
            world.redis.command(script.toArray(String[]::new));
        });
    }

    /** All entries at once. */
    static Fault entriesSpoilt(String... how) {
        return deed("entries spoilt", world -> {
            for (String key : world.redis.command("KEYS", TAG + "e:*").texts()) {
                List<String> words = new ArrayList<>(List.of(how));
                words.add(1, key);
                try {
                    world.redis.command(words.toArray(String[]::new));
                } catch (RedisCommandException e) {
                    // one that the command does not fit
                }
            }
        });
    }

    /** F5: an entry of the log from the far future, as from a clock that ran ahead. */
    static Fault futureEntry() {
        return command("future log entry", "XADD", LOG, "9999999999999-0", "e", "generation! node long :long1");
    }

    static Fault sequenceSetBack() {
        return command("sequence set back", "HSET", META, "n", "1");
    }

    /** Redis evicts keys at random, the log and all else included. */
    static Fault eviction(Duration lasts) {
        return memory("eviction", lasts, "allkeys-random");
    }

    /** Redis takes no more writes. */
    static Fault outOfMemory(Duration lasts) {
        return memory("out of memory", lasts, "noeviction");
    }

    private static Fault memory(String kind, Duration lasts, String policy) {
        return new Fault(kind, lasts, Fault.Reach.SOME, world -> {
            RedisServer redis = world.redis;
            redis.command("CONFIG", "SET", "maxmemory-policy", policy);
            redis.command("CONFIG", "SET", "maxmemory", "1");
            return () -> redis.command("CONFIG", "SET", "maxmemory", "0");
        });
    }

    static Fault any(Random random, Duration longest) {
        Duration lasts = Duration.ofMillis(100 + random.nextInt((int) longest.toMillis()));
        String key = List.of(META, LOG, STAMP).get(random.nextInt(3));
        return switch (random.nextInt(18)) {
            case 0, 1 -> killedAndEmpty(lasts);
            case 2, 3 -> restoredFromOldSnapshot(lasts);
            case 4, 5 -> frozen(lasts);
            case 6 -> flushAll();
            case 7 -> scriptFlush();
            case 8 -> clientsKilled();
            case 9 -> clientsPaused(lasts, random.nextBoolean());
            case 10 -> trimmedWhileAway(random.nextInt(2));
            case 11 -> deleted(key);
            case 12 -> replaced(key, random.nextInt(3));
            case 13 -> entriesSpoilt("SET", "V garbage");
            case 14 -> futureEntry();
            case 15 -> sequenceSetBack();
            case 16 -> eviction(lasts);
            default -> outOfMemory(lasts);
        };
    }
}
