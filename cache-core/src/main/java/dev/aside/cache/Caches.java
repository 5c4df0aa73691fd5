package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.cache.spi.TransactionBridge;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The caches of a process: the entry to the library. One per application.
 *
 * <pre>{@code
 * Caches caches = Caches.builder()
 *     .remote(RedisTier.connect("redis://localhost"))
 *     .build();
 * ProductRepository products = caches.proxy(ProductRepository.class, new JdbcProductRepository(dataSource));
 * }</pre>
 *
 * <p>Thread-safe. Close it when the application ends; caches must not be used afterwards.
 */
public final class Caches implements AutoCloseable {
    private final CacheContext context;
    private final Policies policies;
    private final CacheRegistry registry;

    private Caches(Builder builder) {
        this.context = new CacheContext(
                builder.remote,
                builder.time(),
                builder.executor == null ? new CacheThreads() : new CacheThreads(builder.executor),
                new Listeners(),
                new CacheContext.Callers(new BlockingCalls(builder.guard), new Transactions(builder.transactions)));
        builder.listeners.forEach(context.listeners()::add);
        this.policies = new Policies(builder.policies);
        this.registry = new CacheRegistry(context, policies);
    }

    /** Starts with nothing remote and the preset policies. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A view of the target whose annotated methods are cached and invalidate. Annotations are read from the interface
     * and from the target's class. Calls from one method of the target to another do not pass through the view.
     *
     * @param type the interface to offer
     * @param target does the work
     * @throws CacheConfigurationException if an annotation cannot work as it is written
     */
    public <T> T proxy(Class<T> type, T target) {
        return ProxyFactory.create(registry, type, target);
    }

    /**
     * The same for a framework that intercepts calls by itself: defines the caches that the methods want, and says what is
     * to be done when one is called.
     *
     * @throws CacheConfigurationException if annotations contradict each other, or what is defined already
     */
    public CachedCalls calls(AnnotatedMethods methods) {
        return new CachedCalls(new PlanBinder(registry).bind(methods.plans()));
    }

    /**
     * The cache of that name, whatever its policy; defined under the policy {@code "default"} if it is new.
     *
     * @throws CacheConfigurationException if the name is in use with other types, or with tags
     */
    public <K, V> Cache<K, V> cache(String name, Class<K> keyType, Class<V> valueType) {
        return define(name, keyType, valueType).create();
    }

    /**
     * The cache of that name under the named policy, defined if it is new.
     *
     * @throws CacheConfigurationException if the name is in use with other types or another policy, or there is no such
     *     policy
     */
    public <K, V> Cache<K, V> cache(String name, Class<K> keyType, Class<V> valueType, String policy) {
        return define(name, keyType, valueType).policy(policy).create();
    }

    /** As {@link #cache(String, Class, Class, String)}, for values of a generic type such as a list. */
    public <K, V> Cache<K, V> cache(String name, Class<K> keyType, TypeRef<V> valueType, String policy) {
        return new CacheDefinition<K, V>(registry, name, keyType, valueType.type())
                .policy(policy)
                .create();
    }

    /** Begins to define a cache with settings of its own on top of its policy. */
    public <K, V> CacheDefinition<K, V> define(String name, Class<K> keyType, Class<V> valueType) {
        return new CacheDefinition<>(registry, name, keyType, valueType);
    }

    /**
     * Invalidates keys of a cache on every node, whether or not this process reads it. Waits as {@link Cache#invalidate}.
     *
     * @throws InvalidationPendingException if the remote tier could not take it yet; it is retried
     * @throws BlockingCallException if called on an event loop
     */
    public void invalidate(String cache, Collection<?> keys) {
        registry.invalidator().invalidate(Scope.keys(cache, keys));
    }

    /** As {@link #invalidate}, without blocking; fails with the same exception. */
    public CompletableFuture<Void> invalidateAsync(String cache, Collection<?> keys) {
        return registry.invalidator().invalidateAsync(Scope.keys(cache, keys));
    }

    /**
     * Invalidates all of a cache on every node, whether or not this process reads it.
     *
     * @throws InvalidationPendingException if the remote tier could not take it yet; it is retried
     */
    public void clear(String cache) {
        registry.invalidator().invalidate(new Scope.All(cache));
    }

    /** As {@link #clear}, without blocking; fails with the same exception. */
    public CompletableFuture<Void> clearAsync(String cache) {
        return registry.invalidator().invalidateAsync(new Scope.All(cache));
    }

    /**
     * Invalidates on every node what carries one of the tags, whether or not this process reads the cache.
     *
     * @throws InvalidationPendingException if the remote tier could not take it yet; it is retried
     * @throws IllegalArgumentException if a tag is blank
     */
    public void invalidateTags(String cache, Collection<String> tags) {
        registry.invalidator().invalidate(tagScope(cache, tags));
    }

