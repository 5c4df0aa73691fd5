package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {
    private static String info(String version) {
        return "# Server\r\nredis_version:" + version + "\r\nredis_git_sha1:00000000\r\nrun_id:1.2.3\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.8.24", "5.0.14", "6.0.20", "6.1.240"})
    void check_tooOld_isRefusedAndSaysWhereAndHow(String version) {
        assertThatThrownBy(() -> ServerVersion.check("cache:6379", info(version)))
                .isExactlyInstanceOf(RedisStartException.TooOld.class)
                .hasMessage("Redis at cache:6379 is version " + version
                        + ", but caches need 6.2 or later; update it, or give RedisTier another one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.2.0", "6.2.11", "7.0.15", "7.2.4-rc1", "8.0.0", "10.0.0", "255.255.255", "unstable"})
    void check_newEnoughOrUntold_isTaken(String version) {
        assertThatCode(() -> ServerVersion.check("cache:6379", info(version))).doesNotThrowAnyException();
        assertThatCode(() -> ServerVersion.check("cache:6379", "")).doesNotThrowAnyException();
    }
}
