package dev.aside.cache.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Answers a method that takes many keys from the entries of the cache, and runs it once for the keys that are missing.
 *
 * <p>Entries are shared with the single-key methods of the same cache. The method's collection parameter receives the
 * missing keys only. It returns a {@code Map} from key to value, or a collection of values with {@link #keyOf}; keys it
 * leaves out are absent. A result holds no entry for an absent key.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface CachedBatch {

    /** The cache's name; empty takes the one of {@link CacheConfig} on the type. */
    String name() default "";

    /**
     * The parameter that holds the keys: a {@code Collection}, {@code List} or {@code Set}. Empty takes the parameter
     * marked {@link CacheKey}, or else the only parameter.
     */
    String key() default "";

    /** Where a returned element has its key, such as {@code "sku"}; only for methods that return a collection. */
    String keyOf() default "";

    /** The tags of the values, the same as in {@link Cached#tags}; paths begin with {@code key} or {@code result}. */
    String[] tags() default {};

    /** The name of the TTL policy; empty takes the one of {@link CacheConfig}, or else the cache's. */
    String policy() default "";

    /** The most keys the method gets in one call, which is made as often as needed; zero for any number. */
    int maxBatch() default 0;

    /** Which calls are cached; the others go to the method. The default is all. */
    Class<? extends CallCondition> condition() default CallCondition.Always.class;

    /** Which results are given to the caller but not kept; the default is none. */
    Class<? extends ResultCondition<?>> unless() default ResultCondition.Never.class;
}
