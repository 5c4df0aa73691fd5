package dev.aside.spring.actuate;

import dev.aside.cache.Cache;
import dev.aside.cache.CacheStats;
import dev.aside.cache.Caches;
import dev.aside.cache.InvalidationPendingException;
import dev.aside.cache.TtlPolicy;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.Purge;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The Actuator endpoint {@code aside}: shows caches, policies and the level that nodes share, and changes them where
 * {@code management.endpoint.aside.access} is {@code unrestricted}. Never loads a value.
 *
 * <p>Thread-safe. Two changes of one policy at a time may lose one of them.
 */
@Endpoint(id = "aside", defaultAccess = Access.READ_ONLY)
public final class AsideEndpoint {
    private static final Logger LOG = System.getLogger(AsideEndpoint.class.getName());

    private final Caches caches;
    private final TierView tier;
    private final Show showValues;
    private final JobsView jobs;

    /**
     * An endpoint over these caches and jobs.
     *
     * @param tier the level that nodes share
     * @param showValues whether a peek tells values
     */
    public AsideEndpoint(Caches caches, TierView tier, Show showValues, JobsView jobs) {
        this.caches = Objects.requireNonNull(caches, "caches");
        this.tier = Objects.requireNonNull(tier, "tier");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.showValues = Objects.requireNonNull(showValues, "showValues");
    }

    /**
     * Everything there is.
     *
     * @param tier the level that nodes share
     * @param caches the caches defined so far, by name
     * @param policies the named policies, by name
     * @param jobs offloaded work
     */
    public record Overview(
            Map<String, Object> tier,
            Map<String, CacheDescription> caches,
            Map<String, String> policies,
            JobsView.Summary jobs)
            implements OperationResponseBody {}

    /**
     * What became of an order about a job.
     *
     * @param job its id
     * @param outcome {@code cancelled}, {@code requested} (it runs, and is told to stop), {@code terminal} (it was over);
     *     {@code queued} for one that is run again
     */
    public record JobOrder(String job, String outcome) implements OperationResponseBody {}

    /**
     * A purge.
     *
     * @param state the state the jobs were in
     * @param purged how many are gone
     */
    public record PurgedJobs(JobState state, int purged) implements OperationResponseBody {}

    /**
     * One cache.
     *
     * @param name its name
     * @param keys the type of its keys, or of their parts
     * @param values the type of its values
     * @param policy the policy in force, the cache's own settings included
     * @param stats counts since it was defined, in this process
     * @param hitRatio the share of reads that needed no load
     * @param entry the entry that was asked for
     */
    public record CacheDescription(
            String name,
            String keys,
            String values,
            String policy,
            CacheStats stats,
            double hitRatio,
            @Nullable Entry entry)
            implements OperationResponseBody {}

    /**
     * What this process holds of one key.
     *
     * @param key the key as it was given
     * @param held whether there is a value that may be served now
     * @param type the class of the value
     * @param value the beginning of its text, if values may be shown
     * @param truncated whether the text goes on
     */
    public record Entry(
            String key,
            boolean held,
            @Nullable String type,
            @Nullable String value,
            @Nullable Boolean truncated) {}

    /**
     * An invalidation.
     *
     * @param cache the cache's name
     * @param invalidated {@code key}, {@code tag} or {@code all}
     * @param outcome {@code done}, or {@code pending} if the tier could not take it yet and it is retried
     */
    public record Invalidation(String cache, String invalidated, String outcome) implements OperationResponseBody {}

    /**
     * A policy that was replaced.
     *
     * @param policy the policy now
     * @param caches what it comes to in the caches that follow it, by name
     */
    public record PolicyDescription(String policy, Map<String, String> caches) implements OperationResponseBody {}

    /** Everything there is. */
    @ReadOperation
    public Overview overview() {
        Map<String, CacheDescription> all = new LinkedHashMap<>();
        String description = caches.describe();
        caches.all().forEach(cache -> all.put(cache.name(), describe(cache, CacheTypes.of(cache, description), null)));
        Map<String, String> policies = new LinkedHashMap<>();
        caches.policies().all().forEach(policy -> policies.put(policy.name(), policy.toString()));
        return new Overview(tier.report(), all, policies, jobs.summary());
    }

    /**
     * One cache, and one of its entries if a key is given.
     *
     * @throws IllegalArgumentException if there is no such cache, or the key cannot be read
     */
    @ReadOperation
    public CacheDescription cache(@Selector String cache, @Nullable String key) {
        return cache(cache, key, showValues.isShown(true));
    }

    CacheDescription cache(String name, @Nullable String key, boolean showValue) {
        Cache<?, ?> cache = known(name);
        CacheTypes types = CacheTypes.of(cache, caches.describe());
        return describe(cache, types, key == null ? null : peek(cache, types, key, showValue));
    }

    /**
     * Invalidates on every node: one key, or what carries a tag, or all. Which of them has to be said, so that a
     * misspelt parameter does not clear a cache.
     *
     * @throws IllegalArgumentException if there is no such cache, the key cannot be read, or not exactly one is given
     */
    @DeleteOperation
    public Invalidation invalidate(
            @Selector String cache, @Nullable String key, @Nullable String tag, @Nullable Boolean all) {
        Cache<?, ?> known = known(cache);
        boolean everything = Boolean.TRUE.equals(all);
        if ((key == null ? 0 : 1) + (tag == null ? 0 : 1) + (everything ? 1 : 0) != 1) {
            throw new IllegalArgumentException(
                    "it is not clear what to invalidate of cache '" + cache + "' [hint: one of key, tag and all=true]");
        }
        if (key != null) {
            Object parsed =
                    KeyText.read(cache, CacheTypes.of(known, caches.describe()).keys(), key);
            return invalidate(cache, "key", () -> caches.invalidate(cache, List.of(parsed)));
        }
        return tag == null
                ? invalidate(cache, "all", () -> caches.clear(cache))
                : invalidate(cache, "tag", () -> caches.invalidateTags(cache, List.of(tag)));
    }

