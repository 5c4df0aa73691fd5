package dev.aside.demo.documents;

/**
 * The payload of the job that confirms an order by mail.
 *
 * @param orderId the order
 * @param to whom, an address as in {@code alice@example.org}
 */
public record OrderMail(String orderId, String to) {

    /**
     * What it came to.
     *
     * @param messageId the same in every attempt, so that who gets it twice can tell
     */
    public record Sent(String messageId, String to) {}
}
