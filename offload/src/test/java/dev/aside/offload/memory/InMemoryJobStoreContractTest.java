package dev.aside.offload.memory;

import dev.aside.offload.spi.JobStore;
import dev.aside.offload.testing.JobStoreContract;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;

class InMemoryJobStoreContractTest extends JobStoreContract {
    private final ManualTime time = new ManualTime();

    @Override
    protected JobStore newStore() {
        return InMemoryJobStore.builder().time(time).lease(LEASE).build();
    }

    @Override
    protected void pass(Duration duration) {
        time.advance(duration);
    }
}
