package dev.aside.cache.spi;

/**
 * A cache, policy or annotation that cannot work as it is written. Thrown at start-up: when a builder is finished, a
 * cache defined or a proxy made. The message says what is wrong, where, and how to mend it.
 */
public final class CacheConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** A mistake described by the message. */
    public CacheConfigurationException(String message) {
        super(message);
    }

    /** A mistake described by the message, found by the cause. */
    public CacheConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
