package dev.aside.spring;

import dev.aside.offload.spi.PayloadCodec;
import org.jspecify.annotations.Nullable;

/** Has the answers of endpoints written as they are, whatever writes the other values. */
@FunctionalInterface
interface ResultCodec {
    /** A codec for both; {@code others} is null where the other values stay objects of this process. */
    PayloadCodec around(@Nullable PayloadCodec others);
}
