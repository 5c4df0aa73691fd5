package dev.aside.cache.redis.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Readers and a writer of one node that go on until they are stopped. */
final class Traffic implements AutoCloseable {
    private static final int READERS = 2;
    private static final int READ_PAUSE = 3_000_000;
    private static final int WRITE_PAUSE = 25_000_000;

    private final TortureNode node;
    private final List<Thread> threads = new ArrayList<>();

    /** Held for reading by each write; held for writing while nobody may write. */
    private final ReentrantReadWriteLock writes = new ReentrantReadWriteLock();

    private boolean mayWrite = true;
    private volatile boolean stopped;

    /** @param writable the kinds it writes */
    Traffic(TortureNode node, List<Kind> writable, long seed) {
        this.node = node;
        for (int i = 0; i < READERS; i++) {
            Random random = new Random(seed + i);
            threads.add(new Thread(() -> loop(random, READ_PAUSE, () -> readSomething(random)), "torture-reader"));
        }
        Random random = new Random(seed - 1);
        threads.add(new Thread(
                () -> loop(random, WRITE_PAUSE, () -> writeSomething(random, writable)), "torture-writer"));
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    private void loop(Random random, int pause, Runnable step) {
        while (!stopped) {
            step.run();
            LockSupport.parkNanos(random.nextInt(pause));
        }
    }

    private void readSomething(Random random) {
        Kind kind = any(List.of(Kind.values()), random);
        int way = random.nextInt(10);
        if (way < 2) {
            int from = random.nextInt(kind.keys().size() - 4);
            node.readAll(kind.keys().subList(from, from + 4));
        } else if (way < 3) {
            node.readAsync(any(kind.keys(), random));
        } else {
            node.read(any(kind.keys(), random));
        }
    }

    private void writeSomething(Random random, List<Kind> writable) {
        writes.readLock().lock();
        try {
            if (!mayWrite) {
                return;
            }
            Kind kind = any(writable, random);
            int way = random.nextInt(20);
            if (way == 0) {
                node.writeAndClear(any(kind.keys(), random));
            } else if (way < 3) {
                node.writeAndInvalidateTag(any(kind.keys(), random));
            } else if (way < 9) {
                node.writeThrough(any(kind.keys(), random));
            } else {
                int from = random.nextInt(kind.keys().size() - 2);
                node.write(kind.keys().subList(from, from + (way < 11 ? 3 : 1)));
            }
        } finally {
            writes.readLock().unlock();
        }
    }

    private static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    /** Lets writes go on, or holds them; returns when none is under way. */
    void writes(boolean allowed) {
        writes.writeLock().lock();
        try {
            mayWrite = allowed;
        } finally {
            writes.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
