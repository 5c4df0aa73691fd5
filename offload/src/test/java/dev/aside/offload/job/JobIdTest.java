package dev.aside.offload.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00.123Z");

    @Test
    void next_hasItsFormAndShard() {
        for (int shard = 0; shard < JobId.SHARDS; shard++) {
            String id = JobId.next(NOW, shard);
            assertThat(id).matches("jb_[0-7][0-9A-HJKMNP-TV-Z]{25}[0-3][0-9a-f]");
            assertThat(JobId.isValid(id)).isTrue();
            assertThat(JobId.shard(id)).isEqualTo(shard);
        }
    }

    @Test
    void next_laterMillisecond_sortsLater() {
        assertThat(JobId.next(NOW.plusMillis(1), 0)).isGreaterThan(JobId.next(NOW, 0));
        assertThat(JobId.next(NOW, 0).substring(3, 13)).isEqualTo("01KQHFP6BV");
    }

    @Test
    void next_sameMillisecond_neverRepeats() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(JobId.next(NOW, 0));
        }
        assertThat(ids).hasSize(10_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "jb_",
                "jb_01KQHNXKKV0000000000000000",
                "jb_01KQHNXKKV000000000000000040",
                "jb_01KQHNXKKV00000000000000000A",
                "jb_81KQHNXKKV000000000000000000",
                "jb_01KQHNXKKV0000000000000000000",
                "jx_01KQHNXKKV000000000000000000",
                "jb_01kqhnxkkv000000000000000000",
                "jb_01KQHNXKKU000000000000000000",
                "jb_01KQHNXKKV0000000000000000\u0660\u0660"
            })
    void isValid_anotherForm_isFalse(String text) {
        assertThat(JobId.isValid(text)).isFalse();
        assertThatThrownBy(() -> JobId.shard(text)).hasMessageStartingWith("this is not a job id.");
    }

    @Test
    void next_shardOutOfRange_isRefused() {
        assertThatThrownBy(() -> JobId.next(NOW, 64)).hasMessage("shard 64 is not within 0..63.");
    }
}
