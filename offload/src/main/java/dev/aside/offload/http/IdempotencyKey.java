package dev.aside.offload.http;

import java.util.List;

/**
 * The {@code Idempotency-Key} of a request: {@value #MIN}..{@value #MAX} visible ASCII characters, as the structured
 * string of the IETF draft or bare as most clients send it. Both forms of one key are the same key.
 *
 * @param form whether there is one
 * @param value the key, empty unless PRESENT
 */
record IdempotencyKey(Form form, String value) {
    static final int MIN = 8;
    static final int MAX = 255;

    enum Form {
        ABSENT,
        PRESENT,
        MALFORMED
    }

    private static final IdempotencyKey ABSENT = new IdempotencyKey(Form.ABSENT, "");
    private static final IdempotencyKey MALFORMED = new IdempotencyKey(Form.MALFORMED, "");

    static IdempotencyKey parse(List<String> lines) {
        if (lines.isEmpty()) {
            return ABSENT;
        }
        // each character of a structured string may be escaped, and it has quotes around it
        if (lines.size() > 1 || lines.get(0).length() > 2 * MAX + 2) {
            return MALFORMED;
        }
        String text = HeaderScanner.trim(lines.get(0));
        String key = text.startsWith("\"") ? unquote(text) : bare(text);
        boolean fits = key.length() >= MIN && key.length() <= MAX && key.chars().allMatch(c -> c > ' ' && c <= '~');
        return fits ? new IdempotencyKey(Form.PRESENT, key) : MALFORMED;
    }

    /** The bare form, empty if it has a character that only quotes make unambiguous: two joined lines are not one key. */
    private static String bare(String text) {
        return text.chars().anyMatch(c -> c == '"' || c == ',' || c == '\\') ? "" : text;
    }

    /** The content of a structured string (RFC 9651, 3.3.3) without parameters, or empty if it is none. */
    private static String unquote(String text) {
        StringBuilder key = new StringBuilder();
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i == text.length() - 1 ? key.toString() : "";
            }
            if (c == '\\') {
                i++;
                c = i < text.length() ? text.charAt(i) : '\0';
                if (c != '"' && c != '\\') {
                    return "";
                }
            }
            key.append(c);
        }
        return "";
    }
}
