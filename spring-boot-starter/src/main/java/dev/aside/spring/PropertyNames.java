package dev.aside.spring;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** The names that {@code aside.*} properties have, as the records of {@link AsideProperties} spell them out. */
final class PropertyNames {
    private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

    private PropertyNames() {}

    /**
     * The first part of a name that does not exist.
     *
     * @param parent the name up to it
     * @param part as it was written
     * @param known what there is below the parent; empty if it holds a value
     */
    record Unknown(String parent, String part, List<String> known) {

        /** The name that was probably meant; null if none is like it. */
        @Nullable String meant() {
            String best = null;
            int least = 3;
            for (String name : known) {
                int edits = edits(uniform(part), uniform(name));
                if (edits < Math.min(least, name.length())) {
                    best = name;
                    least = edits;
                }
            }
            return best;
        }
    }

    /** Where a name leaves the tree of names; null if it does not. */
    static @Nullable Unknown firstUnknown(ConfigurationPropertyName name) {
        Type type = AsideProperties.class;
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            if (isMap(type)) {
                type = argument(type, 1);
                continue;
            }
            String part = name.getElement(i, Form.ORIGINAL);
            RecordComponent component = type instanceof Class<?> plain ? component(plain, part) : null;
            if (component == null) {
                return new Unknown(name.chop(i).toString(), part, below(type));
            }
            type = component.getGenericType();
            if (type instanceof ParameterizedType && !isMap(type)) {
                return null; // a list; what stands behind it is an index
            }
        }
        return null;
    }

    /** The names below a record, dashed; none below a value. */
    static List<String> below(Type type) {
        return type instanceof Class<?> plain && plain.isRecord()
                ? Arrays.stream(plain.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(PropertyNames::dashed)
                        .sorted()
                        .toList()
                : List.of();
    }

    /** The names of all attributes as the library's builders and messages spell them: {@code localTtl}. */
    static Set<String> attributes() {
        Set<String> names = new TreeSet<>();
        for (Class<?> group : AsideProperties.class.getDeclaredClasses()) {
            if (group.isRecord()) {
                Arrays.stream(group.getRecordComponents())
                        .map(RecordComponent::getName)
                        .forEach(names::add);
            }
        }
        return names;
    }

    /** {@code local-ttl} for {@code localTtl}. */
    static String dashed(String name) {
        return HUMP.matcher(name).replaceAll("$1-$2").toLowerCase(Locale.ROOT);
    }

    private static @Nullable RecordComponent component(Class<?> type, String part) {
        if (!type.isRecord()) {
            return null;
        }
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> uniform(component.getName()).equals(uniform(part)))
                .findFirst()
                .orElse(null);
    }

    private static boolean isMap(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Map.class;
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static String uniform(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** How many letters have to be changed, added or taken away (Levenshtein). */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j - 1], row[j]));
            }
        }
        return row[to.length()];
    }
}
