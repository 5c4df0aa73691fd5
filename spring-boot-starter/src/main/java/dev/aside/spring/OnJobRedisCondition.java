package dev.aside.spring;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether jobs are to be kept in Redis: {@code aside.offload.redis.*} says so, or what is said for the caches does. */
final class OnJobRedisCondition extends SpringBootCondition implements ConfigurationCondition {
    private final OnRedisCondition caches = new OnRedisCondition();

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return caches.getConfigurationPhase();
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Redis for jobs");
        Boolean enabled = Binder.get(context.getEnvironment())
                .bind("aside.offload.redis.enabled", Boolean.class)
                .orElse(null);
        if (enabled != null) {
            return new ConditionOutcome(enabled, message.because("aside.offload.redis.enabled is " + enabled));
        }
        if (context.getEnvironment().containsProperty("aside.offload.redis.uri")) {
            return ConditionOutcome.match(message.because("aside.offload.redis.uri is set"));
        }
        return caches.getMatchOutcome(context, metadata);
    }
}
