package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scripts of announced writes and of tags, each by itself, against a real server. */
class WriterScriptIT extends ScriptServer {
    private static final String SHAPE_2 = "shape002";
    private static final int GUARD = 30_000;
    private static final List<Object> KEPT = List.of("K", 1L);
    private static final List<Object> NOT_KEPT = List.of("K", 0L);

    private static List<Object> begin(String token) {
        return begin(token, GUARD, SHAPE, ":k");
    }

    private static List<Object> begin(String token, long guard, String shapes, String... logKeys) {
        return beginAs(SHAPE, token, guard, shapes, logKeys);
    }

    private static List<Object> beginAs(
            String shape, String token, long guard, String shapes, String... logKeys) {
        List<Object> args = new ArrayList<>(List.of("product", shapes, 65536, guard, shape, RANDOM));
        for (String logKey : logKeys) {
            args.add(logKey);
            args.add(token);
        }
        return eval(Script.BEGIN, keys(shapes, logKeys), args.toArray());
    }

    private static List<Object> put(String token, List<Object> begun, String body, String... tags) {
        return put(SHAPE, token, begun, body, tags);
    }

    private static List<Object> put(String shapes, String token, List<Object> begun, String body, String... tags) {
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
        String stamp = (String) begun.get(1);
        byte[] entry = EntryFormat.value(stamp, 1000, 3000, body.getBytes(StandardCharsets.UTF_8));
        return eval(
                Script.PUT,
                keys,
                "product",
                shapes,
                65536,
                ":k",
                token,
                stamp,
                begun.get(2),
                entry,
                3000,
                tags.length);
    }

    private static void invTags(String... tags) {
        List<String> keys = new ArrayList<>(List.of(META, LOG));
        List<Object> args = new ArrayList<>(List.of("product", 65536));
        for (String tag : tags) {
            keys.add(tagStamp(tag));
            args.add('@' + tag);
        }
        assertThat(eval(Script.INVTAGS, keys, args.toArray())).isEqualTo(List.of(1L));
    }

    private static long sequence() {
        return Long.parseLong(text("HGET", META, "n").replaceAll("[^0-9]", ""));
    }

    private static long left(String key) {
        return Long.parseLong(text("PTTL", key).replaceAll("[^0-9-]", ""));
    }

    private static boolean holds(String key, String part) {
        return text("GET", key).contains(part);
    }

    // ---- begin

    @Test
    void begin_valuesAndLeases_areAwayAndNoLeaseIsGranted() {
        stored();

        assertThat(begin(TOKEN)).isEqualTo(List.of("K", G + RANDOM, 1L));

        assertThat(text("EXISTS", ENTRY)).contains("0");
        assertThat(getl(OTHER, 0, "")).isEqualTo(List.of("W"));
        assertThat(text("EXISTS", ENTRY)).contains("0");
        assertThat(text("XRANGE", LOG, "-", "+")).contains("1-0", ":k");
    }

    @Test
    void begin_leaseGrantedBefore_isVoid() {
        getl(OTHER, 0, "");

        begin(TOKEN);

        assertThat(fill(OTHER, G + RANDOM, "old")).isZero();
    }

    @Test
    void begin_refreshLeaseGrantedBefore_isVoid() {
        stored();
        getl(OTHER, 1000, "");

        begin(TOKEN);

        assertThat(fill(OTHER, G + RANDOM, "old")).isZero();
    }

    @Test
    void begin_guard_endsByItself() {
        begin(TOKEN, 50, SHAPE, ":k");
        assertThat(left(WRITERS)).isBetween(0L, 50L);

        await().atMost(TestNode.PATIENCE)
                .until(() -> getl(OTHER, 0, "").get(0).equals("N"));
    }

    @Test
    void begin_shapesTheCallerDoesNotKnow_areToldAndNothingIsDone() {
        stored();

        assertThat(begin(TOKEN, GUARD, "", ":k")).isEqualTo(List.of("S", SHAPE));

        assertThat(text("EXISTS", WRITERS)).contains("0");
        assertThat(sequence()).isZero();
    }

