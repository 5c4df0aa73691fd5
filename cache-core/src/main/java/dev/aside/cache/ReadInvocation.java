package dev.aside.cache;

import dev.aside.cache.proxy.MethodPlan;
import dev.aside.cache.spi.MethodBody;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A method that reads one key. Thread-safe. */
final class ReadInvocation implements Interception {
    private final MethodPlan.Read plan;
    private final CacheReads reads;
    private final OutOfLine outOfLine = new OutOfLine();

    /** The parameter that is the key of every call; -1 if it takes more to tell the key. */
    private final int plain;

    private ReadInvocation(MethodPlan.Read plan, CacheReads reads) {
        this.plan = plan;
        this.reads = reads;
        this.plain = plan.conditions().always() ? plan.key().plainParameter() : -1;
    }

    static Interception of(MethodPlan.Read plan, CacheReads reads) {
        ReadInvocation invocation = new ReadInvocation(plan, reads);
        return plan.shape().async() ? invocation::invokeAsync : invocation;
    }

    @Override
    public @Nullable Object invoke(@Nullable Object[] arguments, MethodBody body) throws Throwable {
        // whatever is not inlined gets a copy: so the array that the proxy made is known not to escape, and is not made
        Object key = plain >= 0 ? arguments[plain] : outOfLine.key(this, arguments.clone());
        Entry entry = key == null ? null : outOfLine.quick(reads, key);
        return entry == null ? outOfLine.load(this, key, arguments.clone(), body) : wrap(entry);
    }

    /** Only where the key is a parameter as it is: the user's conditions and key generators are asked once a call. */
    @Override
    public @Nullable Object quick(@Nullable Object[] arguments) {
        Object key = plain >= 0 ? arguments[plain] : null;
        Entry entry = key == null ? null : reads.quick(key);
        return entry == null ? CachedCalls.LONG_WAY : wrap(entry);
    }

    @Nullable Object load(@Nullable Object key, @Nullable Object[] arguments, MethodBody body) throws Throwable {
        if (key == null) {
            return body.call(arguments);
        }
        BulkLoader loader = keys -> CompletableFuture.completedStage(single(key, body.call(arguments)));
        return wrap(reads.read(key, keeping(loader, arguments)).value());
    }

    @Nullable Object invokeAsync(@Nullable Object[] arguments, MethodBody body) throws Throwable {
        Object key = key(arguments);
        if (key == null) {
            return body.call(arguments);
        }
        BulkLoader loader = keys -> {
            Object stage = body.call(arguments);
            if (stage == null) {
                throw new NullPointerException(plan.where() + " returned null instead of a stage");
            }
            return ((CompletionStage<?>) stage).thenApply(value -> single(key, value));
        };
        return Steps.map(reads.readAsync(key, keeping(loader, arguments)), served -> wrap(served.value()));
    }

    /** The key of a call; null if it is not to be cached. */
    @Nullable Object key(@Nullable Object[] arguments) {
        return plan.conditions().passesBy(arguments) ? null : plan.key().key(arguments);
    }

    private BulkLoader keeping(BulkLoader loader, @Nullable Object[] arguments) {
        ValueTags tags = plan.tags().isEmpty()
                ? ValueTags.NONE
                : (key, value) -> plan.tags().of(arguments, key, value);
        return BulkLoader.keeping(loader, plan.conditions(), tags);
    }

    private Map<Object, @Nullable Object> single(Object key, @Nullable Object result) {
        if (plan.shape().optional() && result instanceof Optional<?> maybe) {
            return Collections.singletonMap(key, maybe.orElse(null));
        }
        return Collections.singletonMap(key, result);
    }

    private @Nullable Object wrap(@Nullable Object value) {
        Object copied = reads.copied(value);
        return plan.shape().optional() ? Optional.ofNullable(copied) : copied;
    }

    /** Gives the entry's own Optional away where that can be done: a hit makes no objects. */
    private @Nullable Object wrap(Entry entry) {
        Object copied = reads.copied(entry.value);
        if (!plan.shape().optional()) {
            return copied;
        }
        return copied == entry.value ? entry.optional() : Optional.ofNullable(copied);
    }
}
