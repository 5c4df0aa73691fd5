package dev.aside.testkit;

import org.jspecify.annotations.Nullable;

/** Where settings of the machine come from: environment variables, or named ones in a test. */
@FunctionalInterface
interface Environment {
    Environment SYSTEM = System::getenv;

    @Nullable String read(String name);

    /** The variable's value, or null if it is unset or blank. */
    default @Nullable String get(String name) {
        String value = read(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
