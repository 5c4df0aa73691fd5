package dev.aside.spring.offload.web;

import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.annotation.JobHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application before its mails changed, with nothing said of versions or codecs. */
@RestController
class OldRelease {
    private static final JobType<Mail, String> MAIL = JobType.of("mail", Mail.class, String.class);

    private final ObjectProvider<OffloadExecutor> offload;
    private final Deliveries deliveries;

    OldRelease(ObjectProvider<OffloadExecutor> offload, Deliveries deliveries) {
        this.offload = offload;
        this.deliveries = deliveries;
    }

    record Mail(String name) {}

    /** The id of the job. */
    @PostMapping("/mails/{name}")
    String enqueue(@PathVariable String name) {
        return offload.getObject().jobs().enqueue(MAIL, new Mail(name)).id();
    }

    @JobHandler("mail")
    String send(Mail mail) {
        return deliveries.add("old", mail.name());
    }
}
