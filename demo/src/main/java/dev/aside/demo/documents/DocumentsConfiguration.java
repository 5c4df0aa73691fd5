package dev.aside.demo.documents;

import dev.aside.demo.shop.SalesRepository;
import dev.aside.offload.job.JobProblem;
import dev.aside.spring.OffloadCustomizer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.javamail.JavaMailSender;

/** How the mails are sent, and what clients are told of pictures that cannot be used. */
@Configuration(proxyBeanMethods = false)
class DocumentsConfiguration {

    @Bean
    OffloadCustomizer documents() {
        return builder -> builder.type(OrderMailer.NAME, type -> type.retry(5).timeLimit(Duration.ofSeconds(30)))
                .problems(thrown -> thrown instanceof ImageException unusable
                        ? new JobProblem(
                                "urn:aside-demo:unusable-image",
                                "The picture cannot be used",
                                422,
                                unusable.getMessage(),
                                false)
                        : JobProblem.failed());
    }

    @Bean
    OrderMailer orderMailer(SalesRepository sales, JavaMailSender mails) {
        return new OrderMailer(sales, mails);
    }
}
