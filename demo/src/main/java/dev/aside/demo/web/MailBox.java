package dev.aside.demo.web;

import java.util.List;

/** The mails that have arrived at the demo's own mail server, which delivers none of them. Thread-safe. */
public interface MailBox {

    /** All of them, the first one first. */
    List<Mail> mails();

    /**
     * A mail.
     *
     * @param attachments names of the attached files
     */
    record Mail(String to, String subject, String messageId, List<String> attachments) {}
}
