package dev.aside.demo.data;

import java.io.IOException;
import java.io.OutputStream;

/** The lines of a shop's invoices as CSV, in the columns of the Online Retail data set, without its header line. */
public sealed interface SalesLines permits RetailFile, GeneratedSales {

    /** What it is, for messages. */
    String name();

    /** Writes all lines. */
    void writeTo(OutputStream out) throws IOException;
}
