package dev.aside.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reader of plain tar archives: files, directories and symbolic links, which is all that the PostgreSQL archives hold.
 * Anything else is refused, not skipped. One thread at a time.
 */
final class TarArchive {
    private static final int BLOCK = 512;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];

    TarArchive(InputStream in) {
        this.in = in;
    }

    /** Unpacks everything below the directory; what its owner may read and run, everyone may. */
    void unpackTo(Path directory) throws IOException {
        directory(directory);
        while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            Path target = inside(directory, text(0, 100));
            switch (header[156]) {
                case '5' -> directory(target);
                case '2' -> link(directory, target);
                case '0', 0 -> file(target);
                default ->
                    throw new IOException("Unsupported tar entry of type '" + (char) header[156] + "' for "
                            + directory.relativize(target));
            }
        }
    }

    private static void directory(Path target) throws IOException {
        Files.createDirectories(target);
        Files.setPosixFilePermissions(target, Unpacked.EXECUTABLE);
    }

    private void link(Path directory, Path target) throws IOException {
        String to = text(157, 100);
        inside(directory, directory.relativize(target).resolveSibling(to).toString());
        Files.createDirectories(target.getParent());
        Files.createSymbolicLink(target, Path.of(to));
    }

    private void file(Path target) throws IOException {
        Files.createDirectories(target.getParent());
        long size = octal(124, 12);
        try (OutputStream out = Files.newOutputStream(target)) {
            copy(out, size);
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        boolean executable = (octal(100, 8) & 0100) != 0;
        Files.setPosixFilePermissions(target, executable ? Unpacked.EXECUTABLE : Unpacked.READABLE);
    }

    private void copy(OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (long left = size; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("The tar archive ends within a file");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    private static Path inside(Path directory, String name) throws IOException {
        Path target = directory.resolve(name).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("The tar archive reaches outside its directory: " + name);
        }
        return target;
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private long octal(int offset, int length) throws IOException {
        String digits = text(offset, length).strip();
        try {
            return Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("The tar archive is broken: '" + digits + "' is no octal number", e);
        }
    }
}
