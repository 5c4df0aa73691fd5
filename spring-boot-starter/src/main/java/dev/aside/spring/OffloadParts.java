package dev.aside.spring;

import dev.aside.offload.OffloadBuilder;
import dev.aside.offload.OffloadListener;
import dev.aside.offload.spi.ContextCarrier;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.PayloadCodec;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** The beans that an executor takes up besides its store. */
record OffloadParts(
        ObjectProvider<ContextCarrier> carriers,
        ObjectProvider<OffloadListener> listeners,
        ObjectProvider<PayloadCodec> codec,
        ObjectProvider<StandardCodec> standard,
        ObjectProvider<ResultCodec> results) {
    /**
     * @param store where jobs go, or null for the memory of this process
     */
    void addTo(OffloadBuilder builder, @Nullable JobStore store) {
        carriers.orderedStream().forEach(builder::context);
        listeners.orderedStream().forEach(builder::listener);
        boolean bytesOnly = store != null && !store.keepsReferences();
        PayloadCodec values = codec.getIfAvailable();
        if (values == null && bytesOnly) {
            StandardCodec json = standard.getIfAvailable();
            values = json == null ? null : json.get();
        }
        ResultCodec around = results.getIfAvailable();
        if (around != null && (values != null || !bytesOnly)) {
            builder.codec(around.around(values));
        } else if (values != null) {
            builder.codec(values);
        }
    }
}
