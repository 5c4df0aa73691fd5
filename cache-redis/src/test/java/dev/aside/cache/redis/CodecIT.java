package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.Lookup;
import dev.aside.testkit.RedisServer;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that write differently over one Redis, as during a rolling deploy: each sees its own or nothing. */
class CodecIT {
    record Price(String sku, BigDecimal amount) {}

    /** The next version of {@link Price}. */
    record PriceInCurrency(String sku, BigDecimal amount, Optional<String> currency) {}

    private final String namespace = UUID.randomUUID().toString();
    private final RedisServer redis = RedisServer.shared();
    private final List<TestNode> nodes = new ArrayList<>();

    private TestNode node(ValueCodec codec, Class<?> type) {
        CacheSpec spec = new CacheSpec(TestNode.CACHE, List.of(String.class), type);
        TestNode node = TestNode.start(redis.uri(), namespace, spec, settings -> settings.codec(codec));
        nodes.add(node);
        return node.awaitTrust().awaitUsable();
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    @Test
    void codecs_onTwoNodesEach_shareValuesAmongTheirOwn() {
        List<ValueCodec> codecs =
                List.of(JacksonCodec.create(), JacksonCodec.smile(), JacksonCodec.cbor(), Jackson2Codec.create());
        for (ValueCodec codec : codecs) {
            TestNode writer = node(codec, Price.class);
            TestNode reader = node(codec, Price.class);
            Price price = new Price("k", new BigDecimal(codec.id() + ".50"));

            assertThat(reader.lookup("k" + codec.id())).isInstanceOf(Lookup.Granted.class); // a miss, not garbage
            writer.invalidate("k" + codec.id());
            writer.put("k", price);

            assertThat(reader.value("k")).isEqualTo(price);
        }
        // all four stand beside each other, and an invalidation by any node voids them all
        for (int i = 0; i < nodes.size(); i++) {
            assertThat(((Price) nodes.get(i).value("k")).amount())
                    .isEqualTo(new BigDecimal(codecs.get(i / 2).id() + ".50"));
        }
        assertThat(nodes.get(5).invalidate("k")).isEqualTo(Delivery.DONE);
        for (int i = 0; i < nodes.size(); i += 2) {
            assertThat(nodes.get(i).lease("k")).isNotNull();
        }
    }

    @Test
    void versionsOfARecord_duringARollingDeploy_liveSideBySide() {
        TestNode old = node(JacksonCodec.create(), Price.class);
        TestNode next = node(JacksonCodec.create(), PriceInCurrency.class);
        TestNode oldToo = node(JacksonCodec.create(), Price.class);
        old.put("k", new Price("k", new BigDecimal("1.00")));
        next.put("k", new PriceInCurrency("k", new BigDecimal("1.00"), Optional.of("EUR")));

        assertThat(oldToo.value("k")).isEqualTo(new Price("k", new BigDecimal("1.00")));
        assertThat(next.value("k")).isEqualTo(new PriceInCurrency("k", new BigDecimal("1.00"), Optional.of("EUR")));

        assertThat(next.invalidate("k")).isEqualTo(Delivery.DONE);
        assertThat(old.lease("k")).isNotNull();
        assertThat(next.lease("k")).isNotNull();
    }

    /** A codec of a user that notes where it runs. */
    private record Watched(Set<String> threads) implements ValueCodec {
        @Override
        public int id() {
            return 200;
        }

        @Override
        public Typed bind(Type type) {
            return new Typed() {
                @Override
                public String shape() {
                    return "text";
                }

                @Override
                public byte[] encode(Object value) {
                    return ((String) value).getBytes(StandardCharsets.UTF_8);
                }

                @Override
                public Object decode(byte[] bytes, int offset, int length) {
                    threads.add(Thread.currentThread().getName());
                    return new String(bytes, offset, length, StandardCharsets.UTF_8);
                }
            };
        }
    }

    /** Our own codecs read small scalars where they arrive; a user's may do anything. */
    @Test
    void userCodec_smallScalar_isNotReadOnTheConnectionsThread() {
        Watched codec = new Watched(ConcurrentHashMap.newKeySet());
        TestNode writer = node(codec, String.class);
        TestNode reader = node(codec, String.class);
        writer.put("k", "small");

        assertThat(reader.value("k")).isEqualTo("small");

        assertThat(codec.threads).isNotEmpty().allMatch(name -> name.startsWith("aside-redis-codec-"));
    }
}
