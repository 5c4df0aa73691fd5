package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each script by itself, against a real server; those of announced writes and tags have tests of their own. */
class ScriptIT extends ScriptServer {
    // ---- attach, beat

    @Test
    void attach_again_keepsTheGeneration() {
        inv("", ":k");

        List<Object> position = attach("generation2", G, 1);

        assertThat(position.subList(0, 2)).isEqualTo(List.of(G, 1L));
        assertThat((String) position.get(2)).matches("[0-9a-f]{40}\\|[0-9a-f]{40}");
        assertThat(position.get(3)).isEqualTo(1L);
    }

    @Test
    void attach_callerHasSeenMore_renews() {
        assertThat(attach("generation2", G, 1).subList(0, 2)).isEqualTo(List.of("generation2", 0L));
        assertThat(attach("generation3", "another one", 9).get(0)).isEqualTo("generation2");
    }

    @Test
    void attach_otherHistory_renewsAndDropsTheLog() {
        inv("", ":k");
        redis.command("HSET", META, "h", "of|another");

        assertThat(attach("generation2", G, 1).subList(0, 2)).isEqualTo(List.of("generation2", 0L));
        assertThat(text("EXISTS", LOG)).contains("0");
    }

    @Test
    void attach_metaOrLogMissingWrongOrContradicting_renews() {
        String[][] faults = {
            {"DEL", META},
            {"HDEL", META, "g"},
            {"HSET", META, "n", "x"},
            {"HSET", META, "g", "short"},
            {"XADD", LOG, "99-0", "a", "b"},
            {"SET", LOG, "text"},
            {"SET", META, "text"}
        };
        for (int i = 0; i < faults.length; i++) {
            redis.flush();
            attach(G, "", 0);
            inv("", ":k");
            redis.command(faults[i]);

            assertThat(attach("generation" + i, G, 1).subList(0, 2)).isEqualTo(List.of("generation" + i, 0L));
            assertThat(inv("", ":k")).startsWith("K");
        }
    }

    @Test
    void attach_logDeletedOrTrimmed_goesOn() {
        inv("", ":k");
        redis.command("DEL", LOG);

        assertThat(attach("generation2", G, 1).subList(0, 2)).isEqualTo(List.of(G, 1L));
        inv("", ":k");
        assertThat(text("XRANGE", LOG, "-", "+")).contains("2-0");
    }

    @Test
    void beat_writesAndSaysWhereTheLogStands() {
        inv("", ":a", ":b");

        List<Object> beat = eval(Script.BEAT, List.of(META), "node7");

        assertThat(beat.subList(0, 2)).isEqualTo(List.of(G, 2L));
        assertThat((String) beat.get(2)).endsWith("|" + beat.get(3));
        assertThat(text("HGET", META, "hb")).contains("node7");
    }

    @Test
    void beat_withoutGeneration_saysSo() {
        redis.command("DEL", META);
        assertThatThrownBy(() -> eval(Script.BEAT, List.of(META), "node7")).hasStackTraceContaining("NOGEN");

        redis.command("SET", META, "text");
        assertThatThrownBy(() -> eval(Script.BEAT, List.of(META), "node7")).hasStackTraceContaining("NOGEN");
    }

    // ---- getl

