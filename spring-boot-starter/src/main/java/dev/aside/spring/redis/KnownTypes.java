package dev.aside.spring.redis;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes that values restored from Redis may be: those this process has written, or was told of. A name that is read
 * from Redis is compared with theirs and never loaded, so whoever writes there cannot choose what is instantiated.
 *
 * <p>Thread-safe.
 */
final class KnownTypes {
    private static final List<Class<?>> PLAIN = List.of(
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            Duration.class,
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            LocalTime.class,
            OffsetDateTime.class,
            Period.class,
            Year.class,
            YearMonth.class,
            ZonedDateTime.class,
            byte[].class);

    private final Map<String, Class<?>> byName = new ConcurrentHashMap<>();

    KnownTypes(Collection<Class<?>> more) {
        PLAIN.forEach(this::add);
        more.forEach(this::add);
    }

    void add(Class<?> type) {
        byName.put(type.getName(), type);
    }

    @Nullable Class<?> find(String name) {
        return byName.get(name);
    }
}
