package dev.aside.cache.redis.torture;

import dev.aside.cache.redis.torture.Mutant.Edit;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Runs a scenario on changed sources: they are compiled aside, and a class loader of its own takes them in place of the
 * originals, which stay as they are.
 */
final class Mutation {
    private static final String OURS = "dev.aside.cache.";
    private static final String RESOURCES = "src/main/resources/";

    private Mutation() {}

    /** Throws what the scenario throws. */
    static void run(List<Edit> edits, String scenario, Path directory) throws Throwable {
        Path classes = compiled(edits, directory);
        Class<?> type = Class.forName(
                Mutation.class.getPackageName() + '.' + scenario.substring(0, scenario.indexOf('.')),
                true,
                new Loader(classes, Mutation.class.getClassLoader()));
        Method method = type.getDeclaredMethod(scenario.substring(scenario.indexOf('.') + 1));
        method.setAccessible(true);
        try {
            method.invoke(null);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Path compiled(List<Edit> edits, Path directory) throws IOException {
        Map<String, String> changed = new LinkedHashMap<>();
        for (Edit edit : edits) {
            String before = changed.containsKey(edit.file())
                    ? changed.get(edit.file())
                    : Files.readString(root().resolve(edit.file()));
            changed.put(edit.file(), replaced(before, edit));
        }
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<Path> sources = new ArrayList<>();
        for (Map.Entry<String, String> file : changed.entrySet()) {
            boolean resource = file.getKey().contains(RESOURCES);
            String inside = resource
                    ? file.getKey().substring(file.getKey().indexOf(RESOURCES) + RESOURCES.length())
                    : file.getKey();
            Path target = (resource ? classes : directory).resolve(inside);
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.getValue());
            if (!resource) {
                sources.add(target);
            }
        }
        if (!sources.isEmpty()) {
            compile(sources, classes);
        }
        return classes;
    }

    private static String replaced(String text, Edit edit) {
        int at = text.indexOf(edit.was());
        if (at < 0 || text.indexOf(edit.was(), at + 1) >= 0) {
            throw new IllegalStateException("the guard is no longer where it was: '" + edit.was()
                    + "' does not occur exactly once in " + edit.file() + "; correct Mutants");
        }
        return text.substring(0, at)
                + edit.becomes()
                + text.substring(at + edit.was().length());
    }

    private static void compile(List<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            boolean done = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!done) {
                throw new IllegalStateException("the mutant does not compile:\n" + said);
            }
        }
    }

    /** The directory that holds the modules; tests run in that of their own module. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("cache-core")) ? here : here.getParent();
    }

    /** Loads the cache's classes anew, the changed ones in place of the originals; everything else is shared. */
    private static final class Loader extends ClassLoader {
        private static final List<String> SHARED = List.of(Oracle.class.getName(), OracleViolation.class.getName());

        private final Path changed;

        Loader(Path changed, ClassLoader parent) {
            super(parent);
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(OURS) || SHARED.contains(name)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = open(file)) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        private InputStream open(String file) throws IOException {
            Path mine = changed.resolve(file);
            return Files.exists(mine) ? Files.newInputStream(mine) : getParent().getResourceAsStream(file);
        }

        @Override
        public URL getResource(String name) {
            Path mine = changed.resolve(name);
            try {
                return Files.exists(mine) ? mine.toUri().toURL() : super.getResource(name);
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
