package dev.aside.spring.offload.web;

import dev.aside.offload.JobContext;
import dev.aside.offload.annotation.Offload;
import jakarta.servlet.DispatcherType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Endpoints behind Spring Security: whoever is logged in may ask, analysts only may read what is in the vault. */
@RestController
public class Vault {
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final Safe safe;

    Vault(Safe safe) {
        this.safe = safe;
    }

    CountDownLatch gate(String name) {
        return gates.computeIfAbsent(name, n -> new CountDownLatch(1));
    }

    @PostMapping("/papers/{name}")
    @Offload("paper")
    String paper(@PathVariable String name, JobContext job) throws InterruptedException {
        job.onCancel(gate(name)::countDown);
        gate(name).await();
        job.throwIfCancelled();
        return safe.read();
    }

    @GetMapping("/who")
    @Offload(threshold = "20s")
    String who() {
        return Safe.name();
    }

    @GetMapping("/safe")
    @Offload(threshold = "20s")
    String now() {
        return safe.read();
    }

    /** Guarded method by method. */
    public static class Safe {
        @PreAuthorize("hasRole('ANALYST')")
        public String read() {
            return "read by " + name();
        }

        static String name() {
            var caller = SecurityContextHolder.getContext().getAuthentication();
            return caller == null ? "nobody" : caller.getName();
        }
    }

    /** As an application would have it; passwords are names. */
    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class Guard {
        @Bean
        Safe safe() {
            return new Safe();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    user("alice", "ANALYST"), user("bob", "ANALYST"), user("carol", "CLERK"));
        }

        private static org.springframework.security.core.userdetails.UserDetails user(String name, String role) {
            return User.withUsername(name).password("{noop}" + name).roles(role).build();
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(all -> all.dispatcherTypeMatchers(DispatcherType.ERROR)
                            .permitAll() // or the page of a refusal is refused itself
                            .anyRequest()
                            .authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.spa())
                    .build();
        }
    }
}
