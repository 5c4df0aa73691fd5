package dev.aside.cache.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the annotated methods of a type have in common, so that they need not repeat it. */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface CacheConfig {

    /** The cache's name for methods that give none; empty if each gives its own. */
    String name() default "";

    /** The TTL policy for methods that give none; empty for {@code "default"}. */
    String policy() default "";
}