    /**
     * Changes a named policy until the application ends. New entries follow at once; entries that are there keep their
     * times. Durations are texts such as {@code 10m}.
     *
     * @throws IllegalArgumentException if there is no such policy, or it cannot be changed like that
     */
    @WriteOperation
    public PolicyDescription replacePolicy(
            String policy,
            @Nullable String ttl,
            @Nullable String localTtl,
            @Nullable String nullTtl,
            @Nullable String staleIfError,
            @Nullable Long maximumSize) {
        return replace(policy, new PolicyChange(ttl, localTtl, nullTtl, staleIfError, maximumSize));
    }

    PolicyDescription replace(String name, PolicyChange change) {
        TtlPolicy next = change.of(policy(name));
        caches.policies().replace(next);
        LOG.log(Level.INFO, "an operator replaced policy " + next);
        Map<String, String> followers = new LinkedHashMap<>();
        for (Cache<?, ?> cache : caches.all()) {
            if (cache.policy().name().equals(name)) {
                followers.put(cache.name(), cache.policy().toString());
            }
        }
        return new PolicyDescription(next.toString(), followers);
    }

    /**
     * One job.
     *
     * @param area {@code jobs}
     * @throws IllegalArgumentException if there is no such job or area
     */
    @ReadOperation
    public JobsView.Job job(@Selector String area, @Selector String id) {
        return jobs.in(area).find(id).orElseThrow(() -> JobsView.unknown(id));
    }

    /**
     * Asks a job to stop.
     *
     * @param area {@code jobs}
     * @throws IllegalArgumentException if there is no such job or area
     */
    @DeleteOperation
    public JobOrder cancelJob(@Selector String area, @Selector String id) {
        String outcome = jobs.in(area).cancel(id);
        LOG.log(Level.INFO, "an operator cancelled job " + id + ": " + outcome);
        if (outcome.equals("gone")) {
            throw JobsView.unknown(id);
        }
        return new JobOrder(id, outcome);
    }

    /**
     * Runs a failed named job again, with all its attempts.
     *
     * @param area {@code jobs}
     * @throws IllegalArgumentException if there is no such area, or no such failed job
     */
    @WriteOperation
    public JobOrder rerunJob(@Selector String area, @Selector String id) {
        if (!jobs.in(area).rerun(id)) {
            throw JobsView.unknown(id);
        }
        LOG.log(Level.INFO, "an operator runs job " + id + " again");
        return new JobOrder(id, "queued");
    }

    /**
     * Deletes jobs that are over, for good. What is not said is not guessed, so that a misspelt parameter does not delete
     * more than was meant.
     *
     * @param area {@code jobs}
     * @param by {@code state}
     * @param state the final state they are in
     * @param olderThan only those that have been over for so long, {@code 0s} for all
     * @param type the type of job; or else
     * @param all true for all types
     * @throws IllegalArgumentException if there is no such area, state or executor, or not exactly one of type and all is
     *     given
     */
    @DeleteOperation
    public PurgedJobs purgeJobs(
            @Selector String area,
            @Selector String by,
            @Selector String state,
            String olderThan,
            @Nullable String type,
            @Nullable Boolean all) {
        if ((type != null) == Boolean.TRUE.equals(all)) {
            throw new IllegalArgumentException("it is not clear which jobs to purge [hint: one of type and all=true]");
        }
        Purge which = new Purge(JobsView.state(by, state), type, DurationText.read("olderThan", olderThan));
        int purged = jobs.in(area).purge(which);
        LOG.log(Level.INFO, "an operator purged " + purged + " jobs: " + which);
        return new PurgedJobs(which.state(), purged);
    }

    private Invalidation invalidate(String cache, String what, Runnable order) {
        String outcome = "done";
        try {
            order.run();
        } catch (InvalidationPendingException e) {
            outcome = "pending";
        }
        LOG.log(Level.INFO, "an operator invalidated " + what + " of cache '" + cache + "': " + outcome);
        return new Invalidation(cache, what, outcome);
    }

    private CacheDescription describe(Cache<?, ?> cache, CacheTypes types, @Nullable Entry entry) {
        CacheStats stats = cache.stats();
        return new CacheDescription(
                cache.name(), types.keys(), types.values(), cache.policy().toString(), stats, stats.hitRatio(), entry);
    }

    @SuppressWarnings("unchecked") // the key is read as the type that the cache was defined with
    private Entry peek(Cache<?, ?> cache, CacheTypes types, String key, boolean showValue) {
        Object parsed = KeyText.read(cache.name(), types.keys(), key);
        Object value = ((Cache<Object, Object>) cache).peek(parsed);
        if (value == null) {
            return new Entry(key, false, null, null, null);
        }
        if (!showValue) {
            return new Entry(key, true, value.getClass().getName(), null, null);
        }
        ValueText text = ValueText.of(value);
        return new Entry(key, true, value.getClass().getName(), text.text(), text.truncated());
    }

    private Cache<?, ?> known(String name) {
        for (Cache<?, ?> cache : caches.all()) {
            if (cache.name().equals(name)) {
                return cache;
            }
        }
        throw new UnknownNameException(
                "cache", name, caches.all().stream().map(Cache::name).toList());
    }

    private TtlPolicy policy(String name) {
        List<TtlPolicy> all = caches.policies().all();
        for (TtlPolicy policy : all) {
            if (policy.name().equals(name)) {
                return policy;
            }
        }
        throw new UnknownNameException(
                "policy", name, all.stream().map(TtlPolicy::name).toList());
    }
}
