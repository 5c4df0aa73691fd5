/** Fast calls answered inline, slow calls turned into jobs that can be polled. */
module dev.aside.offload {
    requires static transitive org.jspecify;

    exports dev.aside.offload;
    exports dev.aside.offload.job;
    exports dev.aside.offload.memory;
    exports dev.aside.offload.spi;
}
