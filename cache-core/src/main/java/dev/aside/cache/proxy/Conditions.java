package dev.aside.cache.proxy;

import dev.aside.cache.annotation.CallCondition;
import dev.aside.cache.annotation.ResultCondition;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Which calls of a method are cached, and which of its results are kept. Immutable if the user's classes are. */
public final class Conditions {
    private final Method method;
    private final @Nullable CallCondition condition;
    private final @Nullable ResultCondition<Object> unless;

    private Conditions(Method method, @Nullable CallCondition condition, @Nullable ResultCondition<Object> unless) {
        this.method = method;
        this.condition = condition;
        this.unless = unless;
    }

    @SuppressWarnings("unchecked") // the type of its values has just been checked
    static Conditions parse(
            Class<? extends CallCondition> condition,
            Class<? extends ResultCondition<?>> unless,
            Type valueType,
            Where where) {
        CallCondition call = condition == CallCondition.Always.class ? null : where.make(condition, "condition");
        if (unless == ResultCondition.Never.class) {
            return new Conditions(where.method(), call, null);
        }
        Type wanted = new Types(unless).resolve(ResultCondition.class.getTypeParameters()[0]);
        if (!Types.raw(wanted).isAssignableFrom(Types.raw(valueType))) {
            throw where.wrong(
                    "unless " + unless.getSimpleName() + " looks at values of type " + wanted.getTypeName()
                            + ", but the method's are of type " + valueType.getTypeName(),
                    "implement ResultCondition of the value's type, without the Optional or stage around it");
        }
        return new Conditions(where.method(), call, (ResultCondition<Object>) where.make(unless, "unless"));
    }

    /** Whether every call is cached. */
    public boolean always() {
        return condition == null;
    }

    /** Whether a call goes past the cache. */
    public boolean passesBy(@Nullable Object[] arguments) {
        return condition != null && !condition.test(method, Collections.unmodifiableList(Arrays.asList(arguments)));
    }

    /** Whether some results are not kept. */
    public boolean dropsSome() {
        return unless != null;
    }

    /** Whether a loaded value is kept; null is an absent one. */
    public boolean keeps(@Nullable Object value) {
        return unless == null || !unless.test(value);
    }
}
