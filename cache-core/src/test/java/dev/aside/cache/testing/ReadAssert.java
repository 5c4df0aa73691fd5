package dev.aside.cache.testing;

import dev.aside.cache.Answer;
import dev.aside.cache.Answer.Level;
import dev.aside.cache.Answer.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Assertions about the answers that a piece of code got from caches: all of them must be so. */
public final class ReadAssert<T> {
    private final @Nullable T result;
    private final List<Answer> answers;

    ReadAssert(@Nullable T result, List<Answer> answers) {
        this.result = result;
        this.answers = answers;
    }

    /** The code gave this result. */
    public ReadAssert<T> gives(@Nullable T expected) {
        if (!Objects.equals(result, expected)) {
            throw new AssertionError("expected " + expected + ", but it gave " + result + "; answers: " + answers);
        }
        return this;
    }

    /** Every answer came from there; there was at least one. */
    public ReadAssert<T> cameFrom(Level level) {
        return all("come from " + level, answer -> answer.level() == level);
    }

    /** Every answer has that reason. */
    public ReadAssert<T> because(Reason reason) {
        return all("be " + reason, answer -> answer.reason() == reason);
    }

    /** Every answer was past its ttl, or no longer known to be valid. */
    public ReadAssert<T> wasStale() {
        return all("be stale", Answer::stale);
    }

    /** No answer was past its ttl, nor unknown to be valid. */
    public ReadAssert<T> wasNotStale() {
        return all("not be stale", answer -> !answer.stale());
    }

    /** No answer is older. */
    public ReadAssert<T> wasYoungerThan(Duration age) {
        return all("be younger than " + age, answer -> answer.age().compareTo(age) < 0);
    }

    /** The code got that many answers. */
    public ReadAssert<T> readTimes(int reads) {
        if (answers.size() != reads) {
            throw new AssertionError("expected " + reads + " reads, but there were " + answers.size() + ": " + answers);
        }
        return this;
    }

    /** What the code gave. */
    public @Nullable T result() {
        return result;
    }

    private ReadAssert<T> all(String expectation, Predicate<Answer> test) {
        if (answers.isEmpty() || !answers.stream().allMatch(test)) {
            throw new AssertionError("expected every answer to " + expectation + ", but they are " + answers);
        }
        return this;
    }
}
