package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.InvalidationPendingException;
import dev.aside.cache.TtlPolicy;
import dev.aside.testkit.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Garbage in place of everything Aside keeps in Redis, as many pieces as {@code -Daside.fuzz.pieces} says (10,000 unless
 * told otherwise): no exception reaches a reader, every answer is right, and everything is whole again afterwards. The
 * seed is {@code -Daside.fuzz.seed}.
 */
class FuzzIT {
    record Product(String sku, BigDecimal price, int version) {}

    private static final int KEYS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BOUND = Duration.ofSeconds(3);
    private static final String CACHE = "product";
    private static final String TAG = "{fuzz:0}";
    private static final String META = TAG + "m";
    private static final String LOG = TAG + "x";
    private static final String STAMP = TAG + "c:" + CACHE;
    private static final String ENTRY = TAG + "e:" + CACHE + '/'
            + RedisTier.shape(1, JacksonCodec.create().bind(Product.class).shape()) + ':';

    private final int pieces = Integer.getInteger("aside.fuzz.pieces", 10_000);
    private final long seed = Long.getLong("aside.fuzz.seed", 20_261);
    private final Random random = new Random(seed);
    private final List<String> keys =
            IntStream.range(0, KEYS).mapToObj(i -> "k" + i).toList();
    private final Map<String, Product> database = new HashMap<>();
    private final Map<String, Integer> planted = new HashMap<>();
    private Set<String> lastMissing = Set.of();
    private RedisServer redis;
    private RedisClient client;
    private StatefulRedisConnection<String, byte[]> connection;
    private RedisCommands<String, byte[]> raw;
    private RedisTier tier;
    private RedisTier writerTier;
    private Caches writer;
    private Caches reader;
    private Cache<String, Product> products;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().start();
        client = RedisClient.create(redis.uri());
        connection = client.connect(Pipeline.CODEC);
        raw = connection.sync();
        writerTier = tier();
        writer = Caches.builder().remote(writerTier).build();
        tier = tier();
        reader = Caches.builder()
                .remote(tier)
                .policy(TtlPolicy.named("remote")
                        .ttl(Duration.ofHours(1))
                        .localTtl(Duration.ofMillis(1))
                        .build())
                .build();
        products = reader.cache(CACHE, String.class, Product.class, "remote");
        keys.forEach(this::write);
        await().atMost(PATIENCE).until(() -> loadsOfARead() == 0);
    }

    private RedisTier tier() {
        return RedisTier.builder()
                .uri(redis.uri())
                .namespace("fuzz")
                .commandTimeout(Duration.ofSeconds(1))
                .staleBound(BOUND)
                .build();
    }

    @AfterEach
    void stop() {
        reader.close();
        writer.close();
        connection.close();
        client.shutdown();
        redis.close();
    }

    private void write(String key) {
        Product before = database.get(key);
        int version = before == null ? 1 : before.version() + 1;
        database.put(key, new Product(key, new BigDecimal("9.50"), version));
        try {
            writer.invalidate(CACHE, List.of(key));
        } catch (InvalidationPendingException e) { // it is delivered as soon as the log is whole again
            await().atMost(PATIENCE).until(() -> writerTier.pendingInvalidations() == 0);
        }
        await().atMost(BOUND)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> database.get(key).equals(products.get(key, database::get)));
    }

    /** Reads everything, checks it, and says how much of it had to be loaded. */
    private long loadsOfARead() {
        long before = products.stats().loads();
        Map<String, Product> wrong = new HashMap<>(products.getAll(keys, this::load));
        assertThat(wrong).as("seed " + seed).hasSize(KEYS);
        wrong.entrySet().removeAll(database.entrySet());
        assertThat(wrong).as("seed " + seed + ", planted " + planted).isEmpty();
        return products.stats().loads() - before;
    }

    private Map<String, Product> load(Set<String> missing) {
        lastMissing = Set.copyOf(missing);
        Map<String, Product> found = new HashMap<>(database);
        found.keySet().retainAll(missing);
        return found;
    }

    private byte[] garbage() {
        byte[] bytes = new byte[random.nextInt(160)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Something like what stood there: cut, or with some bytes changed. */
    private byte[] mutated(byte[] valid) {
        byte[] mutated = Arrays.copyOf(valid, random.nextInt(4) == 0 ? random.nextInt(valid.length + 8) : valid.length);
        for (int n = 1 + random.nextInt(4); n > 0 && mutated.length > 0; n--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
        }
        return mutated;
    }

    private byte[] piece(byte[] valid) {
        return valid == null || random.nextInt(3) == 0 ? garbage() : mutated(valid);
    }

    private void count(String what) {
        planted.merge(what, 1, Integer::sum);
    }

    /** A key of another type than it should be. */
    private void wrongType(String key) {
        RedisAsyncCommands<String, byte[]> async = connection.async();
        async.del(key);
        switch (random.nextInt(5)) {
            case 0 -> async.lpush(key, garbage());
            case 1 -> async.hset(key, "g", garbage());
            case 2 -> async.sadd(key, garbage());
            case 3 -> async.zadd(key, 1, garbage());
            default -> async.xadd(key, Map.of("f", garbage()));
        }
    }

    private void fuzzEntries() {
        List<String> names = keys.stream().map(key -> ENTRY + key).toList();
        List<byte[]> valid = new ArrayList<>();
        raw.mget(names.toArray(String[]::new)).forEach(found -> valid.add(found.getValueOrElse(null)));
        for (int i = 0; i < names.size(); i++) {
            if (random.nextInt(10) == 0) {
                wrongType(names.get(i));
                count("entries of a wrong type");
            } else {
                connection.async().set(names.get(i), piece(valid.get(i)), SetArgs.Builder.px(3_600_000));
                count("entries");
            }
        }
    }

    private void fuzzStamp() {
        byte[] valid = raw.type(STAMP).equals("string") ? raw.get(STAMP) : null;
        if (random.nextInt(4) == 0) {
            wrongType(STAMP);
        } else {
            raw.set(STAMP, piece(valid));
        }
        count("stamps");
    }

    private void fuzzMeta() {
        if (random.nextInt(3) == 0) {
            wrongType(META);
        } else {
            String field = List.of("g", "n", "h").get(random.nextInt(3));
            byte[] valid = raw.hget(META, field);
            raw.hset(META, field, piece(valid));
        }
        count("metas");
    }

    /** Entries in the right place with garbage in them; or a log that is none. */
    private void fuzzLog() {
        if (random.nextInt(8) == 0) {
            wrongType(LOG);
            count("logs");
            return;
        }
        byte[] generation = raw.hget(META, "g");
        byte[] stood = raw.hget(META, "n");
        if (generation == null || stood == null) {
            return;
        }
        long next = Long.parseLong(new String(stood, StandardCharsets.UTF_8));
        for (int i = 0; i < 20; i++) {
            String entry = Stream.of(
                            random.nextInt(20) == 0 ? piece(generation) : generation,
                            random.nextInt(3) == 0 ? garbage() : "node".getBytes(StandardCharsets.UTF_8),
                            random.nextInt(3) == 0 ? garbage() : CACHE.getBytes(StandardCharsets.UTF_8),
                            piece(":k1".getBytes(StandardCharsets.UTF_8)))
                    .filter(part -> random.nextInt(60) > 0)
                    .map(part -> new String(part, StandardCharsets.ISO_8859_1))
                    .collect(Collectors.joining(" "));
            String field = random.nextInt(60) == 0 ? "f" : LogEntry.FIELD;
            byte[] bytes = entry.getBytes(StandardCharsets.ISO_8859_1);
            raw.xadd(LOG, new XAddArgs().id(++next + "-0"), Map.of(field, bytes));
            count("log entries");
        }
        raw.hset(META, "n", Long.toString(next).getBytes(StandardCharsets.UTF_8));
    }

    /** Everything can be stored and found again: what looks like somebody's write goes with an invalidation. */
    private void assertWhole() {
        Set<String> held = new HashSet<>();
        loadsOfARead(); // repairs what can be
        if (loadsOfARead() > 0) {
            for (String key : keys) {
                String type = raw.type(ENTRY + key);
                byte[] entry = type.equals("string") ? raw.get(ENTRY + key) : null;
                if (entry != null && entry.length > 0 && entry[0] == 'W') {
                    held.add(key);
                }
            }
            held.forEach(this::write);
        }
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(
                        () -> assertThat(loadsOfARead()).as(this::remains).isZero());
    }

    private String remains() {
        String key = lastMissing.stream().findFirst().orElse("none");
        return "seed " + seed + ", planted " + planted + ", missing " + lastMissing.size() + ", first " + key
                + " of type "
                + raw.type(ENTRY + key) + " for " + raw.pttl(ENTRY + key) + " ms: "
                + (raw.type(ENTRY + key).equals("string") ? show(raw.get(ENTRY + key)) : "")
                + ", stamp " + (raw.type(STAMP).equals("string") ? show(raw.get(STAMP)) : raw.type(STAMP)) + ", "
                + tier.stats();
    }

    private static String show(byte[] bytes) {
        return bytes == null ? "nothing" : new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
    }

    @Test
    void garbage_inPlaceOfEverything_harmsNoReader() {
        for (int round = 0;
                planted.values().stream().mapToInt(Integer::intValue).sum() < pieces;
                round++) {
            fuzzEntries();
            assertThat(loadsOfARead()).isBetween(0L, (long) KEYS);
            if (round % 2 == 0) {
                fuzzStamp();
                loadsOfARead();
            }
            if (round % 5 == 1) {
                fuzzLog();
                loadsOfARead();
            }
            if (round % 5 == 3) {
                fuzzMeta();
                loadsOfARead();
            }
            assertWhole();
            write(keys.get(random.nextInt(KEYS)));
        }
        System.Logger log = System.getLogger(FuzzIT.class.getName());
        log.log(System.Logger.Level.INFO, "seed " + seed + ", planted " + planted + ", " + tier.stats());
        assertThat(planted.keySet()).contains("entries", "entries of a wrong type", "stamps", "metas", "log entries");
        assertThat(tier.stats().traffic().undecodable()).isPositive();
        assertThat(tier.stats().listeners().failures()).isZero();
    }
}
