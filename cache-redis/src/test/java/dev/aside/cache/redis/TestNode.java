package dev.aside.cache.redis;

import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.PutOutcome;
import dev.aside.cache.spi.PutRequest;
import dev.aside.cache.spi.RemoteCache;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One node with one open cache of texts, asked like an engine would ask it but waiting for each answer. */
final class TestNode implements AutoCloseable {
    static final String CACHE = "product";
    static final CacheSpec SPEC = new CacheSpec(CACHE, List.of(String.class), String.class);
    static final Duration PATIENCE = Duration.ofSeconds(10);

    final RecordingNode node = new RecordingNode();
    final List<RedisTierEvent> events = new CopyOnWriteArrayList<>();
    final RedisTier tier;
    final RemoteCache cache;

    private TestNode(RedisTier tier, List<RedisTierEvent> events, CacheSpec spec) {
        this.tier = tier;
        this.events.addAll(events);
        this.cache = tier.open(spec, node);
    }

    static TestNode start(String uri, String namespace) {
        return start(uri, namespace, builder -> builder);
    }

    static TestNode start(String uri, String namespace, UnaryOperator<RedisTierBuilder> settings) {
        return start(uri, namespace, SPEC, settings);
    }

    static TestNode start(String uri, String namespace, CacheSpec spec, UnaryOperator<RedisTierBuilder> settings) {
        Started started = new Started();
        RedisTierBuilder builder =
                RedisTier.builder().uri(uri).namespace(namespace).listener(started::on);
        TestNode node = new TestNode(settings.apply(builder).build(), List.of(), spec);
        started.forwardTo(node.events);
        return node;
    }

    /** Events from before the node exists. */
    private static final class Started {
        private List<RedisTierEvent> to = new CopyOnWriteArrayList<>();

        synchronized void on(RedisTierEvent event) {
            to.add(event);
        }

        synchronized void forwardTo(List<RedisTierEvent> events) {
            events.addAll(to);
            to = events;
        }
    }

    /** For tests that need every answer and no fault: a busy machine is not taken for a broken one. */
    static RedisTierBuilder patient(RedisTierBuilder settings) {
        return settings.commandTimeout(Duration.ofSeconds(2)).staleBound(Duration.ofSeconds(5));
    }

    Lookup lookup(Object key) {
        return lookup(key, LookupRequest.READ);
    }

    Lookup lookup(Object key, LookupRequest request) {
        return lookupAll(List.of(key), request).get(0);
    }

    List<Lookup> lookupAll(List<?> keys, LookupRequest request) {
        return get(cache.lookup(keys, request));
    }

    /** The lease to load a key; a machine under load may need a second try. */
    Lease lease(Object key) {
        return ((Lookup.Granted) answered(key)).lease();
    }

    private Lookup answered(Object key) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> lookup(key),
                        answer -> !(answer instanceof Lookup.Denied denied)
                                || denied.reason() != Lookup.Reason.UNAVAILABLE);
    }

    FillOutcome fill(Lease lease, Object value, Duration fresh, Duration keep) {
        return get(cache.fill(List.of(new FillRequest(lease, value, fresh.toNanos(), keep.toNanos()))))
                .get(0);
    }

    FillOutcome fill(Lease lease, Object value) {
        return fill(lease, value, Duration.ofMinutes(1), Duration.ofMinutes(2));
    }

    FillOutcome fill(Lease lease, Object value, List<String> tags) {
        long minute = Duration.ofMinutes(1).toNanos();
        return get(cache.fill(List.of(new FillRequest(lease, value, minute, 2 * minute, tags))))
                .get(0);
    }

    /** The intent to write a key. */
    Intent announce(Object key) {
        List<Intent> intents = get(tier.announce(CACHE, List.of(key)));
        if (intents.isEmpty()) {
            throw new AssertionError("not announced; heard so far: " + events);
        }
        return intents.get(0);
    }

    PutOutcome write(Intent intent, Object value, String... tags) {
        long minute = Duration.ofMinutes(1).toNanos();
        return get(cache.put(new PutRequest(intent, value, minute, 2 * minute, List.of(tags))));
    }

    Delivery end(Intent intent) {
        return get(tier.end(List.of(intent)));
    }

    Delivery invalidateTags(String... tags) {
        return get(tier.invalidateTags(CACHE, List.of(tags)));
    }

    /** Loads a key into Redis. */
    TestNode put(Object key, Object value) {
        if (fill(lease(key), value) != FillOutcome.STORED) {
            throw new AssertionError("not stored");
        }
        return this;
    }

    /** The value of a hit. */
    Object value(Object key) {
        return ((Lookup.Hit) answered(key)).value().value();
    }

    Delivery invalidate(Object... keys) {
        return get(tier.invalidate(CACHE, List.of(keys)));
    }

    boolean trusted() {
        return cache.trusted("any");
    }

    TestNode awaitTrust() {
        await().atMost(PATIENCE).until(this::trusted);
        return this;
    }

    /** Until lookups reach Redis again. */
    TestNode awaitUsable() {
        await().atMost(PATIENCE)
                .until(() -> !(lookup("probe") instanceof Lookup.Denied denied)
                        || denied.reason() != Lookup.Reason.UNAVAILABLE);
        return this;
    }

    long events(Class<? extends RedisTierEvent> type) {
        return events.stream().filter(type::isInstance).count();
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    @Override
    public void close() {
        tier.close();
    }
}
