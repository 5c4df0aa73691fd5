package dev.aside.demo.documents;

import dev.aside.demo.shop.Order;
import dev.aside.demo.shop.SalesRepository;
import dev.aside.offload.JobContext;
import dev.aside.offload.JobType;
import dev.aside.offload.annotation.JobHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;

/** Confirms orders by mail, with the invoice attached. */
public final class OrderMailer {
    /** The name of the job. */
    public static final String NAME = "email.order-confirmation";

    /** The job: any node with this handler does it, at least once. */
    public static final JobType<OrderMail, OrderMail.Sent> TYPE =
            JobType.of(NAME, OrderMail.class, OrderMail.Sent.class);

    private final SalesRepository sales;
    private final JavaMailSender mails;

    OrderMailer(SalesRepository sales, JavaMailSender mails) {
        this.sales = sales;
        this.mails = mails;
    }

    /** Sends one. A second run sends the same message id. */
    @JobHandler(NAME)
    OrderMail.Sent send(OrderMail mail, JobContext job) throws MessagingException, IOException {
        Order order = sales.order(mail.orderId())
                .orElseThrow(() -> new IllegalStateException("the order to confirm is gone"));
        byte[] invoice = InvoicePdf.of(order, job);
        MimeMessage message = mails.createMimeMessage();
        MimeMessageHelper content = new MimeMessageHelper(message, true, "UTF-8");
        content.setFrom("shop@aside.example");
        content.setTo(mail.to());
        content.setSubject("Your order " + order.id());
        content.setText("Thank you for your order of " + order.lines().size() + " lines. The invoice is attached.");
        content.addAttachment("invoice-" + order.id() + ".pdf", new ByteArrayResource(invoice), "application/pdf");
        String id = "<" + job.jobId() + "@aside.example>";
        message.setHeader("Message-ID", id);
        job.throwIfCancelled();
        mails.send(message);
        return new OrderMail.Sent(id, mail.to());
    }
}
