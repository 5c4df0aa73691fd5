package dev.aside.offload.redis;

import dev.aside.testkit.RedisReply;
import dev.aside.testkit.RedisServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One shard of the shared server, as the scripts see it: called with short leases, and by whoever a test likes. */
final class ScriptShard {
    static final String TYPE = "mail";
    static final long LONG = 60_000;

    private static final String LOST = "500\n1\nurn:lost\nlost";

    final RedisServer redis = RedisServer.shared();
    final String prefix = new Layout(Namespaces.next(), 1).prefix(0);

    private int claims;

    /** A job that was claimed. */
    record Taken(String id, String epoch) {}

    String key(String name) {
        return prefix + name;
    }

    RedisReply eval(JobScript script, Object... own) {
        List<String> words = new ArrayList<>(List.of("EVAL", script.text(), "2", key("meta"), key("!"), prefix));
        words.addAll(List.of("86400000", "2592000000", "10000"));
        Arrays.stream(own).map(String::valueOf).forEach(words::add);
        return redis.command(words.toArray(String[]::new));
    }

    // ---- the commands

    String submit(String id) {
        return submit(id, 0, 0, 0, "", "");
    }

    String submit(String id, long delay, long penalty, int most, String key, String fingerprint) {
        return words(eval(
                JobScript.SUBMIT,
                1 << 20,
                1,
                id,
                TYPE,
                delay,
                penalty,
                most,
                -1,
                key,
                fingerprint,
                LONG,
                "payload",
                4,
                "tv",
                1,
                "ct",
                "text"));
    }

    List<Taken> claim(String node, int max, long lease, String... tickets) {
        return taken(claimed(node, max, lease, tickets));
    }

    /** How long until the next delayed job. */
    long nextDue(String node) {
        return claimed(node, 0, LONG).list().get(0).number();
    }

    RedisReply claimed(String node, int max, long lease, String... tickets) {
        return claimed(++claims, node, max, lease, tickets);
    }

    /** @param number of the claim; who sends the same again has not heard the answer */
    RedisReply claimed(int number, String node, int max, long lease, String... tickets) {
        List<Object> own =
                new ArrayList<>(List.of(node, lease, max, "503\n1\nx\nx", "500\n0\nx\nx", number, 1, TYPE, max));
        own.add(tickets.length);
        own.addAll(Arrays.asList(tickets));
        return eval(JobScript.CLAIM, own.toArray());
    }

    static List<Taken> taken(RedisReply answer) {
        return answer.list().get(1).list().stream()
                .map(job -> {
                    List<String> fields = job.list().get(0).texts();
                    return new Taken(job.list().get(2).text(), fields.get(fields.lastIndexOf("ep") + 1));
                })
                .toList();
    }

    Taken claimOne(String node, long lease) {
        List<Taken> jobs = claim(node, 1, lease);
        if (jobs.size() != 1) {
            throw new AssertionError("there is no job to claim but " + jobs);
        }
        return jobs.get(0);
    }

    String beat(String node, Taken job, long lease) {
        return words(eval(JobScript.BEAT, node, lease, job.id(), job.epoch()));
    }

    String finish(Taken job, String node) {
        return end(job, node, "SUCCEEDED", 0, "text/plain", "ok");
    }

    String end(Taken job, String node, String outcome, long delay, Object... result) {
        List<Object> own = new ArrayList<>(List.of(LONG, 1));
        own.addAll(List.of(job.id(), node, job.epoch(), outcome, outcome.equals("FAILED") ? LOST : "", "", 0, delay));
        own.addAll(result.length == 0 ? List.of(0, "", "") : List.of(1, result[0], result[1]));
        return eval(JobScript.FINISH, own.toArray()).list().get(0).text();
    }

    String cancel(String id) {
        return eval(JobScript.CANCEL, id, "why", "410\n0\nx\nx").text();
    }

    long tick() {
        return tick(2);
    }

    long tick(int crashes) {
        return eval(JobScript.TICK, crashes, LOST, LONG, 1).number();
    }

    void option(String name, Object value) {
        eval(JobScript.OPTION, TYPE, name, value);
    }

    // ---- what there is

    String state(String id) {
        return field(id, "st");
    }

    String field(String id, String name) {
        return redis.command("HGET", key("j:" + id), name).toString();
    }

    long size(String index) {
        return redis.command(index.startsWith("tkt") ? "XLEN" : "ZCARD", key(index + ':' + TYPE))
                .number();
    }

    boolean hasPayload(String id) {
        return redis.command("EXISTS", key("p:" + id)).number() == 1;
    }

    /** Reads tickets as a node does. */
    List<String> tickets(String node, int max) {
        makeGroup();
        RedisReply read = redis.command(
                "XREADGROUP", "GROUP", "w", node, "COUNT", String.valueOf(max), "STREAMS", key("tkt:" + TYPE), ">");
        return read.isNil()
                ? List.of()
                : read.list().get(0).list().get(1).list().stream()
                        .map(entry -> entry.list().get(0).text())
                        .toList();
    }

    void makeGroup() {
        try {
            redis.command("XGROUP", "CREATE", key("tkt:" + TYPE), "w", "0", "MKSTREAM");
        } catch (RuntimeException thereAlready) {
            if (!String.valueOf(thereAlready.getMessage()).contains("BUSYGROUP")) {
                throw thereAlready;
            }
        }
    }

    /** Everything that is stored, as text, but for tickets and what is counted in time. */
    Map<String, String> content() {
        Map<String, String> content = new TreeMap<>();
        for (String key : redis.command("KEYS", prefix + "*").texts()) {
            String name = key.substring(prefix.length());
            RedisReply value = switch (redis.command("TYPE", key).text()) {
                case "hash" -> redis.command("HGETALL", key);
                case "zset" -> redis.command("ZRANGE", key, "0", "-1");
                case "set" -> redis.command("SMEMBERS", key);
                case "string" -> redis.command("GET", key);
                default -> redis.command("XLEN", key);
            };
            content.put(name, value.toString());
        }
        return content;
    }

    private static String words(RedisReply answer) {
        return flat(answer).collect(Collectors.joining(" "));
    }

    private static Stream<String> flat(RedisReply answer) {
        return answer.list().stream().map(RedisReply::text);
    }
}
