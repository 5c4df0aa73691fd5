package dev.aside.testkit;

/** A Redis server answered a command with an error. */
public final class RedisCommandException extends RuntimeException {
    private final String error;

    RedisCommandException(String command, String error) {
        super("Redis refused " + command + ": " + error);
        this.error = error;
    }

    /** The server's error line, such as {@code WRONGTYPE Operation against a key ...}. */
    public String error() {
        return error;
    }
}
