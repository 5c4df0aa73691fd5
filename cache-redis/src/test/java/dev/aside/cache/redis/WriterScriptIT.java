package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The scripts of announced writes, each by itself, against a real server. */
class WriterScriptIT extends ScriptServer {
    // ---- begin

    @Test
    void begin_valuesAndLeases_areAwayAndNoLeaseIsGranted() {
        stored();

        assertThat(begin(TOKEN)).isEqualTo(List.of("K", G, 1L, G + RANDOM));

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
        assertThat(left(WRITERS)).isLessThanOrEqualTo(50L); // -2 if it is over already

        await().atMost(TestNode.PATIENCE).until(() -> getl(OTHER, 0, "").get(0).equals("N"));
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

        assertThat(beginAs("", TOKEN, GUARD, SHAPE + SHAPE_2, ":k")).isEqualTo(List.of("K", G, 1L, ""));

        assertThat(text("EXISTS", ENTRY, "{t:0}e:product/" + SHAPE_2 + ":k")).contains("0");
        assertThat(getl(OTHER, 0, "")).isEqualTo(List.of("W"));
    }

    @Test
    void begin_severalKeys_stampsThemAll() {
        assertThat(begin(TOKEN, GUARD, SHAPE, ":k", ":l", "#m")).isEqualTo(List.of("K", G, 3L, G + RANDOM));

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
            assertThat(inv(SHAPE, ":k")).startsWith("K", G);
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
        begin(TOKEN, 20_000, SHAPE, ":k");
        assertThat(left(WRITERS)).isBetween(50_000L, 60_000L);

        end(OTHER, SHAPE, ":k");

        assertThat(left(WRITERS)).isBetween(1L, 20_000L);
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

        assertThat(end(TOKEN, SHAPE, ":k")).startsWith("K", G);

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
        eval(Script.CLEAR, List.of(META, LOG, STAMP), logged("*"));
        assertThat(put(TOKEN, begun, "new")).isEqualTo(NOT_KEPT);

        List<Object> again = begin(TOKEN);
        eval(Script.CLEAR, List.of(META, LOG, STAMP), logged("*"));
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
}
