package dev.aside.spring.cache;

import dev.aside.cache.spi.TransactionBridge;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheOperationInvoker;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.util.ReflectionUtils;

/**
 * Spring's interceptor, which tells Aside's caches apart by call: what a call puts is taken as the answer to its own miss.
 * All else is Spring's; caches of other managers are left alone.
 */
final class AsideCacheInterceptor extends CacheInterceptor {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<? extends @Nullable TransactionBridge> transactions;
    private transient volatile @Nullable PlainHits hits;

    /** @param transactions asked when a value is loaded; may give null */
    AsideCacheInterceptor(CacheInterceptor original, Supplier<? extends @Nullable TransactionBridge> transactions) {
        ReflectionUtils.shallowCopyFieldState(original, this);
        this.transactions = transactions;
    }

    @Override
    public void afterSingletonsInstantiated() {
        super.afterSingletonsInstantiated();
        PlainReads reads = PlainReads.of(this);
        hits = reads == null ? null : new PlainHits(reads); // not earlier: Spring caches nothing before
    }

    /** A publisher is a call for each subscription, made when it is subscribed to. */
    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        PlainHits plain = hits;
        Object answer = plain == null ? PlainHits.LONG_WAY : plain.answer(invocation);
        return answer == PlainHits.LONG_WAY ? longWay(invocation) : answer;
    }

    private @Nullable Object longWay(MethodInvocation invocation) throws Throwable {
        MethodInvocation repeatable = new RepeatableInvocation(invocation);
        return Publishers.PRESENT
                        && Publishers.isPublisher(invocation.getMethod().getReturnType())
                ? Publishers.deferred(invocation.getMethod().getReturnType(), () -> super.invoke(repeatable))
                : super.invoke(repeatable);
    }

    @Override
    protected @Nullable Object execute(
            CacheOperationInvoker invoker, Object target, Method method, @Nullable Object[] arguments) {
        @Nullable Object[] place = Call.place();
        Object outer = Call.enter(place);
        try {
            Object result = super.execute(invoker, target, method, arguments);
            Call call = Call.madeAt(place);
            return call == null ? result : call.returned(result);
        } catch (RuntimeException | Error failure) {
            Call call = Call.madeAt(place);
            if (call != null) {
                call.end(cause(failure));
            }
            throw failure;
        } finally {
            Call.leave(place, outer);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CacheOperationInvoker.ThrowableWrapper wrapper ? wrapper.getOriginal() : failure;
    }

    @Override
    protected Collection<? extends Cache> getCaches(
            CacheOperationInvocationContext<CacheOperation> context, CacheResolver resolver) {
        Collection<? extends Cache> resolved = super.getCaches(context, resolver);
        @Nullable Object[] place = Call.place();
        if (!Call.isIn(place) || (context.getOperation() instanceof CacheableOperation read && read.isSync())) {
            return resolved;
        }
        boolean reads = context.getOperation() instanceof CacheableOperation;
        List<Cache> seen = new ArrayList<>(resolved.size());
        for (Cache cache : resolved) {
            Cache known = cache instanceof AsideCache ? cache : Decorators.without(cache);
            if (!(known instanceof AsideCache aside)) {
                seen.add(cache);
            } else {
                seen.add(reads ? new CallCache(aside, place) : Call.at(place).writing(aside));
            }
        }
        return seen;
    }

    /** The method; what it loads for others is loaded apart from what the thread has read before. */
    @Override
    protected @Nullable Object invokeOperation(CacheOperationInvoker invoker) {
        Call call = Call.madeAt(Call.place());
        TransactionBridge bridge = call != null && call.loads() ? transactions.get() : null;
        return bridge == null ? super.invokeOperation(invoker) : fresh(bridge, invoker);
    }

    private @Nullable Object fresh(TransactionBridge bridge, CacheOperationInvoker invoker) {
        @Nullable Object[] result = {null};
        try {
            bridge.fresh(() -> {
                result[0] = super.invokeOperation(invoker);
                return result;
            });
            return result[0];
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CacheOperationInvoker.ThrowableWrapper(e);
        }
    }
}
