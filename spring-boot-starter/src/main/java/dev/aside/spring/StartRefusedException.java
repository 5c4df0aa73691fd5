package dev.aside.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says that the application cannot start as its properties are: what is wrong, where it is said, how to mend it. */
final class StartRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final @Nullable String how;
    private final List<String> properties;

    /**
     * @param what is wrong, without values that may be secret
     * @param how to mend it; null if that goes without saying
     * @param properties the names of those that say it, the most telling first; not all of them need be set
     */
    StartRefusedException(String what, @Nullable String how, List<String> properties) {
        super(what + "\n    for " + String.join(", ", properties) + (how == null ? "" : " [hint: " + how + "]"));
        this.what = what;
        this.how = how;
        this.properties = List.copyOf(properties);
    }

    /** What a builder said, about these properties. */
    static StartRefusedException because(RuntimeException cause, List<String> properties) {
        Complaint complaint = Complaint.of(cause);
        StartRefusedException refused = new StartRefusedException(complaint.what(), complaint.how(), properties);
        refused.initCause(cause);
        return refused;
    }

    String what() {
        return what;
    }

    @Nullable String how() {
        return how;
    }

    List<String> properties() {
        return properties;
    }
}
