package dev.aside.spring.transaction;

import java.util.function.Predicate;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.util.ClassUtils;

/** Persistence contexts among the resources of a thread; JPA, and Hibernate's own sessions. */
final class PersistenceContexts {
    private PersistenceContexts() {}

    /** Tells them, as far as there is spring-orm. */
    static Predicate<Object> find() {
        ClassLoader loader = PersistenceContexts.class.getClassLoader();
        boolean jpa = ClassUtils.isPresent("org.springframework.orm.jpa.EntityManagerHolder", loader)
                && ClassUtils.isPresent("jakarta.persistence.EntityManager", loader);
        return jpa ? new Jpa() : resource -> false;
    }

    /** Loaded only where spring-orm is present. */
    private static final class Jpa implements Predicate<Object> {
        @Override
        public boolean test(Object resource) {
            return resource instanceof EntityManagerHolder;
        }
    }
}
