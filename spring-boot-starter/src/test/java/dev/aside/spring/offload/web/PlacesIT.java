package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.spring.offload.web.WebNode.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Addresses of jobs in applications that do not stand at the root of their server. */
@Timeout(120)
class PlacesIT {
    @Configuration(proxyBeanMethods = false)
    static class Tenants {
        @Bean
        CallerIdentity tenant() {
            return request -> request.getHeader("X-Tenant");
        }
    }

    private static final String SLOW = "{\"month\":\"places\",\"slow\":true}";

    @Test
    void job_belowContextAndServletPath_isFoundThere() {
        try (OffloadApp app = OffloadApp.start(
                List.of(Reports.class),
                "server.servlet.context-path=/shop",
                "spring.mvc.servlet.path=/v1",
                "aside.offload.http.path=/api/tasks",
                "spring.main.lazy-initialization=true")) {
            Reply accepted = app.post("/shop/v1/reports", SLOW);
            assertThat(accepted.status()).isEqualTo(202);
            String location = accepted.header("Location");
            assertThat(location).startsWith(app.address() + "/shop/v1/api/tasks/jb_");
            assertThat(app.get(location).status()).isEqualTo(202);
            app.bean(Reports.class).open("places");
        }
    }

    @Test
    void job_behindABaseUrl_hasItsAddress() {
        try (OffloadApp app = OffloadApp.start(
                List.of(Reports.class),
                "aside.offload.http.hosts=",
                "aside.offload.http.base-url=https://api.example.com/shop/",
                "server.servlet.context-path=/inside")) {
            Reply accepted = app.post("/inside/reports", SLOW);
            assertThat(accepted.header("Location")).startsWith("https://api.example.com/shop/jobs/jb_");
            Reply running = app.get("/inside/jobs/" + accepted.text("/id"));
            assertThat(running.status()).isEqualTo(202);
            assertThat(running.text("/links/result")).startsWith("https://api.example.com/shop/jobs/jb_");
            app.bean(Reports.class).open("places");
        }
    }

    @Test
    void job_ofAnIdentityOfTheApplication_isItsAlone() {
        try (OffloadApp app = OffloadApp.start(List.of(Reports.class, Tenants.class))) {
            Reply accepted = app.post("/reports", SLOW, "X-Tenant", "acme");
            String location = accepted.header("Location");
            assertThat(app.get(location, "X-Tenant", "acme").status()).isEqualTo(202);
            assertThat(app.get(location, "X-Tenant", "other").status()).isEqualTo(404);
            assertThat(app.get(location).status()).isEqualTo(404);
            app.bean(Reports.class).open("places");
        }
    }
}
