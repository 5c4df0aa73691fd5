package dev.aside.offload.spi;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries something that belongs to a thread (trace, MDC, locale, the caller's name) from whoever asks for work to
 * whoever does it. Thread-safe.
 */
public interface ContextCarrier {
    /**
     * Carries texts that something else keeps for each thread, such as a logging context:
     *
     * <pre>{@code
     * ContextCarrier.texts("mdc.", MDC::getCopyOfContextMap, MDC::setContextMap, Set.of("traceId", "user"))
     * }</pre>
     *
     * @param prefix of the names outside the process, so that carriers do not meet
     * @param get all texts of the calling thread by name; null for none
     * @param set replaces all of them; what it gets is its own
     * @param exported the names that are stored with a job and may so reach another process; never a secret. The others
     *     reach the workers of this process only.
     */
    static ContextCarrier texts(
            String prefix,
            Supplier<? extends @Nullable Map<String, String>> get,
            Consumer<? super Map<String, String>> set,
            Set<String> exported) {
        return new TextCarrier(
                Objects.requireNonNull(prefix, "prefix"),
                Objects.requireNonNull(get, "get"),
                Objects.requireNonNull(set, "set"),
                Set.copyOf(exported));
    }

    /**
     * Carries one text, such as a locale or the caller's name, to workers and with stored jobs:
     *
     * <pre>{@code
     * ContextCarrier.text("locale", () -> locale.get().toLanguageTag(), tag -> locale.set(Locale.forLanguageTag(tag)))
     * }</pre>
     *
     * @param name outside the process
     * @param get the calling thread's; null for none
     * @param set replaces it; null for none
     */
    static ContextCarrier text(
            String name, Supplier<? extends @Nullable String> get, Consumer<? super @Nullable String> set) {
        Objects.requireNonNull(get, "get");
        Objects.requireNonNull(set, "set");
        return texts(
                "",
                () -> {
                    String value = get.get();
                    return value == null ? null : Map.of(name, value);
                },
                values -> set.accept(values.get(name)),
                Set.of(name));
    }

    /** Takes what the calling thread has. */
    Captured capture();

    /** Restores what {@link Captured#export()} gave, maybe in another process; ignores names it does not know. */
    Captured load(Map<String, String> exported);

    /** What one thread had. */
    interface Captured {
        /** Puts it on the calling thread; closing the scope puts back what was there. */
        Scope restore();

        /** What may leave the process, by names of its own; never secrets, such as tokens. */
        Map<String, String> export();
    }

    /** The time in which a thread has what was captured. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
