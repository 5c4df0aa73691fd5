package dev.aside.demo;

import dev.aside.demo.data.Shop;
import java.io.PrintStream;
import java.util.List;

/** What the demo prints when it is ready: addresses, and what to try. */
final class Welcome {
    private Welcome() {}

    static void print(PrintStream out, List<String> urls, Shop.Examples examples) {
        String a = urls.get(0);
        String b = urls.get(urls.size() - 1);
        String product = "/products/" + examples.sku();
        out.println();
        out.println("The shop is open: " + String.join("/ and ", urls) + "/");
        out.println();
        out.println("Try, and look at the header X-Aside-Source:");
        line(out, "curl -i " + a + product, "LOAD from PostgreSQL; again: L1, from the process");
        line(out, "curl -i " + b + product, "the other node: L2, from Redis");
        line(out, "curl -i -X PUT '" + a + product + "/price?value=3.10'", "both nodes show it at once");
        line(out, "curl -i " + b + "/orders/" + examples.orderId() + "/products", "one query for those not cached");
        line(out, "curl -i -X POST " + a + "/reports/sales", "202 after 200 ms; then ask its Location");
        line(out, "curl -i " + a + "/reports/bestsellers", "a cached method behind a job: 202 at first, then 200, L1");
        out.println();
        out.println("Without Redis: curl -X POST " + a + "/admin/redis/stop (start). Ctrl-C ends everything.");
        out.flush();
    }

    private static void line(PrintStream out, String command, String expected) {
        out.println("  " + command);
        out.println("      # " + expected);
    }
}
