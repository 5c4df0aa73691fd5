package dev.aside.cache.testing;

import dev.aside.cache.Caches;
import dev.aside.cache.InMemoryRemoteTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Caches for tests of programs that cache: time is turned by hand, reloads behind readers run at once on the reader's own
 * thread, and the nodes share a remote tier in memory whose faults can be ordered. Soft and hard timeouts of loads keep to
 * the real clock.
 *
 * <pre>{@code
 * try (CacheTest test = CacheTest.nodes(2, builder -> builder.policy(mine))) {
 *     ProductRepository here = test.node(0).proxy(ProductRepository.class, database);
 *     ProductRepository there = test.node(1).proxy(ProductRepository.class, database);
 *     test.advance(Duration.ofMinutes(31));
 *     test.tier().unreachable(true);
 *     assertThatRead(() -> here.bySku("85123A")).cameFrom(Level.LOAD).because(Reason.UNAVAILABLE);
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class CacheTest implements AutoCloseable {
    private final AtomicLong now = new AtomicLong(1);
    private final InMemoryRemoteTier tier = new InMemoryRemoteTier(now::get);
    private final List<Caches> nodes = new ArrayList<>();

    private CacheTest(int count, boolean remote, UnaryOperator<Caches.Builder> options) {
        for (int i = 0; i < count; i++) {
            Caches.Builder builder = Caches.builder().ticker(now::get).executor(Runnable::run);
            nodes.add(options.apply(remote ? builder.remote(tier.node()) : builder)
                    .build());
        }
    }

    /** One process without a remote tier. */
    public static CacheTest local(UnaryOperator<Caches.Builder> options) {
        return new CacheTest(1, false, options);
    }

    /** Nodes over a remote tier in memory; at least one. */
    public static CacheTest nodes(int count, UnaryOperator<Caches.Builder> options) {
        if (count < 1) {
            throw new IllegalArgumentException("a cluster of " + count + " nodes cannot be tested [hint: 1 and more]");
        }
        return new CacheTest(count, true, options);
    }

    /** The caches of the first node. */
    public Caches caches() {
        return node(0);
    }

    /** The caches of a node, counted from 0. */
    public Caches node(int number) {
        return nodes.get(number);
    }

    /** The tier the nodes share, to order faults. */
    public InMemoryRemoteTier tier() {
        return tier;
    }

    /** Turns the time forward for all nodes and the tier; not backwards. */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time cannot be turned back by " + time.negated());
        }
        now.addAndGet(time.toNanos());
    }

    @Override
    public void close() {
        nodes.forEach(Caches::close);
    }
}
