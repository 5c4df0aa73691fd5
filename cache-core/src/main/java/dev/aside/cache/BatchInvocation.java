package dev.aside.cache;

import dev.aside.cache.proxy.BatchShape;
import dev.aside.cache.proxy.MethodPlan;
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
    private final MethodPlan.BatchRead plan;
    private final BatchShape shape;
    private final Target target;
    private final CacheEngine<Object, Object> engine;

    BatchInvocation(MethodPlan.BatchRead plan, Target target, CacheEngine<Object, Object> engine) {
        this.plan = plan;
        this.shape = plan.shape();
        this.target = target;
        this.engine = engine;
    }

    @Nullable Object invoke(@Nullable Object[] arguments) throws Throwable {
        Collection<?> keys = keys(arguments);
        BulkLoader loader = missing -> CompletableFuture.completedStage(shape.toMap(call(missing)));
        return shape.toResult(present(engine.readAll(keys, loader)));
    }

    @Nullable Object invokeAsync(@Nullable Object[] arguments) throws Throwable {
        Collection<?> keys = keys(arguments);
        BulkLoader loader = missing -> {
            Object stage = call(missing);
            if (stage == null) {
                throw new NullPointerException(plan.where() + " returned null instead of a stage");
            }
            return ((CompletionStage<?>) stage).thenApply(shape::toMap);
        };
        return Steps.map(engine.readAllAsync(keys, loader), all -> shape.toResult(present(all)));
    }

    private @Nullable Object call(List<Object> missing) throws Throwable {
        return target.call(new Object[] {shape.keys(missing)});
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
            Object value = engine.copied(served.value());
            if (value != null) {
                present.put(key, value);
            }
        });
        return present;
    }
}
