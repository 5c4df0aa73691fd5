package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The scripts as far as tags go, each by itself, against a real server. */
class TagScriptIT extends ScriptServer {
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

        assertThat(log()).isEqualTo("1-0 e " + G + " node1 product @a 2-0 e " + G + " node1 product @country:GB");
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
