package dev.aside.spring.offload.web;

import dev.aside.offload.spi.ContextCarrier;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who asked for work: kept with the job, and compared with whoever asks for it. Thread-safe. */
public final class Callers {
    /** Where the owner stands in a job's context. */
    static final String OWNER = "aside.owner";

    private static final String ANONYMOUS = "-";
    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    private final CallerIdentity identity;

    /** Callers as this tells them apart. */
    public Callers(CallerIdentity identity) {
        this.identity = Objects.requireNonNull(identity, "identity");
    }

    /** Takes the caller of the request that is served along to work, and to the work that this asks for. */
    public ContextCarrier carrier() {
        return ContextCarrier.text(OWNER, this::current, Callers::set);
    }

    /** The owner of what this request starts; no name can make it look like another one. */
    String owner(HttpServletRequest request) {
        String name = identity.of(request);
        return name == null ? ANONYMOUS : "=" + name;
    }

    private @Nullable String current() {
        String carried = CURRENT.get();
        return carried == null && RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes served
                ? owner(served.getRequest())
                : carried;
    }

    private static void set(@Nullable String owner) {
        if (owner == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(owner);
        }
    }
}
