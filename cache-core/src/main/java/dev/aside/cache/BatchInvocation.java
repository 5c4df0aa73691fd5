package dev.aside.cache;

import dev.aside.cache.proxy.BatchShape;
import dev.aside.cache.proxy.MethodPlan;
import dev.aside.cache.spi.MethodBody;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A method that reads many keys. Thread-safe. */
final class BatchInvocation {
    private static final @Nullable Object[] NO_ARGUMENTS = {};

    private final MethodPlan.BatchRead plan;
    private final BatchShape shape;
    private final CacheReads reads;

    BatchInvocation(MethodPlan.BatchRead plan, CacheReads reads) {
        this.plan = plan;
        this.shape = plan.shape();
        this.reads = reads;
    }

    @Nullable Object invoke(@Nullable Object[] arguments, MethodBody body) throws Throwable {
        Collection<?> keys = keys(arguments);
        if (plan.conditions().passesBy(arguments)) {
            return body.call(arguments);
        }
        BulkLoader loader = missing -> CompletableFuture.completedStage(load(missing, body));
        return shape.toResult(present(reads.readAll(keys, BulkLoader.keeping(loader, plan.conditions(), tags()))));
    }

    private Map<?, ?> load(List<Object> missing, MethodBody body) throws Throwable {
        List<Collection<Object>> calls = shape.calls(missing);
        if (calls.size() == 1) {
            return shape.toMap(body.call(new Object[] {calls.get(0)}));
        }
        Map<Object, Object> all = new LinkedHashMap<>();
        for (Collection<Object> keys : calls) {
            all.putAll(shape.toMap(body.call(new Object[] {keys})));
        }
        return all;
    }

    @Nullable Object invokeAsync(@Nullable Object[] arguments, MethodBody body) throws Throwable {
        Collection<?> keys = keys(arguments);
        if (plan.conditions().passesBy(arguments)) {
            return body.call(arguments);
        }
        BulkLoader loader = missing -> loadAsync(shape.calls(missing), 0, new LinkedHashMap<>(), body);
        BulkLoader keeping = BulkLoader.keeping(loader, plan.conditions(), tags());
        return Steps.map(reads.readAllAsync(keys, keeping), all -> shape.toResult(present(all)));
    }

    /** One call after the other, so that a batch takes one connection at a time. */
    private CompletionStage<Map<Object, Object>> loadAsync(
            List<Collection<Object>> calls, int next, Map<Object, Object> sofar, MethodBody body) throws Throwable {
        Object stage = body.call(new Object[] {calls.get(next)});
        if (stage == null) {
            throw new NullPointerException(plan.where() + " returned null instead of a stage");
        }
        return ((CompletionStage<?>) stage).thenCompose(result -> {
            sofar.putAll(shape.toMap(result));
            if (next + 1 == calls.size()) {
                return CompletableFuture.completedStage(sofar);
            }
            try {
                return loadAsync(calls, next + 1, sofar, body);
            } catch (Throwable e) {
                return CompletableFuture.failedStage(e);
            }
        });
    }

    private ValueTags tags() {
        return plan.tags().isEmpty()
                ? ValueTags.NONE
                : (key, value) -> plan.tags().of(NO_ARGUMENTS, key, value);
    }

    private Collection<?> keys(@Nullable Object[] arguments) {
        Collection<?> keys = (Collection<?>) arguments[plan.keysParameter()];
        if (keys == null) {
            throw new NullPointerException("the keys are null for " + plan.where());
        }
        List<Object> known = new ArrayList<>(keys.size());
        for (Object key : keys) {
            if (key == null) {
                throw new NullPointerException("one of the keys is null for " + plan.where());
            }
            known.add(key);
        }
        return known;
    }

    private Map<Object, Object> present(Map<Object, Served> all) {
        Map<Object, Object> present = new LinkedHashMap<>();
        all.forEach((key, served) -> {
            Object value = reads.copied(served.value());
            if (value != null) {
                present.put(key, value);
            }
        });
        return present;
    }
}
