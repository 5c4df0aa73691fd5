package dev.aside.spring.offload;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** Says that a method cannot be offloaded as it is written: what is wrong, where, how to mend it. */
public final class OffloadRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String how;
    private final transient Method method;

    /**
     * A refusal of this method.
     *
     * @param what is wrong
     * @param how to mend it, in a clause
     */
    public OffloadRefusedException(Method method, String what, String how) {
        super(what + "\n    in " + text(method) + " [hint: " + how + "]");
        this.method = method;
        this.what = Objects.requireNonNull(what, "what");
        this.how = Objects.requireNonNull(how, "how");
    }

    /** What the library said, about this method. */
    static OffloadRefusedException because(Method method, RuntimeException cause, String where) {
        String[] parts = String.valueOf(cause.getMessage()).split("\\.? ?Hint: |\\[hint: ", 2);
        String how = parts.length < 2 ? "correct it" : parts[1].replaceFirst("[].]+$", "");
        OffloadRefusedException refused =
                new OffloadRefusedException(method, parts[0].strip().replaceFirst("\\.$", "") + where, how);
        refused.initCause(cause);
        return refused;
    }

    /** What is wrong. */
    public String what() {
        return what;
    }

    /** How to mend it. */
    public String how() {
        return how;
    }

    /** The method. */
    public Method method() {
        return method;
    }

    /** Class, name and parameters, as one line. */
    public static String text(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
