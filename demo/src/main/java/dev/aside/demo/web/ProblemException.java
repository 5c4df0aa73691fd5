package dev.aside.demo.web;

import org.springframework.http.HttpStatus;

/** What a client asked for cannot be answered. Becomes a problem document; the message is one line for the client. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String type;
    private final String detail;

    private ProblemException(HttpStatus status, String type, String detail) {
        super(detail);
        this.status = status;
        this.type = type;
        this.detail = detail;
    }

    /** There is nothing of that name; the type says of which kind, such as {@code order-not-found}. */
    static ProblemException notFound(String type, String detail) {
        return new ProblemException(HttpStatus.NOT_FOUND, type, detail);
    }

    /** The request is not one. */
    static ProblemException badRequest(String detail) {
        return new ProblemException(HttpStatus.BAD_REQUEST, "bad-request", detail);
    }

    HttpStatus status() {
        return status;
    }

    String type() {
        return type;
    }

    String detail() {
        return detail;
    }
}
