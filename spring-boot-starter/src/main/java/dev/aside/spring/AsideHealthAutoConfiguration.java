package dev.aside.spring;

import dev.aside.cache.redis.RedisTier;
import dev.aside.spring.actuate.AsideHealthIndicator;
import dev.aside.spring.actuate.RedisTierView;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * The health contributor {@code aside}, if there is a Redis tier: a process on its own has nothing to lose touch with.
 * {@code management.health.aside.enabled=false} turns it off.
 */
@AutoConfiguration(after = AsideRedisAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, RedisTier.class})
@ConditionalOnEnabledHealthIndicator("aside")
@ConditionalOnSingleCandidate(RedisTier.class)
public final class AsideHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "asideHealthIndicator")
    AsideHealthIndicator asideHealthIndicator(RedisTier tier) {
        return new AsideHealthIndicator(new RedisTierView(tier));
    }
}
