package dev.aside.spring.annotation;

import dev.aside.cache.AnnotatedMethods;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;

/**
 * Calls inside a class to its own annotated methods, which pass no proxy and so no cache. Read from the class file, where
 * the object a method is called on is not known: a class that holds another object of its own type, such as its own proxy,
 * is left alone.
 */
final class SelfInvocations {
    private static final Logger LOG = System.getLogger(SelfInvocations.class.getName());

    private SelfInvocations() {}

    /** Warns once of each. */
    static void warn(Class<?> type, AnnotatedMethods methods) {
        for (String call : find(type, methods)) {
            LOG.log(
                    Level.WARNING,
                    "{0} in {1}: calls inside an object do not pass its proxy, so this one is neither cached nor does it"
                            + " invalidate [hint: move the annotated method to another bean, or inject the bean into itself]",
                    call,
                    type.getName());
        }
    }

    /** As {@code caller() calls callee()}, sorted. */
    static Set<String> find(Class<?> type, AnnotatedMethods methods) {
        Set<String> found = new TreeSet<>();
        if (type.isInterface() || Proxy.isProxyClass(type) || knowsAnother(type)) {
            return found;
        }
        Set<String> annotated = methods.methods().stream()
                .filter(method -> !method.getDeclaringClass().isInterface())
                .map(SelfInvocations::signature)
                .collect(Collectors.toSet());
        byte[] bytes = read(type);
        if (bytes != null && !annotated.isEmpty()) {
            new ClassReader(bytes).accept(new Calls(type, annotated, found), ClassReader.SKIP_FRAMES);
        }
        return found;
    }

    private static boolean knowsAnother(Class<?> type) {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Field field : owner.getDeclaredFields()) {
                if (field.getType() != Object.class && field.getType().isAssignableFrom(type)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String signature(Method method) {
        return method.getName() + Type.getMethodDescriptor(method);
    }

    private static byte @Nullable [] read(Class<?> type) {
        String resource = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the class file of " + type.getName() + " cannot be read", e);
            return null;
        }
    }

    /** Looks at each call of each method. */
    private static final class Calls extends ClassVisitor {
        private final String owner;
        private final Set<String> annotated;
        private final Set<String> found;

        Calls(Class<?> type, Set<String> annotated, Set<String> found) {
            super(SpringAsmInfo.ASM_VERSION);
            this.owner = Type.getInternalName(type);
            this.annotated = annotated;
            this.found = found;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            if ((access & Opcodes.ACC_BRIDGE) != 0) {
                return null; // leads to its own method and calls nothing
            }
            String caller = name.startsWith("lambda$") ? name.split("\\$", -1)[1] : name;
            return new MethodVisitor(SpringAsmInfo.ASM_VERSION) {
                @Override
                public void visitMethodInsn(
                        int opcode, String target, String callee, String calleeDescriptor, boolean isInterface) {
                    look(target, callee, calleeDescriptor);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String dynamic, String dynamicDescriptor, Handle bootstrap, Object... arguments) {
                    for (Object argument : arguments) {
                        if (argument instanceof Handle reference) {
                            look(reference.getOwner(), reference.getName(), reference.getDesc());
                        }
                    }
                }

                private void look(String target, String callee, String calleeDescriptor) {
                    String called = callee + calleeDescriptor;
                    if (target.equals(owner) && annotated.contains(called)) {
                        found.add(caller + "() calls " + callee + "()");
                    }
                }
            };
        }
    }
}
