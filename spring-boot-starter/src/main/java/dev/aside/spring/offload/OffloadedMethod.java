package dev.aside.spring.offload;

import dev.aside.offload.CallOptions;
import dev.aside.offload.OnWaitTimeout;
import dev.aside.offload.TypeOptions;
import dev.aside.offload.annotation.Offload;
import dev.aside.offload.http.CompletionProfile;
import dev.aside.offload.http.KeyRule;
import dev.aside.offload.http.PromotionMode;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/** A method with {@link Offload}, as it was read. Immutable. */
public final class OffloadedMethod {
    private static final String MAPPING = "org.springframework.web.bind.annotation.RequestMapping";

    private final Class<?> beanType;
    private final Method method;
    private final Offload annotation;
    private final String type;
    private final @Nullable Duration threshold;
    private final @Nullable Duration maxWait;
    private final @Nullable Duration timeLimit;

    private OffloadedMethod(
            Class<?> beanType, Method method, Offload annotation, Function<String, Duration> durations) {
        this.beanType = beanType;
        this.method = method;
        this.annotation = annotation;
        this.type = annotation.value().isEmpty() ? typeName(beanType, method) : annotation.value();
        this.threshold = duration("threshold", annotation.threshold(), durations);
        this.maxWait = duration("maxWait", annotation.maxWait(), durations);
        this.timeLimit = duration("timeLimit", annotation.timeLimit(), durations);
        check();
    }

    /**
     * The method as its annotation describes it; null if it has none.
     *
     * @param durations reads the texts of durations
     * @throws OffloadRefusedException if the annotation contradicts itself or holds what is no duration
     */
    static @Nullable OffloadedMethod of(Class<?> beanType, Method method, Function<String, Duration> durations) {
        Offload annotation = AnnotatedElementUtils.findMergedAnnotation(method, Offload.class);
        return annotation == null
                ? null
                : new OffloadedMethod(ClassUtils.getUserClass(beanType), method, annotation, durations);
    }

    private static String typeName(Class<?> beanType, Method method) {
        String name = ClassUtils.getUserClass(beanType).getSimpleName() + "." + method.getName();
        return name.substring(0, Math.min(name.length(), 64));
    }

    private @Nullable Duration duration(String attribute, String text, Function<String, Duration> durations) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return durations.apply(text);
        } catch (RuntimeException e) {
            throw refused(
                    attribute + " = \"" + text + "\" of @Offload is not a duration",
                    "write 250ms, 30s, 10m, 2h5m or PT30S");
        }
    }

    private void check() {
        if (annotation.profile().length > 1) {
            throw refused("@Offload has more than one profile", "name one, or none for the configured one");
        }
        boolean cancels = annotation.onWaitTimeout() == OnWaitTimeout.CANCEL;
        boolean promotes =
                annotation.promotion() == PromotionMode.AT_ONCE || annotation.promotion() == PromotionMode.ON_REQUEST;
        if (cancels && promotes) {
            throw refused(
                    "onWaitTimeout = CANCEL and promotion = " + annotation.promotion() + " of @Offload contradict"
                            + " each other: the work is either cancelled or goes on as a job",
                    "leave out one of them");
        }
    }

    /** A refusal of this method. */
    public OffloadRefusedException refused(String what, String how) {
        return new OffloadRefusedException(method, what, how);
    }

    /** The class of its bean, without proxies. */
    public Class<?> beanType() {
        return beanType;
    }

    /** The method itself. */
    public Method method() {
        return method;
    }

    /** The job type. */
    public String type() {
        return type;
    }

    /** How long a caller waits; null: as the executor says. */
    public @Nullable Duration threshold() {
        return threshold;
    }

    /** The longest wait of an endpoint; null: as configured. */
    public @Nullable Duration maxWait() {
        return maxWait;
    }

    /** Who may get a job. */
    public PromotionMode promotion() {
        return annotation.onWaitTimeout() == OnWaitTimeout.CANCEL ? PromotionMode.NEVER : annotation.promotion();
    }

    /** What becomes of idempotency keys. */
    public KeyRule keyRule() {
        return annotation.idempotencyKey();
    }

    /** What the address of a job answers when it is over; null: as configured. */
    public @Nullable CompletionProfile profile() {
        return annotation.profile().length == 0 ? null : annotation.profile()[0];
    }

    /** Whether it serves requests rather than calls of other beans. */
    public boolean isEndpoint() {
        return isEndpoint(method);
    }

    static boolean isEndpoint(Method method) {
        return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(MAPPING);
    }

    /** What the annotation says about all work of its type. */
    public TypeOptions.Builder typeOptions(TypeOptions.Builder options) {
        try {
            if (threshold != null) {
                options.threshold(threshold);
            }
            if (timeLimit != null) {
                options.timeLimit(timeLimit);
            }
            return annotation.maxConcurrent() == 0 ? options : options.maxConcurrent(annotation.maxConcurrent());
        } catch (IllegalArgumentException e) {
            throw refusedFor(e);
        }
    }

    /** What the library said, about this annotation. */
    public OffloadRefusedException refusedFor(IllegalArgumentException cause) {
        return OffloadRefusedException.because(method, cause, ", in @Offload");
    }

    /** What is particular to calls that are no requests. */
    CallOptions callOptions() {
        CallOptions.Builder options = CallOptions.builder();
        if (threshold != null) {
            options.threshold(threshold);
        }
        return annotation.onWaitTimeout() == OnWaitTimeout.CANCEL
                ? options.onWaitTimeout(OnWaitTimeout.CANCEL).build()
                : options.build();
    }

    /** Whether both say the same about the work of their type. */
    boolean agreesWith(OffloadedMethod other) {
        return Objects.equals(threshold, other.threshold)
                && Objects.equals(timeLimit, other.timeLimit)
                && annotation.maxConcurrent() == other.annotation.maxConcurrent();
    }
}
