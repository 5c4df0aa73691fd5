package dev.aside.demo.documents;

import org.jspecify.annotations.Nullable;

/** A picture cannot be used; the message is one line for the client. */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ImageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
