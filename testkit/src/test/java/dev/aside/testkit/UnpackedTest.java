package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    private Path home;

    @Test
    void into_twiceTheSameContent_unpacksOnce() throws IOException {
        AtomicInteger times = new AtomicInteger();
        Unpacked.Unpacker unpacker = (content, target) -> {
            times.incrementAndGet();
            Files.write(target, content);
        };

        Path first = Unpacked.into(home, "tool", CONTENT, unpacker);
        Path second = Unpacked.into(home, "tool", CONTENT, unpacker);

        assertThat(second).isEqualTo(first).hasBinaryContent(CONTENT);
        assertThat(times).hasValue(1);
    }

    @Test
    void into_otherContent_unpacksBesideIt() throws IOException {
        Path first = Unpacked.into(home, "tool", CONTENT, (content, target) -> Files.write(target, content));
        Path second = Unpacked.into(home, "tool", new byte[] {4}, (content, target) -> Files.write(target, content));

        assertThat(second).isNotEqualTo(first).hasBinaryContent(new byte[] {4});
        assertThat(first).hasBinaryContent(CONTENT);
    }

    @Test
    void into_twoUnpackADirectoryAtOnce_bothGetTheSameCompleteOne() throws IOException {
        CountDownLatch bothUnpack = new CountDownLatch(2);
        Unpacked.Unpacker unpacker = (content, target) -> {
            Files.createDirectory(target);
            bothUnpack.countDown();
            try {
                bothUnpack.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            Files.write(target.resolve("file"), content);
        };

        List<Path> places = Stream.generate(() -> CompletableFuture.supplyAsync(() -> intoUnchecked(unpacker), task -> {
                    new Thread(task).start();
                }))
                .limit(2)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(places.get(0)).isEqualTo(places.get(1));
        assertThat(places.get(0).resolve("file")).hasBinaryContent(CONTENT);
        assertOnlyEntry(places.get(0));
    }

    @Test
    void into_unpackerFails_failsAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> Unpacked.into(home, "tool", CONTENT, (content, target) -> {
                    Files.write(target, content);
                    throw new IOException("disk full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("disk full");

        try (Stream<Path> entries = Files.list(home)) {
            assertThat(entries).isEmpty();
        }
    }

    @Test
    void of_resourceNotOnClassPath_failsWithTheGivenMessage() {
        assertThatThrownBy(() -> Unpacked.of("no-such-resource", "Get it from there.", (content, target) -> {}))
                .isInstanceOf(TestServerException.class)
                .hasMessage("Get it from there.");
    }

    private Path intoUnchecked(Unpacked.Unpacker unpacker) {
        try {
            return Unpacked.into(home, "tool", CONTENT, unpacker);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertOnlyEntry(Path expected) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            assertThat(entries).containsExactly(expected);
        }
    }
}
