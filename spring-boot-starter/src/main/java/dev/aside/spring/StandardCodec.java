package dev.aside.spring;

import dev.aside.offload.spi.PayloadCodec;

/** Writes values where a store wants bytes and the application has no codec of its own. */
@FunctionalInterface
interface StandardCodec {
    /** The codec. */
    PayloadCodec get();
}
