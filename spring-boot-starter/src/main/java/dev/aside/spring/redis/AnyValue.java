package dev.aside.spring.redis;

import dev.aside.cache.redis.ValueCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Values that say what they are:
 *
 * <pre>
 *   value := 0                                             null, inside a collection
 *          | 1 class-name shape length bytes               an object, by the codec of its class
 *          | 2 count value*                                a list
 *          | 3 count value*                                a set, in its order
 *          | 4 count (value value)*                        a map, in its order
 * </pre>
 *
 * Thread-safe.
 */
final class AnyValue implements ValueCodec.Typed {
    private static final int NULL = 0;
    private static final int OBJECT = 1;
    private static final int LIST = 2;
    private static final int SET = 3;
    private static final int MAP = 4;
    private static final int DEEPEST = 50;

    /** Maps that are nothing but their entries; a sorted one, or one for several values, comes back as something else. */
    private static final Set<String> PLAIN_MAPS = Set.of(
            "java.util.HashMap",
            "java.util.LinkedHashMap",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.ImmutableCollections$Map1",
            "java.util.ImmutableCollections$MapN",
            "java.util.Collections$EmptyMap",
            "java.util.Collections$SingletonMap",
            "java.util.Collections$UnmodifiableMap");

    private static final Logger LOG = System.getLogger(AnyValue.class.getName());

    private final ClassCodecs codecs;
    private final KnownTypes types;
    private final Set<Class<?>> warned = ConcurrentHashMap.newKeySet();

    AnyValue(ClassCodecs codecs, KnownTypes types) {
        this.codecs = codecs;
        this.types = types;
    }

    @Override
    public String shape() {
        return "self-describing-1";
    }

    @Override
    public byte[] encode(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(value, out, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        } catch (RuntimeException e) {
            warn(value.getClass(), e);
            throw e;
        }
        return bytes.toByteArray();
    }

    /** Who finds nothing cached looks for the reason in the log first. */
    private void warn(Class<?> type, RuntimeException cause) {
        if (warned.add(type)) {
            LOG.log(
                    Level.WARNING,
                    "values of {0} cannot be written to Redis and are cached nowhere: {1} (logged once for this class)",
                    type.getName(),
                    cause.getMessage());
        }
    }

    private void write(@Nullable Object value, DataOutputStream out, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("collections nested more than " + DEEPEST + " deep");
        }
        if (value instanceof SortedSet
                || value instanceof EnumSet
                || (value instanceof Map
                        && !PLAIN_MAPS.contains(value.getClass().getName()))) {
            throw new IllegalArgumentException(
                    "a " + value.getClass().getName()
                            + " is more than its elements [hint: return a List, a Set or a Map such as LinkedHashMap or Map.of]");
        }
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof List<?> list) {
            writeAll(LIST, list, out, depth);
        } else if (value instanceof Set<?> set) {
            writeAll(SET, set, out, depth);
        } else if (value instanceof Map<?, ?> map) {
            out.writeByte(MAP);
            List<? extends Map.Entry<?, ?>> entries = List.copyOf(map.entrySet());
            out.writeInt(entries.size());
            for (Map.Entry<?, ?> entry : entries) {
                write(entry.getKey(), out, depth + 1);
                write(entry.getValue(), out, depth + 1);
            }
        } else {
            writeObject(value, out);
        }
    }

    private void writeAll(int kind, Collection<?> elements, DataOutputStream out, int depth) throws IOException {
        out.writeByte(kind);
        List<@Nullable Object> all = new ArrayList<>(elements);
        out.writeInt(all.size());
        for (Object element : all) {
            write(element, out, depth + 1);
        }
    }

    private void writeObject(Object value, DataOutputStream out) throws IOException {
        Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
        ClassCodecs.Bound bound = codecs.of(type);
        byte[] bytes = bound.codec().encode(value);
        types.add(type);
        out.writeByte(OBJECT);
        out.writeUTF(type.getName());
        out.writeLong(bound.shape());
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length))) {
            Object value = read(in, 0);
            if (value == null || in.available() > 0) {
                throw new IllegalArgumentException("not one value");
            }
            return value;
        } catch (IOException e) {
            throw new IllegalArgumentException("the value is cut off", e);
        }
    }

    private @Nullable Object read(DataInputStream in, int depth) throws IOException {
        int kind = in.readUnsignedByte();
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("collections nested more than " + DEEPEST + " deep");
        }
        return switch (kind) {
            case NULL -> null;
            case OBJECT -> readObject(in);
            case LIST -> readAll(new ArrayList<>(), in, depth);
            case SET -> readAll(new LinkedHashSet<>(), in, depth);
            case MAP -> readMap(in, depth);
            default -> throw new IllegalArgumentException("no kind of value: " + kind);
        };
    }

    private Object readAll(Collection<@Nullable Object> elements, DataInputStream in, int depth) throws IOException {
        int count = count(in);
        for (int i = 0; i < count; i++) {
            elements.add(read(in, depth + 1));
        }
        return elements;
    }

    private Object readMap(DataInputStream in, int depth) throws IOException {
        int count = count(in);
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Object key = read(in, depth + 1);
            map.put(key, read(in, depth + 1));
        }
        return map;
    }

    private Object readObject(DataInputStream in) throws IOException {
        String name = in.readUTF();
        Class<?> type = types.find(name);
        if (type == null) {
            throw new IllegalArgumentException("this process knows no class '" + name + "' among its cached values");
        }
        ClassCodecs.Bound bound = codecs.of(type);
        if (in.readLong() != bound.shape()) {
            throw new IllegalArgumentException(name + " has other properties now");
        }
        byte[] bytes = new byte[count(in)];
        in.readFully(bytes);
        return bound.codec().decode(bytes, 0, bytes.length);
    }

    /** A count that the rest of the bytes can hold, so that a wrong one does not take all memory. */
    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available()) {
            throw new IllegalArgumentException("a count of " + count + " with " + in.available() + " bytes left");
        }
        return count;
    }
}
