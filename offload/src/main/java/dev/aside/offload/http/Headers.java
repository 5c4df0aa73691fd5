package dev.aside.offload.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Header fields in their order, found by name without regard to case. Takes any text: requests are hostile. Immutable. */
public final class Headers {
    /** No fields. */
    public static final Headers NONE = new Headers(List.of());

    private final List<Field> fields;

    private Headers(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    /**
     * One header line.
     *
     * @param name as it was written
     * @param value without the surrounding spaces a server strips
     */
    public record Field(String name, String value) {
        public Field {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /** Fields from the form frameworks keep them in. */
    public static Headers of(Map<String, ? extends Collection<String>> fields) {
        Builder builder = builder();
        fields.forEach((name, values) -> values.forEach(value -> builder.add(name, value)));
        return builder.build();
    }

    /** Starts without fields. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these fields. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.fields.addAll(fields);
        return builder;
    }

    /** All fields in order. */
    public List<Field> fields() {
        return fields;
    }

    /** The values of all fields of that name, in order. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /** The value of the first field of that name. */
    public Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /** The form frameworks keep fields in; names that differ only in case are one. */
    public Map<String, List<String>> toMap() {
        Map<String, String> spelled = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, List<String>> map = new LinkedHashMap<>();
        for (Field field : fields) {
            String name = spelled.computeIfAbsent(field.name, n -> n);
            map.computeIfAbsent(name, n -> new ArrayList<>()).add(field.value);
        }
        return map;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers headers && fields.equals(headers.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** The names only: values may be secrets. */
    @Override
    public String toString() {
        return fields.stream().map(Field::name).toList().toString();
    }

    /** Collects fields. Not thread-safe. */
    public static final class Builder {
        private final List<Field> fields = new ArrayList<>();

        private Builder() {}

        /** One more field, even if there is one of that name. */
        public Builder add(String name, String value) {
            fields.add(new Field(name, value));
            return this;
        }

        /** The only field of that name. */
        public Builder set(String name, String value) {
            return remove(name).add(name, value);
        }

        /** No field of that name. */
        public Builder remove(String name) {
            fields.removeIf(field -> field.name.equalsIgnoreCase(name));
            return this;
        }

        /** Names a request header the answer depends on, next to those already named. */
        Builder vary(String name) {
            List<String> named = new Headers(fields).all("Vary");
            boolean there = named.stream()
                    .flatMap(value -> List.of(value.split(",", -1)).stream())
                    .map(String::strip)
                    .anyMatch(part -> part.equals("*") || part.equalsIgnoreCase(name));
            if (there) {
                return this;
            }
            return named.isEmpty() ? add("Vary", name) : set("Vary", String.join(", ", named) + ", " + name);
        }

        /** The fields. */
        public Headers build() {
            return new Headers(fields);
        }
    }
}
