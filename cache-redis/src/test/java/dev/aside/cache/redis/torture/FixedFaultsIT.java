package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.redis.torture.NetworkFaults.Wire;
import dev.aside.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each fault by itself, at a fixed length, under traffic: nothing stuck, and no read older than the bound. */
class FixedFaultsIT {
    private static final int WORLDS = 4;
    private static final long SEED = 4;
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(WORLDS);

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    private static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (boolean all : new boolean[] {false, true}) {
            faults.add(NetworkFaults.cut(all, Duration.ofMillis(300)));
            faults.add(NetworkFaults.cut(all, Duration.ofSeconds(3)));
            faults.add(NetworkFaults.blackHole(all, Wire.BOTH, List.of(Direction.values()), Duration.ofSeconds(5)));
        }
        faults.add(NetworkFaults.blackHole(false, Wire.LOG, List.of(Direction.TO_CLIENT), Duration.ofSeconds(2)));
        faults.add(NetworkFaults.blackHole(false, Wire.COMMANDS, List.of(Direction.TO_CLIENT), Duration.ofSeconds(2)));
        faults.add(NetworkFaults.halfOpen(false, Duration.ofSeconds(3)));
        faults.add(ServerFaults.killedAndEmpty(Duration.ofMillis(500)));
        faults.add(ServerFaults.restoredFromOldSnapshot(Duration.ofMillis(500)));
        faults.add(ServerFaults.frozen(Duration.ofSeconds(5)));
        faults.add(ServerFaults.flushAll());
        faults.add(ServerFaults.scriptFlush());
        faults.add(ServerFaults.trimmedWhileAway(1));
        for (String key : List.of(ServerFaults.META, ServerFaults.LOG, ServerFaults.STAMP)) {
            faults.add(ServerFaults.deleted(key)); // as eviction does
            for (int how = 0; how < 3; how++) {
                faults.add(ServerFaults.replaced(key, how));
            }
        }
        faults.add(ServerFaults.futureEntry());
        faults.add(ServerFaults.outOfMemory(Duration.ofMillis(500)));
        return faults;
    }

    @TestFactory
    Stream<DynamicTest> faults_oneAtATime_nothingIsStuckOrTooOld() {
        List<List<Fault>> shares = new ArrayList<>();
        for (int i = 0; i < WORLDS; i++) {
            shares.add(new ArrayList<>());
        }
        List<Fault> faults = faults();
        for (int i = 0; i < faults.size(); i++) {
            shares.get(i % WORLDS).add(faults.get(i));
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < WORLDS; i++) {
            tests.addAll(tests(SEED + i, shares.get(i)));
        }
        return tests.stream();
    }

    /** One cluster after another suffers its share, the clusters side by side. */
    private static List<DynamicTest> tests(long seed, List<Fault> share) {
        List<DynamicTest> tests = new ArrayList<>();
        CompletableFuture<World> world = CompletableFuture.supplyAsync(() -> new World(seed).warmUp(), THREADS);
        CompletableFuture<?> before = world;
        for (Fault fault : share) {
            CompletableFuture<Checker.Findings> found =
                    before.thenApplyAsync(ready -> world.join().round(fault), THREADS);
            tests.add(DynamicTest.dynamicTest(fault.toString(), () -> {
                Checker.Findings findings = found.get(2, TimeUnit.MINUTES);
                System.out.println("fixed fault: " + fault + ", oldest read "
                        + TimeUnit.NANOSECONDS.toMillis(findings.maxAge()) + " ms");
                assertThat(findings.violations()).isEmpty();
            }));
            before = found;
        }
        var closing = before.whenComplete((last, failure) -> world.thenAccept(World::close));
        tests.add(DynamicTest.dynamicTest("the end of cluster " + seed, () -> closing.get(2, TimeUnit.MINUTES)));
        return tests;
    }
}
