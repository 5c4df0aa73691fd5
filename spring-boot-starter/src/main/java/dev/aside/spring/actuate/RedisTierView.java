package dev.aside.spring.actuate;

import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierStats;
import dev.aside.cache.redis.RedisTierStats.Breaker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What operators are shown of a Redis tier: what the tier knows of itself, without asking Redis. Thread-safe. */
public final class RedisTierView implements TierView {
    private final RedisTier tier;

    /** A view of this tier. */
    public RedisTierView(RedisTier tier) {
        this.tier = Objects.requireNonNull(tier, "tier");
    }

    @Override
    public Map<String, Object> summary() {
        return summary(tier.stats());
    }

    @Override
    public Map<String, Object> report() {
        RedisTierStats stats = tier.stats();
        Map<String, Object> report = summary(stats);
        report.put("log", stats.log());
        report.put("traffic", stats.traffic());
        report.put("journals", stats.journals());
        report.put("listeners", stats.listeners());
        return report;
    }

    static Map<String, Object> summary(RedisTierStats stats) {
        List<String> reasons = reasons(stats);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("redis", reasons.isEmpty() ? "ok" : "degraded");
        if (!reasons.isEmpty()) {
            summary.put("reason", String.join("; ", reasons));
        }
        summary.put("connected", stats.health().connected());
        summary.put("trusted", stats.health().trusted());
        summary.put("usable", stats.health().usable());
        summary.put("breaker", stats.health().breaker().name().toLowerCase(Locale.ROOT));
        summary.put("lagMillis", stats.log().lag().toMillis());
        summary.put("pendingInvalidations", stats.journals().pending());
        return summary;
    }

    private static List<String> reasons(RedisTierStats stats) {
        List<String> reasons = new ArrayList<>();
        RedisTierStats.Health health = stats.health();
        if (!health.connected()) {
            reasons.add("there is no connection to Redis");
        }
        if (!health.trusted()) {
            reasons.add("this node does not follow the invalidation log, so what it holds is not served");
        }
        if (!health.usable()) {
            reasons.add("nothing is read from Redis: a quarantine, or the server has not proved itself");
        }
        if (health.breaker() == Breaker.OPEN) {
            reasons.add("too many reads failed, the next ones go past Redis for a moment");
        }
        int pending = stats.journals().pending();
        if (pending > 0) {
            reasons.add(pending + (pending == 1 ? " invalidation waits" : " invalidations wait") + " to be delivered");
        }
        return reasons;
    }
}
