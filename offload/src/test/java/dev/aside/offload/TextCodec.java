package dev.aside.offload;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Texts as they are, and whatever a test wants to go wrong. */
final class TextCodec implements PayloadCodec {
    final AtomicInteger encoded = new AtomicInteger();
    volatile @Nullable RuntimeException unwritable;
    volatile @Nullable RuntimeException unreadable;
    volatile boolean decodesToNull;
    volatile boolean overflows;

    @Override
    public Payload encode(String type, int version, @Nullable Object value) {
        RuntimeException failure = unwritable;
        if (failure != null && version > 0) {
            throw failure;
        }
        encoded.incrementAndGet();
        return Payload.of(String.valueOf(value).getBytes(StandardCharsets.UTF_8), "text/plain");
    }

    @Override
    public <T> @Nullable T decode(String type, int version, Payload payload, Class<T> target) {
        RuntimeException failure = unreadable;
        if (failure != null && version > 0) {
            throw failure;
        }
        if (overflows) {
            throw new StackOverflowError("nested too deeply");
        }
        return decodesToNull ? null : target.cast(new String(payload.bytes(), StandardCharsets.UTF_8));
    }

    @Override
    public void checkVersion(String type, int version) {
        if (version > 8) {
            throw new IllegalArgumentException(type + " " + version);
        }
    }
}
