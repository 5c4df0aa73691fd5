package dev.aside.spring.offload.web;

import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.annotation.JobHandler;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.spi.PayloadCodec;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The application after its mails changed, with one more type of job. */
final class NewRelease {
    private static final JobType<Mail, String> MAIL =
            JobType.of("mail", Mail.class, String.class).version(2);
    private static final JobType<String, String> LETTER = JobType.of("letter", String.class, String.class);

    private NewRelease() {}

    record Mail(List<String> recipients, int copies) {}

    /** A node that takes requests and leaves the work to others. */
    @RestController
    static class Front {
        private final ObjectProvider<OffloadExecutor> offload;

        Front(ObjectProvider<OffloadExecutor> offload) {
            this.offload = offload;
        }

        @PostMapping("/mails/{name}")
        String enqueue(@PathVariable String name) {
            Mail mail = new Mail(List.of(name), 2);
            return offload.getObject().jobs().enqueue(MAIL, mail).id();
        }

        @PostMapping("/letters/{name}")
        String write(@PathVariable String name) {
            return offload.getObject().jobs().enqueue(LETTER, name).id();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Codec {
        @Bean
        PayloadCodec payloads(JsonMapper mapper) {
            return JacksonPayloadCodec.builder()
                    .mapper(ours -> mapper.rebuild()) // what has written version 1
                    .upcaster("mail", 1, old -> {
                        ObjectNode mail = (ObjectNode) old;
                        mail.putArray("recipients").add(mail.remove("name"));
                        return mail.put("copies", 1);
                    })
                    .build();
        }
    }

    static class Worker {
        private final Deliveries deliveries;

        Worker(Deliveries deliveries) {
            this.deliveries = deliveries;
        }

        @JobHandler(value = "mail", version = 2)
        String send(Mail mail) {
            return deliveries.add("new x" + mail.copies(), String.join("+", mail.recipients()));
        }

        @JobHandler("letter")
        String write(String name) {
            return deliveries.add("letter", name);
        }
    }
}
