package dev.aside.spring.actuate;

import java.util.Collection;

/** A request for a cache or policy that does not exist here. */
final class UnknownNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownNameException(String what, String name, Collection<String> known) {
        super("there is no " + what + " '" + name + "' [hint: "
                + (known.isEmpty() ? "none is defined yet" : "there are " + String.join(", ", known)) + "]");
    }
}
