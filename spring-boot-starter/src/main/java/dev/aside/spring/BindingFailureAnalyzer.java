package dev.aside.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Explains {@code aside.*} properties that do not exist, or whose values are of the wrong kind. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class BindingFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {
    private static final ConfigurationPropertyName ASIDE = ConfigurationPropertyName.of("aside");

    /** What is said of a value that is none of a kind, and how one looks. */
    private static final Map<Class<?>, Complaint> KINDS = Map.of(
            boolean.class, new Complaint(" is neither true nor false", "write true or false"),
            Boolean.class, new Complaint(" is neither true nor false", "write true or false"),
            Integer.class, new Complaint(" is not a whole number", "write a whole number such as 8"),
            Long.class, new Complaint(" is not a whole number", "write a whole number such as 8"),
            Double.class, new Complaint(" is not a number", "write a number such as 0.5"),
            Duration.class, new Complaint(" is not a duration", AsideDurationConverter.EXAMPLES),
            DataSize.class, new Complaint(" is not a size", "write a number with a unit, such as 512KB or 1MB"),
            Class.class,
                    new Complaint(" is not the name of a class", "correct it, or add the class to the class path"));

    private final PropertyPlaces places;

    BindingFailureAnalyzer(@Nullable Environment environment) {
        this.places = new PropertyPlaces(environment);
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, BindException failure) {
        if (!ASIDE.equals(failure.getName()) && !ASIDE.isAncestorOf(failure.getName())) {
            return null;
        }
        if (failure.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
            return unknownNames(List.copyOf(unbound.getUnboundProperties()), failure);
        }
        ConfigurationProperty property =
                failure.getProperty() == null ? places.find(failure.getName()) : failure.getProperty();
        Complaint complaint = complaint(failure, property == null ? null : property.getValue());
        String where = property == null ? "\n\n    Property: " + failure.getName() : PropertyPlaces.show(property);
        String how = complaint.how() == null ? "correct " + failure.getName() : complaint.how();
        return new FailureAnalysis(complaint.what() + where, Complaint.sentence(how), failure);
    }

    /** The values are left out: where the name is wrong they do not matter, and they may be secret. */
    private static FailureAnalysis unknownNames(List<ConfigurationProperty> properties, BindException failure) {
        StringBuilder what = new StringBuilder();
        List<String> how = new ArrayList<>();
        for (ConfigurationProperty property : properties) {
            what.append(what.isEmpty() ? "" : "\n\n")
                    .append("there is no property '")
                    .append(property.getName())
                    .append("'")
                    .append("\n\n    Property: ")
                    .append(property.getName())
                    .append(PropertyPlaces.origin(property));
            how.add(instead(property.getName()));
        }
        return new FailureAnalysis(what.toString(), String.join("\n", how), failure);
    }

    private static String instead(ConfigurationPropertyName name) {
        PropertyNames.Unknown unknown = PropertyNames.firstUnknown(name);
        if (unknown == null) {
            return "Remove '" + name + "'.";
        }
        String meant = unknown.meant();
        if (meant != null) {
            return "Did you mean '" + unknown.parent() + "." + meant + "'?";
        }
        return unknown.known().isEmpty()
                ? "Remove it: '" + unknown.parent() + "' has a value, and nothing below it."
                : "Below '" + unknown.parent() + "' there are " + String.join(", ", unknown.known()) + ".";
    }

    private static Complaint complaint(BindException failure, @Nullable Object value) {
        boolean secret = PropertyPlaces.isSecret(failure.getName(), value);
        String shown = secret ? "the value" : "'" + value + "'";
        Class<?> type = type(failure);
        if (type.isRecord()) {
            return new Complaint(
                    "there is " + shown + " where a group of properties belongs",
                    "below '" + failure.getName() + "' there are " + String.join(", ", PropertyNames.below(type)));
        }
        if (type.isEnum()) {
            return new Complaint(shown + " is not one of " + constants(type), "write one of " + constants(type));
        }
        Complaint known = KINDS.get(type);
        if (known != null) {
            return new Complaint(shown + known.what(), known.how());
        }
        Complaint said = Complaint.of(root(failure));
        return secret ? new Complaint("the value does not fit", said.how()) : said;
    }

    private static String constants(Class<?> type) {
        return String.join(
                ", ",
                Arrays.stream(type.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                        .map(name -> name.replace('_', '-'))
                        .toList());
    }

    /** What a value had to become: of a list, its element. */
    private static Class<?> type(BindException failure) {
        Class<?> type = failure.getTarget().getType().resolve(Object.class);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConversionFailedException conversion) {
                type = conversion.getTargetType().getType();
            }
        }
        return type;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
