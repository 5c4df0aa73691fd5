package dev.aside.benchmarks.redis;

import dev.aside.cache.redis.JacksonCodec;
import dev.aside.cache.redis.ValueCodec;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The least that can be done: GET, MGET and PUBLISH with one subscriber, values decoded by the same codec. */
final class RawLettuce implements Contender {
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    private static final String CHANNEL = "raw:invalidations";

    private final ValueCodec.Typed values = JacksonCodec.create().bind(Article.class);
    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> connection;
    private final StatefulRedisPubSubConnection<String, byte[]> subscriber;
    private final RedisCommands<String, byte[]> commands;

    RawLettuce(String uri) {
        client = RedisClient.create(uri);
        connection = client.connect(CODEC);
        commands = connection.sync();
        for (long key = 0; key < KEYS; key++) {
            commands.set(name(key), values.encode(Article.of(key)));
        }
        subscriber = client.connectPubSub(CODEC);
        subscriber.sync().subscribe(CHANNEL);
    }

    private static String name(long key) {
        return "raw:article:" + key;
    }

    @Override
    public String name() {
        return "raw Lettuce";
    }

    @Override
    public Map<Work, Operation> operations() {
        return Map.of(Work.HIT, this::hit, Work.BATCH, this::batch, Work.INVALIDATE, this::publish);
    }

    private Object hit(int number) {
        return decode(commands.get(name(Contender.key(number))));
    }

    private Object batch(int number) {
        String[] names = new String[Contender.BATCH];
        for (int i = 0; i < names.length; i++) {
            names[i] = name(Contender.key(number, i));
        }
        List<Object> all = new ArrayList<>(names.length);
        for (KeyValue<String, byte[]> found : commands.mget(names)) {
            all.add(decode(found.getValue()));
        }
        return all;
    }

    private Object publish(int number) {
        return commands.publish(CHANNEL, name(Contender.key(number)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private Object decode(byte[] bytes) {
        return values.decode(bytes, 0, bytes.length);
    }

    @Override
    public void close() {
        subscriber.close();
        connection.close();
        client.shutdown();
    }
}
