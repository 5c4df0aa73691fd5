package dev.aside.cache.redis;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;

/**
 * What the bytes of a type look like, as text: names and types of its properties, all the way down. Two versions of a
 * class with one shape read each other's bytes; class names are not part of it. Refuses, by name and path, types that
 * cannot be restored from their declaration alone.
 */
final class TypeShape {
    private final ObjectMapper mapper;
    private final boolean key;
    private final Map<JavaType, Integer> seen = new HashMap<>();
    private final StringBuilder shape = new StringBuilder();

    private TypeShape(ObjectMapper mapper, boolean key) {
        this.mapper = mapper;
        this.key = key;
    }

    /** The shape of a value type. */
    static String of(ObjectMapper mapper, JavaType type) {
        TypeShape walk = new TypeShape(mapper, false);
        walk.visit(type, name(type));
        return walk.shape.toString();
    }

    /** Checks that equal keys of a type have equal texts, as far as a type can tell. */
    static void checkKey(ObjectMapper mapper, JavaType type) {
        new TypeShape(mapper, true).visit(type, name(type));
    }

    private void visit(JavaType type, String path) {
        Class<?> raw = type.getRawClass();
        if (type.isReferenceType()) {
            wrap(raw.getName(), type.getReferencedType(), path);
        } else if (type.isMapLikeType()) {
            checkOrdered(type, path);
            shape.append(raw.getName()).append('<');
            visit(type.getKeyType(), path + ".key");
            shape.append(',');
            visit(type.getContentType(), path + ".value");
            shape.append('>');
        } else if (type.isContainerType()) {
            checkOrdered(type, path);
            wrap(raw.getName(), type.getContentType(), path + "[]");
        } else if (raw.isEnum()) {
            shape.append("enum");
            shape.append(Arrays.stream(raw.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name())
                    .toList());
        } else if (raw == Object.class || raw == java.io.Serializable.class || raw == Comparable.class) {
            throw refused(type, path, "says nothing about what to restore; declare the type that is really meant");
        } else if (raw.isPrimitive() || isPlatform(raw) || JsonNode.class.isAssignableFrom(raw)) {
            visitPlatform(type, path);
        } else {
            visitBean(type, path);
        }
    }

    private void wrap(String outer, JavaType content, String path) {
        shape.append(outer).append('<');
        visit(content, path);
        shape.append('>');
    }

    private void checkOrdered(JavaType type, String path) {
        Class<?> raw = type.getRawClass();
        if (!key) {
            return;
        }
        if (raw.isArray()) {
            throw refused(type, path, "has no equals, so no two keys would ever be the same; use a List");
        }
        if (Set.class.isAssignableFrom(raw) && !SortedSet.class.isAssignableFrom(raw)) {
            throw refused(
                    type, path, "has no order, so equal keys would have different texts; use a SortedSet or a List");
        }
        if (!type.isMapLikeType() && !List.class.isAssignableFrom(raw) && !SortedSet.class.isAssignableFrom(raw)) {
            throw refused(type, path, "does not say when two are equal; use a List or a SortedSet");
        }
    }

    private static boolean isPlatform(Class<?> raw) {
        String name = raw.getName();
        return name.startsWith("java.") || name.startsWith("javax.");
    }

    private void visitPlatform(JavaType type, String path) {
        if (type.isAbstract() && !type.isPrimitive() && !isReadableAbstract(type.getRawClass())) {
            throw refused(type, path, "is abstract, so nobody knows what to restore; declare a concrete type");
        }
        shape.append(type.getRawClass().getName());
    }

    private static boolean isReadableAbstract(Class<?> raw) {
        return JsonNode.class.isAssignableFrom(raw)
                || raw == java.time.ZoneId.class
                || raw == java.util.TimeZone.class
                || raw == java.util.Calendar.class
                || raw == java.nio.file.Path.class
                || raw == java.nio.charset.Charset.class
                || raw == java.nio.ByteBuffer.class
                || raw == CharSequence.class;
    }

    private void visitBean(JavaType type, String path) {
        Integer before = seen.putIfAbsent(type, seen.size());
        if (before != null) {
            shape.append('#').append(before);
            return;
        }
        SerializationContext context = mapper._serializationContext();
        AnnotatedClass annotated = context.introspectClassAnnotations(type);
        JsonTypeInfo typeInfo = annotated.getAnnotation(JsonTypeInfo.class);
        if (typeInfo != null) {
            visitSubtypes(type, typeInfo, annotated.getAnnotation(JsonSubTypes.class), path);
        }
        BeanDescription bean = context.introspectBeanDescription(type, annotated);
        if (bean.findJsonValueAccessor() != null) {
            wrap("value", bean.findJsonValueAccessor().getType(), path);
            return;
        }
        if (typeInfo == null && type.isAbstract()) {
            throw refused(
                    type,
                    path,
                    "is abstract, so nobody knows what to restore; declare a concrete type,"
                            + " or name its subtypes with @JsonTypeInfo(use = NAME) and @JsonSubTypes");
        }
        SortedMap<String, JavaType> properties = new TreeMap<>();
        for (BeanPropertyDefinition property : bean.findProperties()) {
            AnnotatedMember member = property.getPrimaryMember();
            JsonTypeInfo ownInfo = member == null ? null : member.getAnnotation(JsonTypeInfo.class);
            if (ownInfo != null) {
                checkNames(property.getPrimaryType(), ownInfo, path + '.' + property.getName());
            }
            properties.put(property.getName(), property.getPrimaryType());
        }
        shape.append('{');
        properties.forEach((name, propertyType) -> {
            shape.append(name).append(':');
            visit(propertyType, path + '.' + name);
            shape.append(';');
        });
        shape.append('}');
    }

    private void visitSubtypes(
            JavaType type,
            JsonTypeInfo typeInfo,
            @org.jspecify.annotations.Nullable JsonSubTypes subtypes,
            String path) {
        checkNames(type, typeInfo, path);
        shape.append('(');
        if (subtypes != null) {
            for (JsonSubTypes.Type subtype : subtypes.value()) {
                shape.append(subtype.name()).append('=');
                visit(mapper.constructType(subtype.value()), path + '(' + subtype.name() + ')');
            }
        } else if (type.getRawClass().isSealed()) {
            for (Class<?> subtype : type.getRawClass().getPermittedSubclasses()) {
                shape.append(subtype.getSimpleName()).append('=');
                visit(mapper.constructType(subtype), path + '(' + subtype.getSimpleName() + ')');
            }
        }
        shape.append(')');
    }

    private static void checkNames(JavaType type, JsonTypeInfo typeInfo, String path) {
        if (typeInfo.use() == JsonTypeInfo.Id.CLASS || typeInfo.use() == JsonTypeInfo.Id.MINIMAL_CLASS) {
            throw refused(type, path, "would put class names into the bytes; use @JsonTypeInfo(use = NAME)");
        }
    }

    private static IllegalArgumentException refused(JavaType type, String path, String why) {
        String where = path.equals(name(type)) ? "" : " (at " + path + ")";
        return new IllegalArgumentException(name(type) + where + ' ' + why);
    }

    private static String name(JavaType type) {
        return type.toCanonical();
    }
}
