package dev.aside.testkit;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a Redis server listens and how to log in, as read from {@code redis://[[user:]password@]host[:port][/database]}. */
record RedisAddress(String uri, String host, int port, List<List<String>> greeting) {
    static final String VARIABLE = "ASIDE_TEST_REDIS_URL";

    /** A server of this machine; an empty password is none. */
    static RedisAddress local(int port, String password) {
        String host = "127.0.0.1";
        return password.isEmpty()
                ? new RedisAddress("redis://" + host + ":" + port, host, port, List.of())
                : new RedisAddress(
                        "redis://:" + password + "@" + host + ":" + port,
                        host,
                        port,
                        List.of(List.of("AUTH", password)));
    }

    /** Parses the value of the environment variable. */
    static RedisAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw unreadable(text, e);
        }
        String host = uri.getHost();
        if (!"redis".equals(uri.getScheme()) || host == null) {
            throw unreadable(text, null);
        }
        List<List<String>> greeting = new ArrayList<>();
        if (uri.getUserInfo() != null) {
            greeting.add(login(uri.getUserInfo()));
        }
        String database = uri.getPath().replace("/", "");
        if (!database.isEmpty()) {
            if (!database.matches("\\d{1,4}")) {
                throw unreadable(text, null);
            }
            greeting.add(List.of("SELECT", database));
        }
        int port = uri.getPort() < 0 ? 6379 : uri.getPort();
        return new RedisAddress(text, host, port, List.copyOf(greeting));
    }

    private static List<String> login(String userInfo) {
        int colon = userInfo.indexOf(':');
        String password = userInfo.substring(colon + 1);
        return colon <= 0 ? List.of("AUTH", password) : List.of("AUTH", userInfo.substring(0, colon), password);
    }

    private static TestServerException unreadable(String text, @Nullable Throwable cause) {
        return new TestServerException(
                VARIABLE + " is not a Redis URL: '" + text.replaceFirst("//.*@", "//***@")
                        + "'. Write redis://[[user:]password@]host[:port][/database], or unset it to use the embedded server.",
                cause);
    }
}
