package dev.aside.cache.testing;

import dev.aside.cache.Answer;
import dev.aside.cache.Cache;
import dev.aside.cache.CacheProbe;
import java.util.List;
import java.util.concurrent.Callable;

/** Entry to the assertions about caches. They throw {@link AssertionError} and need no assertion library. */
public final class CacheAssertions {
    private CacheAssertions() {}

    /** About what a process holds and has counted. */
    public static <K, V> CacheAssert<K, V> assertThatCache(Cache<K, V> cache) {
        return new CacheAssert<>(cache);
    }

    /**
     * About where the answers of a piece of code came from, which is run at once on this thread.
     *
     * @throws AssertionError if it throws; what it threw is the cause
     */
    public static <T> ReadAssert<T> assertThatRead(Callable<T> code) {
        List<Answer> answers;
        T result;
        try (CacheProbe probe = CacheProbe.open()) {
            try {
                result = code.call();
            } catch (Exception | Error e) {
                throw new AssertionError("the read failed: " + e, e);
            }
            answers = probe.answers();
        }
        return new ReadAssert<>(result, answers);
    }
}
