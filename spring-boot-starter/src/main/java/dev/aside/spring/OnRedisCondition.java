package dev.aside.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether somebody asked for a level in Redis: by {@code aside.redis.enabled} or {@code aside.redis.uri}, or by telling
 * Spring Data Redis where Redis is. That Spring Data Redis is on the class path asks for nothing.
 */
final class OnRedisCondition extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN; // connection details are beans
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Redis for caches");
        Boolean enabled = Binder.get(context.getEnvironment())
                .bind("aside.redis.enabled", Boolean.class)
                .orElse(null);
        if (enabled != null) {
            return new ConditionOutcome(enabled, message.because("aside.redis.enabled is " + enabled));
        }
        if (context.getEnvironment().containsProperty("aside.redis.uri")) {
            return ConditionOutcome.match(message.because("aside.redis.uri is set"));
        }
        if (!SpringDataRedis.isPresent(context.getClassLoader())) {
            return ConditionOutcome.noMatch(message.because("aside.redis.uri is not set"));
        }
        return SpringDataRedis.of(context.getEnvironment()).isNamed() || hasDetails(context.getBeanFactory())
                ? ConditionOutcome.match(message.because("Spring Data Redis was told where Redis is"))
                : ConditionOutcome.noMatch(message.because(
                        "neither aside.redis.uri nor spring.data.redis.url nor spring.data.redis.host is set"));
    }

    private static boolean hasDetails(@Nullable ConfigurableListableBeanFactory beans) {
        return beans != null && DataRedisDetails.beanName(beans) != null;
    }
}
