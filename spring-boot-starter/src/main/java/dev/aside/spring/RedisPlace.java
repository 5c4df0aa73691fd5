package dev.aside.spring;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a standalone Redis is, and who we are there.
 *
 * @param username null or empty for the default user
 */
record RedisPlace(
        boolean tls,
        String host,
        int port,
        int database,
        @Nullable String username,
        @Nullable String password,
        @Nullable String clientName) {
    static final int PORT = 6379;

    /** In the form that a Redis tier takes. */
    String uri() {
        String address = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (tls ? "rediss://" : "redis://") + credentials() + address + ":" + port + "/" + database
                + (clientName == null || clientName.isEmpty() ? "" : "?clientName=" + encoded(clientName));
    }

    /** The colon is there even without a user name, so that one inside the password is not taken for it. */
    private String credentials() {
        if (password == null || password.isEmpty()) {
            return "";
        }
        return (username == null ? "" : encoded(username)) + ":" + encoded(password) + "@";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }
}
