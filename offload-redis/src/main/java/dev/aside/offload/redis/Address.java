package dev.aside.offload.redis;

import io.lettuce.core.RedisURI;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, and of what kind.
 *
 * @param uris one of a server or of Sentinel, or the nodes of a cluster that are asked for the others
 * @param cluster whether it is a cluster
 */
record Address(List<RedisURI> uris, boolean cluster) {
    static final String FORMS = "redis://[user:password@]host[:port][/database], rediss:// for TLS,"
            + " redis-sentinel://host[:port],host[:port]#primary or redis-cluster://host[:port],host[:port]";

    private static final String CLUSTER = "redis-cluster://";
    private static final String CLUSTER_TLS = "rediss-cluster://";

    /** @throws IllegalArgumentException if the text is of no such form; the message shows no password */
    static Address of(String text) {
        if (text.startsWith(CLUSTER) || text.startsWith(CLUSTER_TLS)) {
            String scheme = text.startsWith(CLUSTER) ? "redis://" : "rediss://";
            return cluster(scheme, text.substring(text.indexOf("://") + 3), text);
        }
        return new Address(List.of(parsed(text, text)), false);
    }

    private static Address cluster(String scheme, String rest, String text) {
        int at = rest.lastIndexOf('@');
        String user = rest.substring(0, at + 1);
        List<RedisURI> nodes = Arrays.stream(rest.substring(at + 1).split(",", -1))
                .map(node -> parsed(scheme + user + node, text))
                .toList();
        return new Address(nodes, true);
    }

    private static RedisURI parsed(String uri, String text) {
        RedisURI parsed;
        try {
            parsed = RedisURI.create(uri);
        } catch (RuntimeException e) { // not passed on as the cause: its message may show the password
            throw malformed(text);
        }
        boolean sentinel = !parsed.getSentinels().isEmpty();
        if (!sentinel && parsed.getSocket() == null && !isHost(parsed.getHost())) {
            throw malformed(text);
        }
        if (sentinel && parsed.getSentinelMasterId() == null) {
            throw malformed(text);
        }
        return parsed;
    }

    private static boolean isHost(@Nullable String host) {
        return host != null
                && !host.isBlank()
                && host.chars().filter(c -> c == ':').count() != 1; // a port that is none ends up in the host
    }

    private static IllegalArgumentException malformed(String text) {
        String shown = text.replaceFirst("//.*@", "//***@"); // a password may hold any of / and @
        return new IllegalArgumentException(
                "the Redis URI '" + shown + "' is malformed. Hint: its form is " + FORMS + ".");
    }

    /** For messages; without credentials. */
    @Override
    public String toString() {
        RedisURI first = uris.get(0);
        if (!first.getSentinels().isEmpty()) {
            RedisURI sentinel = first.getSentinels().get(0);
            return "Sentinel " + sentinel.getHost() + ':' + sentinel.getPort();
        }
        String server = first.getSocket() == null ? first.getHost() + ':' + first.getPort() : first.getSocket();
        return (cluster ? "the cluster of " : "") + server;
    }
}
