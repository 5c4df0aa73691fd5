package dev.aside.spring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The message of one of the library's exceptions, taken apart.
 *
 * @param what is wrong, and where
 * @param how to mend it; null if the message does not say
 */
record Complaint(String what, @Nullable String how) {
    private static final Pattern HINT = Pattern.compile("\\s*\\[hint: (.*?)](?=\\n|\\z)", Pattern.DOTALL);
    private static final Pattern LAST_SENTENCE = Pattern.compile("\\s*Hint: (.*)\\z", Pattern.DOTALL);
    private static final Pattern PLAIN_WORDS = Pattern.compile("[A-Za-z]+(?! =)[ ,;].*", Pattern.DOTALL);

    static Complaint of(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? new Complaint(failure.toString(), null) : of(message);
    }

    static Complaint of(String message) {
        for (Pattern pattern : new Pattern[] {HINT, LAST_SENTENCE}) {
            Matcher hint = pattern.matcher(message);
            if (hint.find()) {
                return new Complaint(withoutDot(hint.replaceFirst("")), withoutDot(hint.group(1)));
            }
        }
        return new Complaint(withoutDot(message), null);
    }

    /** How to mend it, as a sentence. */
    static String sentence(String how) {
        String begun = PLAIN_WORDS.matcher(how).matches()
                ? Character.toUpperCase(how.charAt(0)) + how.substring(1)
                : "Write " + how;
        return begun.endsWith(".") || begun.endsWith("?") ? begun : begun + ".";
    }

    private static String withoutDot(String text) {
        return text.endsWith(".") && !text.endsWith("..") ? text.substring(0, text.length() - 1) : text;
    }
}
