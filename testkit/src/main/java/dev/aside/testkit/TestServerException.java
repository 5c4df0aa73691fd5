package dev.aside.testkit;

import org.jspecify.annotations.Nullable;

/** A server of the testkit could not be found, started, reached or controlled. The message names the server and a way out. */
public final class TestServerException extends RuntimeException {
    TestServerException(String message) {
        super(message);
    }

    TestServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
