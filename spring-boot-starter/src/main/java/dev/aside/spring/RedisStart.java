package dev.aside.spring;

import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Builds the tier, and says which properties are to be changed if that fails. */
final class RedisStart {
    private static final Pattern LAYOUT =
            Pattern.compile("(.* is laid out in (\\d+) shards, .*); give .*", Pattern.DOTALL);
    private static final Pattern UNREACHABLE =
            Pattern.compile("(Redis at .* cannot be used: .*)\\. Start it, .*", Pattern.DOTALL);

    /**
     * Times that contradict each other.
     *
     * @param begin how the builder's message begins
     */
    private record Contradiction(String begin, String how, List<String> properties) {}

    private static final List<Contradiction> CONTRADICTIONS = List.of(
            new Contradiction(
                    "the stale bound",
                    "raise aside.redis.stale-bound, or lower aside.redis.heartbeat or aside.redis.command-timeout",
                    List.of("aside.redis.stale-bound", "aside.redis.heartbeat", "aside.redis.command-timeout")),
            new Contradiction(
                    "the lease limit",
                    "raise aside.redis.lease-limit, or lower aside.redis.lease",
                    List.of("aside.redis.lease-limit", "aside.redis.lease")),
            new Contradiction(
                    "the write guard",
                    "raise aside.redis.write-guard, or lower aside.redis.command-timeout",
                    List.of("aside.redis.write-guard", "aside.redis.command-timeout")));

    private RedisStart() {}

    /** @param place the properties that say where Redis is */
    static RedisTier build(RedisTierBuilder builder, List<String> place) {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw contradiction(e);
        } catch (IllegalStateException e) {
            throw unusable(e, place);
        }
    }

    private static StartRefusedException contradiction(IllegalArgumentException e) {
        Complaint complaint = Complaint.of(e);
        for (Contradiction known : CONTRADICTIONS) {
            if (complaint.what().startsWith(known.begin)) {
                return caused(new StartRefusedException(complaint.what(), known.how, known.properties), e);
            }
        }
        return StartRefusedException.because(e, List.of("aside.redis"));
    }

    private static StartRefusedException unusable(IllegalStateException e, List<String> place) {
        Complaint complaint = Complaint.of(e);
        Matcher layout = LAYOUT.matcher(complaint.what());
        if (layout.matches()) {
            return caused(
                    new StartRefusedException(
                            layout.group(1),
                            "set aside.redis.shards to " + layout.group(2)
                                    + ", as on the other nodes, or aside.redis.namespace to another name",
                            List.of("aside.redis.shards", "aside.redis.namespace")),
                    e);
        }
        Matcher unreachable = UNREACHABLE.matcher(complaint.what());
        String what = unreachable.matches() ? unreachable.group(1) : complaint.what();
        List<String> properties = new ArrayList<>(place);
        properties.add("aside.redis.startup");
        return caused(
                new StartRefusedException(
                        what,
                        "start Redis there, or correct the place, or set aside.redis.startup to degraded to go"
                                + " without it until it is there",
                        properties),
                e);
    }

    private static StartRefusedException caused(StartRefusedException refused, RuntimeException cause) {
        refused.initCause(cause);
        return refused;
    }
}
