package dev.aside.benchmarks.redis;

import dev.aside.cache.Cache;
import dev.aside.cache.CacheStats;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.redis.RedisTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Aside, asked through its cache like an application does. The process keeps its copies for a millisecond, less than it
 * takes until a key comes up again, so that every read goes to Redis and is put into the process too, as in real life.
 */
final class Aside implements Contender {
    private final Caches caches;
    private final Cache<Long, Article> articles;

    Aside(String uri) {
        caches = Caches.builder()
                .remote(RedisTier.builder()
                        .uri(uri)
                        .namespace("bench")
                        .commandTimeout(Duration.ofSeconds(2)) // a busy machine is not an outage
                        .staleBound(Duration.ofSeconds(5))
                        .startup(RedisTier.Startup.FAIL_FAST)
                        .build())
                .policy(TtlPolicy.named("remote")
                        .ttl(Duration.ofHours(1))
                        .localTtl(Duration.ofMillis(1))
                        .maximumSize(KEYS)
                        .build())
                .build();
        articles = caches.cache("article", Long.class, Article.class, "remote");
        for (long key = 0; key < KEYS; key++) {
            articles.get(key, Article::of);
        }
    }

    @Override
    public String name() {
        return "Aside";
    }

    @Override
    public Map<Work, Operation> operations() {
        return Map.of(Work.HIT, this::hit, Work.BATCH, this::batch, Work.INVALIDATE, this::invalidate);
    }

    private Object hit(int number) {
        Article article = articles.get(Contender.key(number), Article::of);
        return article == null ? "" : article;
    }

    private Object batch(int number) {
        return articles.getAll(keys(number, key -> key), missing -> {
            throw new IllegalStateException("a batch that should hit misses " + missing.size());
        });
    }

    private Object invalidate(int number) {
        articles.invalidate(KEYS + Contender.key(number));
        return "";
    }

    /** The keys of a batch. */
    static <K> List<K> keys(int number, LongFunction<K> key) {
        List<K> keys = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            keys.add(key.apply(Contender.key(number, i)));
        }
        return keys;
    }

    /** Throws if some reads found nothing in Redis, or did not ask it: then the figures are worth nothing. */
    void check() {
        CacheStats stats = articles.stats();
        long loads = stats.loads() - KEYS;
        if (loads > 0 || stats.localHits() > stats.remoteHits() / 100) {
            throw new IllegalStateException("of " + stats.reads() + " reads " + loads + " were loads and "
                    + stats.localHits() + " did not ask Redis: the figures are void");
        }
    }

    @Override
    public void close() {
        caches.close();
    }
}