    /** A node that has not opened the cache fences by name alone; the values of all shapes go. */
    @Test
    void begin_cacheNotOpen_fencesAllShapes() {
        stored();
        redis.command("SET", STAMP, G + RANDOM + SHAPE + SHAPE_2);
        redis.command("SET", "{t:0}e:product/" + SHAPE_2 + ":k", "anything");

        assertThat(beginAs("", TOKEN, GUARD, SHAPE + SHAPE_2, ":k")).isEqualTo(List.of("K", "", 1L));

        assertThat(text("EXISTS", ENTRY, "{t:0}e:product/" + SHAPE_2 + ":k")).contains("0");
        assertThat(getl(OTHER, 0, "")).isEqualTo(List.of("W"));
    }

    @Test
    void begin_severalKeys_stampsThemAll() {
        assertThat(begin(TOKEN, GUARD, SHAPE, ":k", ":l", "#m")).isEqualTo(List.of("K", G + RANDOM, 3L));

        assertThat(text("EXISTS", WRITERS, "{t:0}w:product/:l", "{t:0}w:product/#m"))
                .contains("3");
    }

    @Test
    void begin_arrivesTwice_standsOnce() {
        List<Object> begun = begin(TOKEN);
        begin(TOKEN);

        assertThat(left(WRITERS)).isPositive();
        assertThat(text("STRLEN", WRITERS)).contains("30");
        assertThat(put(TOKEN, begun, "new")).isEqualTo(KEPT);
        assertThat(text("EXISTS", WRITERS)).contains("0");
    }

    @Test
    void begin_tooManyWriters_isRefusedAndNothingIsDone() {
        for (int i = 0; i < 64; i++) {
            begin("tokentokentok%03d".formatted(i));
        }
        long before = sequence();

        assertThat(begin(TOKEN, GUARD, SHAPE, ":other", ":k")).isEqualTo(List.of("F"));

        assertThat(sequence()).isEqualTo(before);
        assertThat(text("EXISTS", "{t:0}w:product/:other")).contains("0");
    }

    @Test
    void begin_withoutGenerationOrWithAForeignLog_asksToAttach() {
        redis.command("XADD", LOG, "99-0", "a", "b");
        assertThatThrownBy(() -> begin(TOKEN)).hasStackTraceContaining("NOLOG");
        redis.command("DEL", META);
        assertThatThrownBy(() -> begin(TOKEN)).hasStackTraceContaining("NOGEN");
    }

    /** What the writers of a key look like in Redis, for ever. */
    @Test
    void writers_format_isTheGoldenOne() {
        begin(TOKEN);
        begin(OTHER);

        assertThat(text("GET", WRITERS)).containsPattern(TOKEN + "!\\d{13}" + OTHER + "!\\d{13}");
    }

    @Test
    void writers_garbageWrongTypesAndWithoutEnd_areNone() {
        String writer = TOKEN + "-9999999999999";
        String[][] faults = {
            {"SET", WRITERS, "garbage"},
            {"SET", WRITERS, writer + "x", "PX", "60000"},
            {"SET", WRITERS, TOKEN + "-99999x9999999", "PX", "60000"},
            {"SET", WRITERS, writer},
            {"SET", WRITERS, ""},
            {"LPUSH", WRITERS, "a"},
            {"HSET", WRITERS, "a", "b"}
        };
        for (String[] fault : faults) {
            redis.flush();
            attach(G, "", 0);
            redis.command(fault);
            assertThat(getl(OTHER, 0, "").get(0)).isEqualTo("N");

            redis.command("DEL", WRITERS);
            redis.command(fault);
            List<Object> begun = begin(TOKEN);
            assertThat(put(TOKEN, begun, "new")).isEqualTo(KEPT);

            redis.command(fault);
            assertThat(inv(SHAPE, ":k")).isEqualTo(List.of("K"));
            redis.command("DEL", WRITERS);
            redis.command(fault);
            assertThat(put(TOKEN, begun, "late")).isEqualTo(NOT_KEPT);
        }
    }

    /** Two writers, of whom the one with the shorter guard dies: it does not stand as long as the other. */
    @Test
    void writers_guardOver_isNoLongerOne() {
        begin(OTHER, 40, SHAPE, ":k");
        await().atMost(TestNode.PATIENCE).until(() -> text("EXISTS", WRITERS).contains("0"));
        redis.command("SET", WRITERS, OTHER + "-0000000000001", "PX", "60000");

        List<Object> begun = begin(TOKEN);

        assertThat(text("STRLEN", WRITERS)).contains("30");
        assertThat(put(TOKEN, begun, "new")).isEqualTo(KEPT);
    }

