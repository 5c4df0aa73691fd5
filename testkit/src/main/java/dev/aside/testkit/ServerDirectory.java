package dev.aside.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A temporary directory of one server: configuration, log and data.
 *
 * <p>Removed by {@link #delete()}; else at the end of the JVM, by the guard while the server runs and by a shutdown hook
 * while it does not. Thread-safe.
 */
final class ServerDirectory {
    private static final Set<ServerDirectory> LEFT = ConcurrentHashMap.newKeySet();

    static {
        ShutdownHook.add("aside-testkit-directories", ServerDirectory::deleteUnused);
    }

    private final Path path;
    private volatile @Nullable Process guard;

    private ServerDirectory(Path path) {
        this.path = path;
    }

    /** Creates an empty directory that every user may enter, as a server may run as another user than the JVM. */
    static ServerDirectory create(String prefix) {
        try {
            Path path = Files.createTempDirectory("aside-" + prefix + "-");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            ServerDirectory directory = new ServerDirectory(path);
            LEFT.add(directory);
            return directory;
        } catch (IOException e) {
            throw new TestServerException(
                    "Cannot create a directory for a test server in " + System.getProperty("java.io.tmpdir")
                            + ". Set -Djava.io.tmpdir to a writable directory.",
                    e);
        }
    }

    Path path() {
        return path;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /**
     * Names the guard of the server that works in it now; it removes the directory when the JVM ends. Holding it here
     * matters: a collected {@code Process} closes its pipe and so ends its server.
     */
    void usedBy(Process newGuard) {
        guard = newGuard;
    }

    /** The end of the server's log, for messages. */
    String logTail() {
        Path log = file("log");
        try {
            String text = Files.exists(log) ? Files.readString(log) : "";
            return text.substring(Math.max(0, text.length() - 4_000)).strip();
        } catch (IOException e) {
            return "(cannot read " + log + ": " + e + ")";
        }
    }

    void delete() {
        LEFT.remove(this);
        deleteTree(path);
    }

    /** Gives up after a failed start: what still runs there ends, and the directory goes. Waits for nothing. */
    void abandon() {
        LEFT.remove(this);
        Process running = guard;
        if (running == null || !running.isAlive()) {
            deleteTree(path);
            return;
        }
        try {
            running.getOutputStream().close(); // for the guard it is the end of the JVM
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the pipe to the guard of " + path, e);
        }
    }

    static void deleteTree(Path root) {
        try {
            Files.walkFileTree(root, new TreeDeleter());
        } catch (NoSuchFileException e) {
            return; // the guard was faster
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + root, e);
        }
    }

    private static void deleteUnused() {
        for (ServerDirectory directory : LEFT) {
            Process guard = directory.guard;
            if (guard == null || !guard.isAlive()) {
                deleteTree(directory.path);
            }
        }
    }

    private static final class TreeDeleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // a server tidied it away meanwhile
            }
            throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            if (e != null) {
                throw e;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
