package dev.aside.spring.offload;

import dev.aside.offload.spi.ContextCarrier;
import java.util.Map;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/** Takes Spring Security's context along to workers of this process. It is never stored: it may hold credentials. */
public final class SecurityCarrier implements ContextCarrier {
    /** The only one that is needed. */
    public SecurityCarrier() {}

    @Override
    public Captured capture() {
        SecurityContext copy = SecurityContextHolder.createEmptyContext();
        copy.setAuthentication(SecurityContextHolder.getContext().getAuthentication());
        return new Taken(copy);
    }

    @Override
    public Captured load(Map<String, String> exported) {
        return new Taken(SecurityContextHolder.createEmptyContext());
    }

    private record Taken(SecurityContext context) implements Captured {
        @Override
        public Scope restore() {
            SecurityContext before = SecurityContextHolder.getContext();
            SecurityContextHolder.setContext(context);
            return () -> {
                if (before.getAuthentication() == null) {
                    SecurityContextHolder.clearContext();
                } else {
                    SecurityContextHolder.setContext(before);
                }
            };
        }

        @Override
        public Map<String, String> export() {
            return Map.of();
        }
    }
}
