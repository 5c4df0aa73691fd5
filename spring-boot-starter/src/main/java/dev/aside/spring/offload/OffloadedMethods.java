package dev.aside.spring.offload;

import dev.aside.offload.annotation.Offload;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** The methods with {@link Offload} of an application's beans, found without making a bean. Immutable. */
public final class OffloadedMethods {
    private final List<OffloadedMethod> all;
    private final Function<String, Duration> durations;

    private OffloadedMethods(List<OffloadedMethod> all, Function<String, Duration> durations) {
        this.all = List.copyOf(all);
        this.durations = durations;
    }

    /**
     * Looks at the classes of all beans that are defined.
     *
     * @param durations reads the texts of durations
     * @throws OffloadRefusedException if an annotation cannot be right, or two contradict each other about one type
     */
    public static OffloadedMethods in(ConfigurableListableBeanFactory beans, Function<String, Duration> durations) {
        Map<Method, OffloadedMethod> found = new LinkedHashMap<>();
        for (String name : beans.getBeanDefinitionNames()) {
            if (!beans.getMergedBeanDefinition(name).isAbstract()) {
                Class<?> type = beans.getType(name, false);
                if (type != null) {
                    ofBean(type, durations).forEach(found::putIfAbsent);
                }
            }
        }
        OffloadedMethods methods = new OffloadedMethods(new ArrayList<>(found.values()), durations);
        methods.byType(); // contradictions are to be found here
        return methods;
    }

    private static Map<Method, OffloadedMethod> ofBean(Class<?> type, Function<String, Duration> durations) {
        try {
            return in(type, durations);
        } catch (LinkageError incomplete) { // a class of an optional library; no method of it is offloaded
            return Map.of();
        }
    }

    static Map<Method, OffloadedMethod> in(Class<?> beanType, Function<String, Duration> durations) {
        Class<?> type = ClassUtils.getUserClass(beanType);
        if (!AnnotationUtils.isCandidateClass(type, Offload.class)) {
            return Map.of();
        }
        MethodIntrospector.MetadataLookup<@Nullable OffloadedMethod> read =
                method -> OffloadedMethod.of(type, method, durations);
        return MethodIntrospector.selectMethods(type, read);
    }

    /**
     * Any method, whether its bean was known or not; null if it is not offloaded.
     *
     * @throws OffloadRefusedException if its annotation cannot be right
     */
    public @Nullable OffloadedMethod read(Class<?> beanType, Method method) {
        return OffloadedMethod.of(beanType, method, durations);
    }

    /** All of them. */
    public List<OffloadedMethod> all() {
        return all;
    }

    /** Those that serve requests. */
    public List<OffloadedMethod> endpoints() {
        return all.stream().filter(OffloadedMethod::isEndpoint).toList();
    }

    /** One of them for each job type. */
    public Map<String, OffloadedMethod> byType() {
        Map<String, OffloadedMethod> byType = new LinkedHashMap<>();
        for (OffloadedMethod method : all) {
            OffloadedMethod other = byType.putIfAbsent(method.type(), method);
            if (other != null && !other.agreesWith(method)) {
                throw method.refused(
                        "job type '" + method.type() + "' has other options in "
                                + OffloadRefusedException.text(other.method()),
                        "give one of them a type of its own, as @Offload(\"name\")");
            }
        }
        return byType;
    }
}
