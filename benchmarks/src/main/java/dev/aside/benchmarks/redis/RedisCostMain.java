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
 * eight, and beside the peers. Options: {@code --rounds=60 --slice=60 --threads=1,8 --work=HIT,BATCH,INVALIDATE
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
                aside.check();
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
        int rounds = options.number("rounds", 60);
        long slice = TimeUnit.MILLISECONDS.toNanos(options.number("slice", 60));
        print(work, threads, new Rounds(threads, rounds, slice).run(operations));
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private static void print(Work work, int threads, Map<String, Rounds.Result> results) {
        System.out.printf(
                "%n%s, %d thread(s)%n%-18s %12s %12s   %s%n",
                work, threads, "", "operations/s", "CPU us each", "time as a multiple of raw: median (quartiles)");
        results.forEach((name, result) -> System.out.printf(
                Locale.ROOT,
                "%-18s %12.0f %12.1f   %5.2fx (%.2f..%.2f)%n",
                name,
                result.perSecond(),
                result.cpuMicros(),
                result.ratio(),
                result.quarter(),
                result.threeQuarters()));
    }
}
