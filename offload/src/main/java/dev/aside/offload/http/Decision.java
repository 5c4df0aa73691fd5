package dev.aside.offload.http;

import java.util.Objects;
import java.util.function.Function;

/**
 * What a request comes to before anything is done: the answer already, or what is to be done next.
 *
 * @param <T> what is to be done
 */
public sealed interface Decision<T> {
    /**
     * Takes the branch that applies.
     *
     * @param answered gets the answer
     * @param next gets what is to be done
     * @return what the branch returned
     */
    <R> R fold(Function<? super Answer, ? extends R> answered, Function<? super T, ? extends R> next);

    /**
     * Nothing is to be done.
     *
     * @param answer to write
     */
    record Answered<T>(Answer answer) implements Decision<T> {
        public Answered {
            Objects.requireNonNull(answer, "answer");
        }

        @Override
        public <R> R fold(Function<? super Answer, ? extends R> answered, Function<? super T, ? extends R> next) {
            return answered.apply(answer);
        }
    }

    /**
     * Something is to be done; the answer comes after it.
     *
     * @param step what
     */
    record Next<T>(T step) implements Decision<T> {
        public Next {
            Objects.requireNonNull(step, "step");
        }

        @Override
        public <R> R fold(Function<? super Answer, ? extends R> answered, Function<? super T, ? extends R> next) {
            return next.apply(step);
        }
    }
}
