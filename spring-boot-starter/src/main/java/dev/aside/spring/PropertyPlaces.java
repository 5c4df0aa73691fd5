package dev.aside.spring;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Shows which properties are meant, what they say and where, in the way of Boot's own failure reports. */
final class PropertyPlaces {
    private static final Set<String> SECRET = Set.of("uri", "url", "username", "password");

    private final Iterable<ConfigurationPropertySource> sources;

    PropertyPlaces(@Nullable Environment environment) {
        this.sources = environment instanceof ConfigurableEnvironment configurable
                ? ConfigurationPropertySources.from(configurable.getPropertySources())
                : List.of();
    }

    /** Those of the properties, and of what is below them, that are set; if none is, the first. */
    String show(List<String> names) {
        Map<ConfigurationPropertyName, ConfigurationProperty> set = new LinkedHashMap<>();
        names.forEach(name -> collect(ConfigurationPropertyName.adapt(name, '.'), set));
        if (set.isEmpty()) {
            return "\n\n    Property: " + names.get(0) + "\n    Value: not set";
        }
        StringBuilder text = new StringBuilder();
        set.values().forEach(property -> text.append(show(property)));
        return text.toString();
    }

    /** The property of exactly that name; null if it is not set. */
    @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return property;
            }
        }
        return null;
    }

    /** One property, with its value unless that may be secret. */
    static String show(ConfigurationProperty property) {
        return "\n\n    Property: " + property.getName() + "\n    Value: " + value(property) + origin(property);
    }

    /** Where a property is set. */
    static String origin(ConfigurationProperty property) {
        return property.getOrigin() == null ? "" : "\n    Origin: " + property.getOrigin();
    }

    /** Whether a value may hold a password, judged by its name and by its looks. */
    static boolean isSecret(ConfigurationPropertyName name, @Nullable Object value) {
        return SECRET.contains(name.getLastElement(Form.UNIFORM))
                || String.valueOf(value).contains("://");
    }

    private static String value(ConfigurationProperty property) {
        return isSecret(property.getName(), property.getValue())
                ? "not shown, it may hold a password"
                : "\"" + property.getValue() + "\"";
    }

    private void collect(ConfigurationPropertyName name, Map<ConfigurationPropertyName, ConfigurationProperty> found) {
        for (ConfigurationPropertySource source : sources) {
            add(source, name, found);
            if (source instanceof IterableConfigurationPropertySource listed) {
                listed.stream().filter(name::isAncestorOf).forEach(below -> add(source, below, found));
            }
        }
    }

    /** What comes first wins, as it does when properties are bound. */
    private static void add(
            ConfigurationPropertySource source,
            ConfigurationPropertyName name,
            Map<ConfigurationPropertyName, ConfigurationProperty> found) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        if (property != null) {
            found.putIfAbsent(property.getName(), property);
        }
    }
}
