package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarArchiveTest {
    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @Test
    void unpackTo_filesDirectoriesAndLinks_areThereWithTheirRights() throws IOException {
        entry("bin/", '5', "755", "", "");
        entry("bin/tool", '0', "755", "", "#!/bin/sh\n");
        entry("lib/deep/text", '0', "644", "", "x".repeat(1_000));
        entry("lib/empty", '0', "600", "", "");
        entry("lib/link", '2', "777", "deep/text", "");

        unpack();

        assertThat(directory.resolve("bin/tool")).isExecutable().hasContent("#!/bin/sh\n");
        assertThat(directory.resolve("lib/deep/text")).hasContent("x".repeat(1_000));
        assertThat(Files.getPosixFilePermissions(directory.resolve("lib/deep/text")))
                .isEqualTo(Unpacked.READABLE);
        assertThat(directory.resolve("lib/empty")).isEmptyFile();
        assertThat(directory.resolve("lib/link")).isSymbolicLink().hasContent("x".repeat(1_000));
    }

    @Test
    void unpackTo_entryAboveTheDirectory_isRefused() {
        entry("../escaped", '0', "644", "", "x");

        assertThatThrownBy(this::unpack).isInstanceOf(IOException.class).hasMessageContaining("../escaped");
        assertThat(directory.resolveSibling("escaped")).doesNotExist();
    }

    @Test
    void unpackTo_linkAboveTheDirectory_isRefused() {
        entry("link", '2', "777", "../outside", "");

        assertThatThrownBy(this::unpack).isInstanceOf(IOException.class).hasMessageContaining("../outside");
    }

    @Test
    void unpackTo_kindThatWeDoNotKnow_isRefusedNotSkipped() {
        entry("fifo", '6', "644", "", "");

        assertThatThrownBy(this::unpack).isInstanceOf(IOException.class).hasMessageContaining("'6' for fifo");
    }

    @Test
    void unpackTo_truncatedFile_fails() {
        entry("file", '0', "644", "", "x".repeat(2_000));
        byte[] whole = tar.toByteArray();
        byte[] half = Arrays.copyOf(whole, 1_024);

        assertThatThrownBy(() -> new TarArchive(new ByteArrayInputStream(half)).unpackTo(directory))
                .isInstanceOf(EOFException.class);
    }

    private void unpack() throws IOException {
        tar.writeBytes(new byte[1_024]);
        new TarArchive(new ByteArrayInputStream(tar.toByteArray())).unpackTo(directory);
    }

    private void entry(String name, char type, String mode, String link, String content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000" + mode);
        put(header, 124, String.format("%011o", content.length()));
        header[156] = (byte) type;
        put(header, 157, link);
        tar.writeBytes(header);
        tar.writeBytes(
                Arrays.copyOf(content.getBytes(StandardCharsets.US_ASCII), (content.length() + 511) / 512 * 512));
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
