package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JournalTest {
    private final FakeTicker ticker = FakeTicker.create();
    private final PendingJournal pending = new PendingJournal(10, new Events(List.of(), "test"));
    private final RecentJournal recent = new RecentJournal(ticker, TimeUnit.SECONDS.toNanos(60), 10);

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> ":k" + i).toList();
    }

    @Test
    void pending_delivered_isForgotten() {
        pending.add("c", keys(3));
        assertThat(pending.covers("c", ":k1")).isTrue();
        assertThat(pending.covers("d", ":k1")).isFalse();

        pending.delivered(pending.oldest(2));

        assertThat(pending.size()).isEqualTo(1);
        assertThat(pending.covers("c", ":k1")).isFalse();
        assertThat(pending.covers("c", ":k2")).isTrue();
    }

    /** Guards the write that comes while the one before it is on its way. */
    @Test
    void pending_invalidatedAgainWhileOnItsWay_isKept() {
        pending.add("c", keys(1));
        List<PendingJournal.Item> onItsWay = pending.oldest(10);
        pending.add("c", keys(1));

        pending.delivered(onItsWay);

        assertThat(pending.covers("c", ":k0")).isTrue();
        pending.delivered(pending.oldest(10));
        assertThat(pending.size()).isZero();
    }

    @Test
    void pending_tooMany_becomeOneClearOfTheLargestCache() {
        pending.add("small", keys(2));
        pending.add("large", keys(9));

        assertThat(pending.size()).isEqualTo(3);
        assertThat(pending.covers("large", ":anything")).isTrue();
        assertThat(pending.covers("small", ":anything")).isFalse();
        assertThat(pending.oldest(10)).extracting(PendingJournal.Item::logKey).containsExactly(":k0", ":k1", "*");
    }

    @Test
    void pending_clearThenKeys_staysAClear() {
        pending.add("c", List.of("*"));
        List<PendingJournal.Item> onItsWay = pending.oldest(10);
        pending.add("c", keys(3));

        pending.delivered(onItsWay);

        assertThat(pending.oldest(10)).extracting(PendingJournal.Item::logKey).containsExactly("*");
    }

    @Test
    void recent_newHistory_isIssuedOncePerKey() {
        recent.add("c", keys(3));
        recent.add("c", keys(2));
        assertThat(recent.next(10)).isEmpty();

        recent.issueAgain();

        assertThat(recent.next(2)).hasSize(2);
        assertThat(recent.next(10)).hasSize(1);
        assertThat(recent.next(10)).isEmpty();
    }

    @Test
    void recent_olderThanItsSpan_isForgotten() {
        recent.add("c", keys(1));
        ticker.advance(Duration.ofSeconds(59));
        recent.add("c", List.of(":new"));
        ticker.advance(Duration.ofSeconds(2));

        recent.issueAgain();

        assertThat(recent.next(10)).containsExactly(new RecentJournal.Item("c", ":new"));
    }

    @Test
    void recent_tooMany_areRememberedAsAClear() {
        recent.add("c", keys(11));

        recent.issueAgain();

        assertThat(recent.next(100)).hasSize(11).contains(new RecentJournal.Item("c", "*"));
    }

    /** The second end of a key whose first is still on its way: both announcements must go. */
    @Test
    void pending_tokens_areCollectedPerKey() {
        pending.add("c", Map.of(":k", "token1token1tok1"));
        List<PendingJournal.Item> onItsWay = pending.oldest(10);
        pending.add("c", Map.of(":k", "token2token2tok2"));
        pending.add("c", List.of(":k"));

        pending.delivered(onItsWay);

        assertThat(pending.oldest(10))
                .extracting(PendingJournal.Item::tokens)
                .containsExactly("token1token1tok1token2token2tok2");
    }

    @Test
    void pending_tokens_areBounded() {
        for (int i = 0; i < 100; i++) {
            pending.add("c", Map.of(":k", "t".repeat(16)));
        }

        assertThat(pending.oldest(1).get(0).tokens()).hasSize(64 * 16);
    }

    /** Nobody knows which keys carry the tag. */
    @Test
    void pending_tag_coversTheWholeCacheUntilDelivered() {
        pending.add("c", List.of("@t", "@s", ":k"));
        pending.add("c", List.of("@t"));
        assertThat(pending.covers("c", ":any")).isTrue();
        assertThat(pending.covers("d", ":any")).isFalse();

        List<PendingJournal.Item> items = pending.oldest(10);
        pending.delivered(List.of(items.get(0)));
        assertThat(pending.covers("c", ":any")).isTrue();
        pending.delivered(items.subList(1, 2));

        assertThat(pending.covers("c", ":any")).isFalse();
        assertThat(pending.covers("c", ":k")).isTrue();
    }

    @Test
    void pending_tagsThenClear_areCoveredByIt() {
        pending.add("c", List.of("@t"));
        pending.add("c", List.of("*"));
        pending.delivered(pending.oldest(10));

        assertThat(pending.covers("c", ":any")).isFalse();
        assertThat(pending.size()).isZero();
    }
}
