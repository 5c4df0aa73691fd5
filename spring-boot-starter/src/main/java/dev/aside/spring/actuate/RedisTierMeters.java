package dev.aside.spring.actuate;

import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierStats;
import dev.aside.cache.redis.RedisTierStats.Breaker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** The meters of the Redis tier, {@code aside.redis.*}: its own figures, read when somebody looks. Thread-safe. */
public final class RedisTierMeters implements MeterBinder {
    private final RedisTier tier;

    /** The meters of this tier. */
    public RedisTierMeters(RedisTier tier) {
        this.tier = Objects.requireNonNull(tier, "tier");
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        To to = new To(registry, tier);
        health(to);
        log(to);
        traffic(to);
        to.gauge("pending", stats -> stats.journals().pending(), "Invalidations that wait to be delivered");
        to.gauge("recent", stats -> stats.journals().recent(), "Invalidations delivered within the last minute");
        to.gauge("leases", stats -> stats.journals().leases(), "Keys this node is loading");
        to.counter("events.dropped", stats -> stats.listeners().dropped(), "Events that came too fast for a listener");
        to.counter("listener.failures", stats -> stats.listeners().failures(), "How often listeners threw");
    }

    private static void health(To to) {
        to.flag("connected", stats -> stats.health().connected(), "Whether both connections are open and attached");
        to.flag("trusted", stats -> stats.health().trusted(), "Whether what the process holds is served");
        to.flag("usable", stats -> stats.health().usable(), "Whether values are read from Redis");
        for (Breaker state : Breaker.values()) {
            to.gauge(
                    "breaker",
                    Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
                    stats -> stats.health().breaker() == state ? 1 : 0,
                    "The circuit breaker in front of reads: 1 for the state it is in");
        }
    }

    private static void log(To to) {
        TimeGauge.builder(
                        "aside.redis.lag",
                        to.tier,
                        TimeUnit.NANOSECONDS,
                        tier -> tier.stats().log().lag().toNanos())
                .description("The age of the state this node is known to have followed")
                .register(to.registry);
        to.gauge("behind", stats -> stats.log().behind(), "Entries of the log not applied here yet");
        to.counter("gaps", stats -> stats.log().gaps(), "How often the log did not go on where this node stood");
        to.counter("clears", stats -> stats.log().clears(), "Caches dropped as a whole, other than by an invalidation");
        to.counter("quarantines", stats -> stats.log().quarantines(), "How often Redis was not used after a silence");
    }

    private static void traffic(To to) {
        to.counter("round.trips", stats -> stats.traffic().roundTrips(), "Requests for lookups, fills, invalidations");
        to.counter("reads.failed", stats -> stats.traffic().readsFailed(), "Lookups that Redis did not answer");
        String fills = "Loaded values by what became of them";
        to.counter(
                "fills", Tags.of("result", "stored"), stats -> stats.traffic().fillsStored(), fills);
        to.counter(
                "fills", Tags.of("result", "refused"), stats -> stats.traffic().fillsRefused(), fills);
        to.counter(
                "fills",
                Tags.of("result", "unstorable"),
                stats -> stats.traffic().unstorable(),
                fills);
        to.counter("undecodable", stats -> stats.traffic().undecodable(), "Values and keys that could not be read");
    }

    /** Where meters go, and what they look at. */
    private record To(MeterRegistry registry, RedisTier tier) {

        void flag(String name, Predicate<RedisTierStats> flag, String description) {
            gauge(name, stats -> flag.test(stats) ? 1 : 0, description);
        }

        void gauge(String name, ToLongFunction<RedisTierStats> figure, String description) {
            gauge(name, Tags.empty(), figure, description);
        }

        void gauge(String name, Tags tags, ToLongFunction<RedisTierStats> figure, String description) {
            Gauge.builder("aside.redis." + name, tier, from -> figure.applyAsLong(from.stats()))
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }

        void counter(String name, ToLongFunction<RedisTierStats> figure, String description) {
            counter(name, Tags.empty(), figure, description);
        }

        void counter(String name, Tags tags, ToLongFunction<RedisTierStats> figure, String description) {
            FunctionCounter.builder("aside.redis." + name, tier, from -> figure.applyAsLong(from.stats()))
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }
    }
}
