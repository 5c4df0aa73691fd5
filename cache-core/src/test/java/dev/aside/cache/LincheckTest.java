package dev.aside.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * The engine in one process is linearizable: whatever threads do, each read gives what a plain map would give if every
 * operation happened at one instant between its beginning and its end. Seen from outside, there is no cache.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class LincheckTest {
    private static final Caches CACHES = Caches.builder()
            .policy(TtlPolicy.named("tagging")
                    .tagsFrom(value -> java.util.List.of("v" + (Integer) value % 2, "all"))
                    .build())
            .build();
    private static final Cache<Integer, Integer> CACHE = CACHES.cache("c", Integer.class, Integer.class, "tagging");

    private final ConcurrentMap<Integer, Integer> database = new ConcurrentHashMap<>(Map.of(1, 0, 2, 0));

    /** One state for each invocation: they follow each other, so one cache does for all. */
    public LincheckTest() {
        CACHE.invalidateAll();
    }

    @Operation
    public int read(@Param(name = "key") int key) {
        return CACHE.get(key, database::get);
    }

    @Operation
    public int readAsync(@Param(name = "key") int key) {
        return CACHE.getAsync(key, k -> java.util.concurrent.CompletableFuture.completedStage(database.get(k)))
                .join();
    }

    @Operation
    public int refresh(@Param(name = "key") int key) {
        return CACHE.refresh(key, database::get);
    }

    @Operation
    public void writeAndInvalidate(@Param(name = "key") int key, @Param(name = "value") int value) {
        database.put(key, value);
        CACHE.invalidate(key);
    }

    @Operation
    public void writeThrough(@Param(name = "key") int key, @Param(name = "value") int value) {
        CACHE.writeThrough(key, () -> {
            database.put(key, value);
            return value;
        });
    }

    @Operation
    public void writeAndClear(@Param(name = "key") int key, @Param(name = "value") int value) {
        database.put(key, value);
        CACHE.invalidateAll();
    }

    @Operation
    public void writeAndInvalidateTag(@Param(name = "key") int key, @Param(name = "value") int value) {
        database.put(key, value);
        CACHE.invalidateTag("all");
    }

    /** What it should be taken for. */
    public static class PlainMap {
        private final ConcurrentMap<Integer, Integer> map = new ConcurrentHashMap<>(Map.of(1, 0, 2, 0));

        public int read(int key) {
            return map.get(key);
        }

        public int readAsync(int key) {
            return map.get(key);
        }

        public int refresh(int key) {
            return map.get(key);
        }

        public void writeAndInvalidate(int key, int value) {
            map.put(key, value);
        }

        public void writeThrough(int key, int value) {
            map.put(key, value);
        }

        public void writeAndClear(int key, int value) {
            map.put(key, value);
        }

        public void writeAndInvalidateTag(int key, int value) {
            map.put(key, value);
        }
    }

    @Test
    void engine_anyOperationsOfThreeThreads_isLinearizable() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(1)
                .sequentialSpecification(PlainMap.class)
                .check(LincheckTest.class);
    }
}
