package dev.aside.offload.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request calls this server, checked so that it may stand in an answer. */
final class Authority {
    private static final int MAX_HOST = 253;
    private static final int MAX_LABEL = 63;

    private Authority() {}

    /** Host and port in lower case, or null unless there is exactly one {@code Host} that is well formed. */
    static @Nullable String parse(List<String> lines) {
        String text = lines.size() == 1 ? lines.get(0) : "";
        if (text.length() > MAX_HOST + ":65535".length()) {
            return null;
        }
        String host = hostOf(text);
        String rest = text.substring(host.length());
        boolean known = host.startsWith("[") ? isAddress6(host) : isName(host);
        return known && isPort(rest) ? text.toLowerCase(Locale.ROOT) : null;
    }

    /** The part before the port. */
    static String hostOf(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        return end > 0 ? authority.substring(0, end) : authority;
    }

    private static boolean isPort(String rest) {
        if (rest.isEmpty()) {
            return true;
        }
        String port = rest.substring(1);
        return rest.charAt(0) == ':' && port.length() <= 5 && HeaderScanner.isNumber(port) && isInRange(port);
    }

    private static boolean isInRange(String port) {
        int number = Integer.parseInt(port);
        return number > 0 && number <= 65_535;
    }

    /** A name or an IPv4 address: labels of letters, digits, dashes and underscores. */
    private static boolean isName(String host) {
        if (host.isEmpty() || host.length() > MAX_HOST) {
            return false;
        }
        for (String label : host.split("\\.", -1)) {
            boolean edges = !label.isEmpty() && label.charAt(0) != '-' && label.charAt(label.length() - 1) != '-';
            if (!edges || label.length() > MAX_LABEL || !label.chars().allMatch(Authority::isLabelChar)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLabelChar(int c) {
        return isHexDigit(c) || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || c == '-' || c == '_';
    }

    /** An IPv6 address in brackets: enough of its grammar that nothing else fits through. */
    private static boolean isAddress6(String host) {
        String address = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
        return address.length() >= 2
                && address.length() <= 45
                && address.chars().filter(c -> c == ':').count() >= 2
                && address.chars().allMatch(c -> isHexDigit(c) || c == ':' || c == '.');
    }

    private static boolean isHexDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
