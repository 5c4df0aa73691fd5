package dev.aside.cache.proxy;

import dev.aside.cache.spi.CacheConfigurationException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;

/** The annotation a mistake is in, so that errors can name it. */
record Where(String annotation, Class<?> type, Method method) {

    /** A mistake: one sentence with the value, then where it stands, then what to do. */
    CacheConfigurationException wrong(String sentence, String hint) {
        return new CacheConfigurationException(sentence + "\n    for " + this + " [hint: " + hint + "]");
    }

    /** An object of a class that an attribute names. */
    <T> T make(Class<? extends T> made, String attribute) {
        try {
            Constructor<? extends T> constructor = made.getDeclaredConstructor();
            constructor.trySetAccessible();
            return constructor.newInstance();
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new CacheConfigurationException(
                    attribute + " " + made.getSimpleName() + " cannot be made\n    for " + this
                            + " [hint: a public class that is not an inner one, with a constructor without parameters"
                            + " that does not throw]",
                    e);
        }
    }

    @Override
    public String toString() {
        List<String> parameters = Arrays.stream(method.getParameters())
                .map(Parameter::getType)
                .map(Class::getSimpleName)
                .toList();
        return "@" + annotation + " on " + type.getSimpleName() + "." + method.getName() + "("
                + String.join(", ", parameters) + ")";
    }
}