    /** As {@link #invalidateTags}, without blocking; fails with the same exception. */
    public CompletableFuture<Void> invalidateTagsAsync(String cache, Collection<String> tags) {
        return registry.invalidator().invalidateAsync(tagScope(cache, tags));
    }

    private static Scope tagScope(String cache, Collection<String> tags) {
        Names.check("cache name", cache);
        tags.forEach(Names::checkTag);
        return Scope.tags(cache, tags);
    }

    /** The policies, which can be replaced while the application runs. */
    public Policies policies() {
        return policies;
    }

    /** The caches defined so far, by name. */
    public List<Cache<?, ?>> all() {
        List<Cache<?, ?>> all = new ArrayList<>();
        registry.definitions().forEach(definition -> all.add(definition.engine()));
        return List.copyOf(all);
    }

    /** Whether there is a level that nodes share. */
    public boolean hasRemote() {
        return context.hasRemote();
    }

    /** One line per cache: its name, its types and the policy in force. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (CacheRegistry.Definition definition : registry.definitions()) {
            CacheSpec spec = definition.spec();
            text.append(spec.name()).append(": ");
            text.append(String.join(
                    ", ", spec.keyParts().stream().map(Type::getTypeName).toList()));
            text.append(" -> ").append(spec.valueType().getTypeName());
            text.append(", ").append(definition.binding().get());
            List<String> tags = definition.binding().wish().tags();
            text.append(tags.isEmpty() ? "" : ", tags " + tags).append('\n');
        }
        return text.toString();
    }

    /** Lets go of threads and of the remote tier. Idempotent. */
    @Override
    public void close() {
        context.threads().close();
        context.remote().close();
    }

    /** Collects what {@link Caches} are made of. Not thread-safe. */
    public static final class Builder {
        private RemoteTier remote = LocalOnlyTier.INSTANCE;
        private final List<TtlPolicy> policies = new ArrayList<>();
        private final List<CacheListener> listeners = new ArrayList<>();
        private @Nullable Ticker ticker;
        private @Nullable Ticker clock;
        private @Nullable Executor executor;
        private TransactionBridge transactions = NoTransactions.INSTANCE;
        private EventLoopGuard guard = EventLoopGuard.REFUSE;
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder() {}

        /** The level that nodes share; closed with the caches. Without it there is one process, and Caffeine. */
        public Builder remote(RemoteTier remote) {
            this.remote = Objects.requireNonNull(remote, "remote");
            return this;
        }

        /**
         * Adds a policy, or puts it in the place of the preset of that name.
         *
         * @throws CacheConfigurationException if a policy of that name was added before
         */
        public Builder policy(TtlPolicy policy) {
            for (TtlPolicy other : policies) {
                if (other.name().equals(policy.name())) {
                    throw new CacheConfigurationException("policy '" + policy.name() + "' was added twice: " + other
                            + " and " + policy + " [hint: names are unique]");
                }
            }
            policies.add(policy);
            return this;
        }

        /** Adds a listener. */
        public Builder listener(CacheListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Where time comes from; for tests. */
        public Builder ticker(Ticker ticker) {
            this.ticker = Objects.requireNonNull(ticker, "ticker");
            return this;
        }

        /**
         * Runs what has no caller: the continuation of asynchronous reads, and reloads behind readers. Not closed with
         * the caches. Without it they have daemon threads of their own.
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** What local hits take the time from, apart from everything else; for tests. */
        Builder clock(Ticker clock) {
            this.clock = clock;
            return this;
        }

        private TimeSources time() {
            Ticker exact = ticker == null ? Ticker.systemTicker() : ticker;
            Ticker coarse = ticker == null ? CoarseClock.INSTANCE : ticker;
            return new TimeSources(exact, clock == null ? coarse : clock, random);
        }

        /** What blocking calls do on an event loop; default {@link EventLoopGuard#REFUSE}. */
        public Builder eventLoopGuard(EventLoopGuard guard) {
            this.guard = Objects.requireNonNull(guard, "guard");
            return this;
        }

        /**
         * Where transactions are known. With it, reads inside a transaction that may write, or that is not at READ
         * COMMITTED, are answered from the caches but do not fill them, keys it has invalidated are read from the
         * database, and invalidations wait for its commit; a rollback invalidates nothing. Without it each call stands
         * for itself.
         */
        public Builder transactions(TransactionBridge bridge) {
            this.transactions = Objects.requireNonNull(bridge, "bridge");
            return this;
        }

        /** Where jitter comes from, 0 to 1; for tests. */
        Builder random(DoubleSupplier random) {
            this.random = random;
            return this;
        }

        /** The caches. */
        public Caches build() {
            return new Caches(this);
        }
    }
}
