package dev.aside.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.util.ClassUtils;

/**
 * Where Redis is according to a bean: a service that Testcontainers or Docker Compose started for the application, which
 * goes before properties there as here. Only to be used where Spring Data Redis is present.
 */
final class DataRedisDetails {
    /** Boot's own bean, which only repeats the properties. */
    private static final String FROM_PROPERTIES = "PropertiesDataRedisConnectionDetails";

    private DataRedisDetails() {}

    /** The name of the bean that says it; null if there is none. */
    static @Nullable String beanName(ListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForType(DataRedisConnectionDetails.class, true, false)) {
            Class<?> type = beans.getType(name, false);
            if (type != null && !ClassUtils.getShortName(type).equals(FROM_PROPERTIES)) {
                return name;
            }
        }
        return null;
    }

    /** The place that a bean says. */
    static RedisPlace place(ListableBeanFactory beans, String name, @Nullable String clientName) {
        DataRedisConnectionDetails details = beans.getBean(name, DataRedisConnectionDetails.class);
        DataRedisConnectionDetails.Standalone standalone = details.getStandalone();
        if (standalone == null) {
            throw refused("a Redis of several servers is not supported yet, and the bean '" + name + "' names one");
        }
        if (details.getSslBundle() != null) {
            throw refused("an SSL bundle cannot be used for the caches yet, and the bean '" + name + "' has one");
        }
        return new RedisPlace(
                false,
                standalone.getHost(),
                standalone.getPort(),
                standalone.getDatabase(),
                details.getUsername(),
                details.getPassword(),
                clientName);
    }

    private static StartRefusedException refused(String what) {
        return new StartRefusedException(
                what,
                "set aside.redis.uri to a standalone Redis, or aside.redis.enabled to false",
                List.of("aside.redis.uri"));
    }
}
