package dev.aside.cache.redis.torture;

import static dev.aside.cache.redis.torture.Oracle.O1;
import static dev.aside.cache.redis.torture.Oracle.O2;
import static dev.aside.cache.redis.torture.Oracle.O4;
import static dev.aside.cache.redis.torture.Oracle.O6;
import static dev.aside.cache.redis.torture.Oracle.O7;
import static dev.aside.cache.redis.torture.Oracle.TTL;

import dev.aside.cache.redis.torture.Mutant.Edit;
import java.util.List;

/** Every guard of the protocol, and the scenario that shows what it is for. */
final class Mutants {
    private Mutants() {}

    private static Edit core(String type, String was, String becomes) {
        return new Edit("cache-core/src/main/java/dev/aside/cache/" + type + ".java", was, becomes);
    }

    private static Edit tier(String type, String was, String becomes) {
        return new Edit("cache-redis/src/main/java/dev/aside/cache/redis/" + type + ".java", was, becomes);
    }

    private static Edit script(String name, String was, String becomes) {
        return new Edit("cache-redis/src/main/resources/dev/aside/cache/redis/" + name + ".lua", was, becomes);
    }

    /** A node that has seen more than the server has begins a new generation. */
    private static final Edit NO_SEQUENCE = script("attach", "n < tonumber(ARGV[4])", "false");

    static List<Mutant> all() {
        return List.of(
                Mutant.of(
                        "token",
                        "LocalRaces.loadEndsAfterInvalidation",
                        O1,
                        script("fill", " or string.sub(entry, 25, 40) ~= ARGV[1] then", " then")),
                Mutant.of(
                        "fence",
                        "LocalRaces.hitOvertakenByInvalidation",
                        O1,
                        core("LocalLevel", "return old;", "return entry;")),
                Mutant.of(
                        "epoch",
                        "LocalRaces.hitOvertakenByClear",
                        O1,
                        core("LocalLevel", "epoch.incrementAndGet();", "")),
                Mutant.of(
                        "detach",
                        "LocalRaces.joinAfterInvalidation",
                        O1,
                        core("LocalLevel", "doesNotJoinOldLoad)\n        flights.remove(key);\n", "x)\n")),
                Mutant.of(
                        "detach by clear",
                        "LocalRaces.joinAfterClear",
                        O1,
                        core(
                                "LocalLevel",
                                "epoch.incrementAndGet();\n        flights.clear();",
                                "epoch.incrementAndGet();")),
                Mutant.of(
                        "trust",
                        "LogRaces.readerCutOff",
                        O1,
                        tier("Trust", "return trustedUntil - ticker.read() > 0;", "return true;")),
                Mutant.of(
                        "trust before the look", "LocalRaces.trustReturnsDuringRead", O1, core("CacheReads", """
                                        if (!remote.trusted(key)) {
                                            return null;
                                        }
                                        Entry entry = local.get(key);
                                """, """
                                        Entry entry = local.get(key);
                                        if (!remote.trusted(key)) {
                                            return null;
                                        }
                                """)),
                Mutant.of(
                        "applied before fresh",
                        "LogRaces.backlog_heartbeatsAhead",
                        O1,
                        tier(
                                "LogReader",
                                "waiting.add(new Beat(sent.sentAt(), sequence));",
                                "waiting.add(new Beat(sent.sentAt(), 0));")),
                Mutant.of(
                        "contiguity",
                        "LogRaces.missedEntriesTrimmed",
                        O1,
                        tier("LogReader", "|| sequence > shard.applied() + 1", ""),
                        tier("LogReader", "if (sequence == shard.applied() + 1)", "if (sequence > shard.applied())")),
                Mutant.of(
                        "replay",
                        "LogRaces.missedEntriesReplayed",
                        O1,
                        tier(
                                "LogReader",
                                "continue; // nothing is missing, or the log still has it",
                                "shard.adopt(position); continue;")),
                Mutant.of(
                        "history",
                        "LogRaces.snapshotRestored_beforeAnyNode",
                        O1,
                        script("attach", "not n or meta[3] ~= h", "not n")),
                Mutant.of(
                        "generation",
                        "LogRaces.snapshotRestored_beforeAnyNode",
                        O1,
                        tier("EntryFormat", " && startsWith(stamp, 0, generation) && isText", " && isText")),
                Mutant.of(
                                "recent journal",
                                "LogRaces.snapshotRestored_historyHidden",
                                O2,
                                tier("LogReader", "onNewHistory.run();", ""))
                        .maskedBy(NO_SEQUENCE),
                Mutant.of("sequence", "LogRaces.snapshotRestored_historyHidden", O2, NO_SEQUENCE)
                        .maskedBy(tier("LogReader", "onNewHistory.run();", "")),
                Mutant.of(
                        "sequence of own writes",
                        "LogRaces.snapshotRestored_onlyTheWriterKnows",
                        O2,
                        tier("Attachment", "shard.latest()", "shard.applied()")),
                Mutant.of(
                        "pending journal",
                        "WriterRaces.writerCutOff",
                        O2,
                        tier(
                                "Invalidator",
                                "later(cache, targets);\n            return Delivery.PENDING;",
                                "return Delivery.PENDING;")),
                Mutant.of(
                        "own pending invalidations",
                        "WriterRaces.writerRefused_readsItsOwnWrite",
                        O1,
                        tier("PendingJournal", "if (size == 0) {", "if (size >= 0) {")),
                Mutant.of(
                        "quarantine",
                        "WriterRaces.outage_readerIsBackFirst",
                        O7,
                        tier("Trust", "sentAt - before > silenceNanos", "false")),
                Mutant.of(
                        "renewal",
                        "WriterRaces.loadOutlivesItsLease",
                        O4,
                        tier("RedisTier", "timer.repeat(leases::renew, leases.periodNanos());", "")),
                Mutant.of(
                        "late grant",
                        "WriterRaces.leaseGrantedTooLate",
                        O6,
                        tier("LookupCall", "giveBack(failed);", "")),
                Mutant.of(
                        "age cap",
                        "WriterRaces.copyOfAnOldValue",
                        TTL,
                        core(
                                "Lifetime",
                                "remote.value() == null, remote.freshNanos(), wholeNanos(remote)",
                                "remote.value() == null, policy.ttl().toNanos(), wholeNanos(remote)")),
                Mutant.of(
                        "age of a hit",
                        "WriterRaces.copyOfAnOldValue",
                        TTL,
                        tier(
                                "EntryFormat",
                                "new Live(entry, kept - (keep - fresh), kept,",
                                "new Live(entry, fresh, keep,")),
                Mutant.of(
                                "remembered clock goes on",
                                "WriterRaces.copyOfAnOldValue",
                                TTL,
                                tier("ServerClock", " + TimeUnit.NANOSECONDS.toMillis(passed) + ROUNDED", " + ROUNDED"))
                        .maskedBy(tier("ServerClock", "return passed > GOOD_FOR_NANOS ? null : ", "return ")),
                Mutant.of(
                        "shapes",
                        "WriterRaces.valueOfAnotherShape",
                        O1,
                        script("inv", "if unknown then", "if false then")),
                Mutant.of(
                        "removal",
                        "LogRaces.invalidation_takesTheValueOutOfRedis",
                        O1,
                        script("inv", "redis.call('UNLINK', unpack(KEYS, 4 + keys))", "")),
                Mutant.of(
                        "stamp",
                        "LogRaces.clear_voidsTheValuesInRedis",
                        O1,
                        script("clear", "redis.call('DEL', KEYS[3])", "")));
    }
}
