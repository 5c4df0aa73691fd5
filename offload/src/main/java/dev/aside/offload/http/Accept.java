package dev.aside.offload.http;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The media types a client names, with their weight. One that breaks the grammar counts as none. Immutable. */
final class Accept {
    private final Map<String, Integer> weights;

    private Accept(Map<String, Integer> weights) {
        this.weights = weights;
    }

    static Accept parse(List<String> lines) {
        String text = String.join(", ", lines);
        Map<String, Integer> weights = text.length() > HeaderScanner.MAX_LENGTH ? null : read(new HeaderScanner(text));
        return new Accept(weights == null ? Map.of() : Map.copyOf(weights));
    }

    private static @Nullable Map<String, Integer> read(HeaderScanner in) {
        Map<String, Integer> weights = new HashMap<>();
        for (in.skipCommas(); !in.atEnd(); in.skipCommas()) {
            String type = in.token();
            String subtype = type != null && in.eat('/') ? in.token() : null;
            int weight = subtype == null ? -1 : weight(in);
            if (subtype == null || weight < 0) {
                return null;
            }
            weights.merge((type + "/" + subtype).toLowerCase(Locale.ROOT), weight, Math::max);
        }
        return weights;
    }

    /** The weight in thousandths, 1000 if not given, -1 if the parameters break the grammar. */
    private static int weight(HeaderScanner in) {
        int weight = 1_000;
        while (!in.atElementEnd()) {
            if (!in.eat(';')) {
                return -1;
            }
            in.skipSpace();
            String name = in.token();
            if (name == null) {
                continue; // RFC 9110 allows an empty parameter
            }
            String value = in.eat('=') ? in.word() : null;
            if (value == null) {
                return -1;
            }
            if (name.equalsIgnoreCase("q")) {
                weight = thousandths(value);
            }
            if (weight < 0) {
                return -1;
            }
        }
        return weight;
    }

    private static int thousandths(String q) {
        boolean one = q.startsWith("1");
        if (q.isEmpty() || q.length() > 5 || !(one || q.startsWith("0")) || (q.length() > 1 && q.charAt(1) != '.')) {
            return -1;
        }
        String digits = q.length() > 2 ? q.substring(2) : "0";
        if (!HeaderScanner.isNumber(digits)) {
            return -1;
        }
        int fraction = Integer.parseInt((digits + "00").substring(0, 3));
        return one ? (fraction == 0 ? 1_000 : -1) : fraction;
    }

    /** Whether the client names this very type, not only a range around it, and does not refuse it. */
    boolean names(String mediaType) {
        return weights.getOrDefault(mediaType, 0) > 0;
    }

    /** Whether the client names this very type to refuse it. */
    boolean refuses(String mediaType) {
        return weights.getOrDefault(mediaType, 1) == 0;
    }
}
