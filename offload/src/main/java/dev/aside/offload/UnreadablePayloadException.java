package dev.aside.offload;

/** The payload of a job cannot become what its handler takes: no attempt of this kind would end otherwise. */
final class UnreadablePayloadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadablePayloadException(String type, int version, Throwable cause) {
        super(
                "the payload of a job of type " + type + ", version " + version + ", cannot be decoded: "
                        + Texts.summary(cause),
                cause);
    }
}
