package dev.aside.offload.http;

import java.util.ArrayList;
import java.util.List;

/** The entity tags of {@code If-Match} or {@code If-None-Match} (RFC 9110, 13.1). Immutable. */
final class EntityTags {
    private enum Form {
        ABSENT,
        ANY,
        LIST,
        MALFORMED
    }

    private static final EntityTags MALFORMED = new EntityTags(Form.MALFORMED, List.of());

    private final Form form;
    /** As written, weak ones with their mark. */
    private final List<String> tags;

    private EntityTags(Form form, List<String> tags) {
        this.form = form;
        this.tags = List.copyOf(tags);
    }

    static EntityTags parse(List<String> lines) {
        if (lines.isEmpty()) {
            return new EntityTags(Form.ABSENT, List.of());
        }
        String text = HeaderScanner.trim(String.join(", ", lines));
        if (text.equals("*")) {
            return new EntityTags(Form.ANY, List.of());
        }
        if (text.length() > HeaderScanner.MAX_LENGTH) {
            return MALFORMED;
        }
        List<String> tags = new ArrayList<>();
        HeaderScanner in = new HeaderScanner(text);
        for (in.skipCommas(); !in.atEnd(); in.skipCommas()) {
            String tag = tag(in);
            if (tag.isEmpty() || !in.atElementEnd()) {
                return MALFORMED;
            }
            tags.add(tag);
        }
        return tags.isEmpty() ? MALFORMED : new EntityTags(Form.LIST, tags);
    }

    /** One tag, or empty if there is none here. */
    private static String tag(HeaderScanner in) {
        boolean weak = in.eat('W');
        if ((weak && !in.eat('/')) || !in.eat('"')) {
            return "";
        }
        StringBuilder tag = new StringBuilder(weak ? "W/\"" : "\"");
        while (isTagChar(in.peek())) {
            tag.append(in.next());
        }
        return in.eat('"') ? tag.append('"').toString() : "";
    }

    private static boolean isTagChar(char c) {
        return c == '!' || (c >= '#' && c <= '~') || (c >= 0x80 && c <= 0xff);
    }

    boolean isAbsent() {
        return form == Form.ABSENT;
    }

    boolean isMalformed() {
        return form == Form.MALFORMED;
    }

    /** Whether one of them is {@code tag}, weak or not; as {@code If-None-Match} compares. */
    boolean matchWeakly(String tag) {
        return form == Form.ANY || tags.stream().anyMatch(known -> opaque(known).equals(opaque(tag)));
    }

    /** Whether one of them is {@code tag} and neither is weak; as {@code If-Match} compares. */
    boolean matchStrongly(String tag) {
        return form == Form.ANY || (!tag.startsWith("W/") && tags.contains(tag));
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
