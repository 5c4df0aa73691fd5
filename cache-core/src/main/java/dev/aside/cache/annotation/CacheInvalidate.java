package dev.aside.cache.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Invalidates entries after the method has run, on every node.
 *
 * <p>The method runs first; the invalidation is awaited before the call returns. It happens as well when the method
 * throws, because a write that failed may have been done nevertheless. The cache need not be read in this process.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(CacheInvalidates.class)
public @interface CacheInvalidate {

    /** The cache's name; empty takes the one of {@link CacheConfig} on the type. */
    String name() default "";

    /**
     * One or more parameter paths, as in {@link Cached#key}. A path to a collection invalidates each of its elements.
     */
    String key() default "";

    /** Whether to invalidate the whole cache, at a cost that does not depend on its size. Excludes {@link #key}. */
    boolean allEntries() default false;

    /**
     * Tags whose values are invalidated, such as {@code "country:{country}"}; paths begin with a parameter, or with
     * {@code result} for what the method returned. With tags and no {@link #key} only the tags count. Costs the same for
     * any number of entries.
     */
    String[] tags() default {};

    /** Whether the write is announced before it happens. Needs a {@link #key}. */
    Fenced fenced() default Fenced.NONE;

    /** What a caller sees of an invalidation that Redis could not take yet. It is retried in either case. */
    OnPending onPending() default OnPending.EVENT;

    /** Makes the key instead of {@link #key}; the default is none. */
    Class<? extends KeyGenerator<?>> keyGenerator() default KeyGenerator.None.class;
}
