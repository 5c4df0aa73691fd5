package dev.aside.benchmarks.redis;

import dev.aside.benchmarks.redis.Contender.Operation;
import dev.aside.benchmarks.redis.Contender.Work;
import dev.aside.testkit.RedisServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Prints what a hit, a batch and an invalidation cost beside the raw command of the same run, with one thread and with
 * eight, and beside the peers. Options: {@code --rounds=15 --slice=200 --threads=1,8 --work=HIT,BATCH,INVALIDATE
 * --peers=true}.
 */
public final class RedisCostMain {
    private RedisCostMain() {}

    /** Runs and prints. */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        try (RedisServer redis = RedisServer.start()) {
            List<Contender> contenders = new ArrayList<>();
            try {
                contenders.add(new RawLettuce(redis.uri()));
                Aside aside = new Aside(redis.uri());
                contenders.add(aside);
                if (options.flag("peers", true)) {
                    contenders.add(new JetCacheRemote(redis.uri()));
                    contenders.add(new SpringRedis(redis.uri()));
                    contenders.add(new RedissonRemote(redis.uri()));
                }
                for (String threads : options.list("threads", "1,8")) {
                    for (String work : options.list("work", "HIT,BATCH,INVALIDATE")) {
                        measure(options, contenders, Work.valueOf(work), Integer.parseInt(threads));
                    }
                }
                if (aside.loads() > 0) {
                    throw new IllegalStateException(aside.loads() + " reads were no hits: the figures are void");
                }
            } finally {
                contenders.forEach(Contender::close);
            }
        }
    }

    private static void measure(Options options, List<Contender> contenders, Work work, int threads) throws Exception {
        Map<String, Operation> operations = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            Operation operation = contender.operations().get(work);
            if (operation != null) {
                operations.put(contender.name(), operation);
            }
        }
        int rounds = options.number("rounds", 15);
        long slice = TimeUnit.MILLISECONDS.toNanos(options.number("slice", 200));
        print(work, threads, new Rounds(threads, rounds, slice).run(operations));
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private static void print(Work work, int threads, Map<String, Rounds.Result> results) {
        System.out.printf(
                "%n%s, %d thread(s): operations/s, time as a multiple of raw (median, lowest..highest)%n",
                work, threads);
        results.forEach((name, result) -> System.out.printf(
                Locale.ROOT,
                "%-18s %9.0f   %5.2fx   %5.2f..%.2f%n",
                name,
                result.perSecond(),
                result.ratio(),
                result.lowest(),
                result.highest()));
    }
}
