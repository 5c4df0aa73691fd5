/** Fast calls answered inline, slow calls turned into jobs that can be polled. */
module dev.aside.offload {
    requires transitive io.github.resilience4j.circuitbreaker;
    requires transitive io.github.resilience4j.core;
    requires transitive io.github.resilience4j.ratelimiter;
    requires transitive io.github.resilience4j.retry;
    requires static jdk.management;
    requires static transitive org.jspecify;

    exports dev.aside.offload;
    exports dev.aside.offload.annotation;
    exports dev.aside.offload.blob;
    exports dev.aside.offload.http;
    exports dev.aside.offload.job;
    exports dev.aside.offload.memory;
    exports dev.aside.offload.spi;
}
