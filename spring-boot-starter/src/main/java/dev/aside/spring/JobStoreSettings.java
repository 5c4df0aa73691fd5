package dev.aside.spring;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.offload.redis.RedisJobStoreBuilder;
import dev.aside.spring.AsideProperties.JobRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Brings {@code aside.offload.redis.*} into a store's builder. */
final class JobStoreSettings {
    private static final String PREFIX = "aside.offload.redis.";

    private JobStoreSettings() {}

    /** Everything but where Redis is. */
    static void apply(JobRedis redis, RedisJobStoreBuilder builder) {
        Property.apply(PREFIX + "namespace", redis.namespace(), builder::namespace);
        Property.apply(PREFIX + "shards", redis.shards(), builder::shards);
        Property.apply(PREFIX + "command-timeout", redis.commandTimeout(), builder::commandTimeout);
        Property.apply(PREFIX + "lease", redis.lease(), builder::lease);
        Property.apply(PREFIX + "max-crashes", redis.maxCrashes(), builder::maxCrashes);
        Property.apply(PREFIX + "result-ttl", redis.resultTtl(), ttl -> builder.retention(ttl, redis.statusTtl()));
        Property.apply(PREFIX + "dead-ttl", redis.deadTtl(), builder::deadRetention);
        size(PREFIX + "max-payload", redis.maxPayload(), builder::maxPayloadBytes);
        size(PREFIX + "max-result", redis.maxResult(), builder::maxResultBytes);
        Property.apply(PREFIX + "max-backlog", redis.maxBacklog(), most -> builder.maxBacklogBytes(most.toBytes()));
        if (!redis.replicatedTypes().isEmpty()) {
            Property.apply(
                    PREFIX + "replicas",
                    redis.replicas(),
                    replicas -> builder.replicated(redis.replicatedTypes(), replicas, redis.replicaTimeout()));
        }
        if (redis.allowEviction()) {
            builder.allowEviction();
        }
    }

    private static void size(String name, @Nullable DataSize size, IntConsumer setter) {
        Property.apply(name, size, given -> setter.accept((int) Math.min(Integer.MAX_VALUE, given.toBytes())));
    }

    /** Says where Redis is; gives back the properties that say it. */
    static List<String> place(
            AsideProperties properties,
            Environment environment,
            ConfigurableListableBeanFactory beans,
            RedisJobStoreBuilder builder) {
        JobRedis own = properties.offload().redis();
        if (own.uri() != null) {
            return uri(own.uri(), PREFIX + "uri", builder);
        }
        String shared = properties.redis().uri();
        if (shared != null) {
            return uri(shared, "aside.redis.uri", builder);
        }
        if (!SpringDataRedis.isPresent(beans.getBeanClassLoader())) {
            throw new StartRefusedException(
                    "nothing says where the Redis of the jobs is",
                    "set " + PREFIX + "uri, such as redis://localhost:6379, or remove " + PREFIX + "enabled",
                    List.of(PREFIX + "enabled"));
        }
        SpringDataRedis data = SpringDataRedis.of(environment);
        return uri(RedisAddress.place(data, beans).uri(), SpringDataRedis.PLACE, builder);
    }

    private static List<String> uri(String uri, String property, RedisJobStoreBuilder builder) {
        return uri(uri, List.of(property), builder);
    }

    private static List<String> uri(String uri, List<String> properties, RedisJobStoreBuilder builder) {
        try {
            builder.uri(uri);
        } catch (IllegalArgumentException e) { // not passed on: its message shows part of the URI
            throw new StartRefusedException(
                    "the Redis URI is malformed",
                    "write redis://[user:password@]host[:port][/database], rediss:// for TLS,"
                            + " redis-sentinel://host,host#primary or redis-cluster://host,host",
                    properties);
        }
        return properties;
    }

    /** Connects, and says which properties are to be changed if that fails. */
    static RedisJobStore build(RedisJobStoreBuilder builder, List<String> place) {
        try {
            return builder.build();
        } catch (JobStoreException e) {
            List<String> properties = new ArrayList<>(place);
            properties.add(PREFIX + "enabled");
            Complaint complaint = Complaint.of(e);
            StartRefusedException refused =
                    new StartRefusedException(complaint.what(), hint(complaint.what(), complaint.how()), properties);
            refused.initCause(e);
            throw refused;
        }
    }

    private static @Nullable String hint(String what, @Nullable String how) {
        if (what.contains("throws jobs away")) {
            return "set its maxmemory-policy to noeviction, or " + PREFIX + "uri to a Redis of its own for jobs, or "
                    + PREFIX + "allow-eviction to true if jobs may be lost";
        }
        if (what.contains("laid out in")) {
            return "set " + PREFIX + "shards as on the other nodes, or " + PREFIX + "namespace to another name";
        }
        return what.contains("cannot reach")
                ? "start Redis there, or correct the place, or set " + PREFIX
                        + "enabled to false to keep jobs in memory, where other nodes do not know them"
                : how;
    }
}