    @Test
    void writers_expireWithTheLatest() {
        begin(OTHER, 60_000, SHAPE, ":k");
        begin(TOKEN, 1_000, SHAPE, ":k");
        assertThat(left(WRITERS)).isBetween(50_000L, 60_000L);

        end(OTHER, SHAPE, ":k");

        assertThat(left(WRITERS)).isBetween(1L, 1_000L);
    }

    // ---- inv, end

    @Test
    void inv_announcedWrites_areOvertakenButStand() {
        List<Object> begun = begin(TOKEN);

        inv(SHAPE, ":k");

        assertThat(getl(OTHER, 0, "")).isEqualTo(List.of("W"));
        assertThat(put(TOKEN, begun, "new")).isEqualTo(NOT_KEPT);
        assertThat(getl(OTHER, 0, "").get(0)).isEqualTo("N");
    }

    @Test
    void end_itsOwnToken_isGoneAndTheKeyInvalidated() {
        begin(TOKEN);

        assertThat(end(TOKEN, SHAPE, ":k")).isEqualTo(List.of("K"));

        assertThat(sequence()).isEqualTo(2);
        assertThat(getl(OTHER, 0, "").get(0)).isEqualTo("N");
    }

    @Test
    void end_anothersToken_stands() {
        begin(TOKEN);
        begin(OTHER);

        end(TOKEN, SHAPE, ":k");

        assertThat(getl(OTHER, 0, "")).isEqualTo(List.of("W"));
        end("x".repeat(16) + OTHER, SHAPE, ":k");
        assertThat(getl(OTHER, 0, "").get(0)).isEqualTo("N");
    }

    @Test
    void end_arrivesTwice_invalidatesOnceMore() {
        begin(TOKEN);
        end(TOKEN, SHAPE, ":k");
        List<Object> begun = begin(OTHER);
        end(TOKEN, SHAPE, ":k");

        assertThat(put(OTHER, begun, "new")).isEqualTo(NOT_KEPT);
    }

    // ---- put

    @Test
    void put_aloneSinceTheAnnouncement_isStoredAndLogged() {
        List<Object> begun = begin(TOKEN);

        assertThat(put(TOKEN, begun, "new")).isEqualTo(KEPT);

        assertThat(getl(OTHER, 0, "").get(0)).isEqualTo("V");
        assertThat(left(ENTRY)).isBetween(1L, 3000L);
        assertThat(sequence()).isEqualTo(2);
        assertThat(text("XRANGE", LOG, "-", "+")).contains("2-0", ":k");
    }

    @Test
    void put_tokenGone_invalidates() {
        List<Object> begun = begin(TOKEN);
        end(TOKEN, SHAPE, ":k");
        stored();

        assertThat(put(TOKEN, begun, "late")).isEqualTo(NOT_KEPT);

        assertThat(text("EXISTS", ENTRY)).contains("0");
        assertThat(sequence()).isEqualTo(3);
    }

    @Test
    void put_arrivesTwice_invalidatesTheSecondTime() {
        List<Object> begun = begin(TOKEN);

        assertThat(put(TOKEN, begun, "new")).isEqualTo(KEPT);
        assertThat(put(TOKEN, begun, "new")).isEqualTo(NOT_KEPT);

        assertThat(text("EXISTS", ENTRY)).contains("0");
    }

    @Test
    void put_overtaken_invalidates() {
        List<Object> begun = begin(TOKEN);
        begin(OTHER);
        end(OTHER, SHAPE, ":k");

        assertThat(put(TOKEN, begun, "new")).isEqualTo(NOT_KEPT);
        assertThat(text("EXISTS", ENTRY, WRITERS)).contains("0");
    }

