package dev.aside.spring;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Hands property values to builders, and names the property when a builder refuses one. */
final class Property {
    private Property() {}

    /** Sets the value unless it is absent. */
    static <T> void apply(String name, @Nullable T value, Consumer<? super T> setter) {
        if (value == null) {
            return;
        }
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw invalid(name, value, e);
        }
    }

    /** What Boot's failure report understands: it adds where the property was set. */
    static InvalidConfigurationPropertyValueException invalid(
            String name, @Nullable Object value, RuntimeException cause) {
        InvalidConfigurationPropertyValueException invalid =
                new InvalidConfigurationPropertyValueException(name, value, cause.getMessage());
        invalid.initCause(cause);
        return invalid;
    }
}
