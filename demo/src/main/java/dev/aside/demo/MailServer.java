package dev.aside.demo;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.aside.demo.web.MailBox;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A mail server in this process that takes every mail and delivers none. Thread-safe. */
final class MailServer implements MailBox, AutoCloseable {
    private final GreenMail server;

    private MailServer(GreenMail server) {
        this.server = server;
    }

    /** Starts it on a free port of this machine. */
    static MailServer start() {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        return new MailServer(server);
    }

    int port() {
        return server.getSmtp().getPort();
    }

    /** What has arrived, as it is; for tests. */
    List<MimeMessage> messages() {
        return List.of(server.getReceivedMessages());
    }

    @Override
    public List<Mail> mails() {
        return messages().stream().map(MailServer::mail).toList();
    }

    private static Mail mail(MimeMessage message) {
        try {
            return new Mail(
                    message.getHeader("To", ", "), message.getSubject(), message.getMessageID(), attachments(message));
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("a mail of the shop cannot be read", e);
        }
    }

    private static List<String> attachments(MimeMessage message) throws MessagingException, IOException {
        List<String> names = new ArrayList<>();
        if (message.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                if (Part.ATTACHMENT.equalsIgnoreCase(parts.getBodyPart(i).getDisposition())) {
                    names.add(parts.getBodyPart(i).getFileName());
                }
            }
        }
        return names;
    }

    @Override
    public void close() {
        server.stop();
    }
}
