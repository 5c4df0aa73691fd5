package dev.aside.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * Binaries from the class path, unpacked once per content into the temporary directory and shared by all JVMs of a user.
 *
 * <p>Whoever unpacks does so beside the final place and renames: others see all of it or nothing. Thread-safe.
 */
final class Unpacked {
    /** Turns the bytes of a resource into a file or a directory tree at the path, which does not exist yet. */
    @FunctionalInterface
    interface Unpacker {
        void unpack(byte[] content, Path target) throws IOException;
    }

    /** For directories and programs: a server may run as another user than the one that unpacked it. */
    static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private static final Map<String, Path> KNOWN = new HashMap<>(); // by resource; guarded by the class

    private Unpacked() {}

    /**
     * The place of the unpacked resource.
     *
     * @param missing message if the resource is not on the class path
     */
    static synchronized Path of(String resource, String missing, Unpacker unpacker) {
        Path known = KNOWN.get(resource);
        if (known != null && Files.exists(known)) {
            return known;
        }
        try (InputStream in = Unpacked.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new TestServerException(missing);
            }
            Path unpacked = into(home(), resource, in.readAllBytes(), unpacker);
            KNOWN.put(resource, unpacked);
            return unpacked;
        } catch (IOException e) {
            throw new TestServerException(
                    "Cannot unpack " + resource + " into " + System.getProperty("java.io.tmpdir") + " ("
                            + e.getMessage() + "). Set -Djava.io.tmpdir to a writable directory.",
                    e);
        }
    }

    static Path into(Path home, String resource, byte[] content, Unpacker unpacker) throws IOException {
        Path target = home.resolve(resource + "-" + hash(content));
        if (Files.exists(target)) {
            return target;
        }
        Path work = Files.createTempDirectory(home, "unpacking-");
        try {
            Path fresh = work.resolve("content");
            unpacker.unpack(content, fresh);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Guards against race: two JVMs unpack at once, a directory cannot replace the other's (UnpackedTest)
            if (!Files.exists(target)) {
                throw e;
            }
        } finally {
            ServerDirectory.deleteTree(work);
        }
        return target;
    }

    private static Path home() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Path home = temporary.resolve("aside-testkit-" + System.getProperty("user.name"));
        Files.createDirectories(home);
        Path probe = Files.createTempFile(temporary, "aside-", ".owner");
        try {
            // in a shared temporary directory anybody may have made it, and put binaries there
            if (!Files.getOwner(probe).equals(Files.getOwner(home))) {
                throw new IOException(home + " belongs to another user");
            }
        } finally {
            Files.delete(probe);
        }
        Files.setPosixFilePermissions(home, EXECUTABLE);
        return home;
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
