/** Cache-aside annotations, named TTL policies and the in-process cache. */
module dev.aside.cache {
    requires transitive com.github.benmanes.caffeine;
    requires io.github.resilience4j.bulkhead;
    requires io.github.resilience4j.circuitbreaker;
    requires static transitive org.jspecify;

    exports dev.aside.cache;
    exports dev.aside.cache.annotation;
    exports dev.aside.cache.spi;
}
