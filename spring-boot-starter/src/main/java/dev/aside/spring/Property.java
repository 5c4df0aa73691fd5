package dev.aside.spring;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hands property values to builders, and names the property when a builder refuses one. */
final class Property {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9-]+");

    private Property() {}

    /** Sets the value unless it is absent. */
    static <T> void apply(String name, @Nullable T value, Consumer<? super T> setter) {
        if (value == null) {
            return;
        }
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw StartRefusedException.because(e, List.of(name));
        }
    }

    /** The name of what stands below a map's key, which is put into brackets if it has to be. */
    static String below(String map, String key) {
        return PLAIN.matcher(key).matches() ? map + "." + key : map + "[" + key + "]";
    }
}
