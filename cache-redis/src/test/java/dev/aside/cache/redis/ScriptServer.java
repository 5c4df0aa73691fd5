package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.testkit.RedisServer;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A server, and the scripts as tests call them. */
abstract class ScriptServer {
    static final String META = "{t:0}m";
    static final String LOG = "{t:0}x";
    static final String STAMP = "{t:0}c:product";
    static final String WRITERS = "{t:0}w:product/:k";
    static final String ENTRY = "{t:0}e:product/shape001:k";
    static final String G = "generation1";
    static final String RANDOM = "randomness1";
    static final String TOKEN = "tokentokentoken1";
    static final String OTHER = "tokentokentoken2";
    static final String SHAPE = "shape001";
    static final String SHAPE_2 = "shape002";
    static final String NODE = "node1";
    static final int GUARD = 30_000;
    static final List<Object> KEPT = List.of("K", 1L);
    static final List<Object> NOT_KEPT = List.of("K", 0L);

    static RedisServer redis;
    static Connector connector;
    static Link link;

    @BeforeAll
    static void connect() {
        redis = RedisServer.builder().start();
        connector = new Connector(
                RedisURI.create(redis.uri()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                new Link.Clocks(Ticker.systemTicker(), InstantSource.system()));
        link = TestNode.get(connector.open((lost, why) -> {}));
    }

    @AfterAll
    static void disconnect() {
        TestNode.get(link.close());
        connector.close();
        redis.close();
    }

    @BeforeEach
    void attach() {
        redis.flush();
        attach(G, "", 0);
    }

    // ---- what the scripts answer

    static List<Object> attach(String fresh, String known, long sequence) {
        return eval(Script.ATTACH, List.of(META, LOG), fresh, 1, known, sequence);
    }

    static List<Object> getl(String token, long refreshBelow, String unreadable) {
        return eval(
                Script.GETL,
                List.of(ENTRY, STAMP, META, WRITERS),
                token,
                3000,
                G,
                SHAPE,
                RANDOM,
                refreshBelow,
                unreadable);
    }

    static long fill(String token, String stamp, String body) {
        return fill(token, stamp, body, 0);
    }

    static long fill(String token, String stamp, String body, long sequence, String... tags) {
        byte[] entry = EntryFormat.value(stamp, 1000, 3000, body.getBytes(StandardCharsets.UTF_8));
        List<String> keys = new ArrayList<>(List.of(ENTRY, STAMP, META));
        for (String tag : tags) {
            keys.add(tagStamp(tag));
        }
        return (Long)
                eval(Script.FILL, keys, token, stamp, entry, 3000, sequence).get(0);
    }

    static String logged(String logKey) {
        return LogEntry.written(NODE, "product", logKey);
    }

    static String tagStamp(String tag) {
        return "{t:0}t:product/:" + tag;
    }

    static List<Object> inv(String shapes, String... logKeys) {
        return end("", shapes, logKeys);
    }

    /** An invalidation that ends announced writes, too. */
    static List<Object> end(String tokens, String shapes, String... logKeys) {
        List<String> keys = keys(shapes, logKeys);
        List<Object> args = new ArrayList<>(List.of(shapes));
        for (String logKey : logKeys) {
            args.add(logged(logKey));
            args.add(tokens);
        }
        return eval(Script.INV, keys, args.toArray());
    }

    static List<String> keys(String shapes, String... logKeys) {
        List<String> keys = new ArrayList<>(List.of(META, LOG, STAMP));
        for (String logKey : logKeys) {
            keys.add("{t:0}w:product/" + logKey);
        }
        for (String logKey : logKeys) {
            for (int at = 0; at < shapes.length(); at += 8) {
                keys.add("{t:0}e:product/" + shapes.substring(at, at + 8) + logKey);
            }
        }
        return keys;
    }

    static List<Object> eval(Script script, List<String> keys, Object... args) {
        List<Object> reply = TestNode.get(link.eval(script, keys, args));
        return reply.stream()
                .<Object>map(part -> part instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : part)
                .toList();
    }

    static String text(String... command) {
        return redis.command(command).toString();
    }

    static String stored() {
        assertThat(getl(TOKEN, 0, "").subList(0, 2)).isEqualTo(List.of("N", G + RANDOM));
        assertThat(fill(TOKEN, G + RANDOM, "body")).isEqualTo(1);
        return G + RANDOM;
    }

    static List<Object> begin(String token) {
        return begin(token, GUARD, SHAPE, ":k");
    }

    static List<Object> begin(String token, long guard, String shapes, String... logKeys) {
        return beginAs(SHAPE, token, guard, shapes, logKeys);
    }

    static List<Object> beginAs(String shape, String token, long guard, String shapes, String... logKeys) {
        List<Object> args = new ArrayList<>(List.of(shapes, guard, shape, RANDOM));
        for (String logKey : logKeys) {
            args.add(logged(logKey));
            args.add(token);
        }
        return eval(Script.BEGIN, keys(shapes, logKeys), args.toArray());
    }

    static List<Object> put(String token, List<Object> begun, String body, String... tags) {
        return put(SHAPE, token, begun, body, tags);
    }

    static List<Object> put(String shapes, String token, List<Object> begun, String body, String... tags) {
        List<String> keys = new ArrayList<>(List.of(META, LOG, STAMP, WRITERS, ENTRY));
        for (String tag : tags) {
            keys.add(tagStamp(tag));
        }
        for (int at = 0; at < shapes.length(); at += 8) {
            String shape = shapes.substring(at, at + 8);
            if (!shape.equals(SHAPE)) {
                keys.add("{t:0}e:product/" + shape + ":k");
            }
        }
        String stamp = (String) begun.get(3);
        byte[] entry = EntryFormat.value(stamp, 1000, 3000, body.getBytes(StandardCharsets.UTF_8));
        List<Object> reply =
                eval(Script.PUT, keys, shapes, logged(":k"), token, stamp, begun.get(2), entry, 3000, tags.length);
        return reply.size() == 4 ? List.of(reply.get(0), reply.get(3)) : reply;
    }

    static void invTags(String... tags) {
        List<String> keys = new ArrayList<>(List.of(META, LOG));
        List<Object> args = new ArrayList<>();
        for (String tag : tags) {
            keys.add(tagStamp(tag));
            args.add(logged('@' + tag));
        }
        assertThat(eval(Script.INVTAGS, keys, args.toArray())).startsWith("K", G);
    }

    /** All entries of the log, each as its id, field and text. */
    static String log() {
        return redis.command("XRANGE", LOG, "-", "+").list().stream()
                .map(entry -> entry.list().get(0).text()
                        + ' '
                        + String.join(" ", entry.list().get(1).texts()))
                .collect(Collectors.joining(" "));
    }

    static long sequence() {
        return Long.parseLong(text("HGET", META, "n").replaceAll("[^0-9]", ""));
    }

    static long left(String key) {
        return Long.parseLong(text("PTTL", key).replaceAll("[^0-9-]", ""));
    }

    static boolean holds(String key, String part) {
        return text("GET", key).contains(part);
    }
}
