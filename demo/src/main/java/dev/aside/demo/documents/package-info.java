/** What the shop sends out: invoices, mails, small pictures. It is slow work, done by jobs. */
@NullMarked
package dev.aside.demo.documents;

import org.jspecify.annotations.NullMarked;
