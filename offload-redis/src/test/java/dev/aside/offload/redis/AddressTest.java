package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Test
    void of_server_isOneUri() {
        Address address = Address.of("redis://ann:secret@shop:6380/3");
        assertThat(address.cluster()).isFalse();
        assertThat(address.uris()).singleElement().satisfies(uri -> {
            assertThat(uri.getHost()).isEqualTo("shop");
            assertThat(uri.getPort()).isEqualTo(6380);
            assertThat(uri.getDatabase()).isEqualTo(3);
        });
        assertThat(address).hasToString("shop:6380");
    }

    @Test
    void of_cluster_isAllItsNodes_withTheSameUser() {
        Address address = Address.of("rediss-cluster://ann:sec%40ret@one:7001,two,three:7003");
        assertThat(address.cluster()).isTrue();
        assertThat(address.uris()).extracting(RedisURI::getHost).containsExactly("one", "two", "three");
        assertThat(address.uris()).extracting(RedisURI::getPort).containsExactly(7001, 6379, 7003);
        assertThat(address.uris()).allMatch(RedisURI::isSsl);
        assertThat(address).hasToString("the cluster of one:7001");
    }

    @Test
    void of_sentinel_namesThePrimary() {
        Address address = Address.of("redis-sentinel://one:26379,two:26379#orders");
        assertThat(address.uris().get(0).getSentinelMasterId()).isEqualTo("orders");
        assertThat(address).hasToString("Sentinel one:26379");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop:6379",
                "http://shop",
                "redis://",
                "redis://shop:port",
                "redis-sentinel://one:26379",
                "redis-cluster://",
                "redis-cluster://one,,three",
                "redis-cluster://one:port",
                "redis://ann:hu/sh@hush@"
            })
    void of_noSuchForm_isRefused_withTheForms_withoutThePassword(String text) {
        assertThatThrownBy(() -> Address.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is malformed. Hint: its form is redis://")
                .hasMessageNotContaining("hush");
    }
}
