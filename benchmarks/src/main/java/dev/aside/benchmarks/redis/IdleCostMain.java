package dev.aside.benchmarks.redis;

import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.testkit.RedisServer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints how much of a Redis core a node costs that does nothing, with 1 and with 20 caches, as the difference to a Redis
 * nobody is connected to. Options: {@code --seconds=10 --nodes=1}.
 */
public final class IdleCostMain {
    private static final Pattern CPU = Pattern.compile("used_cpu_(?:user|sys):([0-9.]+)");

    private IdleCostMain() {}

    /** Runs and prints. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        int seconds = options.number("seconds", 10);
        int nodes = options.number("nodes", 1);
        try (RedisServer redis = RedisServer.start()) {
            double nobody = share(redis, seconds);
            System.out.printf(Locale.ROOT, "nobody: %.4f %% of a core%n", 100 * nobody);
            for (int caches : List.of(1, 20)) {
                List<Caches> open = new java.util.ArrayList<>();
                for (int node = 0; node < nodes; node++) {
                    open.add(node(redis.uri(), caches));
                }
                double each = (share(redis, seconds) - nobody) / nodes;
                System.out.printf(
                        Locale.ROOT,
                        "%2d caches: %.4f %% of a core for each of %d nodes; 1,000 nodes by calculation %.2f cores%n",
                        caches,
                        100 * each,
                        nodes,
                        1000 * each);
                open.forEach(Caches::close);
            }
        }
    }

    private static Caches node(String uri, int count) {
        Caches caches = Caches.builder()
                .remote(RedisTier.builder().uri(uri).namespace("idle").build())
                .build();
        for (int i = 0; i < count; i++) {
            caches.cache("cache-" + i, Long.class, Article.class);
        }
        return caches;
    }

    /** The share of a core that Redis takes over some time. */
    private static double share(RedisServer redis, int seconds) throws InterruptedException {
        double before = cpuSeconds(redis);
        long start = System.nanoTime();
        Thread.sleep(1000L * seconds);
        return (cpuSeconds(redis) - before) * 1e9 / (System.nanoTime() - start);
    }

    private static double cpuSeconds(RedisServer redis) {
        Matcher found = CPU.matcher(String.valueOf(redis.command("INFO", "cpu")));
        double sum = 0;
        while (found.find()) {
            sum += Double.parseDouble(found.group(1));
        }
        return sum;
    }
}