    @Test
    void getl_absent_grantsAndSecondIsBusy() {
        assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("N", G + RANDOM, 0L));
        assertThat(getl(OTHER, 0, "")).isEqualTo(List.of("L"));
        assertThat(text("GET", ENTRY)).contains("L" + G + RANDOM + "|" + TOKEN);
        assertThat(text("GET", STAMP)).contains(G + RANDOM + SHAPE);
    }

    @Test
    void getl_generationOver_saysSoAndChangesNothing() {
        attach("generation2", G, 1);

        assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("G"));
        assertThat(text("EXISTS", ENTRY, STAMP)).contains("0");
    }

    @Test
    void getl_value_isReadOrClaimedByItsFreshTime() {
        stored();

        assertThat(getl(TOKEN, 0, "").get(0)).isEqualTo("V");
        List<Object> claimed = getl(TOKEN, 1000, "");
        assertThat(claimed.get(0)).isEqualTo("R");
        assertThat((Long) claimed.get(2)).isBetween(1L, 3000L);
        assertThat(claimed.get(3)).isEqualTo(G + RANDOM);
        assertThat(getl(OTHER, 1000, "").get(0)).isEqualTo("B");
        assertThat(getl(OTHER, 0, "").get(0)).isEqualTo("V");
    }

    @Test
    void getl_claimRunOut_isClaimedByAnother() {
        stored();
        getl(TOKEN, 1000, "");
        redis.command("SETRANGE", ENTRY, "40", "0000000000001");

        assertThat(getl(OTHER, 1000, "").get(0)).isEqualTo("R");
        assertThat(fill(TOKEN, G + RANDOM, "late")).isZero();
        assertThat(fill(OTHER, G + RANDOM, "new")).isEqualTo(1);
    }

    @Test
    void getl_bodyTheCallerCannotRead_isReplaced() {
        stored();

        assertThat(getl(TOKEN, 0, Script.sha1("else".getBytes(StandardCharsets.UTF_8), 0, 4))
                        .get(0))
                .isEqualTo("V");
        assertThat(getl(TOKEN, 0, Script.sha1("body".getBytes(StandardCharsets.UTF_8), 0, 4)))
                .isEqualTo(List.of("N", G + RANDOM, 0L));
    }

    @Test
    void getl_garbageWrongTypesAndForeignStamps_areReplaced() {
        String[][] faults = {
            {"SET", ENTRY, "garbage"},
            {"SET", ENTRY, "V"},
            {
                "SET",
                ENTRY,
                "V" + G + "otherrandom|" + "-".repeat(16) + "0".repeat(13) + "0000000010000000000030009999999999999body"
            },
            {
                "SET",
                ENTRY,
                "V" + G + RANDOM + "|" + "-".repeat(16) + "0".repeat(13) + "00000000xxxx0000000030009999999999999body"
            },
            {"SET", ENTRY, "L" + G + RANDOM + "|short"},
            {"SET", ENTRY, "L" + G + "otherrandom|" + OTHER},
            {"LPUSH", ENTRY, "a"},
            {"HSET", ENTRY, "a", "b"}
        };
        for (String[] fault : faults) {
            redis.flush();
            attach(G, "", 0);
            redis.command("SET", STAMP, G + RANDOM + SHAPE);
            redis.command(fault);

            assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("N", G + RANDOM, 0L));
        }
    }

    @Test
    void getl_valueWithoutEnd_isReplaced() {
        stored();
        redis.command("PERSIST", ENTRY);

        assertThat(getl(TOKEN, 0, "").get(0)).isEqualTo("N");
    }

    @Test
    void getl_stampMissingTornOrOfWrongType_voidsTheValue() {
        String[][] faults = {
            {"DEL", STAMP},
            {"SET", STAMP, "garbage"},
            {"SET", STAMP, G + RANDOM},
            {"SET", STAMP, G + RANDOM + "shape"},
            {"SET", STAMP, "generation0" + RANDOM + SHAPE}
        };
        for (String[] fault : faults) {
            redis.flush();
            attach(G, "", 0);
            redis.command("SET", STAMP, G + "randomness0" + SHAPE);
            redis.command("SET", ENTRY, "L" + G + "randomness0|" + OTHER);
            redis.command(fault);

            assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("N", G + RANDOM, 0L));
        }
        redis.flush();
        attach(G, "", 0);
        redis.command("LPUSH", STAMP, "x");
        assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("N", G + RANDOM, 0L));
    }

    @Test
    void getl_fifthShape_getsANewStamp() {
        redis.command("SET", STAMP, G + "randomness0" + "shape00Ashape00Bshape00C");
        assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("N", G + "randomness0", 0L));
        assertThat(text("GET", STAMP)).contains("shape00Ashape00Bshape00Cshape001");

        redis.command("SET", STAMP, G + "randomness0" + "shape00Ashape00Bshape00Cshape00D");
        assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("N", G + RANDOM, 0L));
        assertThat(text("GET", STAMP)).contains(G + RANDOM + SHAPE).doesNotContain("shape00A");
    }

    /** Who found the value void while another loads it anew leaves that load alone. */
    @Test
    void getl_bodyTheCallerCannotUse_claimedByAnother_isBusy() {
        stored();
        getl(TOKEN, 1000, "");

        assertThat(getl(OTHER, 0, Script.sha1("body".getBytes(StandardCharsets.UTF_8), 0, 4)))
                .isEqualTo(List.of("L"));
        assertThat(fill(TOKEN, G + RANDOM, "new")).isEqualTo(1);
    }

    // ---- fill, release, renew

    @Test
    void fill_withoutLeaseOrWithAnother_isRefused() {
        assertThat(fill(TOKEN, G + RANDOM, "body")).isZero();
        getl(OTHER, 0, "");
        assertThat(fill(TOKEN, G + RANDOM, "body")).isZero();
        redis.command("DEL", ENTRY);
        redis.command("LPUSH", ENTRY, "a");
        assertThat(fill(TOKEN, G + RANDOM, "body")).isZero();
    }

    @Test
    void fill_stampOrGenerationMovedOn_isRefusedAndLeavesNoLease() {
        getl(TOKEN, 0, "");
        redis.command("SET", STAMP, G + "randomness2" + SHAPE);
        assertThat(fill(TOKEN, G + RANDOM, "body")).isZero();
        assertThat(text("EXISTS", ENTRY)).contains("0");

        redis.command("DEL", STAMP);
        getl(TOKEN, 0, "");
        redis.command("HSET", META, "g", "generation2");
        assertThat(fill(TOKEN, G + RANDOM, "body")).isZero();
        assertThat(text("EXISTS", ENTRY)).contains("0");
    }

    @Test
    void fill_value_hasItsEnd() {
        stored();

        assertThat(Long.parseLong(text("PTTL", ENTRY).replaceAll("[^0-9]", ""))).isBetween(1L, 3000L);
    }

    @Test
    void release_bothKinds_freesTheKey() {
        getl(TOKEN, 0, "");
        assertThat(eval(Script.RELEASE, List.of(ENTRY), OTHER, EntryFormat.EMPTY_SLOT))
                .isEqualTo(List.of(0L));
        assertThat(eval(Script.RELEASE, List.of(ENTRY), TOKEN, EntryFormat.EMPTY_SLOT))
                .isEqualTo(List.of(1L));
        assertThat(text("EXISTS", ENTRY)).contains("0");

        stored();
        getl(TOKEN, 1000, "");
        assertThat(eval(Script.RELEASE, List.of(ENTRY), TOKEN, EntryFormat.EMPTY_SLOT))
                .isEqualTo(List.of(1L));
        assertThat(getl(OTHER, 1000, "").get(0)).isEqualTo("R");
    }

    @Test
    void renew_bothKinds_lastsLonger() {
        getl(TOKEN, 0, "");
        assertThat(eval(Script.RENEW, List.of(ENTRY), TOKEN, 60_000)).isEqualTo(List.of(1L));
        assertThat(Long.parseLong(text("PTTL", ENTRY).replaceAll("[^0-9]", ""))).isGreaterThan(3000);
        assertThat(eval(Script.RENEW, List.of(ENTRY), OTHER, 60_000)).isEqualTo(List.of(0L));

        redis.command("DEL", ENTRY);
        stored();
        getl(TOKEN, 1000, "");
        String before = text("GETRANGE", ENTRY, "40", "52");
        assertThat(eval(Script.RENEW, List.of(ENTRY), TOKEN, 60_000)).isEqualTo(List.of(1L));
        assertThat(text("GETRANGE", ENTRY, "40", "52")).isGreaterThan(before);
    }

    // ---- inv, clear

    @Test
    void inv_valuesAndLeases_areAwayAndTheLogSaysSo() {
        stored();

        assertThat(inv(SHAPE, ":k")).startsWith("K", G);

        assertThat(text("EXISTS", ENTRY)).contains("0");
        getl(TOKEN, 0, "");
        inv(SHAPE, ":k", "#hash");
        assertThat(fill(TOKEN, G + RANDOM, "body")).isZero();
        assertThat(text("HGET", META, "n")).contains("3");
    }

    /** The log entries of version 1: the sequence as the id; generation, node, cache and key in one field. */
    @Test
    void inv_logEntry_isTheGoldenOne() {
        inv("", ":k|1");
        eval(Script.CLEAR, List.of(META, LOG, STAMP), logged("*"));

        assertThat(log()).isEqualTo("1-0 e " + G + " node1 product :k|1 2-0 e " + G + " node1 product *");
    }

    /** Not with each entry, but when every 128th comes: by whole nodes of the stream, so some more may stand. */
    @Test
    void inv_logLongerThanANodeMayFallBehind_isTrimmed() {
        String[] keys = IntStream.range(0, 128).mapToObj(i -> ":k" + i).toArray(String[]::new);
        for (int i = 0; i < 513; i++) {
            inv("", keys);
        }
        inv("", ":k", ":l"); // not a multiple of what is appended at a time
        assertThat(redis.command("XLEN", LOG).number()).isBetween(65_536L, 65_900L);
        assertThat(text("XREVRANGE", LOG, "+", "-", "COUNT", "1")).contains(513 * 128 + 2 + "-0");
    }

    @Test
    void inv_shapesTheCallerDoesNotKnow_areTold() {
        stored();

        assertThat(inv("", ":k")).isEqualTo(List.of("S", SHAPE));
        assertThat(text("HGET", META, "n")).contains("0");
        assertThat(inv("other000" + SHAPE, ":k")).startsWith("K", G);
    }

    @Test
    void inv_nothingThere_isLoggedAllTheSame() {
        assertThat(inv("", ":k")).startsWith("K", G);
        assertThat(text("XLEN", LOG)).contains("1");
    }

    @Test
    void inv_withoutGenerationOrWithAForeignLog_asksToAttach() {
        redis.command("XADD", LOG, "99-0", "a", "b");
        assertThatThrownBy(() -> inv("", ":k")).hasStackTraceContaining("NOLOG");
        redis.command("DEL", META);
        assertThatThrownBy(() -> inv("", ":k")).hasStackTraceContaining("NOGEN");
    }

    @Test
    void clear_valuesAndLeases_areVoid() {
        String stamp = stored();

        assertThat(eval(Script.CLEAR, List.of(META, LOG, STAMP), logged("*"))).isEqualTo(List.of("K", G, 1L));

        assertThat(fill(TOKEN, stamp, "late")).isZero();
        assertThat(eval(Script.GETL, List.of(ENTRY, STAMP, META, WRITERS), OTHER, 3000, G, SHAPE, "randomness2", 0, ""))
                .isEqualTo(List.of("N", G + "randomness2", 1L));
    }

    @Test
    void fill_storedValue_saysWhenItEnds() {
        stored();

        long end = Long.parseLong(text("GETRANGE", ENTRY, "77", "89").replaceAll("[^0-9]", ""));

        long left = left(ENTRY);
        assertThat(left).isBetween(1L, 3000L);
        assertThat(end - left).isCloseTo(serverMillis(), within(1_000L));
    }

    private static long serverMillis() {
        return Long.parseLong(text("EVAL", "return redis.call('TIME')[1]", "0").replaceAll("[^0-9]", "")) * 1000;
    }

    /** Somebody who prolongs the life of a key does not make its value younger. */
    @Test
    void getl_valueBeyondItsEnd_isLoadedAnew() {
        String stamp = stored();
        text("SETRANGE", ENTRY, "77", "1700000000000");

        assertThat(getl(OTHER, 0, "")).startsWith("N", stamp);
    }

    /** A generation that nodes cannot repeat byte by byte would leave them attached and without a single hit. */
    @Test
    void attach_damagedMeta_beginsANewGeneration() {
        for (String[] damage :
                new String[][] {{"g", "generati\u00f61"}, {"g", "short"}, {"n", "x"}, {"h", "x"}, {"s", "x"}, {"s", ""}
                }) {
            redis.flush();
            attach(G, "", 0);
            redis.command("HSET", META, damage[0], damage[1]);

            assertThat(attach("generation2", G, 0).get(0)).isEqualTo("generation2");
        }
    }

    /** A stamp that nodes cannot repeat byte by byte would refuse every fill, and every invalidation. */
    @Test
    void stamp_damaged_isReplacedAndVoidsTheCache() {
        for (String stamp : new String[] {G + "randomnes\u00f6" + SHAPE, G + RANDOM + "shape0\u00f6"}) {
            stored();
            redis.command("SET", STAMP, stamp);

            assertThat(inv(SHAPE, ":k")).startsWith("K");
            assertThat(getl(TOKEN, 0, "")).startsWith("N", G + RANDOM);
            assertThat(fill(TOKEN, G + RANDOM, "new")).isEqualTo(1);
            redis.command("DEL", ENTRY);
        }
    }

    /** A lease without an end, or with one far away, would shut the key for as long. */
    @Test
    void getl_leaseThatDoesNotEnd_isTakenOver() {
        for (String[] end : new String[][] {{"PERSIST", ENTRY}, {"PEXPIRE", ENTRY, "3600000"}}) {
            redis.command("DEL", ENTRY);
            getl(OTHER, 0, "");
            assertThat(getl(TOKEN, 0, "")).isEqualTo(List.of("L"));
            redis.command(end);

            assertThat(getl(TOKEN, 0, "")).startsWith("N", G + RANDOM);
        }
    }

    @Test
    void getl_claimThatEndsFarAhead_isTakenOver() {
        stored();
        redis.command("SETRANGE", ENTRY, "40", "9999999999999");

        assertThat(getl(TOKEN, 1000, "").get(0)).isEqualTo("R");
    }
}
