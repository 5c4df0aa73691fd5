package dev.aside.cache.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * One cache in a {@link RemoteTier}. Thread-safe; no method blocks.
 */
public interface RemoteCache {

    /**
     * Whether what this process holds of the key may still be served: every invalidation that returned more than the
     * tier's {@linkplain RemoteTier#staleBound() bound} ago has been applied here. Asked on every local hit, so it must
     * neither block nor allocate.
     */
    boolean trusted(Object key);

    /**
     * Looks keys up, and asks for a lease on each that has to be loaded, all in one go.
     *
     * @param keys distinct keys
     * @param request when a live value is to be loaded anew, and how long to wait for somebody else's load
     * @return one answer per key, in the order of the keys; the stage never fails
     */
    CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request);

    /**
     * Looks keys up like {@link #lookup(List, LookupRequest)}, with a hint where values may be restored: on a thread of the
     * caller's own choice, usually the one that waits for the answer, rather than on one of the tier's. Runs user code
     * there (constructors of values); the stage may complete there too.
     *
     * @param executor a tier that restores nothing ignores it
     */
    default CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request, Executor executor) {
        return lookup(keys, request);
    }

    /**
     * Stores loaded values, each only if its lease is still alive. A lease is used up by this, whatever the answer.
     *
     * @return one answer per fill, in the order of the fills; the stage never fails
     */
    CompletionStage<List<FillOutcome>> fill(List<FillRequest> fills);

    /**
     * Stores a written value, if nobody else wrote, invalidated or cleared the key since its intent was placed; otherwise
     * invalidates the key. Ends the intent, whatever the answer. The log tells every node in either case.
     *
     * @param put its intent is one that {@link RemoteTier#announce} placed; a tier that places none is never asked
     * @return the stage never fails
     */
    default CompletionStage<PutOutcome> put(PutRequest put) {
        throw new UnsupportedOperationException("a tier that places intents must take puts");
    }

    /** Gives leases back after a load that failed or found nothing worth keeping, so that the next reader may load. */
    void release(List<Lease> leases);
}
