package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.JobStoreException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {
    @ParameterizedTest
    @ValueSource(strings = {"5.0.14", "6.0.20", "6.1.240"})
    void check_tooOld_isRefusedAndSaysWhereAndHow(String version) {
        assertThatThrownBy(() -> ServerVersion.check("at h:1", "# Server\r\nredis_version:" + version + "\r\n"))
                .isExactlyInstanceOf(JobStoreException.class)
                .hasMessage("Redis, at h:1, is version " + version + ", but jobs need 6.2 or later."
                        + " Hint: update it, or give the store another one.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"redis_version:6.2.0", "redis_version:7.0.15", "redis_version:10.1.0", "redis_version:x", ""})
    void check_newEnoughOrUntold_isTaken(String info) {
        assertThatCode(() -> ServerVersion.check("h:1", info)).doesNotThrowAnyException();
    }
}
