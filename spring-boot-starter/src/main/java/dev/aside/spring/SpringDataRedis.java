package dev.aside.spring;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * What {@code spring.data.redis.*} says about the connection. Read without Spring Data's classes, which an application
 * need not have.
 */
record SpringDataRedis(
        @Nullable String url,
        @Nullable String host,
        @DefaultValue("6379") int port,
        @DefaultValue("0") int database,
        @Nullable String username,
        @Nullable String password,
        @Nullable String clientName,
        @Nullable Duration timeout,
        @DefaultValue Ssl ssl,
        @Nullable Sentinel sentinel,
        @Nullable Nodes cluster,
        @Nullable Nodes masterreplica) {
    static final String PREFIX = "spring.data.redis";

    /** The properties that say where Redis is. */
    static final List<String> PLACE = List.of(PREFIX + ".url", PREFIX + ".host", PREFIX + ".port");

    private static final String BOOT_READS_IT = "org.springframework.boot.data.redis.autoconfigure.DataRedisProperties";
    private static final String INSTEAD = "set aside.redis.uri to a standalone Redis, or aside.redis.enabled to false";

    record Ssl(@Nullable Boolean enabled, @Nullable String bundle) {

        boolean isOn() {
            return enabled == null ? StringUtils.hasText(bundle) : enabled;
        }
    }

    record Sentinel(@Nullable String master, @DefaultValue List<String> nodes) {}

    record Nodes(@DefaultValue List<String> nodes) {}

    /** Whether these properties mean anything in this application. */
    static boolean isPresent(@Nullable ClassLoader loader) {
        return ClassUtils.isPresent(BOOT_READS_IT, loader);
    }

    static SpringDataRedis of(Environment environment) {
        return Binder.get(environment).bindOrCreate(PREFIX, SpringDataRedis.class);
    }

    /** Whether somebody said where Redis is: Boot's own guess, localhost, does not count. */
    boolean isNamed() {
        return StringUtils.hasText(url) || StringUtils.hasText(host) || arrangement() != null;
    }

    /** The place that is named. */
    RedisPlace place() {
        refuseArrangement();
        if (ssl.isOn() && StringUtils.hasText(ssl.bundle)) {
            throw new StartRefusedException(
                    "an SSL bundle cannot be used for the caches yet",
                    "set aside.redis.uri to rediss://host:port, if the JVM trusts its certificate, or"
                            + " aside.redis.enabled to false",
                    List.of(PREFIX + ".ssl.bundle"));
        }
        if (StringUtils.hasText(url)) {
            return parsed(url);
        }
        if (!StringUtils.hasText(host)) {
            throw nowhere();
        }
        return new RedisPlace(ssl.isOn(), host, port, database, username, password, clientName);
    }

    /** Redis is asked for, and nobody says where it is. */
    static StartRefusedException nowhere() {
        return new StartRefusedException(
                "nothing says where Redis is",
                "set aside.redis.uri, such as redis://localhost:6379, or remove aside.redis.enabled",
                List.of("aside.redis.enabled"));
    }

    private void refuseArrangement() {
        String arrangement = arrangement();
        if (arrangement != null) {
            throw new StartRefusedException(
                    "a Redis of several servers is not supported yet, and " + PREFIX + " names one",
                    INSTEAD,
                    List.of(PREFIX + "." + arrangement));
        }
    }

    private @Nullable String arrangement() {
        if (sentinel != null && (StringUtils.hasText(sentinel.master) || !sentinel.nodes.isEmpty())) {
            return "sentinel";
        }
        if (cluster != null && !cluster.nodes.isEmpty()) {
            return "cluster";
        }
        return masterreplica != null && !masterreplica.nodes.isEmpty() ? "masterreplica" : null;
    }

    /** As Boot reads it: the user, the password and the database of the URL stand instead of their properties. */
    private RedisPlace parsed(String text) {
        try {
            URI uri = new URI(text);
            boolean secure = "rediss".equals(uri.getScheme());
            if (uri.getHost() == null || !(secure || "redis".equals(uri.getScheme()))) {
                throw malformed();
            }
            String user = uri.getUserInfo();
            int colon = user == null ? -1 : user.indexOf(':');
            String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
            return new RedisPlace(
                    secure || ssl.isOn(),
                    uri.getHost(),
                    uri.getPort() == -1 ? RedisPlace.PORT : uri.getPort(),
                    path.isEmpty() ? 0 : Integer.parseInt(path),
                    user == null || colon < 0 ? null : user.substring(0, colon),
                    user == null ? null : user.substring(colon + 1),
                    clientName);
        } catch (URISyntaxException | NumberFormatException e) { // not passed on: its message may show the password
            throw malformed();
        }
    }

    private static StartRefusedException malformed() {
        return new StartRefusedException("the Redis URL is malformed", RedisSettings.FORM, List.of(PREFIX + ".url"));
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return PREFIX;
    }
}
