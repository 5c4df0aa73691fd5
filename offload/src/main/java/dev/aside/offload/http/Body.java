package dev.aside.offload.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes into the body of an answer. */
public sealed interface Body {
    /** Nothing. */
    record None() implements Body {}

    /**
     * What the operation itself answered: written by whoever has it, now or out of the store. The answer's headers are
     * the operation's own already, its {@code Content-Type} among them.
     */
    record Result() implements Body {}

    /**
     * A JSON object.
     *
     * @param members in order; a value is a map like this one, a {@link Iterable}, a string, a number, a boolean or
     *     null. Unmodifiable
     */
    record Document(Map<String, @Nullable Object> members) implements Body {
        public Document {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** The text, for those without a JSON library. */
        public String toJson() {
            return JsonText.of(members);
        }
    }
}
