package dev.aside.cache.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Answers the method from a cache, and runs it only to load what is missing (cache-aside).
 *
 * <p>What is cached is the value itself: a method returning {@code Optional<Product>}, {@code Product} or
 * {@code CompletableFuture<Product>} fills the same entry. Callers get the cached object, not a copy, so values should
 * be immutable. Calls with a null key go to the method and are not cached.
 *
 * <p>May be put on an annotation of your own, whose attributes of the same name then stand for these; see
 * {@link ReferenceData}.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Cached {

    /** The cache's name; empty takes the one of {@link CacheConfig} on the type. Letters, digits, {@code . _ -}. */
    String name() default "";

    /**
     * One or more parameter paths separated by commas, such as {@code "id"} or {@code "order.customer.id, month"}.
     * Empty takes the parameters marked {@link CacheKey}, or else all parameters. One path keeps its type as the key;
     * several make a composite key. Paths are resolved when the proxy is made.
     */
    String key() default "";

    /** The name of the TTL policy; empty takes the one of {@link CacheConfig}, or else {@code "default"}. */
    String policy() default "";

    /** How long a value is fresh, such as {@code "10m"}, within the policy's bounds; empty takes the policy's. */
    String ttl() default "";

    /** How long a process serves its own copy before it asks Redis again; at most the ttl; empty takes the policy's. */
    String localTtl() default "";

    /** How long an absence (null or an empty Optional) is cached, {@code "0s"} for never; empty takes the policy's. */
    String nullTtl() default "";

    /**
     * Names by which values can be invalidated together, such as {@code "country:{result.country}"}. In braces stand paths
     * that begin with a parameter, with {@code key}, or with {@code result} for the value itself; a path to a collection
     * makes a tag of each element, one that ends in null makes none. Methods of one cache must give the same tags, in which
     * {@code key} and {@code result} mean the same for all of them.
     */
    String[] tags() default {};

    /** Makes the key instead of {@link #key}; the default is none. */
    Class<? extends KeyGenerator<?>> keyGenerator() default KeyGenerator.None.class;

    /** Which calls are cached; the others go to the method. The default is all. */
    Class<? extends CallCondition> condition() default CallCondition.Always.class;

    /** Which results are given to the caller but not kept; the default is none. */
    Class<? extends ResultCondition<?>> unless() default ResultCondition.Never.class;
}
