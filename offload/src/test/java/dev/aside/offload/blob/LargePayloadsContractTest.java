package dev.aside.offload.blob;

import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.testing.InMemoryBlobStore;
import dev.aside.offload.testing.JobStoreContract;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;

/** With everything large it is a job store like any other. */
class LargePayloadsContractTest extends JobStoreContract {
    private final ManualTime time = new ManualTime();

    @Override
    protected JobStore newStore() {
        return LargePayloads.beside(
                InMemoryJobStore.builder().time(time).lease(LEASE).build(), new InMemoryBlobStore(), 0);
    }

    @Override
    protected void pass(Duration duration) {
        time.advance(duration);
    }
}
