package dev.aside.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.spring.actuate.AsideEndpoint.CacheDescription;
import dev.aside.spring.actuate.AsideEndpoint.Entry;
import java.security.Principal;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

class AsideEndpointWebExtensionTest {
    private final InMemoryRemoteTier tier = new InMemoryRemoteTier();
    private final Caches caches = Caches.builder().remote(tier.node()).build();

    @BeforeEach
    void hold() {
        caches.cache("values", String.class, String.class).get("k", key -> "secret");
    }

    @AfterEach
    void close() {
        caches.close();
    }

    @Test
    void peek_whenAuthorized_showsTheValueToTheRoleOnly() {
        AsideEndpointWebExtension web = web(Show.WHEN_AUTHORIZED);
        assertThat(peek(web, SecurityContext.NONE).value()).isNull();
        assertThat(peek(web, new User("guest")).value()).isNull();
        assertThat(peek(web, new User("admin")).value()).isEqualTo("secret");
    }

    @Test
    void peek_never_hidesTheValueFromEverybody() {
        assertThat(peek(web(Show.NEVER), new User("admin")).value()).isNull();
    }

    @Test
    void invalidate_outcome_isTheStatus() {
        AsideEndpointWebExtension web = web(Show.ALWAYS);
        assertThat(web.invalidate("values", "k", null, null).getStatus()).isEqualTo(200);
        tier.unreachable(true);
        assertThat(web.invalidate("values", "k", null, null).getStatus()).isEqualTo(202);
    }

    @Test
    void invalidate_blankTag_isRefused() {
        assertThat(web(Show.ALWAYS).invalidate("values", null, " ", null).getStatus())
                .isEqualTo(400);
    }

    private AsideEndpointWebExtension web(Show show) {
        return new AsideEndpointWebExtension(
                new AsideEndpoint(caches, TierView.NONE, show, new JobsView(() -> null, "none")),
                show,
                Set.of("admin"));
    }

    private static Entry peek(AsideEndpointWebExtension web, SecurityContext who) {
        return ((CacheDescription) web.cache(who, "values", "k").getBody()).entry();
    }

    private record User(String role) implements SecurityContext {
        @Override
        public Principal getPrincipal() {
            return () -> "somebody";
        }

        @Override
        public boolean isUserInRole(String asked) {
            return asked.equals(role);
        }
    }
}
