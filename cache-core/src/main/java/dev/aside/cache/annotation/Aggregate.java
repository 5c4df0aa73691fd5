package dev.aside.cache.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** {@link Cached} under the policy {@code "aggregate"}: figures that are expensive to compute. */
@Cached(policy = "aggregate")
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Aggregate {

    /** As {@link Cached#name}. */
    String name() default "";

    /** As {@link Cached#key}. */
    String key() default "";

    /** As {@link Cached#ttl}. */
    String ttl() default "";

    /** As {@link Cached#tags}. */
    String[] tags() default {};

    /** As {@link Cached#condition}. */
    Class<? extends CallCondition> condition() default CallCondition.Always.class;

    /** As {@link Cached#unless}. */
    Class<? extends ResultCondition<?>> unless() default ResultCondition.Never.class;
}
