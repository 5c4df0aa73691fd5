package dev.aside.benchmarks.redis;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/**
 * Accesses to database objects of a real e-commerce application ({@code orm-busy} of cache2k's benchmarks; Jens Wilke,
 * headissue GmbH, CC BY 4.0), as they stand in the jar {@code com.github.ben-manes.caffeine:simulator}.
 */
final class OrmTrace {
    private static final String NAME = "com/github/benmanes/caffeine/cache/simulator/parser/cache2k/orm-busy.trace.xz";

    private OrmTrace() {}

    /**
     * The first accesses.
     *
     * @param path the jar, or the trace itself; empty for the class path
     * @throws IllegalArgumentException if it is not there
     */
    static int[] read(String path, int accesses) throws IOException {
        if (path.isEmpty()) {
            try (InputStream in = OrmTrace.class.getClassLoader().getResourceAsStream(NAME)) {
                if (in == null) {
                    throw new IllegalArgumentException(
                            "the trace is not on the class path: run Maven with"
                                    + " -Ptrace, which downloads its jar (96 MB), or give --trace=<orm-busy.trace.xz or the jar>");
                }
                return read(in, accesses);
            }
        }
        if (!path.endsWith(".jar")) {
            try (InputStream in = Files.newInputStream(Path.of(path))) {
                return read(in, accesses);
            }
        }
        try (ZipFile jar = new ZipFile(path)) {
            ZipEntry entry = jar.getEntry(NAME);
            if (entry == null) {
                throw new IllegalArgumentException(path + " does not hold " + NAME);
            }
            return read(jar.getInputStream(entry), accesses);
        }
    }

    private static int[] read(InputStream compressed, int accesses) throws IOException {
        int[] keys = new int[accesses];
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(new XZInputStream(compressed)))) {
            for (int i = 0; i < accesses; i++) {
                keys[i] = in.readInt();
            }
        }
        return keys;
    }
}
