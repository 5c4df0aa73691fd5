package dev.aside.demo.data;

/** Shop data that cannot be read. The message is one line, meant for whoever started the demo. */
public final class ShopDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ShopDataException(String message, Throwable cause) {
        super(message, cause);
    }

    ShopDataException(String message) {
        super(message);
    }
}
