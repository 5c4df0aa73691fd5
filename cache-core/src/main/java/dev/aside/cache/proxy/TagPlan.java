package dev.aside.cache.proxy;

import dev.aside.cache.proxy.Roots.Call;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tags of a call, from texts such as {@code country:{result.country}}. A path to a collection gives one tag for each
 * element; a path that ends in null gives none. Immutable.
 */
public final class TagPlan {
    static final TagPlan NONE = new TagPlan(List.of(), List.of());

    private final List<String> texts;
    private final List<Template> templates;

    /** The pieces of a text: each literal is followed by the path of the same position, the last one by nothing. */
    private record Template(List<String> literals, List<Roots.Path> paths) {
        boolean ofResult() {
            return paths.stream().anyMatch(Roots.Path::ofResult);
        }

        Collection<String> expand(Call call) {
            List<String> sofar = List.of(literals.get(0));
            for (int i = 0; i < paths.size(); i++) {
                List<String> longer = new ArrayList<>();
                for (Object value : values(paths.get(i).read(call))) {
                    for (String begin : sofar) {
                        longer.add(begin + text(value) + literals.get(i + 1));
                    }
                }
                sofar = longer;
            }
            return sofar;
        }

        private static Collection<?> values(@Nullable Object value) {
            if (value == null) {
                return List.of();
            }
            return value instanceof Collection<?> many
                    ? many.stream().filter(one -> one != null).toList()
                    : List.of(value);
        }

        /** By name, because an enum may print itself otherwise in the next version. */
        private static String text(Object value) {
            return value instanceof Enum<?> constant ? constant.name() : value.toString();
        }
    }

    private TagPlan(List<String> texts, List<Template> templates) {
        this.texts = texts;
        this.templates = templates;
    }

    static TagPlan parse(String[] texts, Roots roots, Where where) {
        if (texts.length == 0) {
            return NONE;
        }
        List<Template> templates = new ArrayList<>();
        for (String text : texts) {
            templates.add(template(text, roots, where));
        }
        return new TagPlan(List.of(texts), List.copyOf(templates));
    }

    private static Template template(String text, Roots roots, Where where) {
        if (text.isBlank()) {
            throw where.wrong("a tag is blank", "tags = \"country:{result.country}\"");
        }
        List<String> literals = new ArrayList<>();
        List<Roots.Path> paths = new ArrayList<>();
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw where.wrong("tag '" + text + "' opens a brace and does not close it", "\"country:{country}\"");
            }
            literals.add(literal(text, from, open, where));
            Roots.Path path =
                    roots.resolve("tag path", text.substring(open + 1, close).strip());
            refuseUnprintable(text, path.path().type(), where);
            paths.add(path);
            from = close + 1;
        }
        literals.add(literal(text, from, text.length(), where));
        return new Template(List.copyOf(literals), List.copyOf(paths));
    }

    private static String literal(String text, int from, int to, Where where) {
        String literal = text.substring(from, to);
        if (literal.indexOf('}') >= 0) {
            throw where.wrong("tag '" + text + "' closes a brace that it did not open", "\"country:{country}\"");
        }
        return literal;
    }

    private static void refuseUnprintable(String text, Type type, Where where) {
        Class<?> raw = Types.raw(type);
        Class<?> one = Collection.class.isAssignableFrom(raw) ? Types.raw(Types.argument(type, 0)) : raw;
        boolean printable = one == String.class
                || one == Boolean.class
                || one == Character.class
                || one == UUID.class
                || one.isEnum()
                || (Number.class.isAssignableFrom(one) && one.getName().startsWith("java."));
        if (!printable) {
            throw where.wrong(
                    "tag '" + text + "' would be made of a " + type.getTypeName(),
                    "lead the path to a string, number, boolean, enum or UUID, or a collection of them");
        }
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return templates.isEmpty();
    }

    /** As they were written. */
    public List<String> texts() {
        return texts;
    }

    /** All tags of a value. */
    public List<String> of(@Nullable Object[] arguments, @Nullable Object key, @Nullable Object result) {
        return expand(new Call(arguments, key, result), true, true);
    }

    /** Those that are known before the method has run. */
    public List<String> before(@Nullable Object[] arguments) {
        return expand(new Call(arguments, null, null), true, false);
    }

    /** Those that are known only when the method has returned; an empty {@code Optional} is null. */
    public List<String> after(@Nullable Object[] arguments, @Nullable Object result) {
        Object value = result instanceof Optional<?> maybe ? maybe.orElse(null) : result;
        return expand(new Call(arguments, null, value), false, true);
    }

    private List<String> expand(Call call, boolean early, boolean late) {
        if (templates.isEmpty()) {
            return List.of();
        }
        Set<String> tags = new LinkedHashSet<>();
        for (Template template : templates) {
            if (template.ofResult() ? late : early) {
                tags.addAll(template.expand(call));
            }
        }
        tags.removeIf(String::isBlank);
        return List.copyOf(tags);
    }

    @Override
    public String toString() {
        return Arrays.toString(texts.toArray());
    }
}
