package dev.aside.offload.http;

import org.jspecify.annotations.Nullable;

/** Reads the pieces of RFC 9110 section 5.6 from a header value, left to right, in linear time. Not thread-safe. */
final class HeaderScanner {
    /** Longer values are no honest preference, tag list or media range. */
    static final int MAX_LENGTH = 8_192;

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final String text;
    private int at;

    HeaderScanner(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The next character, NUL at the end; a NUL in the text fits no rule either. */
    char peek() {
        return atEnd() ? '\0' : text.charAt(at);
    }

    char next() {
        char c = peek();
        at++;
        return c;
    }

    boolean eat(char c) {
        if (atEnd() || text.charAt(at) != c) {
            return false;
        }
        at++;
        return true;
    }

    /** Optional white space: spaces and tabs. */
    void skipSpace() {
        while (!atEnd() && isSpace(peek())) {
            at++;
        }
    }

    /** Commas and white space between elements; empty elements are allowed. */
    void skipCommas() {
        skipSpace();
        while (eat(',')) {
            skipSpace();
        }
    }

    /** Ends an element: at a comma or the end of the text. */
    boolean atElementEnd() {
        skipSpace();
        return atEnd() || peek() == ',';
    }

    /** A token, or null if there is none here. */
    @Nullable String token() {
        int start = at;
        while (!atEnd() && isTokenChar(peek())) {
            at++;
        }
        return at == start ? null : text.substring(start, at);
    }

    /** A token or a quoted string without its quotes, or null if there is neither here. */
    @Nullable String word() {
        return peek() == '"' ? quoted() : token();
    }

    private @Nullable String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (!atEnd()) {
            char c = next();
            if (c == '"') {
                return value.toString();
            }
            if (c == '\\') {
                c = next();
            }
            if (!isText(c)) {
                return null;
            }
            value.append(c);
        }
        return null;
    }

    static boolean isTokenChar(char c) {
        return isDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || TOKEN_MARKS.indexOf(c) >= 0;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Without the spaces and tabs around it; other white space is no part of the grammar and stays. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether {@code text} is digits only, at least one. */
    static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isDigit((char) c));
    }

    /** Tab, space, visible ASCII, and the bytes above it that servers read as Latin-1. */
    private static boolean isText(char c) {
        return c == '\t' || (c >= ' ' && c <= 0xff && c != 0x7f);
    }
}
