package dev.aside.testkit;

import java.nio.charset.StandardCharsets;

/** The connections of a proxy, split by whether their client has sent a text. Confined to the loop's thread. */
final class ProxySplit {
    private final String text;
    private final ProxyPart sending = new ProxyPart();
    private final ProxyPart others = new ProxyPart();

    ProxySplit(String text) {
        this.text = text;
    }

    ProxyPart part(boolean isSending) {
        return isSending ? sending : others;
    }

    int length() {
        return text.length();
    }

    /** Whether the text is in these bytes, or in part of them and the end of those before. */
    boolean isIn(String before, byte[] bytes) {
        return (before + new String(bytes, StandardCharsets.ISO_8859_1)).contains(text);
    }

    void clear() {
        sending.clear();
        others.clear();
    }
}
