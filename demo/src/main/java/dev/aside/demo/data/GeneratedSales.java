package dev.aside.demo.data;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A made-up year of a shop in the shape of the Online Retail data: 13 months, 38 countries with most of the trade at
 * home, few products that sell a lot, guests, returns as cancelled invoices, names with commas and quotes. The same seed
 * gives the same lines. Immutable.
 */
public final class GeneratedSales implements SalesLines {
    private static final LocalDateTime START = LocalDateTime.of(2010, 12, 1, 8, 26);
    private static final int DAYS = 373;
    private static final int FIRST_INVOICE = 536_365;
    private static final int FIRST_CUSTOMER = 12_346;
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final String HOME = "United Kingdom";
    private static final String[] ABROAD = ("Germany,France,EIRE,Spain,Netherlands,Belgium,Switzerland,Portugal,"
                    + "Australia,Norway,Italy,Channel Islands,Finland,Cyprus,Sweden,Unspecified,Austria,Denmark,Japan,"
                    + "Poland,Israel,USA,Hong Kong,Singapore,Iceland,Canada,Greece,Malta,United Arab Emirates,"
                    + "European Community,RSA,Lebanon,Lithuania,Brazil,Czech Republic,Bahrain,Saudi Arabia")
            .split(",");
    private static final String[] COLOURS = {"WHITE", "RED", "PINK", "BLUE", "IVORY", "GREEN", "BLACK", "SET OF 3"};
    private static final String[] STYLES = {"HANGING HEART", "RETROSPOT", "VINTAGE", "PAISLEY", "REGENCY", "WOODEN"};
    private static final String[] THINGS = {
        "T-LIGHT HOLDER", "LUNCH BAG", "CAKE STAND", "MUG, LARGE", "FRAME 7\" SINGLE", "LANTERN", "BUNTING", "DOORMAT"
    };

    private final long seed;
    private final int lines;
    private final List<Item> items;

    private record Item(String sku, String name, BigDecimal price) {}

    private record Buyer(String id, String country) {}

    /**
     * @param seed equal seeds give equal shops
     * @param lines how many invoice lines, 1,000 to 1,000,000; products and customers grow with them
     * @throws IllegalArgumentException if there are fewer or more
     */
    public GeneratedSales(long seed, int lines) {
        if (lines < 1_000 || lines > 1_000_000) {
            throw new IllegalArgumentException(
                    lines + " lines are not a shop [hint: 1,000 to 1,000,000, such as 300000]");
        }
        this.seed = seed;
        this.lines = lines;
        this.items = items(new Random(seed), Math.max(200, Math.min(4_000, lines / 100)));
    }

    @Override
    public String name() {
        return "a generated shop (seed " + seed + ")";
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        Random random = new Random(seed + 1);
        int invoices = Math.max(1, lines / 21);
        int invoice = FIRST_INVOICE;
        long minutes = DAYS * 24L * 60;
        StringBuilder text = new StringBuilder(4_096);
        int left = lines;
        for (int i = 0; left > 0; i++, invoice++) {
            boolean cancelled = i > 0 && random.nextInt(100) < 15;
            int size = Math.min(left, cancelled ? 1 + random.nextInt(4) : 1 + random.nextInt(48));
            LocalDateTime when = START.plusMinutes(Math.min(minutes - 1, minutes * i / invoices));
            Buyer buyer = i == 0 ? buyer(new Random(seed), false) : buyer(random, random.nextInt(100) < 14);
            text.setLength(0);
            invoice(text, (cancelled ? "C" : "") + invoice + ",", size, when, buyer, random);
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            left -= size;
        }
    }

    private void invoice(StringBuilder text, String number, int size, LocalDateTime when, Buyer buyer, Random random) {
        String tail = "," + buyer.id + "," + buyer.country + "\n";
        String time = "," + WHEN.format(when) + ",";
        boolean cancelled = number.startsWith("C");
        for (int line = 0; line < size; line++) {
            Item item = items.get(popular(random.nextDouble(), items.size()));
            int quantity = 1 + (int) (random.nextDouble() * random.nextDouble() * 36);
            text.append(number).append(item.sku).append(',').append(item.name).append(',');
            text.append(cancelled ? -quantity : quantity)
                    .append(time)
                    .append(item.price)
                    .append(tail);
        }
    }

    private Buyer buyer(Random random, boolean guest) {
        int customers = Math.max(50, lines / 125);
        int number = random.nextInt(customers);
        // a customer lives in one country; SplittableRandom, as neighbouring seeds of Random begin alike
        SplittableRandom home = new SplittableRandom(seed * 31 + number);
        String country = home.nextInt(100) < 89 ? HOME : ABROAD[popular(home.nextDouble(), ABROAD.length)];
        return new Buyer(guest ? "" : Integer.toString(FIRST_CUSTOMER + number), country);
    }

    /** Skewed towards the first: the square of a uniform number. */
    private static int popular(double uniform, int size) {
        return (int) (uniform * uniform * size);
    }

    private static List<Item> items(Random random, int count) {
        Set<String> skus = new LinkedHashSet<>(List.of("85123A"));
        while (skus.size() < count) {
            String number = Integer.toString(20_000 + random.nextInt(70_000));
            skus.add(random.nextInt(4) == 0 ? number + (char) ('A' + random.nextInt(8)) : number);
        }
        List<Item> items = new ArrayList<>(count);
        for (String sku : skus) {
            String name = pick(COLOURS, random) + " " + pick(STYLES, random) + " " + pick(THINGS, random);
            BigDecimal price = BigDecimal.valueOf(19 + (long) (random.nextDouble() * random.nextDouble() * 1_500), 2);
            items.add(new Item(sku, quoted(name), price));
        }
        return List.copyOf(items);
    }

    private static String pick(String[] words, Random random) {
        return words[random.nextInt(words.length)];
    }

    private static String quoted(String text) {
        boolean plain = text.indexOf(',') < 0 && text.indexOf('"') < 0;
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
