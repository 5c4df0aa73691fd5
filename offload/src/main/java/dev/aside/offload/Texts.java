package dev.aside.offload;

import org.jspecify.annotations.Nullable;

/** Texts that go into records. */
final class Texts {
    private static final int MAX = 512;

    private Texts() {}

    /** Class and message of an exception, bounded. */
    static String summary(Throwable thrown) {
        @Nullable String message = thrown.getMessage();
        return cut(thrown.getClass().getName() + (message == null ? "" : ": " + message));
    }

    static String cut(String text) {
        return text.length() <= MAX ? text : text.substring(0, MAX);
    }
}
