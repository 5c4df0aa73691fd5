package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the testkit reads from environment variables. */
class AddressesTest {
    @Test
    void redisAddress_everyPart_isRead() {
        RedisAddress address = RedisAddress.parse("redis://user:pass@example.org:7000/3");

        assertThat(address.host()).isEqualTo("example.org");
        assertThat(address.port()).isEqualTo(7000);
        assertThat(address.greeting()).containsExactly(List.of("AUTH", "user", "pass"), List.of("SELECT", "3"));
    }

    @Test
    void redisAddress_onlyHost_hasDefaults() {
        RedisAddress address = RedisAddress.parse("redis://example.org");

        assertThat(address.port()).isEqualTo(6379);
        assertThat(address.greeting()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://:pass@example.org", "redis://pass@example.org"})
    void redisAddress_onlyPassword_logsInAsTheDefaultUser(String url) {
        assertThat(RedisAddress.parse(url).greeting()).containsExactly(List.of("AUTH", "pass"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:6379", "rediss://localhost", "redis://", "redis://localhost/shop", "redis://a b"})
    void redisAddress_unreadable_failsNamingVariableAndValue(String url) {
        assertThatThrownBy(() -> RedisAddress.parse(url))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining(RedisAddress.VARIABLE)
                .hasMessageContaining("'" + url + "'")
                .hasMessageContaining("unset it");
    }

    @Test
    void redisAddress_unreadableWithPassword_failsWithoutThePassword() {
        assertThatThrownBy(() -> RedisAddress.parse("http://user:secret@localhost"))
                .hasMessageContaining("'http://***@localhost'");
    }

    @Test
    void postgresUrl_parts_areReadAndReplaced() {
        String url = "jdbc:postgresql://example.org:7000/shop?user=u&password=p/q";

        assertThat(PostgresUrl.host(url)).isEqualTo("example.org");
        assertThat(PostgresUrl.port(url)).isEqualTo(7000);
        assertThat(PostgresUrl.database(url)).isEqualTo("shop");
        assertThat(PostgresUrl.withDatabase(url, "other"))
                .isEqualTo("jdbc:postgresql://example.org:7000/other?user=u&password=p/q");
        assertThat(PostgresUrl.port("jdbc:postgresql://example.org/shop")).isEqualTo(5432);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jdbc:mysql://localhost/shop", "jdbc:postgresql:shop", "jdbc:postgresql://localhost", "nonsense"
            })
    void postgresServer_unreadableUrl_failsNamingVariableAndValue(String url) {
        assertThatThrownBy(() -> PostgresServer.start(name -> name.equals(PostgresServer.VARIABLE) ? url : null))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining(PostgresServer.VARIABLE)
                .hasMessageContaining("'" + url + "'")
                .hasMessageContaining("unset it");
    }

    @Test
    void redisBinary_noSuchFile_failsNamingVariableAndValue() {
        assertThatThrownBy(() -> RedisBinary.find(name -> name.equals(RedisBinary.VARIABLE) ? "/no/such/redis" : null))
                .isInstanceOf(TestServerException.class)
                .hasMessage("ASIDE_TEST_REDIS_BIN is not an executable file: '/no/such/redis'."
                        + " Name a redis-server program, or unset it to use the embedded one.");
    }

    @Test
    void postgresBinaries_noSuchDirectory_failsNamingVariableAndValue() {
        assertThatThrownBy(() ->
                        PostgresBinaries.find(name -> name.equals(PostgresBinaries.VARIABLE) ? "/no/such/home" : null))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining("ASIDE_TEST_POSTGRES_HOME holds no PostgreSQL: '/no/such/home'")
                .hasMessageContaining("unset it");
    }

    @Test
    void embedded_otherPlatform_failsWithWaysOut() {
        assertThatThrownBy(() -> RedisBinary.embedded("Windows 11", "amd64"))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining("no embedded Redis for Windows 11 on amd64")
                .hasMessageContaining(RedisBinary.VARIABLE)
                .hasMessageContaining(RedisAddress.VARIABLE);
        assertThatThrownBy(() -> PostgresBinaries.embedded("Linux", "riscv64"))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining("no embedded PostgreSQL for Linux on riscv64")
                .hasMessageContaining(PostgresBinaries.VARIABLE)
                .hasMessageContaining(PostgresServer.VARIABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void port_outOfRange_isRefused(int port) {
        assertThatThrownBy(() -> RedisServer.builder().port(port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"port 1", "requirepass secret"})
    void redisConfig_settingWithItsOwnMethod_isRefused(String line) {
        assertThatThrownBy(() -> RedisServer.builder().config(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("port(...) or password(...)");
    }
}