    /** Only the last check: nobody marked the writer, but another one stands. */
    @Test
    void put_anotherWriterStands_invalidates() {
        List<Object> begun = begin(TOKEN);
        String own = text("GET", WRITERS).replaceAll(".*(" + TOKEN + "-\\d{13}).*", "$1");
        redis.command("SET", WRITERS, own + OTHER + "-9999999999999", "PX", "60000");

        assertThat(put(TOKEN, begun, "new")).isEqualTo(NOT_KEPT);
        assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("W"));
    }

    @Test
    void put_clearedSince_invalidates() {
        List<Object> begun = begin(TOKEN);
        eval(Script.CLEAR, List.of(META, LOG, STAMP), "product", 65536);
        assertThat(put(TOKEN, begun, "new")).isEqualTo(NOT_KEPT);

        List<Object> again = begin(TOKEN);
        eval(Script.CLEAR, List.of(META, LOG, STAMP), "product", 65536);
        redis.command("SET", STAMP, G + "randomness2" + SHAPE);
        assertThat(put(TOKEN, again, "new")).isEqualTo(NOT_KEPT);
        assertThat(text("EXISTS", ENTRY)).contains("0");
    }

    @Test
    void put_newGenerationSince_invalidates() {
        List<Object> begun = begin(TOKEN);
        redis.command("HSET", META, "g", "generation2");

        assertThat(put(TOKEN, begun, "new")).isEqualTo(NOT_KEPT);
    }

    @Test
    void put_otherShapes_areGone() {
        redis.command("SET", STAMP, G + RANDOM + SHAPE + SHAPE_2);
        List<Object> begun = begin(TOKEN, GUARD, SHAPE + SHAPE_2, ":k");
        redis.command("SET", "{t:0}e:product/" + SHAPE_2 + ":k", "anything");

        assertThat(put(SHAPE, TOKEN, begun, "new")).isEqualTo(List.of("S", SHAPE + SHAPE_2));
        assertThat(put(SHAPE + SHAPE_2, TOKEN, begun, "new")).isEqualTo(KEPT);

        assertThat(text("EXISTS", "{t:0}e:product/" + SHAPE_2 + ":k")).contains("0");
    }

    @Test
    void put_withoutGenerationOrWithAForeignLog_asksToAttachAndStoresNothing() {
        List<Object> begun = begin(TOKEN);
        redis.command("XADD", LOG, "99-0", "a", "b");
        assertThatThrownBy(() -> put(TOKEN, begun, "new")).hasStackTraceContaining("NOLOG");
        redis.command("DEL", META);
        assertThatThrownBy(() -> put(TOKEN, begun, "new")).hasStackTraceContaining("NOGEN");
        assertThat(text("EXISTS", ENTRY)).contains("0");
    }

    // ---- tags

    private static long leased(String token) {
        List<Object> answer = getl(token, 0, "");
        assertThat(answer.get(0)).isEqualTo("N");
        return (Long) answer.get(2);
    }

    @Test
    void fill_tagNobodyInvalidated_isStoredAndStamped() {
        inv("", ":other");
        long lease = leased(TOKEN);
        inv("", ":another");

        assertThat(fill(TOKEN, G + RANDOM, "body", lease, "a", "b")).isEqualTo(1);

        assertThat(holds(tagStamp("a"), G + "0")).isTrue();
        assertThat(holds(tagStamp("b"), G + "0")).isTrue();
    }

    @Test
    void fill_tagStamp_outlivesTheValue() {
        fill(TOKEN, G + RANDOM, "body", leased(TOKEN), "a");
        assertThat(left(tagStamp("a"))).isGreaterThan(left(ENTRY));
        redis.command("PEXPIRE", tagStamp("a"), "500");
        redis.command("DEL", ENTRY);

        fill(TOKEN, G + RANDOM, "body", leased(TOKEN), "a");

        assertThat(left(tagStamp("a"))).isGreaterThan(left(ENTRY));
    }

    @Test
    void fill_tagWithoutStampInvalidatedSince_isRefused() {
        long lease = leased(TOKEN);
        invTags("a");

        assertThat(fill(TOKEN, G + RANDOM, "old", lease, "a")).isZero();

        assertThat(text("EXISTS", ENTRY, tagStamp("a"))).contains("0");
        assertThat(fill(TOKEN, G + RANDOM, "new", leased(TOKEN), "a")).isEqualTo(1);
        assertThat(holds(tagStamp("a"), G + "1")).isTrue();
    }

    @Test
    void fill_tagInvalidatedAndStampedSince_isRefused() {
        long lease = leased(TOKEN);
        invTags("a");
        redis.command("SET", tagStamp("a"), G + "1"); // as by another key's fill
        redis.command("HSET", META, "t", "0");

        assertThat(fill(TOKEN, G + RANDOM, "old", lease, "a")).isZero();
    }

    @Test
    void fill_refreshedValueWhoseTagWasInvalidated_isRefused() {
        fill(TOKEN, G + RANDOM, "body", leased(TOKEN), "a");
        List<Object> claimed = getl(OTHER, 1000, "");
        assertThat(claimed.get(0)).isEqualTo("R");
        invTags("a");

        assertThat(fill(OTHER, G + RANDOM, "old", (Long) claimed.get(4), "a")).isZero();
    }

    @Test
    void fill_anotherTagInvalidated_isStored() {
        fill(TOKEN, G + RANDOM, "body", leased(TOKEN), "a");
        redis.command("DEL", ENTRY);
        long lease = leased(TOKEN);
        invTags("b");

        assertThat(fill(TOKEN, G + RANDOM, "body", lease, "a")).isEqualTo(1);
        assertThat(fill(TOKEN, G + RANDOM, "body", lease)).isZero();
    }

    @Test
    void fill_stampOfAnotherGenerationGarbageOrWrongType_isReplaced() {
        String[][] faults = {
            {"SET", tagStamp("a"), "generation099"},
            {"SET", tagStamp("a"), G + "x"},
            {"SET", tagStamp("a"), G},
            {"SET", tagStamp("a"), ""},
            {"LPUSH", tagStamp("a"), "x"}
        };
        for (String[] fault : faults) {
            redis.flush();
            attach(G, "", 0);
            long lease = leased(TOKEN);
            redis.command(fault);

            assertThat(fill(TOKEN, G + RANDOM, "body", lease, "a")).isEqualTo(1);
            assertThat(holds(tagStamp("a"), G + "0")).isTrue();
        }
    }

    /** Nobody knows any more when a tag was invalidated last: whatever the log has moved since the lease counts. */
    @Test
    void fill_lastTagInvalidationForgotten_isRefusedIfAnythingHappened() {
        long lease = leased(TOKEN);
        invTags("a");
        redis.command("HDEL", META, "t");

        assertThat(fill(TOKEN, G + RANDOM, "old", lease, "a")).isZero();
        assertThat(fill(TOKEN, G + RANDOM, "new", leased(TOKEN), "a")).isEqualTo(1);
        redis.command("HDEL", META, "n", "t");
        redis.command("DEL", ENTRY, tagStamp("a"));
        getl(TOKEN, 0, "");
        assertThat(fill(TOKEN, G + RANDOM, "new", 99, "a")).isZero();
    }

    @Test
    void put_tagInvalidatedSince_invalidates() {
        List<Object> begun = begin(TOKEN);
        invTags("a");
        assertThat(put(TOKEN, begun, "new", "b", "a")).isEqualTo(NOT_KEPT);

        List<Object> again = begin(TOKEN);
        assertThat(put(TOKEN, again, "new", "a", "b")).isEqualTo(KEPT);
        assertThat(holds(tagStamp("a"), G + "2")).isTrue();
        assertThat(left(tagStamp("a"))).isGreaterThan(left(ENTRY));
    }

    /** The log entry of a tag: its text after an @, which no key in the log begins with. */
    @Test
    void invTags_logEntry_isTheGoldenOne() {
        invTags("a", "country:GB");

        List<String> words = List.of(text("XRANGE", LOG, "-", "+").split("[^A-Za-z0-9:@*-]+"));
        assertThat(words.stream().filter(word -> !word.isEmpty()).toList())
                .containsSubsequence(
                        "1-0", "g", G, "c", "product", "k", "@a", "2-0", "g", G, "c", "product", "k", "@country:GB");
        assertThat(text("HGET", META, "t")).contains("2");
    }

    @Test
    void invTags_withoutGenerationOrWithAForeignLog_asksToAttach() {
        redis.command("XADD", LOG, "99-0", "a", "b");
        assertThatThrownBy(() -> invTags("a")).hasStackTraceContaining("NOLOG");
        redis.command("DEL", META);
        assertThatThrownBy(() -> invTags("a")).hasStackTraceContaining("NOGEN");
    }
}
