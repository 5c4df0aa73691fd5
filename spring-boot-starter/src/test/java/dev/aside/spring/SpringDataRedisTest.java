package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** {@code spring.data.redis.*} as the place a Redis tier connects to, judged by what Lettuce understands. */
class SpringDataRedisTest {

    @Test
    void hostAndPort_alone_areThePlace() {
        RedisURI uri = uri("host=redis.example", "port=6380", "database=3", "client-name=shop-1");
        assertThat(uri.getHost()).isEqualTo("redis.example");
        assertThat(uri.getPort()).isEqualTo(6380);
        assertThat(uri.getDatabase()).isEqualTo(3);
        assertThat(uri.getClientName()).isEqualTo("shop-1");
        assertThat(uri.isSsl()).isFalse();
        assertThat(credentials(uri).hasPassword()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "p@ss:w/rd?x=1&y#%25", "with blank+plus", "Straße"})
    void password_ofAnyCharacters_arrivesUnchanged(String password) {
        RedisURI uri = uri("host=localhost", "username=shop", "password=" + password);
        assertThat(credentials(uri).getUsername()).isEqualTo("shop");
        assertThat(credentials(uri).getPassword()).isEqualTo(password.toCharArray());
        assertThat(credentials(uri("host=localhost", "password=" + password)).getPassword())
                .isEqualTo(password.toCharArray());
    }

    @Test
    void url_set_overridesTheOthers() {
        RedisURI uri = uri(
                "url=rediss://shop:p%40ss@redis.example:6390/5",
                "host=other", "port=1", "username=nobody", "password=none", "database=9");
        assertThat(uri.getHost()).isEqualTo("redis.example");
        assertThat(uri.getPort()).isEqualTo(6390);
        assertThat(uri.getDatabase()).isEqualTo(5);
        assertThat(uri.isSsl()).isTrue();
        assertThat(credentials(uri).getUsername()).isEqualTo("shop");
        assertThat(credentials(uri).getPassword()).isEqualTo("p@ss".toCharArray());
    }

    @Test
    void url_withoutPortAndUser_takesDefaults() {
        RedisURI uri = uri("url=redis://only-a-password@redis.example");
        assertThat(uri.getPort()).isEqualTo(6379);
        assertThat(uri.getDatabase()).isZero();
        assertThat(credentials(uri).hasUsername()).isFalse();
        assertThat(credentials(uri).getPassword()).isEqualTo("only-a-password".toCharArray());
    }

    @ParameterizedTest
    @CsvSource({"host=::1,[::1]", "host=[::1],[::1]", "url=redis://[::1]:6380,[::1]"})
    void ipv6Address_withOrWithoutBrackets_isAHost(String setting, String host) {
        assertThat(uri(setting).getHost()).isEqualTo(host);
    }

    @Test
    void ssl_enabled_isTls() {
        assertThat(uri("host=localhost", "ssl.enabled=true").isSsl()).isTrue();
        assertThat(uri("url=redis://localhost", "ssl.enabled=true").isSsl()).isTrue();
        assertThat(uri("host=localhost", "ssl.enabled=false", "ssl.bundle=unused")
                        .isSsl())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost", "redis://", "localhost:6379", "redis://u:s3cret@h:port", "redis://h/s3cret"})
    void url_malformed_isRefusedWithoutShowingIt(String url) {
        SpringDataRedis properties = properties("url=" + url);
        assertThatThrownBy(properties::place)
                .isInstanceOf(StartRefusedException.class)
                .hasMessageStartingWith("the Redis URL is malformed")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sentinel.master=m", "sentinel.nodes=a:1", "cluster.nodes=a:1,b:2", "masterreplica.nodes=a:1"})
    void severalServers_named_areRefused(String setting) {
        SpringDataRedis properties = properties(setting, "host=localhost");
        assertThat(properties.isNamed()).isTrue();
        assertThatThrownBy(properties::place).hasMessageContaining("several servers");
    }

    @Test
    void texts_ofPlaceAndProperties_holdNoPassword() {
        SpringDataRedis properties = properties("host=localhost", "username=u", "password=s3cret");
        assertThat(properties.toString() + properties.place()).doesNotContain("s3cret");
    }

    @Test
    void timeout_inBootsNotation_isRead() {
        assertThat(properties("timeout=400").timeout()).isEqualTo(Duration.ofMillis(400));
    }

    private static RedisURI uri(String... settings) {
        return RedisURI.create(properties(settings).place().uri());
    }

    private static SpringDataRedis properties(String... settings) {
        MockEnvironment environment = new MockEnvironment();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            environment.setProperty(
                    SpringDataRedis.PREFIX + "." + setting.substring(0, equals), setting.substring(equals + 1));
        }
        return SpringDataRedis.of(environment);
    }

    private static RedisCredentials credentials(RedisURI uri) {
        return uri.getCredentialsProvider().resolveCredentials().block();
    }
}
