package dev.aside.testkit;

/** JDBC URLs of PostgreSQL: {@code jdbc:postgresql://host:port/database?properties}. */
final class PostgresUrl {
    private static final String PREFIX = "jdbc:postgresql:";

    private static final int DEFAULT_PORT = 5432;

    private PostgresUrl() {}

    static String withDatabase(String url, String database) {
        return url.substring(0, nameStart(url)) + database + url.substring(nameEnd(url));
    }

    static String database(String url) {
        return url.substring(nameStart(url), nameEnd(url));
    }

    static String host(String url) {
        return authority(url).replaceFirst(":\\d+$", "");
    }

    static int port(String url) {
        String authority = authority(url);
        String host = host(url);
        return host.length() == authority.length()
                ? DEFAULT_PORT
                : Integer.parseInt(authority.substring(host.length() + 1));
    }

    private static String authority(String url) {
        return url.substring(PREFIX.length() + 2, nameStart(url) - 1);
    }

    /** For messages. */
    static String withoutSecrets(String url) {
        return url.substring(0, nameEnd(url));
    }

    private static int nameStart(String url) {
        int slash = url.lastIndexOf('/', nameEnd(url));
        if (!url.startsWith(PREFIX + "//") || slash < PREFIX.length() + 2 || slash + 1 == nameEnd(url)) {
            throw new TestServerException("Not a PostgreSQL URL: '" + withoutSecrets(url)
                    + "'. Write jdbc:postgresql://host:port/database?user=...&password=... (in "
                    + PostgresServer.VARIABLE + "; unset it to use the embedded server).");
        }
        return slash + 1;
    }

    private static int nameEnd(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url.length() : query;
    }
}
