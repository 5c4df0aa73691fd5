package dev.aside.cache.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method and puts what it wrote into the cache, on every node.
 *
 * <p>The write is announced before the method runs. If anybody else writes, puts or invalidates the key meanwhile, or the
 * method throws, the key is invalidated instead: nobody knows whose write was last. A null or an empty {@code Optional} is
 * kept only if the policy has a nullTtl; otherwise the key is invalidated. Inside a transaction the key is invalidated
 * after the commit. A call with a null key only runs the method. A method that returns a stage may be called on a thread
 * of the cache's, because the announcement is not waited for on the caller's.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(CachePuts.class)
public @interface CachePut {

    /** The cache's name; empty takes the one of {@link CacheConfig} on the type. */
    String name() default "";

    /**
     * One or more parameter paths, as in {@link Cached#key}. The key must be known before the method runs; for one that
     * the database makes up there is nothing to replace yet, and nothing to put in time.
     */
    String key() default "";

    /**
     * A path to the value: through a parameter, such as {@code "product"}, or through {@code result}. Empty takes what the
     * method returns.
     */
    String value() default "";

    /** The tags of the value, the same as in {@link Cached#tags}; {@code result} is the value put. */
    String[] tags() default {};

    /** The name of the TTL policy; empty takes the one of {@link CacheConfig}, or else the cache's. */
    String policy() default "";

    /** Makes the key instead of {@link #key}; the default is none. */
    Class<? extends KeyGenerator<?>> keyGenerator() default KeyGenerator.None.class;
}
